"""The frame of the pages and the life of their kernels, seen in a real browser."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Request, expect

from serving_fixture import WIDGET_CELL, KitServer, kernels_below, until, write_page

READY = "html[data-page-ready]"
CONTROLS = """
import ipywidgets
from IPython.display import HTML, display
display(HTML("only words"), ipywidgets.Dropdown(options=["a", "b"], description="Pick"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    write_page(folder, "home", "Home of the test", WIDGET_CELL, {"title": "Home", "nav": 1})
    write_page(folder, "self-audit", "Audit yourself", CONTROLS, {"title": "Self-audit", "nav": 2})
    write_page(folder, "slow", "Slow", "import time; time.sleep(600)")
    return folder


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[KitServer]:
    """A server that culls nothing within a test: what ends there is ended by the page's farewell."""
    kit = KitServer()
    kit.start(tmp_path_factory.mktemp("patient"), folder, {"SENCO_MAX_KERNELS": "5", "SENCO_CULL_SECONDS": "3600"})
    yield kit
    assert kit.stop() == 0


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[KitServer]:
    """A server with room for two that culls after a second."""
    kit = KitServer()
    kit.start(tmp_path_factory.mktemp("quick"), folder, {"SENCO_MAX_KERNELS": "2", "SENCO_CULL_SECONDS": "1"})
    yield kit
    assert kit.stop() == 0


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


def empty(server: KitServer) -> None:
    until(lambda: server.kernels() == 0, 15, "the end of all kernels")


def violations(page: Page) -> list[str]:
    found: list[Any] = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['html'] for node in rule['nodes']]}" for rule in found]


def test_the_frame_of_a_page(patient: KitServer, page: Page) -> None:
    page.goto(patient.url)
    page.wait_for_selector(READY)
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.title() == "Home – SENCO Course Kit"
    for role in ("banner", "navigation", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1, role
    assert page.get_by_role("heading", level=1).all_text_contents() == ["Home of the test"]
    assert page.locator("[id=main]").count() == 1
    assert page.get_by_role("main").get_by_role("button").text_content() == "Counted 0"
    assert page.get_by_role("status").count() == 0
    links = page.get_by_role("navigation").get_by_role("link")
    assert links.all_text_contents() == ["Home", "Self-audit"]
    assert [link.get_attribute("aria-current") for link in links.all()] == ["page", None]
    footer = page.get_by_role("contentinfo")
    expect(footer).to_contain_text("Your work stays on this computer")
    way = footer.get_by_role("link", name="Where your work is, and how to download or delete it", exact=True)
    assert way.get_attribute("href") == "/"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    expect(page.get_by_text("Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Counted 0"
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("main")).to_be_visible()


def test_pages_ask_only_their_server_and_the_rules_hold(patient: KitServer, page: Page) -> None:
    asked: list[Request] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request))
    page.on("console", lambda message: said.append(message.text))
    page.on("websocket", lambda socket: said.append(f"socket {socket.url}"))
    own = patient.url.split("/")[2]
    for address in ("", "self-audit", "nothing"):
        page.goto(patient.url + address)
        page.wait_for_selector(READY if address != "nothing" else "h1")
    hosts = {request.url.split("/")[2] for request in asked if not request.url.startswith(("blob:", "data:"))}
    assert hosts == {own}
    sockets = [line for line in said if line.startswith("socket ")]
    assert sockets
    assert all(line.startswith(f"socket ws://{own}/") for line in sockets)
    assert not [line for line in said if "Content Security Policy" in line]
    # The policy is in force: a script written into the page, and one from another place, do not run.
    page.evaluate("""() => {
        document.addEventListener("securitypolicyviolation", (event) => (window.refused ??= []).push(event.blockedURI));
        const inline = document.createElement("script");
        inline.textContent = "window.ran = true";
        const outside = document.createElement("script");
        outside.src = "http://outside.example/x.js";
        document.head.append(inline, outside);
    }""")
    page.wait_for_function("window.refused?.length === 2")
    assert page.evaluate("window.ran") is None


