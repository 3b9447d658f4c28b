"""What a school's own data says about each thing that can stand behind a gap, for the group of that gap.

Nothing here says that one thing causes another: groups that differ in one way differ in others too. What the provision
map already asks of the school (provision/signals.py) is said here where it concerns the group.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from senco_kit.in_figures import MINUS, percent
from senco_kit.planning import intervals
from senco_kit.planning.gaps import (
    ATTENDANCE,
    FEWEST_TO_BE_CLEAR,
    PERSISTENT,
    PERSISTENTLY_ABSENT,
    Floats,
    Gap,
    Tables,
    measured,
    sides_of,
)
from senco_kit.provision.data import FEWEST_PUPILS, ProvisionData
from senco_kit.provision.delivery import THREE_QUARTERS, delivery
from senco_kit.schools import codes
from senco_kit.small_counts import is_small

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.signals import Signal

#: With fewer looks at lessons than this, their shares are not compared.
FEWEST_LOOKS: Final = 10
#: A gap that shrinks by at least this share among pupils who are seldom away has to do with absence.
_SHRINKS: Final = 0.2


@dataclass(frozen=True)
class Said:
    """One thing that the data says, or that it holds nothing (`is_missing`). `asks` marks a question of the map."""

    says: str
    asks: bool = False
    is_missing: bool = False


def said_of(
    gap: Gap, data: ProvisionData, tables: Tables | None, signals: Sequence[Signal]
) -> dict[str, tuple[Said, ...]]:
    """What the data says of each factor (by its id) for the group of a gap."""
    about = _About(gap, data, tables or {}, signals)
    ways: dict[str, Callable[[_About], Iterator[Said]]] = {
        "attendance": _attendance,
        "teaching": _teaching,
        "provision": _provision,
        "knowledge": _knowledge,
        "environment": _environment,
    }
    return {factor: tuple(way(about)) for factor, way in ways.items()}


class _About:
    """A gap with its two groups of pupils, and the classes that hold most of the first."""

    def __init__(self, gap: Gap, data: ProvisionData, tables: Tables, signals: Sequence[Signal]) -> None:
        self.gap, self.data, self.tables, self.signals = gap, data, tables, signals
        self.inside, self.beside = sides_of(data, gap.group.id)
        self.pupils: pd.DataFrame = data.pupils[self.inside]
        self.ids = set(self.pupils["pupil_id"])
        self.other_ids = set(data.pupils.loc[self.beside, "pupil_id"])

    @property
    def beside_words(self) -> str:
        return self.gap.group.beside

    def classes(self, most: float = 0.5) -> list[str]:
        """The fewest classes that together hold at least this share of the group, the fullest first."""
        sizes = self.pupils["class_name"].dropna().astype("str").value_counts()
        before = sizes.cumsum().shift(fill_value=0)
        return [str(name) for name in sizes.index[before < most * sizes.sum()]]

    def asked(self, kind: str, concerns: Callable[[Signal], bool]) -> Iterator[Said]:
        """What the provision map asks of this kind, where it concerns the group."""
        for signal in self.signals:
            if signal.kind == kind and concerns(signal):
                yield Said(signal.says, asks=True)


def _between(between: intervals.Difference, of: str, *, unit: float = 100) -> str:
    """A difference with its interval in words: so many in 100, or points where the unit is 1."""
    ends = sorted(abs(unit * end) for end in (between.low, between.high))
    more = "more" if between.difference > 0 else "fewer"
    if between.is_clear:
        return f"{abs(unit * between.difference):.1f} {of} {more} (most likely {ends[0]:.1f} to {ends[1]:.1f})"
    low, high = (_signed(unit * end) for end in (between.low, between.high))
    return f"no clear difference (anything from {low} to {high} {of} is likely)"


def _signed(value: float) -> str:
    return f"{MINUS if value < 0 else '+'}{abs(value):.1f}"


# ---------------------------------------------------------------------------------------------------- attendance


def _attendance(about: _About) -> Iterator[Said]:
    attended = about.data.pupils["attendance"].to_numpy(float)
    known = ~np.isnan(attended)
    some, others = attended[about.inside & known], attended[about.beside & known]
    if min(len(some), len(others)) < FEWEST_PUPILS:
        yield Said(
            "The data has no attendance for enough of these pupils. Compare them with the others in your attendance "
            "system, and type what you find below.",
            is_missing=True,
        )
        return
    between = intervals.of_means(some, others)
    if between is not None:
        yield Said(
            f"They attended {100 * some.mean():.1f}% of sessions, {about.beside_words} {100 * others.mean():.1f}%: "
            f"{_between(between, 'in 100 sessions')}."
        )
    if about.gap.measure.id in (ATTENDANCE, PERSISTENT):
        yield from _authorised(about)
    else:
        yield from _without_the_absent(about, attended)
    classes = set(about.pupils["class_name"].dropna().astype("str"))
    yield from about.asked("absence-explains", lambda signal: signal.figures["class_name"] in classes)


def _authorised(about: _About) -> Iterator[Said]:
    table = about.tables.get("attendance")
    if table is None:
        return
    shares = []
    for ids in (about.ids, about.other_ids):
        rows = table[table["pupil_id"].isin(ids)]
        away = rows[["sessions_authorised", "sessions_unauthorised"]].sum()
        shares.append(away["sessions_unauthorised"] / max(away.sum(), 1))
    yield Said(
        f"Of the sessions that they missed, {percent(shares[0])} were without leave, among {about.beside_words} "
        f"{percent(shares[1])}."
    )


def _without_the_absent(about: _About, attended: Floats) -> Iterator[Said]:
    """The same gap among those who are seldom away: what is left of it has little to do with absence."""
    gap = about.gap
    values = next((each for measure, each in measured(about.data, about.tables) if measure.id == gap.measure.id), None)
    if values is None or gap.measure.kind == "share of pupils" or not gap.between.is_clear:
        return
    there = (1 - attended < PERSISTENTLY_ABSENT - 1e-9) & ~np.isnan(values)
    some, others = values[about.inside & there], values[about.beside & there]
    if min(len(some), len(others)) < FEWEST_TO_BE_CLEAR:
        return
    left = intervals.of_means(some, others)
    if left is None:
        return
    less = 1 - left.difference / gap.between.difference
    if less >= _SHRINKS:
        means = "Part of the gap goes with absence."
    elif less > -_SHRINKS:
        means = "The gap is about the same, so absence seems to be little of it."
    else:
        means = "The gap is wider there, so absence does not explain it."
    yield Said(
        f"Among those on both sides who missed less than a tenth of sessions the gap is "
        f"{gap.measure.figure(left.difference, sign=True)} instead of "
        f"{gap.measure.figure(gap.between.difference, sign=True)} {gap.measure.unit}. {means}"
    )


# ------------------------------------------------------------------------------------------------------ teaching


def _teaching(about: _About) -> Iterator[Said]:
    yield from _looks(about, None)
    classes = set(about.pupils["class_name"].dropna().astype("str"))
    yield from about.asked("teaching-not-pupils", lambda signal: signal.figures["class_name"] in classes)


def _looks(about: _About, focus: str | None) -> Iterator[Said]:
    """How often good points of teaching were seen in the classes of most of these pupils, against the others."""
    looks = about.tables.get("observations")
    if looks is None:
        yield Said(
            "The data has no observations of lessons. Type what you saw in the room “Lessons”, or below.",
            is_missing=True,
        )
        return
    what = f"the focus “{focus}”" if focus else "what was looked for"
    looks = looks if focus is None else looks[looks["focus"] == focus]
    classes = about.classes()
    here = looks["class_name"].astype("str").isin(classes)
    some, others = ((looks.loc[which, "seen"] == "yes").to_numpy() for which in (here, ~here))
    if min(len(some), len(others)) < FEWEST_LOOKS:
        where = f"the {len(classes)} classes that hold most of them" if len(classes) > 1 else "their class"
        yield Said(
            f"In the school’s data only {len(some)} looks at {what} were in {where}, too few to compare.",
            is_missing=True,
        )
        return
    between = intervals.of_shares(int(some.sum()), len(some), int(others.sum()), len(others))
    where = f"the {len(classes)} classes that hold at least half of them" if len(classes) > 1 else f"{classes[0]}"
    yield Said(
        f"In the school’s data, in {where}, {what} was fully seen in {int(some.sum())} of {len(some)} looks, in the "
        f"other classes in {int(others.sum())} of {len(others)}: {_between(between, 'in 100 looks')}."
    )
    if focus is None:
        yield from _least_seen(looks[here])


def _least_seen(looks: pd.DataFrame) -> Iterator[Said]:
    by_focus = [(str(name), rows) for name, rows in looks.groupby("focus", observed=True) if len(rows) >= FEWEST_PUPILS]
    if not by_focus:
        return
    name, rows = min(by_focus, key=lambda each: (each[1]["seen"] == "yes").mean())
    seen = int((rows["seen"] == "yes").sum())
    yield Said(f"Seen least there: {name} ({codes.OBSERVATION_FOCUSES[name]}), in {seen} of {len(rows)} looks.")


# ----------------------------------------------------------------------------------------------------- provision


def _provision(about: _About) -> Iterator[Said]:
    data = about.data
    beyond = data.provisions[data.provisions["tier"] != "universal"]
    places = data.enrolments[data.enrolments["provision_id"].isin(beyond["provision_id"])]
    theirs = places[places["pupil_id"].isin(about.ids)]
    number = theirs["pupil_id"].nunique()
    counted = _counted(number, len(about.ids))
    yield Said(f"Of these {len(about.ids)} pupils, {counted} have targeted or specialist provision on the map.")
    if number < FEWEST_PUPILS:
        return
    yield from _delivered(about, places)
    yield from _under_delivered(replace(data, provisions=beyond), theirs)


def _counted(those: int, of: int) -> str:
    """A count of pupils that gives nobody away: neither fewer than 5 with something nor fewer than 5 without."""
    if is_small(those):
        return f"fewer than {FEWEST_PUPILS}"
    return f"all but fewer than {FEWEST_PUPILS}" if is_small(of - those) else f"{those}"


def _delivered(about: _About, places: pd.DataFrame) -> Iterator[Said]:
    sessions = ["planned_sessions", "delivered_sessions"]
    recorded = places.dropna(subset=sessions)
    sums = recorded.groupby("pupil_id")[sessions].sum()
    share = (sums["delivered_sessions"] / sums["planned_sessions"].where(sums["planned_sessions"] > 0)).dropna()
    some, others = share[share.index.isin(about.ids)], share[~share.index.isin(about.ids)]
    if len(some) < FEWEST_PUPILS:
        yield Said("Whether the planned sessions took place is not recorded for enough of them.", is_missing=True)
        return
    words = f"On average they had {percent(float(some.mean()))} of their planned sessions"
    between = intervals.of_means(some.to_numpy(), others.to_numpy()) if len(others) >= FEWEST_PUPILS else None
    if between is None:
        yield Said(f"{words}.")
    else:
        other = percent(float(others.mean()))
        yield Said(f"{words}, other pupils in provision {other}: {_between(between, 'in 100 sessions')}.")


def _under_delivered(data: ProvisionData, theirs: pd.DataFrame) -> Iterator[Said]:
    """Provisions that several of them have, and that mostly did not take place."""
    counts = theirs.groupby("provision_id")["pupil_id"].nunique().to_dict()
    found = delivery(data)
    rows = zip(found["provision_id"].tolist(), data.provisions["name"].tolist(), found["share"].tolist(), strict=True)
    for provision_id, name, share in rows:
        if share < THREE_QUARTERS and counts.get(provision_id, 0) >= FEWEST_PUPILS:
            yield Said(
                f"“{name}”, which {counts[provision_id]} of them have, gave its pupils only {percent(share)} of the "
                "planned sessions.",
                asks=True,
            )


# ----------------------------------------------------------------------------------------------- staff knowledge


def _knowledge(about: _About) -> Iterator[Said]:
    held = about.tables.get("training")
    if held is None:
        yield Said(
            "The data has no training of staff. Type it in the room “Staff and training”, or say below what you know.",
            is_missing=True,
        )
        return
    areas = _areas(about)
    if not areas:
        yield Said("No area of need has enough of these pupils to look at training in it.", is_missing=True)
    last_day = held["date"].max()
    now = held[held["expires"].isna() | (held["expires"] > last_day)]
    for area, count in areas:
        rows = now[now["area"] == area]
        deep = rows[rows["level"] != "awareness"]
        aware = rows["staff_id"].nunique() - deep["staff_id"].nunique()
        adults = _adults(deep["staff_id"].nunique())
        yield Said(
            f"In the school’s data, for the whole area of {area}, the main need of {count} of them: {adults} "
            f"trained beyond awareness ({deep['hours'].sum():,.0f} hours), {aware} more at awareness level."
        )
    if areas and len(now) < len(held):
        yield Said("In these figures of the school’s data, training that had run out is left out.")
    needs = {area for area, _ in areas}
    yield from about.asked("training-gap", lambda one: codes.SEN_TYPE_AREAS.get(str(one.figures["SENtype"])) in needs)


def _adults(number: int) -> str:
    return "no adult is" if number == 0 else "1 adult is" if number == 1 else f"{number} adults are"


def _areas(about: _About) -> list[tuple[str, int]]:
    """The areas of need of the group with enough pupils to speak of, the commonest first."""
    counts = about.pupils.loc[about.pupils["SENprovision"] != "N", "area"].dropna().astype("str").value_counts()
    return [(str(area), int(count)) for area, count in counts.items() if count >= FEWEST_PUPILS]


# --------------------------------------------------------------------------------------------------- environment


def _environment(about: _About) -> Iterator[Said]:
    incidents = about.tables.get("incidents")
    if incidents is None:
        yield Said("The data has no incidents and no places of the school. Say below what you know.", is_missing=True)
    else:
        yield from _incidents(about, incidents)
    if "observations" in about.tables:
        yield from _looks(about, "access")
    yield from about.asked("attached-adult", lambda signal: signal.figures["pupil_id"] in about.ids)


def _incidents(about: _About, incidents: pd.DataFrame) -> Iterator[Said]:
    logged = set(incidents["pupil_id"])
    some, others = len(about.ids & logged), len(about.other_ids & logged)
    if not (about.ids and about.other_ids):
        return
    if any(is_small(count) for count in (some, len(about.ids) - some, others, len(about.other_ids) - others)):
        yield Said(
            f"Of these {len(about.ids)} pupils, {_counted(some, len(about.ids))} were in at least one incident, of "
            f"{len(about.other_ids)} {about.beside_words} {_counted(others, len(about.other_ids))}."
        )
        return
    between = intervals.of_shares(some, len(about.ids), others, len(about.other_ids))
    yield Said(
        f"{percent(some / len(about.ids))} of them were in at least one incident, of {about.beside_words} "
        f"{percent(others / len(about.other_ids))}: {_between(between, 'in 100 pupils')}."
    )
    theirs = incidents[incidents["pupil_id"].isin(about.ids)]
    if some >= FEWEST_PUPILS and len(theirs) >= 2 * FEWEST_TO_BE_CLEAR:
        kind, lesson = (_commonest(theirs[name]) for name in ("kind", "period"))
        yield Said(
            f"Of their {len(theirs)} incidents, most were in lesson {lesson[0]} of the day ({lesson[1]}), and of the "
            f"kind “{codes.INCIDENT_KINDS[str(kind[0])].lower()}” ({kind[1]})."
        )


def _commonest(column: Any) -> tuple[Any, int]:
    counts = column.value_counts()
    return counts.index[0], int(counts.iloc[0])
