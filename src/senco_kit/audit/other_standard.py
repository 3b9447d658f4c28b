"""The same audit seen through another standard, by the crosswalk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.standards.model import Framework, Heading, Outcome


@dataclass(frozen=True)
class SeenOutcome:
    """One outcome of the other standard, with what was said about the audited outcomes that correspond to it."""

    heading: Heading
    outcome: Outcome
    answers: tuple[tuple[Outcome, Rating], ...]


def seen_through(
    audit: SelfAudit,
    framework: Framework,
    other: Framework,
    corresponding: Callable[[str, str, str], tuple[str, ...]],
) -> tuple[SeenOutcome, ...]:
    """Every outcome of `other` with the audit's own answers beside it; no answers where nothing corresponds.

    `corresponding(framework_id, outcome_id, other_framework_id)` is `standards.read.corresponding` or one like it. The
    levels are shown as they were given: no level is worked out for the other standard, which has words of its own.
    """
    seen = []
    for heading in other.headings:
        for outcome in heading.outcomes:
            ids = corresponding(other.id, outcome.id, framework.id)
            answers = tuple(
                (audited, audit.rating(audited.id)) for audited in framework.outcomes() if audited.id in ids
            )
            seen.append(SeenOutcome(heading, outcome, answers))
    return tuple(seen)
