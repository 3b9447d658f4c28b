"""When the actions of a plan run: by months, with how far each is today, and plainly which cannot be drawn and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from senco_kit.days import in_words
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, OBJECTIVE

#: The picture reaches so many months back from today, and on from it: a mistyped year must not flatten the rest.
MONTHS_BACK: Final = 24
MONTHS_ON: Final = 36
PROGRESS_WORDS: Final = {
    "": "Nothing said yet",
    "not-started": "Not started",
    "under-way": "Under way",
    "done": "Done",
    "stopped": "Stopped",
}


@dataclass(frozen=True)
class Line:
    """One action. `progress` is a key of PROGRESS_WORDS; `status` says how far it is, and whether it is late.

    `why_not` says why it cannot be drawn, "" when it can; `note` says what of it lies outside the picture.
    """

    action: Record
    objective: Record | None
    start: date | None
    end: date | None
    progress: str
    status: str
    why_not: str = ""
    note: str = ""
    is_late: bool = False


@dataclass(frozen=True)
class Timeline:
    """The actions in the picture by when they start, those that cannot be drawn, and what the picture reaches over:
    the first day of its first month, and the first day after its last one (the same day when it is empty)."""

    today: date
    drawn: tuple[Line, ...]
    not_drawn: tuple[Line, ...]
    first: date
    after: date

    @property
    def months(self) -> list[date]:
        """The first day of each month of the picture."""
        return list(_months(self.first, self.after))

    @property
    def shows_today(self) -> bool:
        """Whether today lies in the picture."""
        return self.first <= self.today < self.after

    def place(self, day: date) -> float:
        """Where a day stands: 0 at the left edge of the picture, 100 at its right one, never beyond."""
        share = (day - self.first).days / max((self.after - self.first).days, 1)
        return round(100 * min(max(share, 0.0), 1.0), 2)


def timeline(cycle: Cycle, today: date) -> Timeline:
    """All actions of a cycle as they stand today."""
    earliest, latest = _month(today, -MONTHS_BACK), _month(today, MONTHS_ON + 1)
    lines = [_line(cycle, action, today, earliest, latest) for action in cycle.of(ACTION.id)]
    days = [(each.start, each.end, each) for each in lines if each.start and each.end and not each.why_not]
    drawn = tuple(each for _, _, each in sorted(days, key=lambda day: day[:2]))
    first = max(min((start for start, _, _ in days), default=today), earliest)
    last = min(max((end for _, end, _ in days), default=today), _month(latest, -1))
    return Timeline(
        today=today,
        drawn=drawn,
        not_drawn=tuple(each for each in lines if each.why_not),
        first=_month(first),
        after=_month(last, 1) if days else _month(first),
    )


def status(action: Record, today: date) -> str:
    """How far an action is, in words; with what its dates say against it."""
    progress = _progress(action)
    words = PROGRESS_WORDS[progress]
    start, end = action.day("start"), action.day("end")
    if end and is_late(action, today):
        return f"{words}. Late: it should have ended on {in_words(end)}"
    if start and start < today and progress in ("", "not-started"):
        return f"{words}. It should have started on {in_words(start)}"
    return words


def is_late(action: Record, today: date) -> bool:
    """Whether an action should have ended before today, and has neither been done nor stopped."""
    end = action.day("end")
    return end is not None and end < today and _progress(action) not in ("done", "stopped")


def _line(cycle: Cycle, action: Record, today: date, earliest: date, latest: date) -> Line:
    start, end = action.day("start"), action.day("end")
    why_not, note = "", ""
    if start is None or end is None:
        missing = "start and no end" if start is None and end is None else "start" if start is None else "end"
        why_not = f"It has no {missing}."
    elif end < start:
        why_not = f"It ends ({in_words(end)}) before it starts ({in_words(start)})."
    elif end < earliest or start >= latest:
        why_not = f"Its days ({in_words(start)} to {in_words(end)}) lie far from today. Is the year right?"
    elif start < earliest or end >= latest:
        note = "Part of it lies outside the picture."
    objective = cycle.find(action.text("objective"), OBJECTIVE.id)
    progress, late = _progress(action), is_late(action, today)
    return Line(action, objective, start, end, progress, status(action, today), why_not, note, late)


def _progress(action: Record) -> str:
    said = action.text("progress")
    return said if said in PROGRESS_WORDS else ""


def _month(day: date, later: int = 0) -> date:
    """The first day of the month that holds a day, or of a month so many months later."""
    months = 12 * day.year + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)


def _months(first: date, after: date) -> Iterator[date]:
    while first < after:
        yield first
        first = _month(first, 1)
