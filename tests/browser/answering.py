"""What the tests of saving do again and again: open a heading, answer, look at what is kept, stop and kill kernels."""

from __future__ import annotations

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psutil  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.places import NOTEBOOKS
from senco_kit.standards.model import SPINE
from senco_kit.store import Store, open_store
from serving_fixture import PATIENCE, KitServer, kernels_below, processes_below, until

SAVED = re.compile(r"^Saved \d\d:\d\d$")
LOST = "The connection to the kit is lost."


@contextmanager
def one_person(browser: Browser, seconds: int) -> Iterator[BrowserContext]:
    """One person's browser, in which everything may take this long; the tests of a file share its tabs."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(seconds * 1000)
    expect.set_options(timeout=seconds * 1000)
    yield context
    context.close()
    expect.set_options(timeout=PATIENCE)


@contextmanager
def kit_to_kill(places: pytest.TempPathFactory) -> Iterator[KitServer]:
    """A server that tests may kill: what it leaves in the temp folder is left in a folder of its own.

    It has the home page and the self-audit alone, because each of its many starts makes all of its pages ready.
    """
    server, home = KitServer(), places.mktemp("home")
    (home / "pages").mkdir()
    for name in ("home", "self-audit"):
        shutil.copy(NOTEBOOKS / f"{name}.ipynb", home / "pages")
    server.start(home, home / "pages", {"TMPDIR": str(places.mktemp("scratch"))})
    yield server
    kill_all(server)


def store_of(kit: KitServer) -> Store:
    """What the server keeps, read from the file itself."""
    return open_store(kit.home / "work")


def new_audit(kit: KitServer, name: str = "An audit") -> str:
    """An empty audit of the first standard, made in the store; its id."""
    return store_of(kit).create_audit(name, SPINE).id


def kept(kit: KitServer, audit: str) -> SelfAudit:
    """An audit as the store has it now."""
    return store_of(kit).audit(audit)


def rating(kit: KitServer, audit: str, item: str) -> Rating:
    """The rating of one item as the store has it now."""
    return kept(kit, audit).rating(item)


def open_tab(kit: KitServer, context: BrowserContext, place: str = "") -> Page:
    """A new tab on a place of the self-audit page, ready to be used."""
    page = context.new_page()
    page.goto(f"{kit.url.rstrip('/')}/self-audit" + (f"#/{place}" if place else ""))
    ready(page)
    return page


def ready(page: Page) -> None:
    """Wait until the page shows what its address names, and unfold it."""
    page.wait_for_selector(".screen[data-ready=yes]", timeout=60_000)
    unfold(page)


def unfold(page: Page) -> None:
    """Open every folded part."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def show(page: Page, place: str) -> None:
    """Another place of the page that is open, as a link would show it."""
    before = int(page.locator(".screen").get_attribute("data-shown") or 0)
    page.evaluate(
        """place => {
             const hash = "#/" + place;
             if (location.hash === hash) dispatchEvent(new Event("hashchange")); else location.hash = hash;
           }""",
        place,
    )
    expect(page.locator(".screen")).to_have_attribute("data-shown", str(before + 1))
    unfold(page)


def choose(page: Page, item: str, level: str) -> None:
    """Choose a level for an item."""
    page.check(f"input[name='{item}/standing'][value='{level}']")


def note(page: Page, item: str) -> Locator:
    """The box for an item's note."""
    return page.locator(f"textarea[name='{item}/note']")


def line(page: Page, item: str) -> Locator:
    """The line at an item that says whether its answers are saved."""
    return page.locator(f"#item-{item} [data-saved]")


def is_saved(page: Page, *items: str) -> None:
    """Wait until these items say that all their answers are saved."""
    for item in items:
        expect(line(page, item)).to_have_text(SAVED)


def outbox(page: Page) -> list[dict[str, Any]]:
    """Every change that this browser keeps because it has not seen it saved, whichever tab it comes from."""
    found: list[dict[str, Any]] = page.evaluate(
        """() => Object.keys(localStorage).filter((key) => key.startsWith("senco-outbox:"))
                   .flatMap((key) => JSON.parse(localStorage.getItem(key)))"""
    )
    return found


def kernel_of(page: Page) -> str:
    """The id of the page's kernel."""
    found: str = page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId")
    return found


def kernel_process(kit: KitServer, page: Page) -> int:
    """The process of the page's kernel."""
    name = kernel_of(page)
    for pid in kernels_below(kit.pid):
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(pid)
            if process.name() == f"kernel-{name[:8]}" or any(name in word for word in process.cmdline()):
                return pid
    raise AssertionError("The page's kernel has no process.")


@contextmanager
def stopped(kit: KitServer, page: Page) -> Iterator[Callable[[], None]]:
    """The page's kernel answers nothing inside the block, or until the function that this gives is called."""
    pid = kernel_process(kit, page)
    os.kill(pid, signal.SIGSTOP)

    def go_on() -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    try:
        yield go_on
    finally:
        go_on()


def kill_all(kit: KitServer) -> None:
    """End the server and its kernels at once (SIGKILL), as a power cut would."""
    kernels = processes_below(kit.pid)
    kit.kill()
    for pid in kernels:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def start_again(kit: KitServer) -> None:
    """Start the server again at the address it had; it answers when this returns."""
    port = int(kit.url.rsplit(":", 1)[1].strip("/"))
    kit.launch(kit.home, kit.home / "pages", {"TMPDIR": str(kit.home)}, port=port)

    def answers() -> bool:
        with suppress(OSError):
            return kit.get("/health")[0] == 200
        return False

    until(answers, 90, "The server's start")
