"""Earlier copies of a person's work: made at the start, the last ten kept, brought back when asked.

A copy holds all of the work, the person's own school data (real pupils' data) too if they chose to keep it. So deleting
such data takes it out of every copy, and deleting all work deletes every copy.
"""

from __future__ import annotations

import filecmp
import os
import re
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from senco_kit.store.database import FILE_NAME, HEAD, connect, migrate, revision
from senco_kit.store.problems import BACKUPS_FOLDER, StoreProblem, plain_words
from senco_kit.store.tables import IN_ORDER

#: How many earlier copies are kept.
KEPT = 10

_STAMP = "%Y-%m-%d-%H%M%S-%f"
_NAME = re.compile(r"senco-(\d{4}-\d\d-\d\d-\d{6}-\d{6})\.sqlite", re.ASCII)
_PUT_ASIDE = "senco-put-aside-"
_UNFINISHED = "senco-unfinished-"


@dataclass(frozen=True)
class Backup:
    """An earlier copy of the work: its file, when it was made (UTC), and how many audits it holds."""

    path: Path
    made_at: datetime
    audits: int


def backups(folder: Path) -> tuple[Backup, ...]:
    """The earlier copies in the work folder that can be read, newest first."""
    found = []
    for path in _backup_files(folder):
        with suppress(sqlite3.Error, ValueError):
            made_at = datetime.strptime(path.name, f"senco-{_STAMP}.sqlite").replace(tzinfo=UTC)
            found.append(Backup(path, made_at, _number_of_audits(path)))
    return tuple(found)


def back_up(folder: Path) -> None:
    """Keep a copy of the work as it is now, and let go of the eleventh newest.

    Nothing is kept when there is no work, or when nothing has changed since the newest copy, so that idle starts do not
    push good copies out. The file must be sound: call `database.revision` first. Raises StoreProblem.
    """
    file = folder / FILE_NAME
    with plain_words(file):
        if not _holds_work(file):
            return
        (folder / BACKUPS_FOLDER).mkdir(mode=0o700, exist_ok=True)
        unfinished = _copy(file, folder / BACKUPS_FOLDER)
        newest = next(iter(_backup_files(folder)), None)
        if newest and filecmp.cmp(unfinished, newest, shallow=False):
            unfinished.unlink()
            return
        unfinished.replace(folder / BACKUPS_FOLDER / f"senco-{_now()}.sqlite")
        for old in _backup_files(folder)[KEPT:]:
            _remove_database(old)


def use_backup(path: Path, folder: Path) -> None:
    """Put the present work aside (kept beside it, never deleted) and bring an earlier copy in.

    Works when the present file is damaged or missing too. Raises StoreProblem, and then the present work stays.
    """
    if path not in _backup_files(folder) or revision(path) is None:
        raise StoreProblem(f"This earlier copy is no longer there ({path}); choose another one.")
    file = folder / FILE_NAME
    with plain_words(file):
        incoming = _copy(path, folder)
        try:
            migrate(incoming)
            if is_sound(file):
                _exchange(file, incoming)
            else:
                put_aside(folder)
                incoming.replace(file)
        finally:
            _remove_database(incoming)


def put_aside(folder: Path) -> None:
    """Rename the present file, with what SQLite keeps beside it, so that another can take its place."""
    file = folder / FILE_NAME
    aside = folder / f"{_PUT_ASIDE}{_now()}.sqlite"
    with plain_words(file):
        for part in _parts(file):
            if part.exists():
                part.rename(aside.with_name(aside.name + part.name.removeprefix(FILE_NAME)))


def _exchange(file: Path, incoming: Path) -> None:
    """Replace all rows in one transaction: other pages wait meanwhile, and none writes to a file that was renamed."""
    with closing(connect(file)) as connection:
        connection.execute("ATTACH ? AS earlier", (str(incoming),))
        connection.execute("BEGIN IMMEDIATE")
        _copy(file, file.parent).replace(file.with_name(f"{_PUT_ASIDE}{_now()}.sqlite"))
        for table in reversed(IN_ORDER):
            connection.execute(f"DELETE FROM main.{table.name}")
        for table in IN_ORDER:
            columns = ", ".join(table.columns.keys())
            connection.execute(f"INSERT INTO main.{table.name} ({columns}) SELECT {columns} FROM earlier.{table.name}")
        connection.execute("COMMIT")


def delete_all(folder: Path) -> None:
    """Delete all work and all earlier copies, so that no text of them is left in a file; an empty database remains.

    Raises StoreProblem when something could not be deleted.
    """
    file = folder / FILE_NAME
    with plain_words(file):
        if not (is_sound(file) and _empty(file)):
            _remove_database(file)
            migrate(file)
        for path in _backup_files(folder):
            _remove_database(path)
        for path in (*folder.glob(f"{_PUT_ASIDE}*"), *_unfinished(folder)):
            path.unlink(missing_ok=True)
        with suppress(OSError):  # not there, or somebody else's files are in it
            (folder / BACKUPS_FOLDER).rmdir()


