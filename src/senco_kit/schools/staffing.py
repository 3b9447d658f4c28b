"""The adults of an invented school: who they are, what they cost, and which of them is attached to one pupil."""

from __future__ import annotations

import numpy as np

from senco_kit.schools.adults import LESSONS_IN_A_WEEK, ROLES, Adults
from senco_kit.schools.catalogue import (
    ASSISTANT,
    HIGHER,
    HOURLY_COST,
    LITERACY,
    SENCO,
    SPECIALIST,
    TEACHER,
    THERAPIST,
)
from senco_kit.schools.model import Coded, Cohort, Ints, Tables, Truth
from senco_kit.schools.provided import Provided
from senco_kit.schools.training import train, training_table
from senco_kit.schools.week import deployment_table

_LOWEST_COST, _HIGHEST_COST = np.array([HOURLY_COST[role] for role in ROLES]).T
_FULL_TIME = 32.5
_HOURS: dict[str, tuple[float, ...]] = {
    TEACHER: (_FULL_TIME, _FULL_TIME, _FULL_TIME, 26.0),
    SENCO: (_FULL_TIME, 26.0),
    SPECIALIST: (20.0, 26.0),
    HIGHER: (30.0, _FULL_TIME),
    ASSISTANT: (20.0, 25.0, 27.5, 30.0, _FULL_TIME),
    LITERACY: (25.0, 30.0),
    THERAPIST: (6.0, 12.0),
}


def make_staff(cohort: Cohort) -> Adults:
    """The adults that this school employs or buys in, with their training; adds what is planted among them."""
    draw = cohort.order.stream("staff")
    role, school_class = _posts(cohort)
    size = len(role)
    luck = draw.random((3, size))
    choices = np.array([np.resize(_HOURS[name], 20) for name in ROLES])
    hours = choices[role, (luck[0] * 20).astype(np.int64)]
    hours[(role == ROLES.index(TEACHER)) & (school_class >= 0)] = _FULL_TIME
    low = _LOWEST_COST[role]
    cost = np.round(low + (_HIGHEST_COST[role] - low) * luck[1], 2)
    start_year = 2025 - np.minimum((luck[2] ** 2 * 25).astype(np.int64), 22)
    attached, pupil = _attach(cohort, draw, role)
    if attached >= 0:
        hours[attached] = _FULL_TIME
    own = np.flatnonzero(role != ROLES.index(THERAPIST))
    experts = np.flatnonzero(np.isin(role, [ROLES.index(SENCO), ROLES.index(SPECIALIST)]))
    training = train(cohort, own, experts)
    staff_id = cohort.school_id * 1_000 + 1 + np.arange(size)
    adults = Adults(staff_id, role, school_class, hours, cost, start_year, attached, pupil, training)
    if attached >= 0:
        cohort.truths.append(_tell_attached(cohort, adults))
    return adults


def tables(cohort: Cohort, adults: Adults, provided: Provided) -> Tables:
    """The staff, training and deployment tables."""
    return {
        "staff": {
            "school_id": np.full(adults.size, cohort.school_id),
            "staff_id": adults.staff_id,
            "role": Coded(adults.role, ROLES),
            "class_name": Coded(adults.school_class, cohort.class_names),
            "weekly_hours": adults.weekly_hours,
            "hourly_cost": adults.hourly_cost,
            "start_year": adults.start_year,
        },
        "training": training_table(cohort, adults.training, adults.staff_id),
        "deployment": deployment_table(cohort, adults, provided),
    }


def _posts(cohort: Cohort) -> tuple[Ints, Ints]:
    """Role and class of each adult. The numbers are those of schools of this size, roughly; see datasets/README.md."""
    pupils, plans = cohort.size, int(np.count_nonzero(cohort.sen == 2))
    special = cohort.order.phase == "special"
    by_class_teacher = np.flatnonzero((cohort.class_years <= 6) | special)
    by_subject = np.flatnonzero((cohort.class_years > 6) & (not special))
    if special:
        free, assistants = len(by_class_teacher) // 6, round(pupils / 4.5)
        higher, literacy, therapists, specialists = pupils // 40, pupils // 60 + 1, pupils // 60 + 1, 1
    else:
        young = int(np.count_nonzero(cohort.year <= 6))
        free = len(by_class_teacher) // 14 + -(-2 * len(by_subject) // 5)
        assistants = round(young / 32 + (pupils - young) / 80 + plans / 4) + 1
        higher, literacy = pupils // 220, -(-pupils // 500)
        therapists, specialists = -(-pupils // 700), pupils // 150 and -(-pupils // 900)
    if pupils < 60 and not special:
        literacy = therapists = 0
    classes = np.concatenate([by_class_teacher, by_subject])
    counts = {
        TEACHER: len(classes) + free,
        SENCO: 1,
        SPECIALIST: specialists,
        HIGHER: higher,
        ASSISTANT: assistants,
        LITERACY: literacy,
        THERAPIST: therapists,
    }
    role = np.repeat([ROLES.index(name) for name in counts], list(counts.values()))
    school_class = np.full(len(role), -1)
    school_class[: len(classes)] = classes
    if len(by_class_teacher):
        helpers = np.flatnonzero(role == ROLES.index(ASSISTANT))
        school_class[helpers] = np.resize(by_class_teacher, len(helpers))
        if len(by_subject):  # in an all-through school only those of the primary classes have a class of their own
            school_class[helpers[round(len(helpers) * 0.7) :]] = -1
    return role, school_class


def _attach(cohort: Cohort, draw: np.random.Generator, role: Ints) -> tuple[int, int]:
    """Which teaching assistant is with which pupil all week: a pupil with an EHC plan, or else with SEN support."""
    helpers = np.flatnonzero(role == ROLES.index(ASSISTANT))
    place_of_helper, place_of_pupil = draw.random(2)
    supported = np.flatnonzero(cohort.sen == cohort.sen.max())
    if not cohort.plan.attached_adult or len(helpers) < 2 or cohort.sen.max() == 0:
        return -1, -1
    return int(helpers[int(place_of_helper * len(helpers))]), int(supported[int(place_of_pupil * len(supported))])


def _tell_attached(cohort: Cohort, adults: Adults) -> Truth:
    staff, pupil = int(adults.staff_id[adults.attached]), int(cohort.pupil_id[adults.attached_pupil])
    return Truth(
        "attached-adult",
        f"Adult {staff}, a teaching assistant, is timetabled with pupil {pupil} in all {LESSONS_IN_A_WEEK} lessons of "
        "the week, so that the pupil hardly works alone, with the teacher or with others.",
        {"staff": (staff,), "pupils": (pupil,)},
        {"staff_id": staff, "pupil_id": pupil, "lessons_with_the_pupil": LESSONS_IN_A_WEEK},
    )
