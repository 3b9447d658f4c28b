"""Numbers as people type them into a box or a cell."""

from __future__ import annotations

import re

# Figures with or without commas or spaces at the thousands. [0-9] and not \d: other scripts' digits are refused.
_FIGURES = r"(?:[0-9]{1,3}(?:[, ][0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+"
_NUMBER = re.compile(rf"(?P<sign>£ ?-?|-?(?:£ ?)?)(?P<figures>{_FIGURES})")
_LONGEST = 25


def number_typed(text: str) -> float:
    """The number that a person typed: spaces, commas at the thousands and a leading £ are no matter.

    Raises ValueError with a sentence for anything else, such as "12,50", "1e3", "1_000", "nan" and nothing at all.

    >>> number_typed(" £1,250.50 "), number_typed("1 250"), number_typed("-.5")
    (1250.5, 1250.0, -0.5)
    """
    written = " ".join(text.split()).replace("\N{MINUS SIGN}", "-")
    found = _NUMBER.fullmatch(written) if len(written) <= _LONGEST else None
    if found is None:
        raise ValueError("Enter a number in figures, such as 12 or 12.50.")
    number = float(found["figures"].replace(",", "").replace(" ", ""))
    return -number if "-" in found["sign"] else number
