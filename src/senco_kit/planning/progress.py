"""How far a plan is: what its reviews say, which are due, what an objective still lacks, and what has changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from senco_kit.planning.kinds import Kind, as_shown
from senco_kit.planning.model import Cycle, Record, Review, latest
from senco_kit.planning.plan import ACTION, OBJECTIVE, PROGRESS
from senco_kit.typed_numbers import number_typed

#: A review is announced so many days before it is due: the kit's own rule.
DUE_WITHIN_DAYS: Final = 30
#: After a review that says so, an objective needs no further review.
OVER: Final = ("met", "ended")


def latest_progress(cycle: Cycle, objective: Record) -> str:
    """How far an objective is by its newest review: a key of PROGRESS, "" when it was never reviewed."""
    newest = latest(cycle.reviews_of(objective.id))
    said = newest.text("progress") if newest else ""
    return said if said in PROGRESS else ""


def is_over(cycle: Cycle, objective: Record) -> bool:
    """Whether the newest review says that the objective is met, or that it ended."""
    return latest_progress(cycle, objective) in OVER


# -- reviews that are due ------------------------------------------------------------------------------------------


def next_review(cycle: Cycle, objective: Record) -> date | None:
    """The day of the next review; None when none is said, or when the objective is over: then there is no next one."""
    return None if is_over(cycle, objective) else objective.day("next_review")


def due_reviews(cycles: Iterable[Cycle], today: date) -> list[tuple[Cycle, Record, date]]:
    """The objectives whose next review is overdue or due within DUE_WITHIN_DAYS days, the most urgent first.

    A cycle that was started from an earlier one holds the same objectives: they count in the newest cycle only.
    """
    found, seen = [], set()
    for cycle in sorted(cycles, key=lambda each: each.created_at, reverse=True):
        for objective in cycle.of(OBJECTIVE.id):
            if objective.id in seen:
                continue
            seen.add(objective.id)
            day = next_review(cycle, objective)
            if day and day <= today + timedelta(days=DUE_WITHIN_DAYS):
                found.append((cycle, objective, day))
    return sorted(found, key=lambda each: each[2])


def due_in_words(day: date, today: date) -> str:
    """When a review is due, as people say it.

    >>> due_in_words(date(2026, 11, 20), date(2026, 11, 22)), due_in_words(date(2026, 11, 23), date(2026, 11, 22))
    ('2 days overdue', 'due tomorrow')
    """
    days = (day - today).days
    if days < 0:
        return "1 day overdue" if days == -1 else f"{-days} days overdue"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {days} days")


# -- what an objective still lacks ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One line of the checklist of an objective: what there must be, whether it is there, and why it matters."""

    what: str
    is_there: bool
    why: str


def checklist(cycle: Cycle, objective: Record) -> tuple[Asked, ...]:
    """What makes an objective measurable and followed up, and which of it is there."""
    actions = cycle.serving(objective)

    def has(name: str) -> bool:
        return bool(objective.text(name).strip())

    return (
        Asked("A finding that it answers", bool(cycle.ticked(objective, "answers")), "Or nobody can say why."),
        Asked("How it is measured", has("measure"), "The same measure at the start, at reviews and at the end."),
        Asked("Where it stands now", has("baseline"), "Without a baseline no change can be shown."),
        Asked("Where it shall stand", has("target"), "So that all know when it is enough."),
        Asked("By when", objective.day("by") is not None, "A date, so that it can be late."),
        Asked("Who leads", has("lead"), "One role."),
        Asked("Who looks whether it works", has("monitor_who"), "Best somebody other than the lead."),
        Asked("How they will look", has("monitor_how"), "What they look at, and where."),
        Asked(
            "When it is next reviewed",
            objective.day("next_review") is not None or is_over(cycle, objective),
            "It shows on the home page when it is due.",
        ),
        Asked("An action with a lead", any(one.text("lead").strip() for one in actions), "Or nothing will happen."),
    )


# -- what has changed ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One difference between two states of a plan: of which record, in which field, and the words before and after."""

    record: str
    field: str
    before: str
    after: str


Values = Mapping[str, str]
_IN, _OUT = "in the plan", "not in the plan"


