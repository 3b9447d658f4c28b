"""A person's course work read from the tables and written to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select
from sqlalchemy.dialects.sqlite import insert

from senco_kit.store import rows, tables
from senco_kit.store.course_values import LARGEST_ASSIGNMENTS, CourseAnswer, as_text, work_of


@dataclass(frozen=True)
class KeptAnswer:
    """An answer to a question of a piece of work, such as "checks/3-coordinating-provision"."""

    work: str
    question: str
    answer: CourseAnswer
    changed_at: datetime


@dataclass(frozen=True)
class SectionDone:
    """A section of a lesson that was marked as done."""

    module: str
    section: str
    done_at: datetime


@dataclass(frozen=True)
class Assignment:
    """An assignment to do. `package` is what was released; `handed_in_as` says what was made of it, in words."""

    id: str
    package: Mapping[str, Any]
    notebook: bytes | None
    learner: str
    brought_at: datetime
    handed_in_at: datetime | None = None
    handed_in_as: str = ""

    @property
    def module(self) -> str:
        """The id of its module."""
        return str(self.package["id"])

    @property
    def school(self) -> str:
        """The key of the school that it is about."""
        return str(self.package["school"])

    @property
    def cohort(self) -> str:
        """The name of the cohort; empty when it is the person's own."""
        return str(self.package["cohort"])

    @property
    def is_own(self) -> bool:
        """Whether the person does it alone."""
        return not self.cohort

    @property
    def work(self) -> str:
        """Where its answers and marks are kept."""
        return work_of(self.id)


@dataclass(frozen=True)
class KeptMark:
    """What an answer earned, as plain JSON, and the answer that it was given for."""

    work: str
    question: str
    marked: Mapping[str, Any]
    answer: CourseAnswer
    marked_at: datetime


@dataclass(frozen=True)
class Kept:
    """All course work of a person, or a part of it."""

    answers: tuple[KeptAnswer, ...] = ()
    sections_done: tuple[SectionDone, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    marks: tuple[KeptMark, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


def read(connection: Connection) -> Kept:
    """All course work. Raises rows.Unreadable."""
    return Kept(
        read_answers(connection),
        read_sections(connection),
        read_assignments(connection),
        read_marks(connection),
        read_settings(connection),
    )


def write(connection: Connection, kept: Kept) -> None:
    """Add course work, each thing in the place of one that is there already."""
    write_answers(connection, kept.answers)
    write_sections(connection, kept.sections_done)
    write_assignments(connection, kept.assignments)
    write_marks(connection, kept.marks)
    write_settings(connection, kept.settings)


def read_answers(connection: Connection, *which: ColumnElement[bool]) -> tuple[KeptAnswer, ...]:
    """Every answer, or those for which all of `which` hold, by work and question. Raises rows.Unreadable."""
    table = tables.course_answer
    with rows.readable():
        return tuple(
            KeptAnswer(row.work, row.question, json.loads(row.answer), _moment(row.changed_at))
            for row in connection.execute(select(table).where(*which).order_by(*table.primary_key.columns))
        )


def write_answers(connection: Connection, answers: Iterable[KeptAnswer]) -> None:
    """Save answers, each in the place of one that is there already."""
    for one in answers:
        columns = {"answer": as_text(one.answer), "changed_at": rows.as_kept(one.changed_at)}
        _put(connection, tables.course_answer, {"work": one.work, "question": one.question}, columns)


def read_sections(connection: Connection, *which: ColumnElement[bool]) -> tuple[SectionDone, ...]:
    """Every section that is done, by module and section. Raises rows.Unreadable."""
    table = tables.section_done
    with rows.readable():
        return tuple(
            SectionDone(row.module, row.section, _moment(row.done_at))
            for row in connection.execute(select(table).where(*which).order_by(*table.primary_key.columns))
        )


def write_sections(connection: Connection, sections: Iterable[SectionDone]) -> None:
    """Note sections as done; one that is done already keeps its day."""
    for one in sections:
        columns = {"module": one.module, "section": one.section, "done_at": rows.as_kept(one.done_at)}
        connection.execute(insert(tables.section_done).values(columns).on_conflict_do_nothing())


def read_assignments(connection: Connection, *which: ColumnElement[bool]) -> tuple[Assignment, ...]:
    """Every assignment, oldest first. Raises rows.Unreadable."""
    table = tables.assignment
    with rows.readable():
        return tuple(
            Assignment(
                row.id,
                json.loads(row.package),
                row.notebook,
                row.learner,
                _moment(row.brought_at),
                _moment(row.handed_in_at) if row.handed_in_at is not None else None,
                row.handed_in_as,
            )
            for row in connection.execute(select(table).where(*which).order_by(table.c.brought_at, table.c.id))
        )


def write_assignments(connection: Connection, assignments: Iterable[Assignment]) -> None:
    """Save assignments, each in the place of one that is there already."""
    for one in assignments:
        columns = {
            "package": as_text(one.package),
            "notebook": one.notebook,
            "learner": one.learner,
            "brought_at": rows.as_kept(one.brought_at),
            "handed_in_at": rows.as_kept(one.handed_in_at) if one.handed_in_at is not None else None,
            "handed_in_as": one.handed_in_as,
        }
        _put(connection, tables.assignment, {"id": one.id}, columns)


def has_room(connection: Connection, more: int) -> bool:
    """Whether so many bytes of assignments more may be kept."""
    table = tables.assignment
    taken = func.length(table.c.package) + func.coalesce(func.length(table.c.notebook), 0)
    kept = connection.scalars(select(func.coalesce(func.sum(taken), 0))).one()
    return bool(kept + more <= LARGEST_ASSIGNMENTS)


def read_marks(connection: Connection, *which: ColumnElement[bool]) -> tuple[KeptMark, ...]:
    """Every mark, by work and question. Raises rows.Unreadable."""
    table = tables.course_mark
    with rows.readable():
        return tuple(
            KeptMark(row.work, row.question, json.loads(row.marked), json.loads(row.answer), _moment(row.marked_at))
            for row in connection.execute(select(table).where(*which).order_by(*table.primary_key.columns))
        )


def write_marks(connection: Connection, marks: Iterable[KeptMark]) -> None:
    """Save marks, each in the place of one that is there already."""
    for one in marks:
        columns = {
            "marked": as_text(one.marked),
            "answer": as_text(one.answer),
            "marked_at": rows.as_kept(one.marked_at),
        }
        _put(connection, tables.course_mark, {"work": one.work, "question": one.question}, columns)


def read_settings(connection: Connection) -> dict[str, str]:
    """The choices that hold for the whole course, by name."""
    table = tables.course_setting
    return {row.name: row.value for row in connection.execute(select(table).order_by(table.c.name))}


def write_settings(connection: Connection, settings: Mapping[str, str]) -> None:
    """Save choices, each in the place of one that is there already."""
    for name, value in settings.items():
        _put(connection, tables.course_setting, {"name": name}, {"value": value})


def _put(connection: Connection, table: Table, key: Mapping[str, str], columns: Mapping[str, Any]) -> None:
    new = insert(table).values({**key, **columns})
    connection.execute(new.on_conflict_do_update(index_elements=list(key), set_=dict(columns)))


def _moment(kept: datetime) -> datetime:
    return kept.replace(tzinfo=UTC)
