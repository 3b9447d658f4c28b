"""Checks the instruments of leading (audit/) at once: `senco check` runs this with all other content."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from senco_kit.places import KIT
from senco_kit.standards.problems import ContentProblem, Problem

#: The modules of this package that read an instrument: each has a `check(root)`.
_READERS: tuple[str, ...] = (
    "school_review_file",
    "voice_file",
    "causes_file",
    "competences_file",
    "observations_file",
    "role_objectives_file",
    "inspection_file",
    "documents.file",
    "example_file",
)


def check_planning(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the instruments below `root`, by file and line; empty when all is well."""
    problems: list[Problem] = []
    for name in _READERS:
        try:
            problems += import_module(f"senco_kit.planning.{name}").check(root)
        except ContentProblem as problem:
            problems.append(problem.problem)
    return sorted({problem.seen_from(root) for problem in problems})
