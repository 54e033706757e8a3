/* Matching by tapping: one from the left, one from the right, and they are a pair with a number and a
   colour; tapping either again parts them. The selects stay the form's truth. */
(() => {
  "use strict";

  function column(className, label) {
    const element = document.createElement("div");
    element.className = className;
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", label);
    return element;
  }

  function card(text, lang) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pair-card";
    button.lang = lang;
    const number = document.createElement("span");
    number.className = "pair-number numeric";
    number.setAttribute("aria-hidden", "true");
    button.append(number, text);
    return button;
  }

  function build(root) {
    const words = root.dataset;
    const selects = [...root.querySelectorAll("select")];
    const lefts = selects.map((select) =>
      card(root.querySelector(`label[for="${select.id}"]`).textContent, "en"),
    );
    const choices = [...selects[0].options].filter((option) => option.value);
    const rights = choices.map((option) => card(option.textContent, option.lang));
    const sides = [column("pair-left", words.left), column("pair-right", words.right)];
    sides[0].append(...lefts);
    sides[1].append(...rights);
    let taken = null;

    const rightOf = (index) => choices.findIndex((option) => option.value === selects[index].value);
    const leftOf = (index) => selects.findIndex((select) => select.value === choices[index].value);

    function name(button, text, partner) {
      const isTaken = taken === button;
      button.setAttribute("aria-pressed", String(isTaken));
      if (partner)
        button.setAttribute(
          "aria-label",
          words.paired.replace("{left}", text).replace("{right}", partner),
        );
      else button.removeAttribute("aria-label");
    }

    function show() {
      for (const button of [...lefts, ...rights]) {
        delete button.dataset.pair;
        button.firstChild.textContent = "";
      }
      lefts.forEach((button, left) => {
        const right = rightOf(left);
        for (const one of right < 0 ? [] : [button, rights[right]]) {
          one.dataset.pair = String(left % 6);
          one.firstChild.textContent = String(left + 1);
        }
      });
      /* A digit is for the left side, and for the right once something is taken there. */
      sides[0].toggleAttribute("data-digits", !lefts.includes(taken));
      sides[1].toggleAttribute("data-digits", lefts.includes(taken));
      const text = (button) => button.lastChild.textContent;
      lefts.forEach((button, left) =>
        name(button, text(button), rightOf(left) < 0 ? "" : text(rights[rightOf(left)])),
      );
      rights.forEach((button, right) =>
        name(button, text(button), leftOf(right) < 0 ? "" : text(lefts[leftOf(right)])),
      );
    }

    function pair(left, right) {
      const before = leftOf(right);
      if (before >= 0) selects[before].value = "";
      selects[left].value = choices[right].value;
      taken = null;
    }

    function tap(button) {
      const left = lefts.indexOf(button);
      const right = rights.indexOf(button);
      const partner = left >= 0 ? rightOf(left) : leftOf(right);
      if (partner >= 0) {
        selects[left >= 0 ? left : partner].value = "";
        taken = null;
      } else if (taken && lefts.includes(taken) !== left >= 0) {
        pair(left >= 0 ? left : lefts.indexOf(taken), right >= 0 ? right : rights.indexOf(taken));
      } else {
        taken = taken === button ? null : button;
      }
      show();
      selects[0].dispatchEvent(new Event("change", { bubbles: true }));
    }

    const board = document.createElement("div");
    board.className = "pair-board";
    board.append(...sides);
    board.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) tap(button);
    });
    root.append(board);
    root.classList.add("enhanced");
    show();
  }

  function enhance() {
    for (const root of document.querySelectorAll("[data-pairs]:not(.enhanced)")) build(root);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
