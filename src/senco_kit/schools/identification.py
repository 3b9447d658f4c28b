"""Which pupils have SEN, which of them the school has recorded, and with which types of need.

A pupil's propensity is drawn together with general ability. Those above a line have an EHC plan, those between it and a
second line SEN support; where the lines are depends on year, sex, poverty, birth month and school, so that England's
published shares come out whatever the ability. What is recorded differs from what is true only where that is planted.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from senco_kit.schools import published
from senco_kit.schools.codes import SEN_TYPE_CODES, sen_type
from senco_kit.schools.model import Bools, Floats, Ints, Order, Plan, Truth
from senco_kit.schools.normal import share_below
from senco_kit.schools.pupils import Pupils

#: Assumption: how closely SEN goes with low general ability (a correlation).
ABILITY_AND_SEN = 0.62
#: Assumption: general ability in special schools, in standard deviations from the mean of all pupils.
SPECIAL_ABILITY = -1.5
#: Assumption: how far schools differ in how many pupils they identify (standard deviation of the log of the share).
SCHOOL_IDENTIFIES = 0.2
#: Assumption: the youngest of Reception have SEN support this much more often than the middle; it halves by Year 6.
YOUNGEST_IN_RECEPTION = 0.2
#: Assumption: schools differ in their mix of needs (standard deviation of the log of each share).
SCHOOL_NEEDS = 0.3
#: Assumption: how many pupils with SEN support and with EHC plans have a second type of need recorded.
SECOND_NEED = (0.25, 0.45)
#: Assumption: the change of a type's share with each year group, on the log scale; other types do not change.
NEED_BY_YEAR = {"SLCN": -0.16, "SPLD": 0.16, "SEMH": 0.06, "MLD": 0.04, "ASD": 0.04, "NSA": -0.15}
#: Assumption: boys among pupils with each type of need, before all types are brought to the published share of boys.
BOYS_BY_NEED = {
    "SPLD": 0.55,
    "MLD": 0.56,
    "SLD": 0.63,
    "PMLD": 0.57,
    "SEMH": 0.64,
    "SLCN": 0.66,
    "ASD": 0.72,
    "HI": 0.50,
    "VI": 0.52,
    "MSI": 0.52,
    "PD": 0.58,
    "DS": 0.54,
    "OTH": 0.55,
    "NSA": 0.60,
}

#: How many of a planted group have needs that nobody recorded: of the whole group in the years that are tested.
UNRECORDED = 0.08
FEWEST_UNRECORDED = 8
#: How often a true SEN support of a pupil in an under-identified group is left unrecorded as well.
ALSO_UNRECORDED = 0.7
#: How many of an over-identified group are recorded with SEN support without a need.
WRONGLY_RECORDED = 0.17
FEWEST_WRONGLY_RECORDED = 10


@dataclass(frozen=True)
class Identified:
    """General ability (mean 0, deviation 1 without SEN selection), what is true of each pupil, and what is recorded."""

    general: Floats
    true_sen: Ints
    true_need: Ints
    sen: Ints
    need: Ints
    second_need: Ints


def identify(order: Order, plan: Plan, pupils: Pupils) -> tuple[Identified, list[Truth]]:
    """Draw who has SEN and who is recorded; the truths are those of the plan's two groups."""
    draw = order.stream("identification")
    general = draw.normal(0, 1, order.pupils)
    if order.phase == "special":
        general += SPECIAL_ABILITY
        propensity: Floats = draw.random(order.pupils)
    else:
        noise = draw.normal(0, np.sqrt(1 - ABILITY_AND_SEN**2), order.pupils)
        propensity = share_below(noise - ABILITY_AND_SEN * general)
    support, plan_share = _shares(pupils, draw)
    true_sen = np.where(propensity > 1 - plan_share, 2, np.where(propensity > 1 - plan_share - support, 1, 0))
    tilt = np.exp(draw.normal(0, SCHOOL_NEEDS, len(SEN_TYPE_CODES)))
    true_need = _draw_needs(pupils, true_sen, tilt, draw)
    found = Identified(general, true_sen, true_need, true_sen.copy(), true_need.copy(), np.full(order.pupils, -1))
    truths = []
    if plan.under_identified:
        truths.append(_leave_unrecorded(plan.under_identified, pupils, found, propensity, draw))
    if plan.over_identified:
        truths.append(_record_wrongly(plan.over_identified, pupils, found, propensity, tilt, draw))
    _draw_second_needs(pupils, found, tilt, draw)
    return found, [truth for truth in truths if truth is not None]


