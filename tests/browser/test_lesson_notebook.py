"""A lesson as a notebook page in Voila: its words, its tables and pictures, and its questions between them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from answering import SAVED, one_person, outbox, store_of
from looks import expect_all_fits, expect_focus_is_seen, expect_no_axe_findings, expect_own_spacing_fits
from playwright.sync_api import Browser, Page, expect

from senco_kit.course import assignment, read
from senco_kit.course.answers import work_out
from senco_kit.course.exercise import Bars, open_exercise
from serving_fixture import KitServer, until

MODULE = read.module("3-coordinating-provision")
WINDOWS = ((1280, 900), (320, 256))
ASKED = [block for section in MODULE.sections for block in section.blocks if block.kind in ("check", "reflection")]


@pytest.fixture(scope="module")
def lesson(browser: Browser, kit: KitServer) -> Iterator[Page]:
    """The lesson's page with all that it asks ready to be used; no script error, and nothing asked of another host."""
    wrong: list[str] = []
    asked: list[str] = []
    with one_person(browser, 60) as context:
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{kit.url.rstrip('/')}/{MODULE.id}")
        expect(page.locator(".screen[data-ready=yes]")).to_have_count(len(ASKED))
        yield page
    assert wrong == []
    assert [
        url for url in asked if not url.startswith((kit.url, kit.url.replace("http", "ws"), "data:", "blob:"))
    ] == []


@pytest.fixture
def unfolded(lesson: Page) -> Page:
    """The lesson with every folded part open."""
    lesson.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    return lesson


def test_its_words_tables_and_pictures_are_there(lesson: Page) -> None:
    shown = lesson.locator("main").inner_text()
    assert [each.title for each in MODULE.sections if each.title not in shown] == []
    assert "not ready" not in shown
    assert "Traceback" not in shown
    school = open_exercise(MODULE.lesson_school)
    names = [
        name for section in MODULE.sections for block in section.blocks if block.kind == "show" for name in block.names
    ]
    assert names
    for name in names:
        exhibit = work_out(MODULE, name, school)
        if isinstance(exhibit, Bars):
            picture = lesson.get_by_role("img", name=f"{exhibit.title}. {exhibit.says}", exact=True)
            assert picture.count() >= 1, name
        else:
            table = lesson.get_by_role("table", name=exhibit.caption, exact=True).first
            assert table.locator("tbody tr").count() == len(exhibit.rows), name
    assert lesson.locator("main img:not([alt])").count() == 0


def test_a_check_is_answered_checked_and_saved(lesson: Page, kit: KitServer) -> None:
    check = next(MODULE.check(name) for section in MODULE.sections for name in section.checks())
    key = assignment.key(MODULE, check, open_exercise(MODULE.lesson_school))
    assert check.type == "choose-one"
    wrong = next(each for each in key["options"] if each not in key["right"])
    asked = lesson.locator(f"section:has(#check-{check.id})")
    asked.locator(f"input[value='{wrong}']").check()
    expect(asked.locator("[data-saved]")).to_have_text(SAVED)
    asked.get_by_role("button", name="Check").click()
    expect(lesson.locator(f"#feedback-{check.id}:focus")).to_contain_text("Not yet")
    course = store_of(kit).course
    assert course.answers(f"checks/{MODULE.id}") == {check.id: wrong}
    result = course.result(f"checks/{MODULE.id}")
    assert result is not None
    assert result.marked[check.id]["verdict"] == "not yet"


def test_a_reflection_is_saved_as_it_is_typed(lesson: Page, kit: KitServer) -> None:
    name = next(block.names[0] for section in MODULE.sections for block in section.reflections())
    lesson.locator(f"[data-name='{name}']").fill("Ask the class teacher first.")
    until(lambda: not outbox(lesson), what="saving")
    assert store_of(kit).course.answers(f"reflections/{MODULE.id}") == {name: "Ask the class teacher first."}


@pytest.mark.parametrize("window", WINDOWS, ids=["1280", "320"])
def test_axe_finds_nothing(unfolded: Page, window: tuple[int, int]) -> None:
    unfolded.set_viewport_size({"width": window[0], "height": window[1]})
    expect_no_axe_findings(unfolded)


def test_all_fits_at_320_pixels(unfolded: Page) -> None:
    unfolded.set_viewport_size({"width": 320, "height": 256})
    expect_all_fits(unfolded)
    expect_own_spacing_fits(unfolded)


def test_the_focus_is_seen_wherever_it_is(unfolded: Page) -> None:
    unfolded.set_viewport_size({"width": 1280, "height": 900})
    expect_focus_is_seen(unfolded)
