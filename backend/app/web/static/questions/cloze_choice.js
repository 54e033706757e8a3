/* Gaps filled from a word bank: the gap whose turn it is has its words below; tapping one fills it and
   goes on to the next open gap. The selects stay the form's truth. */
(() => {
  "use strict";

  function build(root) {
    const selects = [...root.querySelectorAll("select")];
    const bank = document.createElement("div");
    bank.className = "cloze-bank";
    bank.setAttribute("role", "group");
    bank.dataset.digits = "";
    let turn = selects.findIndex((select) => !select.value);
    if (turn < 0) turn = 0;

    const gaps = selects.map((select, index) => {
      const gap = document.createElement("button");
      gap.type = "button";
      gap.className = "gap gap-button";
      gap.addEventListener("click", () => {
        turn = index;
        show();
      });
      select.after(gap);
      return gap;
    });

    function show() {
      selects.forEach((select, index) => {
        const text = select.value ? select.selectedOptions[0].textContent : "";
        gaps[index].textContent = text || "\u00a0";
        gaps[index].setAttribute(
          "aria-label",
          `${select.getAttribute("aria-label")}: ${text || "…"}`,
        );
        gaps[index].setAttribute("aria-pressed", String(index === turn));
      });
      const select = selects[turn];
      bank.setAttribute("aria-label", select.getAttribute("aria-label"));
      bank.replaceChildren(...[...select.options].filter((option) => option.value).map(word));
    }

    function word(option) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "token-button";
      button.lang = "en";
      button.textContent = option.textContent;
      button.setAttribute("aria-pressed", String(option.selected));
      button.addEventListener("click", () => fill(option));
      return button;
    }

    function fill(option) {
      const select = selects[turn];
      select.value = option.value;
      const next = selects.findIndex((other) => !other.value);
      if (next >= 0) turn = next;
      show();
      (next >= 0 ? gaps[turn] : root.closest("form").querySelector("[data-primary]")).focus({
        preventScroll: true,
      });
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }

    root.after(bank);
    root.classList.add("enhanced");
    show();
  }

  function enhance() {
    for (const root of document.querySelectorAll("[data-cloze]:not(.enhanced)")) build(root);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
