"""Assignments as a person gets them: started on one's own school, brought in from a facilitator, taken away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from senco_kit import __version__
from senco_kit.course import ask, read
from senco_kit.course.exercise import can_be_asked_about
from senco_kit.course.model import QUESTION_TYPES, Module
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.course_progress import own_id
from senco_kit.pages.course_school import own_school
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.store.course_rows import Assignment
from senco_kit.store.course_values import as_text

DAMAGED = "This assignment is damaged. Ask your facilitator for the file again."
Tell = Callable[[float, float, str], None]


def start_own(module_id: str, tell: Tell) -> Answer:
    """Make a module's assignment on the person's own school, or go on with it; first choose a school."""
    module = read.module(module_id)
    with work() as store:
        key = own_school(store)
        if not key:
            return GoTo(f"my-school/{module.id}", "Choose a phase first. The kit then makes a school for you.")
        if all(each.id != own_id(module.id) for each in store.course.assignments()):
            tell(0, 1, "The kit makes your school and the questions about it.")
            store.course.bring_in(_own_package(module, key))
    return GoTo(f"work/{own_id(module.id)}")


def opened(assignment_id: str) -> Assignment:
    """The assignment with this id. One's own is made anew on the same school when the kit's questions have changed.

    The answers stay. Raises Refused; also for one that cannot be shown whole, such as from a file that was changed.
    """
    with work() as store:
        found = store.course.assignment(assignment_id)
        if found.is_own and found.package.get("made_of") != _made_of(read.module(found.module)):
            found = store.course.bring_in(_own_package(read.module(found.module), found.school))
    _check_text(as_text(found.package))
    return found


@lru_cache(maxsize=20)
def _check_text(package: str) -> None:
    _check_whole(json.loads(package))


def _own_package(module: Module, school: str) -> dict[str, Any]:
    from senco_kit.course.assignment import package

    return {**package(module, school), "made_of": _made_of(module)}


def _made_of(module: Module) -> str:
    """Tells whether the questions are still those that the kit would ask."""
    found = hashlib.sha256(__version__.encode())
    for name in ("module.yml", "questions.yml", "answers.py"):
        found.update((module.folder / name).read_bytes())
    return found.hexdigest()[:16]


def bring_in(data: bytes) -> Answer:
    """Keep an assignment that a facilitator released: a zip, or its questions.json alone."""
    from senco_kit.marking import handing_in

    package, notebook = (
        handing_in.read_package(data) if data.startswith(b"PK") else (handing_in.read_questions(data), None)
    )
    package = checked(package)
    with work() as store:
        before = {each.id: each for each in store.course.assignments()}
        kept = store.course.bring_in(package, notebook)
    says = f"“{package['title']}” for the cohort {kept.cohort} is here."
    if kept.id in before:
        says = f"“{package['title']}” for the cohort {kept.cohort} is here again. Your answers are as they were."
        if before[kept.id].school != kept.school:
            says += " It is about another school than before, so look at each answer again."
    return GoTo(f"work/{kept.id}", says)


def checked(package: Mapping[str, Any]) -> dict[str, Any]:
    """A released assignment that this page can show whole. Raises Refused."""
    if not package.get("cohort"):
        raise Refused("This assignment is for no cohort. Start your own assignment in the module instead.")
    _check_whole(package)
    return dict(package)


def _check_whole(package: Mapping[str, Any]) -> None:
    read.module(str(package["id"]))
    if not can_be_asked_about(str(package["school"])):
        raise Refused("This assignment is about a school that this kit cannot make. Update the kit, then try again.")
    try:
        texts = all(isinstance(package[name], str) for name in ("title", "about"))
        fits = texts and all(map(_fits, package["questions"])) and isinstance(package["out_of"], int | float)
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Refused(DAMAGED) from problem
    ids = [question["id"] for question in package["questions"]]
    if not fits or not ids or len(set(ids)) != len(ids):
        raise Refused(DAMAGED)


def _fits(question: Mapping[str, Any]) -> bool:
    ask.field(question, "answer")
    ask.question_html(question)
    texts = all(isinstance(question[name], str) for name in ("id", "title", "prompt", "scene", "hint", "look_again"))
    lists = all(isinstance(each, str) for each in question["outcomes"])
    criteria = question["rubric"] if question["type"] == "free-text" else []
    rubric = all(isinstance(each["text"], str) and each["marks"] >= 0 for each in criteria)
    in_address = question["id"] and not set(question["id"]) & set("/?#% ")
    return bool(
        texts and lists and rubric and in_address and question["type"] in QUESTION_TYPES and question["marks"] >= 0
    )


def remove_question(assignment_id: str) -> View:
    """The question before an assignment is taken away; also before one that cannot be opened any more."""
    with work() as store:
        assignment = store.course.assignment(assignment_id)
    return View("Take this assignment away?", draw("course/remove.html", assignment=assignment))


def remove(assignment_id: str) -> Answer:
    """Take an assignment away, with its answers and marks."""
    with work() as store:
        found = store.course.assignment(assignment_id)
        store.course.remove(found.id)
    return GoTo(found.module if found.is_own else "", f"“{found.package['title']}” is taken away.")
