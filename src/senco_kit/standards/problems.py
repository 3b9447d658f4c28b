"""How a problem in a content file is told: the file, the line, and one sentence on what to put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from senco_kit.places import KIT


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a content file. `line` counts from 1."""

    file: Path
    line: int
    says: str

    def __str__(self) -> str:
        """The problem as compilers and editors write it: file:line: sentence."""
        return f"{self.file.as_posix()}:{self.line}: {self.says}"

    def seen_from(self, root: Path) -> Problem:
        """The same problem with its file named from `root`, when the file is inside it."""
        return replace(self, file=self.file.relative_to(root)) if self.file.is_relative_to(root) else self


class ContentProblem(Exception):
    """A content file that cannot be used as it is; `str()` gives file, line and one sentence."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem.seen_from(KIT)))
        self.problem = problem

    @property
    def file(self) -> Path:
        """The file with the problem."""
        return self.problem.file

    @property
    def line(self) -> int:
        """Its line, counted from 1."""
        return self.problem.line

    @property
    def says(self) -> str:
        """The sentence, without file and line."""
        return self.problem.says
