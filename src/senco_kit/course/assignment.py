"""What is released of an assignment, and what marking needs: made from the same questions, kept strictly apart.

A package (questions.json) holds what a learner sees, and nothing that depends on which answer is right: a test changes
the right answers and wants the same bytes. Options stand in an order drawn from their ids.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from senco_kit.course import exhibits
from senco_kit.course.answers import work_out
from senco_kit.course.exercise import ExerciseSchool, Table, open_exercise
from senco_kit.course.model import Module, Option, Question, ShareRule, Slip
from senco_kit.standards.problems import ContentProblem, Problem

FORMAT = "senco-assignment"
VERSION = 1

#: Numbers that differ by less are the same.
_NEARLY = 1e-9

Plain = dict[str, Any]


def package(module: Module, school_key: str, cohort: str = "") -> Plain:
    """What a learner is given of a module's assignment on one school. Raises NoSuchSchool and ContentProblem."""
    school = open_exercise(school_key)
    return {
        "format": FORMAT,
        "version": VERSION,
        "id": module.id,
        "cohort": cohort,
        "title": module.assignment_title,
        "about": module.assignment_about,
        "minutes": module.assignment_minutes,
        "school": school_key,
        "school_name": school.name,
        "out_of": sum(question.out_of for question in module.assignment),
        "questions": [released(module, question, school) for question in module.assignment],
    }


def keys(module: Module, school_key: str) -> dict[str, Plain]:
    """The key of each graded question, by id: never released."""
    school = open_exercise(school_key)
    return {question.id: key(module, question, school) for question in module.assignment}


# ------------------------------------------------------------------------------------------------ what is released


def released(module: Module, question: Question, school: ExerciseSchool) -> Plain:
    """One question as a learner sees it."""
    shown: Plain = {
        "id": question.id,
        "type": question.type,
        "title": question.title,
        "prompt": question.prompt,
        "scene": question.scene,
        "hint": question.hint,
        "marks": question.out_of,
        "outcomes": list(question.outcomes),
        "look_again": question.look_again,
        "show": [exhibits.as_json(work_out(module, name, school)) for name in question.show],
    }
    match question.type:
        case "choose-one" | "choose-many" | "put-in-order":
            shown["options"] = _shown_options(question, _options(module, question, school))
        case "number":
            shown |= {"unit": question.unit, "whole": question.whole}
        case "pick-pupils":
            shown["table"] = exhibits.as_json(_table(module, question, school))
        case "share-out":
            options = _options(module, question, school)
            shown["options"] = [{"id": option_id, "text": text} for option_id, text in options]
            shown |= {"unit": question.unit, "total": _number(module, question.total, school)}
        case "free-text":
            shown["words"] = question.words
            shown["rubric"] = [{"id": one.id, "text": one.text, "marks": one.marks} for one in question.rubric]
    return shown


def _shown_options(question: Question, options: Sequence[tuple[str, str]]) -> list[Plain]:
    """In an order that the ids alone decide, so that it tells nothing of which is right or comes first."""

    def place(option: tuple[str, str]) -> bytes:
        return hashlib.sha256(f"{question.id} {option[0]}".encode()).digest()

    return [{"id": option_id, "text": text} for option_id, text in sorted(options, key=place)]


def _options(module: Module, question: Question, school: ExerciseSchool) -> list[tuple[str, str]]:
    if isinstance(question.options, str):
        return [(str(option_id), str(text)) for option_id, text in work_out(module, question.options, school)]
    return [(option.id, option.text) for option in question.options]


def _table(module: Module, question: Question, school: ExerciseSchool) -> Table:
    found = work_out(module, question.table, school)
    if not isinstance(found, Table):
        raise _wrong(module, question, f'"{question.table}" must give a Table.')
    return found


# ------------------------------------------------------------------------------------------------ what marks


def key(module: Module, question: Question, school: ExerciseSchool) -> Plain:
    """All that mark.mark needs for one question on one school."""
    found: Plain = {
        "id": question.id,
        "type": question.type,
        "marks": question.out_of or 1,
        "explains": question.explains,
        "otherwise": question.otherwise,
        "look_again": question.look_again,
        "school": school.key,
    }
    match question.type:
        case "choose-one" | "choose-many" | "put-in-order" | "pick-pupils":
            found |= _choice_key(module, question, school)
        case "number":
            found |= _number_key(module, question, school)
        case "share-out":
            found |= _share_key(module, question, school)
    return found