def _shares(pupils: Pupils, draw: np.random.Generator) -> tuple[Floats, Floats]:
    """How likely SEN support and an EHC plan are for each pupil, given all that they depend on but ability."""
    by_year = published.sen_by_year()[pupils.setting, pupils.year]
    by_sex = np.stack([published.boys() / 0.511, (1 - published.boys()) / 0.489])[pupils.girl.astype(np.int64)]
    fsm = published.fsm_by_status()
    everyone = float(fsm @ published.statuses())
    by_poverty = np.stack([(1 - fsm) / (1 - everyone), fsm / everyone])[pupils.fsm.astype(np.int64)]
    by_age = 1 + YOUNGEST_IN_RECEPTION * 0.5 ** (pupils.year / 6) * (pupils.months_into_year - 5.5) / 5.5
    by_school = np.exp(draw.normal(0, SCHOOL_IDENTIFIES, 2) - SCHOOL_IDENTIFIES**2 / 2)
    special = pupils.setting == 2
    factors = np.where(special[:, None], 1.0, by_sex[:, 1:] * by_poverty[:, 1:] * by_school)
    support = by_year[:, 0] * factors[:, 0] * np.where(special, 1.0, by_age)
    return np.minimum(support, 0.75), np.minimum(by_year[:, 1] * factors[:, 1], 0.99)


@lru_cache(maxsize=1)
def needs_by_year_and_sex() -> Floats:
    """The mix of types of need (3 settings, 2 statuses, 14 years, boy or girl, types): sums 1 over types.

    Fitted to the published mix, to the shares of boys and to an even spread over the years of a phase.
    """
    mixes = published.need_mix()
    slope = np.array([NEED_BY_YEAR.get(code, 0.0) for code in SEN_TYPE_CODES])
    boys = np.array([BOYS_BY_NEED[code] for code in SEN_TYPE_CODES])
    result = np.zeros((3, 2, 14, 2, len(SEN_TYPE_CODES)))
    for setting, years in enumerate((np.arange(7), np.arange(7, 12), np.arange(14))):
        for status in range(2):
            by_year = published.sen_by_year()[setting, years, status]
            share = published.boys()[status + 1]
            table = np.exp(slope * (years - years.mean())[:, None])[:, None, :] * np.stack([boys, 1 - boys])
            table = table * mixes[setting, status]
            year_and_sex = (by_year / by_year.sum())[:, None] * np.array([share, 1 - share])
            table = published.fit_margins(table, [((0, 1), mixes[setting, status]), (2, year_and_sex)], rounds=20)
            result[setting, status, years] = table / table.sum(axis=2, keepdims=True)
    return result


def _draw_needs(pupils: Pupils, sen: Ints, tilt: Floats, draw: np.random.Generator) -> Ints:
    """A type of need for everyone whose `sen` is not 0, -1 for the others."""
    need = np.full(len(sen), -1)
    who = np.flatnonzero(sen)
    need[who] = _pick(pupils, who, sen[who], tilt, draw)
    return need


def _pick(pupils: Pupils, who: Ints, sen: Ints, tilt: Floats, draw: np.random.Generator) -> Ints:
    girl = pupils.girl[who].astype(np.int64)
    odds = needs_by_year_and_sex()[pupils.setting[who], sen - 1, pupils.year[who], girl] * tilt
    ends = np.cumsum(odds, axis=1)
    return np.asarray((ends < (draw.random(len(who)) * ends[:, -1])[:, None]).sum(axis=1))


def _draw_second_needs(pupils: Pupils, found: Identified, tilt: Floats, draw: np.random.Generator) -> None:
    """Second needs for some, never the same as the first and never NSA, which says that no type is known."""
    who = np.flatnonzero(found.sen)
    who = who[draw.random(len(who)) < np.take((0.0, *SECOND_NEED), found.sen[who])]
    second = _pick(pupils, who, found.sen[who], tilt, draw)
    first = found.need[who]
    fits = (second != first) & (second != sen_type("NSA")) & (first != sen_type("NSA"))
    found.second_need[who[fits]] = second[fits]


