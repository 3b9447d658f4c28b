"""An uploaded Excel workbook, read into grids. Values only: nothing in the file is run, fetched or kept."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from senco_kit.provision.own_data.columns import NOT_DATA, plain
from senco_kit.provision.own_data.files import damaged, read_part
from senco_kit.provision.own_data.grids import (
    LAST_ROW,
    MOST_CELLS,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    MOST_SHEETS,
    Grid,
    Value,
    full_rows,
)
from senco_kit.provision.own_data.mistakes import Found, Mistakes, quoted, too_many_sheets, whole_file

_NOT_DATA = {plain(name) for name in NOT_DATA}
# Excel writes no document type and no entities; a file that has them wants to read other files or to fill the memory.
# Excel's longest number format has 255 characters; openpyxl takes minutes over one that is long and hostile.
_DANGEROUS = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)|formatCode\s*=\s*(?:\"[^\"]{1000}|'[^']{1000})", re.IGNORECASE)
# No pattern runs over the "<" of the next tag: a text of many opened tags would take hours.
_TAG = rb"<(?:[^<>\s/:]+:)?"
_MERGED = re.compile(_TAG + rb"mergeCell\b[^<>]*\bref=[\"']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3}[0-9]{1,7})[\"']")
_FORMULA = re.compile(_TAG + rb"f[\s>/]")
_CELL = re.compile(_TAG + rb"c[\s>/]")
_ROW = re.compile(_TAG + rb"row\b(?:[^<>]*?\br=[\"']([0-9]{1,20})[\"'])?")
_SHEET = re.compile(_TAG + rb"sheet[\s>/]")
#: The most tags in all parts together: three times those of a template that is full to the last row. Times the number
#: of sheets there may be fewer than so many, for all sheets may stand in one part, which is then read for each.
_MOST_TAGS, _MOST_TAGS_TIMES_SHEETS = 2_000_000, 10_000_000
#: The longest comment, instruction or tag, in bytes. Python's XML reader takes minutes over one of many megabytes.
_LONGEST_TAG = 500_000
_LONG_TAG = re.compile(rb"<[^<]{%d}" % _LONGEST_TAG)


def read_workbook(data: bytes, opened: zipfile.ZipFile, found: Found) -> list[Grid]:
    """The sheets that hold data. Merged cells, hidden sheets and formulas without values are noted in `found`.

    Raises `Mistakes` at once for a workbook that cannot or should not be opened.
    """
    _refuse_danger(opened)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of features that it leaves out, such as pictures: no matter here.
            warnings.simplefilter("ignore")
            return _grids(data, opened, found)
    except Mistakes:
        raise
    except Exception as problem:  # a hostile or half-written workbook can make openpyxl raise nearly anything
        raise damaged() from problem


def _refuse_danger(opened: zipfile.ZipFile) -> None:
    tags = cells = sheets = 0
    # Every part, whatever it is called: which parts are sheets stands inside the workbook, not in their names.
    for name in opened.namelist():
        # UTF-16 text, which XML may be in, has a zero byte beside each letter.
        xml = read_part(opened, name).replace(b"\x00", b"")
        tags += xml.count(b"<")
        cells += sum(1 for _ in _CELL.finditer(xml))
        sheets += sum(1 for _ in _SHEET.finditer(xml))
        if _DANGEROUS.search(xml) or _has_long_tag(xml):
            raise whole_file(
                "This workbook holds instructions that no workbook needs, so it was not opened. Copy your rows into a "
                "new copy of the template and upload that."
            )
        if tags > _MOST_TAGS or cells > MOST_CELLS or _goes_too_far_down(xml):
            raise _too_big()
    if sheets > MOST_SHEETS:
        raise too_many_sheets(sheets, MOST_SHEETS)
    if tags * sheets > _MOST_TAGS_TIMES_SHEETS:
        raise _too_big()


def _has_long_tag(part: bytes) -> bool:
    if not part.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return False  # a picture or the like
    for opens, closes in ((b"<!--", b"-->"), (b"<?", b"?>")):
        start = part.find(opens)
        while start >= 0:
            end = part.find(closes, start)
            if end < 0 or end - start > _LONGEST_TAG:
                return True
            start = part.find(opens, end)
    return _LONG_TAG.search(part) is not None


def _too_big() -> Mistakes:
    return whole_file(
        f"This workbook goes on below row {LAST_ROW:,} or has far more cells or text than the template, perhaps empty "
        "cells. Copy your rows into a new copy of the template and upload that."
    )


def _goes_too_far_down(xml: bytes) -> bool:
    rows = _ROW.findall(xml)
    return len(rows) > LAST_ROW or any(int(row) > LAST_ROW for row in rows if row)


def _grids(data: bytes, opened: zipfile.ZipFile, found: Found) -> list[Grid]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    _refuse_sheets_in_one_part(workbook.worksheets)
    grids = []
    formulas: set[str] = set()
    for sheet in workbook.worksheets:
        if plain(sheet.title) in _NOT_DATA or not isinstance(sheet, ReadOnlyWorksheet):
            continue
        xml = _xml(opened, sheet)
        grid = _grid(sheet)
        if sheet.sheet_state != "visible" and grid.rows:
            found.add(
                sheet.title,
                None,
                "",
                "This sheet is hidden. Right-click any sheet's tab, choose Unhide, look what is in it, and delete it "
                "if it is not part of your data.",
            )
        for letter, row, end in _MERGED.findall(xml):
            found.add(
                sheet.title,
                int(row),
                letter.decode(),
                f"The cells {letter.decode()}{row.decode()} to {end.decode()} are merged. Select them, choose Home, "
                "Merge and Centre to unmerge them, and write the value in every row.",
            )
        if _FORMULA.search(xml):
            formulas.add(sheet.title)
        grids.append(grid)
    workbook.close()
    if formulas:
        _note_empty_formulas(data, grids, formulas, found)
    return grids


def _refuse_sheets_in_one_part(sheets: list[Any]) -> None:
    paths = [getattr(sheet, "_worksheet_path", sheet.title) for sheet in sheets]
    if len(set(paths)) < len(paths):
        raise damaged()


def _xml(opened: zipfile.ZipFile, sheet: Any) -> bytes:
    """The sheet as the file holds it: openpyxl does not tell of merged cells when it reads row by row."""
    return read_part(opened, sheet._worksheet_path.lstrip("/"))


def _grid(sheet: Any) -> Grid:
    # The types of openpyxl's stubs do not fit its sheets that are read row by row.
    sheet.reset_dimensions()  # what the file says about its own size may be wrong
    rows = sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
    return Grid(sheet.title, full_rows(enumerate(_within_bounds(rows), 1)))


def _within_bounds(rows: Iterable[tuple[Value, ...]]) -> Iterator[tuple[Value, ...]]:
    characters = 0
    for row in rows:
        characters += sum(len(cell) for cell in row if isinstance(cell, str))
        if characters > MOST_CHARACTERS:
            raise _too_big()
        yield row


def _note_empty_formulas(data: bytes, grids: list[Grid], formulas: set[str], found: Found) -> None:
    """A formula that no spreadsheet has worked out yet has no value; its cell would look empty."""
    workbook = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    for grid in grids:
        if grid.name not in formulas:
            continue
        sheet: Any = workbook[grid.name]
        sheet.reset_dimensions()
        values = {row.number: row.cells for row in grid.rows}
        for number, cells in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=MOST_COLUMNS), 1):
            for place, cell in enumerate(cells):
                known = values.get(number, ())
                if cell.data_type == "f" and (place >= len(known) or known[place] is None):
                    found.add(
                        grid.name,
                        number,
                        cell.column_letter,
                        f"The formula {quoted(cell.value)} has no value yet. Open the file in Excel, save it and "
                        "upload it again; or write the value itself.",
                    )
    workbook.close()
