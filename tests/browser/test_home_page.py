"""The home page as its user meets it: what was done, and the work as a whole kept, moved and deleted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from conftest import Visit, ready
from senco_kit.standards.model import SPINE
from senco_kit.store import Store, open_store
from serving_fixture import KitServer


@pytest.fixture
def own_kit(tmp_path: Path) -> Iterator[KitServer]:
    """A server whose work folder may be spoiled."""
    server = KitServer()
    server.start(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def store(kit: KitServer) -> Store:
    """The work of the shared server, with one audit in it."""
    found = open_store(kit.home / "work")
    for audit in found.audits():
        found.delete_audit(audit.id)
    audit = found.create_audit("Autumn 2026", SPINE)
    found.save_rating(audit.id, "A1", "note", "A note to keep")
    return found


def test_every_link_leads_to_something_that_is_there(visit: Visit, store: Store) -> None:
    page = visit.open()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    links = {str(link.get_attribute("href")) for link in page.get_by_role("main").get_by_role("link").all()}
    assert len(links) > 20
    opened: dict[str, Page] = {"": page}
    for link in sorted(links):
        path, _, place = link.partition("#/")
        if path not in opened:
            opened[path] = visit.open(path)
        target = opened[path]
        shown = target.locator(".screen").get_attribute("data-shown")
        target.evaluate("place => { location.hash = '#/' + place; }", place)
        expect(target.locator(".screen")).not_to_have_attribute("data-shown", shown or "none")
        expect(target.get_by_role("heading", name="This can't be shown")).to_have_count(0)


def test_work_goes_out_as_a_file_is_deleted_and_comes_back(visit: Visit, store: Store, tmp_path: Path) -> None:
    page = visit.open()
    before = store.audits()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all my work").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)

    page.get_by_role("link", name="Delete all my work").click()
    page.get_by_role("button", name="Delete all my work").click()
    expect(page.get_by_text("Tick the box to say that you are sure. Nothing was deleted.")).to_be_visible()
    assert store.audits() == before
    page.get_by_label("I am sure: delete everything").check()
    page.get_by_role("button", name="Delete all my work").click()
    expect(page.get_by_text("All your work is deleted.")).to_be_visible()
    expect(page.get_by_text("You have no audits yet.")).to_be_visible()
    assert store.audits() == ()

    page.get_by_text("Bring in work from a file").click()
    page.get_by_label("A file that").set_input_files(file)
    page.get_by_role("button", name="Bring it in").click()
    expect(page.get_by_text("You have 1 audit.")).to_be_visible()
    assert store.audits() == before


def test_deleting_everything_leaves_nothing_unsaved_in_the_browser(visit: Visit, store: Store) -> None:
    page = visit.open()
    entry = '[{"kind": "change", "form": "0123", "name": "A1/note", "value": "Typed while the kit was away"}]'
    page.evaluate("entry => localStorage.setItem('senco-outbox:/self-audit:some-tab', entry)", entry)
    page.goto(page.url.split("#")[0] + "#/delete")
    page.get_by_label("I am sure: delete everything").check()
    page.get_by_role("button", name="Delete all my work").click()
    expect(page.get_by_text("All your work is deleted.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_damaged_work_is_said_and_a_backup_brings_it_back(browser: Browser, own_kit: KitServer) -> None:
    folder = own_kit.home / "work"
    open_store(folder).create_audit("Before the damage", SPINE)
    own_kit.stop()
    own_kit.start(own_kit.home)  # each start makes a backup
    for file in folder.glob("senco.sqlite*"):
        file.write_bytes(b"This is not a database. " * 500)
    context = browser.new_context()
    page = context.new_page()
    page.goto(own_kit.url)
    ready(page)
    expect(page.get_by_role("heading", name="Your work can't be opened")).to_be_visible()
    page.get_by_role("button", name="Use this backup").first.click()
    expect(page.get_by_text("You have 1 audit.")).to_be_visible()
    assert [audit.name for audit in open_store(folder).audits()] == ["Before the damage"]
    context.close()
