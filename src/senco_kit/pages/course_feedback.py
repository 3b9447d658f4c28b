"""What an assignment earned: marks with a verdict in words, what to look at again, and what waits for a person."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from senco_kit.course import read
from senco_kit.course.mark import VERDICT_WORDS
from senco_kit.course.markdown import inline_html
from senco_kit.course.model import Module, Section
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.course_assignments import opened
from senco_kit.pages.course_doing import at_in_words
from senco_kit.pages.course_lesson import links_to
from senco_kit.pages.course_progress import BY_A_PERSON, marks_in_words, of_assignment
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.standards import read as standards
from senco_kit.standards.model import SPINE, UnknownId
from senco_kit.store.course_values import LARGEST_ASSIGNMENT
from senco_kit.store.course_work import Result

#: A file with a learner's marks: this JSON by itself, or inside the page that a facilitator sends.
FORMAT = "senco-feedback"
_IN_PAGE = re.compile(rb'<script type="application/json" id="senco-feedback">(.*?)</script>', re.DOTALL)
_NO_FILE = "This is not a file with marked work. Choose the one that your facilitator gave you."


@dataclass(frozen=True)
class Row:
    """What one question earned."""

    question: Mapping[str, Any]
    number: int
    marked: Mapping[str, Any]
    words: str
    says: tuple[Markup, ...]
    again: tuple[Section, ...]
    answer: tuple[str, ...]
    waits: bool
    changed: bool


def feedback(assignment_id: str) -> View:
    """The marks and feedback of an assignment. Raises Refused when nothing of it was marked."""
    assignment = opened(assignment_id)
    with work() as store:
        progress, answers = of_assignment(store, assignment), store.course.answers(assignment.work)
    if progress.result is None:
        raise Refused("This assignment is not marked yet.")
    module = read.module(assignment.module)
    rows = _rows(module, assignment.package["questions"], progress.result, answers)
    html = draw(
        "course/feedback.html",
        assignment=assignment,
        marks=marks_in_words(progress.result),
        when=at_in_words(progress.result.at),
        rows=rows,
        outcomes=_to_look_at(module, rows),
        waiting=any(row.waits for row in rows),
        changed=any(row.changed for row in rows),
    )
    return View("Feedback", html)


def _rows(module: Module, questions: list[Any], result: Result, answers: Mapping[str, Any]) -> list[Row]:
    from senco_kit.marking.answer_in_words import answer_in_words

    rows = []
    for number, question in enumerate(questions, start=1):
        if question["id"] not in result.marked:
            continue
        marked, given = result.marked[question["id"]], result.answers.get(question["id"], "")
        rows.append(
            Row(
                question,
                number,
                marked,
                VERDICT_WORDS[marked["verdict"]],
                # What a person wrote is text; what the kit says may name facts.
                tuple(
                    escape(each) if question["type"] == "free-text" else inline_html(each) for each in marked["says"]
                ),
                tuple(links_to(module, marked["look_again"])),
                answer_in_words(question, given),
                marked["verdict"] == BY_A_PERSON,
                answers.get(question["id"], "") != given,
            )
        )
    return rows


def _to_look_at(module: Module, rows: list[Row]) -> list[dict[str, Any]]:
    """The outcomes that a question shows as not sure yet, each with the sections that teach it."""
    open_ones = [row for row in rows if not row.waits and row.marked["marks"] < row.marked["out_of"]]
    ids = dict.fromkeys(outcome_id for row in open_ones for outcome_id in row.question["outcomes"])
    found = []
    for outcome_id in sorted(ids):
        try:
            outcome = standards.framework(SPINE).outcome(outcome_id)
        except UnknownId:
            continue
        found.append(
            {
                "outcome": outcome,
                "questions": [row.number for row in open_ones if outcome_id in row.question["outcomes"]],
                "sections": [section for section in module.sections if outcome_id in section.outcomes],
            }
        )
    return found


def bring_in(data: bytes) -> GoTo:
    """Keep the marks that a facilitator gave, from the feedback page or from its JSON alone. Raises Refused."""
    if len(data) > LARGEST_ASSIGNMENT:
        raise Refused(_NO_FILE)
    found = _IN_PAGE.search(data)
    try:
        plain = json.loads(found[1] if found else data)
    except (ValueError, RecursionError) as problem:
        raise Refused(_NO_FILE) from problem
    if not isinstance(plain, dict) or plain.get("format") != FORMAT or not isinstance(plain.get("marks"), dict):
        raise Refused(_NO_FILE)
    with work() as store:
        for each in store.course.assignments():
            if (each.cohort, each.module) == (plain.get("cohort"), plain.get("assignment")) and not each.is_own:
                break
        else:
            raise Refused("This is about an assignment that is not here. Bring in the assignment first.")
        if each.learner and plain.get("learner") not in (each.learner, ""):
            raise Refused("These marks are another learner's. Ask your facilitator for the file with your own code.")
        known = {str(question["id"]) for question in each.package["questions"]}
        marks = {name: marked for name, marked in plain["marks"].items() if name in known}
        if not marks:
            raise Refused(_NO_FILE)
        store.course.save_result(each.work, marks, _marked_answers(plain) or store.course.answers(each.work))
    return GoTo(f"work/{each.id}/feedback", "Your facilitator's marks are here.")


def _marked_answers(plain: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that the marks were given for; the store refuses what is no answer."""
    given = plain.get("answers")
    return {str(name): answer for name, answer in given.items()} if isinstance(given, dict) else {}
