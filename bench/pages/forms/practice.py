"""What every form of this benchmark asks, and where the forms of the other tools keep what is answered.

Five headings of eight statements; each statement has a choice of five levels and a note.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing, suppress
from pathlib import Path

TITLE = "Where my practice stands"
LEVELS = ("Not yet", "Beginning", "Growing", "Secure", "Leading others")
HEADINGS = {
    "Professional context": (
        "I know which duties are the school's and which are mine",
        "I can say what the Code asks of us and what it only advises",
        "I know the four broad areas of need and what they leave out",
        "I keep up with what changes and tell colleagues in time",
        "I know where disability law goes further than the Code",
        "I can read our own figures beside the national ones",
        "I know what the governors need to hear from me",
        "I can say what research supports and what it does not",
    ),
    "Strategic development": (
        "My plan follows from a review of how the year went",
        "The school's plan has a place for special educational needs",
        "I know what our provision costs and what it leads to",
        "I take part in decisions about the budget",
        "Our policy says what we do, and we do what it says",
        "I use attendance and behaviour as well as attainment",
        "I can show governors a fair picture in one page",
        "I know which of our aims we have given up, and why",
    ),
    "Coordinating provision": (
        "Needs are identified early, by teachers first",
        "Support follows the four steps of the graduated approach",
        "Reviews happen on time and change what is done next",
        "What a plan promises is what a pupil receives",
        "Adults are where they are needed most",
        "Records are short, current and read",
        "A pupil who moves on is handed over well",
        "I stop provision that does not help",
    ),
    "Leading colleagues": (
        "Teachers know that every pupil is theirs to teach",
        "I know what training colleagues need, and they get it",
        "Assistants are prepared for what they are asked to do",
        "I watch lessons with a purpose and talk about them after",
        "New colleagues find their way in their first weeks",
        "I ask for help when a question is beyond me",
        "Meetings end with who does what by when",
        "Colleagues tell me when something does not work",
    ),
    "Working in partnership": (
        "Parents hear from us before they have to ask",
        "Pupils say what helps them, and we act on it",
        "I know whom to call in health and in social care",
        "Advice from outside reaches the classroom",
        "Parents know how to complain and how we answer",
        "We learn from other schools nearby",
        "Meetings with families are held when they can come",
        "Moves between schools are planned with both sides",
    ),
}

#: Where the other tools' forms keep the answers; the kit has a place of its own.
_FILE = "BENCH_ANSWERS"


def statements() -> list[tuple[str, str]]:
    """Every statement with its name: "1-1" to "5-8"."""
    return [
        (f"{heading}-{place}", statement)
        for heading, listed in enumerate(HEADINGS.values(), start=1)
        for place, statement in enumerate(listed, start=1)
    ]


def level_of(name: str) -> str:
    """The name of the choice for a statement."""
    return f"{name}-level"


def note_of(name: str) -> str:
    """The name of the note for a statement."""
    return f"{name}-note"


def keep(name: str, value: object) -> None:
    """Keep one answer at once, in a file of SQLite's."""
    with closing(sqlite3.connect(os.environ[_FILE], timeout=10)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS answers (name TEXT PRIMARY KEY, value TEXT, at REAL)")
        connection.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", (name, str(value), time.time()))


def kept(file: Path) -> dict[str, str]:
    """What stands in such a file; nothing when it is not there yet."""
    if not file.exists():
        return {}
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(file, timeout=10)) as connection:
        return dict(connection.execute("SELECT name, value FROM answers"))
    return {}