def _empty(file: Path) -> bool:
    """Delete every row and its traces; False when the disk is too full even for that."""
    try:
        with closing(connect(file)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            for table in reversed(IN_ORDER):
                connection.execute(f"DELETE FROM {table.name}")
            connection.execute("COMMIT")
        done = leave_no_traces(file)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_FULL:
            return False
        raise
    if not done:
        raise StoreProblem(
            f"Your work was deleted, but another page still has the file open ({file}); "
            "close the other pages, then delete once more."
        )
    return True


def leave_no_traces(file: Path) -> bool:
    """Write the file and its log anew without what was deleted; False while another page still reads the old content.

    Raises sqlite3.Error.
    """
    with closing(connect(file)) as connection:
        try:
            connection.execute("VACUUM")
        finally:
            still_in_use = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not still_in_use


def forget_own_school(folder: Path, school_id: str) -> list[Path]:
    """Take a kept file of own school data out of all earlier copies and of all files that were put aside.

    Returns the files that are too damaged to look into. Raises StoreProblem when one cannot be changed.
    """
    damaged = []
    with plain_words(folder / FILE_NAME):
        for path in _unfinished(folder):
            path.unlink(missing_ok=True)
        for path in (*_backup_files(folder), *_files_put_aside(folder)):
            try:
                _forget_in(path, school_id)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
                    raise
                damaged.append(path)
    return damaged


def _forget_in(path: Path, school_id: str) -> None:
    """Raises sqlite3.DatabaseError, for a file that is damaged anywhere too."""
    with closing(connect(path, "ro")) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            error = sqlite3.DatabaseError(f"{path} is damaged")
            error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise error
        kept = _has_table(connection, "own_school") and connection.execute(
            "SELECT count(*) FROM own_school WHERE id = ?", (school_id,)
        ).fetchone() != (0,)
    if not kept:
        return
    # In a file of its own, so that a break leaves either the one or the other, and nothing half done.
    without = _copy(path, path.parent)
    try:
        with closing(connect(without)) as connection:
            connection.execute("DELETE FROM own_school WHERE id = ?", (school_id,))
            connection.execute("VACUUM")
        for part in _parts(path)[1:]:
            part.unlink(missing_ok=True)
        without.replace(path)
    finally:
        _remove_database(without)


def tidy(folder: Path, older_than: float) -> None:
    """Remove copies that were left unfinished, such as by a power cut, before the moment `older_than` (a timestamp)."""
    for path in _unfinished(folder):
        with suppress(OSError):
            if path.stat().st_mtime < older_than:
                path.unlink()


def _files_put_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{_PUT_ASIDE}*.sqlite"))


def _unfinished(folder: Path) -> list[Path]:
    return [*folder.glob(f"{_UNFINISHED}*"), *(folder / BACKUPS_FOLDER).glob(f"{_UNFINISHED}*")]


def _backup_files(folder: Path) -> list[Path]:
    """The files that are earlier copies by their names, newest first."""
    found = [path for path in (folder / BACKUPS_FOLDER).glob("senco-*.sqlite") if _NAME.fullmatch(path.name)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def has_backups(folder: Path) -> bool:
    """Whether there is any earlier copy."""
    return bool(_backup_files(folder))


def _now() -> str:
    return f"{datetime.now(UTC):{_STAMP}}"


def _copy(file: Path, folder: Path) -> Path:
    """A whole copy of a database in one file of its own, made by SQLite while others may be writing."""
    handle, name = tempfile.mkstemp(prefix=_UNFINISHED, dir=folder)  # private to its owner
    os.close(handle)
    try:
        with closing(connect(file, "ro")) as source, closing(connect(Path(name))) as target:
            source.backup(target)
            # A copy stands alone: no second file beside it.
            target.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:
        _remove_database(Path(name))
        raise
    return Path(name)


def is_sound(file: Path) -> bool:
    """Whether the file can be used as it is."""
    try:
        return revision(file) == HEAD
    except StoreProblem:
        return False


def _number_of_audits(file: Path) -> int:
    with closing(connect(file, "ro")) as connection:
        return int(connection.execute("SELECT count(*) FROM audit").fetchone()[0])


def _holds_work(file: Path) -> bool:
    with closing(connect(file, "ro")) as connection:
        there = [table.name for table in IN_ORDER if _has_table(connection, table.name)]
        return any(connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in there)


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    """False when the file is of a release that did not have the table yet."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.fetchone() is not None


def _parts(file: Path) -> list[Path]:
    """A database file and what SQLite keeps beside it; the newest changes may stand in the second."""
    return [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm", "-journal"))]


def _remove_database(file: Path) -> None:
    for part in _parts(file):
        part.unlink(missing_ok=True)
