"""What came of an objective: its baseline, what the reviews measured, and its target on one axis, with their words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.charts.scale import Scale, scale_for
from senco_kit.days import in_words
from senco_kit.planning.progress import Measured


def impact_chart(measured: Sequence[Measured], name: str) -> Markup | None:
    """The points with a number on one axis, the others in words only; None with fewer than two numbers."""
    numbers = [each.number for each in measured if each.number is not None]
    if len(numbers) < 2:
        return None
    axis = _axis(min(numbers), max(numbers))
    rows = [
        (
            f"{each.name}, {in_words(each.day)}" if each.day else each.name,
            each.words,
            None if each.number is None else axis.percent(each.number),
        )
        for each in measured
    ]
    target = next((each.number for each in measured if each.name == "Target"), None)
    return draw(
        "impact.html", name=name, rows=rows, scale=axis, target=None if target is None else axis.percent(target)
    )


def _axis(low: float, high: float) -> Scale:
    """An axis from 0, or from near the lowest value where all of them would else stand at its end."""
    if low <= 0 or high - low > low / 2:
        return scale_for([low, high])
    ticks = scale_for([high - low or low / 10]).ticks
    step = ticks[1]
    start = math.floor(low / step) * step
    return Scale(tuple(round(start + place * step, 10) for place in range(math.ceil((high - start) / step) + 1)))
