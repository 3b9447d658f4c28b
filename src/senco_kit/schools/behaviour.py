"""Suspensions and incidents: how many follow England's published rates, who and when follow reasons."""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes, published
from senco_kit.schools.calendar import school_days
from senco_kit.schools.codes import sen_type
from senco_kit.schools.model import MEASURES, Coded, Cohort, Columns, Floats, Ints, Tables

#: Assumption: suspensions by setting, girls beside boys; free school meals beside none; SEMH beside other needs.
GIRLS = np.array([0.25, 0.6, 0.6])
POVERTY, SEMH = 2.2, 3.0
#: Assumption: suspensions by year group beside the mean of the phase.
BY_YEAR = np.array([0.4, 0.6, 0.8, 1.0, 1.2, 1.3, 1.7, 0.75, 1.05, 1.2, 1.2, 0.8, 0.6, 0.5])
#: Assumption: how far schools differ (standard deviation of the log of the rate).
SCHOOL = 0.4
#: Assumption: sessions of one suspension, and how often each length comes.
SESSIONS_LOST = np.array([1, 2, 3, 4, 6, 10])
HOW_OFTEN = np.array([0.15, 0.38, 0.10, 0.20, 0.12, 0.05])
#: Assumption: reasons, in the order of codes.SUSPENSION_REASONS.
REASONS = np.array([0.48, 0.16, 0.10, 0.05, 0.14, 0.01, 0.02, 0.01, 0.01, 0.01, 0.01])

#: Assumption: incidents a year of a pupil with wellbeing 100, by setting; each point of wellbeing less brings 4.5 %
#: more and each suspension two; how often each of codes.INCIDENT_KINDS comes, without and with autism.
INCIDENTS = np.array([0.22, 0.40, 0.90])
INCIDENT_KINDS = np.array(
    [[0.38, 0.22, 0.10, 0.12, 0.10, 0.04, 0.04], [0.18, 0.22, 0.18, 0.06, 0.10, 0.06, 0.20]],
)
#: Assumption: when in the day, by period 1 to 6.
PERIODS = np.array([0.10, 0.12, 0.17, 0.16, 0.22, 0.23])


def tables(cohort: Cohort) -> Tables:
    """The tables suspensions (one row each) and incidents (one row each)."""
    draw = cohort.order.stream("suspensions")
    count = _suspensions(cohort, draw)
    return {
        "suspensions": _suspension_rows(cohort, count, draw),
        "incidents": _incident_rows(cohort, count, cohort.order.stream("incidents")),
    }


def _setting(cohort: Cohort) -> Ints:
    if cohort.order.phase == "special":
        return np.full(cohort.size, 2)
    return (cohort.year > 6).astype(np.int64)


def _suspensions(cohort: Cohort, draw: np.random.Generator) -> Ints:
    """How many suspensions each pupil had: whether any, and then how many."""
    setting, sen = _setting(cohort), cohort.sen
    each = published.suspensions_each()[setting]
    girls = 1 - published.boys()[sen]
    fsm = published.fsm_by_status()[sen]
    semh = np.concatenate([np.zeros((3, 1)), published.need_mix()[:, :, sen_type("SEMH")]], axis=1)[setting, sen]
    reasons = np.where(cohort.girl, GIRLS[setting], 1) / (girls * GIRLS[setting] + 1 - girls)
    reasons *= np.where(cohort.fsm, POVERTY, 1) / (fsm * POVERTY + 1 - fsm)
    reasons *= np.where(cohort.need == sen_type("SEMH"), SEMH, 1) / (semh * SEMH + 1 - semh)
    by_year = np.where(setting == 2, 1.0, BY_YEAR[cohort.year])
    by_school = np.exp(draw.normal(0, SCHOOL) - SCHOOL**2 / 2)
    chance = published.suspensions()[setting, sen] / each * reasons * by_year * by_school
    suspended = draw.random(cohort.size) < chance
    return np.asarray(np.where(suspended, draw.geometric(1 / each), 0))


def _suspension_rows(cohort: Cohort, count: Ints, draw: np.random.Generator) -> Columns:
    """Each pupil's suspensions spread over the year, so that they do not overlap."""
    who = np.repeat(np.arange(cohort.size), count)
    nth = np.arange(len(who)) - np.repeat(np.cumsum(count) - count, count)
    days = school_days()
    # A suspension of five days at the end of one pupil's part of the year must not run into the next.
    when = (nth + 0.8 * draw.random(len(who))) / count[who] * (len(days) - 5)
    return {
        "school_id": np.full(len(who), cohort.school_id),
        "pupil_id": cohort.pupil_id[who],
        "start_date": days[when.astype(np.int64)],
        "sessions_lost": SESSIONS_LOST[_pick(HOW_OFTEN, draw.random(len(who)))],
        "reason": Coded(_pick(REASONS, draw.random(len(who))), tuple(codes.SUSPENSION_REASONS)),
    }


def _incident_rows(cohort: Cohort, suspensions: Ints, draw: np.random.Generator) -> Columns:
    """Incidents in the order of their dates."""
    wellbeing = cohort.ability[:, MEASURES.index("wellbeing")]
    rate = INCIDENTS[_setting(cohort)] * np.exp(0.045 * (100 - wellbeing)).clip(0.1, 12) + 2 * suspensions
    who = np.repeat(np.arange(cohort.size), draw.poisson(rate))
    day = np.sort(draw.integers(0, len(school_days()), len(who)))
    who = draw.permutation(who)
    autism = (cohort.need[who] == sen_type("ASD")).astype(np.int64)
    luck = draw.random(len(who))
    kind = np.where(autism == 1, _pick(INCIDENT_KINDS[1], luck), _pick(INCIDENT_KINDS[0], luck))
    return {
        "school_id": np.full(len(who), cohort.school_id),
        "incident_id": cohort.school_id * 1_000_000 + np.arange(1, len(who) + 1),
        "pupil_id": cohort.pupil_id[who],
        "date": school_days()[day],
        "period": 1 + _pick(PERIODS, draw.random(len(who))),
        "kind": Coded(kind, tuple(codes.INCIDENT_KINDS)),
        "class_name": Coded(cohort.school_class[who], cohort.class_names),
    }


def _pick(shares: Floats, luck: Floats) -> Ints:
    """Places drawn with these shares: `luck` is uniform between 0 and 1."""
    ends = np.cumsum(shares)
    return np.searchsorted(ends[:-1] / ends[-1], luck, side="right")
