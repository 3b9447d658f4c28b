// Watches a page of the kit while it loads: takes the loading line away when everything is shown,
// and says so in words when it takes long or fails. Nothing here is needed to use the page.
(() => {
  "use strict";

  document.documentElement.classList.add("frame-script");

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
    say("This page could not be loaded. Work that was saved is still there. ", true);
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

  function allShown() {
    return [...document.querySelectorAll(".frame-output")].every(isShown);
  }

  function someFailed() {
    return [...document.querySelectorAll(".frame-output[data-widget]")].some((output) =>
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
    document.documentElement.dataset.pageReady = "yes";
  }

  const watcher = new MutationObserver(look);
  watcher.observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", look);
  setTimeout(() => say("Still loading. On a slow computer this can take up to a minute."), LONG * 1000);
  setTimeout(fail, TOO_LONG * 1000);

  // A script of the page that does not arrive (the kit was stopped meanwhile) will not come later either.
  window.addEventListener("error", (event) => { if (event.target instanceof HTMLScriptElement) fail(); }, true);

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
