// On the page that says the kit is busy: ask every few seconds whether there is room, and load the page when there is.
(() => {
  "use strict";

  const pause = Number(document.currentScript.dataset.seconds) * 1000;

  async function look() {
    try {
      const answer = await fetch("/health", { cache: "no-store" });
      if ((await answer.json()).free > 0) {
        location.reload();
        return;
      }
    } catch {
      // The kit does not answer just now; the next look may find it.
    }
    setTimeout(look, pause);
  }

  setTimeout(look, pause);
})();
