"""Judging what a learner makes of an invented school: each answer beside what is true there, with a reason.

A reading of a provision is one of the four decisions of `verdict`; a reading of another question names what was planted
(a group, a class, an adult...), or says that there is nothing (`NONE`) or that one cannot tell (`UNSURE`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from senco_kit.in_figures import interval, known, percent, points
from senco_kit.provision.verdict import DECISIONS, Decision, Rule
from senco_kit.schools.model import Truth

Mark = Literal["right", "partly", "missed", "not answered"]

#: The answers that name nothing: there is none, and one cannot tell.
NONE, UNSURE = "none", "unsure"

#: A provision with fewer pupils is too small to ask a learner about, and nobody answers for more than so many.
FEWEST_PUPILS: Final = 8
MOST_PROVISIONS: Final = 12

_RULE: Final = Rule()

#: A true effect of fewer points of standard score is next to none. It is the kit's own, as are the figures of `Rule`.
NEXT_TO_NONE: Final = 1.0


@dataclass(frozen=True)
class Readings:
    """The readings of a provision that fit what is true of it, and those that are partly right."""

    right: frozenset[Decision]
    partly: frozenset[Decision]


@dataclass(frozen=True)
class Judged:
    """An answer beside the truth: its mark, what is true, and why the answer fits or does not (both sentences)."""

    mark: Mark
    so: str
    why: str


def _readings(right: Iterable[Decision], partly: Iterable[Decision]) -> Readings:
    return Readings(frozenset(right), frozenset(partly))


#: The readings of a provision in which something was planted, by kind.
_PLANTED: Final[Mapping[str, Readings]] = {
    "does-nothing": _readings(["stop"], ["adapt", "not enough evidence"]),
    "chosen-on-low-score": _readings(["stop", "not enough evidence"], ["adapt"]),
    "under-delivered": _readings(["adapt"], ["keep", "not enough evidence"]),
    "cost-outlier": _readings(["adapt", "stop"], ["not enough evidence"]),
}

#: Which figure of a truth's `about` names it, by kind.
_NAMED_BY: Final[Mapping[str, str]] = {
    "under-identified": "group",
    "over-identified": "group",
    "absence-explains": "class_name",
    "teaching-not-pupils": "class_name",
    "attached-adult": "staff_id",
    "training-gap": "SENtype",
    "cost-outlier": "provision_id",
    "wrong-group": "funding_line",
}
_OF_GROUPS: Final = ("under-identified", "over-identified")


def larger(provisions: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The provisions to ask a learner about: those with FEWEST_PUPILS or more, the largest first, at most
    MOST_PROVISIONS. Each is a row with `pupils`."""
    enough = [row for row in provisions if row["pupils"] >= FEWEST_PUPILS]
    return sorted(enough, key=lambda row: -int(row["pupils"]))[:MOST_PROVISIONS]


def readings_of_provision(effect: float | None, share: float, rule: Rule = _RULE) -> Readings:
    """The readings that fit a provision in which nothing was planted.

    `effect` is its mean true effect in points of standard score, None where no test fits what it is for; `share` is how
    much of what was planned its pupils were given. Limits are those of `rule`, by which the kit itself judges.

    >>> sorted(readings_of_provision(5.0, 0.9).right), sorted(readings_of_provision(5.0, 0.5).right)
    (['keep'], ['adapt'])
    """
    if effect is None:
        return _readings(["not enough evidence"], ["keep", "adapt"])
    if share < rule.delivered_enough:
        return _readings(["adapt"], ["keep", "not enough evidence"])
    if effect >= rule.smallest_effect:
        return _readings(["keep"], ["adapt", "not enough evidence"])
    if effect >= NEXT_TO_NONE:
        return _readings(["adapt", "not enough evidence"], ["keep", "stop"])
    return _readings(["stop"], ["adapt", "not enough evidence"])


