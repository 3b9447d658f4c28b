// Shows what the kernel sends and reports what a person does. It holds no rules: those are in Python.
// A change goes through the outbox, which keeps it in this browser until the kernel says that it is saved.
// The element of a screen may have come with the page (see forms/draw.py). Then it is taken over as it is, with what a
// person has done there already; frame.js has noted that. Else the element is made here, as in JupyterLab.

const KEPT = "senco-outbox:";      // localStorage: what each open page has not seen saved yet
const TAB = "senco-tab";           // sessionStorage: the id of this tab; of an embedded screen, its own in this tab
const DRAFT = "senco-draft:";      // sessionStorage: what stands in a form that is sent by a button
const LOOK_EVERY = 1000;           // all times in milliseconds
const NO_ANSWER_AFTER = 4000;      // without an answer for so long, the connection counts as lost
const LONGEST_OPENING = 20000;     // a page that has just come may take so long to connect
const LONGEST_ANSWER = 10000;      // but a kernel that is at work may take so long over an answer,
const LONGEST_WORK = 120000;       // and so long over what a button stands for, such as a report
const SLOW_AFTER = 800;            // what takes longer to show says so
const PING_EVERY = 10000;          // a quiet kernel is asked whether it is still there
const ASK_EVERY = 3000;            // while the connection is lost
const GIVE_UP_AFTER = 15000;       // the server answers, the kernel does not: only a new page helps
const SAY_PROGRESS_EVERY = 5000;   // how far work is, is read out no more often
const LARGEST_FILE = 20000000;
const LARGEST_PART = 1000000;      // screen.py knows it too

// A browser may refuse to keep anything (private windows, school policies): then the page works without.
const kept = {
  get(store, key) { try { return window[store].getItem(key); } catch { return null; } },
  set(store, key, text) { try { window[store].setItem(key, text); return true; } catch { return false; } },
  remove(store, key) { try { window[store].removeItem(key); } catch { /* nothing was kept */ } },
  keys(store) { try { return Object.keys(window[store]); } catch { return []; } },
  parse(text) { try { return JSON.parse(text); } catch { return null; } },
};

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---------------------------------------------------------------------------------------------------------------- outbox

class Outbox {
  // Changes on their way to the kernel: the newest value of each field, in the order in which fields were first changed.
  // An entry has a number, new with each change; in `sent` the number under which it was sent last (0: not yet); in `at`
  // when it was typed; in `refused` why it was not saved; and `later` when trying again may help.
  // `home` tells apart what different pages and embedded screens keep.
  constructor(send, home) {
    this.send = send;
    this.home = home;
    this.entries = new Map();
    this.number = 0;
    this.canKeep = true;
    this.found = false;               // something that an earlier page could not save was taken over
    this.release = () => {};
  }

  async open() {
    // Each open page keeps its entries in a place of its own and holds a lock with that name, so that the next page
    // takes over what a closed or killed one left, and never what a live one still has.
    const page = `${KEPT}${this.home.place}:`;
    let id = kept.get("sessionStorage", this.home.tab) || newId();
    let release = await holdLock(page + id, 1500);  // after a reload the lock may take a moment to come free
    if (!release) {  // a copied tab has copied the id too
      id = newId();
      release = await holdLock(page + id);
    }
    this.release = release || this.release;
    kept.set("sessionStorage", this.home.tab, id);
    this.place = page + id;
    this.takeOver(this.place);
    for (const key of kept.keys("localStorage").filter((name) => name.startsWith(page) && name !== this.place)) {
      const free = await holdLock(key);
      if (!free) continue;
      this.takeOver(key);
      this.keep();
      kept.remove("localStorage", key);
      free();
    }
    this.keep();
  }

  takeOver(place) {
    const left = kept.parse(kept.get("localStorage", place));
    for (const entry of Array.isArray(left) ? left : []) {
      if (!isChange(entry)) continue;
      const own = this.entries.get(Outbox.key(entry));
      if (own && own.at >= (entry.at || 0)) continue;
      this.put(entry);
      this.found = true;
    }
  }

  static key(entry) { return [entry.form, entry.name, entry.row || ""].join("\n"); }

  put(change) {
    const key = Outbox.key(change);
    const before = this.entries.get(key);
    const at = change.at || Date.now();
    const entry = { ...change, at, number: ++this.number, sent: before ? before.sent : 0, refused: "", later: false };
    this.entries.set(key, entry);
    this.keep();
    // One message a field is on its way at a time, so that quick typing piles up nothing. What happens to a row is sent
    // at once, because what is typed in the row must arrive after it.
    if (!entry.sent || entry.kind !== "change") this.transmit(entry);
  }

  transmit(entry) {
    entry.sent = entry.number;
    const { kind, number, form, name, row, value } = entry;
    this.send(kind === "change" ? { kind, number, form, name, value } : { kind, number, form, name, row });
  }

  // Send what has changed since it was sent, so that what is sent next arrives after it.
  flush() { for (const entry of this.waiting()) if (entry.sent !== entry.number) this.transmit(entry); }

  sendAgain() { for (const entry of this.waiting()) this.transmit(entry); }

  // What could not be saved for a passing reason, such as a full disk, is tried again.
  tryAgain() { for (const entry of this.entries.values()) if (entry.refused && entry.later) this.transmit(entry); }

  // Whether the row that a cell stands in is itself not saved yet.
  rowWaits(cell) {
    const owns = (entry) => entry.kind === "add_row" && entry.form === cell.form && cell.name.startsWith(`${entry.name}/${entry.row}/`);
    return [...this.entries.values()].some(owns);
  }

