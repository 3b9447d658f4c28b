"""Looks at teaching in the lessons of an invented school: one point of teaching at a time, and whether it was seen."""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes, review_words
from senco_kit.schools.calendar import school_days
from senco_kit.schools.model import Bools, Coded, Cohort, Columns, Ints

_SUBJECTS, _FOCUSES, _SEEN = tuple(codes.SUBJECTS), tuple(codes.OBSERVATION_FOCUSES), tuple(codes.SEEN)
#: Each class is seen at least once in the year; so many classes are seen once more in each round.
_ROUNDS = (1.0, 0.6, 0.35)
#: Chances of "yes" and of "yes" or "partly": in most classes, and where teaching is what holds pupils back.
_MOSTLY = (0.55, 0.87)
_WEAK = (0.15, 0.5)


#: How often a lesson of English or maths is looked at, and how often a note is written.
_ENGLISH_OR_MATHS, _NOTED = 0.65, 0.85
_LOOKS_IN_A_LESSON = 2


def observations_table(cohort: Cohort) -> Columns:
    """The observations table: two points of teaching in each lesson that is seen.

    In a class whose teaching is the planted truth, good points are seen less often.
    """
    draw = cohort.order.stream("observations")
    school_class, is_weak = _classes_seen(cohort, draw)
    lessons = len(school_class)
    days = school_days()
    day = np.sort(days[_places(draw, lessons, len(days))])
    core, other = _places(draw, lessons, 2), 2 + _places(draw, lessons, len(_SUBJECTS) - 2)
    subject = np.where(draw.random(lessons) < _ENGLISH_OR_MATHS, core, other)
    first = _places(draw, lessons, len(_FOCUSES))
    second = (first + 1 + _places(draw, lessons, len(_FOCUSES) - 1)) % len(_FOCUSES)
    focus = np.stack([first, second], axis=1).ravel()

    size = lessons * _LOOKS_IN_A_LESSON
    lesson = np.repeat(np.arange(lessons), _LOOKS_IN_A_LESSON)
    limits = np.where(is_weak[lesson][:, None], _WEAK, _MOSTLY)
    seen = (draw.random(size)[:, None] >= limits).sum(axis=1)
    texts = review_words.notes()
    of_each = len(texts.words) // len(_SEEN)
    note = np.where(draw.random(size) < _NOTED, seen * of_each + _places(draw, size, of_each), -1)
    return {
        "school_id": np.full(size, cohort.school_id),
        "observation_id": cohort.school_id * 1_000_000 + 1 + np.arange(size),
        "date": day[lesson],
        "class_name": Coded(school_class[lesson], cohort.class_names),
        "subject": Coded(subject[lesson], _SUBJECTS),
        "focus": Coded(focus, _FOCUSES),
        "seen": Coded(seen, _SEEN),
        "note": Coded(note, texts.words),
    }


def _classes_seen(cohort: Cohort, draw: np.random.Generator) -> tuple[Ints, Bools]:
    """The class of each lesson that is seen, in any order, and whether its teaching is weak (those are seen more)."""
    weak = [str(truth.about["class_name"]) for truth in cohort.truths if truth.kind == "teaching-not-pupils"]
    is_weak = np.isin(np.array(cohort.class_names), weak)
    seen = draw.random((len(_ROUNDS), len(is_weak))) < np.array(_ROUNDS)[:, None]
    seen[:, is_weak] = True
    school_class = draw.permutation(np.nonzero(seen)[1])
    return school_class, is_weak[school_class]


def _places(draw: np.random.Generator, count: int, choices: int) -> Ints:
    """So many places from 0 up to the number of choices."""
    return draw.integers(0, choices, count)
