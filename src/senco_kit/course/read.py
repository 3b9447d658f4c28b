"""The modules of the course, read from modules/ and kept."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from senco_kit.course.model import Module
from senco_kit.places import MODULES
from senco_kit.standards.problems import Problem
from senco_kit.standards.sheet import Sheet

if TYPE_CHECKING:
    from senco_kit.standards.content import Content


class NoSuchModule(KeyError):
    """There is no module with this id; its text is a sentence for people."""

    def __str__(self) -> str:
        """The sentence itself: a plain KeyError would show it in quotation marks."""
        return str(self.args[0])


def module_folders(folder: Path = MODULES) -> list[Path]:
    """The folders of the modules, in the order of the course: those whose name begins with a digit."""
    return sorted(path for path in folder.glob("[0-9]*") if path.is_dir())


def modules(folder: Path = MODULES) -> tuple[Module, ...]:
    """Every module. Raises ContentProblem with the first problem of a file that has one."""
    return tuple(module(path.name, folder) for path in module_folders(folder))


def module(module_id: str, folder: Path = MODULES) -> Module:
    """The module with this id. Raises NoSuchModule, and ContentProblem when one of its files has a problem."""
    if module_id not in {path.name for path in module_folders(folder)}:
        raise NoSuchModule(f"There is no module “{module_id[:60]}”.")
    return _trusted(folder / module_id)


@cache
def _trusted(folder: Path) -> Module:
    return read_module(folder).trusted()


def read_module(folder: Path) -> Content[Module]:
    """A module with everything wrong in its files. Raises ContentProblem when one cannot be read at all."""
    # Imported here because the Markdown reader is not needed to mark or to list what was done.
    from senco_kit.course.lesson_file import read_lesson
    from senco_kit.course.module_file import module_path, read_module_file
    from senco_kit.course.question_file import read_questions
    from senco_kit.course.session_file import read_session
    from senco_kit.standards.content import Content

    problems: list[Problem] = []

    def sheet(name: str) -> Sheet:
        opened = Sheet(folder / name)
        opened.problems = problems
        return opened

    found = read_module_file(sheet(module_path(folder).name))
    checks, assignment = read_questions(sheet("questions.yml"))
    sections = read_lesson(sheet("lesson.md"))
    session = read_session(sheet("session.md"))
    whole = replace(found, checks=checks, assignment=assignment, sections=sections, session=session)
    return Content(module_path(folder), whole, tuple(problems))
