"""How the provision map writes numbers: pounds, hours, points, shares; "not known" where there is none."""

from __future__ import annotations

from typing import Any

from senco_kit import in_figures
from senco_kit.in_figures import MINUS, known

NOT_KNOWN = "not known"

#: The four decisions, in the order in which they are shown, each with the style of its tag.
DECISIONS = {"keep": "keep", "adapt": "adapt", "stop": "stop", "not enough evidence": "unclear"}


def pounds(value: Any) -> str:
    """An amount of money in whole pounds.

    >>> pounds(1234.5), pounds(-12), pounds(None)
    ('£1,234', '−£12', 'not known')
    """
    if not known(value):
        return NOT_KNOWN
    return in_figures.pounds(float(value))


def pounds_and_pence(value: Any) -> str:
    """A small amount of money, such as an hourly rate.

    >>> pounds_and_pence(18)
    '£18.00'
    """
    if not known(value):
        return NOT_KNOWN
    amount = float(value)
    return f"{MINUS if amount < 0 else ''}£{abs(amount):,.2f}"


def number(value: Any, places: int = 1) -> str:
    """A number with as many places as it needs, up to `places`, and a true minus sign.

    >>> number(12.0), number(-1.25), number(1234.56, 0)
    ('12', '−1.2', '1,235')
    """
    if not known(value):
        return NOT_KNOWN
    written = f"{abs(float(value)):,.{places}f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return written if written == "0" or float(value) >= 0 else f"{MINUS}{written}"


def points(value: Any) -> str:
    """A change or a difference in points of standard score, with its sign.

    >>> points(3.21), points(-0.5), points(0.02)
    ('+3.2', '−0.5', '0.0')
    """
    if not known(value):
        return NOT_KNOWN
    return in_figures.points(float(value))


def interval(low: Any, high: Any) -> str:
    """Two bounds in points.

    >>> interval(-1, 4.25)
    '−1.0 to 4.2'
    """
    return in_figures.interval(float(low), float(high)) if known(low) and known(high) else NOT_KNOWN


def percent(value: Any) -> str:
    """A share as a percentage.

    >>> percent(0.754)
    '75%'
    """
    return in_figures.percent(float(value)) if known(value) else NOT_KNOWN


def year_name(year: Any) -> str:
    """A year group as people say it.

    >>> year_name("R"), year_name("7")
    ('Reception', 'Year 7')
    """
    if not known(year):
        return NOT_KNOWN
    return "Reception" if str(year) == "R" else f"Year {year}"


def times_a_week(value: Any) -> str:
    """How often, in words.

    >>> times_a_week(1.0), times_a_week(2.5)
    ('once a week', '2.5 times a week')
    """
    written = number(value)
    return {"1": "once a week", "2": "twice a week"}.get(written, f"{written} times a week")


def whole_points(value: Any) -> str:
    """The change of one pupil's score, which is whole.

    >>> whole_points(3.0), whole_points(-12)
    ('+3', '−12')
    """
    return points(value).removesuffix(".0") if known(value) else NOT_KNOWN


def text(value: Any) -> str:
    """A word of the data, or "not given"."""
    return str(value) if known(value) and str(value).strip() else "not given"


FILTERS = {
    "pounds": pounds,
    "pence": pounds_and_pence,
    "number": number,
    "points": points,
    "percent": percent,
    "times_a_week": times_a_week,
    "whole_points": whole_points,
    "year_name": year_name,
    "given": text,
    "is_known": known,
}
