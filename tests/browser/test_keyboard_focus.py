"""The focus stays where a person left it, whatever the kit does meanwhile; and what is said aloud is said once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from serving_fixture import until

#: Notes every change of what is read out in the page's status lines.
LISTEN = """() => {
  window.heard = [];
  const live = document.querySelector("[data-live][role=status]");
  new MutationObserver(() => { if (live.textContent) window.heard.push(live.textContent.trim()); })
    .observe(live, { childList: true, characterData: true, subtree: true });
}"""


def focused(page: Page) -> str:
    """The id or the words of what has the focus."""
    return str(page.evaluate("document.activeElement.id || document.activeElement.innerText.trim()"))


@pytest.fixture
def heading(visit: Any, start_audit: Callable[..., str]) -> Page:
    """The items of the first heading of a new audit."""
    page: Page = visit.open("self-audit")
    audit = start_audit(page)
    page.evaluate("hash => { location.hash = hash; }", f"#/{audit}/heading/A")
    page.locator("#item-A1").wait_for()
    return page


def test_saved_is_said_once_and_takes_no_focus(heading: Page) -> None:
    heading.evaluate(LISTEN)
    heading.click("#item-A1 summary:has-text('Evidence and note')")
    heading.focus("#f-A1-note")
    heading.keyboard.type("A note that is typed letter by letter.", delay=60)
    expect(heading.locator("[data-live]")).to_contain_text("Saved", timeout=20_000)
    expect(heading.locator("#item-A1 [data-saved]")).to_contain_text("Saved")
    assert focused(heading) == "f-A1-note"
    assert heading.evaluate("document.activeElement.selectionStart") == 38
    heard = heading.evaluate("window.heard")
    # Letters are saved as they come, and the saving is told when they stop: once, or twice on a computer that stalls.
    saves = int(heading.evaluate("document.querySelector('.screen').dataset.savedNumber"))
    assert 1 <= len(heard) <= 2 < saves, (heard, saves)
    heading.focus("#f-A1-standing-1")
    heading.keyboard.press("Space")
    until(lambda: heading.evaluate("window.heard.length") > len(heard), what="a second word of what is saved")
    assert focused(heading) == "f-A1-standing-1"


def test_the_focus_follows_rows_that_come_go_and_come_back(heading: Page) -> None:
    heading.click("#item-A1 summary:has-text('Evidence and note')")
    add = heading.locator("#item-A1 [data-add-row]")
    for number in (1, 2):
        add.focus()
        heading.keyboard.press("Enter")
        row = heading.locator("#item-A1 [data-row]").nth(number - 1)
        assert row.locator("input").first.evaluate("each => each === document.activeElement")
        heading.keyboard.type(f"Minutes {number}")
    first = heading.locator("#item-A1 [data-row]").first
    first.locator("[data-remove-row]").focus()
    heading.keyboard.press("Enter")
    assert focused(heading) == "Put it back"
    expect(heading.locator("[data-live]")).to_contain_text("Evidence 1 removed.")
    expect(heading.locator("#item-A1 [data-saved]")).to_contain_text("Saved")
    assert focused(heading) == "Put it back"
    heading.keyboard.press("Space")
    assert first.locator("input").first.evaluate("each => each === document.activeElement")
    expect(first.locator("input").first).to_have_value("Minutes 1")
    expect(first.locator("legend")).to_have_text("Evidence 1")


def test_an_error_is_said_and_leaves_the_focus_where_it_went(heading: Page) -> None:
    heading.click("#item-A1 summary:has-text('Evidence and note')")
    heading.focus("#item-A1 [data-add-row]")
    heading.keyboard.press("Enter")
    heading.keyboard.press("Tab")
    heading.keyboard.press("Tab")
    heading.keyboard.type("some day")
    heading.keyboard.press("Tab")
    expect(heading.locator("#item-A1 .date .error")).to_contain_text("Enter a date")
    expect(heading.locator("[data-live]")).to_contain_text("Not saved. Enter a date")
    assert focused(heading).startswith("Remove")
    heading.keyboard.press("Shift+Tab")
    date = heading.locator("#item-A1 .date input")
    assert date.evaluate("each => each === document.activeElement")
    assert date.get_attribute("aria-invalid") == "true"
    assert f"{date.get_attribute('id')}-error" in (date.get_attribute("aria-describedby") or "").split()


def test_clearing_an_answer_keeps_the_focus_in_its_group(heading: Page) -> None:
    heading.focus("#f-A1-standing-1")
    heading.keyboard.press("Space")
    heading.keyboard.press("ArrowDown")
    heading.keyboard.press("Tab")
    assert focused(heading).startswith("Clear this answer")
    heading.keyboard.press("Enter")
    assert focused(heading) == "f-A1-standing-1"
    assert heading.locator("#item-A1 input:checked").count() == 0


def test_each_view_puts_the_focus_on_its_heading(heading: Page) -> None:
    audit = heading.url.split("#/")[1].split("/")[0]
    for place in ("", "/results", "/plan", "/report", "/delete", "/heading/B"):
        heading.evaluate("hash => { location.hash = hash; }", f"#/{audit}{place}")
        heading.wait_for_function("place => document.title && location.hash.endsWith(place)", arg=place)
        expect(heading.locator("main h2")).to_have_count(1)
        expect(heading.locator("main h2:focus")).to_have_count(1)
    heading.evaluate("hash => { location.hash = hash; }", f"#/{audit}/heading/A/A3")
    expect(heading.locator("#item-A3:focus")).to_be_in_viewport()
    heading.go_back()
    expect(heading.locator("main h2:focus")).to_contain_text("B. ")


def test_a_form_with_errors_puts_the_focus_on_them(visit: Any) -> None:
    page = visit.open("self-audit")
    page.evaluate("location.hash = '#/new'")
    page.fill("input[name=name]", "")
    page.keyboard.press("Enter")
    page.locator("#errors:focus").wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "f-name"
