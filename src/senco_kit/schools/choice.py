"""Which provisions of the catalogue an invented school has, for how many pupils, and what is planted in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.catalogue import Offer, offers
from senco_kit.schools.model import MEASURES, Bools, Cohort, Floats, Ints

DOES_NOTHING, UNDER_DELIVERED, CHOSEN_ON_LOW_SCORE = "does-nothing", "under-delivered", "chosen-on-low-score"
OUTLIER = "cost-outlier"
#: Provisions with many pupils that truly work: every school of WORKS_FROM pupils has two, to compare the others with.
WORKS = "works"
WORKS_FROM = 300

#: How many pupils a planted provision has, from and to. The fewest that a truth can be told about are the first ones.
_PUPILS_OF_PLANTED = {
    DOES_NOTHING: (29, 36),
    UNDER_DELIVERED: (29, 36),
    CHOSEN_ON_LOW_SCORE: (27, 34),
    WORKS: (31, 38),
    OUTLIER: (6, 8),
}
#: Fewest pupils with a score with which a truth is planted.
FEWEST = {DOES_NOTHING: 24, UNDER_DELIVERED: 20, CHOSEN_ON_LOW_SCORE: 20, WORKS: 24, OUTLIER: 5}

#: A provision with many pupils needs so many who could be in it, so that others are left to compare with.
_PUPILS_LEFT_OVER = 100
_TARGETED_PUPILS, _ONE_TO_ONE_PUPILS = (6, 20), (3, 8)
#: Beside planted provisions a school has so many others at least.
_UNPLANTED_AT_LEAST = 6
#: Measures on which the school's whole bottom end is seen, so that pupils can be chosen for a low score.
_TESTED_IN_CLASS = ("reading", "maths", "language")


@dataclass(frozen=True)
class Choice:
    """A provision that the school gives: for about so many pupils, and what is planted in it, if anything."""

    offer: Offer
    pupils: int
    planted: str | None = None


def choose(cohort: Cohort) -> list[Choice]:
    """The school's provisions, in the order of the catalogue: planted ones, and others by area and tier."""
    draw = cohort.order.stream("choice")
    on_offer = offers(cohort.order.phase)
    pools = np.array([np.count_nonzero(could_be_in(cohort, offer)) for offer in on_offer])
    luck = draw.random(len(on_offer))
    planted = _plant(cohort, on_offer, pools, luck)
    wanted = max(_how_many(cohort, draw), len(planted) + _UNPLANTED_AT_LEAST * (len(planted) > 0))
    taken = [*planted, *_others(on_offer, pools, luck, set(planted), wanted - len(planted))]
    size = draw.random(len(on_offer))
    return [
        Choice(
            on_offer[place],
            _pupils(cohort, on_offer[place], planted.get(place), float(size[place])),
            planted.get(place),
        )
        for place in sorted(taken)
    ]


def could_be_in(cohort: Cohort, offer: Offer) -> Bools:
    """The pupils who could be in a provision: of its years, and tested on its measure where it has one."""
    first, last = offer.years
    those: Bools = (cohort.year >= first) & (cohort.year <= last)
    if offer.measure:
        measure = MEASURES.index(offer.measure)
        those &= cohort.tested[:, measure] & ~np.isnan(cohort.scores[:, measure, 0])
    return those


def _how_many(cohort: Cohort, draw: np.random.Generator) -> int:
    """Provisions in all: 12 to 16 in a primary of 420, 18 to 24 in a secondary of 1,050, fewer in small schools."""
    if cohort.order.phase == "special":
        middle = min(3 + cohort.size / 14, 14)
    elif cohort.size < 420:
        middle = 2 + cohort.size / 35
    else:
        middle = min(14 + (cohort.size - 420) / 90, 26)
    return max(2, round(middle + (draw.random() * 4 - 2) * min(1.0, cohort.size / 200)))


def _plant(cohort: Cohort, on_offer: tuple[Offer, ...], pools: Ints, luck: Floats) -> dict[int, str]:
    """Which provision gets which planted part: those for many pupils, on different measures if can be."""
    plan = cohort.plan
    parts = [WORKS] if cohort.size >= WORKS_FROM and cohort.order.phase != "special" else []
    parts = [CHOSEN_ON_LOW_SCORE] * plan.chosen_on_low_score + [DOES_NOTHING] * plan.does_nothing + parts
    parts += [UNDER_DELIVERED] * plan.under_delivered + parts[-1:] * (WORKS in parts)
    planted: dict[int, str] = {}
    used = dict.fromkeys(MEASURES, 0)
    small: Floats = (pools < _PUPILS_LEFT_OVER) - np.minimum(pools / 200, 1.0)
    for part in parts:
        fits = [
            place
            for place, offer in enumerate(on_offer)
            if offer.may_be_popular and not offer.outlier and place not in planted and pools[place] >= 2 * FEWEST[part]
            if part != CHOSEN_ON_LOW_SCORE or offer.measure in _TESTED_IN_CLASS
        ]
        if fits:
            best = min(fits, key=lambda place: luck[place] + used[on_offer[place].measure or ""] + small[place])
            planted[best] = part
            used[on_offer[best].measure or ""] += 1
    if plan.cost_outlier:
        dear = [place for place, offer in enumerate(on_offer) if offer.outlier and pools[place] >= 15]
        if dear:
            planted[min(dear, key=lambda place: luck[place])] = OUTLIER
    return planted


def _others(on_offer: tuple[Offer, ...], pools: Ints, luck: Floats, planted: set[int], wanted: int) -> list[int]:
    """The unplanted provisions: by luck, but two in ten for everyone, a quarter specialist, and every area has some."""
    free = [
        place
        for place in np.argsort(luck, kind="stable").tolist()
        if not on_offer[place].outlier and place not in planted and pools[place] >= 2
    ]
    total = wanted + len(planted)
    tiers = {"universal": max(1, round(total * 0.15)), "specialist": round(total * 0.28)}
    taken: list[int] = []
    for tier, number in tiers.items():
        taken += _spread_over_areas(on_offer, [place for place in free if on_offer[place].tier == tier], number)
    taken = taken[: max(wanted, 1)]
    left = [place for place in free if on_offer[place].tier == "targeted"]
    taken += _spread_over_areas(on_offer, left, max(wanted - len(taken), 0))
    more = [place for place in free if place not in taken and on_offer[place].tier == "specialist"]
    return taken + more[: max(wanted - len(taken), 0)]


def _spread_over_areas(on_offer: tuple[Offer, ...], places: list[int], number: int) -> list[int]:
    """The first so many of these, taken from each area in turn."""
    turns: list[tuple[int, int, int]] = []
    seen = dict.fromkeys(codes.AREAS, 0)
    for order, place in enumerate(places):
        area = on_offer[place].area
        turns.append((seen[area], order, place))
        seen[area] += 1
    return [place for _, _, place in sorted(turns)][:number]


def _pupils(cohort: Cohort, offer: Offer, planted: str | None, luck: float) -> int:
    if planted:
        low, high = _PUPILS_OF_PLANTED[planted]
    elif offer.group_size == 1 or offer.tier == "specialist":
        low, high = _ONE_TO_ONE_PUPILS
    else:
        low, high = _TARGETED_PUPILS
    smallest = 0.6 if cohort.order.phase == "special" else 0.2
    scale = 1.0 if planted else min(max(cohort.size / 420, smallest), 2.0) ** 0.5
    return max(1, round((low + (high - low) * luck) * scale))
