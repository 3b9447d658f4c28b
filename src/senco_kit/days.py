"""Days as people in England read and write them, whatever language the computer speaks."""

from __future__ import annotations

import re
from datetime import date, datetime

EARLIEST_YEAR, LATEST_YEAR = 1950, 2100

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
_MONTH_IN_WORDS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,? ([0-9]{4})")


def in_words(moment: date | datetime) -> str:
    """A day as people write it; a moment with a time zone is shown as the day it was here.

    >>> in_words(date(2026, 9, 4))
    '4 September 2026'
    """
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = moment.astimezone()
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def read_day(text: str) -> date | None:
    """The day that a person typed; None when nothing was typed. Raises ValueError with a sentence for the person.

    >>> read_day("24 Sept 2026") == read_day("24/9/2026") == read_day("2026-09-24") == date(2026, 9, 24)
    True
    """
    written = " ".join(text.lower().split())
    if not written:
        return None
    found = _year_month_day(written)
    try:
        day = date(*found) if found else None
    except ValueError:  # such as 31 June
        day = None
    if found is None and _has_two_figure_year(written):
        raise ValueError("Write the year with four figures, such as 24/9/2026.")
    if day is None:
        raise ValueError("Enter a date such as 24 September 2026 or 24/9/2026.")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"Enter a date with a year from {EARLIEST_YEAR} to {LATEST_YEAR}, such as 24 September 2026.")
    return day


def _has_two_figure_year(written: str) -> bool:
    """Whether only the century is missing; the kit does not guess it."""
    return re.search("[^0-9][0-9]{2}$", written) is not None and bool(
        _year_month_day(f"{written[:-2]}20{written[-2:]}")
    )


def _year_month_day(written: str) -> tuple[int, int, int] | None:
    if match := _YEAR_FIRST.fullmatch(written):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _DAY_FIRST.fullmatch(written):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _MONTH_IN_WORDS.fullmatch(written):
        months = [number for number, month in enumerate(_MONTHS, start=1) if month.lower().startswith(match[2])]
        return (int(match[3]), months[0], int(match[1])) if months else None
    return None
