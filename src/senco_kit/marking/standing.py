"""How each submission to a module fared, kept in the cohort's folder: one small file a module, learners by code."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from senco_kit.course.answers_file import LARGEST, NAME
from senco_kit.marking.course_folder import CourseFolder
from senco_kit.marking.whole_files import write_file

State = Literal["nothing handed in", "handed in", "marked", "not marked"]


@dataclass(frozen=True)
class Standing:
    """Where one learner stands. `why` says why a submission was not marked; `of` tells one submission from another."""

    state: State
    why: str = ""
    of: str = ""


def standings(folder: CourseFolder, module: str, learners: list[str]) -> dict[str, Standing]:
    """Where every learner stands with a module."""
    kept = _read(folder.standing(module))
    return {learner: _now(folder, module, learner, kept.get(learner)) for learner in learners}


def _now(folder: CourseFolder, module: str, learner: str, kept: Standing | None) -> Standing:
    handed_in = fingerprint(folder.submitted(module, learner))
    marks_gone = kept and kept.state == "marked" and not (folder.autograded(module, learner) / NAME).is_file()
    if kept and kept.of == handed_in and not marks_gone:
        return kept
    return Standing("handed in", of=handed_in) if handed_in else Standing("nothing handed in")


def keep(folder: CourseFolder, module: str, new: dict[str, Standing]) -> None:
    """Keep where these learners stand now; the others stay."""
    path = folder.standing(module)
    path.parent.mkdir(exist_ok=True)
    whole = _read(path) | new
    plain = {learner: asdict(standing) for learner, standing in sorted(whole.items())}
    write_file(path, (json.dumps(plain, indent=1) + "\n").encode())


def fingerprint(submitted: Path) -> str:
    """What tells a submission from another: of its answers and its time; empty when nothing was handed in."""
    if not submitted.is_dir():
        return ""
    seen = hashlib.sha256()
    for name in (NAME, "timestamp.txt"):
        path = submitted / name
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                seen.update(name.encode() + file.read(LARGEST + 1) + str(path.stat().st_size).encode())
    return seen.hexdigest()[:16]


def _read(path: Path) -> dict[str, Standing]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        return {str(learner): Standing(**about) for learner, about in plain.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        return {}  # as if nothing had been marked: marking again puts it right
