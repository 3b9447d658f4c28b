"""Facts of the register as words inside a sentence."""

from __future__ import annotations

from datetime import date

from senco_kit.days import in_words
from senco_kit.standards.model import Fact


def in_a_sentence(fact: Fact) -> str:
    """The fact's value with its unit.

    >>> from dataclasses import replace
    >>> fact = Fact("x", 6000, "pounds a pupil a year", "", "", 2026, date.min, None, "confirmed")
    >>> in_a_sentence(fact), in_a_sentence(replace(fact, value=19.5, unit="pounds an hour"))
    ('£6,000 a pupil a year', '£19.50 an hour')
    >>> in_a_sentence(replace(fact, value=9, unit="school year"))
    'Year 9'
    """
    value, unit = fact.value, fact.unit or ""
    if isinstance(value, date):
        return in_words(value)
    if unit == "year":
        return str(value)
    if unit == "school year":
        return f"Year {value}"
    figure = f"{value:,}" if isinstance(value, int | float) else str(value)
    if unit.startswith("pounds") and isinstance(value, int | float):
        return f"£{value:,.2f}".removesuffix(".00") + unit.removeprefix("pounds")
    if unit.startswith(("million pounds", "billion pounds")):
        return f"£{figure} {unit.replace(' pounds', '')}"
    return f"{figure} {unit.replace('percent', 'per cent')}".strip()