  // The kernel's answer to a number. Returns the entry when it was the newest value of its field, else null; `gone` in
  // it when it can never be saved, `repeated` when it was refused with the same words before.
  answered(number, refusal, gone, later) {
    for (const [key, entry] of this.entries) {
      if (entry.sent !== number) continue;
      entry.sent = 0;
      if (entry.number !== number) { this.transmit(entry); return null; }
      // What can be put right stays here; what belongs to something deleted could never be saved. A cell of a row that
      // is not saved yet seems to belong to nothing, and is tried again after its row.
      const rowWaits = Boolean(gone) && this.rowWaits(entry);
      entry.gone = Boolean(gone) && !rowWaits;
      entry.repeated = Boolean(refusal) && entry.refused === refusal;
      entry.later = Boolean(later) || rowWaits;
      if (refusal && !entry.gone) entry.refused = refusal; else this.entries.delete(key);
      this.keep();
      return entry;
    }
    return null;
  }

  drop(test) {
    for (const [key, entry] of this.entries) if (test(entry)) this.entries.delete(key);
    this.keep();
  }

  // Everything was deleted, so nothing of it may stay in this browser either.
  forget() {
    this.entries.clear();
    for (const key of kept.keys("localStorage")) if (key.startsWith(KEPT)) kept.remove("localStorage", key);
    for (const key of kept.keys("sessionStorage")) if (key.startsWith(DRAFT)) kept.remove("sessionStorage", key);
  }

  waiting() { return [...this.entries.values()].filter((entry) => !entry.refused); }

  keep() {
    if (!this.place) return;
    const entries = [...this.entries.values()].map(({ kind, form, name, row, value, at }) => ({ kind, form, name, row, value, at }));
    if (entries.length === 0) { kept.remove("localStorage", this.place); this.canKeep = true; return; }
    const text = JSON.stringify(entries);
    this.canKeep = kept.set("localStorage", this.place, text);
    if (this.canKeep) return;
    // Full: an older value must not stay there and be taken for the newest.
    kept.remove("localStorage", this.place);
    this.canKeep = kept.set("localStorage", this.place, text);
  }
}

// Whether something found in this browser is one of our entries.
function isChange(entry) {
  if (!entry || typeof entry.form !== "string" || typeof entry.name !== "string") return false;
  if (entry.kind === "change") return typeof entry.value === "string" || Array.isArray(entry.value);
  return (entry.kind === "add_row" || entry.kind === "remove_row") && /^[0-9a-f]{32}$/.test(entry.row);
}

// Resolves to a function that lets the lock go, or to null when another page holds it (and does not let it go in time).
// Browsers know locks on this computer's own address and on https only; elsewhere every lock counts as free.
function holdLock(name, patience = 0) {
  if (!navigator.locks) return Promise.resolve(() => {});
  const options = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((answer) => {
    navigator.locks
      .request(name, options, (lock) => (lock ? new Promise((release) => answer(release)) : answer(null)))
      .catch((problem) => answer(problem.name === "TimeoutError" || problem.name === "AbortError" ? null : () => {}));
  });
}

// ------------------------------------------------------------------------------------------------------------ connection

