"""Gaps of many groups on one measure: a row a group, its interval on one axis with a line at no gap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.charts.scale import Scale, scale_for

if TYPE_CHECKING:
    from senco_kit.planning.gaps import Gap, Measure


@dataclass(frozen=True)
class Row:
    """One gap as it is drawn: on the axis as shown (points, or so many in 100), with its figures in words.

    `way_on` leads to the question why; `style` is that of the mark: filled where worth asking about.
    """

    gap: Gap
    at: float
    low: float
    high: float
    style: str
    way_on: Markup


def gaps_chart(gaps: Sequence[Gap], ways_on: Mapping[str, Markup], *, chart_id: str = "gaps") -> Markup:
    """The gaps of one measure under the headings of their groups, with all figures as text in the same table.

    `ways_on` gives by each gap's ref the link or button to the question why. At least one gap.
    """
    measure = gaps[0].measure
    times = 1 if measure.kind == "points" else 100
    rows = [_row(gap, times, ways_on[gap.ref]) for gap in gaps]
    return draw(
        "gaps_chart.html",
        measure=measure,
        parts=[(heading, list(some)) for heading, some in groupby(rows, key=lambda row: row.gap.group.heading)],
        scale=axis(rows),
        says=in_a_sentence(gaps),
        chart_id=chart_id,
        better=_sides(measure),
    )


def axis(rows: Iterable[Row]) -> Scale:
    """One axis that holds 0, every gap and every interval."""
    return scale_for((value for row in rows for value in (row.at, row.low, row.high)), ticks=5)


def in_a_sentence(gaps: Sequence[Gap]) -> str:
    """What the picture shows, for those who do not see it."""
    asked = [gap for gap in gaps if gap.worth_asking]
    name = gaps[0].measure.name
    if not asked:
        return f"{name}: {len(gaps)} groups are shown, and no gap is worth asking about."
    behind = max(asked, key=lambda gap: abs(gap.between.difference))
    figure = gaps[0].measure.figure(behind.between.difference, sign=True)
    return (
        f"{name}: of {len(gaps)} groups, {len(asked)} {'is' if len(asked) == 1 else 'are'} worth asking about. The "
        f"widest such gap: {behind.group.name} beside {behind.group.beside}, {figure} {behind.measure.unit}."
    )


def _row(gap: Gap, times: float, way_on: Markup) -> Row:
    style = "stop" if gap.worth_asking and gap.is_behind else "keep" if gap.worth_asking else "not-enough"
    low, high = times * gap.between.low, times * gap.between.high
    return Row(gap, times * gap.between.difference, low, high, style, way_on)


def _sides(measure: Measure) -> tuple[str, str]:
    """What lies to the left of the line at no gap, and what to the right."""
    return ("behind", "ahead") if measure.higher_is_better else ("better", "worse")
