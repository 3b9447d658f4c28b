"""What each pupil can truly do on each measure, how it grows over the year, and who sits which test."""

from __future__ import annotations

import numpy as np

from senco_kit.schools.attendance import Attended
from senco_kit.schools.codes import SEN_TYPE_CODES, sen_type
from senco_kit.schools.identification import Identified
from senco_kit.schools.model import MEASURES, Bools, Floats, Ints, Order, Plan, Truth
from senco_kit.schools.pupils import Pupils

#: Assumption: mean standing of pupils before anything lowers it, so that all pupils of England come out near 100.
START = 105.0
#: Assumption: spread of true standing before anything moves it, so that all pupils come out near 15.
SPREAD = 12.4
#: Assumption: how closely each of MEASURES goes with general ability (correlations).
WITH_GENERAL = np.array([0.85, 0.84, 0.80, 0.40, 0.60])
#: Assumption: points of standard score for each group, by measure. Free school meals; girls beside boys; EAL.
POVERTY = np.array([-4.5, -4.5, -4.5, -3.0, -2.0])
GIRLS = np.array([2.0, -1.5, 2.0, 0.0, 0.0])
EAL = np.array([-2.0, 0.0, -5.0, 0.0, 0.0])
EAL_FADES_OVER = 6  # years
#: Assumption: points lost for each share of the year missed; it stops at half of the year.
ABSENCE = np.array([34.0, 36.0, 22.0, 16.0, 22.0])
#: Assumption: how far schools and classes differ (standard deviations in points).
SCHOOL, CLASS = 2.5, 1.5

#: Assumption: points of standard score that each type of need takes, by measure, at the level of SEN support.
NEEDS: dict[str, tuple[float, float, float, float, float]] = {
    "SPLD": (-9, -4, -2, -3, 0),
    "MLD": (-7, -8, -7, -2, -2),
    "SLD": (-18, -18, -18, -4, -12),
    "PMLD": (-24, -24, -24, -6, -22),
    "SEMH": (-4, -4, -1, -15, -5),
    "SLCN": (-5, -3, -11, -3, -2),
    "ASD": (-2, -2, -7, -11, -6),
    "HI": (-4, -3, -7, -2, 0),
    "VI": (-3, -3, -1, -2, 0),
    "MSI": (-6, -6, -8, -4, -3),
    "PD": (-2, -3, -1, -3, -1),
    "DS": (-14, -14, -12, 0, -4),
    "OTH": (-3, -3, -2, -3, -1),
    "NSA": (-4, -4, -4, -3, -1),
}
#: Assumption: an EHC plan means a need this many times as large, in a special school this many times.
WITH_PLAN, IN_SPECIAL = 1.5, 1.9

#: Assumption: growth between two tests beside others of the same age, in points: spread over pupils and over classes,
#: and the change for each share of the year missed. A standard score that stays the same is ordinary growth.
GROWTH, CLASS_GROWTH, ABSENCE_GROWTH = 2.0, 0.7, -4.0
#: How many points less each pupil of the planted class grows between two tests.
SLOW_CLASS = (3.2, 4.0)
SLOW_CLASS_FEWEST = 15

READING, MATHS, LANGUAGE, WELLBEING, ENGAGEMENT = range(len(MEASURES))


def abilities(order: Order, pupils: Pupils, found: Identified, attended: Attended) -> tuple[Floats, Floats]:
    """True standing in autumn (pupils, measures), and the points that absence cost each (mean of reading and maths)."""
    draw = order.stream("abilities")
    own = draw.normal(0, 1, (order.pupils, len(MEASURES))) * np.sqrt(1 - WITH_GENERAL**2)
    standing = START + SPREAD * (found.general[:, None] * WITH_GENERAL + own)
    standing += pupils.fsm[:, None] * POVERTY + (pupils.girl[:, None] - 0.5) * GIRLS
    new_to_english = pupils.eal * (1 - pupils.year / EAL_FADES_OVER).clip(0.2, 1)
    standing += new_to_english[:, None] * EAL
    standing += _need_points(pupils, found, draw)
    lost = ABSENCE * attended.absence.clip(0, 0.5)[:, None]
    standing -= lost
    standing += draw.normal(0, SCHOOL) + draw.normal(0, CLASS, (len(pupils.class_names), 1))[pupils.school_class]
    return standing.clip(35, 165), lost[:, :2].mean(axis=1)


