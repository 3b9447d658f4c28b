"""A page comes with its form: it can be read and answered before any script and before the kernel is connected."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from answering import SAVED, kernel_of, kernel_process, stopped
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from serving_fixture import KitServer, until, write_page

READY = ".screen[data-ready=yes]"
#: A websocket's state when it has ended.
CLOSED = 3
#: The last thing that a page writes.
WHOLE = ".frame-footer"
#: A page with every way of answering. It keeps what it gets in a file, with every message that it had.
FORM = """
import json, os
from pathlib import Path
from markupsafe import Markup
from senco_kit.forms.draw import draw_form
from senco_kit.forms.fields import ChooseMany, ChooseOne, Form, LongText, Option, PutInOrder, Section
from senco_kit.forms.fields import ShortText, Table, Tick
from senco_kit.forms.screen import GoTo, Page, Screen, View

KEPT = Path(os.environ["SENCO_HOME"]) / "kept.json"
OPTIONS = tuple(Option(value, f"Level {value}") for value in "123")
ASKED = Form("audit", (Section("Answers", (
    ChooseOne(name="level", label="Level", options=OPTIONS),
    ChooseMany(name="many", label="Many", options=tuple(Option(value, f"Part {value}") for value in "abc")),
    Tick(name="matters", label="It matters"),
    LongText(name="note", label="Note"),
    PutInOrder(name="order", label="Order", options=OPTIONS),
    Table(name="rows", label="Rows", row_label="Row", add_label="Add", columns=(ShortText(name="what", label="What"),)),
)),))
DRAFT = '''<form data-press="start" data-draft="new">
<label>Name <input type="text" name="name" id="name" value="As it came"></label>
<label>Kind <select name="kind" id="kind"><option value="a">A</option><option value="b">B</option></select></label>
<button type="submit">Start</button></form>'''
FAR = "<p style='height: 200vh'>Much to read</p>"

def kept():
    return json.loads(KEPT.read_text()) if KEPT.exists() else {"values": {}, "heard": []}

class Asking(Page):
    def view(self, where):
        if where:
            return View(f"Place {where}", Markup("<h2>Place {}</h2>").format(where))
        values = {name: tuple(value) if isinstance(value, list) else value for name, value in kept()["values"].items()}
        buttons = '<button type="button" data-press="done">Do it</button>'
        return View("Start", Markup("<h2>The start</h2>") + draw_form(ASKED, values) + Markup(DRAFT + buttons + FAR))

    def note(self, what, **values):
        known = kept()
        new = KEPT.with_suffix(".new")
        new.write_text(json.dumps({"values": known["values"] | values, "heard": [*known["heard"], what]}))
        os.replace(new, KEPT)

    def save(self, form, name, value):
        self.note(["save", name, value], **({} if "/" in name else {name: value}))

    def add_row(self, form, table, row):
        self.note(["row", table])

    def press(self, action, values):
        self.note(["press", action, dict(values)])
        return GoTo("started", "It is started.")

