"""What the pictures of cost against effect show: the provisions, in the order in which all of them are numbered."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from senco_kit.charts.scale import Scale, scale_for, scale_with_room
from senco_kit.in_figures import interval, points, pounds

if TYPE_CHECKING:
    import pandas as pd

#: The decisions in the order in which the pictures show them, each with the style that draws it.
DECISIONS = {"keep": "keep", "adapt": "adapt", "stop": "stop", "not enough evidence": "not-enough"}

#: The decisions as a heading says them.
IN_WORDS = {"keep": "Keep", "adapt": "Adapt", "stop": "Stop", "not enough evidence": "Not enough evidence"}


@dataclass(frozen=True)
class ProvisionEffect:
    """One provision as the pictures show it.

    Costs are pounds a year; the effect and its 95% interval are points of standard score, None where there is no
    comparison to take them from, and then `why_not` says why.
    """

    name: str
    decision: str
    cost: float | None
    cost_per_pupil: float | None
    pupils: int
    measure: str = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    why_not: str = ""

    @property
    def is_told(self) -> bool:
        """Whether there is an effect with an interval, and a cost to set it against."""
        return None not in (self.effect, self.low, self.high, self.cost_per_pupil)


@dataclass(frozen=True)
class Told:
    """A provision with an effect and an interval, and its number in the picture."""

    number: int
    name: str
    decision: str
    style: str
    cost: float
    pupils: int
    measure: str
    effect: float
    low: float
    high: float


@dataclass(frozen=True)
class EffectPlot:
    """What both pictures draw: the numbered provisions in order, those that cannot be told, and the axes.

    `cost` is the straight axis of the bars, `across` that of the points, which may be stretched.
    """

    told: tuple[Told, ...]
    not_told: tuple[ProvisionEffect, ...]
    cost: Scale
    across: Scale
    effect: Scale
    worth_having: float

    def of(self, decision: str) -> list[Told]:
        """The numbered provisions with this decision."""
        return [each for each in self.told if each.decision == decision]

    def decisions(self) -> list[str]:
        """The decisions that at least one numbered provision has, in their order."""
        return [decision for decision in DECISIONS if self.of(decision)]


def effects_from(by_provision: pd.DataFrame) -> list[ProvisionEffect]:
    """The provisions as the pictures show them, from rows of `whole_map.by_provision`: all, or those of a filter."""
    return [
        ProvisionEffect(
            name=words(row["name"]),
            decision=words(row["decision"]),
            cost=figure(row["cost"]),
            cost_per_pupil=figure(row["cost_per_pupil"]),
            pupils=int(row["pupils"]),
            measure=words(row["measure"]),
            effect=figure(row["effect"]),
            low=figure(row["effect_low"]),
            high=figure(row["effect_high"]),
            why_not=words(row["why"]) or words(row["reason"]),
        )
        for row in by_provision.to_dict("records")
    ]


def plot_of(effects: Iterable[ProvisionEffect], worth_having: float) -> EffectPlot:
    """Number the provisions by decision and, within one, from the dearest down, and fit the axes to them.

    `worth_having` is the smallest effect worth having, in points of standard score.
    """
    ordered = sorted(effects, key=lambda each: (_place(each.decision), -(each.cost_per_pupil or 0), each.name))
    told = tuple(_numbered(number, each) for number, each in enumerate((one for one in ordered if one.is_told), 1))
    return EffectPlot(
        told,
        tuple(each for each in ordered if not each.is_told),
        scale_for(each.cost for each in told),
        scale_with_room(each.cost for each in told),
        scale_for((end for each in told for end in (each.low, each.high, worth_having)), ticks=7),
        worth_having,
    )


def in_a_sentence(plot: EffectPlot) -> str:
    """What the picture shows, for those who do not see it. The figures themselves stand in the table."""
    if not plot.told:
        return "No provision has an effect that can be told."
    counts = [f"{len(plot.of(decision))} {IN_WORDS[decision].lower()}" for decision in plot.decisions()]
    best = max(plot.told, key=lambda each: each.low)
    sure = [each for each in plot.told if each.low > 0]
    surely = {0: "no interval lies", 1: "1 interval lies"}.get(len(sure), f"{len(sure)} intervals lie")
    return (
        f"Cost a pupil against effect for {len(plot.told)} {'provision' if len(plot.told) == 1 else 'provisions'} "
        f"({', '.join(counts)}): {surely} wholly above no difference. The highest lower end is that of {best.name}: "
        f"{points(best.effect)} points ({interval(best.low, best.high)}) for {pounds(best.cost)} a pupil."
    )


def cost_axis_name(plot: EffectPlot) -> str:
    """The name of the points' cost axis, which says so where the axis is stretched."""
    return "Cost a pupil" + (" (low costs have more room on this axis)" if plot.across.is_stretched else "")


def figure(value: Any) -> float | None:
    """A number from a frame; None where it is missing."""
    if value is None:
        return None
    number = float(value)
    return number if math.isfinite(number) else None


def words(value: Any) -> str:
    """A text from a frame; empty where it is missing."""
    return value if isinstance(value, str) else ""


def decision_style(decision: str) -> str:
    """The style that shows a decision."""
    return DECISIONS.get(decision, "not-enough")


def _place(decision: str) -> int:
    return list(DECISIONS).index(decision) if decision in DECISIONS else len(DECISIONS)


def _numbered(number: int, each: ProvisionEffect) -> Told:
    assert each.effect is not None
    assert each.low is not None
    assert each.high is not None
    assert each.cost_per_pupil is not None
    return Told(
        number,
        each.name,
        each.decision if each.decision in DECISIONS else "not enough evidence",
        decision_style(each.decision),
        each.cost_per_pupil,
        each.pupils,
        each.measure,
        each.effect,
        each.low,
        each.high,
    )
