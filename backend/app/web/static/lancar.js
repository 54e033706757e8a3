/* What the pages cannot do without a script: speech, the time an answer took, the word tiles, and
   the keys of a review. Everything else is HTML and htmx; every form works without this file. */
(() => {
  "use strict";

  const speech =
    "speechSynthesis" in window &&
    "SpeechSynthesisUtterance" in window &&
    document.body.dataset.speech !== "off";
  const offline = document.getElementById("offline");

  function speak(button) {
    const utterance = new SpeechSynthesisUtterance(button.dataset.speak);
    const voices = speechSynthesis.getVoices();
    utterance.lang = "en-GB";
    utterance.voice =
      voices.find((voice) => voice.lang === "en-GB") ||
      voices.find((voice) => voice.lang.startsWith("en")) ||
      null;
    utterance.rate = 0.9;
    utterance.onend = utterance.onerror = () => button.classList.remove("speaking");
    speechSynthesis.cancel();
    button.classList.add("speaking");
    speechSynthesis.speak(utterance);
  }

  /* Word tiles: the selects stay the form's truth, the tiles write their places into them. */
  function buildTiles(root) {
    const selects = [...root.querySelectorAll("select")];
    const line = document.createElement("div");
    const bank = document.createElement("div");
    const hint = document.createElement("span");
    line.className = "ordering-line";
    line.setAttribute("role", "group");
    line.setAttribute("aria-label", root.dataset.empty);
    bank.className = "ordering-bank";
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
    }

    function move(button) {
      const home = button.parentElement;
      const next = button.nextElementSibling || button.previousElementSibling;
      const isPlaced = home === line;
      button.classList.toggle("placed", !isPlaced);
      if (isPlaced) {
        button.removeAttribute("aria-label");
        const later = [...bank.children].find((other) => Number(other.dataset.index) > Number(button.dataset.index));
        bank.insertBefore(button, later || null);
        button.focus();
      } else {
        button.setAttribute("aria-label", `${button.textContent}, ${root.dataset.remove}`);
        line.append(button);
        (next instanceof HTMLButtonElement ? next : button).focus();
      }
      update();
    }

    selects.forEach((select, index) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "token-button";
      button.lang = "en";
      button.dataset.index = String(index);
      button.textContent = select.dataset.token;
      button.addEventListener("click", () => move(button));
      bank.append(button);
    });
    const chosen = selects
      .map((select, index) => ({ place: Number(select.value), button: bank.children[index] }))
      .filter(({ place }) => place > 0)
      .sort((a, b) => a.place - b.place);
    for (const { button } of chosen) line.append(button);
    root.append(line, bank);
    root.classList.add("enhanced");
    update();
  }

  function enhance(root) {
    if (speech) for (const button of root.querySelectorAll("[data-speak]")) button.hidden = false;
    for (const tiles of root.querySelectorAll("[data-ordering]:not(.enhanced)")) buildTiles(tiles);
    for (const form of root.querySelectorAll("[data-timed]")) form.startedAt = performance.now();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak]");
    if (button && speech) speak(button);
  });

  /* A short answer may wrap, but it is one line: Enter sends it. */
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && event.target.matches("[data-enter-submits]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });

  document.addEventListener("submit", noteDuration, true);
  function noteDuration(event) {
    const field = event.target.querySelector("[name=duration_ms]");
    if (field && event.target.startedAt !== undefined) {
      field.value = String(Math.round(performance.now() - event.target.startedAt));
    }
  }

  /* Review: Space shows the answer, 1 to 4 rate it. The fields are buttons, so Enter works too. */
  document.addEventListener("keydown", (event) => {
    const review = document.querySelector("[data-review]");
    if (!review || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const reveal = review.querySelector(".reveal");
    if (event.key === " " && !reveal.open && !event.target.closest("button, summary, a")) {
      event.preventDefault();
      reveal.open = true;
    } else if (reveal.open && ["1", "2", "3", "4"].includes(event.key)) {
      review.querySelector(`.rating[value="${event.key}"]`).click();
    }
  });
  /* The summary that had the focus is gone once the answer shows: go on to the likeliest rating. */
  document.addEventListener("toggle", (event) => {
    if (event.target.matches(".reveal[open]")) event.target.querySelector(".rating-good").focus({ preventScroll: true });
  }, true);

  document.addEventListener("htmx:error", () => {
    offline.hidden = false;
  });
  document.addEventListener("htmx:after:swap", () => {
    offline.hidden = true;
    enhance(document);
  });
  enhance(document);
})();
