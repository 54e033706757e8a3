/* Sorting by tapping: the word whose turn it is goes to the group that is tapped; tapping a word takes
   it first, or takes it back. Digits are for the groups, arrows for the words. The radio buttons stay
   the form's truth. */
(() => {
  "use strict";

  function element(tag, className, text = "") {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    if (tag === "button") made.type = "button";
    return made;
  }

  function labelled(className, label) {
    const box = element("div", className);
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", label);
    return box;
  }

  function build(root) {
    const texts = root.dataset;
    const choices = [...root.querySelectorAll(".category-choice")];
    const radios = choices.map((choice) => [...choice.querySelectorAll("input")]);
    const names = radios[0].map((radio) => radio.nextElementSibling.textContent);
    const bank = labelled("category-bank", texts.bank);
    const said = element("p", "visually-hidden");
    said.setAttribute("role", "status");
    const words = choices.map((choice) => {
      const button = element("button", "token-button", choice.querySelector("legend").textContent);
      button.lang = "en";
      return button;
    });
    const boxes = names.map((name) => labelled("category", name));
    const heads = names.map((name, number) => {
      const head = element("button", "category-name", name);
      const key = element("kbd", "", String(number + 1));
      key.setAttribute("aria-hidden", "true");
      head.dataset.digits = "";
      head.append(key);
      return head;
    });
    const lists = names.map(() => element("div", "category-words"));
    boxes.forEach((box, number) => box.append(heads[number], lists[number]));
    const board = element("div", "categories");
    board.append(...boxes);

    const order = []; // words in the order in which they were placed
    let taken = null;

    const groupOf = (word) => radios[word].findIndex((radio) => radio.checked);
    const waiting = () => words.map((_, word) => word).filter((word) => groupOf(word) < 0);

    function show() {
      const left = waiting();
      if (!left.includes(taken)) taken = left[0] ?? null;
      words.forEach((button, word) => {
        const group = groupOf(word);
        (group < 0 ? bank : lists[group]).append(button);
        if (group < 0) button.setAttribute("aria-pressed", String(word === taken));
        else button.removeAttribute("aria-pressed");
        if (group < 0) button.removeAttribute("aria-label");
        else button.setAttribute("aria-label", `${button.textContent}, ${texts.remove}`);
      });
      bank.hidden = !left.length;
    }

    function change(word) {
      radios[word][0].dispatchEvent(new Event("change", { bubbles: true }));
    }

    function place(group) {
      if (taken === null) return;
      const word = taken;
      const next = waiting().find((other) => other > word);
      radios[word][group].checked = true;
      order.push(word);
      taken = next ?? null;
      show();
      said.textContent = texts.placed
        .replace("{word}", words[word].textContent)
        .replace("{group}", names[group]);
      if (taken === null)
        root.closest("form").querySelector("[data-primary]").focus({ preventScroll: true });
      change(word);
    }

    function putBack(word) {
      for (const radio of radios[word]) radio.checked = false;
      if (order.includes(word)) order.splice(order.indexOf(word), 1);
      taken = word;
      show();
      words[word].focus({ preventScroll: true });
      change(word);
    }

    function tap(word) {
      if (groupOf(word) >= 0) return putBack(word);
      taken = word;
      show();
      words[word].focus({ preventScroll: true });
    }

    function step(by) {
      const left = waiting();
      if (left.length) tap(left[(left.indexOf(taken) + by + left.length) % left.length]);
    }

    words.forEach((button, word) => button.addEventListener("click", () => tap(word)));
    boxes.forEach((box, group) => {
      box.addEventListener("click", (event) => {
        if (!words.includes(event.target)) place(group);
      });
    });
    root.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!by) return;
      event.preventDefault();
      step(by);
    });
    root.undo = () => {
      if (order.length) putBack(order.at(-1));
    };
    root.append(bank, board, said);
    root.classList.add("enhanced");
    show();
  }

  function enhance() {
    for (const root of document.querySelectorAll("[data-categorise]:not(.enhanced)")) build(root);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
