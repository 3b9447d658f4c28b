"""One work file and the transactions on it: the ground that every kind of kept work stands on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from senco_kit.store import database, rows
from senco_kit.store.problems import in_plain_words


class WorkFile:
    """Reads and changes of one work file, each a transaction.

    Values come as text from a form. Every method of the store raises StoreProblem when the file cannot be used, and
    NoLongerThere when what it is about was deleted; those that take values raise BadValue. Methods that save return the
    moment (UTC) that was written with the change, once the change is on the disk.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        # A connection for each transaction: a file that was put aside is never written to by mistake.
        engine = create_engine("sqlite://", creator=lambda: database.connect(file), poolclass=NullPool)
        event.listen(engine, "begin", _begin)
        self._reads = engine.execution_options(compiled_cache=_COMPILED)
        self._writes = engine.execution_options(begin="BEGIN IMMEDIATE", compiled_cache=_COMPILED)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection on which everything read belongs to one moment."""
        try:
            with self._reads.begin() as connection:
                yield connection
        except (DBAPIError, rows.Unreadable) as error:
            raise in_plain_words(error, self.file) from error

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection for one change: all of it is on the disk at the end of the block, or nothing is."""
        try:
            with self._writes.begin() as connection:
                yield connection
        except (DBAPIError, rows.Unreadable) as error:
            raise in_plain_words(error, self.file) from error


#: What SQLAlchemy has made of the questions asked so far. A store is opened for each answer: without this it would make
#: the same SQL again each time.
_COMPILED: dict[Any, Any] = {}


def _begin(connection: Connection) -> None:
    # A change takes the write lock at once: one that reads first could otherwise be refused instead of waiting.
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)
