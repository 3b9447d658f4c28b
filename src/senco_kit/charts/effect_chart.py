"""What each provision costs a pupil against what it adds, with intervals, as HTML and SVG made of real text.

Each provision has a row: its name under its decision, its effect with the interval, its cost. That is the picture for
every width, and the table behind the other one. Where the page is wide enough, the same provisions stand above it as
points of cost against effect, numbered as in the rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from senco_kit.charts.drawing import draw
from senco_kit.charts.effects import EffectPlot, ProvisionEffect, cost_axis_name, in_a_sentence, plot_of
from senco_kit.charts.labels import Spot, place_labels

#: More points than this on one picture cannot be told apart; then only the rows are shown.
MOST_POINTS = 40

# The picture's size in its own pixels, and the room for the axes.
_WIDTH, _HEIGHT = 720, 470
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 14, 56


def effect_chart(
    effects: Iterable[ProvisionEffect],
    worth_having: float,
    *,
    name: str = "What each provision costs a pupil, and what it adds",
    chart_id: str = "cost-effect",
) -> Markup:
    """Cost a pupil against effect with 95% intervals; provisions that cannot be told are listed under it.

    `worth_having` is the smallest effect worth having, in points of standard score. `chart_id` must be the page's own.
    """
    given = list(effects)
    plot = plot_of(given, worth_having)
    return draw(
        "effect_chart.html",
        plot=plot,
        name=name,
        chart_id=chart_id,
        alt=in_a_sentence(plot),
        points_drawn=_points(plot) if 1 < len(plot.told) <= MOST_POINTS else None,
        totals=_totals(given),
    )


def _totals(effects: Sequence[ProvisionEffect]) -> dict[str, float]:
    """The cost of the provisions drawn under each decision, in pounds a year."""
    totals: dict[str, float] = {}
    for each in effects:
        if each.is_told:
            totals[each.decision] = totals.get(each.decision, 0.0) + (each.cost or 0.0)
    return totals


def _points(plot: EffectPlot) -> dict[str, object]:
    """Every place of the picture in pixels, so that the template only writes them down."""
    width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM

    def across(cost: float) -> float:
        return round(_LEFT + plot.across.share(cost) * width, 1)

    def down(effect: float) -> float:
        return round(_TOP + (1 - plot.effect.share(effect)) * height, 1)

    spots = [Spot(across(each.cost), down(each.effect), down(each.high), down(each.low)) for each in plot.told]
    labels = place_labels(spots, [str(each.number) for each in plot.told], _WIDTH, _HEIGHT - _BOTTOM)
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "right": _WIDTH - _RIGHT,
        "top": _TOP,
        "bottom": _HEIGHT - _BOTTOM,
        "middle": _LEFT + width / 2,
        "zero": down(0),
        "worth": down(plot.worth_having),
        "x_ticks": [(across(tick), tick) for tick in plot.across.ticks],
        "x_name": cost_axis_name(plot),
        "y_ticks": [(down(tick), tick) for tick in plot.effect.ticks],
        "points": [(each, spot, label) for each, spot, label in zip(plot.told, spots, labels, strict=True)],
    }
