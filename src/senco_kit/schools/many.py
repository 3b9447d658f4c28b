"""Many invented schools written to a folder: made in batches by worker processes, so that memory stays bounded.

School number k of an order is the same whatever schools are made with it: `make_school` needs its number alone. The
files are the same whatever the number of processes: batches are cut by number, and each has its own file or place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from senco_kit.schools import files
from senco_kit.schools.files import PackageProblem
from senco_kit.schools.model import Order, Phase, Tables

#: Schools made and written at once. A hundred schools of 400 pupils take about 150 MB while they are written.
BATCH = 100

#: So few pupils are made sooner in this process than others can be started.
WORTH_A_PROCESS = 20_000


#: The type of each field by table, in the order of the schema. Workers get it handed: loading the schema takes longer
#: than making a hundred schools.
Layout: TypeAlias = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Batch:
    """Schools that one worker makes at once. `part` counts from 1."""

    orders: tuple[Order, ...]
    part: int
    folder: Path
    parquet: bool
    every_truth: bool
    with_truth: bool
    layout: Layout


@dataclass(frozen=True)
class Made:
    """What came of a batch: rows by table, the truths of each school, and the tables as CSV unless they are written."""

    rows: dict[str, int]
    truths: list[dict[str, Any]]
    csv: dict[str, str]


@dataclass
class Written:
    """What was written: each table's files, relative to the folder, and rows; the truths where they were asked for."""

    paths: dict[str, list[str]] = field(default_factory=dict)
    rows: Counter[str] = field(default_factory=Counter)
    truths: list[dict[str, Any]] = field(default_factory=list)


def orders(phase: Phase, pupils: int, seed: int, schools: int) -> list[Order]:
    """The first so many schools of a phase, size and seed. School number k alone is Order(phase, pupils, seed, k)."""
    return [Order(phase, pupils, seed, number) for number in range(1, schools + 1)]


def write(
    wanted: Sequence[Order],
    folder: Path,
    *,
    parquet: bool = False,
    every_truth: bool = False,
    with_truth: bool = False,
    processes: int | None = None,
    batch: int | None = None,
    done: Callable[[int], object] = lambda schools: None,
) -> Written:
    """Make the schools and write their tables into the folder, which is there and empty.

    CSV is one file a table; Parquet is a folder a table, with a part for each batch of BATCH schools, or of `batch`.
    Schools need numbers of their own, even where phases are mixed. `done` is told how many more schools are written.
    Raises PackageProblem when a worker is killed, and OSError when the disk does not take the files.
    """
    # CSV comes back to this process, so that its batches are held to about 40,000 pupils.
    size = batch or (BATCH if parquet else min(BATCH, max(1, 40_000 // wanted[0].pupils)))
    batches = [
        Batch(tuple(wanted[start : start + size]), part, folder, parquet, every_truth, with_truth, layout())
        for part, start in enumerate(range(0, len(wanted), size), start=1)
    ]
    written = Written()
    for one, made in zip(batches, _make_all(batches, processes or _processes(wanted)), strict=True):
        _add(written, one, made)
        done(len(one.orders))
    return written


def _processes(wanted: Sequence[Order]) -> int:
    if sum(order.pupils for order in wanted) < WORTH_A_PROCESS:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _make_all(batches: Sequence[Batch], processes: int) -> Iterator[Made]:
    """What comes of each batch, in order; a few batches at most are ahead of the one that is taken."""
    processes = min(processes, len(batches))
    if processes == 1:
        yield from map(make_batch, batches)
        return
    # "spawn" because it is the one way that works alike on Windows, macOS and Linux.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_stopping_to_the_parent) as pool:
        try:
            yield from _in_order(pool, batches, ahead=processes + 1)
        except BrokenProcessPool as problem:
            raise PackageProblem(
                "A process that made schools was ended from outside, most often for want of memory: "
                "close other programs, or ask for fewer schools at once."
            ) from problem
        finally:
            pool.shutdown(cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, batches: Sequence[Batch], ahead: int) -> Iterator[Made]:
    waiting: deque[Future[Made]] = deque()
    for batch in batches:
        waiting.append(pool.submit(make_batch, batch))
        if len(waiting) >= ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _leave_stopping_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_batch(batch: Batch) -> Made:
    """Make the schools of one batch; write them where they are wanted as Parquet, else return them as CSV."""
    # Imported here so that a description of a package can be built without loading the generator.
    from senco_kit.schools.make import make_school
    from senco_kit.schools.truths import truth_json

    schools = [make_school(order, every_truth=batch.every_truth) for order in batch.orders]
    tables = in_order(files.together([school.tables for school in schools]), batch.layout)
    truths = [
        {"school_id": 1000 + school.order.number, "truths": truth_json(school.truths)}
        for school in schools
        if batch.with_truth
    ]
    rows = {name: rows_of(table) for name, table in tables.items()}
    if batch.parquet:
        _write_parquet(tables, batch)
        return Made(rows, truths, {})
    return Made(rows, truths, {name: files.csv_text(table, header=batch.part == 1) for name, table in tables.items()})


def layout() -> Layout:
    """What the schema says of the order and the types of fields."""
    from senco_kit.schools.schema import TABLES

    return {
        name: {field: column.metadata["type"] for field, column in schema.columns.items()}
        for name, schema in TABLES.items()
    }


def in_order(tables: Tables, known: Layout) -> Tables:
    """The tables and their columns in the order of the layout; KeyError when one is missing."""
    return {name: {field: tables[name][field] for field in fields} for name, fields in known.items()}


def rows_of(table: dict[str, Any]) -> int:
    """How many rows a table has."""
    first = next(iter(table.values()))
    return len(first.codes) if hasattr(first, "codes") else len(first)


def _write_parquet(tables: Tables, batch: Batch) -> None:
    import pyarrow.parquet as pq

    for name, table in tables.items():
        path = batch.folder / _parquet_path(name, batch.part)
        path.parent.mkdir(exist_ok=True)
        pq.write_table(files.arrow(table, batch.layout[name]), path, compression="zstd", compression_level=1)


def _parquet_path(table: str, part: int) -> str:
    return f"INVENTED-{table}/part-{part:04}.parquet"


def _add(written: Written, batch: Batch, made: Made) -> None:
    written.rows.update(made.rows)
    written.truths += made.truths
    for name in made.rows:
        paths = written.paths.setdefault(name, [])
        if batch.parquet:
            paths.append(_parquet_path(name, batch.part))
            continue
        if not paths:
            paths.append(csv_path(name))
        with (batch.folder / csv_path(name)).open("a", encoding="utf-8", newline="") as file:
            file.write(made.csv[name])


def csv_path(table: str) -> str:
    """The file name of a table's CSV."""
    return f"INVENTED-{table}.csv"
