"""The training that the adults of an invented school hold, and the gap in it where one is planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.model import Bools, Coded, Cohort, Columns, Floats, Ints, Truth

LEVELS = tuple(codes.TRAINING_LEVELS)
KINDS = tuple(codes.TRAINING_KINDS)
_AWARENESS, _ENHANCED, _SPECIALIST = range(len(LEVELS))
_AREAS = tuple(codes.AREAS)

#: The place in codes.AREAS of the area of each type of need, -1 where it belongs to no one area.
AREA_OF_NEED: Ints = np.array([_AREAS.index(kind.area) if kind.area else -1 for kind in codes.SEN_TYPES])
_SUITED = AREA_OF_NEED >= 0

#: Hours of a training at each level, from and to, and what an hour of an external one costs for one adult, in pounds.
_HOURS = np.array([(1, 3), (6, 18), (30, 80)])
_COST_AN_HOUR = np.array([(10, 25), (14, 30), (12, 25)])
_FIRST_DAY, _LAST_DAY = (np.datetime64(day).astype(int) for day in ("2022-09-05", "2026-06-26"))
_THREE_YEARS = 3 * 365


@dataclass(frozen=True)
class Training:
    """What training the adults hold, one row a training. `adult` is a row of Adults; `need` is -1 for a whole area.

    Dates are days since 1970; `expires` is -1 where the training does not end.
    """

    adult: Ints
    area: Ints
    need: Ints
    level: Ints
    external: Bools
    date: Ints
    hours: Floats
    cost: Floats
    expires: Ints


def train(cohort: Cohort, own: Ints, experts: Ints) -> Training:
    """Training for the school's own adults; `experts` are those who train to specialist level.

    Deeper training follows the cohort's needs, and the three commonest have two adults each at least. Where the gap is
    planted, nobody is trained beyond awareness in the commonest need, and no training of a whole area hides that.
    """
    draw = cohort.order.stream("training")
    counts = np.bincount(cohort.need[cohort.need >= 0], minlength=len(codes.SEN_TYPES)) * _SUITED
    common = np.argsort(-counts, kind="stable")
    gap = int(common[0]) if cohort.plan.training_gap and counts[common[1]] > 0 else -1

    weights = np.sqrt(counts)
    if weights.sum() == 0:
        weights = np.sqrt(_SUITED.astype(float))
    deep = weights.copy()
    if gap >= 0:
        deep[gap] = 0
    aware, enhanced, special = round(1.6 * len(own)), round(0.5 * len(own)), len(experts)
    sure = [int(need) for need in common[:4] if need != gap and counts[need] > 0][:3]
    need = np.concatenate(
        [_drawn(draw, weights, aware), _drawn(draw, deep, enhanced), np.repeat(sure, 2), _drawn(draw, deep, special)]
    ).astype(np.int64)
    adult = np.concatenate(
        [own[draw.integers(0, len(own), aware + enhanced)], _different(draw, own, 2 * len(sure)), experts]
    )
    level = np.repeat([_AWARENESS, _ENHANCED, _SPECIALIST], [aware, enhanced + 2 * len(sure), special])
    order = np.lexsort((need, level, adult))
    training = _in_detail(draw, adult[order], need[order], level[order])
    if gap >= 0:
        cohort.truths.append(_tell_gap(cohort, gap, counts, training))
    return training


def trained_beyond_awareness(training: Training, need: int) -> int:
    """How many adults hold training beyond awareness in this type of need (a place in codes.SEN_TYPES)."""
    return len(np.unique(training.adult[(training.need == need) & (training.level > _AWARENESS)]))


def training_table(cohort: Cohort, training: Training, staff_id: Ints) -> Columns:
    """The training table."""
    expires = training.expires.astype("datetime64[D]")
    expires[training.expires < 0] = np.datetime64("NaT")
    return {
        "school_id": np.full(len(training.adult), cohort.school_id),
        "staff_id": staff_id[training.adult],
        "area": Coded(training.area, _AREAS),
        "SENtype": Coded(training.need, codes.SEN_TYPE_CODES),
        "level": Coded(training.level, LEVELS),
        "kind": Coded(training.external.astype(np.int64), KINDS),
        "date": training.date.astype("datetime64[D]"),
        "hours": training.hours,
        "cost": training.cost,
        "expires": expires,
    }


def _drawn(draw: np.random.Generator, weights: Floats, count: int) -> Ints:
    """So many types of need, each as often as its weight says."""
    upto = np.cumsum(weights)
    drawn = np.searchsorted(upto, draw.random(count) * upto[-1], side="right")
    needs: Ints = np.minimum(drawn, np.flatnonzero(weights)[-1])
    return needs


def _different(draw: np.random.Generator, own: Ints, count: int) -> Ints:
    """So many adults, all different while there are enough."""
    return own[np.resize(draw.permutation(len(own)), count)]


def _in_detail(draw: np.random.Generator, adult: Ints, need: Ints, level: Ints) -> Training:
    size = len(adult)
    area = AREA_OF_NEED[need]
    for_area = (level == _AWARENESS) & (draw.random(size) < 0.5)
    external = np.where(level == _AWARENESS, draw.random(size) < 0.25, draw.random(size) < 0.85)
    hours = np.floor(_between(_HOURS[level], draw.random(size)))
    cost = np.where(external, np.round(hours * _between(_COST_AN_HOUR[level], draw.random(size))), 0.0)
    date = np.floor(_FIRST_DAY + (_LAST_DAY - _FIRST_DAY) * draw.random(size)).astype(np.int64)
    weekend = (date + 3) % 7 >= 5  # day 0 of 1970 was a Thursday
    date = date - 2 * weekend
    in_august = date.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) % 12 == 7
    date = date + 35 * in_august
    ends = (level == _ENHANCED) & (draw.random(size) < 0.25)
    expires = np.where(ends, date + _THREE_YEARS, -1)
    return Training(adult, area, np.where(for_area, -1, need), level, external, date, hours, cost, expires)


def _between(limits: Ints, luck: Floats) -> Floats:
    return limits[:, 0] + (limits[:, 1] - limits[:, 0]) * luck


def _tell_gap(cohort: Cohort, gap: int, counts: Ints, training: Training) -> Truth:
    others = [need for need in np.flatnonzero(counts) if need != gap]
    trained = {int(need): trained_beyond_awareness(training, int(need)) for need in others}
    rarer = max(trained, key=lambda need: (trained[need], -need))
    name, other = codes.SEN_TYPES[gap].name, codes.SEN_TYPES[rarer].name
    return Truth(
        "training-gap",
        f"{name} is the commonest type of need ({counts[gap]} pupils), and no adult is trained in it beyond awareness; "
        f"{trained[rarer]} adults are trained in {other} ({counts[rarer]} pupils).",
        {"pupils": tuple(cohort.pupil_id[cohort.need == gap].tolist())},
        {
            "SENtype": codes.SEN_TYPES[gap].code,
            "pupils": int(counts[gap]),
            "trained_beyond_awareness": trained_beyond_awareness(training, gap),
            "rarer_SENtype": codes.SEN_TYPES[rarer].code,
            "rarer_pupils": int(counts[rarer]),
            "rarer_trained_beyond_awareness": trained[rarer],
        },
    )
