"""One of four decisions on each provision, by a stated rule, with the reason in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import pandas as pd

from senco_kit.in_figures import interval, percent, pounds
from senco_kit.provision.cost import beside_others
from senco_kit.provision.data import FEWEST_PUPILS
from senco_kit.provision.delivery import THREE_QUARTERS

Decision = Literal["keep", "adapt", "stop", "not enough evidence"]
DECISIONS: Final[tuple[Decision, ...]] = get_args(Decision)


@dataclass(frozen=True)
class Rule:
    """The figures of the rule, in one place.

    `smallest_effect` is in points of standard score (15 = 1 standard deviation), `delivered_enough` a share of planned
    sessions, `dear` how many times the usual cost a pupil of its kind makes a provision dear.
    """

    fewest_pupils: int = FEWEST_PUPILS
    #: A handful of unlucky results can hold a small group's interval down: provision is not ended on so few.
    fewest_to_stop: int = 10
    delivered_enough: float = THREE_QUARTERS
    smallest_effect: float = 3.0
    dear: float = 3.0

    def words(self) -> tuple[str, ...]:
        """The rule as people see it beside the decisions, in the order in which it is applied."""
        enough, smallest = f"{self.delivered_enough:.0%}", f"{self.smallest_effect:g} points"
        return (
            f"Fewer than {self.fewest_pupils} pupils: not enough evidence, whatever the figures say.",
            f"Less than {enough} of the planned sessions reached the pupils: adapt. Find out why before judging it.",
            "No comparison with similar pupils: not enough evidence.",
            f"The whole interval above 0: keep; but adapt it where it lies under {smallest}, or where a pupil's place "
            f"costs {self.dear:g} times as much as usual for its kind.",
            f"The whole interval under {smallest}, the smallest effect worth having, delivered, and "
            f"{self.fewest_to_stop} pupils or more with both scores: stop.",
            "Otherwise the interval is too wide to tell a worthwhile effect from none: not enough evidence.",
        )


def verdicts(costs: pd.DataFrame, delivery: pd.DataFrame, impact: pd.DataFrame, rule: Rule = Rule()) -> pd.DataFrame:
    """A row for each provision, in the order and with the index of `costs`: school_id, provision_id, decision (a
    `Decision`), reason (one plain sentence with its figures).

    The three tables are those of costs(), delivery() and impact() for the same provisions in the same order; ValueError
    where they are not.
    """
    for other in (delivery, impact):
        if not (costs["provision_id"].to_numpy() == other["provision_id"].to_numpy()).all():
            raise ValueError("The costs, delivery and impact belong to different provisions: work out all three again.")
    beside = beside_others(costs)
    cases = zip(
        costs["pupils"].to_numpy(int).tolist(),
        costs["cost_per_pupil"].to_numpy(float).tolist(),
        beside["times_usual"].to_numpy(float).tolist(),
        delivery["share"].to_numpy(float).tolist(),
        impact["both_scores"].to_numpy(int).tolist(),
        impact["effect"].to_numpy(float).tolist(),
        impact["effect_low"].to_numpy(float).tolist(),
        impact["effect_high"].to_numpy(float).tolist(),
        impact["why"].tolist(),
        strict=True,
    )
    decided = [decide(Case(*case), rule) for case in cases]
    return pd.DataFrame(
        {
            "school_id": costs["school_id"],
            "provision_id": costs["provision_id"],
            "decision": pd.Categorical([decision for decision, _ in decided], categories=list(DECISIONS)),
            "reason": pd.array([reason for _, reason in decided], dtype="str"),
        },
        index=costs.index,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """What the rule looks at in one provision. `share`, `effect` and its ends are NaN where not known."""

    pupils: int
    cost_per_pupil: float
    times_usual: float
    share: float
    both_scores: int
    effect: float
    low: float
    high: float
    why: str


def decide(case: Case, rule: Rule = Rule()) -> tuple[Decision, str]:
    """The decision on one provision and the reason for it, a sentence."""
    if case.pupils < rule.fewest_pupils:
        number = "No pupil" if case.pupils == 0 else "1 pupil" if case.pupils == 1 else f"{case.pupils} pupils"
        return "not enough evidence", f"{number} had it, and fewer than {rule.fewest_pupils} never support a verdict."
    if case.share < rule.delivered_enough:
        had = f"Pupils had only {percent(case.share)} of their planned sessions"
        return "adapt", f"{had}: find out why (sessions cancelled, or pupils away) before judging it."
    if case.effect != case.effect or case.both_scores < rule.fewest_pupils:
        return "not enough evidence", case.why or f"Fewer than {rule.fewest_pupils} pupils have both scores."
    found = _found(case)
    if case.low > 0:
        return _works(case, rule, found)
    if case.high >= rule.smallest_effect:
        return "not enough evidence", f"{found}: that can be nothing, or an effect worth having."
    too_little = (
        f"{found}: even the upper end is under {rule.smallest_effect:g} points, the smallest effect worth having"
    )
    if case.share != case.share:
        return "not enough evidence", f"{too_little}, but nobody recorded whether the sessions were given."
    if case.both_scores < rule.fewest_to_stop:
        return (
            "not enough evidence",
            f"{too_little}, but fewer than {rule.fewest_to_stop} pupils are too few to end it on.",
        )
    return "stop", f"{too_little}, and {percent(case.share)} of the planned sessions were given."


def _works(case: Case, rule: Rule, found: str) -> tuple[Decision, str]:
    if case.high < rule.smallest_effect:
        return "adapt", f"{found}: it does something, but less than {rule.smallest_effect:g} points."
    if case.times_usual >= rule.dear:
        usual = case.cost_per_pupil / case.times_usual
        dear = (
            f"{pounds(case.cost_per_pupil)} a pupil, {case.times_usual:.1f} times the usual {pounds(usual)} of its kind"
        )
        return "adapt", f"{found}, but it costs {dear}: look for a way to give it for less."
    delivered = "" if case.share != case.share else f", with {percent(case.share)} of the planned sessions given"
    return "keep", f"{found}{delivered}."


def _found(case: Case) -> str:
    more = "more" if case.effect >= 0 else "less"
    gained = f"gained {abs(case.effect):.1f} points {more} than similar pupils without it"
    return f"Its {case.both_scores} pupils with both scores {gained} (interval {interval(case.low, case.high)})"
