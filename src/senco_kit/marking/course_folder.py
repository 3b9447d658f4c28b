"""A cohort's folder: a real nbgrader course folder, with what the kit keeps beside it.

nbgrader_config.py   settings for nbgrader: its own commands work here
cohort.json          name, seed, school
gradebook.db         nbgrader's: learners (by code), assignments, marks
source/ release/ submitted/ autograded/ feedback/    nbgrader's steps
to-hand-out/         what is sent to learners
marking/             how each submission fared
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from senco_kit.course.answers_file import NAME as ANSWERS
from senco_kit.marking.handing_in import QUESTIONS, TIMESTAMP
from senco_kit.marking.lean import lean_nbformat
from senco_kit.marking.problems import MarkingProblem
from senco_kit.marking.whole_files import write_file

FORMAT = "senco-cohort"
#: Names become folders and addresses.
NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
#: A notebook of ours has some 50 KB; what is much larger is replaced: nbgrader may take minutes to read it.
_LARGEST_NOTEBOOK = 1_000_000
_LARGEST_EXTRA = 10_000_000

_CONFIG = '''\
"""nbgrader's settings for this cohort. Made by `senco cohort create`; add your own below."""

from senco_kit.marking.nbgrader_settings import use

c = get_config()
use(c, cohort="{name}")
'''


@dataclass(frozen=True)
class About:
    """What cohort.json holds."""

    name: str
    seed: int
    school: str


@dataclass(frozen=True)
class CourseFolder:
    """The places in a cohort's folder."""

    root: Path

    def make(self, about: About) -> None:
        """Make the folder with its settings. Raises MarkingProblem when there is something already."""
        if self.root.exists() and any(self.root.iterdir()):
            raise MarkingProblem(f"There are files in {self.root} already: choose another name or an empty folder.")
        self.root.mkdir(parents=True, exist_ok=True)
        write_file(self.root / "nbgrader_config.py", _CONFIG.format(name=about.name).encode())
        plain = {"format": FORMAT, "version": 1, **asdict(about)}
        write_file(self.root / "cohort.json", (json.dumps(plain, indent=1) + "\n").encode())

    def about(self) -> About:
        """What cohort.json holds. Raises MarkingProblem when it is damaged or there is none."""
        try:
            plain = json.loads((self.root / "cohort.json").read_text(encoding="utf-8"))
            if plain["format"] != FORMAT or not NAME.fullmatch(plain["name"]):
                raise ValueError
            return About(str(plain["name"]), int(plain["seed"]), str(plain["school"]))
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise MarkingProblem(
                f"{self.root} is not the folder of a cohort: its cohort.json cannot be read."
            ) from problem

    def learners(self) -> tuple[str, ...]:
        """The codes of the learners in nbgrader's gradebook, read past nbgrader, which takes seconds to start."""
        try:
            with closing(sqlite3.connect(f"{(self.root / 'gradebook.db').as_uri()}?mode=ro", uri=True)) as gradebook:
                return tuple(str(code) for (code,) in gradebook.execute("select id from student order by id"))
        except sqlite3.Error as problem:
            raise MarkingProblem(
                f"The gradebook of {self.root} cannot be read: bring back a copy of the folder."
            ) from problem

    def source(self, module: str) -> Path:
        """The assignment with its keys: never handed out."""
        return self.root / "source" / module

    def released(self, module: str) -> Path:
        """What nbgrader made of it, to be handed out."""
        return self.root / "release" / module

    def submitted(self, module: str, learner: str) -> Path:
        """What a learner handed in."""
        return self.root / "submitted" / learner / module

    def autograded(self, module: str, learner: str) -> Path:
        """The marked notebook of a learner, and the answers that were marked."""
        return self.root / "autograded" / learner / module

    def feedback_page(self, module: str, learner: str) -> Path:
        """The page that a learner gets."""
        return self.root / "feedback" / learner / module / f"{module}.html"

    def to_hand_out(self) -> Path:
        """What is sent to learners."""
        return self.root / "to-hand-out"

    def standing(self, module: str) -> Path:
        """How each submission to a module fared."""
        return self.root / "marking" / f"{module}.json"

    def lock(self) -> Path:
        """What is held while somebody releases, collects or marks."""
        return self.root / "marking" / ".lock"

    def package(self, module: str) -> dict[str, Any]:
        """The released questions. Raises MarkingProblem when the module was not released."""
        path = self.released(module) / QUESTIONS
        try:
            return dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError) as problem:
            raise MarkingProblem(f"{module} has not been released to this cohort: release it first.") from problem

    def is_released(self, module: str) -> bool:
        """Whether a module was released."""
        return (self.released(module) / QUESTIONS).is_file()

    def take_in(self, module: str, learner: str, answers: bytes, notebook: bytes | None, time: str) -> bool:
        """Put a submission in place of the one before; whether the notebook had to be put right."""
        place = self.submitted(module, learner)
        part = place.with_name(f".{module}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        (part / ANSWERS).write_bytes(answers)
        (part / TIMESTAMP).write_text(f"{time} UTC\n", encoding="utf-8")
        put_right = notebook is None or not is_notebook(notebook)
        own = self.released(module) / f"{module}.ipynb"
        (part / own.name).write_bytes(own.read_bytes() if put_right or notebook is None else notebook)
        if place.is_symlink():
            place.unlink()
        if place.exists():
            # Moved away first: whoever looks, and whatever stops this, finds the old work or the new one.
            old = place.with_name(f".{module}.old")
            shutil.rmtree(old, ignore_errors=True)
            place.rename(old)
            part.rename(place)
            shutil.rmtree(old, ignore_errors=True)
        else:
            part.rename(place)
        return put_right

    def time_of(self, module: str, learner: str) -> str:
        """When the work was handed in that is here, as "2026-11-22 10:15:00" in UTC; empty when that is not known."""
        try:
            with (self.submitted(module, learner) / TIMESTAMP).open(encoding="utf-8", errors="replace") as file:
                said = file.read(40).strip()
            datetime.strptime(said, "%Y-%m-%d %H:%M:%S UTC")
        except (OSError, ValueError):
            return ""
        return said.removesuffix(" UTC")

    def put_right(self, module: str, learner: str) -> None:
        """Make a submission that came another way readable for nbgrader: only the answers in it count.

        A notebook that is missing, renamed or damaged is replaced by the released one; links are taken away.
        """
        place = self.submitted(module, learner)
        if place.is_symlink() or not place.is_dir():
            raise MarkingProblem("What was handed in is not a folder.")
        for entry in list(place.rglob("*")):
            seen = entry.lstat()
            if not stat.S_ISDIR(seen.st_mode) and (not stat.S_ISREG(seen.st_mode) or seen.st_size > _LARGEST_EXTRA):
                if entry.name == ANSWERS:
                    continue  # it is looked at, and refused with its reason
                entry.unlink()
        notebook = place / f"{module}.ipynb"
        if (
            not notebook.is_file()
            or notebook.stat().st_size > _LARGEST_NOTEBOOK
            or not is_notebook(notebook.read_bytes())
        ):
            notebook.unlink(missing_ok=True)
            write_file(notebook, (self.released(module) / notebook.name).read_bytes())


def is_notebook(data: bytes) -> bool:
    """Whether nbgrader can read this as a notebook."""
    if len(data) > _LARGEST_NOTEBOOK:
        return False
    lean_nbformat()
    import nbformat

    try:
        notebook = nbformat.reads(data.decode("utf-8"), as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
        return bool(notebook.nbformat == 4)
    except Exception:  # whatever a damaged notebook makes of the reader: it is replaced, and loses nothing
        return False
