"""Lessons seen: what is noted of one, and what many of them say together. Teaching is looked at, nobody is graded."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from senco_kit.forms.fields import ChooseOne, Date, Field, Option, ShortText
from senco_kit.in_figures import known, percent
from senco_kit.planning.intervals import wilson
from senco_kit.planning.kinds import Kind, ticks
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.observations_file import Focus, foci
from senco_kit.schools import codes

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.store.cycles import NewRecord

YES, PARTLY, NO, NOT_LOOKED = "yes", "partly", "no", "not-looked"
#: Fewer looks than this say nothing about a pattern. The kit's own rule.
FEWEST_LOOKS: Final = 5
#: A pattern whose interval lies on one side of half of the looks helps or hinders; else the person says which.
_HALF: Final = 0.5

NOT_ENOUGH: Final = "Fewer than 5 looks: not enough to say."
#: How patterns are made, in the words that people see beside them.
RULE: Final = (
    "A look is one focus in one lesson. “Not looked for” counts as no look.",
    "The share is of looks at which it was seen in full. “In part” is counted by itself.",
    "The interval holds the true share in about 95 of 100 cases, if the lessons were chosen by chance (Wilson’s "
    "interval). Lessons are seldom chosen by chance: then it is narrower than it should be.",
    "With fewer than 5 looks no share is given.",
    "The list is in the order of the foci. Nothing here grades a person.",
)


def _seen(focus_id: str) -> Field:
    focus = foci()[focus_id]
    return ChooseOne(
        name=f"seen/{focus_id}",
        label=focus.title,
        hint=" ".join(focus.look_for),
        side_by_side=True,
        options=(
            Option(YES, "Seen"),
            Option(PARTLY, "In part"),
            Option(NO, "Not seen"),
            Option(NOT_LOOKED, "Not looked for"),
        ),
    )


def _note(focus_id: str) -> Field:
    return ShortText(name=f"note/{focus_id}", label=f"Note on “{foci()[focus_id].title}”", longest=500)


OBSERVATION = Kind(
    id="observation",
    one="observation",
    several="observations",
    naming="year",
    place="observations",
    fields=(
        Date(name="day", label="On which day?"),
        ShortText(
            name="year", label="Year or class", hint="For example Year 8, or 4B. No names of adults.", longest=60
        ),
        ChooseOne(
            name="subject",
            label="Subject",
            options=(*(Option(each, each[:1].upper() + each[1:]) for each in codes.SUBJECTS), Option("other", "Other")),
            side_by_side=True,
        ),
        ChooseOne(
            name="kind",
            label="What kind of visit was it?",
            options=(Option("walk", "Learning walk"), Option("lesson", "Lesson observation")),
            side_by_side=True,
        ),
    ),
    # "focus/FOCUS" ticks what this visit looks for; "seen/FOCUS" and "note/FOCUS" are what was seen of it.
    patterns={"focus": ticks("This focus"), "seen": _seen, "note": _note},
)

KINDS = (OBSERVATION,)


@dataclass(frozen=True)
class Looks:
    """How often a focus was looked for, and what was seen."""

    seen: int
    partly: int
    not_seen: int

    @property
    def all(self) -> int:
        """The number of looks."""
        return self.seen + self.partly + self.not_seen

    @property
    def are_enough(self) -> bool:
        """Whether they say anything about a pattern."""
        return self.all >= FEWEST_LOOKS

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% interval of the share seen in full. Only for looks that are enough."""
        return wilson(self.seen, self.all)

    @property
    def side(self) -> str:
        """On which side of half of the looks the whole interval lies: "most", "few", or "" when it cannot be told."""
        if not self.are_enough:
            return ""
        low, high = self.interval
        return "most" if low > _HALF else "few" if high < _HALF else ""

    @property
    def in_words(self) -> str:
        """The share with its interval, or that there are too few looks for one."""
        if not self.are_enough:
            return NOT_ENOUGH
        low, high = self.interval
        return f"{percent(self.seen / self.all)} seen in full ({percent(low)} to {percent(high)})"


@dataclass(frozen=True)
class FocusPattern:
    """What all observations say about one focus, over all and by year and subject. Groups stand in their own order."""

    focus: Focus
    looks: Looks
    by_year: Mapping[str, Looks]
    by_subject: Mapping[str, Looks]

    def as_finding(self) -> str:
        """The pattern as a sentence for a plan."""
        return f"{self.focus.title}: {self.looks.in_words}, in {self.looks.all} looks at lessons."