Screen(Asking())
"""
BESIDE = """
import ipywidgets
from IPython.display import HTML, Markdown, display
slider = ipywidgets.IntSlider(value=3, description="Beside")
told = ipywidgets.Label("Nothing yet")
slider.observe(lambda change: setattr(told, "value", f"The kernel heard {change['new']}"), "value")
display(HTML("<b id='bold'>only words</b>"), Markdown("*leaning*"))
display({"text/plain": "plain & <simple>"}, raw=True)
DOT = b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
display({"image/png": DOT.decode()}, raw=True, metadata={"image/png": {"alt": 'A "dot"', "width": 20}})
CIRCLE = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><circle r='4'/></svg>"
display({"image/svg+xml": CIRCLE}, raw=True)
display(slider, told)
"""


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    folder = tmp_path_factory.mktemp("pages")
    write_page(folder, "home", "Home of the test", FORM, {"title": "Home", "nav": 1})
    named = FORM.replace("\nScreen(", "\nSCREEN = Screen(")
    write_page(folder, "beside", "Beside", named + BESIDE + "SCREEN", {"title": "Beside", "nav": 2})
    boxed = named + "import ipywidgets\nipywidgets.VBox([SCREEN])"
    write_page(folder, "boxed", "Boxed", boxed, {"title": "Boxed", "nav": 3})
    server = KitServer()
    server.start(tmp_path_factory.mktemp("home"), folder, {"SENCO_MAX_KERNELS": "20"})
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _nothing_kept(kit: KitServer) -> None:
    (kit.home / "work" / "kept.json").unlink(missing_ok=True)


@pytest.fixture
def person(browser: Browser) -> Iterator[BrowserContext]:
    wrong: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(30_000)
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    yield context
    context.close()
    assert wrong == []


@pytest.fixture
def page(person: BrowserContext) -> Page:
    return person.new_page()


def heard(kit: KitServer) -> list[Any]:
    """Every message about an answer, a row or a button that the kernel had, in order."""
    file = kit.home / "work" / "kept.json"
    found: list[Any] = json.loads(file.read_text())["heard"] if file.exists() else []
    return found


@contextmanager
def held_back(page: Page, *scripts: str) -> Iterator[Callable[[], None]]:
    """These scripts do not come before the function that this gives is called."""
    held: list[Route] = []
    come: list[bool] = []
    for script in scripts:
        page.route(f"**/kit/{script}*", lambda route: route.continue_() if come else held.append(route))

    def let_come() -> None:
        until(lambda: page.evaluate("1") and len(held) >= len(scripts), what="asking for the scripts")
        come.append(True)
        for route in held:
            route.continue_()

    yield let_come


def open_whole(page: Page, address: str) -> None:
    """Open a page and wait until all of it has come, but not its scripts."""
    page.goto(address, wait_until="commit")
    page.locator(WHOLE).wait_for()


def saved_line(page: Page) -> Locator:
    return page.locator("[data-saved]")


def test_a_page_asks_for_exactly_this(kit: KitServer, page: Page) -> None:
    asked: list[str] = []
    sockets: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    page.on("websocket", lambda socket: sockets.append(urlsplit(socket.url).path))
    page.goto(kit.url)
    page.wait_for_selector(READY)
    look = ["frame.css", "screen.css", "frame.js", "screen.js", "connect.js"]
    assert sorted(asked) == sorted(["/", *(f"/kit/{name}" for name in look)])
    assert len(sockets) == 1
    assert sockets[0].startswith("/api/kernels/")
    assert page.locator("html").get_attribute("data-page-ready") == "yes"


def test_answers_given_before_any_script_are_saved(kit: KitServer, page: Page) -> None:
    with held_back(page, "screen.js", "connect.js") as let_come:
        open_whole(page, kit.url)
        expect(page.locator("h2")).to_have_text("The start")
        page.check("input[name=level][value='2']")
        page.check("input[name=many][value=a]")
        page.check("input[name=many][value=c]")
        page.check("input[name=matters]")
        page.check("#f-order-given")
        page.fill("textarea[name=note]", "Typed before any script")
        page.fill("#name", "My draft")
        page.get_by_role("button", name="Add", exact=True).click()
        assert heard(kit) == []
        let_come()
    expect(saved_line(page)).to_have_text(SAVED)
    page.locator("[data-row] input").fill("In the row")
    expect(page.locator("textarea[name=note]")).to_have_value("Typed before any script")
    expect(page.locator("#name")).to_have_value("My draft")
    expect(page.get_by_role("button", name="Clear this answer")).to_be_visible()
    expect(page.locator("[data-notice]")).to_have_text("")
    until(lambda: len(heard(kit)) >= 7, what="saving")
    said = heard(kit)
    assert sorted(said[:5], key=str) == sorted(
        [
            ["save", "level", "2"],
            ["save", "many", ["a", "c"]],
            ["save", "matters", "yes"],
            ["save", "note", "Typed before any script"],
            ["save", "order", ["1", "2", "3"]],
        ],
        key=str,
    )
    assert said[5] == ["row", "rows"]
    page.reload()
    page.wait_for_selector(READY)
    expect(page.locator("#name")).to_have_value("My draft")


def test_what_was_pressed_before_any_script_is_done(kit: KitServer, page: Page) -> None:
    with held_back(page, "screen.js") as let_come:
        open_whole(page, kit.url)
        page.fill("#name", "Pressed at once")
        page.select_option("#kind", "b")
        page.keyboard.press("Tab")
        page.get_by_role("button", name="Start").click()
        expect(page.locator("[data-notice]")).to_have_text("One moment…")
        assert page.url == kit.url
        assert heard(kit) == []
        let_come()
    expect(page.locator("h2")).to_have_text("Place started")
    expect(page.locator("[data-notice]")).to_have_text("It is started.")
    assert heard(kit) == [["press", "start", {"name": "Pressed at once", "kind": "b"}]]


def test_answers_given_before_the_connection_say_so_and_are_saved(kit: KitServer, page: Page) -> None:
    page.clock.install()
    with held_back(page, "connect.js") as let_come:
        open_whole(page, kit.url)
        with stopped(kit, page) as go_on:
            let_come()
            page.wait_for_selector("html[data-page-ready]")
            page.check("input[name=level][value='3']")
            page.locator("textarea[name=note]").press_sequentially("No kernel yet")
            expect(saved_line(page)).to_have_text("Not saved yet")
            page.get_by_role("button", name="Do it").click()
            expect(page.locator("[data-notice]")).to_have_text("One moment…")
            page.clock.run_for(8_000)  # no alarm: the page is still opening
            expect(page.locator("[data-banner]")).to_be_hidden()
            expect(page.locator("[data-notice]")).to_have_text("One moment…")
            assert heard(kit) == []
            go_on()
        expect(page.locator("h2")).to_have_text("Place started")
    said = heard(kit)
    assert said[0] == ["save", "level", "3"]
    assert ["save", "note", "No kernel yet"] in said
    assert [each for each in said if each[0] == "press"] == [["press", "done", {}]]
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_kernel_that_never_comes_is_said(kit: KitServer, page: Page) -> None:
    page.clock.install()
    with held_back(page, "connect.js") as let_come:
        open_whole(page, kit.url)
        with stopped(kit, page):
            let_come()
            page.wait_for_selector("html[data-page-ready]")
            page.check("input[name=level][value='1']")
            page.clock.run_for(25_000)
            expect(page.locator("[data-banner]")).to_contain_text("kept in this browser")
            os.kill(kernel_process(kit, page), signal.SIGKILL)
    page.get_by_role("button", name="Carry on").click()
    expect(page.locator("[data-notice]")).to_have_text("What you typed before is saved now.")
    assert heard(kit) == [["save", "level", "1"]]


def test_a_page_whose_kernel_could_not_be_started_is_loaded_once_more(kit: KitServer, page: Page) -> None:
    with held_back(page, "connect.js") as let_come:
        open_whole(page, kit.url)
        first = kernel_of(page)
        page.check("input[name=level][value='2']")
        page.evaluate("id => fetch(`/voila/api/shutdown/${id}`, { method: 'POST' })", first)
        until(lambda: kit.get(f"/api/kernels/{first}")[0] == 404, what="the end of the kernel")
        let_come()
        expect(page.locator("[data-notice]")).to_have_text("What you typed before is saved now.")
    assert heard(kit) == [["save", "level", "2"]]
    assert kernel_of(page) != first
    expect(page.locator("[data-banner]")).to_be_hidden()
    # Once only: a page that is loaded again and again can't be read.
    page.route("**/api/kernels/**", lambda route: route.fulfill(status=404))
    page.route_web_socket("**/api/kernels/**", lambda socket: socket.close())
    page.reload()
    second = kernel_of(page)
    expect(page.get_by_role("button", name="Carry on")).to_be_visible()
    assert kernel_of(page) == second


def test_scripts_that_never_come_are_said_and_nothing_seems_done(kit: KitServer, page: Page) -> None:
    held: list[Route] = []
    page.route("**/kit/screen.js*", lambda route: held.append(route) if not held else route.abort())
    open_whole(page, kit.url)
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-notice]")).to_have_text("One moment…")
    held[0].abort()
    expect(page.locator(".frame-loading")).to_contain_text("What you do on it now is not kept.")
    expect(page.locator("[data-notice]")).to_contain_text("This was not done")


def test_a_deep_address_never_shows_the_start(kit: KitServer, page: Page) -> None:
    page.add_init_script(
        """window.seen = new Set();
           const look = () => {
             for (const h2 of document.querySelectorAll("h2")) if (h2.checkVisibility()) seen.add(h2.textContent);
           };
           new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true });"""
    )
    with held_back(page, "screen.js") as let_come:
        open_whole(page, kit.url + "#/far/away")
        expect(page.locator("h2")).to_be_hidden()
        expect(page.locator(".frame-loading")).to_have_text("Loading the page…")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the skip link leaves the place in the address
        assert page.evaluate("document.activeElement.id") == "main"
        let_come()
    expect(page.locator("h2")).to_have_text("Place far/away")
    expect(page.locator(".frame-loading")).to_have_count(0)
    assert page.evaluate("[...window.seen]") == ["Place far/away"]


def test_what_came_with_the_page_is_not_drawn_again(kit: KitServer, page: Page) -> None:
    with held_back(page, "screen.js") as let_come:
        open_whole(page, kit.url)
        page.locator("textarea[name=note]").press_sequentially("Half a sen")
        page.evaluate("scrollTo(0, 300)")
        page.evaluate("window.node = document.activeElement; node.setSelectionRange(3, 5)")
        let_come()
        page.wait_for_selector(READY)
    assert page.evaluate(
        "node.isConnected && node === document.activeElement && node === document.querySelector('textarea')"
    )
    assert page.evaluate("[node.selectionStart, node.selectionEnd, scrollY]") == [3, 5, 300]


def test_what_a_browser_puts_back_is_no_answer(kit: KitServer, page: Page) -> None:
    """On a page that is loaded again some browsers put back what stood there before: the page has what is newest."""
    newest = {"values": {"level": "3", "many": ["a"], "note": "From the other tab"}, "heard": []}
    (kit.home / "work" / "kept.json").write_text(json.dumps(newest))
    with held_back(page, "screen.js") as let_come:
        open_whole(page, kit.url)
        page.evaluate(
            """() => {
                 for (const box of document.querySelectorAll("[value='1'], input[value=a], input[value=b]"))
                   box.checked = !box.checked;
                 document.querySelector("textarea").value = "From before";
                 document.querySelector("select").selectedIndex = 1;
               }"""
        )
        page.check("input[name=matters]")  # this a person does
        let_come()
    expect(saved_line(page)).to_have_text(SAVED)
    expect(page.locator("input[name=level]:checked")).to_have_value("3")
    expect(page.locator("input[name=many]:checked")).to_have_value("a")
    expect(page.locator("textarea[name=note]")).to_have_value("From the other tab")
    expect(page.locator("select")).to_have_value("a")
    assert heard(kit) == [["save", "matters", "yes"]]


def test_a_connection_that_breaks_is_opened_again(kit: KitServer, page: Page) -> None:
    page.add_init_script(
        """window.sockets = []; const Real = WebSocket;
           window.WebSocket = class extends Real { constructor(...how) { super(...how); sockets.push(this); } };"""
    )
    page.goto(kit.url)
    page.wait_for_selector(READY)
    page.evaluate("sockets[0].close()")
    while page.evaluate("sockets[0].readyState") != CLOSED:
        page.wait_for_timeout(50)
    page.check("input[name=level][value='1']")
    page.check("input[name=matters]")
    expect(saved_line(page)).to_have_text(SAVED)
    expect(page.locator("[data-banner]")).to_be_hidden()
    assert [each[1] for each in heard(kit)] == ["level", "matters"]
    assert page.evaluate("sockets.length") == 2


def test_other_outputs_and_widgets_stand_beside_a_screen(kit: KitServer, page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(kit.url + "beside")
    page.wait_for_selector("html[data-page-ready]")
    assert page.locator("#bold").inner_text() == "only words"
    expect(page.locator("em")).to_have_text("leaning")
    expect(page.locator("pre.frame-output")).to_have_text("plain & <simple>")
    picture = page.get_by_role("img", name='A "dot"')
    assert picture.evaluate("each => [each.naturalWidth, each.width]") == [1, 20]
    assert page.locator("img[src^='data:image/svg']").evaluate("each => each.naturalWidth") == 9
    assert [url for url in asked if url.endswith("/voila.js")]
    page.get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("The kernel heard 4")).to_be_visible()
    page.wait_for_selector(READY)
    page.check("input[name=level][value='2']")
    expect(saved_line(page)).to_have_text(SAVED)
    assert heard(kit) == [["save", "level", "2"]]


def test_inside_another_widget_a_screen_is_drawn_by_its_script_as_in_jupyterlab(kit: KitServer, page: Page) -> None:
    page.goto(kit.url + "boxed")
    page.wait_for_selector("html[data-page-ready]")
    page.wait_for_selector(READY)
    expect(page.locator("h2")).to_have_text("The start")
    page.check("input[name=level][value='2']")
    expect(saved_line(page)).to_have_text(SAVED)
    assert heard(kit) == [["save", "level", "2"]]


def test_a_page_without_scripts_can_be_read(kit: KitServer, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(kit.url + "#/far")
        expect(page.get_by_role("heading", name="The start")).to_be_visible()
        expect(page.get_by_role("group", name="Level")).to_be_visible()
        expect(page.get_by_text("The kit's pages need JavaScript.")).to_be_visible()
