/* A short sound, and a tick of vibration, for an answer that was just graded: two notes up for right, one
   low for wrong. Settings have the switch, kept on the device. */
(() => {
  "use strict";

  const KEY = "lancar:quiet";
  const NOTES = {
    right: [
      [659, 0],
      [988, 0.09],
    ],
    partly: [[659, 0]],
    wrong: [[220, 0]],
  };
  let audio = null;

  const isQuiet = () => localStorage.getItem(KEY) === "true";

  function play(notes) {
    audio ||= new AudioContext();
    for (const [frequency, delay] of notes) {
      const start = audio.currentTime + delay;
      const tone = audio.createOscillator();
      const gain = audio.createGain();
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0.08, start);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.18);
      tone.connect(gain).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 0.2);
    }
  }

  function tell() {
    const sheet = document.querySelector(".feedback[data-fresh]");
    if (!sheet) return;
    sheet.removeAttribute("data-fresh");
    const kind = Object.keys(NOTES).find((name) => sheet.classList.contains(name));
    if (!kind || isQuiet()) return;
    if (window.AudioContext) play(NOTES[kind]);
    navigator.vibrate?.(kind === "right" ? 10 : [10, 60, 10]);
  }

  function offer() {
    for (const label of document.querySelectorAll("[data-sound-switch]")) {
      const box = label.querySelector("input");
      label.hidden = false;
      box.checked = !isQuiet();
      box.addEventListener("change", () => localStorage.setItem(KEY, String(!box.checked)));
    }
  }

  document.addEventListener("htmx:after:swap", tell);
  offer();
})();
