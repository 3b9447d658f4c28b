"""The provision map of an invented school: what is given, to whom, by whom, how much of it, and what it truly does.

Pupils are chosen on what a school can see (need, SEN status, the autumn score, free school meals) and by chance, so
that the average gain of those in a provision misleads. What a provision truly adds to a pupil's score is its full
effect, by the share of planned sessions that the pupil was given (the first ones count for more), a little more or less
by pupil. Everything is written down in datasets/README.md.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from senco_kit.schools import codes, money
from senco_kit.schools.adults import ROLES, Adults
from senco_kit.schools.calendar import HALF_TERMS, school_days
from senco_kit.schools.catalogue import STAND_INS, Offer
from senco_kit.schools.choice import CHOSEN_ON_LOW_SCORE, DOES_NOTHING, OUTLIER, UNDER_DELIVERED, WORKS, Choice, choose
from senco_kit.schools.members import choose_members, put_in_groups
from senco_kit.schools.model import MEASURES, TERMS, Coded, Cohort, Columns, Floats, Ints, Tables
from senco_kit.schools.provided import Provided
from senco_kit.schools.provision_truths import effects_told, enrolment_ids, planted_told

AREAS, TIERS = tuple(codes.AREAS), tuple(codes.TIERS)
_AUTUMN, _SPRING, _SUMMER = range(len(TERMS))
#: How strongly the first sessions count: at a share s delivered, (1 - e^-s) / (1 - e^-1) of the full effect is there.
_SATURATION = 1.0
_VARIATION_BY_PUPIL = 0.15


def make_provisions(cohort: Cohort, adults: Adults) -> Provided:
    """Choose provisions, fill them, give them, and add what they truly do to `cohort.effect`."""
    chosen = choose(cohort)
    draw = cohort.order.stream("provisions")
    first, last, weeks, start, end = _when(draw, chosen)
    members = choose_members(cohort, draw, chosen)
    kept = [place for place, pupils in enumerate(members) if len(pupils)]
    chosen, members = [chosen[place] for place in kept], [members[place] for place in kept]
    first, last, weeks, start, end = (column[kept] for column in (first, last, weeks, start, end))
    offers = tuple(choice.offer for choice in chosen)

    pupils = np.array([len(those) for those in members], dtype=np.int64)
    provision = np.repeat(np.arange(len(offers)), pupils)
    pupil = np.concatenate([*members, np.zeros(0, dtype=np.int64)]).astype(np.int64)
    group, group_size = put_in_groups(cohort, chosen, members)
    groups = np.array([those.max() for those in group], dtype=np.int64)
    sessions, minutes = _numbers(offers, "sessions"), _numbers(offers, "minutes")
    hours = groups * sessions * minutes / 60
    adult = _givers(draw, adults, chosen, hours)

    planned = (sessions * weeks).astype(np.int64)[provision]
    delivered = _deliver(cohort, draw, chosen, first, last, provision, pupil, planned)
    full_effect = _full_effects(draw, chosen)
    effect = _true_effects(draw, full_effect[provision], delivered / planned)

    resources = np.round(_numbers(offers, "resources") * (0.8 + 0.5 * draw.random(len(offers))), 2)
    cost = adults.hourly_cost[adult] * minutes / 60 * sessions * weeks / group_size + resources
    booked = money.hours_booked(offers, groups, weeks) * adults.hourly_cost[adult] + resources * pupils
    provided = Provided(
        offers=offers,
        planted=tuple(choice.planted for choice in chosen),
        provision_id=cohort.school_id * 1_000 + 1 + np.arange(len(offers)),
        adult=adult,
        measure=np.array([MEASURES.index(offer.measure) if offer.measure else -1 for offer in offers], dtype=np.int64),
        group_size=group_size,
        weeks=weeks,
        resources=resources,
        first_term=first,
        last_term=last,
        start=start,
        end=end,
        funding_line=money.choose_lines(cohort, draw, offers, booked, members),
        full_effect=full_effect,
        pupils=pupils,
        groups=groups,
        weekly_hours=hours,
        cost_per_pupil=cost,
        provision=provision,
        pupil=pupil,
        group=np.concatenate([*group, np.zeros(0, dtype=np.int64)]).astype(np.int64),
        planned=planned,
        delivered=delivered,
        effect=effect,
    )
    _add_effects(cohort, provided)
    return provided


def tables(cohort: Cohort, provided: Provided) -> Tables:
    """The provisions and enrolments tables; adds the truths about them, which are told by who has both scores."""
    cohort.truths.extend(effects_told(cohort, provided) + planted_told(cohort, provided))
    return {"provisions": _provisions_table(cohort, provided), "enrolments": _enrolments_table(cohort, provided)}


@lru_cache(maxsize=1)
def _school_weeks() -> tuple[Ints, Ints]:
    """Monday and last school day of every week with four school days or more (days since 1970)."""
    days = school_days().astype(np.int64)
    _, first, counts = np.unique(days - (days + 3) % 7, return_index=True, return_counts=True)
    whole = counts >= 4
    return days[first][whole], days[first + counts - 1][whole]


@lru_cache(maxsize=1)
def _weeks_of_windows() -> tuple[tuple[int, int], tuple[int, int]]:
    """First week after the autumn tests and after the spring tests, each with the first too late for the next."""
    starts = _school_weeks()[0]
    days = [np.datetime64(day).astype(np.int64) for day in ("2025-09-29", "2026-02-01", "2026-02-09", "2026-06-13")]
    after_autumn, before_spring, after_spring, before_summer = np.searchsorted(starts, days)
    return (int(after_autumn), int(before_spring)), (int(after_spring), int(before_summer))


def _when(draw: np.random.Generator, chosen: list[Choice]) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """First and last term, weeks, first and last day of each provision. Planted ones, and most, start in autumn."""
    autumn, spring = _weeks_of_windows()
    luck = draw.random((2, len(chosen)))
    weeks = _numbers(tuple(choice.offer for choice in chosen), "weeks").astype(np.int64)
    long = weeks > 15
    planted = np.array([choice.planted is not None for choice in chosen], dtype=bool)
    in_spring = ~long & ~planted & (luck[0] < 0.3)
    weeks = np.where(long, weeks, weeks - 1 + (luck[1] * 3).astype(np.int64))
    begins = np.where(in_spring, spring[0], autumn[0])
    ends = np.where(in_spring | long, spring[1], autumn[1])
    weeks = np.minimum(weeks, ends - begins)
    first = np.where(in_spring, _SPRING, _AUTUMN)
    last = np.where(in_spring | long, _SUMMER, _SPRING)
    mondays, fridays = _school_weeks()
    return first, last, weeks, mondays[begins], fridays[begins + weeks - 1]


def _givers(draw: np.random.Generator, adults: Adults, chosen: list[Choice], hours: Floats) -> Ints:
    """Who gives each provision: one of the usual role with room in the week, else a stand-in, else who has most."""
    room = adults.room_for_provision()
    luck = draw.random((len(chosen), adults.size))
    givers = np.zeros(len(chosen), dtype=np.int64)
    for place in np.argsort(-hours, kind="stable"):
        offer, choice_luck = chosen[place].offer, luck[place]
        if offer.tier == "universal":
            teachers = np.flatnonzero(adults.with_roles("teacher"))
            givers[place] = teachers[int(choice_luck[0] * len(teachers))]
            continue
        for role in (offer.role, *STAND_INS):
            able = (adults.role == ROLES.index(role)) & (room >= hours[place])
            if able.any():
                givers[place] = int(np.argmax(np.where(able, choice_luck, -1)))
                break
        else:
            givers[place] = int(np.argmax(room))
        room[givers[place]] -= hours[place]
    return givers


def _deliver(
    cohort: Cohort,
    draw: np.random.Generator,
    chosen: list[Choice],
    first: Ints,
    last: Ints,
    provision: Ints,
    pupil: Ints,
    planned: Ints,
) -> Ints:
    """Sessions that each pupil was really given: those that took place, less those that the pupil missed."""
    took_place = 0.80 + 0.18 * draw.random(len(chosen))
    for place, choice in enumerate(chosen):
        if choice.planted in (DOES_NOTHING, WORKS, CHOSEN_ON_LOW_SCORE, OUTLIER):
            took_place[place] = 0.94 + 0.3 * (took_place[place] - 0.80)
        elif choice.planted == UNDER_DELIVERED:
            took_place[place] = 0.41 + 0.6 * (took_place[place] - 0.80)
    by_half = cohort.attendance.reshape(cohort.size, 2, len(HALF_TERMS) // 2).mean(axis=2)
    there = np.column_stack([by_half, by_half.mean(axis=1)])
    window = np.where(last - first == 2, 2, first)
    chance = np.clip(took_place[provision] * there[pupil, window[provision]], 0, 1)
    return draw.binomial(planned, chance)


def _full_effects(draw: np.random.Generator, chosen: list[Choice]) -> Floats:
    """What each provision adds when every session is given, in points of standard score."""
    luck = draw.random(len(chosen))
    effects = np.zeros(len(chosen))
    for place, choice in enumerate(chosen):
        low, high = choice.offer.effect
        if choice.planted in (DOES_NOTHING, CHOSEN_ON_LOW_SCORE):
            low, high = 0.0, 0.0
        elif choice.planted == WORKS:
            low, high = 5.0, 7.0
        elif choice.planted == UNDER_DELIVERED:
            low, high = 6.0, 7.0
        effects[place] = round(low + (high - low) * float(luck[place]), 1)
    return effects


def _true_effects(draw: np.random.Generator, full_effect: Floats, share: Floats) -> Floats:
    """What each enrolment adds to the pupil's score, from the full effect and the share of sessions delivered."""
    effect: Floats = full_effect * (1 - np.exp(-_SATURATION * share)) / (1 - np.exp(-_SATURATION))
    return effect * np.maximum(1 + _VARIATION_BY_PUPIL * draw.standard_normal(len(effect)), 0)


