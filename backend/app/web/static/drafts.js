/* What is being answered is kept on the device, by account and question, until the answer is stored:
   a reload, the way out, an ended session or a lost connection loses nothing. Signing out removes it,
   and so does another account: phones are shared. Stands before questions.js, whose tiles read the
   selects that are filled in here. */
(() => {
  "use strict";

  const PREFIX = "lancar:draft:";
  const MAX_AGE_MS = 14 * 24 * 3600 * 1000;
  const account = document.body.dataset.account;
  const ours = `${PREFIX}${account}:`;

  /* Without storage (a private window, no room left) pages work as they do without a script. */
  function quietly(work) {
    try {
      return work();
    } catch {
      return null;
    }
  }

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  const keyOf = (form) => ours + form.dataset.draft;
  const read = (key) => JSON.parse(localStorage.getItem(key));

  function tidy() {
    for (const key of keys()) {
      const isOld = !(Date.now() - read(key)?.at < MAX_AGE_MS);
      if (isOld || !key.startsWith(ours)) localStorage.removeItem(key);
    }
  }

  /* Everything that can be answered; what the page itself sends along is made anew with the page. */
  const inputs = (form) =>
    [...form.elements].filter(
      (input) => input.name && !["hidden", "file", "submit"].includes(input.type),
    );

  const isTicked = (input) => ["radio", "checkbox"].includes(input.type);

  function isChanged(input) {
    if (isTicked(input)) return input.checked !== input.defaultChecked;
    if (input.options)
      return [...input.options].some((option) => option.selected !== option.defaultSelected);
    return input.value !== input.defaultValue;
  }

  function save(form) {
    const fields = inputs(form)
      .filter((input) => (isTicked(input) ? input.checked : input.value !== ""))
      .map((input) => [input.name, input.value]);
    if (inputs(form).some(isChanged)) {
      localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), fields }));
    } else if (!form.querySelector("[role=alert]")) {
      // a refused answer comes back as it was sent
      localStorage.removeItem(keyOf(form));
    }
  }

  function restore(form) {
    const fields = read(keyOf(form))?.fields;
    if (!fields) return;
    for (const input of inputs(form)) {
      const values = fields.filter(([name]) => name === input.name).map(([, value]) => value);
      if (isTicked(input)) input.checked = values.includes(input.value);
      else if (values.length) input.value = values[0];
    }
    form.querySelector("[data-draft-note]").hidden = false;
  }

  function look() {
    for (const form of document.querySelectorAll("[data-draft]")) {
      if (!form.querySelector("[data-draft-note]")) localStorage.removeItem(keyOf(form));
      else if (!form.dataset.restored) restore(form);
      form.dataset.restored = "true";
    }
  }

  if (!account) return;
  /* Tiles and pairs write into selects, which then say so by themselves: see questions.js. */
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.matches("[data-draft]")) quietly(() => save(form));
    });
  }
  document.addEventListener("reset", (event) => {
    if (event.target.matches("[data-draft]"))
      quietly(() => localStorage.removeItem(keyOf(event.target)));
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-sign-out]")) {
      quietly(() => keys().forEach((key) => localStorage.removeItem(key)));
    }
  });
  document.addEventListener("htmx:after:swap", () => quietly(look));
  quietly(tidy);
  quietly(look);
})();
