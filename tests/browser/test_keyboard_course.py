"""A whole module with the keyboard alone, from the home page to the feedback page, marked by real nbgrader.

Every section is read, and all of its quick checks are answered and checked. Every second answer is right; the others
are what a misconception leads to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from answering import outbox, store_of
from by_keyboard import Keys
from course_parts import mistaken, perfect
from playwright.sync_api import Page, expect

from senco_kit.course import assignment, read
from senco_kit.course.exercise import open_exercise
from senco_kit.course.mark import VERDICT_WORDS, Marked, mark
from senco_kit.course.model import Module, Section
from serving_fixture import KitServer, until

MODULE = "5-partnership"
OWN = f"own-{MODULE}"
#: What is typed as reflections: they are kept, and no key marks them.
THOUGHT = "I ask parents first, <b>before</b> the meeting."

Plain = dict[str, Any]


def every_second_right(questions: list[Plain], keys: Mapping[str, Plain]) -> Plain:
    """An answer to each question: all right for every second one and for written ones, else with a misconception."""
    package = {"questions": questions}
    right, wrong = perfect(package, keys)[0], mistaken(package, keys)[0]
    names = [question["id"] for question in questions]
    return {name: wrong[name] if place % 2 and wrong[name] else right[name] for place, name in enumerate(names)}


def checks_of(module: Module) -> tuple[dict[str, Plain], dict[str, Plain]]:
    """The quick checks of a lesson as they are shown, and their keys."""
    school = open_exercise(module.lesson_school)
    asked = {check.id: assignment.released(module, check, school) for check in module.checks}
    return asked, {check.id: assignment.key(module, check, school) for check in module.checks}


def comparable(answers: Mapping[str, Any], questions: list[Plain]) -> Plain:
    """Answers without what the browser may order in its own way: the lines that are ticked."""
    ticked = {each["id"] for each in questions if each["type"] in ("choose-many", "pick-pupils")}
    return {name: sorted(each) if name in ticked else each for name, each in answers.items()}


def in_any_order(marked: Marked) -> Marked:
    """What an answer earned; the sentences about several lines may come in any order."""
    return replace(marked, says=tuple(sorted(marked.says)))


def do_section(
    keys: Keys, section: Section, asked: Mapping[str, Plain], answers: Plain, marks: Mapping[str, Marked]
) -> None:
    """Do all that a section asks for, in its order, and mark it as done."""
    keys.at_view(section.title)
    for block in section.blocks:
        if block.kind == "reflection":
            keys.tab_to(name=block.names[0])
            keys.page.keyboard.type(THOUGHT)
        for name in block.names if block.kind == "check" else ():
            keys.answer(asked[name], answers[name])
            keys.follow(f"Check my answer: {asked[name]['title']}")
            feedback = keys.page.locator(f"#feedback-{name}:focus")
            expect(feedback).to_contain_text(VERDICT_WORDS[marks[name].verdict])
    keys.follow("Mark as done…")


def choose_a_school(keys: Keys, module: Module) -> None:
    """Start the assignment; the kit asks for a phase first, and then it starts."""
    keys.follow("Start my own assignment")
    keys.at_view("The invented school of my own assignments")
    assert keys.tab_to(group="phase")["value"] == "primary"
    assert keys.press("Space")["checked"]
    keys.follow("Choose it")
    keys.at_view(module.title)
    keys.follow("Start my own assignment")
    keys.at_view(module.assignment_title)


def marks_shown(page: Page) -> list[tuple[str, str]]:
    """The verdict and the marks of each question, as the feedback page shows them."""
    lines = page.locator(".course-marked > p:first-of-type").all_inner_texts()
    found = [re.fullmatch(r"(.*?) ([\d.]+(?: of [\d.]+)?) marks(?: wait)?", " ".join(line.split())) for line in lines]
    return [(each[1], each[2]) for each in found if each]


def test_a_whole_module_with_the_keyboard_alone(visit: Any, kit: KitServer) -> None:
    module = read.module(MODULE)
    asked, keys_of_checks = checks_of(module)
    checks = every_second_right(list(asked.values()), keys_of_checks)
    checked = {name: mark(key, checks[name]) for name, key in keys_of_checks.items()}
    assert {each.verdict for each in checked.values()} >= {"right", "not yet"}

    page: Page = visit.open("")
    keys = Keys(page)
    keys.follow(f"{module.number}. {module.title}")
    page.wait_for_url("**/course#/**")
    keys = Keys(page)
    keys.at_view(module.title)
    keys.follow("Start with “…")
    for section in module.sections:
        do_section(keys, section, asked, checks, checked)
    keys.at_view(module.title)
    expect(page.locator("[data-notice]")).to_contain_text("You have done every section of this module.")

    choose_a_school(keys, module)
    own = store_of(kit).course.assignment(OWN)
    questions = list(own.package["questions"])
    keys_of_questions = assignment.keys(module, own.school)
    answers = every_second_right(questions, keys_of_questions)
    keys.follow("Start with question 1")
    for place, question in enumerate(questions, start=1):
        keys.at_view(question["title"])
        keys.answer(question, answers[question["id"]])
        keys.follow("Next question" if place < len(questions) else "Have it marked")
    keys.at_view("Have it marked")
    expect(page.get_by_text("Every question is answered.")).to_be_visible()
    keys.follow("Mark my work")
    expect(page.locator("main h2:focus")).to_have_text("Feedback", timeout=120_000)

    until(lambda: not outbox(page), what="saving")
    store = store_of(kit).course
    assert comparable(store.answers(own.work), questions) == comparable(answers, questions)
    shown_checks = list(asked.values())
    assert comparable(store.answers(f"checks/{MODULE}"), shown_checks) == comparable(checks, shown_checks)
    thoughts = [block.names[0] for section in module.sections for block in section.reflections()]
    assert store.answers(f"reflections/{MODULE}") == dict.fromkeys(thoughts, THOUGHT)
    assert set(store.done(MODULE)) == {section.id for section in module.sections}

    marks = {name: mark(key, answers[name]) for name, key in keys_of_questions.items()}
    result = store.result(own.work)
    assert result is not None
    earned = {name: in_any_order(Marked.from_json(each)) for name, each in result.marked.items()}
    assert earned == {name: in_any_order(each) for name, each in marks.items()}, own.school
    shown = [
        (VERDICT_WORDS[each.verdict], f"{each.out_of:g}" if waits else f"{each.marks:g} of {each.out_of:g}")
        for each in marks.values()
        for waits in [each.verdict == "for your facilitator"]
    ]
    assert marks_shown(page) == shown
    assert 0 < sum(each.marks for each in marks.values()) < own.package["out_of"]
