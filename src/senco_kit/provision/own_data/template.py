"""The template that schools fill in: an Excel workbook, or the same tables as CSV files in a zip."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from senco_kit.plain_text import for_cell
from senco_kit.provision.own_data.columns import (
    LISTS,
    NOTE,
    PROVISIONS,
    PUPILS,
    READ_ME,
    SHEETS,
    Choice,
    Column,
    Number,
    OwnCode,
    SheetPlan,
)
from senco_kit.reports.excel_file import Cell, ExcelFile

#: What the file may be called when it is downloaded.
EXCEL_NAME, CSV_NAME = "senco-provision-template.xlsx", "senco-provision-template.zip"

_FIRST_ROW = 3  # the headings and the notes stand above it
_EXPLANATION = (
    "Your school's provision: a template for the provision map",
    "Fill in the sheets Pupils, Provisions and Who gets what. The other sheets may stay empty.",
    "Never write a name, a UPN or a date of birth. Give each pupil a short code of your own.",
    "The row marked EXAMPLE on each sheet is invented. Delete it; the kit leaves it out if it is still there.",
    "The file is read in memory on this computer and sent nowhere. It is kept only if you say so.",
)


def template_excel() -> bytes:
    """The workbook: a sheet for each table, each with headings, notes, an invented example and lists to choose from."""
    return workbook("Provision map template", _EXPLANATION, SHEETS, {plan.name: [_example(plan)] for plan in SHEETS})


def workbook(
    title: str, explanation: Sequence[str], sheets: Sequence[SheetPlan], rows: Mapping[str, Sequence[Sequence[Cell]]]
) -> bytes:
    """A workbook of any template: notes first, then each sheet with its `rows`, then the lists to choose from."""
    file = ExcelFile(title)
    file.sheet(
        READ_ME,
        [("Sheet", 18), ("Column", 22), ("Needed?", 10), ("What to write", 80), ("Invented example", 26)],
        [[plan.name, *row] for plan in sheets for row in _notes(plan)],
        above=explanation,
    )
    for plan in sheets:
        columns = [(column.heading, _width(column)) for column in plan.columns]
        file.sheet(plan.name, columns, [_notes_row(plan), *rows[plan.name]])
    lists = _lists(sheets)
    depth = max(len(options) for options in lists.values())
    file.sheet(
        LISTS,
        [(heading, 30) for heading in lists],
        [[options[row] if row < len(options) else "" for options in lists.values()] for row in range(depth)],
    )
    for plan in sheets:
        _help_to_choose(file.workbook[plan.name], plan, list(lists))
    return file.contents()


def template_csv() -> bytes:
    """The same tables as CSV files in a zip, with a text file of notes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for plan in SHEETS:
            headings: list[str | int] = [column.heading for column in plan.columns]
            rows = [headings, _notes_row(plan), _example(plan)]
            _add(packed, f"{plan.name}.csv", _csv(rows))
        _add(packed, f"{READ_ME}.txt", _read_me())
    return made.getvalue()


def _add(packed: zipfile.ZipFile, name: str, text: str) -> None:
    # A fixed time, so that the same template is the same file. The mark at the start tells Excel that it is UTF-8.
    part = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
    part.compress_type = zipfile.ZIP_DEFLATED
    packed.writestr(part, text.encode("utf-8-sig"))


def _csv(rows: list[list[str | int]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[for_cell(str(cell)) for cell in row] for row in rows])
    return text.getvalue()


def _read_me() -> str:
    lines = [*_EXPLANATION, ""]
    for plan in SHEETS:
        lines += [f"{plan.name}.csv{'' if plan.required else ' (may be left out)'}: {plan.purpose}"]
        lines += [f"  {heading} ({needed}): {note}" for heading, needed, note, _ in _notes(plan)]
        lines += [""]
    lines += ["The codes:"]
    lines += [f"  {heading}: {'; '.join(options)}" for heading, options in _lists().items()]
    return "\r\n".join([*lines, ""])


def _width(column: Column) -> int:
    return max(14, len(column.heading) + 4, len(str(column.example)))


def _notes(plan: SheetPlan) -> list[list[str]]:
    """Heading, whether needed, note and example of each column."""
    return [
        [column.heading, "yes" if column.required else "no", column.note, str(column.example)]
        for column in plan.columns
    ]


def _notes_row(plan: SheetPlan) -> list[str | int]:
    notes: list[str | int] = [column.note for column in plan.columns]
    notes[0] = f"{NOTE} {notes[0]}"
    return notes


def _example(plan: SheetPlan) -> list[str | int]:
    return [column.example for column in plan.columns]


def _lists(sheets: Sequence[SheetPlan] = SHEETS) -> dict[str, list[str]]:
    """The codes of each column with a list, by heading; a heading that two sheets share has the same list."""
    return {
        column.heading: list(column.kind.options)
        for plan in sheets
        for column in plan.columns
        if isinstance(column.kind, Choice)
    }


def _help_to_choose(sheet: Worksheet, plan: SheetPlan, lists: list[str]) -> None:
    """Put a list to choose from, or the ends of a number, on each column, with its note beside the cell."""
    for place, column in enumerate(plan.columns, 1):
        rule = _rule(column, plan, lists)
        if rule is None:
            continue
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.heading[:32], column.note[:255], True
        rule.errorTitle, rule.error, rule.showErrorMessage = column.heading[:32], column.note[:255], True
        letter = get_column_letter(place)
        rule.add(f"{letter}{_FIRST_ROW}:{letter}{_FIRST_ROW + plan.most_rows}")
        sheet.add_data_validation(rule)
    # The notes are long: a row of several lines beside narrow columns.
    sheet.row_dimensions[2].height = 120
    sheet.freeze_panes = f"B{_FIRST_ROW}"


def _rule(column: Column, plan: SheetPlan, lists: list[str]) -> DataValidation | None:
    if isinstance(column.kind, Choice):
        letter = get_column_letter(lists.index(column.heading) + 1)
        return DataValidation(
            type="list", formula1=f"{LISTS}!${letter}$2:${letter}${len(column.kind.options) + 1}", allow_blank=True
        )
    if isinstance(column.kind, OwnCode) and column.name not in plan.unique[:1] * (plan in (PUPILS, PROVISIONS)):
        other = PUPILS if column.kind.of_pupil else PROVISIONS
        # Codes can only be chosen from those that stand on the other sheet.
        return DataValidation(
            type="list",
            formula1=f"'{other.name}'!$A${_FIRST_ROW}:$A${_FIRST_ROW + other.most_rows}",
            allow_blank=True,
            errorStyle="warning",
        )
    if isinstance(column.kind, Number):
        return DataValidation(
            type="whole" if column.kind.ends.whole else "decimal",
            operator="between",
            formula1=f"{column.kind.ends.lowest:g}",
            formula2=str(int(column.kind.ends.highest)),
            allow_blank=True,
        )
    return None
