/* The keys of a question, the word tiles and the word count. 1 to 9 choose, letters go to the text
   field, Enter checks and then goes on. Every form works without this file. */
(() => {
  "use strict";

  const isTyping = (target) => target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

  /* Word tiles: the selects stay the form's truth, the tiles write their places into them. */
  function buildTiles(root) {
    const selects = [...root.querySelectorAll("select")];
    const line = group("ordering-line", root.dataset.empty);
    const bank = group("ordering-bank", root.dataset.bank);
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
      button.addEventListener("click", () => (button.parentElement === line ? putBack : place)(button));
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

  function countWords(area) {
    const words = area.value.trim().split(/\s+/).filter(Boolean).length;
    const shown = document.querySelector("#word-count span");
    shown.textContent = ` ${area.dataset.count.replace("{n}", String(words))}`;
  }

  /* The part of the form that a key is for: where the focus is, else the first that is open. */
  function scope(form) {
    const parts = [...form.querySelectorAll("[data-part]")];
    if (!parts.length) return form;
    const here = document.activeElement.closest("[data-part]");
    return here || parts.find((part) => !part.querySelector(":checked:not(option)")) || form;
  }

  function choose(form, number) {
    const part = scope(form);
    const inputs = part.querySelectorAll("[data-choices] input");
    /* Of pairs a digit is for the left side, and for the right once something is taken there. */
    const side = part.querySelector(".pair-left [aria-pressed=true]") ? "right" : "left";
    const tiles = part.querySelectorAll(`.ordering-bank button, .cloze-bank button, .pair-${side} button`);
    const target = [...(inputs.length ? inputs : tiles)][number - 1];
    if (!target) return false;
    if (target.type === "radio") target.checked = true;
    else target.click();
    if (inputs.length) target.focus({ preventScroll: true });
    return true;
  }

  function pressKey(event) {
    const form = document.querySelector("[data-question]");
    const isOpen = form && form.querySelector("[data-primary]");
    if (event.key === "Enter") return pressEnter(event);
    if (!isOpen || isTyping(event.target)) return;
    if (/^[1-9]$/.test(event.key)) {
      if (choose(form, Number(event.key))) event.preventDefault();
    } else if (event.key === "Backspace") {
      scope(form).querySelector("[data-ordering]")?.undo();
    } else if (/^\p{L}$/u.test(event.key)) {
      scope(form).querySelector("[data-typed]")?.focus();
    }
  }

  /* A short answer may wrap, but it is one line: Enter sends it. From anywhere that Enter does not
     work by itself, it presses the button that leads on. */
  function pressEnter(event) {
    if (event.target.matches("[data-enter-submits]:not([readonly])")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (!event.target.closest("a, button, summary, select, dialog, input, textarea:not([readonly])")) {
      document.querySelector("main [data-primary]")?.click();
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("dialog")) return;
    pressKey(event);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-words]")) countWords(event.target);
  });

  function enhance() {
    for (const tiles of document.querySelectorAll("[data-ordering]:not(.enhanced)")) buildTiles(tiles);
    for (const area of document.querySelectorAll("[data-words]")) countWords(area);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
