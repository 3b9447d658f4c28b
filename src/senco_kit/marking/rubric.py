"""Marks by a rubric, kept in the comment of nbgrader's gradebook, where formgrader and the feedback page show them.

    Names a cause other than the pupil: 1.5 of 2
    Says how it will be seen: 0 of 1

    Well argued. Look again at what the interval tells you.

The lines of the rubric come first, as its texts; the rest is the comment. In a comment that someone wrote in formgrader
there may be no such lines: then all of it is comment.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from senco_kit.marking.problems import MarkingProblem
from senco_kit.plain_text import LONGEST_TEXT, clean

Criterion = Mapping[str, Any]


@dataclass(frozen=True)
class Judged:
    """The marks for one line of the rubric."""

    id: str
    text: str
    marks: float
    out_of: float


def judge(rubric: Sequence[Criterion], marks: Mapping[str, float]) -> tuple[Judged, ...]:
    """The marks for each line. Raises MarkingProblem when one is missing, too many, or not in quarters."""
    judged = []
    for line in rubric:
        given = marks.get(line["id"])
        most = float(line["marks"])
        if given is None:
            raise MarkingProblem(f"Give marks for “{line['text']}”: 0 to {most:g}.")
        if not 0 <= given <= most or given * 4 != int(given * 4):
            raise MarkingProblem(f"“{line['text']}”: give 0 to {most:g} marks, in quarters.")
        judged.append(Judged(str(line["id"]), str(line["text"]), float(given), most))
    return tuple(judged)


def write_comment(judged: Sequence[Judged], comment: str) -> str:
    """The comment for the gradebook."""
    lines = [f"{_line(each.text)}: {each.marks:g} of {each.out_of:g}" for each in judged]
    return "\n".join(lines) + ("\n\n" + clean(comment).strip()[:LONGEST_TEXT] if comment.strip() else "")


def read_comment(text: str, rubric: Sequence[Criterion]) -> tuple[tuple[Judged, ...], str]:
    """The marks by line, and the comment, of a comment in the gradebook."""
    judged = []
    lines = text.split("\n")
    for line, criterion in zip(lines, rubric, strict=False):
        found = _read_line(line, criterion)
        if found is None:
            return (), text.strip()
        judged.append(found)
    if len(judged) < len(rubric):
        return (), text.strip()
    return tuple(judged), "\n".join(lines[len(judged) :]).strip()


def _read_line(line: str, criterion: Criterion) -> Judged | None:
    start = f"{_line(str(criterion['text']))}: "
    marks, between, _ = line.removeprefix(start).partition(" of ")
    if not line.startswith(start) or not between:
        return None
    try:
        return Judged(str(criterion["id"]), str(criterion["text"]), float(marks), float(criterion["marks"]))
    except ValueError:
        return None


def _line(text: str) -> str:
    return " ".join(text.split())
