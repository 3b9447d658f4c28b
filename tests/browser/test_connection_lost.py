"""The connection is lost: it is said within seconds, what is typed stays, and all of it is saved when it is back."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest
from answering import (
    LOST,
    choose,
    is_saved,
    kept,
    kernel_of,
    kernel_process,
    kill_all,
    kit_to_kill,
    line,
    new_audit,
    note,
    one_person,
    open_tab,
    outbox,
    rating,
    ready,
    show,
    start_again,
    stopped,
)
from playwright.sync_api import Browser, BrowserContext, Locator, Page, WebSocket, expect

from serving_fixture import KitServer, until


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KitServer]:
    with kit_to_kill(tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, whose tabs the tests of this file share."""
    with one_person(browser, 30) as context:
        yield context


@pytest.fixture(scope="module")
def sent() -> list[str]:
    """What the tab has sent to its kernel."""
    return []


@pytest.fixture(scope="module")
def tab(kit: KitServer, person: BrowserContext, sent: list[str]) -> Page:
    """The tab that stays open."""

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))

    person.on("page", lambda page: page.on("websocket", listen))
    return open_tab(kit, person)


def banner(page: Page) -> Locator:
    """What says that the connection is lost."""
    return page.get_by_role("alert").filter(has_text="kit")


def says_lost(page: Page) -> None:
    """Wait until the banner says that the connection is lost; within seconds."""
    expect(banner(page)).to_contain_text(LOST, timeout=20_000)