def changes_since(cycle: Cycle, review: Review, names: Mapping[str, str] | None = None) -> list[Change]:
    """What changed in the plan between a review and the next one of the same objective, or now.

    `names` are those of things that are ticked and are no records, such as the principles, by their ids.
    """
    later = [each for each in cycle.reviews_of(review.about) if each.made_at > review.made_at]
    objective = cycle.find(review.about)
    if later:
        after = min(later, key=lambda each: each.made_at).as_it_was
    else:
        after = cycle.as_it_is(objective) if objective else review.as_it_was
    return differences(cycle, review.about, review.as_it_was, after, names or {})


def differences(
    cycle: Cycle, about: str, before: Mapping[str, Values], after: Mapping[str, Values], names: Mapping[str, str]
) -> list[Change]:
    """How two states of an objective and its actions differ, in words; the objective `about` comes first."""
    found: list[Change] = []
    for record_id in sorted(dict.fromkeys([*before, *after]), key=lambda each: each != about):
        kind = OBJECTIVE if record_id == about else ACTION
        old, new = before.get(record_id), after.get(record_id)
        record = "The objective"
        if kind is ACTION:
            record = f"Action “{_short((new or old or {}).get('what', '')) or 'without words'}”"
        if old is None or new is None:
            found.append(Change(record, "", _OUT if old is None else _IN, _OUT if new is None else _IN))
            continue
        for name in sorted({*old, *new}, key=_order(kind)):
            was, now = old.get(name, ""), new.get(name, "")
            if was != now:
                label, shown = _shown(cycle, kind, name, names)
                found.append(Change(record, label, shown(was), shown(now)))
    return found


def said(cycle: Cycle, kind: Kind, values: Values, names: Mapping[str, str] | None = None) -> list[tuple[str, str]]:
    """Values of a record as people read them: label and words, in the order in which they are asked."""
    found = []
    for name in sorted(values, key=_order(kind)):
        if name != "objective" and not name.startswith("ref/"):
            label, shown = _shown(cycle, kind, name, names or {})
            found.append((label, shown(values[name])))
    return found


def _shown(cycle: Cycle, kind: Kind, name: str, names: Mapping[str, str]) -> tuple[str, Callable[[str], str]]:
    """The label of a field, and how its values are written; of a tick, what is ticked."""
    role, _, which = name.partition("/")
    if role in _TICKED:
        ticked = cycle.find(which)
        named = ticked.text("what") if ticked else names.get(which, which)
        return f"{_TICKED[role]} “{_short(named)}”", lambda value: "yes" if value else "no"
    try:
        asked = kind.field(name)
    except KeyError:
        return name, str
    options = {each.value: each.label for each in getattr(asked, "options", ())}
    return asked.label, lambda value: options.get(value) or as_shown(asked, value)


_TICKED = {"answers": "Answers the finding", "principle": "Serves the principle"}


def _order(kind: Kind) -> Callable[[str], tuple[int, str]]:
    places = {asked.name: place for place, asked in enumerate(kind.fields)}
    return lambda name: (places.get(name, len(places)), name)


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79].rstrip()}…"


# -- what came of it -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """One point on the way from the baseline to the target; `day` is None for those two."""

    name: str
    words: str
    number: float | None
    day: date | None = None


def measured(cycle: Cycle, objective: Record) -> tuple[Measured, ...]:
    """The baseline, what each review measured, and the target, those that say anything."""
    reviews = [
        Measured("Review", each.text("measured"), the_number(each.text("measured")), each.made_at.astimezone().date())
        for each in cycle.reviews_of(objective.id)
    ]
    start, aim = (
        Measured(name, objective.text(field), the_number(objective.text(field)))
        for name, field in (("Baseline", "baseline"), ("Target", "target"))
    )
    return tuple(each for each in (start, *reviews, aim) if each.words.strip())


_NUMBER = re.compile(r"[-−]?(?:£ ?)?[0-9](?:[0-9, ]*[0-9])?(?:\.[0-9]+)?")


def the_number(words: str) -> float | None:
    """The one number in a few words, None where there is none or more than one: then nobody can tell which is meant.

    >>> the_number("62 %"), the_number("Level 2, Developing"), the_number("between 60 and 70")
    (62.0, 2.0, None)
    """
    found = _NUMBER.findall(words[:200])
    if len(found) != 1:
        return None
    try:
        return number_typed(found[0])
    except ValueError:
        return None
