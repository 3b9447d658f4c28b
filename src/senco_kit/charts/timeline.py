"""A timeline of actions as HTML: a bar a row, its name and status beside it in words, and the same as a table."""

from __future__ import annotations

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.days import in_words
from senco_kit.planning.timeline import Timeline

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: More labels than this do not fit over the bars.
_MOST_LABELS = 9


def timeline_chart(timeline: Timeline, name: str) -> Markup:
    """The picture of a timeline with its table. `name` is the figure's own name."""
    months = timeline.months
    every = next(step for step in (1, 2, 3, 6, 12) if len(months) <= step * _MOST_LABELS)
    ticks = [
        (
            timeline.place(month),
            f"{_MONTHS[month.month - 1]} {month.year}" if month.month == 1 or not place else _MONTHS[month.month - 1],
        )
        for place, month in enumerate(months)
        if place % every == 0
    ]
    rows = [
        (line, timeline.place(line.start), max(timeline.place(line.end) - timeline.place(line.start), 1.0))
        for line in timeline.drawn
        if line.start and line.end
    ]
    return draw(
        "timeline.html",
        name=name,
        timeline=timeline,
        rows=rows,
        ticks=ticks,
        today=in_words(timeline.today),
        in_days=in_words,
    )
