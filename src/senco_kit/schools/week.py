"""Where each adult of an invented school is in each lesson of a usual week.

A week has five days of six lessons. A part-time adult's hours cover the early lessons of each day; a therapist comes
for whole days. Each provision has its lessons in the week all year: while it does not run, its adult prepares or is
with a class. No adult is in two places at once, and no class has two teachers at once.
"""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.adults import LESSONS_IN_A_WEEK, Adults
from senco_kit.schools.catalogue import ASSISTANT, HIGHER, LITERACY, SENCO, SPECIALIST, TEACHER, THERAPIST
from senco_kit.schools.model import Bools, Coded, Cohort, Columns, Floats, Ints
from senco_kit.schools.provided import Provided

PERIODS, DAYS = 6, 5
#: Minutes of a lesson of an hour that pupils are taught in; the rest goes on fetching groups and setting up.
MINUTES_IN_A_LESSON = 55

_LESSON = np.arange(LESSONS_IN_A_WEEK)
_WEEKDAY, _PERIOD = _LESSON // PERIODS, _LESSON % PERIODS
_EMPTY = -1
_CLASS, _PROVISION, _PUPIL, _PLANNING, _BREAK = range(5)
#: In how many lessons a teacher has planning time, and an assistant with one pupil's work is with that pupil.
_PLANNING_OF_A_TEACHER = 3
_LESSONS_WITH_A_PUPIL = 6
_PART_WITH_A_PUPIL = 0.35


class _Week:
    """The timetable while it is filled in: one row an adult, one column a lesson."""

    def __init__(self, adults: Adults, draw: np.random.Generator) -> None:
        shape = (adults.size, LESSONS_IN_A_WEEK)
        self.activity = np.full(shape, _EMPTY)
        self.school_class = np.full(shape, _EMPTY)
        self.provision = np.full(shape, _EMPTY)
        self.pupil = np.full(shape, _EMPTY)
        self.luck: Floats = draw.random(shape)
        self.there = _when_there(adults)

    def free(self) -> Bools:
        """When each adult is there and not yet busy."""
        free: Bools = self.there & (self.activity == _EMPTY)
        return free

    def rank_of_free(self) -> Ints:
        """The order, from 0 and by luck, in which an adult's free lessons are used; busy ones come last."""
        return _ranks(np.where(self.free(), self.luck, 2.0))


def deployment_table(cohort: Cohort, adults: Adults, provided: Provided) -> Columns:
    """The deployment table: a row for each adult and lesson in which the adult has something to do."""
    draw = cohort.order.stream("week")
    week = _Week(adults, draw)
    if adults.attached >= 0:
        week.activity[adults.attached] = _PUPIL
        week.pupil[adults.attached] = adults.attached_pupil
        week.school_class[adults.attached] = cohort.school_class[adults.attached_pupil]
    _teach(cohort, adults, week)
    _give_provisions(week, provided)
    _support(cohort, adults, week, draw)
    adult, lesson = np.nonzero(week.activity != _EMPTY)
    pupil, provision = week.pupil[adult, lesson], week.provision[adult, lesson]
    return {
        "school_id": np.full(len(adult), cohort.school_id),
        "staff_id": adults.staff_id[adult],
        "weekday": _WEEKDAY[lesson] + 1,
        "period": _PERIOD[lesson] + 1,
        "activity": Coded(week.activity[adult, lesson], tuple(codes.ACTIVITIES)),
        "class_name": Coded(week.school_class[adult, lesson], cohort.class_names),
        "provision_id": np.where(provision >= 0, provided.provision_id[provision], np.nan)
        if len(provided.offers)
        else np.full(len(adult), np.nan),
        "pupil_id": np.where(pupil >= 0, cohort.pupil_id[pupil], np.nan),
    }


def _ranks(values: Floats) -> Ints:
    """The place of each value in its row, from 0 for the smallest."""
    return values.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")


def _when_there(adults: Adults) -> Bools:
    early_lessons_first = (_PERIOD * DAYS + _WEEKDAY)[None, :]
    whole_days = ((_WEEKDAY[None, :] - np.arange(adults.size)[:, None]) % DAYS) * PERIODS + _PERIOD[None, :]
    order = np.where(adults.with_roles(THERAPIST)[:, None], whole_days, early_lessons_first)
    return order < adults.lessons()[:, None]


