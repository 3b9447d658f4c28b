"""Reviews of pupils with SEN: up to three turns a year of assess, plan, do, review, with the views of pupil and parent.

Whether an outcome is met follows the change on the test that fits the pupil's need, with a good deal of chance: in the
first turn, which ends before any second test, the change that the model knows; then the change of score.
"""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes, observations, review_words
from senco_kit.schools.calendar import school_days
from senco_kit.schools.model import MEASURES, Coded, Cohort, Columns, Floats, Ints, Tables
from senco_kit.schools.provided import Provided
from senco_kit.schools.review_words import Composed
from senco_kit.schools.training import AREA_OF_NEED

CYCLES = 3
_AREAS = tuple(codes.AREAS)
_OUTCOMES = tuple(codes.OUTCOMES)
#: Change, in points of standard score, from which an outcome is met or partly met, and how much chance adds.
_MEET_FROM, _PARTLY_FROM, _CHANCE = 2.0, -3.5, 4.0
#: How often each of the three reviews takes place, a parent takes part, and the pupil's view is written down.
_TAKES_PLACE = (0.93, 0.86, 0.93)
_PARENT_TAKES_PART, _PUPIL_IS_ASKED = 0.72, 0.9
#: Sessions delivered of those planned: from 0.75 "nearly all", from 0.5 "some", else "few".
_MOST, _SOME = 0.75, 0.5
_OLDER_FROM_YEAR = 6
#: First and last day on which the reviews of each turn are held.
_DAYS = (("2025-12-01", "2025-12-12"), ("2026-02-23", "2026-03-13"), ("2026-06-24", "2026-07-08"))

#: The test that fits each area of need, and those that are used where the pupil does not sit it.
_MEASURES_OF_AREA = (
    ("language", "reading", "wellbeing", "engagement"),
    ("reading", "maths", "language", "engagement"),
    ("wellbeing", "reading", "maths", "engagement"),
    ("engagement", "reading", "wellbeing", "maths"),
)
_ORDER_OF_MEASURES = np.array([[MEASURES.index(name) for name in names] for names in _MEASURES_OF_AREA])


def tables(cohort: Cohort, provided: Provided) -> Tables:
    """The reviews and observations tables."""
    return {"reviews": _reviews_table(cohort, provided), "observations": observations.observations_table(cohort)}


def _reviews_table(cohort: Cohort, provided: Provided) -> Columns:
    draw = cohort.order.stream("reviews")
    supported = np.flatnonzero(cohort.sen > 0)
    held = draw.random((len(supported), CYCLES)) < np.array(_TAKES_PLACE)
    row, cycle = np.nonzero(held)
    pupil = supported[row]
    size = len(pupil)
    area = AREA_OF_NEED[cohort.need[pupil]]
    area = np.where((cohort.need[pupil] >= 0) & (area >= 0), area, 1)
    measure = _measure(cohort, pupil, area)
    change = _change(cohort, pupil, measure, cycle) + _CHANCE * draw.standard_normal(size)
    outcome = np.where(change >= _MEET_FROM, 0, np.where(change >= _PARTLY_FROM, 1, 2))
    parent = draw.random(size) < _PARENT_TAKES_PART
    asked = draw.random(size) < _PUPIL_IS_ASKED
    older = cohort.year[pupil] >= _OLDER_FROM_YEAR
    return {
        "school_id": np.full(size, cohort.school_id),
        "review_id": cohort.school_id * 1_000_000 + 1 + np.arange(size),
        "pupil_id": cohort.pupil_id[pupil],
        "cycle": cycle + 1,
        "date": _days(draw, cycle),
        "assess": _pick(draw, review_words.assess(), area),
        "plan": _pick(draw, review_words.plan(), area),
        "do": _pick(draw, review_words.do(), _how_much_took_place(cohort, provided)[pupil]),
        "review": _pick(draw, review_words.review(), outcome * len(_AREAS) + area),
        "outcome": Coded(outcome, _OUTCOMES),
        "pupil_view": _pick(draw, review_words.pupil_view(), outcome + len(_OUTCOMES) * older, asked),
        "parent_view": _pick(draw, review_words.parent_view(), outcome, parent),
        "parent_took_part": parent,
    }


def _measure(cohort: Cohort, pupil: Ints, area: Ints) -> Ints:
    """The measure by which each pupil's outcome is judged: the first of the area's that the pupil is tested on."""
    order = _ORDER_OF_MEASURES[area]
    first = np.argmax(cohort.tested[pupil[:, None], order], axis=1)
    measures: Ints = order[np.arange(len(pupil)), first]
    return measures


def _change(cohort: Cohort, pupil: Ints, measure: Ints, cycle: Ints) -> Floats:
    """The change since the last review: at first half of the true one to spring, then that of the score, if any."""
    step = np.minimum(np.maximum(cycle - 1, 0), 1)
    true = cohort.growth[pupil, measure, step] + cohort.effect[pupil, measure, step]
    seen = cohort.scores[pupil, measure, step + 1] - cohort.scores[pupil, measure, step]
    return np.where(cycle == 0, true / 2, np.where(np.isnan(seen), true, seen))


def _how_much_took_place(cohort: Cohort, provided: Provided) -> Ints:
    """By pupil: 0 most, 1 some, 2 few of the sessions planned beyond lessons took place; 3 where none were planned."""
    beyond = provided.beyond_lessons[provided.provision] if len(provided.offers) else np.zeros(0, dtype=bool)
    pupil = provided.pupil[beyond]
    planned = np.bincount(pupil, weights=provided.planned[beyond], minlength=cohort.size)
    given = np.bincount(pupil, weights=provided.delivered[beyond], minlength=cohort.size)
    share = given / np.maximum(planned, 1)
    return np.where(planned == 0, 3, np.where(share >= _MOST, 0, np.where(share >= _SOME, 1, 2)))


def _days(draw: np.random.Generator, cycle: Ints) -> np.ndarray:
    open_days = school_days()
    first, after = (
        np.searchsorted(open_days, np.array(days, dtype="datetime64[D]")) for days in zip(*_DAYS, strict=True)
    )
    luck = draw.random(len(cycle))
    return open_days[first[cycle] + (luck * (after - first)[cycle]).astype(np.int64)]


def _pick(draw: np.random.Generator, texts: Composed, case: Ints, there: np.ndarray | None = None) -> Coded:
    """A text by luck for each row among those of its case; no text where `there` is False."""
    within = len(texts.words) // texts.sizes[0]
    place = case * within + (draw.random(len(case)) * within).astype(np.int64)
    return Coded(place if there is None else np.where(there, place, -1), texts.words)
