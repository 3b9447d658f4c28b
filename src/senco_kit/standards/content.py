"""What a content file holds, together with everything wrong in it and the lines of its parts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from senco_kit.standards.problems import ContentProblem, Problem

T = TypeVar("T")

#: Ids of frameworks and facts, and ids of headings and outcomes: they end up in HTML, file names and workbooks.
LONG_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SHORT_ID = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")


@dataclass(frozen=True)
class Content(Generic[T]):
    """What a file holds. With problems, parts of `holds` may be filled in or missing; without, it can be trusted.

    `lines` gives the line of a part: ("A1",) an outcome, ("A1", "code-6-36") a fact its duty names, ("in_force_to",).
    """

    path: Path
    holds: T
    problems: tuple[Problem, ...] = ()
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)

    def line(self, *part: str) -> int:
        """The line of a part; 1 when the part is not in the file."""
        return self.lines.get(part, 1)

    def trusted(self) -> T:
        """What the file holds; ContentProblem with the first problem of the file when there is one."""
        if self.problems:
            raise ContentProblem(min(self.problems))
        return self.holds
