"""What standards are made of: frameworks with headings and outcomes, levels, correspondences and facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

#: The framework that the course and the crosswalk are built on, though it is historic.
SPINE = "national-award-2009"

#: How many levels a rated outcome describes, lowest first.
LEVELS_OF_AN_OUTCOME = 4

FrameworkStatus = Literal["historic", "current", "proposed"]
CheckStatus = Literal["confirmed", "to-check"]


class UnknownId(KeyError):
    """An id that no framework, outcome or fact has. Its text is a sentence for people."""

    def __str__(self) -> str:
        """The sentence itself: a plain KeyError would show it in quotation marks."""
        return str(self.args[0])


@dataclass(frozen=True)
class Fact:
    """One figure, date, threshold or legal reference that can go stale.

    `value` is in `unit` (None for a reference or a date). `year` is the year the value belongs to. `valid_until` is
    the last day on which it may be used unchecked; None for what cannot change any more.
    """

    id: str
    value: str | int | float | date
    unit: str | None
    means: str
    source: str
    year: int
    checked_on: date
    valid_until: date | None
    status: CheckStatus

    def out_of_date(self, today: date) -> bool:
        """Whether the last day on which the fact may be used unchecked is over."""
        return self.valid_until is not None and self.valid_until < today

    def to_be_checked(self, today: date) -> bool:
        """Whether it must not be shown as certain: never confirmed, or out of date."""
        return self.status == "to-check" or self.out_of_date(today)


@dataclass(frozen=True)
class Duty:
    """Which part of an outcome is law today and on whom it falls, with the ids of the facts that say so."""

    says: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """One thing a framework asks of a SENCO or teacher.

    `wording` says whether our statement was confirmed in a source. `levels` are four descriptions of observable
    practice, lowest first, or none where the framework is only browsed.
    """

    id: str
    heading_id: str
    title: str
    statement: str
    wording: CheckStatus
    why_today: str = ""
    duty: Duty | None = None
    levels: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """One heading of a framework with its outcomes, in the framework's own order."""

    id: str
    title: str
    about: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True)
class Framework:
    """A set of professional standards. `in_force_to` is its last day; None while it has no end."""

    id: str
    title: str
    short_title: str
    issuer: str
    status: FrameworkStatus
    in_force_from: date | None
    in_force_to: date | None
    source: str
    about: str
    headings: tuple[Heading, ...]

    def outcomes(self) -> tuple[Outcome, ...]:
        """Every outcome, heading by heading."""
        return tuple(outcome for heading in self.headings for outcome in heading.outcomes)

    def outcome(self, outcome_id: str) -> Outcome:
        """The outcome with this id; UnknownId (a KeyError) when the framework has none."""
        for outcome in self.outcomes():
            if outcome.id == outcome_id:
                return outcome
        raise UnknownId(f'"{self.short_title}" has no outcome "{outcome_id}".')


@dataclass(frozen=True)
class Level:
    """One step of the scale that outcomes are rated on: 1 (lowest) to 4. Levels are ordered, not measured."""

    number: int
    name: str
    meaning: str


@dataclass(frozen=True)
class Correspondence:
    """One row of the crosswalk: an outcome of one framework that corresponds to an outcome of another."""

    framework_id: str
    outcome_id: str
    other_framework_id: str
    other_outcome_id: str
