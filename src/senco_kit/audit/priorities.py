"""What to work on first, by a rule that is written beside the list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from senco_kit.audit.model import HIGHEST_LEVEL, Rating, SelfAudit
from senco_kit.audit.profile import SECURE
from senco_kit.standards.model import Framework, Level, Outcome

#: The rule of `priorities`, in the words that people see beside the list.
RULE = (
    "The list holds every item below Secure, and items at Secure that you marked “matters now”.",
    "Items you marked “matters now” come first: you know your school.",
    "Next come items where part is a legal duty.",
    "Then the lower level comes first, because the gap is wider.",
    "Ties keep the order of the standard.",
)


@dataclass(frozen=True)
class Priority:
    """One outcome to work on, its place in the list (1 is first) and why it stands there."""

    place: int
    outcome: Outcome
    rating: Rating
    level: int

    def reasons(self, levels: Sequence[Level]) -> tuple[str, ...]:
        """Why this outcome stands where it does, as short sentences in the order of the rule."""
        said = []
        if self.rating.matters_now:
            said.append("You marked it “matters now”.")
        if self.outcome.duty is not None:
            said.append("Part of it is a legal duty.")
        names = {level.number: level.name for level in levels}
        said.append(f"You stand at {names[self.level]} (level {self.level} of {HIGHEST_LEVEL}).")
        return tuple(said)


def priorities(audit: SelfAudit, framework: Framework) -> tuple[Priority, ...]:
    """The outcomes to work on, first things first, by the rule in `RULE`.

    "I don't know yet" and unanswered outcomes are not in the list: they are questions, not gaps.
    """
    found = []
    for position, outcome in enumerate(framework.outcomes()):
        rating = audit.rating(outcome.id)
        if rating.level is None:
            continue
        if rating.level < SECURE or (rating.level == SECURE and rating.matters_now):
            order = (not rating.matters_now, outcome.duty is None, rating.level, position)
            found.append((order, outcome, rating, rating.level))
    found.sort(key=lambda entry: entry[0])
    return tuple(
        Priority(place, outcome, rating, level) for place, (_, outcome, rating, level) in enumerate(found, start=1)
    )
