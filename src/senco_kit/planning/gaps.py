"""Gaps: how far groups of pupils are apart in attainment, progress, attendance and suspensions, and how sure that is.

A gap is one group beside another on one measure. Groups: pupils with SEN support, with an EHC plan, and by the area of
their main need, each beside pupils without SEN; pupils with free school meals beside the others; pupils with SEN beside
those without in the same year; and each year group beside the other years. A pupil of whom something is not known is
on neither side. Intervals: intervals.py.

Many gaps are looked at, so some stand out by chance. A gap is *worth asking about* when

    - both sides have at least FEWEST_TO_BE_CLEAR pupils and its 95 % interval leaves 0 out,
    - it still stands out when all gaps of the school are looked at together (Benjamini and Hochberg), and
    - it is large enough to matter (`Measure.worth`, from the facts register).

With fewer than FEWEST_PUPILS on a side nothing is shown at all. Where less than half of a side was tested, those who
were may have been chosen for it: the gap is shown, but not looked at any further.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
import numpy.typing as npt

from senco_kit.in_figures import MINUS
from senco_kit.planning import intervals
from senco_kit.provision.data import FEWEST_PUPILS, MEASURE_OF_TOOL, TERMS, ProvisionData, score_grid
from senco_kit.schools import codes
from senco_kit.small_counts import is_small
from senco_kit.standards.read import fact

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Tables = Mapping[str, "pd.DataFrame"]

#: With fewer pupils on a side, an interval is shown but never called clear.
FEWEST_TO_BE_CLEAR: Final = 10
#: Who misses at least this share of sessions is persistently absent (see the facts on absence).
PERSISTENTLY_ABSENT: Final = 0.1

WITHOUT_SEN: Final = "pupils without SEN"
#: Less than this share of a side known, and the gap is not looked at any further.
KNOWN_OF_EACH_SIDE: Final = 0.5
_SUBJECTS: Final = {
    "reading": "reading",
    "maths": "maths",
    "language": "spoken language",
    "wellbeing": "wellbeing",
    "engagement": "engagement",
}


@dataclass(frozen=True)
class Measure:
    """Something that groups can be apart on. `kind`: points of standard score, or shares shown as so many in 100.

    `worth` is the smallest gap that is large enough to matter, in the unit of the values (points, or a share).
    """

    id: str
    name: str
    about: str
    kind: Literal["points", "mean share", "share of pupils"]
    worth: float
    higher_is_better: bool = True

    def figure(self, value: float, *, sign: bool = False) -> str:
        """A value or a gap of this measure in figures: points with one decimal, shares as so many in 100."""
        shown = value if self.kind == "points" else 100 * value
        written = f"{abs(shown):.1f}"
        if written == "0.0":
            return "0.0"
        return (MINUS if shown < 0 else "+" if sign else "") + written

    @property
    def unit(self) -> str:
        """What a figure counts."""
        return {"points": "points", "mean share": "in 100 sessions", "share of pupils": "in 100 pupils"}[self.kind]


@dataclass(frozen=True)
class Group:
    """One group, beside whom it stands, and under which heading. `area` and `year` are "" where it is not about one."""

    id: str
    heading: str
    name: str
    beside: str
    area: str = ""
    year: str = ""


@dataclass(frozen=True)
class Gap:
    """A group beside another on a measure. Figures in the unit of the measure; `those` counts the pupils of whom
    something is so where the measure is a share of pupils, else None; `known` is the smaller share of a side of whose
    pupils the measure is known."""

    group: Group
    measure: Measure
    pupils: int
    others: int
    value: float
    other_value: float
    between: intervals.Difference
    those: int | None = None
    other_those: int | None = None
    known: float = 1.0
    worth_asking: bool = False

    @property
    def ref(self) -> str:
        """What the gap is known by: group and measure."""
        return f"{self.group.id}.{self.measure.id}"

    @property
    def is_few(self) -> bool:
        """Whether a side is too small for its interval to be called clear."""
        return min(self.pupils, self.others) < FEWEST_TO_BE_CLEAR

    @property
    def is_fair(self) -> bool:
        """Whether enough of both sides are known: of a few who were chosen to be tested nothing follows for all."""
        return self.known >= KNOWN_OF_EACH_SIDE

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out, with enough pupils on both sides and enough of them known."""
        return self.is_fair and not self.is_few and self.between.is_clear

    @property
    def is_behind(self) -> bool:
        """Whether the group does less well than the other."""
        return (self.between.difference < 0) == self.measure.higher_is_better

    @property
    def hides_a_count(self) -> bool:
        """Whether its shares tell of fewer than 5 pupils, or of all but fewer than 5: then others never see them."""
        sides = ((self.those, self.pupils), (self.other_those, self.others))
        return any(count is not None and (is_small(count) or is_small(of - count)) for count, of in sides)

    @property
    def standing(self) -> str:
        """What the interval says, in a few words."""
        if self.worth_asking:
            return "Worth asking about"
        if not self.is_fair:
            return "Only some were tested"
        if self.is_few:
            return "Too few pupils to tell"
        return "Small, or by chance" if self.is_clear else "Not clear"

    def in_words(self, *, for_others: bool = False) -> str:
        """The gap in a sentence; `for_others` leaves out figures that would give a count of fewer than 5 away."""
        if for_others and self.hides_a_count:
            more = "more" if self.between.difference > 0 else "fewer"
            return (
                f"{self.group.name}: {more} of them {_is_so(self.measure)} than of {self.group.beside} "
                f"({self.pupils} and {self.others} pupils; figures left out, because they would tell of fewer than 5)."
            )
        low, high = sorted((abs(self.between.low), abs(self.between.high)))
        how_far = self.measure.figure(abs(self.between.difference))
        ends = f"most likely {self.measure.figure(low)} to {self.measure.figure(high)}"
        if not self.between.is_clear:
            ends = (
                f"anything from {self.measure.figure(self.between.low, sign=True)} to "
                f"{self.measure.figure(self.between.high, sign=True)} is likely"
            )
        who = self.group.name
        if self.measure.kind == "share of pupils":
            who = f"Of {who[:1].lower()}{who[1:]},"
        return f"{who} {_said_of(self, how_far)} ({ends})."


