"""Handing in: what a learner sends, as one zip; and what a learner was given, read from a zip."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from senco_kit.course import answers_file
from senco_kit.marking.learners import learner_code
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.unpacking import Packed, Unpacking

QUESTIONS = "questions.json"
TIMESTAMP = "timestamp.txt"
#: Questions with all that is shown beside them have well under a tenth of this.
_LARGEST_PACKAGE = 5_000_000

#: The variable that names the folder through which a cohort and its facilitator exchange files.
EXCHANGE = "SENCO_EXCHANGE"
HANDED_IN, TO_DO = "handed-in", "to-do"


class HasAssignment(Protocol):
    """An assignment that was brought in: its package, and the released notebook."""

    @property
    def package(self) -> Mapping[str, Any]:
        """What questions.json holds."""

    @property
    def notebook(self) -> bytes:
        """The released notebook."""


@dataclass(frozen=True)
class Assignment:
    """An assignment that was handed out."""

    package: Mapping[str, Any]
    notebook: bytes

    @property
    def id(self) -> str:
        """The id of its module."""
        return str(self.package["id"])

    @property
    def cohort(self) -> str:
        """The cohort that it was made for; empty for a person alone."""
        return str(self.package["cohort"])


def zip_to_send(
    assignment: HasAssignment, learner: str, answers: Mapping[str, Any], at: datetime | None = None
) -> tuple[str, bytes]:
    """The name and the bytes of the zip that a learner sends. Raises MarkingProblem for a code that is none.

    `nbgrader zip_collect` and `senco cohort collect` take it by its name: MODULE_LEARNER_attempt_TIME.zip, in UTC.
    """
    code = learner_code(learner)
    about = assignment.package
    given = answers_file.Answers(str(about["id"]), str(about["school"]), str(about["cohort"]), code, {**answers})
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    files = {
        f"{about['id']}.ipynb": assignment.notebook,
        answers_file.NAME: answers_file.write(given),
        TIMESTAMP: f"{moment:%Y-%m-%d %H:%M:%S} UTC\n".encode(),
    }
    if len(files[answers_file.NAME]) > answers_file.LARGEST:
        raise MarkingProblem("Your answers are too long to hand in: shorten the written ones.")
    return f"{about['id']}_{code}_attempt_{moment:%Y-%m-%d-%H-%M-%S}.zip", zip_of(files, moment)


def zip_of(files: Mapping[str, bytes], moment: datetime) -> bytes:
    """A zip with these files, all of that time."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return whole.getvalue()


def exchange_folder(cohort: str = "") -> Path | None:
    """The folder named by SENCO_EXCHANGE, or the one of a cohort in it; None when the variable is not set.

    Raises MarkingProblem when it is set and there is no such folder.
    """
    named = os.environ.get(EXCHANGE, "").strip()
    if not named:
        return None
    folder = Path(named).expanduser()
    if not folder.is_absolute() or not folder.is_dir():
        raise MarkingProblem(
            f"{EXCHANGE} names {named[:200]}, which is not a folder that can be reached: ask your facilitator, or send "
            "your file in another way."
        )
    return folder / cohort if cohort else folder


def hand_in(assignment: HasAssignment, learner: str, answers: Mapping[str, Any], at: datetime | None = None) -> Path:
    """Put the zip into the exchange folder, and say where. Raises MarkingProblem."""
    cohort = str(assignment.package["cohort"])
    folder = exchange_folder(cohort)
    if folder is None or not cohort:
        raise MarkingProblem("There is no exchange folder here: get a file to send instead.")
    name, data = zip_to_send(assignment, learner, answers, at)
    place = folder / HANDED_IN
    try:
        place.mkdir(parents=True, exist_ok=True)
        part = place / f".{name}.part"
        part.write_bytes(data)
        part.replace(place / name)
    except OSError as problem:
        raise MarkingProblem(
            f"Your work could not be written to the exchange folder ({problem.strerror}): get a file to send instead."
        ) from problem
    return place / name


def read_package(data: bytes) -> tuple[dict[str, Any], bytes]:
    """The package and the notebook of a zip that was handed out. Raises MarkingProblem with one sentence."""
    files: dict[str, Packed] = {}
    for packed in Unpacking(largest_file=_LARGEST_PACKAGE, largest_all=4 * _LARGEST_PACKAGE, most_files=200).files(
        data, "This file"
    ):
        files.setdefault(packed.name, packed)
    questions = files.get(QUESTIONS)
    if questions is None:
        raise MarkingProblem(f"This zip holds no {QUESTIONS}: choose the file that your facilitator gave you.")
    package = read_questions(questions.data)
    notebook = files.get(f"{package['id']}.ipynb")
    if notebook is None:
        raise MarkingProblem(f"This zip holds no notebook {package['id']}.ipynb: ask your facilitator for it again.")
    return package, notebook.data


def read_package_file(path: Path) -> dict[str, Any]:
    """The package in a questions.json. Raises MarkingProblem."""
    if not path.is_file() or path.stat().st_size > _LARGEST_PACKAGE:
        raise MarkingProblem(f"There is no {QUESTIONS} beside this notebook: put it back, or ask your facilitator.")
    return read_questions(path.read_bytes())


_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,79}")
_NEEDED = {"id": str, "cohort": str, "title": str, "about": str, "school": str, "school_name": str, "questions": list}


def read_questions(data: bytes) -> dict[str, Any]:
    """The package in these bytes. Raises MarkingProblem when they are none."""
    try:
        plain = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise MarkingProblem(f"{QUESTIONS} is damaged: ask your facilitator for the file again.") from problem
    if not isinstance(plain, dict) or plain.get("format") != "senco-assignment":
        raise MarkingProblem(f"{QUESTIONS} is not an assignment of this kit: ask your facilitator for the file again.")
    if plain.get("version") != 1:
        raise MarkingProblem("This assignment was made by another version of the kit: bring both to the same version.")
    fits = all(isinstance(plain.get(name), kind) for name, kind in _NEEDED.items())
    # Both become names of files and folders.
    fits = fits and bool(_PLAIN_NAME.fullmatch(plain["id"])) and bool(_PLAIN_NAME.fullmatch(plain["cohort"] or "none"))
    if not fits or not all(isinstance(each, dict) and isinstance(each.get("id"), str) for each in plain["questions"]):
        raise MarkingProblem(f"{QUESTIONS} is damaged: ask your facilitator for the file again.")
    return plain
