"""Finds submissions in what a facilitator got: a folder, a zip, a learning platform's download of many zips."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from senco_kit.course.answers_file import LARGEST, NAME, BadAnswers, read
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.unpacking import BadZip, Packed, Unpacking
from senco_kit.plain_text import clean

#: MODULE_LEARNER_attempt_TIME, wherever it stands in a name: platforms write more before and after it.
SENT = re.compile(r"(?P<module>\d+-[a-z0-9-]+)_(?P<learner>[A-Za-z0-9-]{1,20})_attempt_(?P<time>\d{4}(?:-\d\d){5})")
_MOST_FILES = 20_000
#: What is kept of a folder while it is looked through, all together.
_LARGEST_FOLDER = 400_000_000
#: The time of a file that says none.
NO_TIME = "1980-01-01-00-00-00"
_TIME = "%Y-%m-%d-%H-%M-%S"


@dataclass(frozen=True)
class Piece:
    """A submission as it was found: where, whose by its name or its answers, and its files."""

    where: str
    module: str
    learner: str
    time: str
    answers: bytes | None
    notebook: bytes | None


@dataclass
class Found:
    """All that was found: submissions, and files that cannot be used, each with the reason."""

    pieces: list[Piece] = field(default_factory=list)
    unusable: list[tuple[str, str]] = field(default_factory=list)

    def leave(self, where: str, why: str) -> None:
        """Leave a file out."""
        self.unusable.append((_shown(where), why))


def _shown(name: str) -> str:
    """A name that others chose, as it is safe to show in a terminal: short and without control characters."""
    return " ".join(clean(name).split())[:200]


def find(source: Path | bytes) -> Found:
    """What a folder, a file or the bytes of a zip hold. Raises MarkingProblem when it is none of them."""
    found = Found()
    unpacking = Unpacking()
    if isinstance(source, bytes):
        packed = list(unpacking.files(source, "This file"))
    elif source.is_dir():
        packed = list(_in_folder(source, unpacking, found))
    elif source.is_file():
        try:
            packed = list(_file(source, (), unpacking))
        except OSError as problem:
            raise MarkingProblem(f"{source} cannot be read ({problem.strerror}).") from problem
    else:
        raise MarkingProblem(f"There is no file or folder {source}: give the path of what was handed in.")
    for where, why in unpacking.left_out:
        found.leave(where, why)
    groups: dict[tuple[str, ...], list[Packed]] = {}
    for each in packed:
        groups.setdefault(each.inside, []).append(each)
    for inside, files in groups.items():
        _take(inside, files, found)
    return found


def _in_folder(folder: Path, unpacking: Unpacking, found: Found) -> Iterator[Packed]:
    paths = sorted(islice(_below(folder), _MOST_FILES + 1))
    if len(paths) > _MOST_FILES:
        raise MarkingProblem(f"There are more than {_MOST_FILES:,} files in {folder}: give the folder of one module.")
    kept = 0
    for path in paths:
        inside = path.relative_to(folder).parts[:-1]
        name = "/".join((*inside, path.name))
        try:
            if path.is_symlink():
                found.leave(name, "it is a link, not a file")
            elif path.is_file():
                # Limits of its own for each zip, so that one that passes them stops no other.
                files = list(_file(path, inside, Unpacking(left_out=unpacking.left_out)))
                kept += sum(len(each.data) for each in files)
                if kept > _LARGEST_FOLDER:
                    raise MarkingProblem(
                        f"There are more than {_LARGEST_FOLDER // 1_000_000} MB of files in {folder}: "
                        "give the folder of one module."
                    )
                yield from files
        except BadZip as problem:
            found.leave(name, str(problem))
        except OSError as problem:
            found.leave(name, f"it cannot be read ({problem.strerror})")


def _below(folder: Path) -> Iterator[Path]:
    """Every file and link below a folder, one after the other; no link is followed, however deep the folders go."""
    for place, folders, files in os.walk(folder):
        links = [name for name in folders if Path(place, name).is_symlink()]
        yield from (Path(place, name) for name in (*files, *links))


def _file(path: Path, inside: tuple[str, ...], unpacking: Unpacking) -> Iterator[Packed]:
    size = path.stat().st_size
    if path.suffix.lower() == ".zip":
        if size > unpacking.largest_all:
            raise BadZip(f"It is larger than {unpacking.largest_all // 1_000_000} MB: unpack fewer at a time.")
        yield from unpacking.files(path.read_bytes(), path.name, (*inside, path.name))
    elif not path.name.endswith((".ipynb", NAME)):
        yield Packed(path.name, inside, b"")  # only its name is told
    elif size > unpacking.largest_file:
        unpacking.left_out.append(("/".join((*inside, path.name)), "it is too large"))
    else:
        yield Packed(path.name, inside, path.read_bytes())


def _take(inside: tuple[str, ...], files: Sequence[Packed], found: Found) -> None:
    """The submissions among the files of one zip or folder: usually one, many when a platform unpacked them."""
    notebooks = [each for each in files if each.name.endswith(".ipynb")]
    answers = [each for each in files if each.name.endswith(NAME)]
    known = {id(each) for each in [*notebooks, *answers]}
    for other in files:
        if (
            id(other) not in known
            and other.name not in ("questions.json", "timestamp.txt")
            and not other.name.startswith(".")
        ):
            found.leave("/".join((*inside, other.name)), "it is no part of an assignment")
    for each in answers:
        notebook = notebooks[0] if len(answers) == 1 and notebooks else None
        _piece((*inside, each.name), each, notebook, files, found)
    if not answers:
        for notebook in notebooks[:1]:
            _piece((*inside, notebook.name), None, notebook, files, found)


def _piece(
    path: tuple[str, ...], answers: Packed | None, notebook: Packed | None, files: Sequence[Packed], found: Found
) -> None:
    where = _shown("/".join(path))
    named = next((match for part in reversed(path) if (match := SENT.search(part))), None)
    module, learner, time = (named["module"], named["learner"], named["time"]) if named else ("", "", "")
    if answers is not None and len(answers.data) <= LARGEST:
        try:
            stamped = read(answers.data)
            module, learner = module or stamped.assignment, learner or stamped.learner
        except BadAnswers:
            pass  # said when it is looked at for this learner
    if not module or not learner:
        found.leave(where, "neither its name nor its answers say whose it is")
        return
    first = answers or notebook
    if not _is_time(time) and first:
        time = "-".join(f"{part:02d}" for part in first.time)
    if not _is_time(time):
        time = NO_TIME
    found.pieces.append(
        Piece(where, module, learner, time, answers.data if answers else None, notebook.data if notebook else None)
    )


def newest_first(pieces: Sequence[Piece]) -> list[Piece]:
    """The newest attempt first."""
    return sorted(pieces, key=lambda piece: piece.time, reverse=True)


def _is_time(text: str) -> bool:
    """Whether this is a time that exists: a zip may well say month 0."""
    try:
        return f"{datetime.strptime(text, _TIME):{_TIME}}" == text
    except ValueError:
        return False


def as_time(time: str) -> str:
    """The time of a name as nbgrader reads it.

    >>> as_time("2026-11-22-10-15-00")
    '2026-11-22 10:15:00'
    """
    year, month, day, hour, minute, second = time.split("-")
    return f"{year}-{month}-{day} {hour}:{minute}:{second}"
