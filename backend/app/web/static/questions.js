/* The keys of a question, and the word count. 1 to 9 choose, letters go to the text field, Backspace
   undoes, Enter checks and then goes on. Every form works without this file.

   The script of a type, `questions/<type>.js`, puts `data-digits` on the buttons that digits press, or
   on what holds them, and may give its root an `undo`. */
(() => {
  "use strict";

  const isTyping = (target) =>
    target.matches("textarea, select, input:not([type=radio], [type=checkbox])");

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
    const tiles = part.querySelectorAll("[data-digits] button, button[data-digits]");
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
      [...scope(form).querySelectorAll(".enhanced")].find((root) => root.undo)?.undo();
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
    } else if (
      !event.target.closest("a, button, summary, select, dialog, input, textarea:not([readonly])")
    ) {
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
    for (const area of document.querySelectorAll("[data-words]")) countWords(area);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
