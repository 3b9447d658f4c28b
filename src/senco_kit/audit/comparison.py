"""What moved between two audits of the same framework, item by item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.standards.model import Framework, Outcome


class Movement(Enum):
    """What happened to one outcome between two audits, in the words that people see."""

    UP = "moved up"
    SAME = "same level"
    DOWN = "moved down"
    NOW_KNOWN = "now answered"
    NO_LONGER_KNOWN = "no longer answered"
    OPEN = "not answered in either"


@dataclass(frozen=True)
class Change:
    """One outcome in the earlier and the later audit, and what happened between them."""

    outcome: Outcome
    earlier: Rating
    later: Rating
    movement: Movement


def movement(earlier: Rating, later: Rating) -> Movement:
    """What happened between two ratings; "I don't know yet" has no level, so nothing can be said to have moved."""
    if earlier.level is None:
        return Movement.OPEN if later.level is None else Movement.NOW_KNOWN
    if later.level is None:
        return Movement.NO_LONGER_KNOWN
    if later.level > earlier.level:
        return Movement.UP
    return Movement.DOWN if later.level < earlier.level else Movement.SAME


def compare(earlier: SelfAudit, later: SelfAudit, framework: Framework) -> tuple[Change, ...]:
    """Every outcome of the framework with its rating then and now, in the framework's order.

    Raises ValueError when the audits are not both of this framework.
    """
    if {earlier.framework_id, later.framework_id} != {framework.id}:
        raise ValueError("Only audits of the same standard can be compared.")
    changes = []
    for outcome in framework.outcomes():
        then, now = earlier.rating(outcome.id), later.rating(outcome.id)
        changes.append(Change(outcome, then, now, movement(then, now)))
    return tuple(changes)


def movements(changes: tuple[Change, ...]) -> dict[Movement, int]:
    """How many outcomes moved which way; every kind of movement is there, with 0 where there is none."""
    return {kind: sum(change.movement is kind for change in changes) for kind in Movement}
