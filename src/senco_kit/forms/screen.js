// Shows what the kernel sends and reports what a person does. It holds no rules: those are in Python.
// A change goes through the outbox, which keeps it in this browser until the kernel says that it is saved.

const KEPT = "senco-outbox:";          // localStorage: what each tab has not seen saved yet
const TAB = "senco-tab";               // sessionStorage: the id of this tab
const DRAFT = "senco-draft:";          // sessionStorage: what stands in a form that is sent by a button
const NO_ANSWER_AFTER = 4000;          // milliseconds without an answer before the connection counts as lost
const LOOK_EVERY = 1000;
const PING_EVERY = 20000;
const ASK_SERVER_EVERY = 3000;
const LARGEST_FILE = 20000000;
const LARGEST_PART = 1000000;          // screen.py knows it too

// A browser may refuse to keep anything (private windows, school policies): then the page works without.
const kept = {
  get(store, key) { try { return store.getItem(key); } catch { return null; } },
  set(store, key, text) { try { store.setItem(key, text); return true; } catch { return false; } },
  remove(store, key) { try { store.removeItem(key); } catch { /* nothing was kept */ } },
  keys(store) { try { return Object.keys(store); } catch { return []; } },
};

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---------------------------------------------------------------------------------------------------------------- outbox

class Outbox {
  // Changes on their way to the kernel, newest value for each field, in the order in which fields were first changed.
  constructor(send) {
    this.send = send;
    this.entries = new Map();
    this.number = 0;
    this.canKeep = true;
  }

  async open() {
    // A tab holds a lock with its id, so that what a closed or killed tab left is taken over, and that of a live one not.
    let id = kept.get(sessionStorage, TAB) || newId();
    if (!(await holdLock(id))) { id = newId(); await holdLock(id); }  // a copied tab has copied the id too
    kept.set(sessionStorage, TAB, id);
    this.place = KEPT + id;
    for (const key of kept.keys(localStorage).filter((name) => name.startsWith(KEPT))) {
      if (key !== this.place && !(await isFree(key.slice(KEPT.length)))) continue;
      let left = [];
      try { left = JSON.parse(kept.get(localStorage, key)) || []; } catch { /* not ours to repair */ }
      for (const entry of left) this.put(entry);
      if (key !== this.place) kept.remove(localStorage, key);
    }
    this.keep();
  }

  static key(entry) { return [entry.form, entry.name, entry.row || ""].join("\n"); }

  put(change) {
    const key = Outbox.key(change);
    const waiting = this.entries.get(key);
    const entry = { ...change, number: ++this.number, sent: waiting ? waiting.sent : 0, refused: "" };
    this.entries.set(key, entry);
    this.keep();
    if (!entry.sent) this.transmit(entry);
    return entry;
  }

  transmit(entry) {
    entry.sent = entry.number;
    entry.sentAt = Date.now();
    const { kind, number, form, name, row, value } = entry;
    this.send(kind === "change" ? { kind, number, form, name, value } : { kind, number, form, name, row });
  }

  // Send everything that has not been sent in its newest form, so that what is sent next arrives after it.
  flush() { for (const entry of this.entries.values()) if (!entry.refused && entry.sent !== entry.number) this.transmit(entry); }

  sendAgain() { for (const entry of this.entries.values()) if (!entry.refused) this.transmit(entry); }

  answered(number, refusal) {
    for (const [key, entry] of this.entries) {
      if (entry.sent !== number) continue;
      if (entry.number !== number) { this.transmit(entry); return null; }
      if (refusal) { entry.refused = refusal; } else { this.entries.delete(key); }
      this.keep();
      return entry;
    }
    return null;
  }

  drop(test) {
    for (const [key, entry] of this.entries) if (test(entry)) this.entries.delete(key);
    this.keep();
  }

  waiting() { return [...this.entries.values()].filter((entry) => !entry.refused); }

  oldestWait() {
    const sent = this.waiting().map((entry) => entry.sentAt || 0).filter(Boolean);
    return sent.length ? Date.now() - Math.min(...sent) : 0;
  }

