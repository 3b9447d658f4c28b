"""The person's own school data, real pupils' data: kept only when the person says so, and gone when they say so.

It stands in the work file and in nothing else that the kit writes, but for two things that are made of the whole file:
the earlier copies (deleting takes it out of them too), and the file of all work that the person downloads themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from senco_kit.store import answers, copies, rows, tables
from senco_kit.store.problems import BadValue, NoLongerThere, StoreProblem, plain_words
from senco_kit.store.work_file import WorkFile, now

_TABLE = tables.own_school


@dataclass(frozen=True)
class OwnSchool:
    """A kept file of own school data, without its content: `kind` is how its name ended, `size` is in bytes."""

    id: str
    name: str
    kind: str
    kept_at: datetime
    size: int


class OwnSchools:
    """The own school data in one work file; `store.own_schools`. What the methods raise stands at WorkFile."""

    def __init__(self, work: WorkFile) -> None:
        self._work = work

    def all(self) -> tuple[OwnSchool, ...]:
        """Every kept file, the newest first, without the contents."""
        with self._work.reading() as connection:
            return read(connection)

    def data(self, school_id: str) -> bytes:
        """The content of a kept file, as it was uploaded."""
        with self._work.reading() as connection:
            found: bytes | None = connection.scalars(
                select(_TABLE.c.data).where(_TABLE.c.id == school_id)
            ).one_or_none()
        if found is None:
            raise NoLongerThere(
                "This school data is no longer here, perhaps it was deleted in another tab; choose the file again."
            )
        return found

    def keep(self, name: str, kind: str, data: bytes) -> OwnSchool:
        """Keep a file under a name that the person gives; `kind` is one of answers.OWN_SCHOOL_KINDS."""
        answers.own_school_data(kind, data)
        new = OwnSchool(rows.new_id(), answers.name(name, "school"), kind, now(), len(data))
        with self._work.writing() as connection:
            if not has_room(connection, len(data)):
                raise BadValue(
                    f"The kit keeps {answers.LARGEST_OWN_SCHOOLS // 1_000_000} MB of school data in all; "
                    "delete one that you kept before, then keep this one."
                )
            write(connection, [(new, data)])
        return new

    def delete(self, school_id: str) -> None:
        """Delete a kept file from the work and from every earlier copy, so that no file of the kit holds it any more.

        Harmless when it is gone. Raises StoreProblem before anything is deleted from the work when an earlier copy
        cannot be changed; and at the end, when the data is deleted but traces may be left, with what to do about them.
        A file of all work that was downloaded is the person's own to delete.
        """
        file = self._work.file
        damaged = copies.forget_own_school(file.parent, school_id)
        with self._work.writing() as connection:
            connection.execute(_TABLE.delete().where(_TABLE.c.id == school_id))
        with plain_words(file):
            gone = copies.leave_no_traces(file)
        if not gone:
            raise StoreProblem(
                f"The school data is deleted, but another page still has the file open ({file}); "
                "close all pages and start the kit again, so that no trace is left."
            )
        if damaged:
            raise StoreProblem(
                f"The school data is deleted, but a damaged earlier file may still hold it ({damaged[0]}); "
                "delete that file yourself."
            )


def read(connection: Connection) -> tuple[OwnSchool, ...]:
    """Every kept file without its content, the newest first. Raises rows.Unreadable."""
    columns = (_TABLE.c.id, _TABLE.c.name, _TABLE.c.kind, _TABLE.c.kept_at, func.length(_TABLE.c.data).label("size"))
    with rows.readable():
        return tuple(
            OwnSchool(row.id, row.name, row.kind, row.kept_at.replace(tzinfo=UTC), row.size)
            for row in connection.execute(select(*columns).order_by(_TABLE.c.kept_at.desc(), _TABLE.c.id))
        )


def read_data(connection: Connection) -> dict[str, bytes]:
    """The contents by id."""
    return {row.id: row.data for row in connection.execute(select(_TABLE.c.id, _TABLE.c.data))}


def write(connection: Connection, schools: Iterable[tuple[OwnSchool, bytes]]) -> None:
    """Add whole files, whose ids must not be there yet."""
    for one, data in schools:
        connection.execute(
            _TABLE.insert().values(
                id=one.id, name=one.name, kind=one.kind, kept_at=rows.as_kept(one.kept_at), data=data
            )
        )


def has_room(connection: Connection, more: int) -> bool:
    """Whether so many bytes more may be kept."""
    kept = connection.scalars(select(func.coalesce(func.sum(func.length(_TABLE.c.data)), 0))).one()
    return bool(kept + more <= answers.LARGEST_OWN_SCHOOLS)
