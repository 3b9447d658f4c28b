"""Where a person stands: how many outcomes at each level. Never an average: levels are an order, not amounts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from senco_kit.audit.model import HIGHEST_LEVEL, LOWEST_LEVEL, Rating, SelfAudit
from senco_kit.standards.model import Framework, Heading, Outcome

#: Levels from here up count as strengths; below it there is a gap to close. audit/levels.yml names level 3 "Secure".
SECURE = 3


@dataclass(frozen=True)
class HeadingProfile:
    """How many outcomes of one heading stand at each level (1 to 4), are to be found out, or have no answer yet."""

    heading: Heading
    at_level: dict[int, int]
    unsure: int
    unanswered: int

    @property
    def total(self) -> int:
        """The number of outcomes under the heading."""
        return len(self.heading.outcomes)

    @property
    def answered(self) -> int:
        """The number of outcomes with an answer, "I don't know yet" included."""
        return self.total - self.unanswered


def profile_of(audit: SelfAudit, heading: Heading) -> HeadingProfile:
    """Count the answers under one heading."""
    ratings = [audit.rating(outcome.id) for outcome in heading.outcomes]
    counts = Counter(rating.level for rating in ratings if rating.level is not None)
    return HeadingProfile(
        heading=heading,
        at_level={level: counts[level] for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)},
        unsure=sum(rating.unsure for rating in ratings),
        unanswered=sum(not rating.answered for rating in ratings),
    )


def profile(audit: SelfAudit, framework: Framework) -> tuple[HeadingProfile, ...]:
    """Count the answers under every heading of the framework, in its order."""
    return tuple(profile_of(audit, heading) for heading in framework.headings)


def strengths(audit: SelfAudit, framework: Framework) -> tuple[tuple[Outcome, Rating], ...]:
    """Outcomes at Secure or Leading, the higher level first, otherwise in the framework's order."""
    held = [(outcome, audit.rating(outcome.id)) for outcome in framework.outcomes()]
    strong = [(outcome, rating) for outcome, rating in held if (rating.level or 0) >= SECURE]
    return tuple(sorted(strong, key=lambda pair: -(pair[1].level or 0)))


def to_find_out(audit: SelfAudit, framework: Framework) -> tuple[tuple[Outcome, Rating], ...]:
    """Outcomes answered "I don't know yet": questions to follow up, in the framework's order."""
    held = [(outcome, audit.rating(outcome.id)) for outcome in framework.outcomes()]
    return tuple((outcome, rating) for outcome, rating in held if rating.unsure)
