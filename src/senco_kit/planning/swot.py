"""SWOT: the findings of a cycle in four quadrants: do they help or hinder, and are they inside the school or outside?

A quadrant is nothing of its own: it is what a finding says under "effect" and "within", so a finding that is moved is
changed everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import FINDING, HELPS, HINDERS, INSIDE, OUTSIDE


@dataclass(frozen=True)
class Quadrant:
    """One of the four, or the place of findings that stand in none; `effect` and `within` are what puts one there."""

    id: str
    title: str
    about: str
    effect: str = ""
    within: str = ""


QUADRANTS: Final = (
    Quadrant("strengths", "Strengths", "Inside the school, and it helps.", HELPS, INSIDE),
    Quadrant("weaknesses", "Weaknesses", "Inside the school, and it hinders.", HINDERS, INSIDE),
    Quadrant("opportunities", "Opportunities", "Outside the school, and it helps.", HELPS, OUTSIDE),
    Quadrant("threats", "Threats", "Outside the school, and it hinders.", HINDERS, OUTSIDE),
)
NOT_PLACED: Final = Quadrant("not-placed", "Not placed yet", "Say whether it helps, and whether it lies inside.")


def quadrant_of(finding: Record) -> Quadrant:
    """Where a finding stands."""
    says = (finding.text("effect"), finding.text("within"))
    return next((each for each in QUADRANTS if says == (each.effect, each.within)), NOT_PLACED)


def quadrants(
    cycle: Cycle, objective: Record | None = None, *, only_answered: bool = False
) -> dict[str, tuple[Record, ...]]:
    """The findings by the id of their quadrant, all five of them, in the order in which they were found.

    With `only_answered`, those alone that the objective answers.
    """
    answered = set(objective.ticks("answers")) if objective else set()
    findings = [one for one in cycle.of(FINDING.id) if not only_answered or one.id in answered]
    return {each.id: tuple(one for one in findings if quadrant_of(one) is each) for each in (*QUADRANTS, NOT_PLACED)}