def _said_of(gap: Gap, how_far: str) -> str:
    measure, beside = gap.measure, gap.group.beside
    less = gap.between.difference < 0
    value, other = (measure.figure(each) for each in (gap.value, gap.other_value))
    if measure.kind == "points" and measure.id.endswith(CHANGE):
        value, other = (measure.figure(each, sign=True) for each in (gap.value, gap.other_value))
        return (
            f"changed by {value} points in {measure.about}, {beside} by {other}: {how_far} {'less' if less else 'more'}"
        )
    if measure.kind == "points":
        word = "lower" if less else "higher"
        return f"score {how_far} points {word} in {measure.about} than {beside}: {value} against {other}"
    if measure.kind == "mean share":
        return f"attended {value}% of sessions, {beside} {other}%: {how_far} in 100 {'fewer' if less else 'more'}"
    word = "fewer" if less else "more"
    return f"{value} in 100 {_is_so(measure)}; of {beside} {other}: {how_far} in 100 {word}"


def _is_so(measure: Measure) -> str:
    return "were suspended" if measure.id == SUSPENDED else "missed a tenth of sessions or more"


@dataclass(frozen=True)
class Looked:
    """All gaps of a school, what has too few pupils to be shown (group and measure), and what the data lacks."""

    gaps: tuple[Gap, ...]
    too_few: tuple[tuple[Group, Measure], ...]
    missing: tuple[str, ...]


CHANGE: Final = "-change"
ATTENDANCE, PERSISTENT, SUSPENDED = "attendance", "persistent-absence", "suspended"


