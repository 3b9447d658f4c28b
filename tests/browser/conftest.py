"""A real browser on a real server. Every page that a test opens is watched: nothing may be asked of another host."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

_HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(_HERE), str(_HERE.parent), str(_HERE.parent / "course")]

from course_states import fill_course, make_cohort  # noqa: E402
from kit_states import AFTERWARDS, State, fill, kept_instead, show_place  # noqa: E402
from leading_states import fill_leading  # noqa: E402

from senco_kit.store import prepare  # noqa: E402
from serving_fixture import CHROMIUM_ARGUMENTS, PATIENCE, KitServer, until  # noqa: E402

expect.set_options(timeout=PATIENCE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often test_saving_kills.py kills the server."""
    parser.addoption("--kills", type=int, default=6, help="how often the server is killed while answers are given")
    parser.addoption("--kills-seed", type=int, default=None, help="the seed that an earlier run printed")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one that SENCO_CHROMIUM names, else Debian's, else Playwright's own."""
    chosen = os.environ.get("SENCO_CHROMIUM", "")
    if not chosen and Path("/usr/bin/chromium").exists():
        chosen = "/usr/bin/chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chosen or None, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    server = KitServer()
    server.start(tmp_path_factory.mktemp("home"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def kit(_shared: KitServer, tmp_path_factory: pytest.TempPathFactory) -> KitServer:
    """A server whose work folder is as after a first start, for the tests of one file.

    The files share the server, because to start it takes seconds; its pages read the work folder anew for each view.
    A test that stops its server, or that needs another setting, starts one of its own.
    """
    try:
        until(lambda: _shared.kernels() == 0, what="the end of the kernels of the file before")
    except AssertionError:
        # A page that was closed before it was connected leaves its kernel until that is culled.
        _shared.stop()
        _shared.start(tmp_path_factory.mktemp("home"))
        return _shared
    work = _shared.home / "work"
    before = work.with_name("before")
    work.mkdir(exist_ok=True)  # a test may have deleted everything
    work.rename(before)  # at once: no page may find half of it
    assert prepare(work) is None
    shutil.rmtree(before)
    return _shared


class Visit:
    """One person's browser: its pages, and what they asked for."""

    def __init__(self, context: BrowserContext, kit: KitServer) -> None:
        self.context = context
        self.kit = kit
        self.asked: list[str] = []
        self.wrong: list[str] = []
        context.on("request", lambda request: self.asked.append(request.url))
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))

    def open(self, path: str = "", width: int = 1280) -> Page:
        """Open a page of the kit and wait until it can be used."""
        page = self.context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(self.kit.url.rstrip("/") + "/" + path.lstrip("/"))
        ready(page)
        return page

    def outside(self) -> list[str]:
        """What was asked of any host but the kit's own address."""
        own = urlsplit(self.kit.url).netloc
        return [
            url for url in self.asked if urlsplit(url).scheme not in {"data", "blob"} and urlsplit(url).netloc != own
        ]


def ready(page: Page) -> None:
    """Wait until the page's screen is connected and shows what its address names."""
    page.wait_for_selector(".screen[data-ready=yes]", timeout=30_000)


@pytest.fixture
def visit(browser: Browser, kit: KitServer) -> Iterator[Visit]:
    """A fresh browser profile; the test fails when a page had a script error or asked another host for anything."""
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    visitor = Visit(context, kit)
    yield visitor
    context.close()
    assert visitor.outside() == []
    assert visitor.wrong == []


@pytest.fixture
def start_audit() -> Callable[..., str]:
    """A function that starts an audit on a page and returns its id."""

    def start(page: Page, name: str = "My audit", standard: str = "national-award-2009") -> str:
        page.goto(page.url.split("#")[0] + "#/new")
        page.locator("form[data-press=start]").wait_for()
        page.check(f"input[name=standard][value={standard}]")
        page.fill("input[name=name]", name)
        page.click("button:has-text('Start')")
        page.wait_for_url(re.compile("#/[0-9a-f]{32}$"))
        return page.url.split("#/")[1]

    return start


class Tour:
    """One server with work prepared, and one browser that shows its states one after another without loading anew."""

    def __init__(self, visitor: Visit, work: Path, audits: dict[str, str]) -> None:
        self.visitor = visitor
        self.work = work
        self.audits = audits
        self.tabs: dict[str, Page] = {}

    def tab(self, path: str) -> Page:
        """The tab that holds a page of the kit; opened when it is first asked for."""
        if path not in self.tabs:
            self.tabs[path] = self.visitor.open(path)
        page = self.tabs[path]
        page.bring_to_front()
        return page

    def show(self, path: str, place: str) -> Page:
        """A place of a page, at 1280 pixels; `{full}` and the like stand for the ids of audits."""
        page = self.tab(path)
        page.set_viewport_size({"width": 1280, "height": 900})
        show_place(page, place.format(**self.audits))
        return page

    @contextmanager
    def state(self, state: State) -> Iterator[Page]:
        """A page in this state, with everything unfolded; what the state did is undone afterwards."""
        if state.path == "facilitator" and not (self.work / "cohorts").exists():
            make_cohort(self.work, self.work.with_name("sent"))  # only for these states: it takes a while
        if state.path == "leading" and "example" not in self.audits:
            self.audits |= fill_leading(self.work)  # likewise
        self.tab(state.path)  # before the work is put aside, so that the page's start is the usual one
        with kept_instead(self.work, state.kept):
            page = self.show(state.path, state.place)
            state.then(page)
            page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
            page.emulate_media(media="print" if state.media == "print" else "screen")
            yield page
            page.emulate_media(media="screen")
            page.set_viewport_size({"width": 1280, "height": 900})
            AFTERWARDS.get(state.name, lambda _: None)(page)


@pytest.fixture(scope="session")
def tour(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tour]:
    """Prepared work and open tabs, shared by all tests that only look; see kit_states for what was prepared."""
    home = tmp_path_factory.mktemp("tour")
    audits = fill(home / "work") | fill_course(home / "work")
    server = KitServer()
    server.start(home, env={"SENCO_MAX_KERNELS": "10"})
    context = browser.new_context(accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    visitor = Visit(context, server)
    yield Tour(visitor, home / "work", audits)
    context.close()
    server.stop()
    assert visitor.outside() == []
    assert visitor.wrong == []
