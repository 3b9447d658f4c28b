"""What a learner read from an invented school's data: one answer to a question about one school."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert

from senco_kit.store import answers, rows, tables
from senco_kit.store.work_file import WorkFile, now

_TABLE = tables.reading


@dataclass(frozen=True)
class Reading:
    """An answer about a school: `question` is an id that the page gives, such as that of a provision."""

    school: str
    question: str
    answer: str
    changed_at: datetime


class Readings:
    """The readings in one work file; `store.readings`. What the methods raise and return stands at WorkFile."""

    def __init__(self, work: WorkFile) -> None:
        self._work = work

    def all(self) -> tuple[Reading, ...]:
        """Every reading, by school and question."""
        with self._work.reading() as connection:
            return read(connection)

    def of(self, school: str) -> dict[str, str]:
        """The answers about one school, by question."""
        return {one.question: one.answer for one in self.all() if one.school == school}

    def save(self, school: str, question: str, answer: str) -> datetime:
        """Save one answer; an empty one takes it back."""
        new = Reading(answers.short_id(school), answers.short_id(question), answers.words(answer).strip(), now())
        with self._work.writing() as connection:
            if new.answer:
                write(connection, [new])
            else:
                connection.execute(_TABLE.delete().filter_by(school=new.school, question=new.question))
        return new.changed_at

    def forget(self, school: str) -> None:
        """Take back all answers about a school, to begin again."""
        with self._work.writing() as connection:
            connection.execute(_TABLE.delete().filter_by(school=school))


def read(connection: Connection) -> tuple[Reading, ...]:
    """Every reading, by school and question. Raises rows.Unreadable."""
    with rows.readable():
        return tuple(
            Reading(row.school, row.question, row.answer, row.changed_at.replace(tzinfo=UTC))
            for row in connection.execute(select(_TABLE).order_by(*_TABLE.primary_key.columns))
        )


def write(connection: Connection, readings: Iterable[Reading]) -> None:
    """Save answers, each in the place of one that is there already."""
    for one in readings:
        columns = {"answer": one.answer, "changed_at": rows.as_kept(one.changed_at)}
        key = {"school": one.school, "question": one.question}
        connection.execute(
            insert(_TABLE).values(key | columns).on_conflict_do_update(index_elements=list(key), set_=columns)
        )
