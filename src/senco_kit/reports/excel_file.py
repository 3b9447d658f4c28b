"""How the kit makes an Excel workbook: plain cells only, a header that stays in view, columns that can be read."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import date

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from senco_kit.plain_text import clean, for_cell

#: What a cell can hold. Text never becomes a formula; a float that is not finite leaves its cell empty.
Cell = str | int | float | date | None

_DAY_FORMAT = "d mmm yyyy"
_A4 = 9
_LONGEST_CELL = 32_767  # Excel's own limit, in units of UTF-16: an emoji takes two
_CUT = " (cut here: Excel holds no more in one cell; the Word report has it whole)"

_DARK = "FF123A6B"
_HEADER_FILL = PatternFill("solid", fgColor="FFDBE6F4")
_LINE = Border(bottom=Side(style="thin", color="FF123A6B"))
_WRAPPED = Alignment(wrap_text=True, vertical="top", horizontal=None)


class ExcelFile:
    """A workbook under construction."""

    def __init__(self, title: str) -> None:
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.worksheets[0])
        properties = self.workbook.properties
        # openpyxl would put its own name where the author stands.
        properties.creator, properties.lastModifiedBy = "", ""
        properties.title = clean(title)
        properties.language = "en-GB"

    def sheet(
        self,
        name: str,
        columns: Sequence[tuple[str, int]],
        rows: Sequence[Sequence[Cell]],
        *,
        above: Sequence[str] = (),
        total: Sequence[Cell] = (),
        nothing: str = "",
        formats: Sequence[str] = (),
    ) -> None:
        """Add a sheet with one table. `columns` are names with widths in characters.

        `above` are lines of text over the table, the first one its title; `total` is a last row that the filter leaves
        alone; `nothing` stands in place of the rows when there are none. `formats` are Excel's number formats of the
        columns, such as "0.0"; "" leaves numbers as they are.
        """
        sheet = self.workbook.create_sheet(name)
        for line, text in enumerate(above, 1):
            cell = _put(sheet, line, 1, text)
            cell.alignment = Alignment(wrap_text=False)
            cell.font = Font(bold=True, size=14, color=_DARK) if line == 1 else Font()
        header = len(above) + 2 if above else 1
        for column, (title, width) in enumerate(columns, 1):
            cell = _put(sheet, header, column, title)
            cell.font, cell.fill, cell.border = Font(bold=True, color=_DARK), _HEADER_FILL, _LINE
            sheet.column_dimensions[get_column_letter(column)].width = width
        for line, row in enumerate(rows or ([[nothing]] if nothing else []), header + 1):
            for column, value in enumerate(row, 1):
                _put(sheet, line, column, value)
        last = max(sheet.max_row, header)
        sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(columns))}{last}"
        for column, value in enumerate(total, 1):
            _put(sheet, last + 1, column, value).font = Font(bold=True)
        for column, shown_as in enumerate(formats, 1):
            for line in range(header + 1, sheet.max_row + 1) if shown_as else ():
                cell = sheet.cell(line, column)
                if cell.data_type == "n":
                    cell.number_format = shown_as
        _settle(sheet, header)

    def contents(self) -> bytes:
        """The finished file."""
        made = io.BytesIO()
        self.workbook.save(made)
        return made.getvalue()


def _put(sheet: Worksheet, row: int, column: int, value: Cell) -> SheetCell:
    """Write one value; text goes in as text whatever it looks like."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)
    cell.alignment = _WRAPPED
    if isinstance(value, str):
        if value:
            cell.value = _fitting(for_cell(clean(value)))
            # openpyxl reads "#N/A" as an error, and would read "=1" as a formula.
            cell.data_type = "s"
    elif value is not None and not (isinstance(value, float) and not math.isfinite(value)):
        cell.value = value
        if isinstance(value, date):
            cell.number_format = _DAY_FORMAT
    return cell


def _fitting(text: str) -> str:
    """The text as far as one cell can hold it; where some of it is left out, the end says so."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_CELL:
        return text
    # A cut in the middle of a character leaves half of it, which is dropped.
    return units[: 2 * (_LONGEST_CELL - len(_CUT))].decode("utf-16-le", "ignore") + _CUT


def _settle(sheet: Worksheet, header: int) -> None:
    """Keep the header in view on the screen and on every printed page, and fit the columns to the paper."""
    sheet.freeze_panes = f"A{header + 1}"
    sheet.print_title_rows = f"{header}:{header}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