def _teach(cohort: Cohort, adults: Adults, week: _Week) -> None:
    """Put the teachers with classes: one teacher all week up to Year 6 and in special schools, else in turn."""
    teachers = adults.with_roles(TEACHER)
    of_class = adults.school_class
    alone = teachers & (of_class >= 0)
    if cohort.order.phase != "special":
        alone &= cohort.class_years[of_class] <= 6
    week.activity[alone] = _CLASS
    week.school_class[alone] = of_class[alone, None]
    plans = alone[:, None] & (_ranks(week.luck) < _PLANNING_OF_A_TEACHER)
    week.activity[plans], week.school_class[plans] = _PLANNING, _EMPTY

    by_subject = np.flatnonzero(teachers & ~alone)
    taught = np.flatnonzero((cohort.class_years > 6) & (cohort.order.phase != "special"))
    if len(taught):
        turn = (np.arange(len(taught))[:, None] + 3 * _LESSON[None, :]) % len(by_subject)
        adult, lesson = by_subject[turn], np.broadcast_to(_LESSON, turn.shape)
        present = week.there[adult, lesson]  # a part-time teacher's lesson is covered by someone who is not listed
        week.activity[adult[present], lesson[present]] = _CLASS
        week.school_class[adult[present], lesson[present]] = np.broadcast_to(taught[:, None], turn.shape)[present]
    plans = np.zeros_like(week.there)
    plans[by_subject] = (week.rank_of_free()[by_subject] < _PLANNING_OF_A_TEACHER) & week.free()[by_subject]
    week.activity[plans] = _PLANNING


def _give_provisions(week: _Week, provided: Provided) -> None:
    """Put each adult's provisions into the adult's free lessons; whole-class provision happens in lessons anyway."""
    lessons = np.ceil(provided.weekly_hours * 60 / MINUTES_IN_A_LESSON).astype(np.int64)
    for provision in np.flatnonzero(provided.beyond_lessons):
        adult = provided.adult[provision]
        free = np.flatnonzero(week.there[adult] & (week.activity[adult] == _EMPTY))
        taken = free[week.luck[adult, free].argsort(kind="stable")[: lessons[provision]]]
        week.activity[adult, taken] = _PROVISION
        week.provision[adult, taken] = provision


def _support(cohort: Cohort, adults: Adults, week: _Week, draw: np.random.Generator) -> None:
    """What is left of the time of those who do not teach classes: a duty, planning, one pupil, a class."""
    rank, free = week.rank_of_free(), week.free()
    helpers, planners = adults.with_roles(ASSISTANT, HIGHER, LITERACY), adults.with_roles(SENCO, SPECIALIST, THERAPIST)
    free &= (helpers | planners)[:, None]
    week.activity[free] = np.where(planners[:, None], _PLANNING, _CLASS)[free.nonzero()[0], 0]
    duty, plans = (helpers[:, None] & free & (rank == place) for place in (0, 1))
    week.activity[duty], week.activity[plans] = _BREAK, _PLANNING

    supported = np.flatnonzero(cohort.sen == 2)
    able = np.flatnonzero(adults.with_roles(ASSISTANT) & (np.arange(adults.size) != adults.attached))
    able = able[draw.random(len(able)) < _PART_WITH_A_PUPIL]
    pupils = draw.permutation(supported[supported != adults.attached_pupil])[: len(able)]
    able = able[: len(pupils)]
    beside = np.zeros_like(free)
    beside[able] = free[able] & (rank[able] >= 2) & (rank[able] < 2 + _LESSONS_WITH_A_PUPIL)
    of_adult = np.full(adults.size, _EMPTY)
    of_adult[able] = pupils
    week.activity[beside] = _PUPIL
    week.pupil[beside] = np.broadcast_to(of_adult[:, None], free.shape)[beside]

    anywhere = (week.luck * 1e6).astype(np.int64) % len(cohort.class_names)
    own = np.where(adults.school_class[:, None] >= 0, adults.school_class[:, None], anywhere)
    in_class = free & (week.activity == _CLASS)
    week.school_class[in_class] = own[in_class]
    week.school_class[beside] = cohort.school_class[week.pupil[beside]]
