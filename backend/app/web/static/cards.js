/* The list of cards: tick all that are shown, and say how many are ticked. */
(() => {
  "use strict";

  function update() {
    const form = document.querySelector("[data-cards]");
    if (!form) return;
    const boxes = [...form.querySelectorAll("[name=card_id]")];
    const ticked = boxes.filter((box) => box.checked).length;
    const all = form.querySelector("[data-select-all]");
    const count = form.querySelector("[data-count]");
    all.hidden = false;
    all.firstElementChild.checked = ticked > 0 && ticked === boxes.length;
    all.firstElementChild.indeterminate = ticked > 0 && ticked < boxes.length;
    count.hidden = ticked === 0;
    count.textContent = count.dataset.count.replace("{n}", String(ticked));
    form.querySelector("[name=due_on]").required =
      form.querySelector("[name=action]").value === "reschedule";
  }

  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-select-all]");
    if (all)
      for (const box of all.closest("form").querySelectorAll("[name=card_id]"))
        box.checked = event.target.checked;
    update();
  });
  document.addEventListener("htmx:after:swap", update);
  update();
})();
