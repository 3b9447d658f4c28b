"""The budget lines of an invented school, which line pays for which provision, and what was spent in the year.

Only spending on inclusion is listed, so that most of the core budget is not. The notional SEN budget is a part of the
core budget, not money beside it. The amounts are assumptions for the INVENTED school (see datasets/README.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from senco_kit.schools import codes
from senco_kit.schools.adults import Adults
from senco_kit.schools.calendar import school_days
from senco_kit.schools.catalogue import THERAPIST, Offer
from senco_kit.schools.model import Bools, Coded, Cohort, Floats, Ints, Tables, Truth
from senco_kit.schools.provided import Provided

LINES, GROUPS, KINDS = tuple(codes.FUNDING_LINES), tuple(codes.PRIORITY_GROUPS), tuple(codes.SPENDING_KINDS)
_CORE, _NOTIONAL, _TOP_UP, _FUND, _PREMIUM = range(len(LINES))
_STAFF, _RESOURCES, _TRAINING, _BOUGHT_IN, _OTHER = range(len(KINDS))
_ALL, _SUPPORT, _PLANS, _DISADVANTAGED, _EAL, _LOW = range(len(GROUPS))

#: Whom each line is meant for, as places in GROUPS.
_MEANT_FOR = ((_ALL,), (_SUPPORT, _PLANS), (_SUPPORT, _PLANS), (_SUPPORT, _PLANS, _ALL), (_DISADVANTAGED,))
#: Whom a line is spent on when it is not spent on those it is meant for.
_WRONG_FOR = (
    (_SUPPORT, _LOW),
    (_LOW, _ALL, _EAL),
    (_LOW, _DISADVANTAGED),
    (_LOW, _DISADVANTAGED),
    (_ALL, _LOW, _SUPPORT),
)
_MEANT_FOR_WORDS = tuple(" and ".join(GROUPS[group] for group in groups) for groups in _MEANT_FOR)
#: Pounds a pupil: core budget up to Year 6, after it, and in special schools; top-up a plan; the fund of 2026.
_CORE_YOUNG, _CORE_OLDER, _CORE_SPECIAL = 5_300, 6_800, 10_000
_TOP_UP_MAINSTREAM, _TOP_UP_SPECIAL, _FUND_A_PUPIL = 5_500, 15_000, 48
#: Pounds a pupil of the pupil premium of 2025/26: up to Year 6, after it, in care, of service families.
_PREMIUM_YOUNG, _PREMIUM_OLDER, _PREMIUM_IN_CARE, _PREMIUM_SERVICE = 1_515, 1_075, 2_630, 350
_NOTIONAL_SHARE = 0.12
#: The part of each line that may go to provisions of the map; the rest pays for adults in class, training and so on.
_FOR_PROVISIONS = 0.6
_OTHER_ROWS = 12
#: How often other spending is for each of KINDS, summed up.
_UPTO_KIND = np.array([0.5, 0.66, 0.78, 0.92])
#: The part of what goes to others that goes to one and the same other group.
_TO_ONE_GROUP = 0.75
_FEWEST_ROWS = 6


def amounts(cohort: Cohort) -> Floats:
    """What each budget line (in the order of LINES) holds for the year, in whole pounds; 0 for none."""
    wobble = 0.88 + 0.24 * cohort.order.stream("budget").random(len(LINES))
    young, plans = cohort.year <= 6, int(np.count_nonzero(cohort.sen == 2))
    number_young = int(np.count_nonzero(young))
    special = cohort.order.phase == "special"
    core = cohort.size * _CORE_SPECIAL if special else number_young * _CORE_YOUNG
    core += 0 if special else (cohort.size - number_young) * _CORE_OLDER
    each = np.where(young, _PREMIUM_YOUNG, _PREMIUM_OLDER) * cohort.fsm_ever
    each = np.where(cohort.in_care, _PREMIUM_IN_CARE, np.maximum(each, _PREMIUM_SERVICE * cohort.service_child))
    core = core * wobble[_CORE]
    lines = [
        core,
        0 if special else core * _NOTIONAL_SHARE * wobble[_NOTIONAL],
        plans * (_TOP_UP_SPECIAL if special else _TOP_UP_MAINSTREAM) * wobble[_TOP_UP],
        0 if special else cohort.size * _FUND_A_PUPIL * wobble[_FUND],
        float(each.sum()),
    ]
    return np.round(np.array(lines, dtype=np.float64))


def hours_booked(offers: tuple[Offer, ...], groups: Ints, weeks: Ints) -> Floats:
    """Hours that are booked on a budget line for each provision: its sessions and their preparation.

    Teaching the whole class is paid for anyway, so that only the preparation is booked, once for all classes.
    """
    hours = [
        offer.sessions
        * (offer.preparation if offer.tier == "universal" else count * (offer.minutes + offer.preparation))
        for offer, count in zip(offers, groups.tolist(), strict=True)
    ]
    return np.array(hours, dtype=np.float64) * weeks / 60


def choose_lines(
    cohort: Cohort, draw: np.random.Generator, offers: tuple[Offer, ...], costs: Floats, members: list[Ints]
) -> Ints:
    """The line that pays for each provision: by who is in it, while the line has money, or else the core budget."""
    left = amounts(cohort) * _FOR_PROVISIONS
    luck = draw.random((len(offers), len(LINES)))
    lines = np.zeros(len(offers), dtype=np.int64)
    for place, offer in enumerate(offers):
        those = members[place]
        suits = np.zeros(len(LINES))
        if offer.tier != "universal":
            with_sen = float(np.mean(cohort.sen[those] > 0))
            suits[_NOTIONAL] = 0.4 + 0.6 * with_sen if with_sen >= 0.3 else 0
            suits[_TOP_UP] = 1.6 * np.mean(cohort.sen[those] == 2)
            suits[_PREMIUM] = 0.1 + 1.2 * np.mean(cohort.fsm_ever[those])
        suits[_FUND] = 0.5 if len(those) >= 10 else 0.2
        suits = np.where(left >= costs[place], suits + 0.6 * luck[place], -1)
        lines[place] = _CORE if suits.max() <= 0.7 else int(np.argmax(suits))
        left[lines[place]] -= costs[place]
    return lines


@dataclass(frozen=True)
class _Spending:
    """Spending, one row each: places in LINES and KINDS, pounds, days since 1970, a row of the provisions or -1."""

    line: Ints
    amount: Floats
    kind: Ints
    date: Ints
    provision: Ints


def tables(cohort: Cohort, adults: Adults, provided: Provided) -> Tables:
    """The budget and spending tables; adds the truth about a line spent on the wrong group where one is planted."""
    budget = amounts(cohort)
    draw = cohort.order.stream("spending")
    spending = _spending(draw, adults, provided, budget)
    wrong_line = _wrong_line(cohort, draw, spending.line)
    spent_for, right = _spent_for(cohort, draw, spending, wrong_line)
    spending_id = cohort.school_id * 1_000_000 + 1 + np.arange(len(spending.line))
    if wrong_line >= 0:
        cohort.truths.append(_tell_wrong_group(spending_id, spending, spent_for, right, wrong_line))
    held = np.flatnonzero(budget > 0)
    provision_id = cohort.school_id * 1_000 + 1.0 + spending.provision
    return {
        "budget": {
            "school_id": np.full(len(held), cohort.school_id),
            "funding_line": Coded(held, LINES),
            "amount": budget[held],
            "meant_for": Coded(held, _MEANT_FOR_WORDS),
        },
        "spending": {
            "school_id": np.full(len(spending.line), cohort.school_id),
            "spending_id": spending_id,
            "date": spending.date.astype("datetime64[D]"),
            "funding_line": Coded(spending.line, LINES),
            "amount": spending.amount,
            "kind": Coded(spending.kind, KINDS),
            "provision_id": np.where(spending.provision >= 0, provision_id, np.nan),
            "spent_for": Coded(spent_for, GROUPS),
        },
    }


def _spending(draw: np.random.Generator, adults: Adults, provided: Provided, budget: Floats) -> _Spending:
    """Every spending by date: the pay and resources of provisions, then what is left of each line in other spending."""
    known = _provision_spending(adults, provided)
    spent = np.bincount(known.line, weights=known.amount, minlength=len(LINES))
    other = _other_spending(draw, budget, spent.astype(np.float64))
    amount = np.concatenate([known.amount, other.amount])
    date = _on_a_school_day(np.concatenate([known.date, other.date]))
    there = np.flatnonzero(amount > 0)
    in_order = there[np.argsort(date[there], kind="stable")]
    return _Spending(
        np.concatenate([known.line, other.line])[in_order],
        amount[in_order],
        np.concatenate([known.kind, other.kind])[in_order],
        date[in_order],
        np.concatenate([known.provision, other.provision])[in_order],
    )


def _provision_spending(adults: Adults, provided: Provided) -> _Spending:
    """Pay for each provision, each half-term in which it runs, and its resources in its first week."""
    count = len(provided.offers)
    hours = hours_booked(provided.offers, provided.groups, provided.weeks)
    pay = np.round(hours * adults.hourly_cost[provided.adult])
    half_terms = np.where(provided.last_term - provided.first_term == 2, 6, 3)
    part = np.repeat(np.arange(count), half_terms)
    turn = np.arange(len(part)) - np.repeat(np.cumsum(half_terms) - half_terms, half_terms)
    each = np.floor(pay / half_terms)
    amount = each[part] + np.where(turn == 0, (pay - each * half_terms)[part], 0)
    days = (provided.end - provided.start)[part] * (turn + 1) // half_terms[part]
    bought_in = adults.with_roles(THERAPIST)[provided.adult][part]
    return _Spending(
        line=np.concatenate([provided.funding_line[part], provided.funding_line]),
        amount=np.concatenate([amount, np.round(provided.resources * provided.pupils)]),
        kind=np.concatenate([np.where(bought_in, _BOUGHT_IN, _STAFF), np.full(count, _RESOURCES)]),
        date=np.concatenate([provided.start[part] + days, provided.start + 2]),
        provision=np.concatenate([part, np.arange(count)]),
    )


def _other_spending(draw: np.random.Generator, budget: Floats, spent: Floats) -> _Spending:
    """Spending without a provision, so that 90 to 102 per cent of each line but the core budget is spent."""
    lines = np.flatnonzero(budget[1:] > 0) + 1
    used = 0.90 + 0.12 * draw.random(len(LINES))
    weights = 0.4 + draw.random((len(lines), _OTHER_ROWS))
    rest = np.maximum(budget * used - spent, 0)[lines]
    amount = np.floor(rest[:, None] * weights / weights.sum(axis=1, keepdims=True)).ravel()
    days = school_days().astype(np.int64)
    return _Spending(
        line=np.repeat(lines, _OTHER_ROWS),
        amount=amount,
        kind=np.searchsorted(_UPTO_KIND, draw.random(amount.size), side="right"),
        date=days[draw.integers(0, len(days), amount.size)],
        provision=np.full(amount.size, -1),
    )


def _on_a_school_day(date: Ints) -> Ints:
    days = school_days().astype(np.int64)
    return days[np.minimum(np.searchsorted(days, date), len(days) - 1)]


def _wrong_line(cohort: Cohort, draw: np.random.Generator, line: Ints) -> int:
    """Which line is spent on the wrong group, -1 for none.

    Never the notional SEN budget, which is a guide within the school's budget, nor the inclusive mainstream fund,
    which may pay for provision for all: nothing is wrong with spending either on other pupils.
    """
    luck = float(draw.random())
    if not cohort.plan.wrong_group:
        return -1
    large = [one for one in (_PREMIUM, _TOP_UP) if np.count_nonzero(line == one) >= _FEWEST_ROWS]
    return large[int(luck * len(large))] if large else -1


def _spent_for(cohort: Cohort, draw: np.random.Generator, spending: _Spending, wrong_line: int) -> tuple[Ints, Bools]:
    """Whom each spending was for, as places in GROUPS, and whether that is whom its line is meant for.

    By amount 8 to 20 per cent of a line goes to others, as happens in any school; 65 per cent or more where planted.
    """
    size = len(spending.line)
    order, share, which, other = draw.permutation(size), draw.random(len(LINES)), draw.random(size), draw.random(size)
    with_sen = max(int(np.count_nonzero(cohort.sen > 0)), 1)
    has_plan = which < np.count_nonzero(cohort.sen == 2) / with_sen
    spent_for, right = np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
    for line in range(1, len(LINES)):
        mine = order[spending.line[order] == line]
        upto = np.cumsum(spending.amount[mine])
        total = spending.amount[mine].sum()
        if line == wrong_line:  # the row that passes the share is astray too
            astray = upto - spending.amount[mine] < (0.65 + 0.13 * share[line]) * total
        else:
            astray = upto <= (0.08 + 0.12 * share[line]) * total
        meant, wrong = np.array(_MEANT_FOR[line]), np.array(_WRONG_FOR[line])
        of_meant = meant[has_plan[mine].astype(np.int64) % len(meant)]
        # What goes astray goes mostly to one other group.
        main = wrong[int(share[0] * len(wrong))]
        of_wrong = np.where(which[mine] < _TO_ONE_GROUP, main, wrong[(other[mine] * len(wrong)).astype(np.int64)])
        spent_for[mine] = np.where(astray, of_wrong, of_meant)
        right[mine] = ~astray
    return spent_for, right


def _tell_wrong_group(spending_id: Ints, spending: _Spending, spent_for: Ints, right: Bools, wrong_line: int) -> Truth:
    amount, mine = spending.amount, spending.line == wrong_line
    total, astray = float(amount[mine].sum()), float(amount[mine & ~right].sum())
    most = int(np.argmax(np.bincount(spent_for[mine & ~right], weights=amount[mine & ~right], minlength=len(GROUPS))))
    name, meant = LINES[wrong_line], _MEANT_FOR_WORDS[wrong_line]
    return Truth(
        "wrong-group",
        f"{astray / total:.0%} of what was spent from the line '{name}' was not for {meant}; most of it was for "
        f"{GROUPS[most]}.",
        {"spending": tuple(spending_id[mine & ~right].tolist()), "budget": (name,)},
        {
            "funding_line": name,
            "meant_for": meant,
            "spent": total,
            "spent_on_others": astray,
            "share_on_others": astray / total,
            "mostly_for": GROUPS[most],
        },
    )
