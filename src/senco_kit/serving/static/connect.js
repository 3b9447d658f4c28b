// Connects the screens of a page with the page's kernel: one websocket, which speaks Jupyter's protocol for kernels.
// Each screen gets a model with what screen.js uses of anywidget's: get, on, off and send. A message to a screen is a
// comm_msg with the screen's model as its comm, "custom" as its method, and files as buffers behind it.

const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const FIRST_PAUSE = 250; // milliseconds
const LONGEST_PAUSE = 4000;
const LOADED_AGAIN = "senco-loaded-again"; // sessionStorage: when a page without a kernel was loaded once more
const LOAD_AGAIN_AFTER = 60000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const asJson = (value) => encoder.encode(JSON.stringify(value));
const fromJson = (bytes) => JSON.parse(decoder.decode(bytes));

function newId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ------------------------------------------------------------------------------------------------------------ messages

// One message on the wire: how many offsets there are, the offsets themselves (where each part begins, and where the
// last one ends; all numbers of 8 bytes), and the parts: channel, header, parent's header, metadata, content, buffers.
function pack(parts) {
  const count = parts.length + 1;
  let at = 8 * (count + 1);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, at));
  const numbers = new DataView(whole.buffer);
  const write = (place, number) => numbers.setBigUint64(8 * place, BigInt(number), true);
  write(0, count);
  parts.forEach((part, index) => {
    write(index + 1, at);
    whole.set(part, at);
    at += part.byteLength;
  });
  write(count, at);
  return whole;
}

function unpack(whole) {
  const numbers = new DataView(whole);
  const read = (place) => Number(numbers.getBigUint64(8 * place, true));
  const starts = Array.from({ length: read(0) }, (_, index) => read(index + 1));
  return starts.slice(1).map((end, index) => new Uint8Array(whole, starts[index], end - starts[index]));
}

function customMessage(session, model, content, buffers) {
  const header = {
    msg_id: newId(), msg_type: "comm_msg", session, username: "", date: new Date().toISOString(), version: "5.3",
  };
  const about = { comm_id: model, data: { method: "custom", content } };
  const json = [header, {}, {}, about].map(asJson);
  return pack([encoder.encode("shell"), ...json, ...buffers.map((buffer) => new Uint8Array(buffer))]);
}

// ---------------------------------------------------------------------------------------------------------- connection

class KernelConnection {
  // What is sent before the connection is there, or while it is away, waits and goes out in its order.
  constructor({ baseUrl, kernelId }) {
    this.session = newId();
    this.kernel = new URL(`${baseUrl}api/kernels/${kernelId}`, location.href);
    this.address = new URL(`${this.kernel.pathname}/channels?session_id=${this.session}`, this.kernel);
    this.address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.models = [];
    this.waiting = [];
    this.pause = FIRST_PAUSE;
    this.open();
  }

  open() {
    this.socket = new WebSocket(this.address, PROTOCOL);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.wasOpen = true;
      this.pause = FIRST_PAUSE;
      for (const { message } of this.waiting.splice(0)) this.socket.send(message);
    };
    this.socket.onmessage = (event) => this.take(unpack(event.data));
    this.socket.onclose = () => this.openLater();
  }

  openLater() {
    setTimeout(() => this.openAgain(), this.pause);
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE);
  }

  async openAgain() {
    let answer;
    try { answer = await fetch(this.kernel, { cache: "no-store" }); } catch { /* the server is away */ }
    if (answer?.ok) this.open();
    else if (answer?.status !== 404) this.openLater();
    else if (!this.wasOpen) this.loadAgain();
    // 404: the kernel has ended and does not come back. The screen finds that out too, and says it.
  }

  // A page is sent without waiting for its kernel. The rare one whose kernel could not be started is loaded once more:
  // what was typed meanwhile is kept in this browser, as when the person does it.
  loadAgain() {
    const now = Date.now();
    const before = Number(sessionStorage.getItem(LOADED_AGAIN) || 0);
    if (now - before < LOAD_AGAIN_AFTER) return;
    sessionStorage.setItem(LOADED_AGAIN, now);
    location.reload();
  }

  send(model, content, buffers) {
    const isPing = content.kind === "ping";
    const message = customMessage(this.session, model, content, buffers);
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(message);
    // One question whether the kernel is there is enough, however often it was asked meanwhile.
    else if (!isPing || !this.waiting.some((each) => each.isPing && each.model === model)) this.waiting.push({ model, isPing, message });
  }

  take([, header, , , content, ...buffers]) {
    if (fromJson(header).msg_type !== "comm_msg") return;
    const { comm_id: id, data } = fromJson(content);
    if (data.method !== "custom") return;
    for (const model of this.models) if (model.id === id) model.take(data.content, buffers);
  }
}

class ScreenModel {
  constructor(connection, holder) {
    const { model, name, title } = holder.dataset;
    this.id = model;
    this.facts = { name, title, embedded: "embedded" in holder.dataset };
    this.connection = connection;
    this.listeners = new Map();
    connection.models.push(this);
  }

  get(name) { return this.facts[name]; }

  on(event, act) { this.listeners.set(act, event); }

  off(event, act) { this.listeners.delete(act); }

  send(content, _callbacks, buffers = []) { this.connection.send(this.id, content, buffers); }

  take(content, buffers) {
    for (const [act, event] of this.listeners) if (event === "msg:custom") act(content, buffers);
  }
}

// --------------------------------------------------------------------------------------------------------------- start

const holders = document.querySelectorAll("[data-screen]");
// Voila's front end, where the page has something for it, opens a connection of its own, but only once it has been loaded.
// By then the server may have taken the kernel for one without a page: this connection shows that there is one.
if (document.querySelector("[data-screen], [data-by-voila]")) {
  const connection = new KernelConnection(JSON.parse(document.getElementById("jupyter-config-data").textContent));
  const start = ({ default: screen }) => {
    for (const holder of holders) screen.render({ model: new ScreenModel(connection, holder), el: holder });
  };
  // The page names the address of screen.js, which carries a fingerprint of the file.
  import(document.querySelector("link[rel=modulepreload]").href).then(start, window.sencoPage.fail);
}
