"""Marks by the stated rule, for each of the seven types, and feedback that fits; damaged answers count as none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from senco_kit.course import assignment, read
from senco_kit.course.mark import Marked, mark

SCHOOL = "exercise-primary-420-1"


@pytest.fixture(scope="module")
def keys() -> dict[str, dict[str, Any]]:
    module = read.module("1-small", Path(__file__).parent / "small_course")
    return assignment.keys(module, SCHOOL)


def _picked(key: dict[str, Any], right: int, wrong: int) -> list[str]:
    others = [each for each in key["options"] if each not in key["right"]]
    return [*key["right"][:right], *others[:wrong]]


@pytest.mark.parametrize(
    ("question", "answer", "marks", "verdict", "says"),
    [
        ("choose", "blue", 2, "right", ()),
        ("choose", "red", 0, "not yet", ("Red is warm.",)),
        ("choose", "teal", 1, "partly", ("Nearly.",)),
        ("tick", ["one", "two"], 4, "right", ()),
        ("tick", ["two", "one"], 4, "right", ()),
        ("tick", ["one"], 2, "partly", ("Two was missed.",)),
        ("tick", ["one", "two", "six"], 2, "partly", ("Six is too many.",)),
        ("tick", ["one", "six"], 0, "not yet", ("Two was missed.", "Six is too many.")),
        ("tick", ["one", "two", "six", "ten"], 0, "not yet", ("Six is too many.", "Ten is too many.")),
        ("tick", ["ten"], 0, "not yet", ("One was missed.", "Two was missed.", "Ten is too many.")),
        ("order", ["assess", "plan", "do", "review"], 3, "right", ()),
        # One neighbouring pair is swapped: 5 of 6 pairs stand right, so 2 x 5/6 - 1 = 2/3 of 3 marks.
        ("order", ["plan", "assess", "do", "review"], 2, "partly", ("Look at the cycle.",)),
        ("order", ["review", "do", "plan", "assess"], 0, "not yet", ("That is backwards.",)),
        ("share", {"reading": "600", "maths": "£400"}, 4, "right", ()),
        ("share", {"reading": "1,000"}, 4, "right", ()),
        ("share", {"reading": "599.99", "maths": "0"}, 1, "partly", ("Reading needs more.",)),
        ("share", {"reading": "900", "maths": "101"}, 3, "partly", ("That is more than there is.",)),
        ("share", {"maths": "1000"}, 1, "partly", ("All to maths.", "Reading needs more.")),
        ("write", "Much.", 0, "for your facilitator", ()),
    ],
)  # fmt: skip
def test_marks_and_feedback(
    keys: dict[str, Any], question: str, answer: object, marks: float, verdict: str, says: tuple[str, ...]
) -> None:
    got = mark(keys[question], answer)
    assert (got.marks, got.verdict, set(got.says)) == (marks, verdict, set(says))


def test_a_number_is_right_within_its_tolerance_and_a_known_slip_earns_its_worth(keys: dict[str, Any]) -> None:
    key = keys["count"]
    right, within = key["answer"], key["tolerance"]
    assert within == pytest.approx(right / 100)
    assert mark(key, f"{right + within * 0.99:.4f}").verdict == "right"
    assert mark(key, f"{right + within * 1.01:.4f}").verdict == "not yet"
    slip = mark(key, "420")
    assert (slip.marks, slip.says, slip.misconceptions) == (0.75, ("That is everyone.",), ("more-is-better",))
    assert mark(key, "3").says == ("Count again.",)
    assert mark(key, str(right)).says == ("Yes.",)


def test_picking_is_marked_by_right_less_wrong_picks(keys: dict[str, Any]) -> None:
    key = keys["pick"]
    number = len(key["right"])
    assert mark(key, list(key["right"])).verdict == "right"
    assert mark(key, _picked(key, number, 1)).marks == int(4 * (number - 1) / number * 4) / 4
    assert mark(key, _picked(key, 2, 2)).marks == 0
    assert mark(key, _picked(key, 1, 1)).says == ("Some of these have no SEN support.",)
    assert mark(key, _picked(key, 1, 0)).says == ("Look at the last column.",)


def test_a_part_of_the_marks_is_never_rounded_up_to_all_of_them(keys: dict[str, Any]) -> None:
    key = keys["pick"] | {"right": [str(each) for each in range(100)], "options": {str(n): {} for n in range(101)}}
    assert mark(key, [str(each) for each in range(99)]).marks == 3.75


@pytest.mark.parametrize("question", ["choose", "tick", "count", "pick", "order", "share", "write"])
@pytest.mark.parametrize(
    "answer",
    [
        None,
        "",
        " ",
        [],
        {},
        7,
        True,
        ["x"],
        {"x": "1"},
        {"reading": 5},
        {"reading": "-5"},
        [["a"]],
        "nan",
        "1e3",
        [None],
    ],
    ids=repr,
)
def test_what_is_no_answer_earns_nothing_and_breaks_nothing(
    keys: dict[str, Any], question: str, answer: object
) -> None:
    got = mark(keys[question], answer)
    assert got.marks == 0
    if not (question == "write" and answer in ("nan", "1e3")):
        assert got.verdict == "no answer"


def test_an_order_of_other_things_that_read_the_same_is_no_answer(keys: dict[str, Any]) -> None:
    key = keys["order"] | {"right": ["1", "2"], "slips": []}
    assert mark(key, ["1", "2"]).verdict == "right"
    for odd in ([1, 2], ["1", 2], [True, "2"]):
        assert mark(key, odd).verdict == "no answer"


def test_a_marked_answer_survives_json() -> None:
    marked = Marked(1.5, 3.0, "partly", ("Look again.",), ("first",), ("more-is-better",))
    assert Marked.from_json(marked.as_json()) == marked
    for damaged in ({}, marked.as_json() | {"verdict": "splendid"}, marked.as_json() | {"says": None}):
        with pytest.raises(ValueError, match=r"marked answer|verdict"):
            Marked.from_json(damaged)
