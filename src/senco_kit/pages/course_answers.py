"""One answer of the course kept at once, and questions as they are drawn on the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from markupsafe import Markup

from senco_kit.course import ask
from senco_kit.course.exercise import NoSuchSchool
from senco_kit.course.exhibits import BadExhibit
from senco_kit.course.read import NoSuchModule
from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field, left_part
from senco_kit.forms.fields import Field, ShareOut, Value
from senco_kit.pages.work import work
from senco_kit.standards.problems import ContentProblem
from senco_kit.store.course_values import CourseAnswer

Question = Mapping[str, Any]

NOT_ASKED = "The page sent an answer that the kit does not ask for. Reload the page."


@contextmanager
def said_plainly() -> Iterator[None]:
    """Raises what can go wrong with the course inside the block as Refused."""
    from senco_kit.marking.problems import MarkingProblem

    try:
        yield
    except (NoSuchModule, NoSuchSchool, BadExhibit, ContentProblem, MarkingProblem) as problem:
        raise Refused(str(problem)) from problem


def asked(question: Question) -> Field:
    """The field of a question; it is named by the question's id."""
    return ask.field(question, str(question["id"]), label=f"Your answer: {question['title']}")


def drawn(question: Question, answer: object) -> Markup:
    """The field of a question with the present answer."""
    return draw_field(asked(question), ask.value(question, answer))


def find(questions: list[Any], question_id: str) -> Question:
    """The question with this id. Raises Refused."""
    for question in questions:
        if question["id"] == question_id:
            return dict(question)
    raise Refused("There is no such question here.")


def save(of: str, question: Question, row: str, value: Value) -> dict[str, Markup]:
    """Keep an answer, or with `row` one amount of a sharing-out, of a piece of work; gives what follows from it.

    Raises Refused when it does not fit the question.
    """
    field = asked(question)
    if isinstance(field, ShareOut):
        return _save_amount(of, field, row, value)
    if row:
        raise Refused(NOT_ASKED)
    check(field, value)
    with work() as store:
        store.course.save_answer(of, field.name, _plain(value))
    return {}


def _save_amount(of: str, field: ShareOut, row: str, value: Value) -> dict[str, Markup]:
    line = next((each for each in field.rows if each.value == row), None)
    if line is None or not isinstance(value, str):
        raise Refused(NOT_ASKED)
    check(field.amount(line), value)
    with work() as store:
        store.course.save_part(of, field.name, row, value)
        answer = store.course.answers(of).get(field.name, {})
    amounts = answer if isinstance(answer, dict) else {}
    return dict(left_part(field, [{"id": each, "amount": typed} for each, typed in amounts.items()]))


def _plain(value: Value) -> CourseAnswer:
    return value if isinstance(value, str) else [str(each) for each in value]
