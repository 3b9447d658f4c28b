"""Which outcome is taught, practised, assessed and audited where: `senco coverage`, and a test that wants no gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from senco_kit.course.model import Module
from senco_kit.standards import read
from senco_kit.standards.model import SPINE

#: What is counted for each outcome, in the order of the table.
COLUMNS = ("taught", "quick checks", "data activities", "graded", "audited", "session activities")


@dataclass(frozen=True)
class Covered:
    """How often one outcome occurs, by column."""

    outcome: str
    title: str
    counts: Mapping[str, int]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The columns in which it does not occur."""
        return tuple(column for column in COLUMNS if not self.counts[column])


def coverage(modules: Iterable[Module]) -> tuple[Covered, ...]:
    """Every outcome of the 2009 headings with its counts."""
    modules = list(modules)
    return tuple(
        Covered(outcome.id, outcome.title, _counts(outcome.id, modules, bool(outcome.levels)))
        for outcome in read.framework(SPINE).outcomes()
    )


def _counts(outcome: str, modules: list[Module], audited: bool) -> dict[str, int]:
    sections = [section for module in modules for section in module.sections]
    checks = [question for module in modules for question in module.checks]
    graded = [question for module in modules for question in module.assignment]
    tries = [block for section in sections for block in section.blocks if block.kind == "try" and block.on_data]
    on_data = [question for question in checks if question.is_on_data or question.show]
    sessions = [module.session for module in modules if module.session]
    practised = [*(block.outcomes for block in tries), *(question.outcomes for question in on_data)]
    activities = [activity for session in sessions for activity in session.version("full").activities]
    return {
        "taught": sum(outcome in section.outcomes for section in sections),
        "quick checks": sum(outcome in question.outcomes for question in checks),
        "data activities": sum(outcome in outcomes for outcomes in practised),
        "graded": sum(outcome in question.outcomes for question in graded),
        "audited": int(audited),
        "session activities": sum(outcome in activity.outcomes for activity in activities),
    }
