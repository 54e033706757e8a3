/* The keys of a review: Space (or Enter) turns a word over, 1 to 4 rate a card (the keys of a question
   that is asked are those of questions.js), Enter takes what is suggested, U and Ctrl+Z take the
   last rating back, ? lists the keys. Everything they do is a button on the page. */
(() => {
  "use strict";

  const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

  const review = () => document.querySelector("[data-review]");

  function isTyping(target) {
    return target.matches(
      "select, :is(textarea, input):not([type=radio], [type=checkbox], [readonly])",
    );
  }

  function press(button, event) {
    if (!button) return;
    event.preventDefault();
    button.click();
  }

  function turnOver() {
    review().querySelector(".reveal").open = true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.isComposing || event.altKey || (event.metaKey && event.key !== "z"))
      return;
    const key = event.key.toLowerCase();
    const isEmpty = !isTyping(event.target) || !event.target.value;
    const undo = document.querySelector("[data-undo]");
    if (event.ctrlKey || event.metaKey) {
      if (key === "z" && !event.shiftKey && isEmpty) press(undo, event);
      return;
    }
    if (!isEmpty && isTyping(event.target)) return;
    const typing = isTyping(event.target);
    /* A letter begins an answer where one is to be typed; Ctrl+Z still takes back. */
    const isAsked = document.querySelector("[data-question] [data-typed]");
    if (key === "u" && !typing && !isAsked) press(undo, event);
    if (!review()) return;
    const reveal = review().querySelector(".reveal");
    if (reveal && !reveal.open) {
      const isOnControl = event.target.closest("button, summary, a");
      if ((key === " " && (typing || !isOnControl)) || (key === "enter" && typing)) {
        event.preventDefault();
        turnOver();
      }
    } else if (!typing && ["1", "2", "3", "4"].includes(key)) {
      press(review().querySelector(`.rating[value="${key}"]`), event);
    }
    if (key === "?" && !typing) {
      const keys = review().querySelector(".keys");
      keys.open = !keys.open;
      event.preventDefault();
    }
  });

  /* The summary that had the focus is gone once the answer shows: go on to the likeliest rating. */
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches(".reveal[open]")) return;
      review()?.querySelector(".typed")?.setAttribute("hidden", "");
      event.target.querySelector("[data-likely]").focus({ preventScroll: true });
    },
    true,
  );

  /* A menu that was left is closed. */
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(".card-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".card-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* With a real keyboard, typing can begin at once; a phone's would cover the card. */
  function begin() {
    const field = document.querySelector("[data-review] [data-typed]:not([readonly])");
    if (field && hasKeyboard.matches) field.focus({ preventScroll: true });
    const speech = document.querySelector("[data-review] .front [data-speak]:not([hidden])");
    for (const note of document.querySelectorAll("[data-no-speech]")) note.hidden = Boolean(speech);
  }

  document.addEventListener("htmx:after:swap", begin);
  begin();
})();
