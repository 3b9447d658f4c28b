"""How many items stand at each level, by heading, as a picture for a printed report."""

from __future__ import annotations

import io
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from senco_kit.audit.profile import HeadingProfile
from senco_kit.charts.bars import Part, parts_of
from senco_kit.standards.model import Level

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: How wide the picture is meant to be printed. Its letters are at least 9 points high at this width.
WIDTH_CM = 17.0

_CM_PER_INCH = 2.54
_DOTS_PER_INCH = 200
_INCHES_PER_HEADING = 0.74
_INCHES_BELOW = 0.8
_BAR_HEIGHT = 0.66
_SMALL, _MIDDLE = 9, 10
_DARK, _LINE = "#1a1a1a", "#123a6b"
_LETTERS_PER_LINE, _LETTERS_ACROSS = 23, 80

# One hue from light to dark, so that the order shows in black and white too. Each with the colour of the text on it.
_FILLS = {
    "level-1": ("#dbe6f4", _DARK),
    "level-2": ("#9dbde2", _DARK),
    "level-3": ("#3f78b8", "#ffffff"),
    "level-4": ("#123a6b", "#ffffff"),
}

# What stands in a part that is too narrow for its name. A line under the picture then says what it is short for.
_SHORT = {"level-1": "L1", "level-2": "L2", "level-3": "L3", "level-4": "L4", "unsure": "?", "unanswered": "–"}
_INCHES_FREE = 0.04


@dataclass(frozen=True)
class Picture:
    """A picture as PNG, and what it shows in words for people who do not see it."""

    png: bytes
    alt: str


def levels_picture(profiles: Sequence[HeadingProfile], levels: Sequence[Level]) -> Picture:
    """Horizontal bars, one a heading, with the number of items at each level written in them. Never an average."""
    rows = [(profile.heading.title, parts_of(profile, levels)) for profile in profiles]
    return Picture(_draw(rows), _in_words(rows))


def _in_words(rows: Sequence[tuple[str, tuple[Part, ...]]]) -> str:
    said = []
    for heading, parts in rows:
        counts = ", ".join(f"{part.count} {part.name}" for part in parts if part.count)
        said.append(f"{heading}: {counts or 'no items'}.")
    return " ".join(["Bar chart of the number of items at each level, by heading.", *said])


def _draw(rows: Sequence[tuple[str, tuple[Part, ...]]]) -> bytes:
    # The figure is made without pyplot, which keeps every figure in one list for the whole process.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = _INCHES_BELOW + _INCHES_PER_HEADING * max(len(rows), 1)
    figure = Figure(figsize=(WIDTH_CM / _CM_PER_INCH, height), dpi=_DOTS_PER_INCH)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    most = max((sum(part.count for part in parts) for _, parts in rows), default=0) or 1
    _set_axes(axes, [heading for heading, _ in rows], most)
    # A heading may hold letters that the font has not; an empty box for one is no reason to warn.
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure.subplots_adjust(left=0.27, right=0.98, top=0.99, bottom=_INCHES_BELOW / height)
        shortened: set[str] = set()
        for place, (_, parts) in enumerate(rows):
            _draw_bar(axes, place, parts, shortened)
        if shortened:
            key = _key(rows[0][1], shortened)
            figure.text(
                0.5, 0.03 / height, key, ha="center", va="bottom", fontsize=_SMALL, color=_DARK, parse_math=False
            )
        made = io.BytesIO()
        figure.savefig(made, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return made.getvalue()


def _set_axes(axes: Axes, headings: Sequence[str], most: int) -> None:
    axes.set_xlim(0, most)
    axes.set_ylim(max(len(headings), 1) - 0.5, -0.5)
    axes.set_xticks(range(0, most + 1, 1 + most // 15))
    axes.set_xlabel("Number of items", fontsize=_MIDDLE, color=_DARK)
    # Without parse_math=False a dollar sign would start a formula.
    wrapped = [textwrap.fill(heading, _LETTERS_PER_LINE, max_lines=4, placeholder=" …") for heading in headings]
    axes.set_yticks(range(len(headings)), wrapped, fontsize=_MIDDLE, color=_DARK, parse_math=False)
    axes.tick_params(axis="x", labelsize=_SMALL, colors=_DARK)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _draw_bar(axes: Axes, place: int, parts: Sequence[Part], shortened: set[str]) -> None:
    """Draw one heading's bar; the styles of parts too narrow for their names are added to `shortened`."""
    start = 0
    for part in parts:
        if part.count:
            label = _label_that_fits(axes, part)
            _draw_part(axes, place, start, part, label)
            start += part.count
            if label.endswith(_SHORT[part.style]):
                shortened.add(part.style)


def _draw_part(axes: Axes, place: int, start: int, part: Part, label: str) -> None:
    fill, ink = _FILLS.get(part.style, ("#ffffff", _DARK))
    axes.barh(
        place,
        part.count,
        left=start,
        height=_BAR_HEIGHT,
        color=fill,
        edgecolor=_LINE if part.style in _FILLS else _DARK,
        linewidth=0.8,
        linestyle="--" if part.style == "unanswered" else "-",
        hatch="///" if part.style == "unsure" else None,
        hatch_linewidth=0.4,
        clip_on=False,
    )
    axes.text(
        start + part.count / 2,
        place,
        label,
        ha="center",
        va="center",
        fontsize=_SMALL,
        linespacing=1.15,
        color=ink,
        parse_math=False,
        # Letters on hatching are hard to read without a plain ground.
        bbox={"facecolor": "#ffffff", "edgecolor": "none", "pad": 1.5} if part.style == "unsure" else None,
    )


def _label_that_fits(axes: Axes, part: Part) -> str:
    """The count with the part's name, broken over two lines or shortened where the part is too narrow for it."""
    room = axes.transData.transform((part.count, 0))[0] - axes.transData.transform((0, 0))[0]
    for name in (part.name, textwrap.fill(part.name, 10, break_long_words=False)):
        label = f"{part.count}\n{name}"
        probe = axes.text(0, 0, label, fontsize=_SMALL, parse_math=False)
        width = probe.get_window_extent().width
        probe.remove()
        if width <= room - _INCHES_FREE * _DOTS_PER_INCH and label.count("\n") <= 2:
            return label
    return f"{part.count}\n{_SHORT[part.style]}"


def _key(parts: Sequence[Part], shortened: set[str]) -> str:
    """What the short names in this picture stand for."""
    told = [f"{_SHORT[part.style]} = {part.name}" for part in parts if part.style in shortened]
    return textwrap.fill(", ".join(told), _LETTERS_ACROSS)
