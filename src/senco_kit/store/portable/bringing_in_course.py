"""The course work of a file added to the course work that is here, which is never changed by it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sqlalchemy import Connection

from senco_kit.store import course_rows, course_values
from senco_kit.store.course_rows import Assignment, Kept
from senco_kit.store.portable.problem import ImportProblem
from senco_kit.store.portable.tally import Tally

_Thing = TypeVar("_Thing")


@dataclass
class _Sorted(Generic[_Thing]):
    """The things of one kind in a file: those that are new here, how many are here already, and those left out."""

    new: list[_Thing] = field(default_factory=list)
    same: int = 0
    left_out: list[_Thing] = field(default_factory=list)

    def tally(self, one: str, several: str, another: str) -> Tally:
        return Tally((one, several), len(self.new), self.same, left_out=len(self.left_out), another=another)


def add(connection: Connection, found: Kept) -> tuple[Tally, ...]:
    """Add what is not here yet; raises ImportProblem when there is no room for the assignments.

    When an assignment is here in another form, such as on another school, its answers and marks are left out with it.
    """
    here = course_rows.read(connection)
    assignments = _sort(found.assignments, here.assignments, lambda one: one.id, _released)
    others = {one.work for one in assignments.left_out}
    # The marks of an assignment were given together: those of two markings are not mixed.
    marked = {one.work for one in here.marks if one.work.startswith(course_values.work_of(""))}
    answers = _sort(
        [one for one in found.answers if one.work not in others],
        here.answers,
        lambda one: (one.work, one.question),
        lambda one: one.answer,
    )
    marks = _sort(
        [one for one in found.marks if one.work not in others],
        here.marks,
        lambda one: (one.work, one.question),
        lambda one: (one.marked, one.answer),
        leave_out=lambda one: one.work in marked,
    )
    sections = _sort(found.sections_done, here.sections_done, lambda one: (one.module, one.section), lambda _: None)
    settings = _sort(found.settings.items(), here.settings.items(), lambda one: one[0], lambda one: one[1])
    _check_room(connection, assignments.new)
    new = Kept(tuple(answers.new), tuple(sections.new), tuple(assignments.new), tuple(marks.new), dict(settings.new))
    course_rows.write(connection, new)
    return (
        sections.tally("section done", "sections done", ""),
        answers.tally("course answer", "course answers", "another answer"),
        assignments.tally("assignment", "assignments", "another form of it"),
        marks.tally("marked answer", "marked answers", "other marks"),
        settings.tally("choice for the course", "choices for the course", "another choice"),
    )


def _sort(
    found: Iterable[_Thing],
    here: Iterable[_Thing],
    key: Callable[[_Thing], Hashable],
    content: Callable[[_Thing], object],
    leave_out: Callable[[_Thing], bool] = lambda _: False,
) -> _Sorted[_Thing]:
    there = {key(one): content(one) for one in here}
    done = _Sorted[_Thing]()
    for one in found:
        if key(one) in there and there[key(one)] == content(one):
            done.same += 1
        elif key(one) in there or leave_out(one):
            done.left_out.append(one)
        else:
            done.new.append(one)
    return done


def _released(one: Assignment) -> object:
    return one.package, one.notebook


def _check_room(connection: Connection, assignments: Iterable[Assignment]) -> None:
    more = sum(len(course_values.as_text(one.package)) + len(one.notebook or b"") for one in assignments)
    if more and not course_rows.has_room(connection, more):
        raise ImportProblem(
            f"The kit keeps {course_values.LARGEST_ASSIGNMENTS // 1_000_000} MB of assignments in all, and the file "
            "would bring more; take away an assignment that you no longer need, then choose the file again."
        )
