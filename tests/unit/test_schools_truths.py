"""What is planted in a school, by seed, phase and size; and how truth.json tells it."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from senco_kit.schools.make import make_school
from senco_kit.schools.model import PHASES, Order, Phase, Truth
from senco_kit.schools.truths import (
    GROUPS,
    KINDS,
    OVER_IDENTIFIED,
    SMALLEST,
    UNDER_IDENTIFIED,
    draw_plan,
    truth_json,
)


def planned(phase: Phase, pupils: int, seed: int, *, every_truth: bool = False) -> set[str]:
    plan = asdict(draw_plan(Order(phase, pupils, seed), every_truth=every_truth))
    return {name.replace("_", "-") for name, value in plan.items() if value is not None and value is not False}


def test_the_plan_is_the_same_for_the_same_order_and_differs_between_seeds() -> None:
    plans = [draw_plan(Order("primary", 420, seed)) for seed in range(30)]
    assert plans == [draw_plan(Order("primary", 420, seed)) for seed in range(30)]
    assert len({tuple(asdict(plan).items()) for plan in plans}) > 25
    assert draw_plan(Order("primary", 420, 1, 1)) != draw_plan(Order("primary", 420, 1, 2))


def test_each_truth_is_planted_in_about_three_schools_of_four() -> None:
    found = [planned("primary", 420, seed) for seed in range(400)]
    for kind in SMALLEST:
        assert 0.65 < sum(kind in plan for plan in found) / len(found) < 0.85, kind


def test_every_truth_plants_all_that_suits_and_changes_nothing_else() -> None:
    assert planned("primary", 420, 1, every_truth=True) == set(SMALLEST)
    special = {kind for kind, (_, smallest) in SMALLEST.items() if smallest is not None}
    assert planned("special", 120, 1, every_truth=True) == special
    assert planned("primary", 10, 1, every_truth=True) == set()
    for seed in range(20):
        some, every = (draw_plan(Order("primary", 420, seed), every_truth=these) for these in (False, True))
        for name, value in asdict(some).items():
            assert value in (None, False, getattr(every, name)), name


def test_no_group_is_both_under_and_over_identified_and_both_lists_are_of_the_groups() -> None:
    assert set(UNDER_IDENTIFIED) | set(OVER_IDENTIFIED) == set(GROUPS)
    pairs = set()
    for seed in range(200):
        plan = draw_plan(Order("secondary", 1050, seed), every_truth=True)
        pairs.add((plan.under_identified, plan.over_identified))
    assert {under for under, _ in pairs} == set(UNDER_IDENTIFIED)
    assert {over for _, over in pairs} == set(OVER_IDENTIFIED)
    assert all(under != over for under, over in pairs)
    assert ("autumn-born pupils", "summer-born pupils") not in pairs


@pytest.mark.parametrize("phase", PHASES)
def test_truth_json_is_plain_and_in_the_order_of_the_kinds(phase: Phase) -> None:
    school = make_school(Order(phase, 420 if phase != "special" else 120, 3), every_truth=True)
    told = truth_json(school.truths)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    kinds = [truth["kind"] for truth in told]
    assert kinds == sorted(kinds, key=list(KINDS).index)
    assert set(kinds) - {"effect"} == planned(phase, school.order.pupils, 3, every_truth=True)
    assert all(truth["says"].endswith(".") and truth["rows"] for truth in told)


def test_truth_json_rounds_and_has_no_numbers_that_json_lacks() -> None:
    told = truth_json([Truth("effect", "Says.", {"pupils": (1, "a")}, {"third": 1 / 3, "none": float("nan"), "n": 2})])
    assert told[0]["about"] == {"third": 0.3333, "none": "nan", "n": 2}
    assert told[0]["rows"] == {"pupils": [1, "a"]}