def _need_points(pupils: Pupils, found: Identified, draw: np.random.Generator) -> Floats:
    table = np.array([*(NEEDS[code] for code in SEN_TYPE_CODES), (0.0,) * len(MEASURES)])
    size = np.where(pupils.setting == 2, IN_SPECIAL, np.where(found.true_sen == 2, WITH_PLAN, 1.0))
    size = size * draw.uniform(0.6, 1.4, len(size))
    return np.asarray(table[found.true_need] * size[:, None])


def growth(order: Order, plan: Plan, pupils: Pupils, attended: Attended, pupil_id: Ints) -> tuple[Floats, Truth | None]:
    """True change autumn to spring and spring to summer without provision (pupils, measures, 2), and the slow class."""
    draw = order.stream("growth")
    count, classes = order.pupils, len(pupils.class_names)
    change = draw.normal(0, 0.8 * GROWTH, (count, len(MEASURES), 2)) + draw.normal(0, 0.6 * GROWTH, (count, 1, 2))
    change += draw.normal(0, CLASS_GROWTH, (classes, 1, 2))[pupils.school_class]
    change += (ABSENCE_GROWTH * (attended.absence - 0.07).clip(-0.07, 0.4))[:, None, None]
    slow = _slow_class(plan, pupils, attended)
    if slow is None:
        return change, None
    members = np.flatnonzero(pupils.school_class == slow)
    points = float(draw.uniform(*SLOW_CLASS))
    change[members, : LANGUAGE + 1] -= points
    name = pupils.class_names[slow]
    truth = Truth(
        "teaching-not-pupils",
        f"In {name}, all {len(members)} pupils grow {points:.1f} points a term less than others: the cause was "
        "planted in whole-class teaching.",
        {"pupils": tuple(pupil_id[members].tolist())},
        {"class_name": name, "pupils": len(members), "points_a_term": round(points, 2)},
    )
    return change, truth


def _slow_class(plan: Plan, pupils: Pupils, attended: Attended) -> int | None:
    """The class of the plan among those that are tested, large enough and not the one with the planted absence."""
    if plan.teaching_not_pupils is None:
        return None
    sizes = np.bincount(pupils.school_class, minlength=len(pupils.class_names))
    usable = (sizes >= SLOW_CLASS_FEWEST) & (pupils.class_years >= 1)
    usable[np.unique(pupils.school_class[attended.run])] = False
    places = np.flatnonzero(usable)
    if not len(places):
        return None
    return int(places[min(int(plan.teaching_not_pupils * len(places)), len(places) - 1)])


def who_is_tested(pupils: Pupils, found: Identified, standing: Floats) -> Bools:
    """Who sits which measure's test (pupils, measures).

    Mainstream: reading and maths from Year 1, language in Reception and Year 1 and later for pupils with recorded SLCN,
    ASD or MLD and about as many others with low reading; wellbeing from Year 3. Special schools: engagement for pupils
    with SLD or PMLD and those with autism and low ability; reading, maths and wellbeing for the others.
    """
    tested = np.zeros(standing.shape, dtype=bool)
    if (pupils.setting == 2).all():
        low = (found.need == sen_type("ASD")) & (standing[:, [READING, MATHS]].mean(axis=1) < 70)
        engagement = low | np.isin(found.need, [sen_type("SLD"), sen_type("PMLD")])
        tested[:, ENGAGEMENT] = engagement
        tested[:, [READING, MATHS, WELLBEING]] = ~engagement[:, None]
        return tested
    tested[:, [READING, MATHS]] = (pupils.year >= 1)[:, None]
    tested[:, WELLBEING] = pupils.year >= 3
    older = pupils.year >= 2
    known = older & np.isin(found.need, [sen_type("SLCN"), sen_type("ASD"), sen_type("MLD")])
    others = np.flatnonzero(older & ~known)
    lowest = others[np.argsort(standing[others, READING], kind="stable")[: int(known.sum())]]
    tested[:, LANGUAGE] = ~older | known
    tested[lowest, LANGUAGE] = True
    return tested
