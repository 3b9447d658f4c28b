"""Which pupils are in each provision of an invented school, and in which group.

Pupils are chosen on what a school can see (need, SEN status, the autumn score, free school meals) and by chance. Others
like them are left over, so that a fair comparison can be made.
"""

from __future__ import annotations

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.catalogue import Offer
from senco_kit.schools.choice import CHOSEN_ON_LOW_SCORE, DOES_NOTHING, Choice, could_be_in
from senco_kit.schools.model import MEASURES, Bools, Cohort, Floats, Ints
from senco_kit.schools.training import AREA_OF_NEED

_AREAS = tuple(codes.AREAS)
#: The largest part of the pupils who could be in a provision that is: others like them have to be left to compare with.
_LARGEST_PART, _LARGEST_PART_PLANTED = 0.3, 0.5

# How much each thing that a school sees weighs when it chooses pupils, beside one for 15 points of score.
_FOR_NEED, _FOR_SEN, _FOR_PLAN, _FOR_FSM, _FOR_CLASS = 1.2, 0.5, 0.3, 0.2, 2.6
_FOR_SEN_IF_SPECIALIST = 1.0
_LESS_FOR_ANOTHER, _LESS_FOR_SAME_MEASURE = 0.5, 1.6
_CHANCE, _OTHER_REASON, _FOR_OTHER_REASON = 0.9, 0.08, 2.2
_LUCK_OF_LOW_SCORES = 3.0  # points of score
#: Whole-class provision is for two years, or for one where two are more pupils than this.
_MANY_PUPILS = 150
_NEVER = -1e9
_ALONE = 9


def choose_members(cohort: Cohort, draw: np.random.Generator, chosen: list[Choice]) -> list[Ints]:
    """The pupils of each provision. Those chosen on a low score come first, then the planted ones, then the rest."""
    members: list[Ints] = [np.zeros(0, dtype=np.int64)] * len(chosen)
    taken = np.zeros(cohort.size)
    taken_on = np.zeros((cohort.size, len(MEASURES) + 1))
    seen = _what_a_school_sees(cohort)
    luck = draw.standard_normal((len(chosen), cohort.size))
    other_reason = draw.random((len(chosen), cohort.size)) < _OTHER_REASON
    years = draw.random(len(chosen))
    order = sorted(range(len(chosen)), key=lambda place: (chosen[place].planted or "~", place))
    for place in order:
        choice, offer = chosen[place], chosen[place].offer
        if offer.tier == "universal":
            members[place] = _whole_years(cohort, offer, years[place])
            continue
        possible, likely = could_be_in(cohort, offer), _how_low(cohort, offer)
        measure = MEASURES.index(offer.measure) if offer.measure else -1
        if choice.planted == CHOSEN_ON_LOW_SCORE:
            possible &= cohort.sen == 0
            likely = likely + _LUCK_OF_LOW_SCORES / 15 * luck[place]
        else:
            fits = (AREA_OF_NEED[cohort.need] == _AREAS.index(offer.area)) & (cohort.need >= 0)
            likely = likely + seen + _FOR_NEED * fits
            likely += _CHANCE * luck[place] + _FOR_OTHER_REASON * other_reason[place]
            likely -= _LESS_FOR_ANOTHER * taken + _LESS_FOR_SAME_MEASURE * taken_on[:, measure]
            if offer.tier == "specialist":
                likely += _FOR_SEN_IF_SPECIALIST * (cohort.sen > 0)
                possible &= fits | (offer.measure is not None)
        those = _likeliest(likely, possible, choice)
        members[place] = those
        taken[those] += 1
        # Where the truth is that nothing happened, nobody gets another provision for the same measure.
        alone = choice.planted in (CHOSEN_ON_LOW_SCORE, DOES_NOTHING)
        taken_on[those, measure] += _ALONE if alone else offer.measure is not None
    return members


def _how_low(cohort: Cohort, offer: Offer) -> Floats:
    """How far each pupil's autumn score on the measure is under 100, in units of 15 points; 0 without a measure."""
    if offer.measure is None:
        return np.zeros(cohort.size)
    low: Floats = (100 - cohort.scores[:, MEASURES.index(offer.measure), 0]) / 15
    return low


def _likeliest(likely: Floats, possible: Bools, choice: Choice) -> Ints:
    """The pupils for whom it is likeliest: as many as the provision is for, but no more than a part of the possible."""
    count = int(np.count_nonzero(possible))
    part = _LARGEST_PART_PLANTED if choice.planted else _LARGEST_PART if choice.offer.measure else 1.0
    most = min(choice.pupils, int(np.ceil(count * part)))
    return np.sort(np.argsort(-np.where(possible, likely, _NEVER), kind="stable")[:most])


def _what_a_school_sees(cohort: Cohort) -> Floats:
    """How likely each pupil is to be chosen for anything, beside need and score."""
    likely: Floats = _FOR_SEN * (cohort.sen > 0) + _FOR_PLAN * (cohort.sen == 2) + _FOR_FSM * cohort.fsm_ever
    for truth in cohort.truths:
        if truth.kind == "teaching-not-pupils":
            likely = likely + _FOR_CLASS * np.isin(cohort.pupil_id, truth.rows["pupils"])
    return likely


def _whole_years(cohort: Cohort, offer: Offer, luck: float) -> Ints:
    """Everyone in two years in a row of those that the provision is for; in one year where that is many pupils."""
    there = np.unique(cohort.year[(cohort.year >= offer.years[0]) & (cohort.year <= offer.years[1])])
    if not len(there):
        return np.zeros(0, dtype=np.int64)
    first = int(luck * max(len(there) - 1, 1))
    those = np.flatnonzero(np.isin(cohort.year, there[first : first + 2]))
    return those if len(those) <= _MANY_PUPILS else those[cohort.year[those] == there[first]]


def put_in_groups(cohort: Cohort, chosen: list[Choice], members: list[Ints]) -> tuple[list[Ints], Ints]:
    """The group of each pupil from 1, filled in the order of years and classes, and each provision's group size."""
    groups: list[Ints] = []
    sizes: list[int] = []
    for choice, those in zip(chosen, members, strict=True):
        if choice.offer.tier == "universal":
            _, group, counts = np.unique(cohort.school_class[those], return_inverse=True, return_counts=True)
            groups.append(group.astype(np.int64) + 1)
            sizes.append(int(counts.max()))
            continue
        size = choice.offer.group_size
        in_order = np.lexsort((those, cohort.school_class[those], cohort.year[those]))
        group = np.empty(len(those), dtype=np.int64)
        group[in_order] = np.arange(len(those)) // size + 1
        groups.append(group)
        sizes.append(size)
    return groups, np.array(sizes, dtype=np.int64)
