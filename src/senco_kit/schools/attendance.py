"""How many sessions each pupil attended in each half-term."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import published
from senco_kit.schools.calendar import SESSIONS
from senco_kit.schools.codes import sen_type
from senco_kit.schools.identification import Identified
from senco_kit.schools.model import Cohort, Columns, Floats, Ints, Order, Plan, Truth
from senco_kit.schools.normal import share_below
from senco_kit.schools.pupils import Pupils

#: Assumption: how much higher poverty and SEMH put a pupil in the order of absence, in standard deviations.
POVERTY, SEMH = 0.45, 0.4
#: Assumption: how far schools differ, on the same scale.
SCHOOL = 0.15
#: Assumption: mean absence of those who miss 10 % to 50 %, and of those who miss 50 % or more.
MIDDLE_MEAN, HIGH_MEAN = 0.175, 0.66
#: The most that the two lower bands can miss: one session less than 10 % and than 50 % of the year's 380.
LOW_MOST, MIDDLE_MOST = 37 / 380, 189 / 380
#: Assumption: how unevenly absence falls on the half-terms (standard deviation of the log).
UNEVEN = 0.5
#: Assumption: the share of absent sessions that is authorised, without and with free school meals.
AUTHORISED = (0.78, 0.62)

#: The run of pupils whose low attainment is explained by absence: how many of the class, and how much they miss.
RUN_SHARE, RUN_FEWEST = 0.35, 6
RUN_ABSENCE = (0.26, 0.42)


@dataclass(frozen=True)
class Attended:
    """The share of sessions attended by half-term (pupils, 6), and who was planted as an absence run (ids from 0)."""

    share: Floats
    run: Ints

    @property
    def absence(self) -> Floats:
        """The share of the year's sessions that each pupil missed."""
        return np.asarray(1 - self.share @ SESSIONS / SESSIONS.sum())


def attend(order: Order, plan: Plan, pupils: Pupils, found: Identified) -> Attended:
    """Draw attendance: England's published shares for each setting and SEN status, in an order that has reasons."""
    draw = order.stream("attendance")
    rank = _rank(pupils, found, draw)
    rate = _absence_at(rank, published.absence()[pupils.setting, found.true_sen])
    run = _choose_run(plan, pupils, found, draw)
    rate[run] = draw.uniform(*RUN_ABSENCE, len(run))
    missed = _by_half_term(np.rint(rate * SESSIONS.sum()), draw)
    return Attended(1 - missed / SESSIONS, run)


def _rank(pupils: Pupils, found: Identified, draw: np.random.Generator) -> Floats:
    """Where each pupil stands in the order of absence among all of the same setting and SEN status, from 0 to 1."""
    fsm = published.fsm_by_status()[found.true_sen]
    semh = np.concatenate([np.zeros((3, 1)), published.need_mix()[:, :, sen_type("SEMH")]], axis=1)
    of_semh = semh[pupils.setting, found.true_sen]
    reasons = POVERTY * (pupils.fsm - fsm) + SEMH * ((found.true_need == sen_type("SEMH")) - of_semh)
    explained = POVERTY**2 * fsm * (1 - fsm) + SEMH**2 * of_semh * (1 - of_semh) + SCHOOL**2
    luck = draw.normal(0, 1, len(fsm)) * np.sqrt(1 - explained)
    return share_below(np.asarray(reasons + luck + draw.normal(0, SCHOOL)))


def _absence_at(rank: Floats, targets: Floats) -> Floats:
    """The share of sessions missed at each rank, so that overall, persistent and severe absence are the targets (n, 3).

    Three bands (below 10 %, below 50 %, above), in each a power curve whose mean is known. The published figures leave
    the mean of the lowest band, the two others are assumptions.
    """
    overall, persistent, severe = targets.T
    middle = persistent - severe
    low_mean = (overall - severe * HIGH_MEAN - middle * MIDDLE_MEAN) / (1 - persistent)
    low = LOW_MOST * (rank / (1 - persistent)).clip(0, 1) ** (LOW_MOST / low_mean - 1)
    inside = ((rank - 1 + persistent) / middle).clip(0, 1)
    between = 0.1 + (MIDDLE_MOST - 0.1) * inside ** ((MIDDLE_MOST - 0.1) / (MIDDLE_MEAN - 0.1) - 1)
    top = ((rank - 1 + severe) / severe).clip(0, 1)
    high = 0.5 + 0.5 * top ** (0.5 / (HIGH_MEAN - 0.5) - 1)
    missed: Floats = np.where(rank < 1 - persistent, low, np.where(rank < 1 - severe, between, high))
    return missed


