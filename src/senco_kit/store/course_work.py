"""A person's course work: answers, sections done, assignments, marks and choices; each saved by itself.

A piece of work has a short name: "checks/3-coordinating-provision" for the quick checks of a lesson,
"reflections/3-coordinating-provision" for its reflections, "assignment/ID" for an assignment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from senco_kit.store import answers, course_rows, course_values, rows, tables
from senco_kit.store.course_rows import Assignment, KeptAnswer, KeptMark, SectionDone
from senco_kit.store.course_values import CourseAnswer, work_of
from senco_kit.store.problems import BadValue, NoLongerThere
from senco_kit.store.work_file import WorkFile, now

_ANSWER, _MARK, _DONE, _ASSIGNMENT = (
    tables.course_answer,
    tables.course_mark,
    tables.section_done,
    tables.assignment,
)


@dataclass(frozen=True)
class Result:
    """The marks of a piece of work: by question, as plain JSON, with the answer that each was given for."""

    marked: Mapping[str, Mapping[str, Any]]
    answers: Mapping[str, CourseAnswer]
    at: datetime

    @property
    def marks(self) -> float:
        """The marks earned so far."""
        return sum(float(each["marks"]) for each in self.marked.values())

    @property
    def out_of(self) -> float:
        """The marks that there are to earn."""
        return sum(float(each["out_of"]) for each in self.marked.values())


class CourseWork:
    """The course work in one work file; `store.course`. What the methods raise and return stands at WorkFile."""

    def __init__(self, work: WorkFile) -> None:
        self._work = work

    # -- answers

    def answers(self, work: str) -> dict[str, CourseAnswer]:
        """The answers of one piece of work, by question."""
        with self._work.reading() as connection:
            return {one.question: one.answer for one in course_rows.read_answers(connection, _ANSWER.c.work == work)}

    def all_answers(self) -> dict[str, dict[str, CourseAnswer]]:
        """Every answer, by work and question."""
        found: dict[str, dict[str, CourseAnswer]] = {}
        with self._work.reading() as connection:
            for one in course_rows.read_answers(connection):
                found.setdefault(one.work, {})[one.question] = one.answer
        return found

    def save_answer(self, work: str, question: str, answer: CourseAnswer) -> datetime:
        """Save one answer; all others stay as they are. An empty one takes it back."""
        kept = course_values.answer(answer)
        new = KeptAnswer(answers.short_id(work), answers.short_id(question), kept, now())
        with self._work.writing() as connection:
            _save(connection, new)
        return new.changed_at

    def save_part(self, work: str, question: str, row: str, text: str) -> datetime:
        """Save one amount of a sharing-out; its other amounts stay as they are. An empty one takes it back."""
        part = {answers.short_id(row): answers.words(text).strip()}
        new = KeptAnswer(answers.short_id(work), answers.short_id(question), {}, now())
        with self._work.writing() as connection:
            here = course_rows.read_answers(connection, _ANSWER.c.work == work, _ANSWER.c.question == question)
            before = here[0].answer if here and isinstance(here[0].answer, dict) else {}
            _save(connection, replace(new, answer=course_values.answer({**before, **part})))
        return new.changed_at

    # -- sections

    def done(self, module: str) -> dict[str, datetime]:
        """The sections of a module that are done, with the moment of each."""
        with self._work.reading() as connection:
            return {one.section: one.done_at for one in course_rows.read_sections(connection, _DONE.c.module == module)}

    def all_done(self) -> dict[str, dict[str, datetime]]:
        """The sections that are done, by module."""
        found: dict[str, dict[str, datetime]] = {}
        with self._work.reading() as connection:
            for one in course_rows.read_sections(connection):
                found.setdefault(one.module, {})[one.section] = one.done_at
        return found

    def mark_done(self, module: str, section: str) -> datetime:
        """Note a section as done; one that is done already keeps its day."""
        new = SectionDone(answers.short_id(module), answers.short_id(section), now())
        with self._work.writing() as connection:
            course_rows.write_sections(connection, [new])
        return new.done_at

    def forget_done(self, module: str, section: str) -> None:
        """Note a section as not done; harmless when it is not."""
        with self._work.writing() as connection:
            connection.execute(_DONE.delete().filter_by(module=module, section=section))

    # -- assignments

    def assignments(self) -> tuple[Assignment, ...]:
        """Every assignment, oldest first."""
        with self._work.reading() as connection:
            return course_rows.read_assignments(connection)

    def assignment(self, assignment_id: str) -> Assignment:
        """The assignment with this id."""
        with self._work.reading() as connection:
            return _the_one(connection, assignment_id)

    def bring_in(self, package: Mapping[str, Any], notebook: bytes | None = None) -> Assignment:
        """Keep an assignment, or its newer version in the place of the older one.

        The answers stay. When it is about another school than before, the marks and the note that it was handed in go.
        """
        plain = course_values.package(package)
        new = Assignment(course_values.assignment_id(plain), plain, notebook, "", now())
        size = course_values.within_size(course_values.as_text(plain), notebook)
        with self._work.writing() as connection:
            for before in course_rows.read_assignments(connection, _ASSIGNMENT.c.id == new.id):
                new = replace(new, learner=before.learner)
                if before.school == new.school:
                    new = replace(new, handed_in_at=before.handed_in_at, handed_in_as=before.handed_in_as)
                else:
                    connection.execute(_MARK.delete().filter_by(work=new.work))
                connection.execute(_ASSIGNMENT.delete().filter_by(id=new.id))
            if not course_rows.has_room(connection, size):
                raise BadValue(
                    f"The kit keeps {course_values.LARGEST_ASSIGNMENTS // 1_000_000} MB of assignments in all; "
                    "take away one that you no longer need, then bring this one in."
                )
            course_rows.write_assignments(connection, [new])
        return new

    def set_learner(self, assignment_id: str, learner: str) -> datetime:
        """Keep the code under which a cohort knows the person; an empty one takes it back."""
        text = " ".join(answers.words(learner).split())
        if len(text) > tables.LONGEST_NAME:
            raise BadValue(f"This code has {len(text):,} characters; keep it under {tables.LONGEST_NAME}.")
        return self._change(assignment_id, {"learner": text})

    def handed_in(self, assignment_id: str, as_what: str) -> datetime:
        """Note that an assignment was handed in now, and as what."""
        return self._change(assignment_id, {"handed_in_as": answers.words(as_what)}, when="handed_in_at")

    def remove(self, assignment_id: str) -> None:
        """Take an assignment away with its answers and marks; harmless when it is gone."""
        with self._work.writing() as connection:
            connection.execute(_ASSIGNMENT.delete().filter_by(id=assignment_id))
            for table in (_ANSWER, _MARK):
                connection.execute(table.delete().filter_by(work=work_of(assignment_id)))

    def _change(self, assignment_id: str, columns: Mapping[str, object], when: str = "") -> datetime:
        moment = now()
        timed = {when: rows.as_kept(moment)} if when else {}
        change = _ASSIGNMENT.update().where(_ASSIGNMENT.c.id == assignment_id).values({**columns, **timed})
        with self._work.writing() as connection:
            if connection.execute(change).rowcount == 0:
                raise _gone()
        return moment

    # -- marks

    def result(self, work: str) -> Result | None:
        """The marks of a piece of work; None when nothing of it was marked yet."""
        with self._work.reading() as connection:
            return _as_result(course_rows.read_marks(connection, _MARK.c.work == work))

    def results(self) -> dict[str, Result]:
        """The marks of every piece of work that has any."""
        by_work: dict[str, list[KeptMark]] = {}
        with self._work.reading() as connection:
            for one in course_rows.read_marks(connection):
                by_work.setdefault(one.work, []).append(one)
        found = {work: _as_result(tuple(marks)) for work, marks in by_work.items()}
        return {work: result for work, result in found.items() if result is not None}

    def save_result(
        self, work: str, marked: Mapping[str, Mapping[str, Any]], given: Mapping[str, CourseAnswer] | None = None
    ) -> datetime:
        """Keep the marks of a whole piece of work in the place of earlier ones; `given` are the answers marked."""
        moment = now()
        answered = given or {}
        marks = [_mark(work, question, each, answered.get(question, ""), moment) for question, each in marked.items()]
        with self._work.writing() as connection:
            connection.execute(_MARK.delete().filter_by(work=work))
            course_rows.write_marks(connection, marks)
        return moment

    def save_mark(self, work: str, question: str, marked: Mapping[str, Any], given: CourseAnswer) -> datetime:
        """Keep the mark of one answer, such as of a quick check; all others stay as they are."""
        moment = now()
        mark = _mark(work, question, marked, given, moment)
        with self._work.writing() as connection:
            course_rows.write_marks(connection, [mark])
        return moment

    # -- choices

    def setting(self, name: str) -> str:
        """A choice that holds for the whole course; "" when none was made."""
        with self._work.reading() as connection:
            return course_rows.read_settings(connection).get(name, "")

    def set_setting(self, name: str, value: str) -> None:
        """Keep a choice; an empty one takes it back."""
        name, value = answers.short_id(name), answers.words(value).strip()
        with self._work.writing() as connection:
            if value:
                course_rows.write_settings(connection, {name: value})
            else:
                connection.execute(tables.course_setting.delete().filter_by(name=name))


def _save(connection: Connection, new: KeptAnswer) -> None:
    if new.answer:
        course_rows.write_answers(connection, [new])
    else:
        connection.execute(_ANSWER.delete().filter_by(work=new.work, question=new.question))


def _mark(work: str, question: str, marked: Mapping[str, Any], given: CourseAnswer, moment: datetime) -> KeptMark:
    return KeptMark(
        answers.short_id(work),
        answers.short_id(question),
        course_values.marked(marked),
        course_values.answer(given),
        moment,
    )


def _as_result(marks: tuple[KeptMark, ...]) -> Result | None:
    if not marks:
        return None
    marked = {one.question: one.marked for one in marks}
    return Result(marked, {one.question: one.answer for one in marks}, max(one.marked_at for one in marks))


def _the_one(connection: Connection, assignment_id: str) -> Assignment:
    found = course_rows.read_assignments(connection, _ASSIGNMENT.c.id == assignment_id)
    if not found:
        raise _gone()
    return found[0]


def _gone() -> NoLongerThere:
    return NoLongerThere(
        "This assignment is no longer here, perhaps it was taken away in another tab; go back to the course."
    )
