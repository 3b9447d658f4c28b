"""What a person sees when something is in the way: no such page, the kit is busy, the connection is lost."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from kit_states import fill
from looks import expect_all_fits, expect_focus_is_seen, expect_no_axe_findings, expect_own_spacing_fits
from playwright.sync_api import Browser, Page

from serving_fixture import KitServer

WINDOWS = ({"width": 1280, "height": 900}, {"width": 320, "height": 256})


def look_over(page: Page) -> None:
    """All looks, in a wide and in a narrow window."""
    for window in WINDOWS:
        page.set_viewport_size(window)
        expect_no_axe_findings(page)
        expect_all_fits(page)
        expect_focus_is_seen(page)
    expect_own_spacing_fits(page)


@pytest.fixture(scope="module")
def small_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[KitServer, dict[str, str]]]:
    """A server with room for one page only, and the audits that are prepared in it."""
    home = tmp_path_factory.mktemp("small")
    audits = fill(home / "work")
    server = KitServer()
    server.start(home, env={"SENCO_MAX_KERNELS": "1"})
    yield server, audits
    server.stop()


def test_pages_that_say_no_and_the_lost_connection(
    browser: Browser, small_kit: tuple[KitServer, dict[str, str]]
) -> None:
    server, audits = small_kit
    context = browser.new_context()
    context.set_default_timeout(30_000)
    page = context.new_page()

    page.goto(f"{server.url}nowhere")
    look_over(page)

    page.goto(f"{server.url}self-audit#/{audits['full']}/heading/B")
    page.wait_for_selector(".screen[data-ready=yes]")
    other = context.new_page()
    assert other.goto(f"{server.url}standards").status == 503  # type: ignore[union-attr]
    assert other.locator("h1").inner_text() == "The kit is busy"
    look_over(other)
    other.close()

    port = urlsplit(server.url).port
    server.kill()
    page.check("#f-B1-standing-3")
    page.locator("[data-banner][role=alert]:visible").wait_for()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    look_over(page)

    server.start(server.home, env={"SENCO_MAX_KERNELS": "1"}, port=port)
    page.get_by_role("button", name="Carry on").wait_for()
    look_over(page)
    context.close()
