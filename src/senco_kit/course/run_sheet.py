"""The run sheet of a session: when each activity begins and ends, worked out from when the session starts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from senco_kit.course.model import Activity, Version

#: When a session starts if nobody says: after school.
USUAL_START = "15:45"
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_DAY = 24 * 60


@dataclass(frozen=True)
class Line:
    """One line of a run sheet; times as on a clock, "15:45"."""

    begins: str
    ends: str
    activity: Activity


def minutes_of(start: str) -> int:
    """A time of day in minutes from midnight. Raises ValueError with a sentence.

    >>> minutes_of("15:45"), minutes_of("9.05")
    (945, 545)
    """
    found = _CLOCK.fullmatch(start.strip())
    if not found:
        raise ValueError(f"“{start.strip()[:20]}” is not a time of day: write it like 15:45.")
    return int(found[1]) * 60 + int(found[2])


def run_sheet(version: Version, start: str = USUAL_START) -> tuple[Line, ...]:
    """The activities with their times. Raises ValueError when `start` is no time of day."""
    return tuple(_lines(version, minutes_of(start)))


def _lines(version: Version, now: int) -> Iterator[Line]:
    for activity in version.activities:
        yield Line(_clock(now), _clock(now + activity.minutes), activity)
        now += activity.minutes


def _clock(minutes: int) -> str:
    return f"{minutes % _DAY // 60:02}:{minutes % 60:02}"
