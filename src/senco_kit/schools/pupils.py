"""Who the pupils of an invented school are before anyone asks about SEN: years, classes, sex, birth month, family."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import published
from senco_kit.schools.codes import YEARS
from senco_kit.schools.model import Bools, Floats, Ints, Order, Phase, Plan

#: Assumption: year groups of each phase and how large each is beside the others. In special schools numbers rise with
#: age, because plans are made over the years; an all-through school takes in more pupils at Year 7.
YEAR_SIZES: dict[Phase, dict[int, float]] = {
    "primary": dict.fromkeys(range(7), 1.0),
    "secondary": dict.fromkeys(range(7, 12), 1.0),
    "all-through": {**dict.fromkeys(range(7), 1.0), **dict.fromkeys(range(7, 12), 1.8)},
    "special": dict(enumerate((0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.3, 1.3, 1.3, 1.3, 0.8, 0.7))),
}

#: Assumption: pupils in a class, by setting (primary, secondary form, special).
CLASS_SIZES = (30, 28, 9)

#: Assumptions on background, as shares of pupils; the first value of each is without free school meals.
EAL_MEAN = 0.21
EAL_PLANTED = 0.26  # at least this where a truth about pupils with EAL is planted, so that there are enough of them
FSM_PAST_SIX_YEARS = 0.045
SERVICE_CHILD = 0.009
YOUNG_CARER = (0.008, 0.025)
SOCIAL_WORKER = (0.012, 0.075)
IN_CARE = (0.004, 0.008)

#: Assumption: how far schools differ in poverty (standard deviation on the scale of log odds).
SCHOOL_POVERTY = 0.6


@dataclass(frozen=True)
class Pupils:
    """The pupils in the order of their ids, by year group and class. Fields as in Cohort; `setting` as in SETTINGS."""

    year: Ints
    setting: Ints
    school_class: Ints
    class_names: tuple[str, ...]
    class_years: Ints
    girl: Bools
    birth_month: Ints
    fsm: Bools
    fsm_ever: Bools
    eal: Bools
    in_care: Bools
    service_child: Bools
    young_carer: Bools
    social_worker: Bools

    @property
    def months_into_year(self) -> Ints:
        """Months from September to each pupil's birthday: 0 for the oldest of a year group, 11 for the youngest."""
        return (self.birth_month - 9) % 12


def make_pupils(order: Order, plan: Plan) -> Pupils:
    """Draw the pupils of one school."""
    draw = order.stream("pupils")
    size = order.pupils
    year = _years(order)
    setting = np.full(size, 2) if order.phase == "special" else (year > 6).astype(np.int64)
    school_class, class_names, class_years = _classes(order, year)
    boys = published.boys()[2] if order.phase == "special" else 0.511
    girl = draw.random(size) >= boys
    poverty = draw.normal(0, SCHOOL_POVERTY)
    fsm = draw.random(size) < shifted(published.fsm_by_setting()[setting], poverty, SCHOOL_POVERTY)
    return Pupils(
        year=year,
        setting=setting,
        school_class=school_class,
        class_names=class_names,
        class_years=class_years,
        girl=girl,
        birth_month=draw.integers(1, 13, size),
        fsm=fsm,
        fsm_ever=fsm | (draw.random(size) < FSM_PAST_SIX_YEARS),
        eal=draw.random(size) < _eal_rate(plan, draw),
        in_care=draw.random(size) < np.take(IN_CARE, fsm),
        service_child=draw.random(size) < SERVICE_CHILD * draw.gamma(0.5, 2),
        young_carer=draw.random(size) < np.take(YOUNG_CARER, fsm),
        social_worker=draw.random(size) < np.take(SOCIAL_WORKER, fsm),
    )


def shifted(rate: Floats, by: float, spread: float) -> Floats:
    """Rates moved up or down by a school's own amount on the scale of log odds, so that schools' mean stays the rate.

    `spread` is the standard deviation of `by` over schools; the correction for it is right to second order.
    """
    bend = (0.5 - rate) * spread**2
    odds = rate / (1 - rate) * np.exp(by - bend)
    return np.asarray(odds / (1 + odds))


def _years(order: Order) -> Ints:
    sizes = YEAR_SIZES[order.phase]
    ends = np.cumsum(list(sizes.values()))
    places = (np.arange(order.pupils) + 0.5) / order.pupils * ends[-1]
    return np.asarray(np.array(list(sizes))[np.searchsorted(ends, places, side="right")])


def _classes(order: Order, year: Ints) -> tuple[Ints, tuple[str, ...], Ints]:
    """Each pupil's class, its name and its year: as many classes a year as bring them near the usual size."""
    names: list[str] = []
    years: list[int] = []
    place = np.empty(order.pupils, dtype=np.int64)
    for one_year in YEAR_SIZES[order.phase]:
        first, last = np.searchsorted(year, [one_year, one_year + 1])
        pupils = int(last - first)
        if not pupils:
            continue
        usual = CLASS_SIZES[2 if order.phase == "special" else int(one_year > 6)]
        count = max(1, -(-pupils // usual) if order.phase == "primary" else round(pupils / usual))
        place[first:last] = len(names) + np.arange(pupils) * count // pupils
        names += [f"{tuple(YEARS)[one_year]}{_letters(number)}" for number in range(count)]
        years += [one_year] * count
    return place, tuple(names), np.array(years, dtype=np.int64)


def _letters(number: int) -> str:
    """A, B ... Z, then AA, AB and so on, for years with very many classes."""
    return ("" if number < 26 else _letters(number // 26 - 1)) + chr(ord("A") + number % 26)


def _eal_rate(plan: Plan, draw: np.random.Generator) -> float:
    rate = float(draw.beta(0.9, 0.9 * (1 - EAL_MEAN) / EAL_MEAN))
    planted = "pupils with EAL" in (plan.under_identified, plan.over_identified)
    return max(rate, EAL_PLANTED) if planted else rate
