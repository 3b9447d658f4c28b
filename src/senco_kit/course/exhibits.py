"""What is shown with a question or in a lesson: tables and bars, as HTML, as plain text, and as JSON for a package."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from senco_kit.charts.drawing import draw as draw_chart
from senco_kit.charts.scale import Scale, scale_for
from senco_kit.course.exercise import Bar, Bars, Exhibit, Row, Table

_DAMAGED = "A table or picture of this assignment is damaged. Ask for the file again."


class BadExhibit(ValueError):
    """A part of a package that is no table and no picture."""


def as_json(exhibit: Exhibit) -> dict[str, Any]:
    """As plain lists, numbers and words. Raises TypeError for anything else."""
    match exhibit:
        case Table():
            rows = [[row.id, list(row.cells)] for row in exhibit.rows]
            return {"kind": "table", "caption": exhibit.caption, "columns": list(exhibit.columns), "rows": rows}
        case Bars():
            bars = [[bar.label, bar.value, bar.low, bar.high] for bar in exhibit.bars]
            about = {"title": exhibit.title, "unit": exhibit.unit, "says": exhibit.says, "start": exhibit.start}
            return {"kind": "bars", "bars": bars, **about}
    raise TypeError(f"Only a Table or Bars can be shown, not {type(exhibit).__name__}.")


def from_json(plain: Mapping[str, Any]) -> Exhibit:
    """From what `as_json` gave. Raises BadExhibit."""
    try:
        if plain["kind"] == "table":
            rows = tuple(Row(str(row_id), tuple(str(cell) for cell in cells)) for row_id, cells in plain["rows"])
            columns = tuple(str(each) for each in plain["columns"])
            if any(len(row.cells) != len(columns) for row in rows):
                raise ValueError("A row has not one cell for each column.")
            return Table(str(plain["caption"]), columns, rows)
        bars = tuple(
            Bar(str(label), float(value), _float(low), _float(high)) for label, value, low, high in plain["bars"]
        )
        about = (str(plain["unit"]), str(plain["says"]), float(plain["start"]))
        return Bars(str(plain["title"]), bars, *about)
    except (KeyError, TypeError, ValueError) as problem:
        raise BadExhibit(_DAMAGED) from problem


def table_from_json(plain: Mapping[str, Any]) -> Table:
    """A table from what `as_json` gave. Raises BadExhibit; also for a picture."""
    found = from_json(plain)
    if not isinstance(found, Table):
        raise BadExhibit(_DAMAGED)
    return found


def _float(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


def html(exhibit: Exhibit, within: str = "") -> Markup:
    """The HTML of an exhibit: a table with a caption, or bars with a text alternative and their table.

    `within` says where it is shown, so that a table that stands on a page twice has two names.
    """
    place = f" ({within})" if within else ""
    if isinstance(exhibit, Table):
        return _table_html(exhibit, exhibit.caption + place)
    as_table = _table_html(bars_table(exhibit), f"{exhibit.title}, as a table{place}")
    return draw_chart("exhibit_bars.html", picture=exhibit, scale=_axis(exhibit), words=in_figures, as_table=as_table)


def _table_html(table: Table, label: str) -> Markup:
    return draw_chart("exhibit_table.html", table=table, number_columns=_number_columns(table), label=label)


def plain_text(exhibit: Exhibit) -> str:
    """The same as text in columns: what a notebook keeps, and what nbval compares."""
    if isinstance(exhibit, Bars):
        exhibit = bars_table(exhibit)
    lines = [exhibit.columns, *(row.cells for row in exhibit.rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(exhibit.columns))]
    texts = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([exhibit.caption, "", *texts])


def bars_table(picture: Bars) -> Table:
    """The values of a picture as a table."""
    has_interval = any(bar.low is not None for bar in picture.bars)
    columns = ("", picture.unit[:1].upper() + picture.unit[1:]) + (("Could be from", "to") if has_interval else ())

    def cells(bar: Bar) -> tuple[str, ...]:
        ends = (in_figures(bar.low), in_figures(bar.high)) if has_interval else ()
        return (bar.label, in_figures(bar.value), *ends)

    rows = tuple(Row(str(place), cells(bar)) for place, bar in enumerate(picture.bars))
    return Table(picture.title, columns, rows)


def in_figures(value: float | None) -> str:
    """A value as a teacher reads it: whole where it is large, one decimal else.

    >>> in_figures(1234.5), in_figures(12.34), in_figures(8.0), in_figures(None)
    ('1,234', '12.3', '8', '')
    """
    if value is None:
        return ""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}".removesuffix(".0")


def _number_columns(table: Table) -> list[bool]:
    """Which columns hold figures, so that they stand under one another."""

    def is_figure(cell: str) -> bool:
        bare = cell.replace(",", "").replace("£", "").replace("%", "").replace("−", "-").strip()
        return bare.replace(".", "", 1).lstrip("-+").isdigit() if bare else True

    return [
        bool(table.rows)
        and any(row.cells[place] for row in table.rows)
        and all(is_figure(row.cells[place]) for row in table.rows)
        for place in range(len(table.columns))
    ]


def _axis(picture: Bars) -> Scale:
    """An axis from the picture's start (or below, where a value is) with few round steps."""
    values = [each for bar in picture.bars for each in (bar.value, bar.low, bar.high) if each is not None]
    scale = scale_for((value - picture.start for value in values), ticks=4)
    return Scale(tuple(tick + picture.start for tick in scale.ticks))
