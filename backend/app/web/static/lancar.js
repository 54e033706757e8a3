/* What every page may need a script for: speech, the time an answer took, a lost connection.
   Everything else is HTML and htmx; every form works without this file. */
(() => {
  "use strict";

  const canSpeak = "speechSynthesis" in window && "SpeechSynthesisUtterance" in window;
  const showsSpeech = canSpeak && document.body.dataset.speech !== "off";
  const offline = document.getElementById("offline");

  const silent = document.getElementById("silent");
  let hasVoice = true;

  function speak(button) {
    const utterance = new SpeechSynthesisUtterance(button.dataset.speak || button.dataset.say);
    const voices = speechSynthesis.getVoices();
    utterance.lang = "en-GB";
    utterance.voice =
      voices.find((voice) => voice.lang === "en-GB") ||
      voices.find((voice) => voice.lang.startsWith("en")) ||
      null;
    utterance.rate = Number(button.dataset.rate || 0.9);
    utterance.onend = () => button.classList.remove("speaking");
    utterance.onerror = (event) => {
      button.classList.remove("speaking");
      if (!["canceled", "interrupted", "not-allowed"].includes(event.error)) sayItIsSilent(button);
    };
    speechSynthesis.cancel();
    button.classList.add("speaking");
    speechSynthesis.speak(utterance);
  }

  /* A device without a voice says so once, and loses the buttons that do nothing. A dictation says
     it in its place; it offers to be skipped, as every question does. */
  function sayItIsSilent(button) {
    const note = button.closest("[data-dictation]")?.querySelector("[data-silent]");
    (note || silent).hidden = false;
    hasVoice = false;
    for (const useless of document.querySelectorAll("[data-speak]")) useless.hidden = true;
  }

  /* Before anybody has pressed anything a browser may forbid it: then it waits to be pressed. */
  function speakAtOnce(root) {
    const button = root.querySelector("[data-at-once]");
    if (!button || !showsSpeech || !speechSynthesis.getVoices().length) return;
    button.removeAttribute("data-at-once");
    speak(button);
  }

  function enhance(root) {
    for (const button of root.querySelectorAll("[data-speak]"))
      button.hidden = !showsSpeech || !hasVoice;
    if (canSpeak) {
      for (const note of root.querySelectorAll("[data-silent]")) {
        note.hidden = true;
        note.previousElementSibling.hidden = false;
      }
    }
    for (const form of root.querySelectorAll("[data-timed]")) form.startedAt ??= performance.now();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speak], [data-say]");
    if (button && canSpeak) speak(button);
  });

  /* What a page focuses by itself gets a ring only while the keyboard is in use. */
  const root = document.documentElement;
  root.toggleAttribute("data-touched", matchMedia("(hover: none) and (pointer: coarse)").matches);
  document.addEventListener("pointerdown", () => root.toggleAttribute("data-touched", true), true);
  document.addEventListener("keydown", () => root.toggleAttribute("data-touched", false), true);

  document.addEventListener("submit", noteDuration, true);
  function noteDuration(event) {
    const field = event.target.querySelector("[name=duration_ms]");
    if (field && event.target.startedAt !== undefined) {
      const spent = Number(field.dataset.spent || 0); // before the form was sent back
      field.value = String(Math.round(performance.now() - event.target.startedAt) + spent);
    }
  }

  /* What the browser itself asks for, it asks in the language of the page. */
  document.addEventListener(
    "invalid",
    ({ target: field }) => {
      field.setCustomValidity("");
      const { missing, unfit } = document.body.dataset;
      if (!field.validity.valid)
        field.setCustomValidity(field.validity.valueMissing ? missing : unfit);
    },
    true,
  );
  document.addEventListener("input", ({ target }) => target.setCustomValidity?.(""));

  /* A form that takes a moment says so, and is not sent twice. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-pending]")) return;
    if (form.matches(".htmx-request")) event.preventDefault();
    form.classList.add("htmx-request");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("[data-pending]"))
      form.classList.remove("htmx-request");
  });
  for (const label of document.querySelectorAll("[data-show-password]")) {
    label.hidden = false;
    label.addEventListener("change", (event) => {
      document.getElementById("password").type = event.target.checked ? "text" : "password";
    });
  }

  /* A lost connection: said at once, and again when something could not be sent, which can then be
     sent again as it was. Every answer carries an id, so that none counts twice. */
  let failed = null;
  let pressed = null;

  function sayOffline(isOffline) {
    offline.hidden = !isOffline;
    offline.querySelector("[data-retry]").hidden = !failed;
  }

  function sendAgain({ element, button }) {
    if (!element.isConnected) location.reload();
    else if (element.matches("form"))
      element.requestSubmit(element.contains(button) ? button : null);
    else element.click();
  }

  document.addEventListener(
    "submit",
    (event) => {
      pressed = event.submitter;
    },
    true,
  );
  document.addEventListener("htmx:error", (event) => {
    failed = { element: event.target, button: pressed };
    sayOffline(true);
  });
  window.addEventListener("offline", () => sayOffline(true));
  window.addEventListener("online", () => sayOffline(false));
  offline.addEventListener("click", (event) => {
    if (!event.target.closest("button")) return;
    offline.hidden = true;
    if (event.target.closest("[data-retry]")) sendAgain(failed);
  });
  document.addEventListener("htmx:after:swap", (event) => {
    // A new page begins at its top; an answered question of the trial shows its feedback.
    if (event.detail?.ctx?.swap?.includes("show:window:top")) window.scrollTo(0, 0);
    document.querySelector("#trial .feedback ~ .actions")?.scrollIntoView({ block: "nearest" });
    failed = null;
    offline.hidden = silent.hidden = true;
    enhance(document);
    speakAtOnce(document);
  });
  enhance(document);
  speakAtOnce(document);

  /* Shows a page of ours where the browser would show its own error. */
  window.addEventListener("load", () =>
    navigator.serviceWorker?.register("/sw.js").catch(() => {}),
  );
})();