def judge_provision(row: Mapping[str, Any], answer: str, truths: Sequence[Truth], rule: Rule = _RULE) -> Judged:
    """A learner's reading of one provision beside the truth. An empty answer is "not answered".

    `row` has provision_id, measure, and effect, effect_low, effect_high as the kit worked them out (NaN where it could
    not); `truths` are those of the school, the true effect of each provision among them.
    """
    provision_id = int(row["provision_id"])
    about = next(
        (one.about for one in truths if one.kind == "effect" and one.about["provision_id"] == provision_id), {}
    )
    planted = next((one for one in truths if one.kind in _PLANTED and provision_id in _provisions_of(one)), None)
    effect = _number(about.get("mean_true_effect")) if known(row["measure"]) else None
    share = _number(about.get("mean_delivered_share"))
    so = "No test fits what it is for." if effect is None else f"True effect: {points(effect)} points on average."
    if share is not None:
        so += f" {percent(share)} of its sessions were given."
    if planted is None:
        fitting = readings_of_provision(effect, 1.0 if share is None else share, rule)
    else:
        so, fitting = f"{planted.says} {so}", _PLANTED[planted.kind]
    mark = _mark(answer, fitting)
    return Judged(mark, so, _why(answer, mark, fitting, row))


def judge_other(kind: str, answer: str, truths: Iterable[Truth]) -> Judged:
    """A learner's answer to a question on one kind of truth (not on a provision). An empty answer is "not answered".

    The answer is NONE, UNSURE, or what `names` gives for the truth that the learner believes in.
    """
    truths = list(truths)
    planted = [each for each in truths if each.kind == kind]
    if not planted:
        return _where_nothing_is(answer)
    so = " ".join(each.says for each in planted)
    if not answer:
        return Judged("not answered", so, "")
    if answer in {name for each in planted for name in names(each)}:
        return Judged("right", so, "You found it.")
    if answer == UNSURE:
        return Judged("partly", so, "Holding back is fair. It was there, but it is hard to see in data.")
    if answer == NONE:
        says = "It was there. Some of these hardly show in data. What else could you have asked, and whom?"
        return Judged("missed", so, says)
    if kind in _OF_GROUPS and any(answer in names(each) for each in truths if each.kind in _OF_GROUPS):
        return Judged("partly", so, "This group does stand out, but in the other direction.")
    return Judged(
        "missed", so, "It was elsewhere. What you saw may be chance, or something that hangs together with it."
    )


def names(truth: Truth) -> set[str]:
    """The answers that name this truth."""
    name = _NAMED_BY.get(truth.kind)
    found = {str(truth.about[name])} if name is not None and name in truth.about else set()
    return found | {str(each) for each in _provisions_of(truth)} if truth.kind == "cost-outlier" else found


def _where_nothing_is(answer: str) -> Judged:
    so = "Nothing of this kind was planted here."
    if not answer:
        return Judged("not answered", so, "")
    if answer == NONE:
        return Judged("right", so, "You saw that there is nothing to see. That is hard.")
    if answer == UNSURE:
        return Judged("partly", so, "Holding back was fair: no pattern stands out, because there is none.")
    return Judged("missed", so, "Chance makes patterns too, above all in small groups. Ask how large this one is.")


def _mark(answer: str, fitting: Readings) -> Mark:
    if not answer:
        return "not answered"
    return "right" if answer in fitting.right else "partly" if answer in fitting.partly else "missed"


def _why(answer: str, mark: Mark, fitting: Readings, row: Mapping[str, Any]) -> str:
    seen = ""
    if known(row["effect"]):
        bounds = interval(float(row["effect_low"]), float(row["effect_high"]))
        seen = f" The data showed {points(float(row['effect']))} ({bounds})."
    if mark == "right":
        return f"Your reading fits.{seen}"
    wanted = " or ".join(decision for decision in DECISIONS if decision in fitting.right)
    why = f"Knowing the truth, one would say: {wanted}.{seen}"
    if mark == "partly":
        return f"{'Careful, and that is fair' if answer == 'not enough evidence' else 'Close'}. {why}"
    return f"{why} Look again at the sessions given and at the interval." if mark == "missed" else why


def _provisions_of(truth: Truth) -> set[int]:
    ids = {int(each) for each in truth.rows.get("provisions", ())}
    return ids | ({int(truth.about["provision_id"])} if "provision_id" in truth.about else set())


def _number(value: Any) -> float | None:
    return float(value) if known(value) else None
