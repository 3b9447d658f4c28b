"""What can go wrong with the kept work, each as one sentence for the person who owns it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BACKUPS_FOLDER = "backups"


class StoreProblem(Exception):
    """The kept work cannot be read or changed. The message is one sentence: what, where the file is, what to do."""


class NoLongerThere(StoreProblem):
    """An audit, a piece of evidence or an action was deleted, perhaps in another tab, before this change came."""


class BadValue(ValueError):
    """An answer cannot be kept as it is. The message is one sentence that says what to enter instead."""


def damaged(file: Path) -> StoreProblem:
    """The problem of a file whose content does not hold together."""
    return StoreProblem(
        f"The file that keeps your work is damaged and was left as it is ({file}); "
        f"go back to an earlier copy, kept in {file.parent / BACKUPS_FOLDER}."
    )


_NOT_OURS = "The file {file} is not a file of kept work; move it to another place, then start the kit again."
_FULL = "There is no space left on the disk that keeps your work ({file}); free some space, then try again."
_READ_ONLY = "The kit may not change the file that keeps your work ({file}); make the file and its folder writable."
_CANNOT_OPEN = "The file that keeps your work cannot be opened ({file}); check that it is there and may be changed."
_IN_USE = "The file that keeps your work is in use by another program ({file}); wait a moment, then try again."
_DISK_ERROR = "The disk that keeps your work gave an error ({file}); check that it is connected and has space left."

# SQLite's primary result codes (https://sqlite.org/rescode.html) and what each means to the person.
_SENTENCES = {
    sqlite3.SQLITE_NOTADB: _NOT_OURS,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _CANNOT_OPEN,
    sqlite3.SQLITE_BUSY: _IN_USE,
    sqlite3.SQLITE_LOCKED: _IN_USE,
    sqlite3.SQLITE_IOERR: _DISK_ERROR,
}


def in_plain_words(error: Exception, file: Path) -> StoreProblem:
    """The problem that an error of SQLite, or of SQLAlchemy around it, means for the file.

    An error that is not known here is taken for damage: the kit's own statements are tested, so the file is at fault.
    """
    # Extended codes keep the primary code in their low byte.
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
    if code in _SENTENCES:
        return StoreProblem(_SENTENCES[code].format(file=file))
    return damaged(file)


@contextmanager
def plain_words(file: Path) -> Iterator[None]:
    """Turns errors of SQLite and of the file system inside the block into a StoreProblem."""
    try:
        yield
    except sqlite3.Error as error:
        raise in_plain_words(error, file) from error
    except UnicodeDecodeError as error:
        # What SQLite says of a damaged table names it with the bytes that stand in its place.
        raise damaged(file) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreProblem(
            f"Your work cannot be kept in {file.parent} ({reason}); "
            "free space there or make the folder writable, or set SENCO_HOME to another folder."
        ) from error
