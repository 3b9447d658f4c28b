"""How far a decision can be trusted: what the kit said of provisions in invented schools, where the truth is known.

The figures are those of bench/find_truths.py, kept in trust.json beside this file. They hold for schools like the
invented ones; a real school has more that nobody measured, so trust a decision there somewhat less.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

TRUST: Final = Path(__file__).with_name("trust.json")

#: To be shown wherever a real school's decisions are: the one thing that the invented schools cannot try out.
IN_A_REAL_SCHOOL: Final = (
    "Invented pupils were chosen by what the data show (scores, need, free school meals) and by chance. In a real "
    "school adults may choose pupils for reasons that no score shows. If they choose those who struggle more than "
    "their scores say, every fair comparison makes the provision look worse than it is; so ask first how the pupils "
    "were chosen."
)

#: Sizes of provisions (pupils with both scores) that are told apart, as (fewest, name).
_BANDS: Final = ((20, "20 or more"), (10, "10 to 19"), (0, "5 to 9"))


def band(both_scores: int) -> str:
    """The size that a provision with so many pupils with both scores belongs to.

    >>> band(12)
    '10 to 19'
    """
    return next(name for fewest, name in _BANDS if both_scores >= fewest)


@cache
def figures() -> dict[str, Any]:
    """All figures of trust.json: schools, smallest_effect, kinds, decisions, intervals."""
    found: dict[str, Any] = json.loads(TRUST.read_text(encoding="utf-8"))
    return found


#: With fewer provisions than this nothing is said of them.
FEWEST_PROVISIONS: Final = 20


def how_far(both_scores: int) -> str:
    """What was said of provisions of this size in the invented schools, in two or three sentences for the page."""
    size = band(both_scores)
    rows = {row["truth"]: row for row in figures()["decisions"] if row["pupils"] == size}
    works, nothing = rows["works"], rows.get("nothing")
    smallest = f"{figures()['smallest_effect']:g}"
    said = (
        f"In invented primary and secondary schools, of 100 provisions with {size} pupils that truly added {smallest} "
        f"points or more, the kit said keep for {_in_100(works, 'keep')} and stop for {_in_100(works, 'stop')}; "
        "of most others it said that there is not enough evidence."
    )
    if nothing is None or nothing["provisions"] < FEWEST_PROVISIONS:
        return f"{said} Too few of this size truly did nothing to say how often that is seen."
    return (
        f"{said} Of 100 that truly did nothing it said stop for {_in_100(nothing, 'stop')} and keep for "
        f"{_in_100(nothing, 'keep')}; by their average gain alone {_in_100(nothing, 'naive_works')} would seem to work."
    )


def _in_100(row: dict[str, Any], name: str) -> int:
    return round(100 * int(row[name]) / int(row["provisions"]))