class Connection {
  // Knows whether the kernel answers. States: "opening" (the page has come, its kernel has not answered yet); "good";
  // "lost" (no answer); "over" (this page's kernel is gone or hangs, while the server answers: the page has to be loaded
  // again).
  constructor(post, changed, state) {
    this.post = post;
    this.changed = changed;
    this.state = state;
    this.owedSince = 0;               // when the oldest message went out that has no answer yet; 0: none
    this.heardAt = this.lookedAt = this.awakeSince = Date.now();
    this.askedAt = 0;
    this.working = false;             // a button's work is being done, which may take long
    this.timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  close() { clearInterval(this.timer); }

  send(message, buffers) {
    if (!this.owedSince) this.owedSince = Date.now();
    // A connection that has ended may refuse a message. It then stays without an answer, which is noticed.
    try { this.post(message, buffers); } catch { /* see above */ }
  }

  heard(moreIsOwed) {
    this.heardAt = Date.now();
    this.owedSince = moreIsOwed ? this.heardAt : 0;
    this.become("good");
  }

  become(state) {
    const before = this.state;
    if (state === before) return;
    this.state = state;
    this.changed(state, before);
  }

  silence() {
    return this.owedSince ? Date.now() - Math.max(this.owedSince, this.heardAt, this.awakeSince) : 0;
  }

  look() {
    const now = Date.now();
    // A computer that slept, and a tab in the background, look seldom: give the kernel its time anew.
    if (now - this.lookedAt > 5 * LOOK_EVERY) this.awakeSince = now;
    this.lookedAt = now;
    if (this.state === "opening") this.lookWhileOpening();
    else if (this.state === "good") this.lookWhileGood();
    else this.lookWhileLost();
  }

  async lookWhileOpening() {
    if (this.silence() < NO_ANSWER_AFTER) return;
    const kernel = await askKernel();
    if (this.state !== "opening") return;  // an answer came meanwhile
    if (kernel === "ended") this.become("over");
    else if (this.silence() > LONGEST_OPENING) this.become("lost");
  }

  async lookWhileGood() {
    if (!this.owedSince && Date.now() - this.heardAt > PING_EVERY) this.send({ kind: "ping" });
    if (this.silence() < NO_ANSWER_AFTER) return;
    const kernel = await askKernel();
    if (this.silence() < NO_ANSWER_AFTER) return;  // an answer came meanwhile
    const atWork = kernel === "busy" || (kernel === "unknown" && this.working);
    if (!atWork || this.silence() > (this.working ? LONGEST_WORK : LONGEST_ANSWER)) this.become("lost");
  }

  async lookWhileLost() {
    const now = Date.now();
    const pause = now - this.heardAt > 60000 ? 2 * PING_EVERY : ASK_EVERY;  // after a minute, without hurry
    if (now - this.askedAt < pause) return;
    this.askedAt = now;
    this.send({ kind: "ping" });
    const kernel = await askKernel();
    if (this.state === "good" || kernel === "unknown") return;
    const over = kernel === "ended" || (kernel !== "away" && Date.now() - this.heardAt > GIVE_UP_AFTER);
    this.become(over ? "over" : "lost");
  }
}

// What Voila writes into a page; in JupyterLab there is no kernel in it.
function pageConfig() { return kept.parse(document.getElementById("jupyter-config-data")?.textContent) || {}; }

// Where a screen's unsaved answers are kept. A page of the kit has an address of its own. Several embedded screens share
// one, and in JupyterLab the address says which notebook is in front, not which one holds the screen: there the screen's
// name tells them apart. A tab's id is then the screen's own too: screens that shared one would wait for each other's lock.
function homeOf(name, embedded) {
  const { kernelId, baseUrl } = pageConfig();
  if (kernelId && !embedded) return { place: location.pathname, tab: TAB };
  const place = `${kernelId ? location.pathname : baseUrl ?? location.pathname}#${encodeURIComponent(name)}`;
  return { place, tab: `${TAB}:${place}` };
}

// What the server says of this page's kernel: "busy", "idle" and the like, "ended" when it has none (the server was
// started again, or the kernel ended), "away" when the server does not answer, "unknown" in JupyterLab.
async function askKernel() {
  const { kernelId, baseUrl } = pageConfig();
  if (!kernelId) return "unknown";
  try {
    const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`, { cache: "no-store", signal: AbortSignal.timeout(2500) });
    if (answer.status === 404) return "ended";
    return answer.ok ? (await answer.json()).execution_state : "away";
  } catch { return "away"; }
}

// ---------------------------------------------------------------------------------------------------------------- fields

const named = (root, name) => root.querySelector(`[data-name="${CSS.escape(name)}"]`);
const tableNamed = (root, name) => root.querySelector(`[data-table="${CSS.escape(name)}"]`);
const formNamed = (root, name) => root.querySelector(`[data-form="${CSS.escape(name)}"]`);
const isTyped = (field) => field.dataset.kind === "text";
const isManyStepped = (field) => ["text", "order"].includes(field.dataset.kind);  // one step soon follows another

function valueOf(field) {
  switch (field.dataset.kind) {
    case "one": return field.querySelector("input:checked")?.value ?? "";
    case "many": return [...field.querySelectorAll("input:checked")].map((input) => input.value);
    case "tick": return field.checked ? "yes" : "";
    case "order": return givenBox(field).checked ? itemsOf(field).map((item) => item.dataset.value) : [];
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
    case "order": setOrder(field, value); break;
    default: if (field.value !== value) field.value = value;
  }
}

// Whether a control is as the page came.
function isAsItCame(control) {
  if (control.type === "radio" || control.type === "checkbox") return control.checked === control.defaultChecked;
  if (control.options) return control.selectedIndex === selectedAsItCame(control);
  return control.type === "file" || control.value === control.defaultValue;
}

function setAsItCame(control) {
  if (control.type === "radio" || control.type === "checkbox") control.checked = control.defaultChecked;
  else if (control.options) control.selectedIndex = selectedAsItCame(control);
  else control.value = control.defaultValue;
}

const selectedAsItCame = (list) => Math.max(0, [...list.options].findIndex((option) => option.defaultSelected));

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

function makeButton(words, act, style = "") {
  const button = document.createElement("button");
  button.type = "button";
  button.className = style;
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}

// ----------------------------------------------------------------------------------------------------------------- order

const itemsOf = (field) => [...field.querySelectorAll("[data-order] > [data-value]")];
const givenBox = (field) => field.querySelector("[data-given]");  // ticked: the order counts as the answer

function setOrder(field, values) {
  const items = itemsOf(field);
  givenBox(field).checked = values.length > 0;
  for (const value of values) {
    const item = items.find((each) => each.dataset.value === value);
    if (item) item.parentElement.append(item);
  }
  markEnds(field);
}

function markEnds(field) {
  const items = itemsOf(field);
  for (const item of items) {
    item.querySelector("[data-move=up]").setAttribute("aria-disabled", item === items[0]);
    item.querySelector("[data-move=down]").setAttribute("aria-disabled", item === items.at(-1));
  }
}

// Moves an item one place. Its neighbour is what is taken out and put in again, so the item keeps the focus.
// Returns whether it moved, and a sentence.
function moveItem(item, way) {
  const neighbour = way === "up" ? item.previousElementSibling : item.nextElementSibling;
  const name = item.querySelector("[data-what]").textContent.trim();
  if (!neighbour) return { moved: false, says: `${name} is ${way === "up" ? "first" : "last"} already.` };
  if (way === "up") item.after(neighbour); else item.before(neighbour);
  const items = [...item.parentElement.children];
  return { moved: true, says: `${name}, now ${items.indexOf(item) + 1} of ${items.length}.` };
}

// ----------------------------------------------------------------------------------------------------------------- cards
// A card ([data-drag]) stands in one of several places ([data-drop]). Where it stands is what its fields say: in
// data-sets each place has a value for each field ([data-takes]) of a card. The list of places on the card
// ([data-place]) moves it and saves the fields; to drag the card chooses from that list.

const sets = (place, field) => JSON.parse(place.dataset.sets)[field.dataset.takes] ?? "";
const fieldsOf = (card) => [...card.querySelectorAll("[data-takes]")];
const isPlaceOf = (card) => (place) => fieldsOf(card).every((field) => valueOf(field) === sets(place, field));

// Moves a card to a place, which may take the focus from it: it is given back.
function putCard(card, place) {
  const focused = card.contains(document.activeElement) ? document.activeElement : null;
  place.querySelector("[data-cards]").append(card);
  card.querySelector("[data-place]").value = place.dataset.drop;
  focused?.focus();
}

// ------------------------------------------------------------------------------------------------------------------ rows

function makeRow(table, id) {
  const template = table.querySelector("template");
  const holder = document.createElement("div");
  holder.append(template.content.firstElementChild.cloneNode(true));
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

// --------------------------------------------------------------------------------------------------------------- address

function placeInAddress() {
  const place = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  try { return decodeURI(place); } catch { return place; }
}

// The address with this place in it, as one step for the browser's Back button; none when it is there already.
function putInAddress(where) {
  if (where !== placeInAddress()) history.pushState(null, "", where ? `#/${encodeURI(where)}` : location.pathname + location.search);
}

// ---------------------------------------------------------------------------------------------------------------- screen

const BANNER = {
  lost: {
    safe: "The connection to the kit is lost. You can go on: what you type is kept in this browser and is saved when " +
      "the connection is back. If you closed the kit, start it again.",
    unsafe: "The connection to the kit is lost, and this browser can’t keep what is not saved yet: leave this page " +
      "open. It is saved when the connection is back.",
  },
  over: {
    safe: "The kit is there again, and this page has to be loaded anew. What you typed is kept in this browser and is " +
      "saved when you carry on.",
    unsafe: "The kit is there again, and this page has to be loaded anew. This browser can’t keep what is not saved " +
      "yet: copy it to another place before you carry on.",
  },
};

class Screen {
  constructor(model, el) {
    this.model = model;
    this.embedded = model.get("embedded");  // between the text of a page: leaves its address, title and focus alone
    this.where = "";                 // the place that an embedded screen shows; else it stands in the address
    this.id = newId();               // the kernel answers to it: in JupyterLab, several screens hear every answer
    this.turn = 0;                   // counts what was asked with go and press; an answer to an older turn is not shown
    this.asked = false;              // the newest turn has no answer yet
    this.workTurn = 0;               // the turn whose work goes on
    this.pressed = null;             // the form that was sent last
    this.news = "";                  // a sentence that the next thing shown must not wipe away
    this.closing = new AbortController();
    this.element = el.querySelector(":scope > .screen");
    this.hasCome = Boolean(this.element);  // with the page; else it is made here
    if (!this.hasCome) el.append((this.element = makeElement(model.get("parts"))));
    for (const part of ["banner", "unkept", "notice", "progress", "live", "view"]) this[part] = this.element.querySelector(`[data-${part}]`);
    this.connection = new Connection(
      (message, buffers) => model.send({ ...message, from: this.id }, undefined, buffers),
      (state, before) => this.connectionChanged(state, before),
      this.hasCome ? "opening" : "good",
    );
    this.home = homeOf(model.get("name"), this.embedded);
    this.outbox = new Outbox((message) => this.connection.send(message), this.home);
  }

  open() {
    this.receive = (message, buffers) => this.take(message, buffers);
    this.model.on("msg:custom", this.receive);
    if (!this.embedded) this.listen(window, "hashchange", () => { if (!location.hash || location.hash.startsWith("#/")) this.go(placeInAddress()); });
    this.listen(window, "beforeunload", (event) => { if (this.outbox.entries.size && !this.outbox.canKeep) event.preventDefault(); });
    this.listen(document, "click", (event) => this.jump(event));
    this.listenToFields();
    this.listenToCards();
    this.listenToForms();
    if (this.hasCome) this.takeOver();
    else this.draw({ html: this.model.get("html"), title: this.model.get("title") });
    this.outbox.open().then(() => {
      if (this.closing.signal.aborted) { this.outbox.release(); return; }
      this.foundOnes = this.outbox.found;
      this.restoreWaiting();
      if (this.place() || this.model.get("stale")) this.go(this.place());
      else if (this.hasCome) this.connection.send({ kind: "ping" });
      else this.element.dataset.ready = "yes";
    });
  }

  // Takes over what has come with the page, and what was done there before this script ran: nothing of it is drawn anew.
  takeOver() {
    const { touched, pressed } = window.sencoPage ?? { touched: new Set(), pressed: [] };
    this.setTitle(this.model.get("title"));
    const controls = [...this.view.querySelectorAll("input, textarea, select")];
    const own = controls.filter((control) => isTouched(control, touched));
    // A browser that loads a page again may put back what stood in its boxes before. The page has what is newest.
    for (const control of controls) if (!own.includes(control) && !isAsItCame(control)) setAsItCame(control);
    this.restoreDrafts(own);
    for (const form of new Set(own.map((control) => control.form))) if (form) this.keepDraft(form);
    const changed = own.filter((control) => !isAsItCame(control)).map((control) => control.closest("[data-name]"));
    for (const field of new Set(changed)) if (field) this.chosen(field);
    this.tell("");
    for (const place of pressed.filter((each) => this.view.contains(each))) {
      if (place.matches("form")) this.submitted(place); else this.clicked(place);
    }
    this.element.dataset.adopted = "yes";
  }

  // Whether there was a connection that is there no more: not while the page is still opening.
  isCut() { return this.connection.state === "lost" || this.connection.state === "over"; }

  place() { return this.embedded ? this.where : placeInAddress(); }

  putPlace(where) { if (this.embedded) this.where = where; else putInAddress(where); }

  close() {
    this.closing.abort();
    this.model.off("msg:custom", this.receive);
    this.connection.close();
    this.outbox.release();
    clearTimeout(this.sayTimer);
  }

  listen(target, type, act) { target.addEventListener(type, act, { signal: this.closing.signal }); }

  // The same words twice in a row are not read out twice, so the second time gets a space that is not heard.
  say(text) {
    clearTimeout(this.sayTimer); // an older "Saved" must not take the place of what is said now
    this.live.textContent = this.live.textContent === text ? text + "\u00a0" : text;
  }

  tell(text) { this.notice.textContent = text; }

  // ------------------------------------------------------------------------------------------------ to and from the kernel

  ask(message, buffers) {
    this.turn += 1;
    this.asked = true;
    this.connection.send({ ...message, turn: this.turn }, buffers);
  }

  go(where) {
    this.pressed = null;
    this.outbox.flush();
    this.ask({ kind: "go", where });
    if (this.isCut()) { this.tell("This can be shown when the connection is back."); return; }
    const turn = this.turn;
    const first = this.element.dataset.ready !== "yes";  // then the page itself says that it is loading
    setTimeout(() => {
      if (this.asked && this.turn === turn && !first && !this.isCut()) this.tell("One moment…");
    }, SLOW_AFTER);
  }

  take(message, buffers) {
    if (message.to !== this.id) return;
    if (message.kind === "progress") { this.showProgress(message); return; }
    const newest = message.turn === this.turn;
    if (newest) this.asked = false;
    if (message.turn && message.turn === this.workTurn) this.stopWorking();
    this.connection.heard(this.asked || this.outbox.waiting().some((entry) => entry.sent && entry.sent !== message.number));
    switch (message.kind) {
      case "saved": case "refused": this.answered(message); break;
      case "show": if (newest) this.show(message); break;
      case "download": this.download(message, buffers); break;
      case "pong": this.outbox.tryAgain(); break;
      case "failed": this.pressed = null; this.tell(message.says); break;
      default: break;
    }
    if (newest) this.element.dataset.ready = "yes";
  }

  // ------------------------------------------------------------------------------------------------ what is shown

  draw({ html, title }) {
    this.view.innerHTML = html;
    this.setTitle(title);
    this.restoreWaiting();
    this.restoreDrafts();
  }

  setTitle(title) { if (!this.embedded) document.title = `${title} – SENCO Course Kit`; }

  show({ html, title, focus, where, says, forget }) {
    if (forget) this.outbox.forget();
    const first = this.element.dataset.ready !== "yes";
    if (typeof where === "string") {
      if (this.pressed) this.forgetDraft(this.pressed);  // what was sent has arrived: the page goes on from there
      this.putPlace(where);
    }
    this.pressed = null;
    const hadFocus = this.element.contains(document.activeElement);
    this.draw({ html, title });
    this.tell(says || this.news);
    this.news = "";
    // While a page opens, someone may have begun to use its menu: then the focus is theirs. So it is when they have gone
    // on from an embedded screen to something else on the page.
    if (this.embedded ? hadFocus : !first || document.activeElement === document.body) this.moveFocus(focus);
    this.element.dataset.shown = String(Number(this.element.dataset.shown || 0) + 1);
  }

  moveFocus(id) {
    const chosen = id && document.getElementById(id);
    const whole = this.embedded && (this.view.querySelector("h3, h4, h5, h6") || this.view);
    const target = chosen || this.view.querySelector("[data-focus]") || this.view.querySelector("h2") || whole;
    if (!target) return;
    if (this.embedded) target.scrollIntoView({ block: "nearest" });
    else if (chosen) chosen.scrollIntoView({ block: "start" });
    else window.scrollTo(0, 0);
    focusOn(target);
  }

  // A link to a part of what is shown (the skip link, a list of errors) must not take the place out of the address.
  jump(event) {
    const link = event.target.closest?.('a[href^="#"]:not([href^="#/"])');
    const target = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!target || !(this.element.contains(link) || (pageConfig().kernelId && !this.embedded))) return;
    event.preventDefault();
    target.scrollIntoView({ block: "start" });
    focusOn(target);
  }

  // What is not saved yet stands over what the kernel knows: first the rows, then what is typed in them.
  restoreWaiting() {
    const entries = [...this.outbox.entries.values()];
    for (const entry of entries.filter((each) => each.row)) {
      const form = formNamed(this.view, entry.form);
      const table = form && tableNamed(form, entry.name);
      if (!table) continue;
      const row = table.querySelector(`[data-row="${CSS.escape(entry.row)}"]`);
      if (entry.kind === "add_row" && !row) table.querySelector("[data-rows]").append(makeRow(table, entry.row));
      if (entry.kind === "remove_row" && row) row.remove();
      numberRows(table);
    }
    for (const entry of entries) {
      const field = this.placeOf(entry);
      if (!field) continue;
      // What stands there already is left alone: setting an order anew would take the focus from it.
      if (entry.kind === "change" && String(valueOf(field)) !== String(entry.value)) setValue(field, entry.value);
      if (entry.refused) showError(field, entry.refused);
      this.showState(field);
      const card = field.closest("[data-drag]");
      const place = card && [...this.view.querySelectorAll("[data-drop]")].find(isPlaceOf(card));
      if (place) putCard(card, place);
    }
  }

  // ------------------------------------------------------------------------------------------------ answers given

  // The field or table that an entry belongs to, if it is in view.
  placeOf(entry) {
    const form = formNamed(this.view, entry.form);
    return form && (entry.row ? tableNamed(form, entry.name) : named(form, entry.name));
  }

  // Says at the item that holds the field how far its answers are; "Saved" only when all of them are.
  showState(field, at) {
    const section = field.closest("[data-item], .form-section, [data-form]");
    const line = section?.querySelector("[data-saved]");
    if (!line) return;
    const own = [...this.outbox.entries.values()].filter((entry) => {
      const place = this.placeOf(entry);
      return place && section.contains(place);
    });
    if (own.some((entry) => entry.refused) || (own.length && this.connection.state !== "good")) line.textContent = "Not saved yet";
    else if (own.length) line.textContent = "Saving…";
    else line.textContent = at ? `Saved ${at}` : "Not saved";
  }

  chosen(field) {
    if (field.dataset.kind === "one") field.querySelector("[data-clear]")?.removeAttribute("hidden");
    this.changed(field);
  }

  put(change) {
    this.outbox.put(change);
    const place = this.placeOf(change);
    if (place) this.showState(place);
    if (this.isCut()) this.showBanner();
  }

  changed(field) {
    const form = field.closest("[data-form]");
    if (form) this.put({ kind: "change", form: form.dataset.form, name: field.dataset.name, value: valueOf(field) });
  }

  answered({ number, at, says, gone, later, parts }) {
    const entry = this.outbox.answered(number, says, gone, later);
    if (!entry) return;
    const place = this.placeOf(entry);
    if (place) this.showState(place, at);
    if (says) { if (!entry.repeated) this.refused(entry, place, says, entry.gone); return; }
    if (place) this.fillParts(parts);
    this.outbox.tryAgain();
    if (place) showError(place, "");
    this.element.dataset.savedNumber = String(Number(this.element.dataset.savedNumber || 0) + 1);
    clearTimeout(this.sayTimer);
    if (this.outbox.waiting().length === 0) {
      if (this.foundOnes) this.tellOfFoundOnes();
      this.sayTimer = setTimeout(() => this.say(`Saved ${at}`), place && isManyStepped(place) ? 1500 : 300);
    }
  }

  // What else has changed on the screen because of the answer, such as a cost that follows from it.
  fillParts(parts) {
    for (const [id, html] of Object.entries(parts || {})) {
      const element = this.view.querySelector(`#${CSS.escape(id)}`);
      if (element) element.innerHTML = html;
    }
  }

  // Answers that an earlier page could not save are saved now.
  tellOfFoundOnes() {
    this.foundOnes = false;
    const words = "What you typed before is saved now.";
    this.tell(words);
    if (this.asked) this.news = words;
  }

  refused(entry, place, says, gone) {
    if (!place) { this.showUnkept(entry, says, gone); return; }
    // While someone is typing, a half-typed date is not a mistake yet: wait until they leave the field.
    if (!gone && isTyped(place) && place === document.activeElement) return;
    showError(place, says);
    this.say(`Not saved. ${says}`);
  }

  // An answer that is not in view and could not be saved: nothing that was typed goes without a word.
  showUnkept(entry, says, gone) {
    const words = [].concat(entry.value ?? "").join(", ");
    const shown = gone || words.length <= 200 ? words : `${words.slice(0, 200)}…`;
    const line = document.createElement("p");
    line.textContent = [
      `Not saved: ${says}`,
      shown && (gone ? `This was typed and can’t be kept: “${shown}”` : `This browser still keeps it: “${shown}”`),
    ].filter(Boolean).join(" ");
    if (this.unkept.hidden) {
      this.unkept.hidden = false;
      this.unkept.append(makeButton("Hide this message", () => this.hideUnkept(), "secondary"));
    }
    this.unkept.lastElementChild.before(line);
  }

  hideUnkept() {
    this.unkept.hidden = true;
    this.unkept.replaceChildren();
    this.moveFocus();
  }

  // The person leaves a typed field: now is the time to say what is wrong with it.
  left(field) {
    const form = field.closest("[data-form]");
    const entry = form && this.outbox.entries.get(Outbox.key({ form: form.dataset.form, name: field.dataset.name }));
    if (!entry?.refused || document.getElementById(field.id + "-error")?.textContent.endsWith(entry.refused)) return;
    showError(field, entry.refused);
    this.say(`Not saved. ${entry.refused}`);
  }

  listenToFields() {
    const fieldOf = (event) => event.target.closest("[data-name]");
    this.listen(this.view, "input", (event) => {
      const field = fieldOf(event);
      if (field && isTyped(field)) this.changed(field);
    });
    this.listen(this.view, "change", (event) => {
      const field = fieldOf(event);
      if (!field) return;
      if (isTyped(field)) this.left(field); else this.chosen(field);
    });
    this.listen(this.view, "focusout", (event) => {
      const field = fieldOf(event);
      if (field && isTyped(field)) this.left(field);
    });
    this.listen(this.view, "click", (event) => {
      const button = event.target.closest("button");
      if (button) this.clicked(button);
    });
  }

  listenToCards() {
    let dragged = null;
    const under = (event) => dragged && event.target.closest?.("[data-drop]");
    this.listen(this.view, "change", (event) => {
      if (event.target.matches("[data-place]")) this.moveCard(event.target);
    });
    this.listen(this.view, "dragstart", (event) => { dragged = event.target.closest?.("[data-drag]"); });
    this.listen(this.view, "dragend", () => { dragged = null; });
    this.listen(this.view, "dragover", (event) => { if (under(event)) event.preventDefault(); });
    this.listen(this.view, "drop", (event) => {
      const place = under(event);
      if (!place) return;
      event.preventDefault();
      const list = dragged.querySelector("[data-place]");
      if (list.value === place.dataset.drop) return;
      list.value = place.dataset.drop;
      list.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  moveCard(list) {
    const card = list.closest("[data-drag]");
    const place = this.view.querySelector(`[data-drop="${CSS.escape(list.value)}"]`);
    for (const field of fieldsOf(card)) {
      if (valueOf(field) === sets(place, field)) continue;
      setValue(field, sets(place, field));
      this.changed(field);
    }
    list.focus();
    putCard(card, place);
    this.say(`Moved to ${list.selectedOptions[0].textContent}.`);
  }

  clicked(button) {
    if ("clear" in button.dataset) this.clear(button.closest("[data-name]"));
    else if ("addRow" in button.dataset) this.addRow(button.closest("[data-table]"));
    else if ("removeRow" in button.dataset) this.removeRow(button.closest("[data-row]"));
    else if ("press" in button.dataset) this.press(button);
    else if ("move" in button.dataset) this.move(button);
    else if ("print" in button.dataset) window.print();
  }

  clear(field) {
    setValue(field, "");
    this.changed(field);
    field.querySelector("input").focus();
  }

  move(button) {
    const field = button.closest("[data-name]");
    const { moved, says } = moveItem(button.closest("[data-value]"), button.dataset.move);
    if (moved) {
      markEnds(field);
      givenBox(field).checked = true;
      this.changed(field);
    }
    button.focus();  // a browser may not give it to a button that was clicked
    this.say(says);
  }

  addRow(table) {
    const id = newId();
    const row = makeRow(table, id);
    table.querySelector("[data-rows]").append(row);
    numberRows(table);
    this.put({ kind: "add_row", form: table.closest("[data-form]").dataset.form, name: table.dataset.table, row: id });
    row.querySelector("input, textarea, select")?.focus();
  }

  removeRow(row) {
    const table = row.closest("[data-table]");
    const about = { form: table.closest("[data-form]").dataset.form, name: table.dataset.table, row: row.dataset.row };
    const label = row.querySelector("legend").textContent.trim();
    this.outbox.drop((entry) => entry.form === about.form && entry.name.startsWith(`${about.name}/${about.row}/`));
    this.put({ kind: "remove_row", ...about });
    const undo = document.createElement("p");
    undo.className = "removed";
    const button = makeButton("Put it back", () => {
      this.put({ kind: "add_row", ...about });
      undo.replaceWith(row);
      // All of them, the empty ones too: the kernel may not have heard that they were emptied.
      for (const field of row.querySelectorAll("[data-name]")) this.changed(field);
      numberRows(table);
      row.querySelector("input, textarea, select")?.focus();
      this.say(`${label} is back.`);
    }, "link");
    undo.append(`${label} removed. `, button);
    row.replaceWith(undo);
    numberRows(table);
    button.focus();
    this.say(`${label} removed.`);
  }

  // ------------------------------------------------------------------------------------------------ buttons, forms, files

  draftKey(form) { return `${DRAFT}${this.home.place}:${form.dataset.draft}`; }

  forgetDraft(form) { if (form.dataset.draft) kept.remove("sessionStorage", this.draftKey(form)); }

  keepDraft(form) {
    if ("draft" in form.dataset) kept.set("sessionStorage", this.draftKey(form), JSON.stringify(Object.fromEntries(new FormData(form))));
  }

  restoreDrafts(exceptIn = []) {
    for (const form of this.view.querySelectorAll("form[data-draft]")) {
      const values = kept.parse(kept.get("sessionStorage", this.draftKey(form))) || {};
      for (const control of form.elements) {
        if (!control.name || !(control.name in values) || exceptIn.includes(control)) continue;
        if (control.type === "radio" || control.type === "checkbox") control.checked = values[control.name] === control.value;
        else control.value = values[control.name];
      }
    }
  }

  listenToForms() {
    this.listen(this.view, "input", (event) => {
      if (event.target.form) this.keepDraft(event.target.form);
    });
    this.listen(this.view, "submit", (event) => {
      event.preventDefault();
      this.submitted(event.target);
    });
  }

  submitted(form) {
    const file = form.querySelector("input[type=file]");
    if (file) this.sendFile(form, file);
    else this.press(form, Object.fromEntries(new FormData(form)));
  }

  press(source, values = {}) {
    for (const [name, value] of Object.entries(source.dataset)) {
      if (name.startsWith("with")) values[name.slice(4).toLowerCase()] = value;
    }
    if (!this.startWorking(source.dataset.working || "One moment…")) return;
    this.pressed = source;
    this.ask({ kind: "press", action: source.dataset.press, values });
    this.workTurn = this.turn;
  }

  async sendFile(form, control) {
    const file = control.files[0];
    const wrong = whatIsWrongWith(file, form.dataset.fileIs);
    showError(control, wrong);
    if (wrong) { this.tell(""); this.say(wrong); control.focus(); return; }
    if (!this.startWorking("Reading the file…")) return;
    let bytes;
    try {
      bytes = await file.arrayBuffer();
    } catch {
      this.stopWorking();
      this.tell("This file could not be read. Nothing was changed. Choose it again.");
      return;
    }
    const parts = Math.ceil(bytes.byteLength / LARGEST_PART);
    for (let part = 0; part < parts; part += 1) {
      const piece = bytes.slice(part * LARGEST_PART, (part + 1) * LARGEST_PART);
      const message = { kind: "file", action: form.dataset.press, part, parts };
      if (part === 0) this.ask(message, [piece]);
      else this.connection.send({ ...message, turn: this.turn }, [piece]);
      this.workTurn = this.turn;
    }
  }

  // Returns whether work can begin: one thing at a time, and nothing while the kernel does not answer.
  startWorking(words) {
    if (this.connection.working) return false;
    if (this.isCut()) {
      this.tell("The connection to the kit is lost, so this can’t be done now. Try again when it is back.");
      return false;
    }
    this.outbox.flush();
    this.connection.working = true;
    this.saidProgressAt = Date.now();  // the words of the button are read out first
    this.tell(words);
    this.element.setAttribute("aria-busy", "true");
    return true;
  }

  stopWorking() {
    this.connection.working = false;
    this.workTurn = 0;
    this.progress.hidden = true;
    this.element.removeAttribute("aria-busy");
  }

  // How far the work of a button is; each such message is also a sign of life.
  showProgress({ turn, done, of, says }) {
    this.connection.heard(true);
    if (turn !== this.workTurn) return;
    const bar = this.progress.querySelector("progress");
    if (of > 0) { bar.max = of; bar.value = done; } else bar.removeAttribute("value");
    this.progress.querySelector("[data-progress-says]").textContent = says;
    this.progress.hidden = false;
    if (Date.now() - this.saidProgressAt < SAY_PROGRESS_EVERY) return;
    this.saidProgressAt = Date.now();
    this.say(says);
  }

  download({ name, type, says }, buffers) {
    const address = URL.createObjectURL(new Blob([buffers[0]], { type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    this.tell(says);
  }

  // ------------------------------------------------------------------------------------------------ the connection

  connectionChanged(state, before) {
    for (const entry of this.outbox.waiting()) {
      const place = this.placeOf(entry);
      if (place) this.showState(place);
    }
    if (state === "good") {
      // What was done while the page opened was on its way all the time.
      if (before !== "opening") this.isBack();
      if (!this.asked) this.element.dataset.ready = "yes";
      return;
    }
    // Of several screens on one page only those say it that have something to save; the others when they do.
    if (this.embedded && !this.connection.working && !this.outbox.entries.size) return;
    if (this.connection.working) {
      this.stopWorking();
      this.asked = false;
      this.tell("The kit did not answer, so it may or may not have done this. When the connection is back, look before you try again.");
    }
    this.showBanner();
  }

  showBanner() {
    const over = this.connection.state === "over";
    const safe = this.outbox.canKeep || this.outbox.entries.size === 0;
    const words = BANNER[over ? "over" : "lost"][safe ? "safe" : "unsafe"];
    if (this.banner.dataset.words === words) return;
    this.banner.dataset.words = words;
    this.banner.hidden = false;
    this.banner.replaceChildren(words);
    if (over) this.banner.append(" ", makeButton("Carry on", () => location.reload()));
  }

  isBack() {
    const wasSaid = !this.banner.hidden;
    const focusGoes = this.banner.contains(document.activeElement);
    this.banner.hidden = true;
    this.banner.dataset.words = "";
    this.banner.replaceChildren();
    if (focusGoes) this.moveFocus();
    if (wasSaid) this.say("The connection is back.");
    this.outbox.sendAgain();
    if (this.asked) this.go(this.place());
  }
}

function makeElement(parts) {
  const element = document.createElement("div");
  element.className = "screen";
  element.innerHTML = parts;
  return element;
}

// Whether a person has changed a control while the page loaded. One of a group of radio buttons stands for them all.
function isTouched(control, touched) {
  const isOfGroup = (each) => each.name === control.name && each.form === control.form;
  return touched.has(control) || (control.type === "radio" && [...touched].some(isOfGroup));
}

function focusOn(target) {
  if (!target.hasAttribute("tabindex") && !target.matches("input, textarea, select, button, a")) target.tabIndex = -1;
  target.focus({ preventScroll: true });
}

// One sentence about a chosen file that need not be sent at all; "" when there is nothing wrong with it.
function whatIsWrongWith(file, fileIs = "the file that the kit saved") {
  if (!file) return "Choose a file first.";
  const rest = `Nothing was changed. Choose ${fileIs}.`;
  if (file.size === 0) return `This file is empty. ${rest}`;
  if (file.size > LARGEST_FILE) return `This file is larger than ${LARGEST_FILE / 1000000} MB, which is more than the kit reads. ${rest}`;
  return "";
}

function render({ model, el }) {
  const screen = new Screen(model, el);
  screen.open();
  return () => screen.close();
}

export default { render };
