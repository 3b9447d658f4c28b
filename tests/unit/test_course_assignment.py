"""What is released of an assignment does not depend on which answers are right."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from senco_kit.course import ask, assignment, read
from senco_kit.course.exercise import NoSuchSchool, open_exercise
from senco_kit.course.model import Module, Option, Question
from senco_kit.forms.draw import draw_field

SMALL = Path(__file__).parent / "small_course"
SCHOOLS = ("exercise-primary-420-1", "exercise-secondary-1050-1")


def _with_other_answers(question: Question) -> Question:
    """The same question with another right answer, and other feedback."""
    options = question.options
    if isinstance(options, tuple) and question.type in ("choose-one", "choose-many"):
        turned = tuple(Option(each.id, each.text, not each.right, "Other.", "other", 0.25) for each in options)
        options = turned
    if isinstance(options, tuple) and question.type == "put-in-order":
        options = tuple(reversed(options))
    other = {"number": 3.0, "pick-pupils": "some_without"}.get(question.type)
    return replace(
        question,
        options=options,
        answer=other if question.answer is not None and other is not None else question.answer,
        slips=(),
        rules=tuple(replace(rule, at_least=1.0, says="Other.") for rule in question.rules),
        rubric=tuple(replace(line, look_for="Other.") for line in question.rubric),
        explains="Other.",
        otherwise="Other.",
    )


def _turned(module: Module) -> Module:
    return replace(module, assignment=tuple(map(_with_other_answers, module.assignment)))


@pytest.mark.parametrize("folder", [SMALL, None], ids=["small", "the course"])
def test_the_released_bytes_are_the_same_whatever_is_right(folder: Path | None) -> None:
    modules = read.modules(folder) if folder else read.modules()
    for module in modules:
        for school in SCHOOLS if folder else SCHOOLS[:1]:
            released = json.dumps(assignment.package(module, school))
            turned = _turned(module)
            if not folder:  # computed answers are the functions of the module itself: those are left as they are
                turned = replace(
                    turned,
                    assignment=tuple(
                        replace(other, answer=one.answer) if isinstance(one.answer, str) else other
                        for one, other in zip(module.assignment, turned.assignment, strict=True)
                    ),
                )
            assert json.dumps(assignment.package(turned, school)) == released


def test_the_forms_html_is_the_same_whatever_is_right() -> None:
    module = read.module("1-small", SMALL)

    def drawn(one: Module) -> list[str]:
        package = assignment.package(one, SCHOOLS[0])
        return [str(draw_field(ask.field(each, each["id"]))) + ask.question_html(each) for each in package["questions"]]

    assert drawn(_turned(module)) == drawn(module)


def test_the_order_shown_is_not_the_right_order() -> None:
    for module in (read.module("1-small", SMALL), *read.modules()):
        package = assignment.package(module, SCHOOLS[0])
        keys = assignment.keys(module, SCHOOLS[0])
        for question in package["questions"]:
            if question["type"] == "put-in-order":
                assert [each["id"] for each in question["options"]] != keys[question["id"]]["right"]


def test_another_school_has_other_answers() -> None:
    module = read.module("1-small", SMALL)
    assert len({assignment.keys(module, school)["count"]["answer"] for school in SCHOOLS}) == 2


def test_an_answer_is_shown_again_as_it_was_given() -> None:
    module = read.module("1-small", SMALL)
    questions = {each["id"]: each for each in assignment.package(module, SCHOOLS[0])["questions"]}
    for name, answer in {
        "choose": "red",
        "tick": ["one"],
        "count": "7",
        "order": ["do", "plan", "review", "assess"],
        "write": "<b>",
    }.items():
        assert ask.value(questions[name], answer) == answer
        assert ask.answered(questions[name], answer)
    assert ask.value(questions["share"], {"maths": "5"}) == [{"id": "maths", "amount": "5"}]
    assert ask.value(questions["share"], None) == []
    assert not ask.answered(questions["share"], {"maths": " "})
    assert not any(ask.answered(question, None) for question in questions.values())


@pytest.mark.parametrize("key", ["exercise-special-420-1", "exercise-primary-20-1", "own", "../x", "", "exercise-"])
def test_a_school_that_no_exercise_can_be_about_is_refused(key: str) -> None:
    with pytest.raises(NoSuchSchool):
        open_exercise(key)
