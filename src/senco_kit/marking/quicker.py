"""What nbgrader does again and again, or in a roundabout way, done once and straight: so that marking is quicker.

Its results are the same. A process that marks lives for one run of marking.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

from jsonschema.validators import validator_for  # type: ignore[import-untyped]
from nbgrader import api, dbutil
from nbgrader.nbgraderformat import common
from sqlalchemy import create_engine, event
from sqlalchemy.orm import scoped_session, sessionmaker

#: Seconds to wait for others that write into the gradebook.
_LONGEST_WAIT = 60.0


def make_gradebooks_quicker() -> None:
    """For a new gradebook nbgrader starts a program that loads all of nbgrader once more, to read one number."""
    api.get_alembic_version = _newest_version


def _newest_version() -> str:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    with dbutil._temp_alembic_ini("sqlite://") as settings:
        return str(ScriptDirectory.from_config(Config(settings)).get_current_head())


@cache
def mark_quicker() -> None:
    """Let nbgrader do these things once in this process."""
    _open_gradebooks_once()
    _check_schemas_once()


def _open_gradebooks_once() -> None:
    """Each of nbgrader's steps makes an engine, which compiles each query again, and looks for tables and course."""
    open_gradebook = api.Gradebook.__init__
    known: set[tuple[str, str]] = set()

    def open_once(self: Any, db_url: str, course_id: str = "default_course", authenticator: Any = None) -> None:
        if (db_url, course_id) not in known:
            open_gradebook(self, db_url, course_id, authenticator)
            known.add((db_url, course_id))
            return
        self.engine = api.create_engine(db_url, echo=False, future=True)
        self.db = scoped_session(sessionmaker(autoflush=True, bind=self.engine, future=True))
        self.course_id, self.authenticator = course_id, authenticator

    api.create_engine = cache(_patient_engine)
    api.Gradebook.__init__ = open_once


def _patient_engine(db_url: str, **named: Any) -> Any:
    """SQLite lets one process write at a time: where many mark on a slow disk, the others wait longer than usual."""
    if not db_url.startswith("sqlite"):
        return create_engine(db_url, **named)
    engine = create_engine(db_url, **named, connect_args={"timeout": _LONGEST_WAIT})
    event.listen(engine, "connect", _let_others_read)
    return engine


def _let_others_read(connection: Any, _record: Any) -> None:
    # With a journal of this kind who reads and who writes do not wait for each other; it becomes part of the file.
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")


def _check_schemas_once() -> None:
    """For each cell nbgrader checks the schema of cells itself before the cell, which takes three times as long."""
    kept: dict[str, Any] = {"schema": None}

    def validate(instance: Any, schema: Any) -> None:
        if kept["schema"] != schema:
            kind = validator_for(schema)
            kind.check_schema(schema)
            kept.update(schema=schema, validator=kind(schema))
        kept["validator"].validate(instance)

    common.jsonschema = SimpleNamespace(validate=validate)
