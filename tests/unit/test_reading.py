"""How a learner's reading of an invented school is judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from senco_kit.provision.reading import (
    FEWEST_PUPILS,
    MOST_PROVISIONS,
    judge_other,
    judge_provision,
    larger,
    names,
    readings_of_provision,
)
from senco_kit.provision.verdict import Rule
from senco_kit.schools.model import Truth

NAN = float("nan")
ROW: Mapping[str, Any] = {
    "provision_id": 7,
    "measure": "reading",
    "effect": 2.5,
    "effect_low": -1.0,
    "effect_high": 6.0,
}


def true_effect(effect: float, share: float) -> Truth:
    return Truth("effect", "", {}, {"provision_id": 7, "mean_true_effect": effect, "mean_delivered_share": share})


@pytest.mark.parametrize(
    ("kind", "effect", "share", "right", "missed"),
    [
        ("does-nothing", 0.0, 0.9, "stop", "keep"),
        ("under-delivered", 3.5, 0.4, "adapt", "stop"),
        ("chosen-on-low-score", 0.0, 0.9, "not enough evidence", "keep"),
        ("cost-outlier", 4.0, 0.9, "adapt", "keep"),
        ("", 5.0, 0.9, "keep", "stop"),
        ("", 5.0, 0.5, "adapt", "stop"),
        ("", 0.2, 0.9, "stop", "keep"),
        ("", 2.0, 0.9, "not enough evidence", ""),
    ],
)
def test_a_reading_of_a_provision_beside_the_truth(
    kind: str, effect: float, share: float, right: str, missed: str
) -> None:
    truths = [true_effect(effect, share)]
    if kind:
        truths.append(Truth(kind, "It was planted.", {"provisions": (7,)}))
    found = judge_provision(ROW, right, truths)
    assert found.mark == "right"
    assert ("It was planted." in found.so) == bool(kind)
    assert "+2.5 (−1.0 to 6.0)" in found.why
    if missed:
        assert judge_provision(ROW, missed, truths).mark == "missed"
        assert "Look again" in judge_provision(ROW, missed, truths).why


def test_what_is_planted_in_another_provision_does_not_count() -> None:
    truths = [
        Truth("effect", "", {}, {"provision_id": 8, "mean_true_effect": 0.0, "mean_delivered_share": 0.1}),
        true_effect(5.0, 0.9),
        Truth("does-nothing", "Another does nothing.", {"provisions": (8,)}),
    ]
    found = judge_provision(ROW, "keep", truths)
    assert (found.mark, found.so) == ("right", "True effect: +5.0 points on average. 90% of its sessions were given.")


def test_holding_back_is_fair_and_no_answer_is_not_a_wrong_one() -> None:
    truths = [true_effect(5.0, 0.9)]
    assert judge_provision(ROW, "not enough evidence", truths).why.startswith("Careful, and that is fair.")
    assert judge_provision(ROW, "adapt", truths).why.startswith("Close.")
    unanswered = judge_provision(ROW, "", truths)
    assert unanswered.mark == "not answered"
    assert unanswered.why == "Knowing the truth, one would say: keep. The data showed +2.5 (−1.0 to 6.0)."


def test_where_no_test_fits_nothing_can_be_told() -> None:
    row = {**ROW, "measure": NAN, "effect": NAN, "effect_low": NAN, "effect_high": NAN}
    found = judge_provision(row, "not enough evidence", [true_effect(5.0, 0.9)])
    assert (found.mark, found.why) == ("right", "Your reading fits.")
    assert found.so.startswith("No test fits")
    assert judge_provision(row, "keep", []).mark == "partly"


def test_the_limits_are_those_of_the_rule() -> None:
    at = Rule()
    assert readings_of_provision(at.smallest_effect, at.delivered_enough).right == {"keep"}
    assert readings_of_provision(at.smallest_effect, at.delivered_enough - 0.01).right == {"adapt"}
    assert "keep" in readings_of_provision(at.smallest_effect - 0.1, 1.0).partly
    strict = Rule(smallest_effect=5.0, delivered_enough=0.9)
    assert readings_of_provision(4.0, 1.0, strict).right == {"adapt", "not enough evidence"}
    assert readings_of_provision(6.0, 0.8, strict).right == {"adapt"}


@pytest.mark.parametrize(
    ("planted", "answer", "mark", "why"),
    [
        ("5B", "5B", "right", "You found it."),
        ("5B", "4A", "missed", "It was elsewhere."),
        ("5B", "unsure", "partly", "It was there, but it is hard to see in data."),
        ("5B", "none", "missed", "What else could you have asked, and whom?"),
        ("", "none", "right", "nothing to see"),
        ("", "unsure", "partly", "no pattern stands out"),
        ("", "4A", "missed", "Chance makes patterns too"),
        ("5B", "", "not answered", ""),
        ("", "", "not answered", ""),
    ],
)
def test_another_answer_beside_the_truth(planted: str, answer: str, mark: str, why: str) -> None:
    truths = [Truth("absence-explains", "In 5B, it is absence.", {}, {"class_name": planted})] if planted else []
    found = judge_other("absence-explains", answer, [*truths, Truth("attached-adult", "Other.", {}, {"staff_id": 4})])
    assert found.mark == mark
    assert why in found.why
    assert bool(found.why) == (mark != "not answered")
    assert found.so == ("In 5B, it is absence." if planted else "Nothing of this kind was planted here.")


def test_a_group_that_stands_out_in_the_other_direction_is_partly_right() -> None:
    under = Truth("under-identified", "Girls are missed.", {}, {"group": "girls with autism"})
    over = Truth("over-identified", "Too many summer-born.", {}, {"group": "summer-born pupils"})
    assert judge_other("under-identified", "summer-born pupils", [under, over]).mark == "partly"
    assert judge_other("under-identified", "pupils with EAL", [under, over]).mark == "missed"


def test_a_truth_is_named_by_its_figure_and_a_dear_provision_by_its_number() -> None:
    assert names(Truth("attached-adult", "", {}, {"staff_id": 1003})) == {"1003"}
    assert names(Truth("cost-outlier", "", {"provisions": (3,)}, {"provision_id": 4})) == {"3", "4"}
    assert names(Truth("does-nothing", "", {"provisions": (3,)})) == set()


def test_learners_are_asked_about_the_larger_provisions_only() -> None:
    rows = [{"provision_id": number, "pupils": number} for number in range(30)]
    asked = larger(rows)
    assert [row["pupils"] for row in asked] == list(range(29, 29 - MOST_PROVISIONS, -1))
    assert [row["pupils"] for row in larger(rows[: FEWEST_PUPILS + 2])] == [FEWEST_PUPILS + 1, FEWEST_PUPILS]
