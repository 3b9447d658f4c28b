"""Where one rating stands, in the words that pages and reports share."""

from __future__ import annotations

from collections.abc import Sequence

from senco_kit.audit.model import UNANSWERED_IN_WORDS, UNSURE_IN_WORDS, Rating
from senco_kit.standards.model import Level


def level_of(rating: Rating, levels: Sequence[Level]) -> Level | None:
    """The level that a rating has, or None."""
    return next((level for level in levels if level.number == rating.level), None)


def standing(rating: Rating, levels: Sequence[Level]) -> str:
    """The level's name, "I don't know yet", or "No answer yet"."""
    level = level_of(rating, levels)
    if level is not None:
        return level.name
    return UNSURE_IN_WORDS if rating.unsure else UNANSWERED_IN_WORDS
