"""What was handed in, checked: the answers of one learner to one assignment, or why they cannot be marked."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from senco_kit.course import answers_file
from senco_kit.course.answers_file import Answers, BadAnswers
from senco_kit.marking.problems import NotMarkable


def answers_in(folder: Path, package: Mapping[str, Any], learner: str) -> Answers:
    """The answers in a folder that was handed in. Raises NotMarkable with a sentence."""
    return checked(_bytes_of(folder / answers_file.NAME), package, learner)


def checked(data: bytes, package: Mapping[str, Any], learner: str) -> Answers:
    """The answers in these bytes, when they are this learner's to this assignment. Raises NotMarkable."""
    try:
        given = answers_file.read(data)
    except BadAnswers as problem:
        raise NotMarkable(str(problem)) from problem
    if given.assignment != package["id"]:
        raise NotMarkable(f"These are answers to another assignment, {given.assignment or 'which has no name'}.")
    if given.cohort != package["cohort"] or given.school != package["school"]:
        raise NotMarkable("These are answers to the assignment of another cohort, about another school.")
    if given.learner and given.learner != learner:
        raise NotMarkable(f"These are the answers of {given.learner}, handed in by {learner}.")
    return given


def _bytes_of(path: Path) -> bytes:
    """The bytes of a plain file, never of a link, and never more than answers may have. Raises NotMarkable."""
    try:
        # Not through a link, and without waiting for a file that is a pipe.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        if path.is_symlink():
            raise NotMarkable(f"{answers_file.NAME} is a link to another place, not a file.") from problem
        raise NotMarkable(f"There is no {answers_file.NAME} in what was handed in.") from problem
    try:
        about = os.fstat(opened)
        if not stat.S_ISREG(about.st_mode):
            raise NotMarkable(f"{answers_file.NAME} is not a plain file.")
        if about.st_size > answers_file.LARGEST:
            raise NotMarkable(
                f"{answers_file.NAME} is larger than {answers_file.LARGEST:,} bytes, which no answers are."
            )
        with os.fdopen(opened, "rb", closefd=False) as file:
            return file.read(answers_file.LARGEST + 1)
    finally:
        os.close(opened)
