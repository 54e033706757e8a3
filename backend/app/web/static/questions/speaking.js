/* Records a spoken answer and keeps it at once, so that what is played back is what will be sent.
   Without a microphone, or without this file, a sound file can be chosen instead. */
(() => {
  "use strict";

  const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
  const BITS_PER_SECOND = 48_000;

  function build(root) {
    const type =
      window.MediaRecorder &&
      navigator.mediaDevices &&
      TYPES.find((name) => MediaRecorder.isTypeSupported(name));
    root.dataset.built = "";
    if (!type) return;
    const find = (selector) => root.querySelector(selector);
    const [start, stop, time] = [
      find("[data-record]"),
      find("[data-stop]"),
      find(".recorder-time"),
    ];
    const [status, player, file] = [
      find(".recorder-status"),
      find("audio"),
      find(".recorder-file"),
    ];
    const send = root.closest("form").querySelector("[data-primary]");
    const say = (name) => (status.textContent = root.dataset[name]);
    file.hidden = true;
    find(".recorder-controls").hidden = false;

    function fail(name) {
      say(name);
      file.hidden = false;
    }

    function show(isRecording) {
      start.hidden = isRecording;
      stop.hidden = !isRecording;
      send.disabled = isRecording;
      if (!isRecording) time.textContent = "";
      (isRecording ? stop : start).focus({ preventScroll: true });
    }

    async function record() {
      let stream;
      try {
        stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      } catch {
        fail("denied");
        return;
      }
      const recorder = new MediaRecorder(stream, {
        mimeType: type,
        audioBitsPerSecond: BITS_PER_SECOND,
      });
      const pieces = [];
      const clock = countDown(() => recorder.state === "recording" && recorder.stop());
      recorder.ondataavailable = (event) => pieces.push(event.data);
      recorder.onstop = () => {
        clearInterval(clock);
        for (const track of stream.getTracks()) track.stop();
        if (!root.isConnected) return;
        show(false);
        keep(new Blob(pieces, { type: type.split(";")[0] }));
      };
      stop.onclick = () => recorder.stop();
      recorder.start();
      player.hidden = true;
      show(true);
    }

    function countDown(whenOver) {
      const ends = performance.now() + Number(root.dataset.seconds) * 1000;
      const tick = () => {
        const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
        time.textContent = root.dataset.left.replace("{n}", String(left));
        if (!left || !root.isConnected) whenOver();
      };
      tick();
      return setInterval(tick, 250);
    }

    async function keep(sound) {
      say("saving");
      send.disabled = true;
      try {
        const answer = await fetch("/api/v1/recordings", {
          method: "POST",
          body: sound,
          headers: { "Content-Type": sound.type },
        });
        if (!answer.ok) throw new Error(answer.statusText);
        const { id } = await answer.json();
        find("[name=recording]").value = id;
        player.src = `/api/v1/recordings/${id}`;
        player.hidden = false;
        say("saved");
      } catch {
        fail("failed");
      }
      send.disabled = false;
    }

    start.addEventListener("click", record);
  }

  function enhance() {
    for (const root of document.querySelectorAll("[data-recorder]:not([data-built])")) build(root);
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
