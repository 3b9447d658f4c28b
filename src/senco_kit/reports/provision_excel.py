"""A provision map as an Excel workbook: what stands on each sheet. How a sheet is made is in excel_file.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from senco_kit.charts.effects import DECISIONS
from senco_kit.days import in_words
from senco_kit.reports.provision_words import (
    HIDDEN,
    HOW_SURE,
    TOO_FEW,
    begun,
    number,
    text,
    threshold_counts,
    threshold_facts,
    whose,
    year_name,
)
from senco_kit.reports.words import KIT_NAME

if TYPE_CHECKING:
    from senco_kit.provision.data import ProvisionData
    from senco_kit.reports.excel_file import Cell, ExcelFile
    from senco_kit.reports.provision_figures import ProvisionFigures

_Row = Mapping[Any, Any]

_POUNDS, _TENTH, _SHARE, _WHOLE = "£#,##0", "#,##0.0", "0%", "#,##0"

# Title, width in characters, column of the frame, format; "" is text.
_Column = tuple[str, int, str, str]

_PROVISIONS: tuple[_Column, ...] = (
    ("Provision", 34, "name", ""),
    ("Area of need", 30, "area", ""),
    ("Tier", 12, "tier", ""),
    ("Who delivers", 24, "role", ""),
    ("Pupils", 9, "pupils", _WHOLE),
    ("Group size", 9, "group_size", _WHOLE),
    ("Sessions a week", 10, "sessions_per_week", _TENTH),
    ("Minutes", 9, "minutes", _WHOLE),
    ("Weeks", 9, "weeks", _WHOLE),
    ("Funding line", 22, "funding_line", ""),
    ("Cost", 11, "cost", _POUNDS),
    ("Cost a pupil", 11, "cost_per_pupil", _POUNDS),
    ("Preparation, on top", 12, "preparation_cost", _POUNDS),
    ("Sessions planned", 10, "planned_sessions", _WHOLE),
    ("Sessions delivered", 10, "delivered_sessions", _WHOLE),
    ("Delivered", 10, "share", _SHARE),
    ("Measure", 12, "measure", ""),
    ("Effect, points", 10, "effect", _TENTH),
    ("95% interval from", 10, "effect_low", _TENTH),
    ("95% interval to", 10, "effect_high", _TENTH),
    ("Decision", 18, "decision", ""),
    ("Why", 60, "reason", ""),
)
# What stays in view of a provision whose counts are hidden: nothing from which a count could be worked out.
_ALWAYS_SHOWN = frozenset(
    ("name", "area", "tier", "role", "group_size", "sessions_per_week", "minutes", "weeks", "funding_line", "decision")
)

_PUPILS: tuple[_Column, ...] = (
    ("Pupil", 14, "pupil_id", ""),
    ("Year group", 8, "year_group", ""),
    ("Class", 12, "class_name", ""),
    ("SEN provision", 10, "SENprovision", ""),
    ("Main need", 10, "SENtype", ""),
    ("Provisions", 10, "provisions", _WHOLE),
    ("Which", 60, "names", ""),
    ("Hours", 9, "hours", _TENTH),
    ("Delivered", 10, "share", _SHARE),
    ("Cost", 11, "cost", _POUNDS),
    ("Preparation, on top", 12, "preparation_cost", _POUNDS),
)
_ADULTS: tuple[_Column, ...] = (
    ("Adult", 14, "staff_id", ""),
    ("Role", 34, "role", ""),
    ("Provisions", 10, "provisions", _WHOLE),
    ("Pupils", 9, "pupils", _WHOLE),
    ("Hours a week on provision", 14, "hours_a_week", _TENTH),
    ("Hours a week paid", 12, "weekly_hours", _TENTH),
    ("Share", 9, "share", _SHARE),
    ("Cost, with preparation", 12, "cost", _POUNDS),
)
_FUNDING: tuple[_Column, ...] = (
    ("Funding line", 30, "funding_line", ""),
    ("Budget", 14, "budget", _POUNDS),
    ("Cost of the provision on it", 18, "planned_cost", _POUNDS),
    ("Spent", 14, "spent", _POUNDS),
    ("Left of the budget", 14, "left", _POUNDS),
)


def provision_excel(data: ProvisionData, made_on: date, *, for_others: bool) -> bytes:
    """The provision map of one school as an Excel workbook.

    `for_others` hides counts under 5 and those that would give them away, and leaves out the sheets by pupil and by
    adult.
    """
    from senco_kit.reports.provision_figures import provision_figures

    return excel_of(provision_figures(data, for_others=for_others), made_on)


def excel_of(figures: ProvisionFigures, made_on: date) -> bytes:
    """The workbook of figures that are worked out already."""
    from senco_kit.reports.excel_file import ExcelFile

    book = ExcelFile(f"Provision map: {figures.name}")
    _map(book, figures, made_on)
    order = {decision: place for place, decision in enumerate(DECISIONS)}
    rows = figures.provisions.sort_values(
        ["decision", "cost", "name"],
        ascending=[True, False, True],
        key=lambda column: column.astype("str").map(order) if column.name == "decision" else column,
    )
    _sheet(book, "Provisions", figures, _PROVISIONS, rows.to_dict("records"))
    if figures.pupils is not None:
        _sheet(book, "By pupil", figures, _PUPILS, figures.pupils.to_dict("records"))
    if figures.adults is not None:
        _sheet(book, "By adult", figures, _ADULTS, figures.adults.to_dict("records"))
    _sheet(book, "Money", figures, _FUNDING, figures.funding.to_dict("records"))
    _notes(book, figures, made_on)
    return book.contents()


def _map(book: ExcelFile, figures: ProvisionFigures, made_on: date) -> None:
    years = list(figures.places.columns)
    rows: list[list[Cell]] = []
    for (area, tier), counts in zip(figures.places.index, figures.places.to_numpy(), strict=True):
        kind: Any = figures.costs.loc[(area, tier), :] if tier else figures.costs.sum()
        hidden = counts[-1] == HIDDEN and bool(tier)
        row: list[Cell] = [begun(area), begun(tier), int(kind["provisions"])]
        rows.append([*row, *map(_count, counts), HIDDEN if hidden else number(kind["cost"])])
    names = [("Area of need", 36), ("Tier", 14), ("Provisions", 12)]
    book.sheet(
        "Map",
        [*names, *((year_name(year), 8) for year in years), ("Cost", 13)],
        rows[:-1],
        above=(
            f"Provision map: {figures.name}",
            whose(figures),
            f"Made on {in_words(made_on)} with the {KIT_NAME}.",
            "Pupils by area, tier and year group. A pupil in two kinds of provision is counted in each.",
        ),
        total=rows[-1] if rows else (),
        nothing="No provision is on the map yet.",
        formats=["", "", _WHOLE, *[_WHOLE] * len(years), _POUNDS],
    )


def _sheet(
    book: ExcelFile, name: str, figures: ProvisionFigures, columns: Sequence[_Column], rows: Sequence[_Row]
) -> None:
    book.sheet(
        name,
        [(title, width) for title, width, _, _ in columns],
        [[_cell(row, column, shown_as) for _, _, column, shown_as in columns] for row in rows],
        above=(f"{name}: {figures.name}", whose(figures)),
        nothing="Nothing to show.",
        formats=[shown_as for _, _, _, shown_as in columns],
    )


def _cell(row: _Row, column: str, shown_as: str) -> Cell:
    if row.get("is_hidden") and column not in _ALWAYS_SHOWN:
        return TOO_FEW if column == "reason" else HIDDEN
    return number(row[column]) if shown_as else text(row[column])


def _count(value: Any) -> Cell:
    return HIDDEN if value == HIDDEN else int(value)


def _notes(book: ExcelFile, figures: ProvisionFigures, made_on: date) -> None:
    from senco_kit.provision.cost import THRESHOLD_MEANS

    said = [
        "This school, its pupils and all its figures are invented." if figures.invented else "",
        f"“{HIDDEN}” stands for a count under 5, or for a figure that would give one away."
        if figures.for_others
        else "",
        "Costs are for the whole run of a provision. Preparation is not in them; it stands beside them.",
        *HOW_SURE,
        THRESHOLD_MEANS,
        threshold_counts(figures),
        *threshold_facts(made_on)[1],
    ]
    book.sheet(
        "Notes",
        [("Notes", 120)],
        [[sentence] for sentence in said if sentence],
        above=(f"Notes: {figures.name}", whose(figures)),
    )
