"""Small counts are hidden and cannot be worked out from the totals: proved by linear programming on random tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import block_diag

from senco_kit.small_counts import HIDDEN, TOTAL, suppress


def test_a_small_count_takes_one_more_of_its_row_and_column_with_it() -> None:
    counts = pd.DataFrame({"boys": [12, 30, 9], "girls": [3, 20, 8]}, index=["Year 1", "Year 2", "Year 3"])
    table = suppress(counts)
    assert table.to_numpy().tolist() == [
        [HIDDEN, HIDDEN, 15],
        [30, 20, 50],
        [HIDDEN, HIDDEN, 17],
        [51, 31, 82],
    ]
    assert [*table.index] == ["Year 1", "Year 2", "Year 3", TOTAL]
    assert [*table.columns] == ["boys", "girls", TOTAL]


def test_one_way_table_hides_the_next_smallest_too() -> None:
    table = suppress(pd.Series({"K": 40, "E": 3, "N": 200, "other": 0}))
    assert table.tolist() == [HIDDEN, HIDDEN, 200, 0, 243]


def test_ones_that_fill_their_total_are_not_given_away_by_it() -> None:
    # Five hidden counts of at least 1 under a shown total of 5 would all be known to be 1.
    table = suppress(pd.Series([1, 1, 1, 1, 1]))
    assert table.tolist() == [HIDDEN] * 6


def test_nothing_is_hidden_where_nothing_is_small_and_zeros_stay() -> None:
    counts = pd.DataFrame([[0, 5], [7, 0]])
    assert suppress(counts).to_numpy().tolist() == [[0, 5, 5], [7, 0, 7], [7, 5, 12]]
    assert suppress(pd.DataFrame([[0, 0], [0, 0]])).to_numpy().tolist() == [[0] * 3] * 3


def test_zeros_can_be_hidden_like_small_counts() -> None:
    table = suppress(pd.DataFrame([[0, 50, 60], [70, 80, 90], [75, 85, 95]]), zeros_stay=False)
    assert table.iloc[0, 0] == HIDDEN
    assert (table == HIDDEN).to_numpy().sum() == 4


def test_another_threshold() -> None:
    table = suppress(pd.Series([9, 10, 30]), threshold=10)
    assert table.tolist() == [HIDDEN, HIDDEN, 30, 49]


@pytest.mark.parametrize("bad", [[-1, 2], [1.5, 2], [float("nan"), 2]])
def test_counts_that_are_no_counts_are_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        suppress(pd.Series(bad))


def _equations(rows: int, columns: int) -> np.ndarray:
    """Every row and column of a table with totals: its inside less its total is nothing."""
    equations = np.zeros((rows + columns, rows, columns))
    for row in range(rows):
        equations[row, row] = np.where(_inside(columns), 1, -1)
    for column in range(columns):
        equations[rows + column, :, column] = np.where(_inside(rows), 1, -1)
    return equations.reshape(rows + columns, rows * columns)


def _inside(length: int) -> np.ndarray:
    return np.arange(length) < length - 1


def _solution(tables: Sequence[np.ndarray], least: int, aim: np.ndarray) -> np.ndarray:
    """What the hidden cells could be: of all ways to fill them so that the totals hold, the one lowest on the aim."""
    equations = block_diag([_equations(*table.shape) for table in tables], format="csr")
    most = 1000  # far above every count here; without an end the programme of a hidden grand total has none
    values = np.concatenate([table.ravel() for table in tables])
    bounds = [(least, most) if value == HIDDEN else (value, value) for value in values]
    solved = linprog(aim, A_eq=equations, b_eq=np.zeros(equations.shape[0]), bounds=bounds, method="highs")
    assert solved.status == 0
    return solved.x


def _can_be_worked_out(tables: Sequence[np.ndarray], least: int) -> list[tuple[int, int]]:
    """The hidden cells with one possible value, as table and place, found by linear programming.

    The corners of a network's linear programme are whole numbers, so what holds for its solutions holds for counts. A
    few solutions with random aims, of all tables at once, settle most cells, since two solutions that differ leave a
    cell open. Each cell that they leave is settled by its own lowest and highest value.
    """
    aims = np.random.default_rng(1).normal(size=(3, sum(table.size for table in tables)))
    spread = np.ptp([_solution(tables, least, aim) for aim in (*aims, *-aims)], axis=0)
    ends = np.cumsum([table.size for table in tables])
    known = []
    for number, (table, cells) in enumerate(zip(tables, np.split(spread, ends[:-1]), strict=True)):
        for place in np.flatnonzero((table.ravel() == HIDDEN) & (cells < 0.5)):
            aim = np.eye(table.size)[place]
            highest, lowest = (_solution([table], least, sign * aim)[place] for sign in (-1, 1))
            if highest - lowest < 0.5:
                known.append((number, int(place)))
    return known


def _random_table(random: np.random.Generator, largest: int) -> np.ndarray:
    shape = (int(random.integers(1, largest + 1)), int(random.integers(1, largest + 1)))
    counts = random.poisson(random.choice([0.5, 2, 6, 15], size=shape))
    return np.where(random.random(shape) < 0.2, 0, counts)


@pytest.mark.parametrize("zeros_stay", [True, False])
def test_no_hidden_count_of_250_random_tables_can_be_worked_out(zeros_stay: bool) -> None:
    random = np.random.default_rng(20261121 + zeros_stay)
    tables = []
    for _ in range(250):
        counts = _random_table(random, largest=5)
        table = suppress(pd.DataFrame(counts), zeros_stay=zeros_stay).to_numpy()
        down = np.vstack([counts, counts.sum(axis=0)])
        full = np.hstack([down, down.sum(axis=1, keepdims=True)])
        small = (full < 5) & ((full > 0) | (not zeros_stay))
        assert (table[small] == HIDDEN).all()
        assert (table[table != HIDDEN] == full[table != HIDDEN]).all()
        tables.append(table)
    assert sum(int((table == HIDDEN).sum()) for table in tables) > 1500
    assert _can_be_worked_out(tables, least=1 if zeros_stay else 0) == []


def test_the_proof_finds_what_is_given_away() -> None:
    given_away = np.array([[HIDDEN, 9, 12], [20, 30, 50], [23, 39, 62]], dtype=object)
    safe = np.array([[HIDDEN, HIDDEN, 12], [HIDDEN, HIDDEN, 50], [23, 39, 62]], dtype=object)
    all_ones = np.array([[HIDDEN, HIDDEN, HIDDEN, 3], [HIDDEN, HIDDEN, HIDDEN, 9], [5, 4, 3, 12]], dtype=object)
    assert _can_be_worked_out([safe, given_away], least=1) == [(1, 0)]
    assert _can_be_worked_out([all_ones], least=1) == [(0, place) for place in (0, 1, 2, 4, 5, 6)]
