"""Every answer is saved by itself and comes back: on reload, in a second tab, whatever two tabs do at once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
from answering import (
    SAVED,
    choose,
    is_saved,
    kept,
    line,
    new_audit,
    note,
    one_person,
    open_tab,
    outbox,
    rating,
    ready,
    show,
    stopped,
    store_of,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect

from serving_fixture import KitServer

TOO_LONG = "This text has 20,001 characters"


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, whose tabs the tests of this file share."""
    wrong: list[str] = []
    with one_person(browser, 20) as context:
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        yield context
    assert wrong == []


@pytest.fixture(scope="module")
def tab(kit: KitServer, person: BrowserContext) -> Page:
    """The tab that stays open."""
    return open_tab(kit, person)


@pytest.fixture(scope="module")
def other_tab(kit: KitServer, person: BrowserContext) -> Page:
    """A second tab, as someone has who opened the page twice."""
    return open_tab(kit, person)


def test_every_kind_of_answer_is_saved_by_itself_and_comes_back(kit: KitServer, tab: Page, other_tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    choose(tab, "A1", "3")
    is_saved(tab, "A1")
    expect(tab.locator("[data-live]")).to_have_text(SAVED)
    tab.check("input[name='A2/matters_now']")
    note(tab, "A2").press_sequentially("Ask the head.")
    tab.click("text=Add evidence for A3")
    evidence = tab.locator("#f-A3-evidence")
    evidence.get_by_label("What it is").fill("Minutes")
    evidence.get_by_label("Where it is kept").fill("Shared drive")
    evidence.get_by_label("Date").fill("24/9/2026")
    is_saved(tab, "A2", "A3")

    stored = kept(kit, audit)
    assert stored.rating("A1").level == 3
    assert (stored.rating("A2").matters_now, stored.rating("A2").note) == (True, "Ask the head.")
    (piece,) = stored.rating("A3").evidence
    assert (piece.what, piece.kept_where, piece.dated) == ("Minutes", "Shared drive", date(2026, 9, 24))
    assert outbox(tab) == []

    show(other_tab, f"{audit}/heading/A")
    tab.reload()
    ready(tab)
    for page in (tab, other_tab):
        expect(page.locator("input[name='A1/standing'][value='3']")).to_be_checked()
        expect(page.locator("input[name='A2/matters_now']")).to_be_checked()
        expect(note(page, "A2")).to_have_value("Ask the head.")
        expect(page.locator("#f-A3-evidence").get_by_label("Where it is kept")).to_have_value("Shared drive")


def test_two_tabs_that_answer_at_once_keep_both_sets(kit: KitServer, tab: Page, other_tab: Page) -> None:
    audit = new_audit(kit)
    for page in (tab, other_tab):
        show(page, f"{audit}/heading/A")
    for level in ("1", "2", "3"):  # nothing is waited for in between
        choose(tab, "A1", level)
        choose(other_tab, "A2", level)
        note(tab, "A3").press_sequentially(level)
        other_tab.locator("input[name='A3/matters_now']").click()
    choose(other_tab, "A3", "4")
    for page, items in ((tab, ("A1", "A3")), (other_tab, ("A2", "A3"))):
        is_saved(page, *items)
    stored = kept(kit, audit)
    assert (stored.rating("A1").level, stored.rating("A2").level) == (3, 3)
    one_item = stored.rating("A3")
    assert (one_item.level, one_item.note, one_item.matters_now) == (4, "123", True)


def test_two_tabs_that_type_in_one_note_keep_what_was_typed_last(kit: KitServer, tab: Page, other_tab: Page) -> None:
    audit = new_audit(kit)
    for page in (tab, other_tab):
        show(page, f"{audit}/heading/A")
    for letter in "abc":
        note(tab, "A1").press_sequentially(letter)
        note(other_tab, "A1").press_sequentially(letter.upper())
    is_saved(tab, "A1")
    note(other_tab, "A1").press_sequentially("!")
    is_saved(other_tab, "A1")
    assert rating(kit, audit, "A1").note == "ABC!"


def test_link_shows_what_was_typed_just_before(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    with stopped(kit, tab):  # so that the kernel hears all of this at once
        choose(tab, "A1", "unsure")
        note(tab, "A1").press_sequentially("Typed before the link")
        tab.evaluate("audit => { location.hash = `#/${audit}/results`; }", audit)
    expect(tab.locator("h2")).to_have_text("Results: An audit")
    assert "Typed before the link" in (tab.locator("[data-view]").text_content() or "")


def test_back_and_forward_step_through_places_once_each(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit, "Steps")
    show(tab, audit)
    before = tab.evaluate("history.length")
    # Three links at once, faster than the kernel answers: only the last is shown, and no step is added twice.
    tab.evaluate(
        "audit => { for (const each of ['results', 'plan', 'report']) location.hash = `#/${audit}/${each}`; }", audit
    )
    expect(tab.locator("h2")).to_have_text("Report: Steps")
    assert tab.url.endswith(f"#/{audit}/report")
    assert tab.evaluate("history.length") == before + 3
    tab.go_back()
    expect(tab.locator("h2")).to_have_text("Action plan: Steps")
    tab.go_forward()
    expect(tab.locator("h2")).to_have_text("Report: Steps")
    tab.evaluate("location.hash = '#/%C3%A9%E0%A4%A'")  # half an encoded character
    expect(tab.locator("h2")).to_have_text("This can't be shown")
    assert tab.evaluate("history.length") == before + 4
    # A link within the page leaves the place in the address alone.
    show(tab, f"{audit}/plan")
    tab.locator(".frame-skip").focus()
    tab.keyboard.press("Enter")
    assert tab.url.endswith(f"#/{audit}/plan")
    assert tab.evaluate("document.activeElement.id") == "main"


def test_audit_that_another_tab_deleted_is_said_plainly(kit: KitServer, person: BrowserContext, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    store_of(kit).delete_audit(audit)
    note(tab, "A1").press_sequentially("Not to be lost")
    expect(tab.locator("#f-A1-note-error")).to_contain_text("This audit is no longer here")
    expect(line(tab, "A1")).to_have_text("Not saved")
    expect(note(tab, "A1")).to_have_value("Not to be lost")
    assert outbox(tab) == []
    show(tab, f"{audit}/heading/B")
    expect(tab.locator("h2")).to_have_text("This can't be shown")


def test_what_is_left_of_a_deleted_audit_is_shown_once_and_not_tried_again(
    kit: KitServer, person: BrowserContext, tab: Page
) -> None:
    gone = new_audit(kit)
    store_of(kit).delete_audit(gone)
    typed = "<b>Kept</b> by a tab that was closed"
    tab.evaluate(
        """([form, value]) => localStorage.setItem("senco-outbox:/self-audit:" + "0".repeat(32), JSON.stringify([
             { kind: "change", form, name: "A1/note", value },
             { kind: "change", form: 7, name: "not ours" }, { kind: "add_row", form, name: "x", row: "<img>" }, null,
           ]))""",
        [gone, typed],
    )
    page = open_tab(kit, person)
    message = page.locator("[data-unkept]")
    expect(message).to_contain_text("This audit is no longer here")
    expect(message).to_contain_text(typed)
    expect(message.locator("p")).to_have_count(1)
    assert outbox(page) == []
    page.get_by_role("button", name="Hide this message").click()
    expect(message).to_be_hidden()
    page.reload()
    ready(page)
    choose_nothing_and_hear_the_kernel(page)
    expect(message).to_be_hidden()
    page.close()


def choose_nothing_and_hear_the_kernel(page: Page) -> None:
    """A place is asked for and shown: whatever was sent before has been answered by then."""
    page.evaluate("location.hash = '#/new'")
    page.locator("form[data-press=start]").wait_for()


def test_very_long_text_is_refused_on_leaving_the_field_and_stays(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    note(tab, "A1").fill("x" * 10_000)
    is_saved(tab, "A1")
    assert len(rating(kit, audit, "A1").note) == 10_000
    note(tab, "A1").fill("y" * 20_001)
    expect(line(tab, "A1")).to_have_text("Not saved yet")
    expect(tab.locator("#f-A1-note-error")).to_be_hidden()  # not while someone types
    tab.locator("h2").click()
    expect(tab.locator("#f-A1-note-error")).to_contain_text(TOO_LONG)
    expect(tab.locator("[data-live]")).to_contain_text(TOO_LONG)

    tab.reload()  # the text is in the browser, and comes back with its sentence
    ready(tab)
    expect(note(tab, "A1")).to_have_value("y" * 20_001)
    expect(tab.locator("#f-A1-note-error")).to_contain_text(TOO_LONG)
    assert len(rating(kit, audit, "A1").note) == 10_000
    note(tab, "A1").fill("y" * 20_000)
    is_saved(tab, "A1")
    expect(tab.locator("#f-A1-note-error")).to_be_hidden()
    assert rating(kit, audit, "A1").note == "y" * 20_000
    assert outbox(tab) == []


def test_half_typed_date_is_refused_and_put_right(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    row = store_of(kit).add_evidence(audit, "A1")
    show(tab, f"{audit}/heading/A")
    box = tab.locator(f"#f-A1-evidence-{row}-dated")
    # At once, and not only when the page looks at its connection again after a while.
    box.press_sequentially("24/9", delay=60)
    expect(line(tab, "A1")).to_have_text("Not saved yet", timeout=8_000)
    box.press_sequentially("/2026", delay=60)
    expect(line(tab, "A1")).to_have_text(SAVED, timeout=8_000)
    assert rating(kit, audit, "A1").evidence[0].dated == date(2026, 9, 24)


def test_row_that_another_tab_removed_is_said_plainly(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    row = store_of(kit).add_evidence(audit, "A1")
    show(tab, f"{audit}/heading/A")
    store_of(kit).remove_evidence(row)
    box = tab.locator(f"#f-A1-evidence-{row}-what")
    box.fill("Minutes")
    expect(tab.locator(f"#f-A1-evidence-{row}-what-error")).to_contain_text("This row is no longer here")
    expect(box).to_have_value("Minutes")


def test_browser_that_keeps_nothing_still_saves(kit: KitServer, browser: Browser) -> None:
    context = browser.new_context()
    context.add_init_script(
        """for (const store of ["localStorage", "sessionStorage"]) Object.defineProperty(window, store, {
             get() { throw new DOMException("Not allowed here", "SecurityError"); } });"""
    )
    audit = new_audit(kit)
    page = open_tab(kit, context, f"{audit}/heading/A")
    choose(page, "A1", "2")
    note(page, "A1").press_sequentially("Saved all the same")
    is_saved(page, "A1")
    assert rating(kit, audit, "A1").note == "Saved all the same"
    context.close()


def test_draft_of_a_new_audit_stays_until_it_is_started(kit: KitServer, tab: Page) -> None:
    show(tab, "new")
    tab.check("input[name=standard][value=npq-senco]")
    tab.fill("input[name=name]", "")
    tab.click("button:has-text('Start')")
    expect(tab.locator("#errors")).to_be_visible()
    tab.reload()
    ready(tab)
    expect(tab.locator("input[name=standard][value=npq-senco]")).to_be_checked()
    tab.fill("input[name=name]", "My draft")
    tab.click("button:has-text('Start')")
    expect(tab.locator("h2")).to_have_text("My draft")
    show(tab, "new")
    expect(tab.locator("input[name=name]")).not_to_have_value("My draft")


def test_row_that_could_not_be_saved_keeps_what_is_typed_in_it(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    evidence = tab.locator("#f-A1-evidence")
    with sqlite3.connect(kit.home / "work" / "senco.sqlite", isolation_level=None) as file:
        # As a full disk does: what is new cannot be written, and what is there can be read.
        file.execute("CREATE TRIGGER full BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'full'); END")
        try:
            evidence.get_by_text("Add evidence for A1").click()
            tab.keyboard.type("Typed in a row that is nowhere")
            expect(line(tab, "A1")).to_have_text("Not saved yet")
            expect(evidence.locator("[data-error]").first).to_contain_text("The file that keeps your work")
            assert [entry["kind"] for entry in outbox(tab)] == ["add_row", "change"]
        finally:
            file.execute("DROP TRIGGER full")
    file.close()
    choose(tab, "A2", "1")  # the next answer that is saved shows that saving works again
    is_saved(tab, "A1", "A2")
    (piece,) = rating(kit, audit, "A1").evidence
    assert piece.what == "Typed in a row that is nowhere"
    assert outbox(tab) == []


def test_of_two_closed_tabs_the_newer_text_wins(kit: KitServer, person: BrowserContext) -> None:
    audit = new_audit(kit)
    page = open_tab(kit, person)
    page.evaluate(
        """audit => {
             for (const [tab, at, value] of [["zz", 1000, "older"], ["aa", 2000, "newer"], ["mm", 1500, "between"]]) {
               const entry = { kind: "change", form: audit, name: "A1/note", value, at };
               localStorage.setItem(`senco-outbox:/self-audit:${tab}`, JSON.stringify([entry]));
             }
           }""",
        audit,
    )
    page.reload()
    ready(page)
    show(page, f"{audit}/heading/A")
    expect(note(page, "A1")).to_have_value("newer")
    assert outbox(page) == []
    assert rating(kit, audit, "A1").note == "newer"
    page.close()
