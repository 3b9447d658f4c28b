"""How like England the invented schools are: each published figure beside the same figure of many invented schools.

Figures are measured on the tables that learners get, not on the model behind them. Schools are weighted to England's
mix of primary, secondary and special schools (published.PUPILS_BY_SETTING); all-through schools are left out. Nothing
is planted in the schools that `measure` makes, because what is planted is what differs from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from senco_kit.schools import assessments, behaviour, cohort, published
from senco_kit.schools.codes import TOOLS, place
from senco_kit.schools.likeness_figures import Figure, SchoolPupils, figures
from senco_kit.schools.model import Coded, Floats, Ints, Order, Phase, Plan, Tables
from senco_kit.standards import read

#: A school of the measure with nothing planted in it.
NOTHING_PLANTED = Plan(None, None, None, None, False, False, False, False, False, False, False)

#: How many pupils a school of each setting has in the measure.
SCHOOL_SIZES: dict[Phase, int] = {"primary": 420, "secondary": 1050, "special": 120}

#: Special schools are made this many times as often as their share, and weighted down: a few would tell little.
SPECIAL_TIMES = 3

#: How far the model may be off beside what chance explains: 5 % of the figure, at least 0.3 and at most 1 (percentage
#: points; for suspensions, of 100 pupils; for Attainment 8, points).
TOLERANCE_SHARE, TOLERANCE_LEAST, TOLERANCE_MOST = 0.05, 0.3, 1.0


@dataclass(frozen=True)
class Likeness:
    """One published figure beside the invented one, in the unit of the fact (mostly percent).

    `published` is what the source says; `compared` is what the invented figure is held against, which differs where an
    older figure was brought to the level of a newer one (`what` then says so). `low` and `high` bound the 95 % sampling
    interval of the invented figure, which allows for pupils of one school being alike. `pupils` is how many invented
    pupils it rests on. `calibrated`: whether the model is held to it; otherwise it is only shown.
    """

    fact_id: str
    what: str
    published: float
    compared: float
    year: int
    invented: float
    low: float
    high: float
    pupils: int
    calibrated: bool

    @property
    def tolerance(self) -> float:
        """How far the model may be off beside what chance explains."""
        return min(TOLERANCE_MOST, max(TOLERANCE_LEAST, TOLERANCE_SHARE * abs(self.compared)))

    @property
    def inside(self) -> bool:
        """Whether the figure compared with lies in the interval."""
        return self.low <= self.compared <= self.high

    @property
    def alike(self) -> bool:
        """Whether the figure compared with lies in the interval, widened by the tolerance."""
        return self.low - self.tolerance <= self.compared <= self.high + self.tolerance


def measure(pupils_at_least: int = 100_000, seed: int = 2026) -> list[Likeness]:
    """Make schools with nothing planted, with at least so many pupils in England's mix, and compare them.

    ValueError where fewer than 5,000 pupils are asked for: there must be at least two schools of each setting.
    """
    if pupils_at_least < 5_000:
        raise ValueError("Likeness needs at least 5,000 pupils: ask for more.")
    return compare(tables_of(order) for order in orders(pupils_at_least, seed))


def compare(schools: Iterable[Tables]) -> list[Likeness]:
    """Every published figure beside that of these schools: pupils, needs, attendance, assessments, suspensions.

    ValueError where a setting (primary, secondary, special) has fewer than two schools.
    """
    read_in = [_read(tables) for tables in schools if _word(tables, "schools", "phase") != "all-through"]
    setting = np.array([school.setting for school in read_in])
    if min(int((setting == each).sum()) for each in range(len(published.SETTINGS))) < 2:
        raise ValueError("Likeness needs at least two primary, two secondary and two special schools.")
    sizes = np.array([len(school.sen) for school in read_in])
    weight = (published.PUPILS_BY_SETTING / np.bincount(setting, sizes))[setting]
    return [_one(figure, read_in, setting, weight) for figure in figures()]


def _one(figure: Figure, schools: list[SchoolPupils], setting: Ints, weight: Floats) -> Likeness:
    """A ratio of two totals with its interval: linearised variance between schools within each setting."""
    sums = np.zeros(len(schools))
    counts = np.zeros(len(schools))
    for place_of, school in enumerate(schools):
        values, about = figure.measure(school)
        counts[place_of] = np.count_nonzero(about)
        sums[place_of] = values[about].sum()
    total = float(weight @ counts)
    ratio = float(weight @ sums) / total if total else np.nan
    parts = weight * (sums - ratio * counts) / total if total else counts * np.nan
    variance = 0.0
    for each in np.unique(setting):
        of_setting = parts[setting == each]
        variance += len(of_setting) * float(of_setting.var(ddof=1))
    margin = 1.96 * variance**0.5 * figure.times
    fact = read.fact(figure.fact_id)
    invented = ratio * figure.times
    as_published = published.figure(figure.fact_id)
    return Likeness(
        fact_id=figure.fact_id,
        what=figure.what,
        published=as_published,
        compared=as_published if figure.compared is None else figure.compared,
        year=fact.year,
        invented=invented,
        low=invented - margin,
        high=invented + margin,
        pupils=int(counts.sum()),
        calibrated=figure.calibrated,
    )


def orders(pupils_at_least: int, seed: int) -> Iterable[Order]:
    """The schools of a measure: at least two of each setting, with at least so many pupils in all."""
    number = 0
    for (phase, size), share in zip(SCHOOL_SIZES.items(), published.PUPILS_BY_SETTING, strict=True):
        times = SPECIAL_TIMES if phase == "special" else 1
        for _ in range(max(2, int(np.ceil(pupils_at_least * share * times / size)))):
            number += 1
            yield Order(phase, size, seed, number)


def tables_of(order: Order) -> Tables:
    """The pupil side of one school with nothing planted and nothing provided."""
    pupils = cohort.make_cohort(order, NOTHING_PLANTED)
    assessments.test_in_autumn(pupils)
    assessments.test_in_spring_and_summer(pupils)
    return {**cohort.tables(pupils), **assessments.tables(pupils), **behaviour.tables(pupils)}


def _codes(tables: Tables, table: str, column: str) -> Coded:
    coded = tables[table][column]
    assert isinstance(coded, Coded)
    return coded


def _word(tables: Tables, table: str, column: str) -> str:
    coded = _codes(tables, table, column)
    return coded.words[int(coded.codes[0])]


def _numbers(tables: Tables, table: str, column: str) -> np.ndarray:
    numbers = tables[table][column]
    assert isinstance(numbers, np.ndarray)
    return numbers


def _read(tables: Tables) -> SchoolPupils:
    pupil_id = _numbers(tables, "pupils", "pupil_id")
    size = len(pupil_id)

    def places(table: str) -> Ints:
        return np.searchsorted(pupil_id, _numbers(tables, table, "pupil_id"))

    first = _numbers(tables, "needs", "SENtypeRank") == 1
    need = np.full(size, -1)
    need[places("needs")[first]] = _codes(tables, "needs", "SENtype").codes[first]
    attendance = places("attendance")
    possible = np.bincount(attendance, _numbers(tables, "attendance", "sessions_possible"), minlength=size)
    attended = np.bincount(attendance, _numbers(tables, "attendance", "sessions_attended"), minlength=size)
    tool, scored = _codes(tables, "assessments", "tool").codes, places("assessments")
    results = {}
    for name in ("EYFSP", "PHON", "MTC", "KS2", "A8"):
        rows = tool == place(TOOLS, name)
        results[name] = np.full(size, np.nan)
        results[name][scored[rows]] = _numbers(tables, "assessments", "score")[rows]
    return SchoolPupils(
        setting=published.SETTINGS.index(_word(tables, "schools", "phase")),
        year=_codes(tables, "pupils", "NCyearActual").codes,
        sen=_codes(tables, "pupils", "SENprovision").codes,
        need=need,
        boy=_codes(tables, "pupils", "Sex").codes == 1,
        fsm=_numbers(tables, "pupils", "FSMeligible"),
        absence=(possible - attended) / possible,
        suspensions=np.bincount(places("suspensions"), minlength=size),
        results=results,
    )
