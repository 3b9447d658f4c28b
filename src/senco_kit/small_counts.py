"""Small counts hidden in tables that other people will see, so that no hidden count can be worked out from the totals.

Every count from 1 to 4 (with the usual threshold of 5) is hidden, totals included. A reader could still work many of
them out by taking the shown counts from a total, so more cells are hidden (complementary suppression) until every
hidden count could be at least one more or one fewer than it is. The threshold is the kit's own rule; see the brief of
each publication for others (the school census' exclusions hide 1 to 4; research often asks for 10).

What this does not do: it looks at one table. Two tables about the same pupils, or last year's beside this year's, can
give away together what neither gives away alone.

How it is known that a hidden count stays unknown. Rows and columns are the places of a network and each cell joins its
row to its column. Adding 1 to a cell, then setting the sums right by taking 1 from a cell in the same column, adding 1
to one in that cell's row and so on, comes back to the first cell exactly when the table has another solution. So a
hidden cell is safe if and only if such a round trip exists over hidden cells, none of which falls below the least that
a hidden count can be. Where there is none, the round trip that hides the fewest further pupils is found and hidden.
(Cox, "Network models for complementary cell suppression", Journal of the American Statistical Association, 1995.)
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, overload

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

#: Counts below this are hidden. The provision map's own limit (provision/data.py) is this one.
THRESHOLD: Final = 5
#: What stands in place of a hidden count: the sign of the Department for Education for a confidential figure.
HIDDEN = "c"
#: The name of the row and the column of totals.
TOTAL = "Total"

# Hiding a total costs a table's reader more than hiding a cell inside.
_TIMES_FOR_TOTAL, _TIMES_FOR_GRAND_TOTAL = 10, 100


def is_small(pupils: float, threshold: int = THRESHOLD) -> bool:
    """Whether a figure that rests on so many pupils must be hidden; 0 pupils are not small.

    >>> is_small(4), is_small(5), is_small(0)
    (True, False, False)
    """
    return 0 < pupils < threshold


@overload
def suppress(counts: pd.DataFrame, threshold: int = ..., *, zeros_stay: bool = ...) -> pd.DataFrame: ...
@overload
def suppress(counts: pd.Series, threshold: int = ..., *, zeros_stay: bool = ...) -> pd.Series: ...


def suppress(
    counts: pd.DataFrame | pd.Series, threshold: int = THRESHOLD, *, zeros_stay: bool = True
) -> pd.DataFrame | pd.Series:
    """The table with its totals added and "c" in every cell that is small or would give a small one away.

    `counts` are whole numbers of pupils, each pupil in one cell only, WITHOUT totals: a DataFrame gets a row and a
    column named "Total", a Series one value. With `zeros_stay` false, zeros are hidden like other small counts. The
    answer holds whole numbers and "c". Raises ValueError for counts that are negative, missing or not whole.
    """
    # Imported here because results by outcome need only the threshold.
    import pandas as pd

    if isinstance(counts, pd.Series):
        column = _whole(counts.to_numpy().reshape(-1, 1))
        with_total = np.vstack([column, column.sum(axis=0)])
        # One constraint only: the cells add up to the total. So all rows are one place of the network.
        cells = [
            _Cell(0, 1, int(count), is_total=is_total, weight=_TIMES_FOR_TOTAL if is_total else 1)
            for count, is_total in zip(with_total[:, 0], _last(len(with_total)), strict=True)
        ]
        values = _replaced(with_total, cells, _hidden(cells, threshold, zeros_stay))[:, 0]
        return pd.Series(values, index=[*counts.index, TOTAL], name=counts.name, dtype=object)
    inside = _whole(counts.to_numpy())
    down = np.vstack([inside, inside.sum(axis=0)])
    full = np.hstack([down, down.sum(axis=1, keepdims=True)])
    cells = _two_way_cells(full)
    values = _replaced(full, cells, _hidden(cells, threshold, zeros_stay))
    return pd.DataFrame(values, index=[*counts.index, TOTAL], columns=[*counts.columns, TOTAL], dtype=object)


@dataclass(frozen=True)
class _Cell:
    """One count: adding 1 to it moves 1 from the place `start` to the place `end`, or back for a total."""

    start: int
    end: int
    count: int
    is_total: bool
    weight: int

    def step(self, up: bool) -> tuple[int, int]:
        """From which place to which a change by 1 goes. A total stands on the other side of its equation."""
        return (self.start, self.end) if up else (self.end, self.start)


def _whole(counts: np.ndarray) -> np.ndarray:
    numbers = np.asarray(counts, dtype=float)
    if not (np.isfinite(numbers) & (numbers >= 0) & (numbers == np.floor(numbers))).all():
        raise ValueError("Counts of pupils must be whole numbers from 0 up, with none missing.")
    return numbers.astype(int)


def _last(length: int) -> list[bool]:
    return [False] * (length - 1) + [True]


def _two_way_cells(full: np.ndarray) -> list[_Cell]:
    """The cells of a table with totals, row by row. Rows are places from 0; columns follow."""
    rows, columns = full.shape
    cells = []
    for row, last_row in enumerate(_last(rows)):
        for column, last_column in enumerate(_last(columns)):
            weight = _TIMES_FOR_GRAND_TOTAL if last_row and last_column else _TIMES_FOR_TOTAL
            cells.append(
                _Cell(
                    row,
                    rows + column,
                    int(full[row, column]),
                    # The grand total is the total of totals: it stands on the first side again.
                    is_total=last_row != last_column,
                    weight=weight if last_row or last_column else 1,
                )
            )
    return cells


def _replaced(full: np.ndarray, cells: Sequence[_Cell], hidden: Iterable[int]) -> np.ndarray:
    values = np.array([cell.count for cell in cells], dtype=object)
    values[list(hidden)] = HIDDEN
    return values.reshape(full.shape)


def _hidden(cells: Sequence[_Cell], threshold: int, zeros_stay: bool) -> set[int]:
    """The places in `cells` to hide: the small ones and, for each, a round trip that leaves it open."""
    least = 1 if zeros_stay else 0
    small = [place for place, cell in enumerate(cells) if least <= cell.count < threshold]
    hidden = set(small)
    for place in small:
        trips = [_round_trip(cells, place, up, hidden, least) for up in (True, False)]
        found = [trip for trip in trips if trip is not None]
        # Every cell of a table that is not all zeros lies on a trip: up in the cell and up in its totals.
        hidden.update(min(found)[1])
    return hidden


def _round_trip(
    cells: Sequence[_Cell], changed: int, up: bool, hidden: set[int], least: int
) -> tuple[int, list[int]] | None:
    """The cheapest way to set the sums right after a change by 1 of one cell: its cost and the cells it changes.

    Dijkstra's shortest path from where the change leads back to where it came from. Hidden cells cost nothing.
    """
    one_pupil = 1 + max(cell.count for cell in cells)
    steps: dict[int, list[tuple[int, int, int]]] = {}
    for place, cell in enumerate(cells):
        if place == changed or cell.count < least:
            continue  # a zero that stays is known to everybody
        cost = 0 if place in hidden else (one_pupil + cell.count) * cell.weight
        ways = (True, False) if cell.count > least else (True,)
        for way in ways:
            start, end = cell.step(way != cell.is_total)
            steps.setdefault(start, []).append((end, cost, place))
    start, goal = cells[changed].step(up != cells[changed].is_total)
    if not up and cells[changed].count <= least:
        return None
    waiting: list[tuple[int, int, list[int]]] = [(0, goal, [])]
    done: set[int] = set()
    while waiting:
        cost, here, trip = heapq.heappop(waiting)
        if here == start:
            return cost, trip
        if here in done:
            continue
        done.add(here)
        for end, more, place in steps.get(here, []):
            if end not in done:
                heapq.heappush(waiting, (cost + more, end, [*trip, place]))
    return None