def _choose_run(plan: Plan, pupils: Pupils, found: Identified, draw: np.random.Generator) -> Ints:
    """Pupils of ordinary ability without SEN in one class; none where the plan or the size of classes forbids it."""
    if plan.absence_explains is None:
        return np.empty(0, dtype=np.int64)
    ordinary = (found.true_sen == 0) & (found.sen == 0) & (found.general > -0.4) & (found.general < 1.2)
    able = np.bincount(pupils.school_class[ordinary], minlength=len(pupils.class_names))
    usable = np.flatnonzero((able >= RUN_FEWEST) & (pupils.class_years >= 2))
    if not len(usable):
        return np.empty(0, dtype=np.int64)
    chosen = usable[min(int(plan.absence_explains * len(usable)), len(usable) - 1)]
    members = np.flatnonzero(ordinary & (pupils.school_class == chosen))
    wanted = max(RUN_FEWEST, round(RUN_SHARE * int((pupils.school_class == chosen).sum())))
    return np.sort(draw.permutation(members)[:wanted])


def _by_half_term(missed: Floats, draw: np.random.Generator) -> Floats:
    """Spread each pupil's missed sessions over the half-terms in whole sessions, never more than there are."""
    uneven = UNEVEN * (1 - missed / SESSIONS.sum())
    weight = SESSIONS * np.exp(uneven[:, None] * draw.normal(0, 1, (len(missed), 6)))
    ends = np.rint(np.cumsum(weight, axis=1) * (missed / weight.sum(axis=1))[:, None])
    spread = np.minimum(np.diff(ends, axis=1, prepend=0), SESSIONS)
    for half_term in range(6):  # what did not fit moves to whichever half-terms still have room
        room = SESSIONS[half_term] - spread[:, half_term]
        spread[:, half_term] += np.clip(missed - spread.sum(axis=1), 0, room)
    return np.asarray(spread)


def absence_truth(class_name: str, attended: Attended, lost: Floats, pupil_id: Ints) -> Truth:
    """The truth of a planted run: `lost` are the points of standard score that absence cost each pupil."""
    run = attended.run
    missed = float(attended.absence[run].mean())
    points = float(lost[run].mean())
    return Truth(
        "absence-explains",
        f"In {class_name}, {len(run)} pupils score lower only because they miss {missed:.0%} of sessions.",
        {"pupils": tuple(pupil_id[run].tolist())},
        {
            "class_name": class_name,
            "pupils": len(run),
            "share_missed": round(missed, 3),
            "points_lost": round(points, 1),
        },
    )


def attendance_table(cohort: Cohort) -> Columns:
    """One row a pupil and half-term."""
    draw = cohort.order.stream("absence reasons")
    possible = np.broadcast_to(SESSIONS, cohort.attendance.shape)
    attended = np.rint(cohort.attendance * SESSIONS).astype(np.int64)
    missed = possible - attended
    authorised_share = np.take(AUTHORISED, cohort.fsm) + 0.2 * draw.normal(0, 1, cohort.size)
    authorised = np.rint(missed * authorised_share.clip(0, 1)[:, None]).astype(np.int64)
    return {
        "school_id": np.full(missed.size, cohort.school_id),
        "pupil_id": np.repeat(cohort.pupil_id, 6),
        "half_term": np.tile(np.arange(1, 7), cohort.size),
        "sessions_possible": possible.ravel(),
        "sessions_attended": attended.ravel(),
        "sessions_authorised": authorised.ravel(),
        "sessions_unauthorised": (missed - authorised).ravel(),
    }
