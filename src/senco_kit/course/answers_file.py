"""answers.json: what a learner answered, beside the notebook that is handed in. Written and read with care.

The file comes back from other people's computers, so everything in it is checked, and its size before it is read.
Imports the standard library alone: it is also read where submissions are marked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NAME = "answers.json"
FORMAT = "senco-answers"
VERSION = 1
#: A long assignment with every text at its longest is far smaller.
LARGEST = 1_000_000
_DEEPEST = 6
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST = 200


class BadAnswers(ValueError):
    """A file of answers that cannot be used; its text is one sentence."""


@dataclass(frozen=True)
class Answers:
    """What one learner answered. `learner` is a code such as "L07", or "" for a person alone."""

    assignment: str
    school: str
    cohort: str
    learner: str
    answers: Mapping[str, Any]


def write(answers: Answers) -> bytes:
    """The bytes of answers.json."""
    plain = {
        "format": FORMAT,
        "version": VERSION,
        "assignment": answers.assignment,
        "school": answers.school,
        "cohort": answers.cohort,
        "learner": answers.learner,
        "answers": dict(answers.answers),
    }
    return (json.dumps(plain, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def read_file(path: Path) -> Answers:
    """The answers in a file. Raises BadAnswers when there is none, or as `read` does; never reads a too large one."""
    if path.is_symlink() or not path.is_file():
        raise BadAnswers(f"There is no {NAME} with the notebook: hand in again from the form.")
    if path.stat().st_size > LARGEST:
        raise BadAnswers(_too_large())
    return read(path.read_bytes())


def read(data: bytes) -> Answers:
    """The answers in these bytes. Raises BadAnswers with one sentence."""
    if len(data) > LARGEST:
        raise BadAnswers(_too_large())
    try:
        text = data.decode("utf-8-sig")
        if _depth(text) > _DEEPEST:
            raise BadAnswers(f"{NAME} is nested too deeply to be answers: hand in again from the form.")
        plain = json.loads(text)
    except (UnicodeDecodeError, ValueError, RecursionError) as problem:
        if isinstance(problem, BadAnswers):
            raise
        raise BadAnswers(f"{NAME} is damaged and cannot be read: hand in again from the form.") from problem
    if not isinstance(plain, dict) or plain.get("format") != FORMAT:
        raise BadAnswers(f"{NAME} is not a file of answers of this kit: hand in again from the form.")
    if plain.get("version") != VERSION:
        raise BadAnswers(f"{NAME} was written by another version of the kit: bring both to the same version.")
    about = {name: plain.get(name, "") for name in ("assignment", "school", "cohort", "learner")}
    if not all(isinstance(value, str) and (not value or _ID.fullmatch(value)) for value in about.values()):
        raise BadAnswers(f"{NAME} does not say in the usual way whose answers these are: hand in again from the form.")
    answers = plain.get("answers")
    if not isinstance(answers, dict) or len(answers) > _MOST or not all(map(_is_answer, answers.values())):
        raise BadAnswers(f"{NAME} holds something that is no answer: hand in again from the form.")
    return Answers(answers=answers, **about)


def _is_answer(value: object) -> bool:
    if isinstance(value, str):
        return True
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, dict) and all(isinstance(each, str) for each in value.values())


def _depth(text: str) -> int:
    """How deeply brackets are nested: Python's own reader fails on thousands of them."""
    depth = deepest = 0
    in_text = escaped = False
    for letter in text:
        if in_text:
            escaped, in_text = (False, True) if escaped else (letter == "\\", letter != '"')
        elif letter == '"':
            in_text = True
        elif letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _too_large() -> str:
    return f"{NAME} is larger than {LARGEST:,} bytes, which no answers are: hand in again from the form."