#: The type of need that hides in an under-identified group; None where it is whatever the mix gives.
_HIDDEN_NEED = {"girls with autism": "ASD", "girls with SEMH": "SEMH"}


def group_members(group: str, pupils: Pupils) -> Bools:
    """Which pupils belong to one of truths.GROUPS, whatever their needs. KeyError for another name.

    Girls of a type of need are girls in years in which wellbeing is tested, because that is where their need shows.
    """
    members = {
        "girls with autism": pupils.girl & (pupils.year >= 3),
        "girls with SEMH": pupils.girl & (pupils.year >= 3),
        "pupils with EAL": pupils.eal,
        "summer-born pupils": (pupils.birth_month >= 5) & (pupils.birth_month <= 8),
        "autumn-born pupils": pupils.birth_month >= 9,
    }
    return members[group]


def _leave_unrecorded(
    group: str, pupils: Pupils, found: Identified, propensity: Floats, draw: np.random.Generator
) -> Truth | None:
    """Give some of the group a need that nobody recorded, and take the record of some others away."""
    members = group_members(group, pupils)
    hidden = sen_type(_HIDDEN_NEED[group]) if group in _HIDDEN_NEED else None
    tested = members & (pupils.year >= 1)
    without = np.flatnonzero(tested & (found.true_sen == 0))
    wanted = max(FEWEST_UNRECORDED, round(UNRECORDED * int(members.sum())))
    order = propensity[without] if hidden is None else draw.random(len(without))
    new = without[np.argsort(-order, kind="stable")[:wanted]]
    found.true_sen[new] = 1
    found.true_need[new] = _learning_needs(len(new), draw) if hidden is None else hidden
    of_kind = members & (found.sen == 1) & ((found.true_need == hidden) if hidden is not None else True)
    dropped = of_kind & (draw.random(len(members)) < ALSO_UNRECORDED)
    found.sen[dropped], found.need[dropped] = 0, -1
    affected = np.sort(np.concatenate([new, np.flatnonzero(dropped)]))
    if not len(affected):
        return None
    needing = members & (found.true_sen > 0) & ((found.true_need == hidden) if hidden is not None else True)
    recorded = needing & (found.sen > 0)
    return Truth(
        "under-identified",
        f"{_start(group)}: {int(needing.sum())} have a need, but it is recorded for only {int(recorded.sum())}.",
        {"pupils": tuple(affected.tolist())},
        {"group": group, "with_need": int(needing.sum()), "recorded": int(recorded.sum()), "missed": len(affected)},
    )


def _learning_needs(count: int, draw: np.random.Generator) -> Ints:
    """Needs of MLD, SPLD or SLCN: those that show in the tests that nearly everyone sits."""
    kinds = np.array([sen_type("MLD"), sen_type("SPLD"), sen_type("SLCN")])
    return kinds[draw.integers(0, len(kinds), count)]


def _record_wrongly(
    group: str, pupils: Pupils, found: Identified, propensity: Floats, tilt: Floats, draw: np.random.Generator
) -> Truth | None:
    """Record SEN support for some of the group who have no need and whose ability is ordinary."""
    members = group_members(group, pupils)
    ordinary = members & (found.true_sen == 0) & (propensity > 0.25) & (propensity < 0.8)
    candidates = np.flatnonzero(ordinary)
    wanted = max(FEWEST_WRONGLY_RECORDED, round(WRONGLY_RECORDED * int(members.sum())))
    new = np.sort(draw.permutation(candidates)[:wanted])
    if not len(new):
        return None
    found.sen[new] = 1
    found.need[new] = _pick(pupils, new, np.ones(len(new), dtype=np.int64), tilt, draw)
    recorded = members & (found.sen > 0)
    needing = members & (found.true_sen > 0)
    return Truth(
        "over-identified",
        f"{_start(group)}: {int(recorded.sum())} are recorded with SEN; {len(new)} of them have no such need.",
        {"pupils": tuple(new.tolist())},
        {
            "group": group,
            "recorded": int(recorded.sum()),
            "with_need": int(needing.sum()),
            "wrongly_recorded": len(new),
        },
    )


def _start(group: str) -> str:
    return group[0].upper() + group[1:]