def look(data: ProvisionData, tables: Tables | None) -> Looked:
    """Every gap of one school, in the order of measures and groups. `tables` are those of an invented school."""
    kept: list[Gap] = []
    too_few: list[tuple[Group, Measure]] = []
    sides = list(groups(data))
    for measure, values in measured(data, tables or {}):
        known = ~np.isnan(values)
        for group, inside, beside in sides:
            some, others = values[inside & known], values[beside & known]
            if min(len(some), len(others)) < FEWEST_PUPILS:
                too_few.append((group, measure))
            elif (gap := _gap(group, measure, some, others)) is not None:
                kept.append(replace(gap, known=min(known[inside].mean(), known[beside].mean())))
    return Looked(tuple(_flagged(kept)), tuple(too_few), tuple(_missing(data, tables or {})))


def _gap(group: Group, measure: Measure, some: Floats, others: Floats) -> Gap | None:
    those: tuple[int | None, int | None] = (None, None)
    if measure.kind == "share of pupils":
        those = (int(some.sum()), int(others.sum()))
        between: intervals.Difference | None = intervals.of_shares(
            int(some.sum()), len(some), int(others.sum()), len(others)
        )
    else:
        between = intervals.of_means(some, others)
    if between is None:
        return None
    return Gap(group, measure, len(some), len(others), float(some.mean()), float(others.mean()), between, *those)


def _flagged(found: Sequence[Gap]) -> Iterator[Gap]:
    """The gaps with those marked that are worth asking about. Only those that could be are counted as looked at."""
    asked = [gap for gap in found if gap.is_fair and not gap.is_few]
    stand_out = intervals.stand_out([gap.between.chance for gap in asked], false_alarms())
    out = {gap.ref for gap, stands_out in zip(asked, stand_out, strict=True) if stands_out}
    for gap in found:
        large = abs(gap.between.difference) >= gap.measure.worth
        yield replace(gap, worth_asking=gap.ref in out and gap.is_clear and large)


def false_alarms() -> float:
    """The share of false alarms that is accepted among the gaps called worth asking about."""
    return float(str(fact("gap-false-alarms").value)) / 100


# ------------------------------------------------------------------------------------------------------ measures


def measured(data: ProvisionData, tables: Tables) -> Iterator[tuple[Measure, Floats]]:
    """Each measure that the data has with a value for each row of `data.pupils`, NaN where not known."""
    points = float(str(fact("smallest-effect-worth-having").value))
    for subject, last, first in _scores(data, tables):
        name = _SUBJECTS[subject]
        if (~np.isnan(last)).any():
            yield Measure(subject, name.capitalize(), name, "points", points), last
        change = last - first
        if (~np.isnan(change)).any():
            yield Measure(f"{subject}{CHANGE}", f"Change in {name}", name, "points", points), change
    attended = data.pupils["attendance"].to_numpy(float)
    if (~np.isnan(attended)).any():
        worth = float(str(fact("gap-worth-asking-attendance").value)) / 100
        yield Measure(ATTENDANCE, "Attendance", "Sessions attended", "mean share", worth), attended
        # The 1e-9 is for shares such as 1 - 0.9, which is a little less than 0.1 to a computer.
        away = np.where(np.isnan(attended), np.nan, (1 - attended >= PERSISTENTLY_ABSENT - 1e-9).astype(float))
        yield _share(PERSISTENT, "Persistent absence"), away
    if "suspensions" in tables:
        suspended = np.isin(data.pupils["pupil_id"], tables["suspensions"]["pupil_id"]).astype(float)
        yield _share(SUSPENDED, "Suspended at least once"), suspended


def _share(measure_id: str, name: str) -> Measure:
    worth = float(str(fact("gap-worth-asking-share").value)) / 100
    return Measure(measure_id, name, name.lower(), "share of pupils", worth, higher_is_better=False)


