"""What one cell says, or a sentence about what to write there instead."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches

from senco_kit.days import in_words, read_day
from senco_kit.provision.own_data.columns import Choice, Day, Kind, Number, OwnCode, Words
from senco_kit.provision.own_data.grids import Value
from senco_kit.provision.own_data.mistakes import quoted
from senco_kit.provision.sensible import in_figures
from senco_kit.typed_numbers import number_typed

#: What a checked cell holds.
Answer = str | float | date

_UPN = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]", re.IGNORECASE)
_TWO_WORDS = re.compile(r"[^\W\d_]{2,}[,.]? +[^\W\d_]{2,}.*")
_LONGEST_CODE = 20
#: Excel counts days from 1900; these are 2000 to 2100. A date cell set to Number shows such a count.
_DAYS_OF_EXCEL = (36_526, 73_050)
_EXCEL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!")


def answer(kind: Kind, value: Value, *, suggest: bool = True) -> Answer:
    """What a cell that is not empty says. Raises ValueError with a sentence for the user.

    Codes come back as the code itself, numbers as float, days as date. Without `suggest` no likely code is looked for,
    which takes most of the time where thousands of cells are wrong.
    """
    if isinstance(value, str) and value.strip().upper() in _EXCEL_ERRORS:
        raise ValueError(f"The cell shows Excel's error {value.strip().upper()}. Write the value itself.")
    match kind:
        case OwnCode():
            return _own_code(kind, value)
        case Choice():
            return _choice(kind, value, suggest)
        case Number():
            return _number(kind, value)
        case Day():
            return _day(value)
        case Words():
            return _words(kind, value)


def same(code: str) -> str:
    """What two ways of writing one code have in common: "P 01" on one sheet is "p01" on another, "007" is "7".

    >>> same("P 01") == same("p01"), same("007") == same("7")
    (True, True)
    """
    plain = "".join(code.casefold().split())
    return plain.lstrip("0") or "0" if plain.isdecimal() else plain


def _text(value: Value) -> str:
    """A cell as text, with single spaces; 12.0 as "12"."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).replace("\u200b", "").replace("\ufeff", "").split())


def _refuse_day(value: Value) -> None:
    if isinstance(value, datetime | date):
        raise ValueError(
            f"Excel has made this a date ({in_words(value)}). Set the cell's format to Text and write the value again."
        )
    if isinstance(value, time | timedelta):
        raise ValueError("Excel has made this a time. Set the cell's format to Text and write the value again.")


def _own_code(kind: OwnCode, value: Value) -> str:
    _refuse_day(value)
    text = _text(value)
    if kind.of_pupil:
        if _UPN.fullmatch(text):
            raise ValueError("This looks like a UPN. Use a short code of your own, such as P01, and leave UPNs out.")
        if _TWO_WORDS.fullmatch(text) or "@" in text or "," in text:
            raise ValueError("This looks like a name. Use a short code of your own, such as P01, and leave names out.")
    if len(text) > _LONGEST_CODE:
        raise ValueError(f"This code has {len(text):,} characters. Use a code of {_LONGEST_CODE} or fewer.")
    return text


def _choice(kind: Choice, value: Value, suggest: bool) -> str:
    _refuse_day(value)
    text = _text(value)
    wanted = text.casefold()
    if wanted in kind.by_writing:
        return kind.by_writing[wanted]
    if wanted in kind.retired_by_writing:
        raise ValueError(f"{quoted(text)} is the code of {kind.retired_by_writing[wanted]}.")
    near = get_close_matches(wanted[:60], kind.by_code, n=1, cutoff=0.75) if suggest else []
    suggestion = f" Did you mean {kind.by_code[near[0]]}?" if near else ""
    raise ValueError(f"{quoted(text)} is not on the list.{suggestion} Write one of: {_listed(list(kind.options))}.")


def _listed(codes: list[str]) -> str:
    """Codes with commas between; with semicolons where a code has a comma itself."""
    return ("; " if any("," in code for code in codes) else ", ").join(codes)


def _number(kind: Number, value: Value) -> float:
    _refuse_day(value)
    if isinstance(value, bool):
        raise ValueError(f"This is {str(value).upper()}, not a number. Write {kind.ends.in_words()}.")
    if isinstance(value, int | float):
        number = float(value) if abs(value) < 1e15 else math.inf
    else:
        try:
            number = number_typed(_text(value))
        except ValueError as problem:
            wanted = kind.ends.in_words()
            raise ValueError(
                f"{quoted(value)} is not a number. Write {wanted}, in figures such as 12 or 12.50."
            ) from problem
    if not kind.ends.fit(number):
        raise ValueError(f"{quoted(in_figures(number))} cannot be right here. Write {kind.ends.in_words()}.")
    return number


def _day(value: Value) -> date:
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return read_day(value.isoformat()) or value
    if isinstance(value, time | timedelta | bool):
        raise ValueError("This is not a date. Write it like 24/9/2025.")
    text = _text(value)
    if re.fullmatch("[0-9]{5}", text) and _DAYS_OF_EXCEL[0] <= int(text) <= _DAYS_OF_EXCEL[1]:
        day = date(1899, 12, 30) + timedelta(days=int(text))
        raise ValueError(
            f"This is Excel's own count of days, {text}. Set the cell's format to Date, or write {day.day}/{day.month}/"
            f"{day.year} if that is the day."
        )
    day_read = read_day(re.sub("[T ]00:00(:00)?$", "", text))
    assert day_read is not None  # an empty cell never comes here
    return day_read


def _words(kind: Words, value: Value) -> str:
    _refuse_day(value)
    text = _text(value)
    if len(text) > kind.longest:
        raise ValueError(f"This text has {len(text):,} characters. Shorten it to {kind.longest} or fewer.")
    return text