def _choice_key(module: Module, question: Question, school: ExerciseSchool) -> Plain:
    if question.type == "pick-pupils":
        known = [row.id for row in _table(module, question, school).rows]
    else:
        known = [option_id for option_id, _ in _options(module, question, school)]
    right = _right_ids(module, question, school)
    if not set(right) <= set(known) or not right or len(set(known)) != len(known):
        raise _wrong(module, question, f"the right answer {right} does not fit the answers to choose from, {known}.")
    said = {option_id: _said(option) for option_id, option in _written(question).items()}
    if question.type == "put-in-order":
        said = {}
    slips = [
        _said(slip) | {"answer": ids}
        for slip in question.slips
        if (ids := _slip_ids(module, slip, school, known)) and ids != right and set(ids) <= set(known)
    ]
    return {"options": {each: said.get(each, {}) for each in known}, "right": right, "slips": slips}


def _right_ids(module: Module, question: Question, school: ExerciseSchool) -> list[str]:
    if question.answer is not None:
        return _ids_of(module, question.answer, school)
    written = _written(question)
    if question.type == "put-in-order":
        return list(written)
    return [option_id for option_id, option in written.items() if option.right]


def _written(question: Question) -> dict[str, Option]:
    return {} if isinstance(question.options, str) else {option.id: option for option in question.options}


def _ids_of(module: Module, answer: object, school: ExerciseSchool) -> list[str]:
    found = work_out(module, answer, school) if isinstance(answer, str) else answer
    if isinstance(found, str):
        return [found]
    return [str(each) for each in found] if isinstance(found, Iterable) else []


def _slip_ids(module: Module, slip: Slip, school: ExerciseSchool, known: Sequence[str]) -> list[str]:
    """The ids of a slip: one of those to choose from, a list of them, or what a function gives."""
    return [str(slip.answer)] if slip.answer in known else _ids_of(module, slip.answer, school)


def _number_key(module: Module, question: Question, school: ExerciseSchool) -> Plain:
    right = _number(module, question.answer, school)
    tolerance = question.tolerance
    within = abs(right) * float(tolerance[:-1]) / 100 if tolerance.endswith("%") else float(tolerance)
    slips = [
        _said(slip) | {"answer": number}
        for slip in question.slips
        if abs((number := _number(module, slip.answer, school)) - right) > within + _NEARLY
    ]
    return {"answer": right, "tolerance": within, "slips": slips}


def _share_key(module: Module, question: Question, school: ExerciseSchool) -> Plain:
    rows = [option_id for option_id, _ in _options(module, question, school)]
    slips = [_said(slip) | {"answer": dict(slip.answer)} for slip in question.slips if isinstance(slip.answer, Mapping)]
    return {
        "options": {row: {} for row in rows},
        "rules": [_rule(module, rule, rows, school) for rule in question.rules],
        "slips": slips,
    }


def _rule(module: Module, rule: ShareRule, rows: list[str], school: ExerciseSchool) -> Plain:
    bounds = {
        name: None if bound is None else _number(module, bound, school)
        for name, bound in (("at_least", rule.at_least), ("at_most", rule.at_most))
    }
    return _said(rule) | {"rows": list(rule.rows) or rows, "worth": rule.worth, **bounds}


def _said(part: Option | Slip | ShareRule) -> Plain:
    return {
        "says": part.says,
        "misconception": part.misconception,
        "worth": part.worth,
        "look_again": part.look_again,
    }


def _number(module: Module, value: object, school: ExerciseSchool) -> float:
    found = work_out(module, value, school) if isinstance(value, str) else value
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise ContentProblem(Problem(module.folder / "answers.py", 1, f'"{value}" must give a number, not {found!r}.'))
    return float(found)


def _wrong(module: Module, question: Question, says: str) -> ContentProblem:
    return ContentProblem(Problem(module.folder / "questions.yml", question.line, f"Question {question.id}: {says}"))
