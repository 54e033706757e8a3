/* Word tiles: the selects stay the form's truth, the tiles write their places into them. */
(() => {
  "use strict";

  function build(root) {
    const selects = [...root.querySelectorAll("select")];
    const line = group("ordering-line", root.dataset.empty);
    const bank = group("ordering-bank", root.dataset.bank);
    bank.dataset.digits = "";
    const hint = document.createElement("span");
    hint.className = "hint";
    hint.textContent = root.dataset.empty;
    line.append(hint);

    function update() {
      const placed = [...line.querySelectorAll("button")];
      hint.hidden = placed.length > 0;
      for (const select of selects) select.value = "";
      placed.forEach((button, index) => {
        selects[Number(button.dataset.index)].value = String(index + 1);
      });
      selects[0].dispatchEvent(new Event("change", { bubbles: true }));
    }

    function place(button) {
      const next = button.nextElementSibling || button.previousElementSibling;
      button.setAttribute("aria-label", `${button.textContent}, ${root.dataset.remove}`);
      line.append(button);
      update();
      (next || root.closest("form").querySelector("[data-primary]")).focus({ preventScroll: true });
    }

    function putBack(button) {
      const isLater = (other) => Number(other.dataset.index) > Number(button.dataset.index);
      button.removeAttribute("aria-label");
      bank.insertBefore(button, [...bank.children].find(isLater) || null);
      update();
      button.focus({ preventScroll: true });
    }

    selects.forEach((select, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "token-button";
      button.lang = "en";
      button.dataset.index = String(index);
      button.textContent = select.dataset.token;
      button.addEventListener("click", () =>
        (button.parentElement === line ? putBack : place)(button),
      );
      bank.append(button);
    });
    selects
      .map((select, index) => ({ place: Number(select.value), button: bank.children[index] }))
      .filter((tile) => tile.place > 0)
      .sort((a, b) => a.place - b.place)
      .forEach(({ button }) => line.append(button));
    root.append(line, bank);
    root.classList.add("enhanced");
    root.undo = () => {
      const last = [...line.querySelectorAll("button")].at(-1);
      if (last) putBack(last);
    };
    update();
  }

  function group(className, label) {
    const element = document.createElement("div");
    element.className = className;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
    return element;
  }

  function enhance() {
    for (const root of document.querySelectorAll("[data-ordering]:not(.enhanced)")) build(root);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
