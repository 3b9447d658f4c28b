"""A sheet as it was uploaded: rows of cells, before anything is known about their meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

from openpyxl.utils import get_column_letter

#: What a cell holds when it is read. "" and None are empty.
Value: TypeAlias = str | int | float | bool | date | datetime | time | timedelta | None

#: Columns to the right of this one, and rows further down than the second, are not read.
MOST_COLUMNS = 40
LAST_ROW = 20_000
#: The most sheets or CSV files, and the most cells, empty ones with a format included: more could take minutes.
MOST_SHEETS = 30
MOST_CELLS = 200_000
#: The most characters in the cells of a sheet. A workbook can hold a long text once and show it in every cell.
MOST_CHARACTERS = 10_000_000


@dataclass(frozen=True)
class Row:
    """A row that holds something: its number in the spreadsheet and its cells from the first column."""

    number: int
    cells: tuple[Value, ...]


@dataclass(frozen=True)
class Grid:
    """An uploaded sheet. `name` is as the user wrote it."""

    name: str
    rows: tuple[Row, ...]


def is_empty(value: Value) -> bool:
    """Whether a cell holds nothing that can be seen."""
    return value is None or (isinstance(value, str) and not value.strip("\ufeff\u200b \t\r\n\xa0"))


def full_rows(rows: Iterable[tuple[int, tuple[Value, ...]]]) -> tuple[Row, ...]:
    """The rows that hold something."""
    return tuple(Row(number, cells) for number, cells in rows if not all(is_empty(cell) for cell in cells))


def column_letter(place: int) -> str:
    """The spreadsheet's letter of a column, counted from 0.

    >>> column_letter(27)
    'AB'
    """
    return get_column_letter(place + 1)
