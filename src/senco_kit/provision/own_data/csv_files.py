"""A zip of CSV files, read into grids, in the encodings that Excel and other programs write."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import PurePosixPath

from senco_kit.provision.own_data.columns import NOT_DATA, SHEETS, plain
from senco_kit.provision.own_data.files import read_part
from senco_kit.provision.own_data.grids import LAST_ROW, MOST_CELLS, MOST_COLUMNS, MOST_SHEETS, Grid, full_rows
from senco_kit.provision.own_data.mistakes import Found, quoted, too_many_sheets, whole_file

_NOT_DATA = {plain(name) for name in NOT_DATA}
_LONGEST_LINE = 20_000
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HEADINGS = {plain(column.heading) for sheet in SHEETS for column in sheet.columns}
_SAVE_AS_UTF8 = (
    "In Excel choose File, Save As, CSV UTF-8 (Comma delimited), make the zip again and upload it; or use the Excel "
    "template."
)


def read_csv_files(opened: zipfile.ZipFile, found: Found) -> list[Grid]:
    """The CSV files as grids named after them. What cannot be read is noted in `found`."""
    names = [name for name in opened.namelist() if not _is_leftover(name)]
    if any(PurePosixPath(name).suffix.casefold() in (".xlsx", ".xls", ".xlsm", ".ods") for name in names):
        raise whole_file("This zip holds a workbook. Take it out of the zip and upload the workbook itself.")
    tables = [name for name in names if PurePosixPath(name).suffix.casefold() == ".csv"]
    if not tables:
        raise whole_file("This zip holds no CSV file. Download the CSV template, fill it in and zip it again.")
    if len(tables) > MOST_SHEETS:
        raise too_many_sheets(len(tables), MOST_SHEETS)
    grids = []
    for name in tables:
        title = PurePosixPath(name).stem
        if plain(title) in _NOT_DATA:
            continue
        try:
            grids.append(_grid(title, decoded(read_part(opened, name))))
        except (ValueError, csv.Error) as problem:
            found.add(title, None, "", str(problem) if isinstance(problem, ValueError) else _broken_quotes())
    return grids


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16, or what Excel on Windows writes. ValueError with a sentence if it is none.

    >>> {decoded("Zoë".encode(encoding)) for encoding in ("cp1252", "utf-16", "utf-8", "utf-8-sig")}
    {'Zoë'}
    """
    for encoding in _likely_encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _NOT_TEXT.search(text):
            return text.removeprefix("\ufeff")
    raise ValueError(f"This file's letters cannot be read. {_SAVE_AS_UTF8}")


def _likely_encodings(data: bytes) -> tuple[str, ...]:
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return ("utf-32",)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    start = data[:1000]
    if start.count(0) > len(start) // 4:  # plain letters in UTF-16 have a zero byte each
        return ("utf-16-le",) if start[1:2] == b"\x00" else ("utf-16-be",)
    return ("utf-8", "cp1252")


def _grid(title: str, text: str) -> Grid:
    lines = text.splitlines()
    if len(lines) > LAST_ROW:
        raise ValueError(f"This file has more than {LAST_ROW:,} lines. Take out the lines that are not needed.")
    long = next((number for number, line in enumerate(lines, 1) if len(line) > _LONGEST_LINE), None)
    if long is not None:
        raise ValueError(f"Line {long} has {len(lines[long - 1]):,} characters. {_SAVE_AS_UTF8}")
    first, said_itself = _separator(lines)
    if text.count(first) > MOST_CELLS:
        raise ValueError("This file has far more columns than the template. Copy your rows into a new copy of it.")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=first))
    if said_itself:
        rows[0] = []  # the line "sep=;" that Excel understands
    for number, row in enumerate(rows, 1):
        if any(cell.count("\n") > 3 for cell in row):
            raise ValueError(
                f"A quotation mark near row {number} has no partner, so the rows after it run together. Take out "
                f"quotation marks in the text, starting with {quoted(next(cell for cell in row if chr(10) in cell))}."
            )
    return Grid(title, full_rows((number, tuple(row[:MOST_COLUMNS])) for number, row in enumerate(rows, 1)))


def _separator(lines: list[str]) -> tuple[str, bool]:
    """What stands between cells, and whether the file says so itself. Excel in some countries writes semicolons."""
    if lines and (said := re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\ufeff "))):
        return (said[1] if said[1] not in "\"'" else ","), True
    start = lines[:10]

    def headings(separator: str) -> int:
        return sum(plain(cell) in _HEADINGS for line in start for cell in line.split(separator))

    return max((",", ";", "\t", "|"), key=headings), False


def _is_leftover(name: str) -> bool:
    """Folders, and what Windows and macOS put in zips by themselves."""
    parts = PurePosixPath(name).parts
    return name.endswith("/") or not parts or "__MACOSX" in parts or parts[-1].startswith((".", "~$", "Thumbs.db"))


def _broken_quotes() -> str:
    return f"The rows of this file cannot be told apart: a quotation mark may be missing. {_SAVE_AS_UTF8}"
