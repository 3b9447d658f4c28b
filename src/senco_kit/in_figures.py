"""How the kit writes figures: money, shares, points of standard score, intervals, the same on pages and in reports."""

from __future__ import annotations

import math
from typing import Any

MINUS = "−"


def known(value: Any) -> bool:
    """Whether there is a value at all: None, NaN and pandas' own signs for nothing are not."""
    if value is None:
        return False
    if isinstance(value, float):
        return not math.isnan(value)
    return str(value) not in ("<NA>", "NaT", "nan")


def pounds(value: float) -> str:
    """A sum of money in whole pounds.

    >>> pounds(1234.5), pounds(-3), pounds(-0.2)
    ('£1,234', '−£3', '£0')
    """
    whole = round(value)
    return f"{MINUS if whole < 0 else ''}£{abs(whole):,}"


def percent(share: float) -> str:
    """A share in whole per cent, never rounded up to a limit that it does not reach.

    >>> percent(0.7499), percent(0.29)
    ('74%', '29%')
    """
    return f"{math.floor(100 * share + 1e-9)}%"


def points(value: float, *, sign: bool = True) -> str:
    """Points of standard score with one decimal and a real minus sign.

    >>> points(2.04), points(-1.25, sign=False), points(-0.01)
    ('+2.0', '−1.2', '0.0')
    """
    written = f"{abs(value):.1f}"
    if written == "0.0":
        return written
    return (MINUS if value < 0 else "+" if sign else "") + written


def interval(low: float, high: float) -> str:
    """An interval in points.

    >>> interval(-0.4, 3.1)
    '−0.4 to 3.1'
    """
    return f"{points(low, sign=False)} to {points(high, sign=False)}"