  keep() {
    if (!this.place) return;
    const entries = [...this.entries.values()].map(({ sent, sentAt, number, ...entry }) => entry);
    if (entries.length === 0) kept.remove(localStorage, this.place);
    else this.canKeep = kept.set(localStorage, this.place, JSON.stringify(entries));
  }
}

function holdLock(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(TAB + id, { ifAvailable: true }, (lock) => {
      resolve(Boolean(lock));
      return lock ? new Promise(() => {}) : undefined;  // held until the tab is gone
    }).catch(() => resolve(true));
  });
}

function isFree(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return navigator.locks.request(TAB + id, { ifAvailable: true }, (lock) => Boolean(lock)).catch(() => true);
}

// ---------------------------------------------------------------------------------------------------------------- fields

const named = (root, name) => root.querySelector(`[data-name="${CSS.escape(name)}"]`);

function valueOf(field) {
  switch (field.dataset.kind) {
    case "one": return field.querySelector("input:checked")?.value ?? "";
    case "many": return [...field.querySelectorAll("input:checked")].map((input) => input.value);
    case "tick": return field.checked ? "yes" : "";
    default: return field.value;
  }
}

function setValue(field, value) {
  switch (field.dataset.kind) {
    case "one": case "many":
      for (const input of field.querySelectorAll("input")) input.checked = [].concat(value).includes(input.value);
      field.querySelector("[data-clear]")?.toggleAttribute("hidden", !value || value.length === 0);
      break;
    case "tick": field.checked = value === "yes"; break;
    default: if (field.value !== value) field.value = value;
  }
}

function showError(field, says) {
  const line = document.getElementById(field.id + "-error");
  if (!line) return;
  line.hidden = !says;
  line.replaceChildren();
  if (says) {
    const word = document.createElement("span");
    word.className = "visually-hidden";
    word.textContent = "Error: ";
    line.append(word, says);
    field.setAttribute("aria-invalid", "true");
  } else {
    field.removeAttribute("aria-invalid");
  }
}

const isTyped = (field) => field.dataset.kind === "text";

// ------------------------------------------------------------------------------------------------------------------ rows

function makeRow(table, id) {
  const template = table.querySelector("template");
  const row = template.content.firstElementChild.cloneNode(true);
  const holder = document.createElement("div");
  holder.append(row);
  // The id is made of hexadecimal digits only, so it can stand in the HTML as it is.
  holder.innerHTML = holder.innerHTML.replaceAll("NEW-ROW", id);
  return holder.firstElementChild;
}

function numberRows(table) {
  table.querySelectorAll("[data-rows] > [data-row]").forEach((row, index) => {
    const label = `${table.dataset.rowLabel} ${index + 1}`;
    row.querySelectorAll("[data-row-number]").forEach((place) => {
      place.textContent = place.classList.contains("visually-hidden") ? ` ${label.toLowerCase()}` : label;
    });
  });
}

// ---------------------------------------------------------------------------------------------------------------- render

