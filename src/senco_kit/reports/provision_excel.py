"""A provision map as an Excel workbook: what stands on each sheet. How a sheet is made is in excel_file.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from senco_kit.days import in_words
from senco_kit.reports.provision_words import (
    BY_ROLE,
    HIDDEN,
    NO_THRESHOLD,
    OUR_RATES,
    TOO_FEW,
    begun,
    counted_how,
    how_sure,
    number,
    pupil_name,
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
    ("Suggestion", 18, "decision", ""),
    ("Why", 60, "reason", ""),
)
# Numbers of sessions are not for others: pupils without a record are not in them.
_NOT_FOR_OTHERS = frozenset(("planned_sessions", "delivered_sessions"))

_PUPILS: tuple[_Column, ...] = (
    ("Pupil", 14, "pupil", ""),
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
_ROLES: tuple[_Column, ...] = tuple(
    column for column in _ADULTS if column[2] not in ("staff_id", "weekly_hours", "share")
)
_FUNDING: tuple[_Column, ...] = (
    ("Funding line", 30, "funding_line", ""),
    ("Budget", 14, "budget", _POUNDS),
    ("Cost of the provision on it", 18, "planned_cost", _POUNDS),
    ("Spent", 14, "spent", _POUNDS),
    ("Left of the budget", 14, "left", _POUNDS),
)
_FUNDING_FOR_OTHERS: tuple[_Column, ...] = (
    *_FUNDING[:2],
    ("Cost of the provisions shown", 18, "planned_cost", _POUNDS),
    _FUNDING[3],
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
    columns = tuple(column for column in _PROVISIONS if not (figures.for_others and column[2] in _NOT_FOR_OTHERS))
    _sheet(book, "Provisions", figures, columns, figures.provisions.to_dict("records"))
    if figures.pupils is not None:
        rows = [{**row, "pupil": pupil_name(row)} for row in figures.pupils.to_dict("records")]
        _sheet(book, "By pupil", figures, _PUPILS, rows)
    if figures.adults is not None:
        name, columns, note = ("By role", _ROLES, BY_ROLE) if figures.by_role else ("By adult", _ADULTS, "")
        _sheet(book, name, figures, columns, figures.adults.to_dict("records"), note)
    lines = _FUNDING_FOR_OTHERS if figures.for_others else _FUNDING
    _sheet(book, "Money", figures, lines, figures.funding.to_dict("records"))
    _notes(book, figures, made_on)
    return book.contents()


def _map(book: ExcelFile, figures: ProvisionFigures, made_on: date) -> None:
    years = list(figures.places.columns)
    shown = figures.open_provisions
    whole = {"provisions": len(figures.provisions), "cost": shown["cost"].sum(), "is_hidden": shown.empty}
    rows: list[list[Cell]] = []
    for (area, tier), counts in zip(figures.places.index, figures.places.to_numpy(), strict=True):
        kind: Any = figures.costs.loc[(area, tier), :] if tier else whole
        row: list[Cell] = [begun(area), begun(tier), int(kind["provisions"])]
        rows.append([*row, *map(_count, counts), HIDDEN if kind["is_hidden"] else number(kind["cost"])])
    cost = "Cost of the provisions shown" if figures.for_others else "Cost"
    names = [("Area of need", 36), ("Tier", 14), ("Provisions", 12)]
    book.sheet(
        "Map",
        [*names, *((year_name(year), 8) for year in years), (cost, 13)],
        rows[:-1],
        above=(
            f"Provision map: {figures.name}",
            whose(figures),
            f"Made on {in_words(made_on)} with the {KIT_NAME}.",
            f"Pupils by area, tier and year group. {counted_how(figures)}",
        ),
        total=rows[-1] if rows else (),
        nothing="No provision is on the map yet.",
        formats=["", "", _WHOLE, *[_WHOLE] * len(years), _POUNDS],
    )


def _sheet(
    book: ExcelFile,
    name: str,
    figures: ProvisionFigures,
    columns: Sequence[_Column],
    rows: Sequence[_Row],
    note: str = "",
) -> None:
    book.sheet(
        name,
        [(title, width) for title, width, _, _ in columns],
        [[_cell(row, column, shown_as) for _, _, column, shown_as in columns] for row in rows],
        above=(f"{name}: {figures.name}", whose(figures), *([note] if note else [])),
        nothing="Nothing to show.",
        formats=[shown_as for _, _, _, shown_as in columns],
    )


def _cell(row: _Row, column: str, shown_as: str) -> Cell:
    from senco_kit.reports.provision_figures import SHOWN_IF_OPEN

    if row.get("is_hidden") and column in SHOWN_IF_OPEN:
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
        *how_sure(figures.invented),
        OUR_RATES if figures.our_rates else "",
        *((NO_THRESHOLD,) if figures.special else (THRESHOLD_MEANS, threshold_counts(figures))),
        *(() if figures.special else threshold_facts(made_on)[1]),
    ]
    book.sheet(
        "Notes",
        [("Notes", 120)],
        [[sentence] for sentence in said if sentence],
        above=(f"Notes: {figures.name}", whose(figures)),
    )
