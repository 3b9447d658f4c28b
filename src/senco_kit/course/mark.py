"""Marking: an answer beside its key gives marks, a verdict, and feedback that says what to look at again.

Imports the standard library alone (and the kit's reading of typed numbers): it also runs where submissions are marked.
An answer may come from a damaged or hostile file, so anything that is not an answer counts as none.

The rule for partial marks: choose one and number, the worth of the option or slip; choose many and pick, (right ones
picked - wrong ones picked) / number right; order, 2 x (share of pairs in the right order) - 1; sharing out, the worths
of the rules met. Never below 0, and rounded down to quarters, so that only a right answer gets full marks.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from senco_kit.typed_numbers import number_typed

Verdict = Literal["right", "partly", "not yet", "no answer", "for your facilitator"]

#: The words that a page shows for a verdict.
VERDICT_WORDS: Mapping[str, str] = {
    "right": "Right",
    "partly": "Partly right",
    "not yet": "Not yet",
    "no answer": "No answer yet",
    "for your facilitator": "A person marks this one",
}

#: Amounts are compared to the penny.
_PENNY = 0.005

Key = Mapping[str, Any]


@dataclass(frozen=True)
class Marked:
    """What an answer earned. `says` are sentences of feedback, `look_again` ids of the lesson's sections."""

    marks: float
    out_of: float
    verdict: Verdict
    says: tuple[str, ...] = ()
    look_again: tuple[str, ...] = ()
    misconceptions: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As plain lists, numbers and words."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Marked:
        """From what `as_json` gave. Raises ValueError when it is something else."""
        try:
            lists = {
                name: tuple(str(each) for each in plain[name]) for name in ("says", "look_again", "misconceptions")
            }
            if plain["verdict"] not in VERDICT_WORDS:
                raise ValueError(f"There is no verdict {plain['verdict']!r}.")
            return cls(float(plain["marks"]), float(plain["out_of"]), plain["verdict"], **lists)
        except (KeyError, TypeError) as problem:
            raise ValueError("This is not a marked answer.") from problem


@dataclass(frozen=True)
class _Found:
    """How far an answer is right, from 0 to 1, with what to say of it: parts of the key with `says` and so on."""

    share: float
    said: Sequence[Mapping[str, Any]] = ()


def mark(key: Key, answer: object) -> Marked:
    """The marks and feedback of one answer, by the key of its question (see assignment.keys)."""
    out_of = float(key["marks"])
    if key["type"] == "free-text":
        written = isinstance(answer, str) and bool(answer.strip())
        return Marked(0.0, out_of, "for your facilitator" if written else "no answer")
    found = _JUDGES[key["type"]](key, answer)
    if found is None:
        return Marked(0.0, out_of, "no answer")
    share = min(max(found.share, 0.0), 1.0)
    if share > 1 - 1e-9:
        return Marked(out_of, out_of, "right", tuple(filter(None, [key.get("explains", "")])))
    said = [each for each in found.said if each.get("says")]
    says = tuple(dict.fromkeys(each["says"] for each in said)) or tuple(filter(None, [key.get("otherwise", "")]))
    again = [each.get("look_again") for each in said] if any(each.get("look_again") for each in said) else []
    return Marked(
        marks=math.floor(share * out_of * 4 + 1e-9) / 4,
        out_of=out_of,
        verdict="partly" if share > 0 else "not yet",
        says=says,
        look_again=tuple(dict.fromkeys(filter(None, [*again, key.get("look_again")]))),
        misconceptions=tuple(dict.fromkeys(filter(None, (each.get("misconception") for each in said)))),
    )


def _choose_one(key: Key, answer: object) -> _Found | None:
    if not isinstance(answer, str) or answer not in key["options"]:
        return None
    if answer in key["right"]:
        return _Found(1.0)
    said: Mapping[str, Any] = key["options"][answer] or next(
        (slip for slip in key["slips"] if answer in slip["answer"]), {}
    )
    return _Found(float(said.get("worth", 0.0)), [said])


def _choose_many(key: Key, answer: object) -> _Found | None:
    picked = _ids(answer, key["options"])
    if not picked:
        return None
    right = set(key["right"])
    wrong = picked - right
    said = [key["options"][each] for each in key["options"] if each in wrong or each in right - picked]
    said = [*(slip for slip in key["slips"] if wrong & set(slip["answer"])), *said]
    return _Found((len(picked & right) - len(wrong)) / len(right), said)


def _put_in_order(key: Key, answer: object) -> _Found | None:
    right = list(key["right"])
    if not isinstance(answer, list) or not all(isinstance(each, str) for each in answer):
        return None
    if sorted(answer) != sorted(right):
        return None
    place = {each: number for number, each in enumerate(answer)}
    pairs = list(itertools.combinations(right, 2))
    in_order = sum(place[first] < place[second] for first, second in pairs)
    said = [slip for slip in key["slips"] if list(slip["answer"]) == answer]
    return _Found(2 * in_order / len(pairs) - 1, said)


def _number(key: Key, answer: object) -> _Found | None:
    try:
        number = number_typed(answer) if isinstance(answer, str) else None
    except ValueError:
        return None
    if number is None:
        return None
    if abs(number - key["answer"]) <= key["tolerance"] + 1e-9:
        return _Found(1.0)
    for slip in key["slips"]:
        if abs(number - slip["answer"]) <= key["tolerance"] + 1e-9:
            return _Found(float(slip["worth"]), [slip])
    return _Found(0.0)


def _share_out(key: Key, answer: object) -> _Found | None:
    amounts = _amounts(answer, key["options"])
    if not amounts:
        return None
    met, broken = 0.0, []
    for rule in key["rules"]:
        total = sum(amounts.get(row, 0.0) for row in rule["rows"])
        low, high = rule["at_least"], rule["at_most"]
        if (low is None or total >= low - _PENNY) and (high is None or total <= high + _PENNY):
            met += rule["worth"]
        else:
            broken.append(rule)
    slips = [slip for slip in key["slips"] if {k: v for k, v in slip["answer"].items() if v} == amounts]
    return _Found(1.0 if not broken else min(met, 0.999), [*slips, *broken])


def _amounts(answer: object, rows: Sequence[str] | Mapping[str, Any]) -> dict[str, float]:
    """The amounts of a sharing-out by row, without those that are 0. Nothing when one is no number or below 0."""
    if not isinstance(answer, Mapping):
        return {}
    amounts: dict[str, float] = {}
    for row in rows:
        typed = answer.get(row, "")
        if not isinstance(typed, str):
            return {}
        if typed.strip():
            try:
                amounts[row] = number_typed(typed)
            except ValueError:
                return {}
    if any(amount < 0 for amount in amounts.values()):
        return {}
    return {row: amount for row, amount in amounts.items() if amount}


def _ids(answer: object, known: Mapping[str, Any]) -> set[str]:
    if not isinstance(answer, list):
        return set()
    return {each for each in answer if isinstance(each, str) and each in known}


_JUDGES = {
    "choose-one": _choose_one,
    "choose-many": _choose_many,
    "pick-pupils": _choose_many,
    "put-in-order": _put_in_order,
    "number": _number,
    "share-out": _share_out,
}
