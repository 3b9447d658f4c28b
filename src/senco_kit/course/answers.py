"""The functions of a module's answers.py: what is worked out from the school that was asked about."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from traceback import extract_tb
from types import ModuleType
from typing import Any

from senco_kit.course.exercise import ExerciseSchool
from senco_kit.course.model import Module
from senco_kit.standards.problems import ContentProblem, Problem


def work_out(module: Module, name: str, school: ExerciseSchool) -> Any:
    """What the function `name` of the module's answers.py gives for a school.

    Raises ContentProblem when there is none, and when it fails.
    """
    work = function(module.folder, name)
    try:
        return work(school)
    except Exception as error:
        path = module.folder / "answers.py"
        lines = [frame.lineno for frame in extract_tb(error.__traceback__) if frame.filename == str(path)]
        says = f'"{name}" fails for the school {school.key}: {type(error).__name__}: {error}'
        raise ContentProblem(Problem(path, (lines or [1])[-1] or 1, says)) from error


def function(folder: Path, name: str) -> Callable[[ExerciseSchool], Any]:
    """The function of a module's answers.py. Raises ContentProblem when there is none with this name."""
    path = folder / "answers.py"
    found = getattr(_loaded(path), name, None)
    if not callable(found):
        raise ContentProblem(Problem(path, 1, f'There is no function "{name}": add it, or correct the name.'))
    return found  # type: ignore[no-any-return]


@cache
def _loaded(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"senco_answers_{path.parent.name.replace('-', '_')}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise ContentProblem(Problem(path, 1, "The file is missing: write it, even if it holds no function yet."))
    loaded = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(loaded)
    except Exception as error:
        raise ContentProblem(Problem(path, 1, f"The file cannot be run: {type(error).__name__}: {error}")) from error
    return loaded
