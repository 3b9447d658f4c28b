"""The rule that turns cost, delivery and impact into one of four decisions, at its edges."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from senco_kit.provision.trust import figures, how_far
from senco_kit.provision.verdict import DECISIONS, Case, Decision, Rule, decide, verdicts
from senco_kit.standards.read import fact

WORKS = Case(24, 80.0, 1.0, 0.92, 24, effect=4.1, low=1.2, high=7.0, why="")


@pytest.mark.parametrize(
    ("change", "decision", "said"),
    [
        ({}, "keep", "4.1 points more than similar pupils without it (interval 1.2 to 7.0), with 92% of the planned"),
        ({"pupils": 4, "both_scores": 4}, "not enough evidence", "4 pupils had it, and fewer than 5 never support"),
        ({"pupils": 4, "share": 0.1}, "not enough evidence", "fewer than 5"),
        ({"both_scores": 4}, "not enough evidence", "Fewer than 5 pupils have both scores."),
        ({"share": 0.749}, "adapt", "Pupils had only 74% of their planned sessions"),
        ({"share": 0.75}, "keep", "with 75%"),
        ({"share": math.nan}, "keep", "(interval 1.2 to 7.0)."),
        ({"effect": math.nan, "low": math.nan, "high": math.nan, "why": "No test."}, "not enough evidence", "No test."),
        ({"low": 0.0}, "not enough evidence", "that can be nothing, or an effect worth having"),
        ({"low": -0.1, "effect": 0.5, "high": 2.99}, "stop", "even the upper end is under 3 points"),
        ({"low": -0.1, "effect": 0.5, "high": 3.0}, "not enough evidence", "can be nothing"),
        ({"low": -0.1, "effect": 0.5, "high": 2.99, "both_scores": 10}, "stop", "even the upper end"),
        ({"low": -0.1, "effect": 0.5, "high": 2.99, "both_scores": 9}, "not enough evidence", "too few to end it on"),
        ({"low": -0.1, "effect": 0.5, "high": 2.9, "share": math.nan}, "not enough evidence", "nobody recorded"),
        (
            {"low": -6.0, "effect": -4.0, "high": -2.0},
            "stop",
            "4.0 points less than similar pupils without it (interval −6.0",
        ),
        ({"low": 0.5, "effect": 1.5, "high": 2.5}, "adapt", "it does something, but less than 3 points"),
        ({"times_usual": 3.0}, "adapt", "£80 a pupil, 3.0 times the usual £27"),
        ({"times_usual": math.nan}, "keep", "4.1 points more"),
    ],
)
def test_decision(change: dict[str, float], decision: Decision, said: str) -> None:
    assert decide(replace(WORKS, **change))[0] == decision  # type: ignore[arg-type]
    assert said in decide(replace(WORKS, **change))[1]  # type: ignore[arg-type]


def test_the_rule_can_be_changed_in_one_place_and_says_its_own_figures() -> None:
    assert decide(WORKS, Rule(smallest_effect=8.0))[0] == "adapt"
    assert decide(WORKS, Rule(fewest_pupils=25))[0] == "not enough evidence"
    assert any("8 points" in line for line in Rule(smallest_effect=8.0).words())


def test_tables_of_different_provisions_are_refused() -> None:
    one, other = pd.DataFrame({"provision_id": [1]}), pd.DataFrame({"provision_id": [2]})
    with pytest.raises(ValueError, match="different provisions"):
        verdicts(one, other, one)


def test_the_page_can_say_how_far_to_trust_a_decision_on_any_size() -> None:
    assert {*DECISIONS} <= set(figures()["decisions"][0])
    for pupils in (5, 12, 30):
        assert "that truly added 3 points" in how_far(pupils)


def test_the_rule_uses_the_figures_of_the_register() -> None:
    assert fact("smallest-effect-worth-having").value == Rule.smallest_effect
    assert float(str(fact("delivered-enough").value)) == 100 * Rule.delivered_enough
