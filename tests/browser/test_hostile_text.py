"""Text that tries to be more than text goes through everything in the kit, and stays text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from answering import (
    SAVED,
    kept,
    new_audit,
    one_person,
    open_tab,
    outbox,
    ready,
    show,
    store_of,
)
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Page, expect

from senco_kit.plain_text import clean
from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from serving_fixture import KitServer, until

TEXTS = (
    "<img src=x onerror=window.hacked=1>",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    '"\u202ertl\u202c"',
    "</textarea><script>window.hacked=1</script>",
    "{{7*7}} {% raw %}",
    "${x} `${window.hacked=1}`",
    "\n\n+newlines first",
    "👩🏽‍🏫 é \u0301 \u200d",
    "nothing\x00 seen\x08, half \ud800 a character\udc00\ufffe",
    "-" + "ten thousand & " * 666,
)
ITEMS = tuple(outcome.id for outcome in read.framework(SPINE).outcomes())[: len(TEXTS)]
HEADINGS = tuple(heading for heading in read.framework(SPINE).headings if heading.outcomes[0].id in ITEMS)
#: The worst of them in one name.
NAME = "=<img src=x onerror=window.hacked=1></textarea><script>window.hacked=1</script>{{7*7}} \u202ertl"


def in_one_line(text: str) -> str:
    """What a box of one line makes of a text, and then the store."""
    return clean(text.replace("\n", ""))


def bare(text: str) -> str:
    """Without white space, which Word, HTML and tables lay out in their own ways."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def person(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser."""
    with one_person(browser, 30) as context:
        yield context


@pytest.fixture(scope="module")
def tab(kit: KitServer, person: BrowserContext) -> Page:
    """A tab on the self-audit page."""
    return open_tab(kit, person)


@pytest.fixture(scope="module")
def audit(kit: KitServer, tab: Page) -> str:
    """An audit whose every box was filled in the browser with hostile text, item by item."""
    made = new_audit(kit, "Before")
    rows = {item: (store_of(kit).add_evidence(made, item), store_of(kit).add_action(made, item)) for item in ITEMS}
    for heading in HEADINGS:
        show(tab, f"{made}/heading/{heading.id}")
        for item, text in given(heading.id):
            tab.check(f"input[name='{item}/standing'][value=unsure]")
            type_in(tab, f"{item}/note", text)
            type_in(tab, f"{item}/evidence/{rows[item][0]}/what", text)
            type_in(tab, f"{item}/evidence/{rows[item][0]}/kept_where", text)
    show(tab, f"{made}/plan")
    for item, text in zip(ITEMS, TEXTS, strict=True):
        for field in ("action", "success", "with_whom", "evidence"):
            type_in(tab, f"{item}/action/{rows[item][1]}/{field}", text)
    until(lambda: not outbox(tab), 60, "saving")
    return made


def given(heading_id: str) -> list[tuple[str, str]]:
    """The items of a heading with the text that each gets."""
    return [(item, text) for item, text in zip(ITEMS, TEXTS, strict=True) if item.startswith(heading_id)]


def type_in(page: Page, name: str, text: str) -> None:
    """Put a text into a box as a paste does; in JSON, in which half a character can travel."""
    page.locator(f"[data-name='{name}']").evaluate(
        """(box, written) => {
             box.value = JSON.parse(written);
             box.dispatchEvent(new Event("input", { bubbles: true }));
           }""",
        json.dumps(text),
    )


def nothing_ran(page: Page) -> None:
    """No text was taken for HTML or script."""
    assert page.evaluate("window.hacked") is None
    assert page.locator("[data-view] img, [data-view] script, [data-view] [onerror]").count() == 0


def words_of(page: Page) -> str:
    """All that the page shows as text, without white space."""
    return bare(page.locator("[data-view]").text_content() or "")


def test_store_has_the_text_itself(kit: KitServer, audit: str) -> None:
    stored = kept(kit, audit)
    for item, text in zip(ITEMS, TEXTS, strict=True):
        (piece,) = stored.rating(item).evidence
        (action,) = [each for each in stored.actions if each.outcome_id == item]
        assert stored.rating(item).note == action.action == action.success == clean(text)
        assert piece.what == piece.kept_where == action.with_whom == action.evidence == in_one_line(text)


def test_boxes_show_the_text_itself_when_it_comes_back(tab: Page, audit: str) -> None:
    for heading in HEADINGS:
        show(tab, f"{audit}/heading/{heading.id}")
        for item, text in given(heading.id):
            assert tab.locator(f"textarea[name='{item}/note']").input_value() == clean(text)
            for box in tab.locator(f"#f-{item}-evidence [data-rows] .shorttext input").all():
                assert box.input_value() == in_one_line(text)
        nothing_ran(tab)
    show(tab, f"{audit}/plan")
    for item, text in zip(ITEMS, TEXTS, strict=True):
        for box in tab.locator(f"#plan-{item} [data-rows] textarea").all():
            assert box.input_value() == clean(text)
    nothing_ran(tab)


