"""Text that tries to be more than text goes through the course, to a facilitator and back, and stays text.

A reflection and a written answer are typed, handed in, collected, marked by nbgrader and commented on; the feedback
page goes back to the learner, whose work is then downloaded and brought in again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from answering import one_person, outbox, ready, show, store_of
from playwright.sync_api import Browser, Locator, Page, expect
from test_hostile_text import TEXTS, bare, bring_in, download, nothing_ran, type_in, words_of

from senco_kit.course import read
from senco_kit.marking.cohort import create_cohort
from senco_kit.plain_text import clean
from serving_fixture import KitServer, until

MODULE = read.module("5-partnership")
COHORT = "autumn-2026"
PLACE = f"cohort/{COHORT}/{MODULE.id}"
WRITTEN = next(question for question in MODULE.assignment if question.is_marked_by_a_person)
SECTION, REFLECTION = next((each.id, block.names[0]) for each in MODULE.sections for block in each.reflections())
ALL = "\n".join(TEXTS)
KEPT = clean(ALL)


def open_page(page: Page, kit: KitServer, path: str) -> Page:
    """A page of the kit in this tab."""
    page.goto(f"{kit.url.rstrip('/')}/{path}")
    ready(page)
    return page


def send_file(page: Page, field: str, file: Path, button: str) -> None:
    """Choose a file, send it, and wait for the page to be done with it."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.set_input_files(field, file)
    work(page, page.get_by_role("button", name=button))


def work(page: Page, button: Locator) -> None:
    """Press a button and wait until its work is done."""
    before = page.locator(".screen").get_attribute("data-shown")
    button.click()
    expect(page.locator(".screen")).not_to_have_attribute("data-shown", before or "")
    expect(page.locator(".screen:not([aria-busy])")).to_be_visible()


def is_text(page: Page, times: int = 1) -> None:
    """All of the hostile text stands on the page so often, and nothing of it was taken for anything else."""
    assert words_of(page).count(bare(KEPT)) == times
    nothing_ran(page)


def strings(plain: Any) -> Iterator[str]:
    """Every text in something read from JSON."""
    if isinstance(plain, dict):
        plain = list(plain.values())
    if isinstance(plain, list):
        for each in plain:
            yield from strings(each)
    elif isinstance(plain, str):
        yield plain


def test_hostile_text_goes_from_a_learner_to_a_facilitator_and_back_as_text(
    browser: Browser, kit: KitServer, tmp_path: Path
) -> None:
    with create_cohort(COHORT, seed=7, school="primary", learners=1, folder=kit.home / "work/cohorts" / COHORT) as made:
        handed_out = made.release(MODULE.id)
    wrong: list[str] = []
    with one_person(browser, 90) as context:
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        course = open_page(context.new_page(), kit, "course")
        send_file(course, "#assignment-file", handed_out, "Bring in the assignment")
        show(course, f"{MODULE.id}/{SECTION}")
        type_in(course, REFLECTION, ALL)
        show(course, f"work/{COHORT}-{MODULE.id}/question/{WRITTEN.id}")
        type_in(course, WRITTEN.id, ALL)
        until(lambda: not outbox(course), what="saving")
        store = store_of(kit).course
        assert store.answers(f"reflections/{MODULE.id}") == {REFLECTION: KEPT}
        assert store.answers(f"assignment/{COHORT}-{MODULE.id}") == {WRITTEN.id: KEPT}
        for place, name in ((f"{MODULE.id}/{SECTION}", REFLECTION), (course.url.split("#/")[1], WRITTEN.id)):
            show(course, place)
            assert course.locator(f"[data-name='{name}']").input_value() == KEPT
            nothing_ran(course)
        show(course, f"work/{COHORT}-{MODULE.id}/hand-in")
        course.get_by_label("Your learner code").fill("L01")
        sent = tmp_path / "sent.zip"
        sent.write_bytes(download(course, "Get a file to send").read_bytes())

        facilitator = open_page(context.new_page(), kit, f"facilitator#/cohort/{COHORT}")
        send_file(facilitator, "input[type=file]", sent, "Collect from this file")
        unsafe = facilitator.get_by_label("Mark without a sandbox")
        if unsafe.count():
            unsafe.first.check()
        work(facilitator, facilitator.get_by_role("button", name="piece of work"))
        show(facilitator, f"{PLACE}/rubric/L01/{WRITTEN.id}")
        is_text(facilitator)
        for line in WRITTEN.rubric:
            facilitator.check(f"input[name='line/{line.id}'][value='1']")
        type_in(facilitator, "comment", ALL)
        until(lambda: not outbox(facilitator), what="saving")
        show(facilitator, f"{PLACE}/rubric/L01/{WRITTEN.id}")
        assert bare(facilitator.locator("[data-name=comment]").input_value()) == bare(KEPT)
        nothing_ran(facilitator)
        show(facilitator, f"cohort/{COHORT}")
        work(facilitator, facilitator.get_by_role("button", name="Make the feedback").first)

        (given_back,) = (kit.home / "work/cohorts" / COHORT).glob("feedback/**/*.html")
        opened = context.new_page()
        opened.goto(given_back.as_uri())
        shown = bare(opened.locator("main").text_content() or "")
        assert shown.count(bare(KEPT)) == 2  # the answer and the comment
        assert opened.locator("main :is(img, script, iframe)").count() == 0
        assert opened.evaluate("window.hacked") is None
        opened.close()

        show(course, "")
        send_file(course, "#marks-file", given_back, "Bring in the marks")
        is_text(course, times=2)  # the answer and the comment

        home = open_page(context.new_page(), kit, "")
        file = tmp_path / "work.json"
        with home.expect_download() as coming:
            home.get_by_role("button", name="Download all my work", exact=True).click()
        coming.value.save_as(file)
        assert sum(bare(KEPT) in bare(each) for each in strings(json.loads(file.read_text("utf-8")))) >= 3
        before = store_of(kit).course.all_answers()
        store_of(kit).course.remove(f"{COHORT}-{MODULE.id}")
        open_page(home, kit, "")
        bring_in(home, file)
        expect(home.locator("[data-notice]")).to_contain_text("assignment")
        assert store_of(kit).course.all_answers() == before
        nothing_ran(home)
    assert wrong == []