def test_stopped_kernel_is_said_and_everything_is_saved_when_it_goes_on(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    with stopped(kit, tab) as go_on:
        choose(tab, "A1", "2")
        says_lost(tab)
        expect(banner(tab)).to_contain_text("kept in this browser")
        expect(line(tab, "A1")).to_have_text("Not saved yet")
        note(tab, "A1").press_sequentially("Typed without a kernel")
        choose(tab, "A1", "3")
        assert tab.evaluate("document.activeElement.name") == "A1/standing"  # no dialog takes the focus
        assert {each["name"]: each["value"] for each in outbox(tab)} == {
            "A1/standing": "3",
            "A1/note": "Typed without a kernel",
        }
        # A link asks for a place that is shown when the kernel is back; a button says that it can't be done now.
        tab.evaluate("audit => { location.hash = `#/${audit}`; }", audit)
        expect(tab.locator("[data-notice]")).to_contain_text("when the connection is back")
        assert rating(kit, audit, "A1").note == ""
        go_on()
        expect(banner(tab)).to_be_hidden()
    expect(tab.locator("h2")).to_have_text("An audit")
    until(lambda: not outbox(tab), what="saving")
    assert (rating(kit, audit, "A1").level, rating(kit, audit, "A1").note) == (3, "Typed without a kernel")


def test_rows_made_without_a_connection_are_saved_in_order(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    evidence = tab.locator("#f-A1-evidence")
    with stopped(kit, tab) as go_on:
        for what in ("First", "Second", "Third"):
            evidence.get_by_text("Add evidence for A1").click()
            tab.keyboard.type(what)
        evidence.get_by_role("button", name="Remove evidence 2").click()
        evidence.get_by_role("button", name="Put it back").click()
        expect(evidence.get_by_role("group", name="Evidence 2").get_by_label("What it is")).to_have_value("Second")
        evidence.get_by_role("button", name="Remove evidence 3").click()
        says_lost(tab)
        go_on()
        is_saved(tab, "A1")
    # Everything was sent twice: before the connection counted as lost, and again when it was back.
    assert [piece.what for piece in rating(kit, audit, "A1").evidence] == ["First", "Second"]
    evidence.get_by_role("button", name="Put it back").click()
    is_saved(tab, "A1")
    assert [piece.what for piece in rating(kit, audit, "A1").evidence] == ["First", "Second", "Third"]
    with stopped(kit, tab):  # what stands in the row must arrive after the row itself
        evidence.get_by_role("button", name="Remove evidence 1").click()
        evidence.get_by_role("button", name="Put it back").click()
    is_saved(tab, "A1")
    assert {piece.what for piece in rating(kit, audit, "A1").evidence} == {"First", "Second", "Third"}


def test_busy_kernel_and_quick_typing_pile_up_nothing(kit: KitServer, tab: Page, sent: list[str]) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    # So many letters, and no more: on a busy computer many more take longer than the page waits before it asks again.
    text = "Seventy letters, typed while the kernel is at work on something else."
    with stopped(kit, tab) as go_on:
        before = len(sent)
        note(tab, "A1").press_sequentially(text)
        on_the_way = len(sent) - before
        go_on()
        is_saved(tab, "A1")
    assert on_the_way == 1
    assert rating(kit, audit, "A1").note == text
    assert len(sent) - before < 10


def test_full_browser_says_so_and_still_saves(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    tab.evaluate(
        """() => { for (let size = 1 << 22; size >= 1; size >>= 1)
                     for (let i = 0; i < 3; i += 1)
                       try { localStorage.setItem(`fill-${size}-${i}`, "x".repeat(size)); } catch { } }"""
    )
    with stopped(kit, tab) as go_on:
        note(tab, "A1").fill("No room for this in the browser")
        expect(banner(tab)).to_contain_text("leave this page open")
        assert outbox(tab) == []
        go_on()
        is_saved(tab, "A1")
    expect(banner(tab)).to_be_hidden()
    tab.evaluate("localStorage.clear()")
    assert rating(kit, audit, "A1").note == "No room for this in the browser"


def test_long_work_raises_no_banner(kit: KitServer, tab: Page) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/report")
    busy = f"/api/kernels/{kernel_of(tab)}"
    with tab.expect_download(timeout=60_000) as coming:
        tab.get_by_role("button", name="Download Word").click()
        until(lambda: '"busy"' in kit.get(busy)[2], what="work on the report")
        # A large report on a slow computer: the kernel is at work, and answers nothing for longer than the patience
        # with small answers. Here only time can pass.
        with stopped(kit, tab):
            tab.wait_for_timeout(6_500)
            expect(banner(tab)).to_be_hidden()
            expect(tab.locator("[data-notice]")).to_contain_text("Making the Word report")
    assert coming.value.suggested_filename.endswith(".docx")
    expect(tab.locator("[data-notice]")).to_contain_text("is made")
    expect(banner(tab)).to_be_hidden()


def test_tabs_that_lost_their_kernels_or_their_server_carry_on(
    kit: KitServer, person: BrowserContext, tab: Page
) -> None:
    audit = new_audit(kit)
    show(tab, f"{audit}/heading/A")
    # A copied tab has copied the first one's id, and keeps its changes in a place of its own all the same.
    copied_id = tab.evaluate("sessionStorage.getItem('senco-tab')")
    copy = person.new_page()
    copy.add_init_script(f"sessionStorage.getItem('senco-tab') || sessionStorage.setItem('senco-tab', '{copied_id}')")
    copy.goto(tab.url)
    ready(copy)
    assert copy.evaluate("sessionStorage.getItem('senco-tab')") != copied_id

    # The kernels of both tabs die alone. In one something is typed; the other stays as it is, and notices too.
    for page in (tab, copy):
        os.kill(kernel_process(kit, page), signal.SIGKILL)
    note(tab, "A1").fill("After the kernel died")
    carry_on = tab.get_by_role("button", name="Carry on")
    carry_on.wait_for()
    assert tab.evaluate("document.activeElement.name") == "A1/note"
    carry_on.click()
    ready(tab)
    expect(note(tab, "A1")).to_have_value("After the kernel died")
    expect(tab.locator("[data-notice]")).to_have_text("What you typed before is saved now.")
    assert rating(kit, audit, "A1").note == "After the kernel died"
    copy.get_by_role("button", name="Carry on").click()
    ready(copy)
    expect(note(copy, "A1")).to_have_value("After the kernel died")

    # Then the whole kit is killed.
    kill_all(kit)
    choose(tab, "A2", "2")
    choose(copy, "A3", "3")
    for page in (tab, copy):
        says_lost(page)
    note(tab, "A2").press_sequentially("First tab")
    tab.get_by_text("Add evidence for A2").click()
    tab.keyboard.type("A new row")
    note(copy, "A3").press_sequentially("Second tab")
    start_again(kit)
    for page, item, text in ((tab, "A2", "First tab"), (copy, "A3", "Second tab")):
        page.get_by_role("button", name="Carry on").click()
        ready(page)
        expect(note(page, item)).to_have_value(text)
        expect(page.locator("[data-notice]")).to_have_text("What you typed before is saved now.")
    assert outbox(tab) == []
    stored = kept(kit, audit)
    assert (stored.rating("A2").level, stored.rating("A2").note) == (2, "First tab")
    assert [piece.what for piece in stored.rating("A2").evidence] == ["A new row"]
    assert (stored.rating("A3").level, stored.rating("A3").note) == (3, "Second tab")
    assert stored.rating("A1").note == "After the kernel died"


def test_what_a_closed_tab_left_is_saved_by_the_next_one_on_the_same_page(
    kit: KitServer, person: BrowserContext, tab: Page
) -> None:
    audit = new_audit(kit)
    left = open_tab(kit, person, f"{audit}/heading/A")
    with stopped(kit, left):
        note(left, "A1").fill("Left behind")
        left.close()
        # The home page keeps no answers: it must leave them to the self-audit page.
        tab.goto(kit.url)
        ready(tab)
        show(tab, "backups")  # by now it has had the answers to what it sent
        expect(tab.locator("[data-unkept]")).to_be_hidden()
        assert [each["value"] for each in outbox(tab)] == ["Left behind"]
        tab.goto(f"{kit.url}self-audit")
        ready(tab)
        until(lambda: not outbox(tab), what="saving")
        assert rating(kit, audit, "A1").note == "Left behind"