def test_name_of_an_audit_is_text_on_every_page(kit: KitServer, tab: Page, audit: str) -> None:
    other = store_of(kit).create_audit(NAME[::-1], SPINE).id
    for text in TEXTS[:-1]:
        show(tab, audit)
        type_in(tab, "name", text)
        until(lambda: not outbox(tab), what="saving")
        expected = " ".join(in_one_line(text).split())
        assert kept(kit, audit).name == expected
        show(tab, audit)
        assert tab.locator("h2").text_content() == expected
    type_in(tab, "name", TEXTS[-1])
    tab.locator("input[name=name]").focus()
    tab.keyboard.press("Tab")
    expect(tab.locator("#f-name-error")).to_contain_text("characters")
    type_in(tab, "name", NAME)
    expect(tab.locator("[data-saved]")).to_have_text(SAVED)
    for place in (
        "",
        "/heading/A",
        "/results",
        f"/compare/{other}",
        "/through/npq-senco",
        "/plan",
        "/report",
        "/delete",
    ):
        show(tab, f"{audit}{place}")
        assert bare(NAME) in words_of(tab), place
        assert NAME in tab.title() or bare(NAME) in bare(tab.title()), place
        nothing_ran(tab)
    show(tab, "new")
    assert bare(NAME) in words_of(tab)
    nothing_ran(tab)
    store_of(kit).delete_audit(other)


def test_results_show_the_notes_as_text(tab: Page, audit: str) -> None:
    show(tab, f"{audit}/results")
    shown = words_of(tab)
    for text in TEXTS:
        assert bare(clean(text)) in shown
    nothing_ran(tab)


def download(page: Page, button: str) -> Path:
    """Press a button and take the file that the browser gets."""
    with page.expect_download() as coming:
        page.get_by_role("button", name=button).click()
    return Path(coming.value.path())


def test_reports_keep_the_text_and_no_cell_is_a_formula(kit: KitServer, tab: Page, audit: str) -> None:
    store_of(kit).rename_audit(audit, NAME)
    show(tab, f"{audit}/report")
    texts = [NAME, *TEXTS]

    document = Document(str(download(tab, "Download Word")))
    in_word = bare("".join(node.text or "" for node in document.element.iter() if node.tag.endswith("}t")))
    assert [text for text in texts if bare(clean(text)) not in in_word] == []

    book = load_workbook(io.BytesIO(download(tab, "Download Excel").read_bytes()))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    in_excel = bare("\n".join(str(cell.value) for cell in cells))
    assert [text for text in texts if bare(clean(text)) not in in_excel] == []

    in_csv = download(tab, "Download CSV").read_text(encoding="utf-8-sig")
    table = list(csv.reader(io.StringIO(in_csv, newline="")))
    assert [cell for row in table for cell in row if cell.startswith(tuple("=+-@\t\r\n"))] == []
    notes = {row[2]: row[8] for row in table[1:]}
    for item, text in zip(ITEMS, TEXTS, strict=True):
        assert notes[item].removeprefix("'") == clean(text)
    nothing_ran(tab)


def test_copy_of_the_answers_is_read_in_again_without_loss(
    kit: KitServer, person: BrowserContext, tab: Page, audit: str, tmp_path: Path
) -> None:
    show(tab, f"{audit}/report")
    file = tmp_path / "copy.json"
    file.write_bytes(download(tab, "Download a copy of the answers").read_bytes())
    before = kept(kit, audit)
    store_of(kit).delete_audit(audit)

    home = person.new_page()
    home.goto(kit.url)
    ready(home)
    bring_in(home, file)
    expect(home.locator("[data-notice]")).to_contain_text("1 audit")
    assert kept(kit, audit) == before
    nothing_ran(home)
    home.close()


def bring_in(home: Page, file: Path) -> None:
    """Choose a file in the home page's form and send it."""
    home.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    home.set_input_files("#work-file", file)
    home.get_by_role("button", name="Bring it in").click()


def test_broken_files_are_told_in_one_sentence_and_change_nothing(
    kit: KitServer, person: BrowserContext, audit: str, tmp_path: Path
) -> None:
    home = person.new_page()
    home.goto(kit.url)
    ready(home)
    before = store_of(kit).audits()
    html = "<!DOCTYPE html><title>x</title><script>window.hacked=1</script>"
    # Where the sentence stands: at the form for what the browser can see itself, else in the page's notice.
    broken = {
        "empty.json": (b"", "#work-file-error", "This file is empty"),
        "large.json": (b"[" * 21_000_000, "#work-file-error", "larger than 20 MB"),
        "picture.json": (b"\x89PNG\r\n\x1a\n\x00", "[data-notice]", "file"),
        "page.json": (html.encode(), "[data-notice]", "file"),
        "half.json": (b'{"format": "senco-work", "audits": [', "[data-notice]", "file"),
        "many_parts.json": (b"[" * 3_000_000, "[data-notice]", "file"),
    }
    for name, (content, place, words) in broken.items():
        file = tmp_path / name
        file.write_bytes(content)
        bring_in(home, file)
        expect(home.locator(".screen")).not_to_have_attribute("aria-busy", "true")
        said = home.locator(place)
        expect(said).to_contain_text(words)
        assert "Traceback" not in (said.text_content() or "")
        assert "went wrong" not in (said.text_content() or ""), name
        assert store_of(kit).audits() == before
    nothing_ran(home)
    home.close()
