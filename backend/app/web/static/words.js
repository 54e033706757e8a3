/* Look up a word of an English text: tap it, or select a phrase. The dialog shows what the page
   /words/add shows, which the link "Tambah kata" opens without this file. */
(() => {
  "use strict";

  const dialog = document.getElementById("word-dialog");
  const adder = document.getElementById("selection-add");
  if (!dialog) return;

  const TEXTS = ".section, .feedback, .passage, .answer";
  const ENGLISH = "[lang=en], em, strong, td, .english, .quoted";
  const CONTROLS = "a, button, label, input, select, textarea, summary, [role=button], dialog";
  const BLOCKS = "p, li, td, th, blockquote, dd, h1, h2, h3, h4";
  const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
  const MAX_SELECTION = 80;

  /* Return the English text around a node, as small a block of it as there is. */
  function englishAround(node) {
    const element = node instanceof Element ? node : node.parentElement;
    const english = element?.closest(ENGLISH);
    if (!english || !element.closest(TEXTS) || element.closest(CONTROLS)) return null;
    const block = element.closest(BLOCKS);
    return block && english.contains(block) ? block : english;
  }

  function caretAt(x, y) {
    if (document.caretPositionFromPoint) {
      const caret = document.caretPositionFromPoint(x, y);
      return caret && { node: caret.offsetNode, offset: caret.offset };
    }
    const range = document.caretRangeFromPoint?.(x, y);
    return range && { node: range.startContainer, offset: range.startOffset };
  }

  /* Return a range over the characters `start` to `end` of an element's text. */
  function rangeOf(element, start, end) {
    const range = document.createRange();
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    let passed = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const next = passed + node.length;
      if (start >= passed && start < next) range.setStart(node, start - passed);
      if (end > passed && end <= next) {
        range.setEnd(node, end - passed);
        return range;
      }
      passed = next;
    }
    return null;
  }

  /* Return the word under a point with its sentence; null beside the letters. */
  function wordAt(x, y) {
    const caret = caretAt(x, y);
    if (!caret || caret.node.nodeType !== Node.TEXT_NODE) return null;
    const element = englishAround(caret.node);
    if (!element) return null;
    const before = document.createRange();
    before.selectNodeContents(element);
    before.setEnd(caret.node, caret.offset);
    const text = element.textContent;
    const place = before.toString().length;
    const found = [...text.matchAll(WORD)].find(
      (m) => m.index <= place && place <= m.index + m[0].length,
    );
    if (!found) return null;
    const [word] = found;
    const start = found.index;
    const end = start + word.length;
    const range = rangeOf(element, start, end);
    if (!range) return null;
    const isHit = [...range.getClientRects()].some(
      (box) => x >= box.left - 3 && x <= box.right + 3 && y >= box.top - 3 && y <= box.bottom + 3,
    );
    return isHit ? { word, range, context: sentenceAround(text, start, end) } : null;
  }

  function sentenceAround(text, start, end) {
    const before = text.slice(0, start);
    const from = Math.max(
      ...[...before.matchAll(/[.!?]["”’)]*\s+/gu)].map((m) => m.index + m[0].length),
      0,
    );
    const stop = /[.!?]["”’)]*(\s|$)/u.exec(text.slice(end));
    return text.slice(from, stop ? end + stop.index + stop[0].length : undefined).trim();
  }

  function mark(range) {
    if (!window.Highlight || !CSS.highlights) return;
    if (range) CSS.highlights.set("looked-up", new Highlight(range));
    else CSS.highlights.delete("looked-up");
  }

  async function look(word, context, range) {
    const query = new URLSearchParams({ word, context, back: location.pathname });
    mark(range);
    const address = `/words/add?${query}`;
    await htmx.ajax("GET", address, { target: "#add-word", swap: "outerHTML" });
    if (!dialog.querySelector(".add-word")) {
      location.assign(address); // an error page belongs into the window
      return;
    }
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("[autofocus]")?.focus();
  }

  dialog.addEventListener("close", () => mark(null));
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-add-word]");
    if (link) {
      event.preventDefault();
      look("", "", null);
      return;
    }
    if (event.defaultPrevented || event.button !== 0 || !getSelection().isCollapsed) return;
    /* A control may have gone with the press; what lies there now was not meant. */
    if (event.target.closest("a, button, summary, input, select, textarea")) return;
    const found = wordAt(event.clientX, event.clientY);
    if (found) look(found.word, found.context, found.range);
  });

  /* A selected phrase is offered by a button, which also serves selecting with the keyboard. */
  function selected() {
    const selection = getSelection();
    const phrase = selection.toString().trim();
    if (selection.isCollapsed || !phrase || phrase.length > MAX_SELECTION || !/\p{L}/u.test(phrase))
      return null;
    const element = englishAround(selection.anchorNode);
    if (!element || !element.contains(selection.focusNode)) return null;
    const start = element.textContent.indexOf(phrase);
    const context =
      start < 0 ? "" : sentenceAround(element.textContent, start, start + phrase.length);
    return { phrase, context };
  }
  document.addEventListener("selectionchange", () => {
    adder.hidden = !selected();
  });
  adder.addEventListener("mousedown", (event) => event.preventDefault());
  adder.addEventListener("click", () => {
    const found = selected();
    if (found) look(found.phrase, found.context, getSelection().getRangeAt(0).cloneRange());
    getSelection().removeAllRanges();
  });

  /* Said twice on a device, then it is known. */
  const HINTS = 2;
  function enhance() {
    const hints = document.querySelectorAll("[data-tap-hint]");
    if (!hints.length) return;
    let shown = HINTS;
    try {
      shown = Number(localStorage.getItem("lancar:tap-hint"));
      localStorage.setItem("lancar:tap-hint", String(shown + 1));
    } catch {
      /* no storage: whoever has none knows their way about */
    }
    for (const hint of hints) hint.hidden = shown >= HINTS;
  }
  document.addEventListener("htmx:after:swap", enhance);
  enhance();
})();
