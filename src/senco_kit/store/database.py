"""The database file: opening it, checking it, and bringing its tables up to date."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote

from senco_kit.store.problems import StoreProblem, damaged, plain_words

FILE_NAME = "senco.sqlite"

#: The released shapes of the tables, oldest first. A test holds this list to Alembic's own.
REVISIONS = ("0001", "0002", "0003", "0004")
HEAD = REVISIONS[-1]

#: How long a change waits for another page that is writing, in seconds.
WAIT = 10.0


def connect(file: Path, mode: str = "rw") -> sqlite3.Connection:
    """A connection in SQLite's own autocommit mode: transactions begin where the code says BEGIN.

    Mode "rw" never makes a missing file; "ro" changes nothing, not even by tidying up when it is closed.
    What was committed survives a power cut (synchronous=FULL), and deleted text is overwritten (secure_delete).
    """
    path = file.as_posix()
    # Three slashes, so that a Windows drive and a network share (//server/share) are not taken for a host name.
    address = f"file://{'' if path.startswith('/') else '/'}{quote(path)}?mode={mode}"
    connection = sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def revision(file: Path) -> str | None:
    """The shape of the tables in the file, one of REVISIONS; None when there is no file, or it is still empty.

    Changes nothing. Raises StoreProblem when the file is damaged, not the kit's, or made by a newer kit.
    """
    with plain_words(file):
        if not file.exists() or file.stat().st_size == 0:
            return None
        looks = _looks(file)
        with closing(connect(file, "ro")) as connection:
            if _sound.get(file) != looks:
                if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                    raise damaged(file)
                _sound[file] = looks
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables:
                return None
            if "alembic_version" not in tables:
                raise StoreProblem(
                    f"The file {file} belongs to another program; move it away, then start the kit again."
                )
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None or not isinstance(row[0], str):
        raise damaged(file)
    if row[0] not in REVISIONS:
        raise StoreProblem(
            f"Your work ({file}) was last used with a newer version of the kit and was left as it is; "
            "update the kit, then start it again."
        )
    return row[0]


#: How each file looked when all of it was checked: one that has not changed since is not read through once more.
_sound: dict[Path, tuple[int, ...]] = {}


def _looks(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def migrate(file: Path, to: str = HEAD) -> None:
    """Bring the tables to a newer shape, all or nothing; makes the file, private to its owner, when there is none.

    Raises StoreProblem.
    """
    # Alembic takes a second to import and is needed once a release.
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import NullPool

    with plain_words(file):
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        with closing(connect(file)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            # Rebuilding a table that others point to must not delete their rows.
            connection.execute("PRAGMA foreign_keys=OFF")
            config = Config()
            config.set_main_option("script_location", "senco_kit.store:migrations")
            engine = create_engine("sqlite://", creator=lambda: connection, poolclass=NullPool)
            try:
                with engine.connect() as alembic_connection, alembic_connection.begin():
                    # One at a time: a second process waits here, and then finds the work done.
                    alembic_connection.exec_driver_sql("BEGIN IMMEDIATE")
                    config.attributes["connection"] = alembic_connection
                    command.upgrade(config, to)
            except DBAPIError as error:
                raise error.orig or error from error


def check_writable(file: Path) -> None:
    """Raises StoreProblem when the file may be read but not changed, or another program holds it."""
    with plain_words(file), closing(connect(file)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")


def make_private(path: Path) -> None:
    """Let nobody but the owner read or change the file, where there is one and the system knows such permissions."""
    with suppress(OSError):
        path.chmod(0o600)
