"""What a self-audit is: ratings of outcomes with their evidence, and the actions that follow from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

LOWEST_LEVEL, HIGHEST_LEVEL = 1, 4

# How every page, picture and report says that an outcome has no level.
UNSURE_IN_WORDS = "I don't know yet"
UNANSWERED_IN_WORDS = "No answer yet"


@dataclass(frozen=True)
class Evidence:
    """One thing that shows where practice stands, and where it is kept. The kit keeps no documents."""

    id: str
    what: str = ""
    kept_where: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class Rating:
    """What a person said about one outcome.

    `level` is 1 to 4, or None when not answered. `unsure` means "I don't know yet": a question to follow up, never a
    low level, and never together with a level.
    """

    outcome_id: str
    level: int | None = None
    unsure: bool = False
    matters_now: bool = False
    note: str = ""
    evidence: tuple[Evidence, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether the person has said where they stand, "I don't know yet" included."""
        return self.level is not None or self.unsure


@dataclass(frozen=True)
class Action:
    """One line of an action plan: what will be done about an outcome, and how anyone will know that it worked."""

    id: str
    outcome_id: str
    action: str = ""
    success: str = ""
    by_when: date | None = None
    with_whom: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class SelfAudit:
    """One audit of a person's own practice against one framework.

    `started_from` is the id of the earlier audit that this one was started from, if any. `ratings` holds an entry only
    for outcomes that were touched; use `rating` to read one.
    """

    id: str
    name: str
    framework_id: str
    created_at: datetime
    changed_at: datetime
    started_from: str | None = None
    ratings: Mapping[str, Rating] = field(default_factory=dict)
    actions: tuple[Action, ...] = ()

    def rating(self, outcome_id: str) -> Rating:
        """The rating of an outcome; an empty one when nothing has been said about it."""
        return self.ratings.get(outcome_id) or Rating(outcome_id)
