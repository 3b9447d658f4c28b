"""Medians and ratios of what was measured, and the tables that show them.

What was measured is a dictionary a round; a figure in it is named by its path, such as `times.complete.last`.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

#: For each server, by name, what each round showed.
Rounds: TypeAlias = dict[str, list[dict[str, Any]]]
#: A heading, the path of the figure below it, and its decimal places.
Column: TypeAlias = tuple[str, str, int]

OURS = "ours"
NAME_WIDTH, WIDTH = 10, 12

ARRIVALS: tuple[Column, ...] = (
    ("byte first", "times.first byte.first", 3),
    ("byte last", "times.first byte.last", 3),
    ("page first", "times.complete.first", 2),
    ("page median", "times.complete.median", 2),
    ("page last", "times.complete.last", 2),
    ("ping last", "times.answered.last", 2),
    ("saved last", "times.saved.last", 2),
    ("CPU s each", "processor_seconds_each", 2),
    ("of server", "processor_seconds_each_of.server", 2),
    ("of kernels", "processor_seconds_each_of.kernels", 2),
    ("USS MiB", "uss.median", 1),
    ("PSS MiB", "pss.median", 1),
    ("all MiB", "pss_of_all_each", 1),
    ("gone s", "gone_after", 1),
    ("left", "left", 0),
)
OPEN: tuple[Column, ...] = (
    ("answering", "answering", 0),
    ("ping last", "answered.last", 2),
    ("to open s", "seconds_to_open", 1),
    ("USS MiB", "uss.median", 1),
    ("USS most", "uss.last", 1),
    ("PSS MiB", "pss.median", 1),
    ("all MiB", "pss_of_all_each", 1),
    ("gone s", "gone_after", 1),
    ("left", "left", 0),
)
BROWSER: tuple[Column, ...] = (
    ("painted", "painted", 0),
    ("usable", "usable", 0),
    ("saved", "saved", 0),
    ("requests", "requests", 0),
    ("KB", "kilobytes", 0),
)


def of(values: Sequence[float]) -> dict[str, float]:
    """First, median and last; empty when there are none."""
    if not values:
        return {}
    return {"first": min(values), "median": statistics.median(values), "last": max(values)}


def figure(one: dict[str, Any], path: str) -> float | None:
    """One figure of a round; None when the round has none."""
    value: Any = one
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return None if value is None else float(value)


def median_of(rounds: Sequence[dict[str, Any]], path: str) -> float | None:
    """The median over the rounds that have the figure; None when none has."""
    found = [value for each in rounds if (value := figure(each, path)) is not None]
    return statistics.median(found) if found else None


def ratios(rounds: Rounds, path: str) -> dict[str, float]:
    """Each other server beside ours: the median of the ratios of rounds that ran side by side."""
    found = {}
    for name, theirs in rounds.items():
        pairs = [(figure(one, path), figure(other, path)) for one, other in zip(rounds[OURS], theirs, strict=True)]
        both = [other / one for one, other in pairs if one and other]
        if name != OURS and both:
            found[name] = statistics.median(both)
    return found


def show(title: str, rounds: Rounds, columns: Sequence[Column], beside: Sequence[str] = ()) -> None:
    """Print medians, a line for each server; then how many times ours the others' figures of `beside` are."""
    print(f"\n{title}\n{'':<{NAME_WIDTH}}" + "".join(f"{heading:>{WIDTH}}" for heading, _, _ in columns))
    for name, of_one in rounds.items():
        cells = (cell(median_of(of_one, path), places) for _, path, places in columns)
        print(f"{name:<{NAME_WIDTH}}{''.join(cells)}")
    headings = {path: heading for heading, path, _ in columns}
    for path in beside if OURS in rounds and len(rounds) > 1 else ():
        said = ", ".join(f"{name} {ratio:.1f}" for name, ratio in ratios(rounds, path).items())
        print(f"  {headings[path]}, times ours: {said}")
    for words in troubles(rounds):
        print(f"  {words}")
    sys.stdout.flush()


def cell(value: float | None, places: int) -> str:
    """A figure, or a dash where there is none."""
    return f"{'-' if value is None else format(value, f',.{places}f'):>{WIDTH}}"


def troubles(rounds: Rounds) -> Iterator[str]:
    """A sentence for everything that went wrong in some round of a server."""
    for name, of_one in rounds.items():
        all_of_one = [words for each in of_one for words in each["wrong"]]
        for words in sorted(set(all_of_one)):
            yield f"{name}, {all_of_one.count(words)} times: {words}"