def _add_effects(cohort: Cohort, provided: Provided) -> None:
    """Add each enrolment's effect to its measure: between its two tests, in two halves where it runs over both."""
    measured = provided.measure[provided.provision] >= 0
    pupil, provision = provided.pupil[measured], provided.provision[measured]
    first, last = provided.first_term[provision], provided.last_term[provision]
    half = provided.effect[measured] / (last - first)
    place = pupil * len(MEASURES) + provided.measure[provision]
    for step in (0, 1):
        during = (first <= step) & (last > step)
        added = np.bincount(place[during], weights=half[during], minlength=cohort.size * len(MEASURES))
        cohort.effect[:, :, step] += added.reshape(cohort.size, len(MEASURES))


def _numbers(offers: tuple[Offer, ...], field: str) -> Floats:
    return np.array([getattr(offer, field) for offer in offers], dtype=np.float64)


def _provisions_table(cohort: Cohort, provided: Provided) -> Columns:
    offers = provided.offers
    whole = {
        name: _numbers(offers, field).astype(np.int64)
        for name, field in (("minutes", "minutes"), ("preparation_minutes", "preparation"))
    }
    return {
        "school_id": np.full(len(offers), cohort.school_id),
        "provision_id": provided.provision_id,
        "name": Coded(np.arange(len(offers)), tuple(offer.name for offer in offers)),
        "area": Coded(np.array([AREAS.index(offer.area) for offer in offers], dtype=np.int64), AREAS),
        "tier": Coded(np.array([TIERS.index(offer.tier) for offer in offers], dtype=np.int64), TIERS),
        "measure": Coded(provided.measure, MEASURES),
        "staff_id": cohort.school_id * 1_000 + 1 + provided.adult,
        "group_size": provided.group_size,
        "sessions_per_week": _numbers(offers, "sessions"),
        "minutes": whole["minutes"],
        "weeks": provided.weeks,
        "preparation_minutes": whole["preparation_minutes"],
        "resources_per_pupil": provided.resources,
        "first_term": Coded(provided.first_term, TERMS),
        "last_term": Coded(provided.last_term, TERMS),
        "start_date": provided.start.astype("datetime64[D]"),
        "end_date": provided.end.astype("datetime64[D]"),
        "funding_line": Coded(provided.funding_line, money.LINES),
    }


def _enrolments_table(cohort: Cohort, provided: Provided) -> Columns:
    provision, pupil = provided.provision, provided.pupil
    measure = provided.measure[provision]
    entry = cohort.scores[pupil, measure, provided.first_term[provision]]
    exit_ = cohort.scores[pupil, measure, provided.last_term[provision]]
    return {
        "school_id": np.full(len(pupil), cohort.school_id),
        "enrolment_id": enrolment_ids(cohort, provided),
        "provision_id": provided.provision_id[provision],
        "pupil_id": cohort.pupil_id[pupil],
        "group": provided.group,
        "planned_sessions": provided.planned,
        "delivered_sessions": provided.delivered,
        "entry_date": provided.start[provision].astype("datetime64[D]"),
        "entry_score": np.where(measure >= 0, entry, np.nan),
        "exit_date": provided.end[provision].astype("datetime64[D]"),
        "exit_score": np.where(measure >= 0, exit_, np.nan),
    }
