"""What each provision costs a pupil against what it adds, with intervals, as pictures for a printed report."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from senco_kit.charts.effects import IN_WORDS, EffectPlot, Told, cost_axis_name, in_a_sentence
from senco_kit.charts.labels import Spot, place_labels
from senco_kit.charts.levels_picture import WIDTH_CM, Picture
from senco_kit.in_figures import interval, points, pounds

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: More rows than this do not fit on one page.
MOST_ROWS = 30

_CM_PER_INCH = 2.54
_DOTS_PER_INCH = 200
_SMALL, _MIDDLE = 9, 10
_DARK, _QUIET, _HAIRLINE, _BAR, _BAR_EDGE = "#1a1a1a", "#4a5560", "#d5dbe1", "#9dbde2", "#7c8791"
_POINTS_HIGH = 4.1
_INCHES_PER_ROW, _INCHES_ROUND = 0.36, 1.0
_LETTERS_OF_A_NAME = 29
# Pixels of the page's picture to one inch here: labels.py measures numbers in the page's pixels.
_PIXELS_PER_INCH = 105.0

# A shape as well as a colour for each decision, as on the page.
_MARKS = {
    "keep": ("o", "#1e6b3a", True),
    "adapt": ("D", "#1d4f91", True),
    "stop": ("s", "#a4262c", True),
    "not-enough": ("o", "#4a5560", False),
}


def points_picture(plot: EffectPlot) -> Picture:
    """Cost a pupil across, effect with its 95% interval upwards: one numbered point a provision."""
    return Picture(_drawn(_POINTS_HIGH, lambda figure: _points(figure, plot)), in_a_sentence(plot))


def rows_picture(plot: EffectPlot, rows: Sequence[Told]) -> Picture:
    """A row for each of these provisions: number, name and decision; effect with its interval; cost a pupil.

    `rows` are some or all of `plot.told`, at most MOST_ROWS of them; the axes are those of the whole plot.
    """
    height = _INCHES_ROUND + _INCHES_PER_ROW * max(len(rows), 1)
    return Picture(_drawn(height, lambda figure: _rows(figure, plot, rows, height)), _rows_in_words(rows))


def _rows_in_words(rows: Sequence[Told]) -> str:
    said = [
        f"{each.number} {each.name}, {each.decision}: {points(each.effect)} points "
        f"({interval(each.low, each.high)}), {pounds(each.cost)} a pupil."
        for each in rows
    ]
    return " ".join(["Effect of each provision with its 95% interval, and its cost a pupil.", *said])


def _drawn(height: float, draw: Callable[[Figure], None]) -> bytes:
    # The figure is made without pyplot, which keeps every figure in one list for the whole process.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_CM / _CM_PER_INCH, height), dpi=_DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    # A name may hold letters that the font has not; an empty box for one is no reason to warn.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        draw(figure)
        made = io.BytesIO()
        figure.savefig(made, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return made.getvalue()


def _points(figure: Figure, plot: EffectPlot) -> None:
    axes = figure.add_subplot()
    figure.subplots_adjust(left=0.09, right=0.95, top=0.9, bottom=0.12)
    # Costs go in as shares of their axis, which may be stretched.
    axes.set_xlim(0, 1)
    axes.set_ylim(plot.effect.start, plot.effect.end)
    across = plot.across
    axes.set_xticks([across.share(tick) for tick in across.ticks], [pounds(tick) for tick in across.ticks])
    axes.set_yticks(plot.effect.ticks, [_tick(tick) for tick in plot.effect.ticks])
    axes.set_xlabel(cost_axis_name(plot), fontsize=_MIDDLE, color=_DARK)
    axes.set_ylabel("Effect in points of standard score", fontsize=_MIDDLE, color=_DARK)
    axes.grid(color=_HAIRLINE, linewidth=0.6)
    axes.set_axisbelow(True)
    _tidy(axes)
    axes.axhline(0, color=_DARK, linewidth=1)
    axes.axhline(plot.worth_having, color=_DARK, linewidth=1, linestyle=(0, (5, 4)))
    for each in plot.told:
        at = across.share(each.cost)
        _whisker(axes, [at, at], [each.low, each.high], each, "_")
        _mark(axes, at, each.effect, each)
    _numbers(axes, plot)
    _key(figure, plot)


def _numbers(axes: Axes, plot: EffectPlot) -> None:
    """The numbers beside their points, where they cover as little as possible."""
    inches = axes.get_window_extent().width / _DOTS_PER_INCH, axes.get_window_extent().height / _DOTS_PER_INCH
    width, height = inches[0] * _PIXELS_PER_INCH, inches[1] * _PIXELS_PER_INCH

    def down(effect: float) -> float:
        return (1 - plot.effect.share(effect)) * height

    spots = [
        Spot(plot.across.share(each.cost) * width, down(each.effect), down(each.high), down(each.low))
        for each in plot.told
    ]
    labels = place_labels(spots, [str(each.number) for each in plot.told], width, height)
    for each, spot, label in zip(plot.told, spots, labels, strict=True):
        if label.is_far:
            axes.plot(
                [spot.x / width, label.x / width],
                [1 - spot.y / height, 1 - label.y / height],
                transform=axes.transAxes,
                color=_MARKS[each.style][1],
                linewidth=0.6,
            )
        axes.text(
            label.x / width,
            1 - label.y / height,
            str(each.number),
            transform=axes.transAxes,
            ha="center",
            va="center",
            fontsize=_MIDDLE,
            fontweight="bold",
            color=_DARK,
            # A ground in the colour of the paper keeps a number readable where a line runs behind it.
            bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 0.4, "alpha": 0.85},
        )


def _rows(figure: Figure, plot: EffectPlot, rows: Sequence[Told], height: float) -> None:
    effect, cost = figure.subplots(1, 2, sharey=True, gridspec_kw={"width_ratios": (3, 1), "wspace": 0.06})
    figure.subplots_adjust(left=0.36, right=0.98, top=1 - 0.42 / height, bottom=0.55 / height)
    effect.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    effect.set_xlim(plot.effect.start, plot.effect.end)
    effect.set_xticks(plot.effect.ticks, [_tick(tick) for tick in plot.effect.ticks])
    effect.set_yticks([])
    effect.set_xlabel("Effect in points, with 95% interval", fontsize=_SMALL, color=_DARK)
    cost.set_xlim(0, plot.cost.end * 1.6)
    cost.set_xticks([])
    cost.set_xlabel("Cost a pupil", fontsize=_SMALL, color=_DARK)
    effect.axvline(0, color=_DARK, linewidth=1)
    effect.axvline(plot.worth_having, color=_DARK, linewidth=1, linestyle=(0, (5, 4)))
    for axes in (effect, cost):
        _tidy(axes)
        for place in range(1, len(rows)):
            axes.axhline(place - 0.5, color=_HAIRLINE, linewidth=0.6)
    for place, each in enumerate(rows):
        _row_name(effect, place, each)
        _whisker(effect, [each.low, each.high], [place, place], each, "|")
        _mark(effect, each.effect, place, each)
        cost.barh(place, each.cost, height=0.5, color=_BAR, edgecolor=_BAR_EDGE, linewidth=0.6)
        said = f" {pounds(each.cost)}"
        cost.text(each.cost, place, said, va="center", fontsize=_SMALL, color=_DARK, parse_math=False)
    _key(figure, plot)


def _row_name(axes: Axes, place: int, each: Told) -> None:
    """The number and the name, left of the axes and each in its own column."""
    # Without parse_math=False a dollar sign would start a formula.
    name = textwrap.fill(each.name, _LETTERS_OF_A_NAME, max_lines=2, placeholder=" …")
    for across, said, side in ((-0.715, str(each.number), "right"), (-0.69, name, "left")):
        axes.text(
            across,
            place,
            said,
            transform=axes.get_yaxis_transform(),
            ha=side,
            va="center",
            fontsize=_SMALL,
            linespacing=1.05,
            color=_DARK,
            parse_math=False,
        )


def _key(figure: Figure, plot: EffectPlot) -> None:
    from matplotlib.lines import Line2D

    handles = []
    for decision in plot.decisions():
        shape, colour, is_full = _MARKS[plot.of(decision)[0].style]
        handles.append(
            Line2D(
                [],
                [],
                marker=shape,
                color=colour,
                markerfacecolor=colour if is_full else "#ffffff",
                markersize=6,
                linestyle="",
                label=IN_WORDS[decision],
            )
        )
    said = f"{points(plot.worth_having)}: smallest effect worth having"
    handles.append(Line2D([], [], color=_DARK, linewidth=1, linestyle=(0, (5, 4)), label=said))
    figure.legend(
        handles=handles,
        loc="upper center",
        ncols=len(handles),
        frameon=False,
        fontsize=_SMALL,
        labelcolor=_DARK,
        handletextpad=0.4,
        columnspacing=1.2,
        borderaxespad=0.2,
    )


def _whisker(axes: Axes, across: list[float], up: list[float], each: Told, end: str) -> None:
    axes.plot(across, up, color=_MARKS[each.style][1], linewidth=1.3, marker=end, markersize=6, alpha=0.8)


def _mark(axes: Axes, across: float, up: float, each: Told) -> None:
    shape, colour, is_full = _MARKS[each.style]
    axes.plot(
        [across],
        [up],
        marker=shape,
        markersize=6,
        color=colour,
        markerfacecolor=colour if is_full else "#ffffff",
        markeredgewidth=1.3,
        zorder=4,
        clip_on=False,
    )


def _tidy(axes: Axes) -> None:
    axes.tick_params(labelsize=_SMALL, colors=_DARK)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(_QUIET)


def _tick(value: float) -> str:
    return ("−" if value < 0 else "+" if value > 0 else "") + f"{abs(value):g}"
