// Watches a page of the kit while it loads: takes the loading line away when everything can be used, and says so in
// words when it takes long or fails. It runs before anything of the page is shown, and notes what a person does on a
// screen until screen.js takes over.
(() => {
  "use strict";

  const root = document.documentElement;
  root.classList.add("frame-script");

  const OUTPUT = ".frame-output[data-by-voila]";
  const SCREEN = ".frame-screen > .screen";
  const LONG = 15; // seconds
  const TOO_LONG = 60;
  let over = false;

  // Voila calls these while it writes and loads a page; the kit's pages have no use for them.
  window.voila_heartbeat = window.voila_process = window.voila_finish = () => {};

  const line = () => document.getElementById("frame-loading");

  function say(text, stopped) {
    if (over || !line()) return;
    line().textContent = text;
    line().classList.toggle("frame-stopped", Boolean(stopped));
  }

  function fail() {
    if (over || !line()) return;
    for (const screen of notAlive()) if (screen.dataset.used) refuse(screen);
    const rest = notAlive().length ? "What you do on it now is not kept. " : "";
    say(`This page could not be loaded. Work that was saved is still there. ${rest}`, true);
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Load the page again";
    line().append(again);
    over = true;
  }

  // An output is shown when its description has been taken away and something stands in its place.
  // A widget's place holds only a line of text ("Loading widget...") until the widget itself is there.
  function isShown(output) {
    const place = output.firstElementChild;
    if (!place || place.tagName === "SCRIPT") return false;
    return "widget" in output.dataset ? place.childElementCount > 0 : place.childNodes.length > 0;
  }

  // A screen can be used when its script has taken over; one whose place stands in the address, when it shows that place.
  function isUsable(screen) {
    const waits = root.classList.contains("frame-place") && !("embedded" in screen.parentElement.dataset);
    return "adopted" in screen.dataset && (!waits || "ready" in screen.dataset);
  }

  function allShown() {
    return [...document.querySelectorAll(OUTPUT)].every(isShown) && [...document.querySelectorAll(SCREEN)].every(isUsable);
  }

  function someFailed() {
    return [...document.querySelectorAll(`${OUTPUT}[data-widget]`)].some((output) =>
      output.textContent.startsWith("Error displaying widget")
    );
  }

  function look() {
    if (over || document.readyState === "loading") return;
    if (someFailed()) fail();
    if (over || !allShown()) return;
    over = true;
    watcher.disconnect();
    line()?.remove();
    root.dataset.pageReady = "yes";
  }

  const watcher = new MutationObserver(look);
  watcher.observe(document, { childList: true, subtree: true, attributeFilter: ["data-adopted", "data-ready"] });
  document.addEventListener("DOMContentLoaded", look);
  setTimeout(() => say("Still loading. On a slow computer this can take up to a minute."), LONG * 1000);
  setTimeout(fail, TOO_LONG * 1000);

  // A script of the page that does not arrive (the kit was stopped meanwhile) will not come later either.
  window.addEventListener("error", (event) => { if (event.target instanceof HTMLScriptElement) fail(); }, true);

  // ---- what is done on a screen before its script is there

  const touched = new Set(); // controls that were changed
  const pressed = []; // buttons and forms, in their order
  window.sencoPage = { touched, pressed, fail };

  const notAlive = () => [...document.querySelectorAll(`${SCREEN}:not([data-adopted])`)];
  const screenOf = (target) => target.closest?.(`${SCREEN}:not([data-adopted])`);

  function refuse(screen) {
    screen.querySelector("[data-notice]").textContent = "This was not done, because the page could not be loaded. Load it again.";
  }

  function press(place, screen) {
    pressed.push(place);
    screen.dataset.used = "yes";
    if (over) refuse(screen);
    else screen.querySelector("[data-notice]").textContent = "One moment…";
  }

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => { if (screenOf(event.target)) touched.add(event.target); }, true);
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button[type=button]");
    if (button && screenOf(button)) press(button, screenOf(button));
  }, true);
  document.addEventListener("submit", (event) => {
    const screen = screenOf(event.target);
    if (!screen) return;
    event.preventDefault(); // the browser would load the page anew, and what was typed would be gone
    press(event.target, screen);
  }, true);

  // ---- a place in the address

  // The page comes with the screen's start. Where the address names another place, the start is not shown meanwhile.
  const place = () => location.hash.startsWith("#/") && location.hash.length > 2;
  const notePlace = () => root.classList.toggle("frame-place", place());
  notePlace();
  window.addEventListener("hashchange", notePlace);

  // A link within the page, such as the skip link, would take the place out of the address.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]:not([href^="#/"])');
    const target = link && document.getElementById(link.hash.slice(1));
    if (over || !target || !place()) return;
    event.preventDefault();
    target.scrollIntoView();
    target.focus();
  }, true);

  // ---- a page that goes

  // A page that goes says so, so that its kernel is ended at once. Voila does the same, but only once its widgets are
  // there, and also when the person is asked and then chooses to stay.
  // Voila's own farewell is therefore not let in: it would end the kernel of a page that stays.
  const listen = window.addEventListener.bind(window);
  window.addEventListener = (kind, listener, ...rest) => {
    if (kind === "beforeunload" && String(listener).includes("api/shutdown")) return;
    listen(kind, listener, ...rest);
  };
  listen("pagehide", (event) => {
    const told = document.getElementById("jupyter-config-data");
    if (told && !event.persisted) {
      navigator.sendBeacon(`/voila/api/shutdown/${JSON.parse(told.textContent).kernelId}`);
    }
  });

  // Voila's front end adds a shell of its own that is called "main", as our landmark is: give it another name.
  let app;
  Object.defineProperty(window, "jupyterapp", {
    get: () => app,
    set: (started) => { app = started; app.shell.node.id = "voila-shell"; },
  });
})();