def test_a_second_page_takes_its_scripts_from_the_browsers_store(patient: KitServer, page: Page) -> None:
    page.goto(patient.url)
    page.wait_for_selector(READY)
    page.goto(patient.url + "self-audit")
    page.wait_for_selector(READY)
    entries = page.evaluate(
        "performance.getEntriesByType('resource').filter((it) => it.name.includes('/voila/static/'))"
        ".map((it) => it.transferSize)"
    )
    assert len(entries) > 10
    assert set(entries) == {0}


def test_words_are_there_before_the_kernel_is(patient: KitServer, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(patient.url + "slow", wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Slow")
    expect(page.get_by_role("status")).to_have_text("Loading the page…")
    spinning = "getComputedStyle(document.getElementById('frame-loading'), '::before').animationName"
    assert page.evaluate(spinning) == "none"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(spinning) == "frame-turn"
    page.goto("about:blank")
    empty(patient)


def test_a_widget_works_and_a_closed_page_ends_its_kernel(patient: KitServer, page: Page) -> None:
    empty(patient)
    page.goto(patient.url)
    page.get_by_text("Counted 0").click()
    page.wait_for_selector("text=Counted 1")
    assert patient.kernels() == 1
    page.reload()
    page.wait_for_selector("text=Counted 0")
    until(lambda: patient.kernels() == 1, 10, "the end of the kernel before the reload")
    page.close(run_before_unload=True)
    empty(patient)


def test_a_page_that_stays_after_all_keeps_its_kernel(patient: KitServer, page: Page) -> None:
    page.goto(patient.url)
    page.get_by_text("Counted 0").click()
    page.evaluate("window.addEventListener('beforeunload', (event) => event.preventDefault())")
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.evaluate("location.href = '/self-audit'")
    until(lambda: page.evaluate("1") and asked, 10, "the question whether to leave")
    page.get_by_text("Counted 1").click()
    page.wait_for_selector("text=Counted 2")
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto("about:blank")
    empty(patient)


def test_a_kernel_that_dies_is_not_started_anew(patient: KitServer, page: Page) -> None:
    """One that was started anew would know nothing of the page, and the page would not know that."""
    empty(patient)
    page.goto(patient.url)
    page.wait_for_selector(READY)
    (kernel,) = kernels_below(patient.pid)
    os.kill(kernel, getattr(signal, "SIGKILL", signal.SIGTERM))
    empty(patient)
    assert kernels_below(patient.pid) == []


def test_a_page_whose_scripts_do_not_come_says_so(patient: KitServer, page: Page) -> None:
    page.route("**/voila.js", lambda route: route.abort())
    page.goto(patient.url)
    status = page.get_by_role("status")
    expect(status).to_contain_text("This page could not be loaded. Work that was saved is still there.")
    expect(status.get_by_role("link")).to_have_text("Load the page again")
    assert violations(page) == []


def test_without_scripts_a_sentence_says_what_is_needed(patient: KitServer, browser: Browser) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(patient.url)
        expect(page.get_by_text("The kit's pages need JavaScript.")).to_be_visible()


def test_a_kernel_with_its_page_open_is_not_culled(quick: KitServer, page: Page) -> None:
    page.goto(quick.url)
    page.wait_for_selector(READY)
    assert quick.get("/")[0] == 200
    until(lambda: quick.kernels() == 1, 15, "the culling of the kernel without a page")
    page.get_by_text("Counted 0").click()
    page.wait_for_selector("text=Counted 1")
    page.goto("about:blank")
    empty(quick)


def test_the_waiting_page_shows_and_goes_by_itself(quick: KitServer, page: Page, browser: Browser) -> None:
    empty(quick)
    with browser.new_context() as others:
        for _ in range(2):
            other = others.new_page()
            other.goto(quick.url)
            other.wait_for_selector(READY)
        answer = page.goto(quick.url + "self-audit")
        assert answer is not None
        assert answer.status == 503
        expect(page.get_by_role("heading", level=1)).to_have_text("The kit is busy")
        expect(page.get_by_role("main")).to_contain_text(
            "This page looks by itself every 5 seconds whether there is room"
        )
        assert re.search(r"/self-audit$", page.get_by_role("link", name="Try again now").get_attribute("href") or "")
        assert violations(page) == []
        assert quick.kernels() == 2
    page.wait_for_selector(READY)
    assert page.get_by_role("heading", level=1).all_text_contents() == ["Audit yourself"]
    assert page.get_by_text("only words").count() == 1