def patterns(cycle: Cycle) -> list[FocusPattern]:
    """What the observations of a cycle say, focus by focus; foci that nobody looked for are there with no looks."""
    seen = cycle.of(OBSERVATION.id)
    return [
        FocusPattern(
            focus,
            _looks(focus, seen),
            _by(focus, seen, year_of, tuple(codes.YEARS)),
            _by(focus, seen, lambda one: one.text("subject"), (*codes.SUBJECTS, "other")),
        )
        for focus in foci().values()
    ]


def least_and_most(patterns: Iterable[FocusPattern]) -> tuple[FocusPattern, FocusPattern] | None:
    """The foci with the smallest and the largest share seen in full; None when fewer than two have enough looks."""
    enough = sorted((one for one in patterns if one.looks.are_enough), key=lambda one: one.looks.seen / one.looks.all)
    return (enough[0], enough[-1]) if len(enough) > 1 else None


def _looks(focus: Focus, observations: Iterable[Record]) -> Looks:
    said = [one.text(f"seen/{focus.id}") for one in observations]
    return Looks(said.count(YES), said.count(PARTLY), said.count(NO))


def _by(
    focus: Focus, observations: Sequence[Record], group_of: Callable[[Record], str], groups: tuple[str, ...]
) -> dict[str, Looks]:
    found: dict[str, list[Record]] = {group: [] for group in groups}
    for one in observations:
        found.get(group_of(one), []).append(one)
    counted = {group: _looks(focus, those) for group, those in found.items()}
    return {group: looks for group, looks in counted.items() if looks.all}


def year_of(observation: Record) -> str:
    """The year group that is named in "Year or class", as in codes.YEARS; "" when none can be told."""
    return year_named(observation.text("year"))


def year_named(text: str) -> str:
    """The year group in a text such as "Year 8", "8B" or "Reception"; "" when it names none, or several.

    >>> year_named("Year 10 set 2"), year_named("8B"), year_named("reception"), year_named("Years 7 and 8")
    ('10', '8', 'R', '')
    """
    written = text.casefold().strip()
    if re.match(r"yr$|(year )?r(eception|ec)?\b", written):
        return "R"
    found = re.fullmatch(r"(?:year|yr|y)?\s*([0-9]{1,2})(?:\s*[a-z]{1,2}|[ ,](?!\s*(?:and|to|or|&)).*)?", written)
    return found[1].lstrip("0") if found and found[1].lstrip("0") in codes.YEARS else ""


def looked_for(observation: Record) -> tuple[Focus, ...]:
    """The foci of one visit: those that were chosen or answered, or all when none is."""
    chosen = [
        focus
        for focus in foci().values()
        if observation.is_ticked(f"focus/{focus.id}") or observation.text(f"seen/{focus.id}")
    ]
    return tuple(chosen or foci().values())


# ------------------------------------------------------------------------------ an invented school's observations


def observation_records(table: pd.DataFrame, school: str) -> list[NewRecord]:
    """The observations of an invented school as records, one a lesson; the same school gives the same ids."""
    from senco_kit.store.cycles import NewRecord

    by_code = {focus.code: focus.id for focus in foci().values() if focus.code}
    lessons: list[tuple[tuple[object, ...], dict[str, str]]] = []
    for row in table.sort_values("observation_id").to_dict("records"):
        lesson = (row["date"], row["class_name"], row["subject"])
        focus = by_code[str(row["focus"])]
        if not lessons or lessons[-1][0] != lesson or f"seen/{focus}" in lessons[-1][1]:
            lessons.append((lesson, _lesson(row)))
        values = lessons[-1][1]
        values |= {f"focus/{focus}": "yes", f"seen/{focus}": str(row["seen"])}
        if known(row["note"]):
            values[f"note/{focus}"] = str(row["note"])
    return [NewRecord(OBSERVATION.id, values, _id(school, place)) for place, (_, values) in enumerate(lessons)]


def _lesson(row: Mapping[Any, Any]) -> dict[str, str]:
    return {
        "day": row["date"].date().isoformat(),
        "year": str(row["class_name"]),
        "subject": str(row["subject"]),
        "kind": "lesson",
    }


def _id(school: str, place: int) -> str:
    return hashlib.sha256(f"senco-course-kit {school} observation {place}".encode()).hexdigest()[:32]