function render({ model, el }) {
  const screen = document.createElement("div");
  screen.className = "screen";
  screen.innerHTML = `
    <div class="banner" role="alert" data-banner hidden></div>
    <p class="notice" role="status" data-notice></p>
    <p class="visually-hidden" role="status" data-live></p>
    <div data-view></div>`;
  el.append(screen);
  const banner = screen.querySelector("[data-banner]");
  const notice = screen.querySelector("[data-notice]");
  const live = screen.querySelector("[data-live]");
  const view = screen.querySelector("[data-view]");

  let lost = false;
  let working = false;
  let gone = false;
  let lastHeard = Date.now();
  let pingSent = 0;
  let sayTimer = 0;
  let serverRun = null;
  const closing = new AbortController();
  const listen = (target, type, act) => target.addEventListener(type, act, { signal: closing.signal });

  const outbox = new Outbox((message) => model.send(message));

  // The same words twice in a row are not read out twice, so the second time gets a space that is not heard.
  const say = (text) => { live.textContent = live.textContent === text ? text + "\u00a0" : text; };
  const tell = (text) => { notice.textContent = text; };

  // ------------------------------------------------------------------------------------------------ what is shown

  function show({ html, title, focus, where, says }, first = false) {
    view.innerHTML = html;
    if (title) document.title = `${title} – SENCO Course Kit`;
    if (typeof where === "string" && !first) {
      const hash = where ? `#/${where}` : "";
      if (location.hash !== hash && !(hash === "" && !location.hash.startsWith("#/"))) {
        history.pushState(null, "", hash || location.pathname + location.search);
      }
    }
    restoreWaiting();
    restoreDrafts();
    tell(says || "");
    if (first) return;
    const target = (focus && document.getElementById(focus)) || view.querySelector("[data-focus]") || view.querySelector("h2");
    if (target) {
      if (!target.hasAttribute("tabindex") && !target.matches("input, textarea, select, button, a")) target.tabIndex = -1;
      if (focus) { target.scrollIntoView({ block: "start" }); } else { window.scrollTo(0, 0); }
      target.focus({ preventScroll: true });
    }
    screen.dataset.shown = String(Number(screen.dataset.shown || 0) + 1);
  }

  const placeInAddress = () => (location.hash.startsWith("#/") ? decodeURI(location.hash.slice(2)) : "");

  function go(where) {
    outbox.flush();
    model.send({ kind: "go", where });
  }

  // What is not saved yet stands over what the kernel knows.
  function restoreWaiting() {
    for (const form of view.querySelectorAll("[data-form]")) {
      for (const entry of outbox.entries.values()) {
        if (entry.form !== form.dataset.form) continue;
        const table = entry.row && form.querySelector(`[data-table="${CSS.escape(entry.name)}"]`);
        if (table) {
          const row = table.querySelector(`[data-row="${CSS.escape(entry.row)}"]`);
          if (entry.kind === "add_row" && !row) table.querySelector("[data-rows]").append(makeRow(table, entry.row));
          if (entry.kind === "remove_row" && row) row.remove();
          numberRows(table);
        }
      }
      for (const entry of outbox.entries.values()) {
        const field = entry.form === form.dataset.form && entry.kind === "change" && named(form, entry.name);
        if (!field) continue;
        setValue(field, entry.value);
        if (entry.refused) showError(field, entry.refused);
      }
    }
  }

  // ------------------------------------------------------------------------------------------------ answers given

  const savedLine = (place) => place?.closest("[data-item], .form-section, [data-form]")?.querySelector("[data-saved]");

  function changed(field) {
    const form = field.closest("[data-form]");
    if (!form) return;
    outbox.put({ kind: "change", form: form.dataset.form, name: field.dataset.name, value: valueOf(field) });
    const line = savedLine(field);
    if (line) line.textContent = lost || !model ? "Not saved yet" : "Saving…";
    if (lost) showBanner();
  }

  function heard({ number, at, says }) {
    const entry = outbox.answered(number, says);
    if (!entry) return;
    const form = view.querySelector(`[data-form="${CSS.escape(entry.form)}"]`);
    const field = form && (named(form, entry.name) || form.querySelector(`[data-table="${CSS.escape(entry.name)}"]`));
    const line = savedLine(field);
    if (says) {
      if (line) line.textContent = "Not saved yet";
      // While someone is typing, a half-typed number is not a mistake yet: wait until they leave the field.
      if (field && !(isTyped(field) && field === document.activeElement)) { showError(field, says); say(`Not saved. ${says}`); }
      if (!field) tell(says);
      return;
    }
    if (field) showError(field, "");
    const saved = `Saved ${at}`;
    if (line) line.textContent = saved;
    screen.dataset.savedNumber = String(Number(screen.dataset.savedNumber || 0) + 1);
    clearTimeout(sayTimer);
    sayTimer = setTimeout(() => say(saved), field && isTyped(field) ? 1500 : 300);
  }

  function left(field) {
    const form = field.closest("[data-form]");
    const entry = form && outbox.entries.get(Outbox.key({ form: form.dataset.form, name: field.dataset.name }));
    if (entry?.refused) { showError(field, entry.refused); say(`Not saved. ${entry.refused}`); }
  }

  listen(view, "input", (event) => {
    const field = event.target.closest("[data-name]");
    if (field && isTyped(field)) changed(field);
  });

  listen(view, "change", (event) => {
    const field = event.target.closest("[data-name]");
    if (!field) return;
    if (isTyped(field)) { left(field); return; }
    if (field.dataset.kind === "one") field.querySelector("[data-clear]")?.removeAttribute("hidden");
    changed(field);
  });

  listen(view, "focusout", (event) => {
    const field = event.target.closest("[data-name]");
    if (field && isTyped(field)) left(field);
  });

  listen(view, "click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("clear" in button.dataset) {
      const field = button.closest("[data-name]");
      setValue(field, "");
      changed(field);
      field.querySelector("input").focus();
    } else if ("addRow" in button.dataset) addRow(button.closest("[data-table]"));
    else if ("removeRow" in button.dataset) removeRow(button.closest("[data-row]"));
    else if ("undo" in button.dataset) button.putBack();
    else if ("press" in button.dataset) press(button);
    else if ("print" in button.dataset) window.print();
  });

  function addRow(table) {
    const id = newId();
    const row = makeRow(table, id);
    table.querySelector("[data-rows]").append(row);
    numberRows(table);
    outbox.put({ kind: "add_row", form: table.closest("[data-form]").dataset.form, name: table.dataset.table, row: id });
    row.querySelector("input, textarea, select")?.focus();
  }

  function removeRow(row) {
    const table = row.closest("[data-table]");
    const form = table.closest("[data-form]").dataset.form;
    const name = table.dataset.table;
    const id = row.dataset.row;
    const label = row.querySelector("legend").textContent.trim();
    outbox.drop((entry) => entry.form === form && entry.name.startsWith(`${name}/${id}/`));
    outbox.put({ kind: "remove_row", form, name, row: id });
    const undo = document.createElement("p");
    undo.className = "removed";
    undo.append(`${label} removed. `);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.dataset.undo = "";
    button.textContent = "Put it back";
    undo.append(button);
    button.putBack = () => {
      outbox.put({ kind: "add_row", form, name, row: id });
      undo.replaceWith(row);
      for (const field of row.querySelectorAll("[data-name]")) if (valueOf(field).length) changed(field);
      numberRows(table);
      row.querySelector("input, textarea, select")?.focus();
      say(`${label} is back.`);
    };
    row.replaceWith(undo);
    numberRows(table);
    button.focus();
    say(`${label} removed.`);
  }

  // ------------------------------------------------------------------------------------------------ buttons, forms, files

  const draftKey = (form) => `${DRAFT}${location.pathname}:${form.dataset.draft}`;

  function restoreDrafts() {
    for (const form of view.querySelectorAll("form[data-draft]")) {
      const values = JSON.parse(kept.get(sessionStorage, draftKey(form)) || "{}");
      for (const control of form.elements) {
        if (!control.name || !(control.name in values)) continue;
        if (control.type === "radio" || control.type === "checkbox") control.checked = values[control.name] === control.value;
        else control.value = values[control.name];
      }
    }
  }

  listen(view, "input", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) kept.set(sessionStorage, draftKey(form), JSON.stringify(Object.fromEntries(new FormData(form))));
  });

  listen(view, "submit", (event) => {
    event.preventDefault();
    const form = event.target;
    const file = form.querySelector("input[type=file]");
    if (file) sendFile(form, file);
    else press(form, Object.fromEntries(new FormData(form)));
    if (form.dataset.draft) kept.remove(sessionStorage, draftKey(form));
  });

  function press(source, values = {}) {
    if (working) return;
    outbox.flush();
    for (const [name, value] of Object.entries(source.dataset)) {
      if (name.startsWith("with")) values[name.slice(4).toLowerCase()] = value;
    }
    startWorking(source.dataset.working || "One moment…");
    model.send({ kind: "press", action: source.dataset.press, values });
  }

  async function sendFile(form, control) {
    const file = control.files[0];
    if (!file) { showError(control, "Choose a file first."); return; }
    if (file.size > LARGEST_FILE) { showError(control, `This file is larger than ${LARGEST_FILE / 1000000} MB, so it is not a file of your work. Nothing was changed. Choose the file that the kit saved.`); return; }
    if (file.size === 0) { showError(control, "This file is empty. Nothing was changed. Choose the file that the kit saved."); return; }
    showError(control, "");
    startWorking("Reading the file…");
    const bytes = await file.arrayBuffer();
    const parts = Math.ceil(bytes.byteLength / LARGEST_PART);
    for (let part = 0; part < parts; part += 1) {
      const piece = bytes.slice(part * LARGEST_PART, (part + 1) * LARGEST_PART);
      model.send({ kind: "file", action: form.dataset.press, part, parts }, undefined, [piece]);
    }
  }

  function startWorking(words) {
    working = true;
    tell(words);
    screen.setAttribute("aria-busy", "true");
  }

  function stopWorking() {
    working = false;
    screen.removeAttribute("aria-busy");
  }

  function download({ name, type, says }, buffers) {
    const address = URL.createObjectURL(new Blob([buffers[0]], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    tell(says);
  }

  // ------------------------------------------------------------------------------------------------ the connection

  function showBanner() {
    const waiting = outbox.waiting().length;
    const kept = waiting === 0
      ? "Everything you typed before is saved."
      : outbox.canKeep
        ? `Not saved yet: ${waiting} ${waiting === 1 ? "change is" : "changes are"} kept in this browser and will be saved when it is back.`
        : "Not saved yet, and this browser cannot keep it: leave this page open.";
    const words = gone ? `The kit has been started again. ${kept}` : `The connection to the kit is lost. ${kept}`;
    if (banner.dataset.words === words) return;
    banner.dataset.words = words;
    banner.hidden = false;
    banner.replaceChildren(words);
    if (gone) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Carry on";
      button.addEventListener("click", () => location.reload());
      banner.append(" ", button);
    } else {
      banner.append(" If you closed the kit, start it again.");
    }
  }

  function isLost() {
    if (lost) { showBanner(); return; }
    lost = true;
    stopWorking();
    tell("");
    showBanner();
    for (const entry of outbox.waiting()) {
      const form = view.querySelector(`[data-form="${CSS.escape(entry.form)}"]`);
      const line = form && savedLine(named(form, entry.name));
      if (line) line.textContent = "Not saved yet";
    }
  }

  function isBack() {
    lastHeard = Date.now();
    pingSent = 0;
    if (!lost) return;
    lost = gone = false;
    banner.hidden = true;
    banner.dataset.words = "";
    banner.replaceChildren();
    say("The connection is back.");
    outbox.sendAgain();
  }

  async function askServer() {
    try {
      const answer = await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(2500) });
      return answer.ok ? await answer.json() : null;
    } catch { return null; }
  }

  async function lookAtConnection() {
    if (working) return;
    const now = Date.now();
    if (!lost) {
      if (!pingSent && now - lastHeard > PING_EVERY) { pingSent = now; model.send({ kind: "ping" }); }
      if (outbox.oldestWait() > NO_ANSWER_AFTER || (pingSent && now - pingSent > NO_ANSWER_AFTER)) isLost();
    }
  }

  async function lookForServer() {
    if (!lost || gone) return;
    model.send({ kind: "ping" });
    const server = await askServer();
    if (!lost || !server) return;
    // Another run of the kit, or the same one that answers while this page's kernel does not: only a new page helps.
    if ((serverRun && server.run !== serverRun) || Date.now() - lastHeard > 15000) { gone = true; showBanner(); }
  }

  const timers = [setInterval(lookAtConnection, LOOK_EVERY), setInterval(lookForServer, ASK_SERVER_EVERY)];

  model.on("msg:custom", (message, buffers) => {
    isBack();
    switch (message.kind) {
      case "saved": case "refused": heard(message); break;
      case "show": stopWorking(); show(message); break;
      case "download": stopWorking(); download(message, buffers); break;
      case "failed": stopWorking(); tell(message.says); break;
      default: break;
    }
  });

  listen(window, "hashchange", () => { if (!location.hash || location.hash.startsWith("#/")) go(placeInAddress()); });

  show({ html: model.get("html"), title: model.get("title") }, true);
  askServer().then((server) => { serverRun = server ? server.run : null; });
  outbox.open().then(() => {
    restoreWaiting();
    if (placeInAddress()) go(placeInAddress());
    screen.dataset.ready = "yes";
  });

  return () => {
    closing.abort();
    timers.forEach(clearInterval);
  };
}

export default { render };
