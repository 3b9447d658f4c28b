"""Marks for some lines of a rubric, kept in the cohort's folder until every line has some.

nbgrader's gradebook takes one sum for a written answer. Until that can be told, what was given stays here, so that a
page can be closed between two lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from senco_kit.marking.course_folder import CourseFolder


@dataclass(frozen=True)
class HalfMarked:
    """The marks by line of the rubric, as far as they are given, and the comment."""

    marks: Mapping[str, float] = field(default_factory=dict)
    comment: str = ""


def read(folder: CourseFolder, answer: str) -> HalfMarked | None:
    """What is kept for a written answer, named MODULE/LEARNER/QUESTION; None when there is nothing."""
    try:
        found = _all(_path(folder))[answer]
        return HalfMarked({str(line): float(marks) for line, marks in found["marks"].items()}, str(found["comment"]))
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def keep(folder: CourseFolder, answer: str, half: HalfMarked) -> None:
    """Keep this for a written answer."""
    _write(folder, _all(_path(folder)) | {answer: {"marks": dict(half.marks), "comment": half.comment}})


def forget(folder: CourseFolder, answer: str) -> None:
    """Keep nothing for it any more: its marks are in the gradebook."""
    kept = _all(_path(folder))
    if answer in kept:
        _write(folder, {name: half for name, half in kept.items() if name != answer})


def _path(folder: CourseFolder) -> Path:
    return folder.root / "marking" / "half-marked.json"


def _all(path: Path) -> dict[str, Any]:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


def _write(folder: CourseFolder, plain: Mapping[str, object]) -> None:
    from senco_kit.marking.whole_files import write_file

    path = _path(folder)
    path.parent.mkdir(exist_ok=True)
    write_file(path, (json.dumps(plain, indent=1) + "\n").encode())
