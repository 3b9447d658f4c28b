"""Learners whose answers, and so whose marks, are known; and what they send. Marks are predicted without the engine."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import linprog

from senco_kit.course import assignment, read
from senco_kit.marking.cohort import Cohort
from senco_kit.marking.handing_in import Assignment, read_package, zip_to_send

#: A module with all seven types of question, made for tests.
SMALL_COURSE = Path(__file__).resolve().parents[1] / "unit" / "small_course"
SMALL = "1-small"

Plain = dict[str, Any]
Known = tuple[dict[str, Any], dict[str, float]]


def released(cohort: Cohort, module: str) -> Assignment:
    """The assignment as a learner gets it, from the zip that was handed out."""
    data = (cohort.folder.to_hand_out() / f"{module}_{cohort.name}.zip").read_bytes()
    return Assignment(*read_package(data))


def keys_of(cohort: Cohort, module: str, folder: Path) -> dict[str, Plain]:
    return assignment.keys(read.module(module, folder), cohort.about.school)


def sent(cohort: Cohort, module: str, learner: str, answers: Mapping[str, Any]) -> tuple[str, bytes]:
    return zip_to_send(released(cohort, module), learner, answers)


def perfect(package: Plain, keys: Mapping[str, Plain]) -> Known:
    """Answers that are all right, and full marks for all that the kit marks."""
    answers, marks = {}, {}
    for question in package["questions"]:
        key = keys[question["id"]]
        answers[question["id"]] = _right(question, key)
        marks[question["id"]] = 0.0 if question["type"] == "free-text" else float(question["marks"])
    return answers, marks


def empty(package: Plain, keys: Mapping[str, Plain]) -> Known:
    """No answers, and no marks."""
    return {}, {question["id"]: 0.0 for question in package["questions"]}


def mistaken(package: Plain, keys: Mapping[str, Plain]) -> Known:
    """The first answer to each question that a misconception leads to, and what it is worth."""
    answers, marks = {}, {}
    for question in package["questions"]:
        answer, share = _wrong(question, keys[question["id"]])
        answers[question["id"]] = answer
        marks[question["id"]] = math.floor(max(share, 0.0) * question["marks"] * 4 + 1e-9) / 4
    return answers, marks


def _right(question: Plain, key: Plain) -> Any:
    match question["type"]:
        case "choose-one":
            return key["right"][0]
        case "choose-many" | "pick-pupils" | "put-in-order":
            return list(key["right"])
        case "number":
            return repr(float(key["answer"]))
        case "share-out":
            return _shares(key)
    return "A cause outside the pupil, and a next step.\n\n**Not bold.** <b>Not HTML.</b>"


def _shares(key: Plain) -> dict[str, str]:
    """Amounts that keep every rule, found as the answer to its inequalities."""
    rows = list(key["options"])
    above, limits = [], []
    for rule in key["rules"]:
        line = np.array([1.0 if row in rule["rows"] else 0.0 for row in rows])
        if rule["at_most"] is not None:
            above.append(line)
            limits.append(rule["at_most"])
        if rule["at_least"] is not None:
            above.append(-line)
            limits.append(-rule["at_least"])
    found = linprog(np.ones(len(rows)), A_ub=np.array(above), b_ub=np.array(limits), bounds=[(0, None)] * len(rows))
    assert found.success, key["id"]
    return {row: f"{amount + 0.001:.2f}" for row, amount in zip(rows, found.x, strict=True)}


def _wrong(question: Plain, key: Plain) -> tuple[Any, float]:
    if question["type"] == "free-text":
        return "", 0.0
    slips = [slip for slip in key["slips"] if slip["misconception"]]
    match question["type"]:
        case "choose-one":
            wrong = next((each for each, said in key["options"].items() if said and said["misconception"]), None)
            return (wrong, key["options"][wrong]["worth"]) if wrong else (slips[0]["answer"][0], slips[0]["worth"])
        case "choose-many":
            wrong = [each for each, said in key["options"].items() if said and said["misconception"]]
            wrong = [each for each in wrong if each not in key["right"]] or list(slips[0]["answer"])
            return wrong[:1], 0.0
        case "pick-pupils" if slips:
            return list(slips[0]["answer"]), _picked(slips[0]["answer"], key["right"])
        case "put-in-order" if slips:
            return list(slips[0]["answer"]), 2 * _pairs(slips[0]["answer"], key["right"]) - 1
        case "number" if slips:
            return repr(float(slips[0]["answer"])), slips[0]["worth"]
        case "share-out":
            return _broken(key)
    return "", 0.0  # every slip of this question is the right answer in this school


def _picked(picked: list[str], right: list[str]) -> float:
    good = len(set(picked) & set(right))
    return (good - (len(set(picked)) - good)) / len(right)


def _pairs(order: list[str], right: list[str]) -> float:
    pairs = [(a, b) for place, a in enumerate(right) for b in right[place + 1 :]]
    return sum(order.index(a) < order.index(b) for a, b in pairs) / len(pairs)


def _broken(key: Plain) -> tuple[dict[str, str], float]:
    """Amounts that break the first rule with a misconception: far too much, or nothing where something must be."""
    rows = list(key["options"])
    rule = next(rule for rule in key["rules"] if rule["misconception"])
    amounts = {row: float(amount) for row, amount in _shares(key).items()}
    if rule["at_most"] is not None:
        amounts[rule["rows"][0]] += rule["at_most"] + 1000
    else:
        amounts |= dict.fromkeys(rule["rows"], 0.0)
        other = next((row for row in rows if row not in rule["rows"]), rule["rows"][0])
        amounts[other] += 1.0
    met = 0.0
    for each in key["rules"]:
        total = sum(amounts[row] for row in each["rows"])
        low, high = each["at_least"], each["at_most"]
        met += each["worth"] * ((low is None or total >= low - 0.004) and (high is None or total <= high + 0.004))
    return {row: f"{amount:.2f}" for row, amount in amounts.items()}, met
