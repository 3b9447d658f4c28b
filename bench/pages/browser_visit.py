"""One visitor in a real browser: when the first control can be used, when its answer is kept, what was asked for.

The page itself looks, frame by frame, for the first radio button. It counts as usable in the frame after the one in
which it first stood there, drawn and not disabled, when it takes the focus and a choice there and then, and when that
very choice is kept by the server. A choice that is not kept in time is tried again, and the later moment counts.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, Playwright
from playwright.sync_api import Error as BrowserError
from servers import CannotMeasure, Server

from serving_fixture import CHROMIUM, CHROMIUM_ARGUMENTS

#: Whatever lies outside this computer fails at once, for every tool alike.
NOBODY_OUTSIDE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
#: Seconds that a page is given until its first answer is kept; that a choice is given until it is tried again; and that
#: a page goes on loading after its first answer, all of which is counted.
PATIENCE = 120
TRY_AGAIN = 10
AFTERWARDS = 2
#: So many seconds after a change of the file it is looked into.
LATELY = 0.2

#: Runs in the page before anything else. Panel, marimo and Solara may put controls into shadow trees: those are looked
#: into as well. The place in the list of all controls that is chosen is `place`, so that each try chooses another one.
WATCH = """
(() => {
  const CONTROL = "input[type=radio], [role=radio]";
  const found = { tries: [] };
  window.benchFound = found;
  const controls = (root) => {
    const here = [...root.querySelectorAll(CONTROL)];
    if (here.length) return here;
    for (const each of root.querySelectorAll("*")) {
      const inside = each.shadowRoot ? controls(each.shadowRoot) : [];
      if (inside.length) return inside;
    }
    return [];
  };
  const drawn = (control) => {
    const seen = control.closest("label") || control.labels?.[0] || control.parentElement || control;
    const box = seen.getBoundingClientRect();
    return !control.disabled && seen.checkVisibility() && box.width > 0 && box.height > 0;
  };
  const chosen = (control) => control.checked || control.getAttribute("aria-checked") === "true";
  window.benchChoose = (place) => {
    const look = () => {
      const control = controls(document)[place];
      if (!control || !drawn(control)) { requestAnimationFrame(look); return; }
      requestAnimationFrame(() => {
        control.focus();
        const focused = control.getRootNode().activeElement === control;
        control.click();
        found.tries.push({ at: performance.now(), focused });
        setTimeout(() => { found.tries.at(-1).stays = chosen(controls(document)[place] || control); }, 1000);
      });
    };
    requestAnimationFrame(look);
  };
  window.benchChoose(1);
})();
"""


@dataclass
class BrowserVisit:
    """What one visit showed; times in milliseconds since the navigation began."""

    painted: float = 0
    usable: float = 0
    saved: float = 0
    requests: int = 0
    kilobytes: float = 0
    #: What was not as it should be, in words.
    wrong: list[str] = field(default_factory=list)


@dataclass
class _Traffic:
    """What a page asks for and gets, from the browser's own log; what a page makes itself is not counted."""

    requests: int = 0
    bytes: float = 0
    own: set[str] = field(default_factory=set)

    def listen(self, log: CDPSession) -> None:
        log.on("Network.requestWillBeSent", self._asked)
        log.on("Network.webSocketCreated", lambda _: self._count())
        log.on("Network.loadingFinished", self._arrived)
        log.on("Network.webSocketFrameReceived", self._frame)
        log.send("Network.enable")

    def _count(self) -> None:
        self.requests += 1

    def _asked(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith(("http:", "https:")):
            self._count()
        else:
            self.own.add(event["requestId"])

    def _arrived(self, event: dict[str, Any]) -> None:
        if event["requestId"] not in self.own:
            self.bytes += event["encodedDataLength"]

    def _frame(self, event: dict[str, Any]) -> None:
        self.bytes += len(event["response"]["payloadData"])


def start_browser(playwright: Playwright) -> Browser:
    """The browser of the tests."""
    try:
        return playwright.chromium.launch(executable_path=CHROMIUM, args=[*CHROMIUM_ARGUMENTS, NOBODY_OUTSIDE])
    except BrowserError as problem:
        first = str(problem).strip().splitlines()[0]
        raise CannotMeasure(f"Chromium did not start; name it in SENCO_CHROMIUM, or leave it out: {first}") from problem


def visit(browser: Browser, server: Server) -> BrowserVisit:
    """Open the form in a fresh profile and answer its first question. Raises CannotMeasure when that does not work."""
    server.forget()
    context = browser.new_context()
    try:
        page = context.new_page()
        traffic = _Traffic()
        traffic.listen(context.new_cdp_session(page))
        page.add_init_script(WATCH)
        watch = _Watch(server)
        page.goto(server.address, wait_until="commit", timeout=PATIENCE * 1000)
        seen = _wait_until_kept(page, server, watch)
        seen.requests, seen.kilobytes = traffic.requests, traffic.bytes / 1000
        seen.painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0")
        if not _click_another(page, server):
            seen.wrong.append("a later click of the mouse on another level was not kept")
        with suppress(BrowserError):
            page.goto("about:blank")  # so that the page sends its farewell
        return seen
    except BrowserError as problem:
        raise CannotMeasure(f"{server.name}: {str(problem).splitlines()[0]}") from problem
    finally:
        context.close()


class _Watch:
    """Asks what is kept only when the file has just changed: asking all the time would be in the way of the writing."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._files = [server.file, server.file.with_name(server.file.name + "-wal")]
        self._seen = self._facts()
        self._changed = 0.0

    def _facts(self) -> list[tuple[int, int]]:
        facts = []
        for file in self._files:
            with suppress(FileNotFoundError):
                now = file.stat()
                facts.append((now.st_mtime_ns, now.st_size))
        return facts

    def kept(self) -> str:
        """What is kept of the first choice; empty when nothing is, or nothing has changed lately."""
        facts = self._facts()
        if facts != self._seen:
            self._seen, self._changed = facts, time.monotonic()
        return self._server.kept() if time.monotonic() - self._changed < LATELY else ""


def _wait_until_kept(page: Page, server: Server, watch: _Watch) -> BrowserVisit:
    """Wait for the answer to stand where it is kept; the looking, every hundredth of a second, is in the time."""
    begun = time.monotonic()
    place, chosen_again = 1, begun
    while not watch.kept():
        if time.monotonic() - begun > PATIENCE:
            raise CannotMeasure(f"{server.name}: no answer was kept in {PATIENCE} s; tries: {_found(page)}")
        if time.monotonic() - chosen_again > TRY_AGAIN and _found(page):
            place, chosen_again = place % 4 + 1, time.monotonic()
            page.evaluate("(place) => window.benchChoose(place)", place)
        time.sleep(0.01)
    at = time.time() * 1000
    page.wait_for_timeout(AFTERWARDS * 1000)  # not wait_for_function: the kit's pages let no text be run as a script
    tries = _found(page)
    wrong = {
        "the control did not take the focus": not tries[-1]["focused"],
        "the choice was not to be seen any more a second later": not tries[-1].get("stays"),
        f"the control had to be chosen {len(tries)} times until a choice was kept": len(tries) > 1,
    }
    saved = at - page.evaluate("performance.timeOrigin")
    return BrowserVisit(usable=tries[-1]["at"], saved=saved, wrong=[words for words, true in wrong.items() if true])


def _found(page: Page) -> list[dict[str, Any]]:
    tries: list[dict[str, Any]] = page.evaluate("window.benchFound.tries")
    return tries


def _click_another(page: Page, server: Server) -> bool:
    """Click with the mouse on the last level of the first statement; whether that is kept instead."""
    before = server.kept()
    page.locator("label").filter(has_text="Leading others").first.click(timeout=10_000)
    end = time.monotonic() + 10
    while server.kept() == before and time.monotonic() < end:
        time.sleep(0.2)
    return server.kept() != before
