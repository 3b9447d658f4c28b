"""The shape of a file's course work, entry by entry."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator, model_validator

from senco_kit.store import course_values, tables
from senco_kit.store.course_rows import Assignment, Kept, KeptAnswer, KeptMark, SectionDone
from senco_kit.store.course_values import CourseAnswer
from senco_kit.store.portable.entries import Answer, Moment, Part, Rows, Short, Words, whole
from senco_kit.store.portable.problem import Wrong
from senco_kit.store.problems import BadValue

_Value = TypeVar("_Value")


def _as_written(keep: Callable[[object], _Value], value: object, wrong: str) -> _Value:
    with suppress(BadValue):
        kept = keep(value)
        # What the kit would have cleaned, it has not written; half a character it would have cleaned too.
        if kept == value:
            return kept
    raise Wrong(wrong)


def _read_answer(value: object) -> CourseAnswer:
    return _as_written(course_values.answer, value, "this is not an answer as the kit keeps it")


def _read_given_answer(value: object) -> CourseAnswer:
    kept = _read_answer(value)
    if not kept:
        raise Wrong("this answer is empty")
    return kept


def _read_package(value: object) -> dict[str, Any]:
    try:
        return course_values.package(json.loads(value) if isinstance(value, str) else None)
    except (ValueError, RecursionError):  # BadValue is a ValueError
        raise Wrong("this is not an assignment that the kit released") from None


def _read_notebook(value: object) -> bytes | None:
    if value is None:
        return None
    if isinstance(value, str):
        with suppress(ValueError):
            return b64decode(value, validate=True)
    raise Wrong("this notebook is not whole")


def _read_learner(value: str) -> str:
    if len(value) > tables.LONGEST_NAME or " ".join(value.split()) != value:
        raise Wrong("this code is too long, or has spaces that the kit would not keep")
    return value


def _read_marked(value: object) -> dict[str, Any]:
    return _as_written(course_values.marked, value, "these are not marks as the kit keeps them")


class _Answer(Part):
    work: Short
    question: Short
    answer: Annotated[CourseAnswer, BeforeValidator(_read_given_answer)]
    changed_at: Moment


class _SectionDone(Part):
    module: Short
    section: Short
    done_at: Moment


class _Assignment(Part):
    id: Short
    package: Annotated[dict[str, Any], BeforeValidator(_read_package)]
    notebook: Annotated[bytes | None, BeforeValidator(_read_notebook)]
    learner: Annotated[str, AfterValidator(whole), AfterValidator(_read_learner)]
    brought_at: Moment
    handed_in_at: Moment | None
    handed_in_as: Words

    @model_validator(mode="after")
    def _fits(self) -> _Assignment:
        if self.id != course_values.assignment_id(self.package):
            raise Wrong("the id of this assignment belongs to another one")
        try:
            course_values.within_size(course_values.as_text(self.package), self.notebook)
        except BadValue:
            raise Wrong("this assignment is larger than the kit keeps") from None
        return self


class _Mark(Part):
    work: Short
    question: Short
    marked: Annotated[dict[str, Any], BeforeValidator(_read_marked)]
    answer: Annotated[CourseAnswer, BeforeValidator(_read_answer)]
    marked_at: Moment


class _Setting(Part):
    name: Short
    value: Answer


class CourseShape(Part):
    """The part of a file that holds the course work."""

    answers: Rows[_Answer]
    sections_done: Rows[_SectionDone]
    assignments: Rows[_Assignment]
    marks: Rows[_Mark]
    settings: Rows[_Setting]

    @model_validator(mode="after")
    def _each_once(self) -> CourseShape:
        if len({one.name for one in self.settings}) < len(self.settings):
            raise Wrong("a setting stands twice")
        return self

    def as_kept(self) -> Kept:
        """The course work as the store knows it."""
        return Kept(
            tuple(KeptAnswer(**dict(one)) for one in self.answers),
            tuple(SectionDone(**dict(one)) for one in self.sections_done),
            tuple(Assignment(**dict(one)) for one in self.assignments),
            tuple(KeptMark(**dict(one)) for one in self.marks),
            {one.name: one.value for one in self.settings},
        )
