"""Doing an assignment: its questions one by one, what is missing, handing in or having it marked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from markupsafe import Markup

from senco_kit.course import ask
from senco_kit.course.markdown import html
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.fields import ShortText, Value
from senco_kit.forms.screen import Answer, Download, GoTo, Parts, View
from senco_kit.pages import course_answers
from senco_kit.pages.course_assignments import Tell, opened
from senco_kit.pages.course_progress import of_assignment
from senco_kit.pages.course_school import name_of
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.store.course_rows import Assignment

LEARNER = ShortText(
    name="learner",
    label="Your learner code",
    hint="From your facilitator, for example L07. Never your name.",
    longest=20,
    required=True,
)


def questions(assignment_id: str) -> View:
    """The assignment: what it is about, its school, and its questions with what is answered."""
    assignment = opened(assignment_id)
    with work() as store:
        progress, answers = of_assignment(store, assignment), store.course.answers(assignment.work)
    rows = _rows(assignment, answers)
    shown = draw(
        "course/assignment.html",
        assignment=assignment,
        package=assignment.package,
        progress=progress,
        rows=rows,
        first=next((row for row in rows if not row["answered"]), None),
        school=name_of(assignment.school),
    )
    return View(str(assignment.package["title"]), shown)


def _rows(assignment: Assignment, answers: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {**question, "number": number, "answered": ask.answered(question, answers.get(question["id"]))}
        for number, question in enumerate(assignment.package["questions"], start=1)
    ]


def question(assignment_id: str, question_id: str) -> View:
    """One question of an assignment with its answer."""
    assignment = opened(assignment_id)
    asked = course_answers.find(assignment.package["questions"], question_id)
    with work() as store:
        answers = store.course.answers(assignment.work)
    rows = _rows(assignment, answers)
    place = next(number for number, row in enumerate(rows) if row["id"] == asked["id"])
    page = draw(
        "course/question.html",
        assignment=assignment,
        question=asked,
        shown=ask.question_html(asked),
        field=course_answers.drawn(asked, answers.get(asked["id"])),
        hint=html(str(asked["hint"]), heading=4) if asked["hint"] else Markup(""),
        number=place + 1,
        total=len(rows),
        answered=_answered(rows),
        before=rows[place - 1] if place else None,
        after=rows[place + 1] if place + 1 < len(rows) else None,
        school=name_of(assignment.school),
    )
    return View(f"Question {place + 1}: {asked['title']}", page)


def _answered(rows: list[dict[str, Any]]) -> str:
    return f"{sum(row['answered'] for row in rows)} of {len(rows)} questions are answered."


def save(assignment_id: str, name: str, value: Value) -> Parts:
    """Keep one answer of an assignment at once."""
    question_id, _, row = name.partition("/")
    assignment = opened(assignment_id)
    asked = course_answers.find(assignment.package["questions"], question_id)
    parts = course_answers.save(assignment.work, asked, row, value)
    with work() as store:
        rows = _rows(assignment, store.course.answers(assignment.work))
    return {**parts, "answered-so-far": Markup.escape(_answered(rows))}


# --------------------------------------------------------------------------------------------------------- handing in


def hand_in_page(assignment_id: str, error: str = "", typed: str | None = None) -> View:
    """What is missing, and the ways to hand in."""
    from senco_kit.marking.handing_in import exchange_folder
    from senco_kit.marking.problems import MarkingProblem

    assignment = opened(assignment_id)
    with work() as store:
        progress, answers = of_assignment(store, assignment), store.course.answers(assignment.work)
    folder, problem = None, ""
    try:
        folder = exchange_folder(assignment.cohort) if assignment.cohort else None
    except MarkingProblem as trouble:
        problem = str(trouble)
    rows = _rows(assignment, answers)
    shown = draw(
        "course/hand_in.html",
        assignment=assignment,
        progress=progress,
        missing=[row for row in rows if not row["answered"]],
        total=len(rows),
        learner=LEARNER,
        typed=assignment.learner if typed is None else typed,
        error=error,
        exchange=folder is not None,
        problem=problem,
        when=at_in_words(assignment.handed_in_at) if assignment.handed_in_at else "",
    )
    return View("Hand in", shown, focus="errors" if error else "")


def at_in_words(moment: datetime) -> str:
    """A moment as people say it: "4 September 2026, 10:42"."""
    return f"{in_words(moment)}, {moment.astimezone():%H:%M}"


def mark_own(assignment_id: str, tell: Tell) -> Answer:
    """Have one's own assignment marked on this computer, and show the feedback."""
    assignment = opened(assignment_id)
    if not assignment.is_own:
        raise Refused("Your facilitator marks this assignment. Hand it in instead.")
    with work() as store:
        answers = store.course.answers(assignment.work)
    if not any(row["answered"] for row in _rows(assignment, answers)):
        raise Refused("Answer at least one question first.")
    tell(0, 3, "Getting ready to mark.")
    from senco_kit.marking import alone  # what it needs takes seconds to load

    marked = alone.mark_own(dict(assignment.package), dict(answers), tell)
    with work() as store:
        store.course.save_result(assignment.work, {name: each.as_json() for name, each in marked.items()}, answers)
    return GoTo(f"work/{assignment.id}/feedback", "Your work is marked.")


def hand_in(assignment_id: str, values: Mapping[str, str], way: str) -> Answer:
    """Hand in to the facilitator: `way` is "zip" for a file to send, "exchange" for the shared folder."""
    from senco_kit.marking import handing_in
    from senco_kit.marking.learners import learner_code
    from senco_kit.marking.problems import MarkingProblem

    assignment = opened(assignment_id)
    if assignment.is_own:
        raise Refused("Nobody waits for this assignment. Have it marked here instead.")
    if assignment.notebook is None:
        raise Refused("To hand in, the kit needs the whole zip from your facilitator. Bring it in; your answers stay.")
    typed = values.get("learner") or values.get("learner-zip", "")
    try:
        learner = learner_code(typed)
    except MarkingProblem as problem:
        return hand_in_page(assignment.id, str(problem), typed)
    released = handing_in.Assignment(assignment.package, assignment.notebook)
    with work() as store:
        store.course.set_learner(assignment.id, learner)
        answers = store.course.answers(assignment.work)
        if way == "exchange":
            name = handing_in.hand_in(released, learner, answers).name
            at = store.course.handed_in(assignment.id, f"put into your cohort's folder as {name}")
            return GoTo(f"work/{assignment.id}/hand-in", f"Handed in on {at_in_words(at)}, as {name}.")
        name, data = handing_in.zip_to_send(released, learner, answers)
        at = store.course.handed_in(assignment.id, f"a file to send, {name}")
    says = f"{name} is made, {at_in_words(at)}. Look in your browser's downloads, and send it to your facilitator."
    return Download(name, "application/zip", data, says)