def _scores(data: ProvisionData, tables: Tables) -> Iterator[tuple[str, Floats, Floats]]:
    """Each subject with everyone's last score of the year and the first one."""
    if "assessments" in tables:
        grid = score_grid(tables["assessments"], data.pupils).astype(float)
        for place, subject in enumerate(MEASURE_OF_TOOL.values()):
            yield subject, grid[:, place, len(TERMS) - 1], grid[:, place, 0]
    elif data.scores is not None:
        at = {pupil: place for place, pupil in enumerate(data.pupils["pupil_id"])}
        for subject in MEASURE_OF_TOOL.values():
            rows = data.scores[data.scores["measure"].astype("str") == subject].drop_duplicates("pupil_id", keep="last")
            places = [at[pupil] for pupil in rows["pupil_id"] if pupil in at]
            rows = rows[rows["pupil_id"].isin(at)]
            last, first = np.full((2, len(data.pupils)), np.nan)
            last[places], first[places] = rows["exit_score"].to_numpy(float), rows["entry_score"].to_numpy(float)
            yield subject, last, first


def _missing(data: ProvisionData, tables: Tables) -> Iterator[str]:
    """What cannot be looked at, and why."""
    if "assessments" not in tables and data.scores is None:
        yield "Attainment and progress: the data has no test scores."
    elif "assessments" not in tables:
        yield "Attainment and progress are known for those pupils only whose two scores are in the data."
    if data.pupils["attendance"].isna().all():
        yield "Attendance and persistent absence: the data has no sessions. Your attendance system shows them by group."
    if "suspensions" not in tables:
        yield "Suspensions: the data has none. Your records of behaviour show them by group."
    if data.pupils["FSMeligible"].isna().all():
        yield "Free school meals: the data does not say who has them."


# -------------------------------------------------------------------------------------------------------- groups


def groups(data: ProvisionData) -> Iterator[tuple[Group, Bools, Bools]]:
    """Every group with who is in it and who stands beside it, a truth value for each row of `data.pupils`."""
    status = data.pupils["SENprovision"].astype("str").to_numpy()
    with_sen, without = np.isin(status, ("K", "E")), status == "N"
    for code, name in (("K", "Pupils with SEN support"), ("E", "Pupils with an EHC plan")):
        yield Group(f"sen-{code}", "SEN status", name, WITHOUT_SEN), status == code, without
    yield from _areas(data, with_sen, without)
    poor = data.pupils["FSMeligible"].astype("object")
    eligible, other = (poor == True).to_numpy(bool), (poor == False).to_numpy(bool)  # noqa: E712
    yield Group("fsm", "Free school meals", "Pupils with free school meals", "the other pupils"), eligible, other
    years = data.pupils["year_group"].astype("str").to_numpy()
    here = [year for year in codes.YEARS if (years == year).any()]
    for year in here:
        name, in_year = codes.YEARS[year], years == year
        with_name, without_name = f"Pupils with SEN in {name}", f"pupils without SEN in {name}"
        group = Group(f"sen-year-{year}", "SEN within each year", with_name, without_name, year=year)
        yield group, with_sen & in_year, without & in_year
    for year in here if len(here) > 1 else ():
        group = Group(f"year-{year}", "Year groups", f"Pupils in {codes.YEARS[year]}", "the other years", year=year)
        yield group, years == year, (years != year) & np.isin(years, here)


def _areas(data: ProvisionData, with_sen: Bools, without: Bools) -> Iterator[tuple[Group, Bools, Bools]]:
    """The areas of need; where hardly anyone is without SEN (a special school) beside pupils with other needs."""
    area_of = data.pupils["area"].astype("str").to_numpy()
    alone = without.sum() < FEWEST_PUPILS
    for number, area in enumerate(codes.AREAS, 1):
        inside = with_sen & (area_of == area)
        beside = with_sen & np.isin(area_of, list(codes.AREAS)) & ~inside if alone else without
        who = "pupils whose main need is in another area" if alone else WITHOUT_SEN
        name = f"Pupils whose main need is {area}"
        yield Group(f"area-{number}", "Area of main need", name, who, area=area), inside, beside


def sides_of(data: ProvisionData, group_id: str) -> tuple[Bools, Bools]:
    """Who is in a group and who stands beside it. Raises KeyError for an unknown group."""
    for group, inside, beside in groups(data):
        if group.id == group_id:
            return inside, beside
    raise KeyError(group_id)
