"""A million invented pupils to Parquet: seconds, memory, rows and bytes; how it grows; and beside two other ways.

    python bench/million_pupils.py                       10,000 up to 1,000,000 pupils, then the two other ways
    python bench/million_pupils.py --pupils 100000       up to 100,000 pupils only
    python bench/million_pupils.py --keep FOLDER         the largest set stays in FOLDER (new or empty)
    python bench/million_pupils.py --json FILE           where the figures go [build/million_pupils.json]

Every size is a mix of about the phases of England's schools, all tables of all schools, written by as many worker
processes as the computer has processors. Memory is the highest sum, seen ten times a second, of the resident sets of
this process and its workers; pages that they share count once in each, so the truth is a little lower. A rate counts
the rows of all tables; starting the workers is in the seconds, loading the schema once before is not. Processor seconds
tell more than seconds where other programs run beside (Windows does not count those of the workers). The other ways
make 10,000 pupils in the same run: the naive one draws pupils, attendance and assessments row by row in Python and
writes CSV; Faker makes a name, an id and a date of birth for each (install it by hand: it is no part of the kit).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]

from senco_kit.places import KIT
from senco_kit.schools import many
from senco_kit.schools.model import Order, Phase

MIB = 1024 * 1024
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
SEED = 2026
OTHER_WAYS_PUPILS = SIZES[0]

#: Of 2,500 schools with a million pupils in all: how many of each phase, and how large.
MIX: tuple[tuple[Phase, int, int], ...] = (
    ("primary", 2_000, 280),
    ("secondary", 380, 1_050),
    ("all-through", 20, 1_000),
    ("special", 100, 210),
)


def mix(pupils: int) -> list[Order]:
    """Schools with about so many pupils, phases in the proportions of MIX and spread evenly, numbered from 1."""
    share = pupils / sum(schools * size for _, schools, size in MIX)
    places = [
        ((place + 0.5) / (schools * share), phase, size)
        for phase, schools, size in MIX
        for place in range(round(schools * share))
    ]
    return [Order(phase, size, SEED, number) for number, (_, phase, size) in enumerate(sorted(places), start=1)]


class Memory:
    """The highest memory of this process and those below it while the block runs, in bytes."""

    def __enter__(self) -> Memory:
        self.peak = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look)
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        this = psutil.Process()
        while not self._over.wait(0.1):
            held = 0
            for process in [this, *this.children(recursive=True)]:
                try:
                    held += process.memory_info().rss
                except psutil.NoSuchProcess:  # a worker that has just ended
                    continue
            self.peak = max(self.peak, held)


def processor_seconds() -> float:
    """Processor time of this process and of its workers that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def measure(pupils: int, folder: Path) -> dict[str, float]:
    """Make about so many pupils in a folder and count."""
    wanted = mix(pupils)
    begun, busy = time.perf_counter(), processor_seconds()
    with Memory() as memory:
        written = many.write(wanted, folder, parquet=True)
    seconds, busy = time.perf_counter() - begun, processor_seconds() - busy
    rows = sum(written.rows.values())
    return {
        "pupils": written.rows["pupils"],
        "schools": len(wanted),
        "rows": rows,
        "seconds": round(seconds, 2),
        "processor_seconds": round(busy, 2),
        "rows_per_second": round(rows / seconds),
        "microseconds_per_pupil": round(seconds / written.rows["pupils"] * 1e6, 1),
        "peak_memory_mib": round(memory.peak / MIB),
        "bytes": sum(path.stat().st_size for path in folder.rglob("*.parquet")),
    }


def naive(pupils: int, folder: Path) -> int:
    """Pupils, attendance and assessments row by row, as a first program would make them; returns the rows."""
    draw = random.Random(SEED)
    rows = 0
    with ExitStack() as files:
        names = ("pupils", "attendance", "assessments")
        pupil_rows, attendance_rows, score_rows = (
            csv.writer(files.enter_context((folder / f"{name}.csv").open("w", newline=""))) for name in names
        )
        for pupil in range(pupils):
            year, sen = draw.randint(0, 6), draw.choices("NKE", (80, 15, 5))[0]
            flags = [draw.random() < 0.2 for _ in range(7)]
            pupil_rows.writerow([1, pupil, year, draw.choice("FM"), draw.randint(1, 12), sen, *flags])
            for half_term, possible in enumerate((70, 74, 58, 64, 50, 64), start=1):
                missed = sum(draw.random() < 0.06 for _ in range(possible))
                attendance_rows.writerow([1, pupil, half_term, possible, possible - missed, missed, 0])
            for tool in ("READ", "MATH", "LANG", "WELL"):
                standing = draw.gauss(100 if sen == "N" else 88, 14)
                for term in ("autumn", "spring", "summer"):
                    score_rows.writerow([1, pupil, tool, term, "2025-09-24", round(draw.gauss(standing, 5))])
            rows += 1 + 6 + 12
    return rows


def with_faker(pupils: int, folder: Path) -> int:
    """A name, an id and a date of birth for each pupil; returns the rows. ImportError where Faker is not installed."""
    from faker import Faker

    fake = Faker("en_GB")
    Faker.seed(SEED)
    with (folder / "names.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        for _ in range(pupils):
            born = fake.date_of_birth(minimum_age=5, maximum_age=11)
            writer.writerow([fake.bothify("?############"), fake.first_name(), fake.last_name(), born])
    return pupils


def other_way(make: Callable[[int, Path], int]) -> dict[str, float]:
    """Rows and seconds of another way of making pupils."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        rows = make(OTHER_WAYS_PUPILS, Path(folder))
        seconds = time.perf_counter() - begun
    return {
        "pupils": OTHER_WAYS_PUPILS,
        "rows": rows,
        "seconds": round(seconds, 2),
        "rows_per_second": round(rows / seconds),
        "microseconds_per_pupil": round(seconds / OTHER_WAYS_PUPILS * 1e6, 1),
    }


def main() -> None:
    """Run every size, then the other ways; print a table and write the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pupils", type=int, default=SIZES[-1], help="the largest size")
    parser.add_argument("--keep", type=Path, help="a folder in which the largest set stays")
    parser.add_argument("--json", type=Path, default=KIT / "build" / "million_pupils.json")
    chosen = parser.parse_args()
    found: dict[str, Any] = {
        "computer": {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()},
        "growth": [],
    }
    begun = time.perf_counter()
    many.layout()
    print(f"Loading the schema: {time.perf_counter() - begun:.2f} s")
    print("    pupils  schools        rows       s   cpu s      rows/s  µs/pupil    MiB  MB file")
    sizes = [size for size in SIZES if size < chosen.pupils] + [chosen.pupils]
    for size in sizes:
        with tempfile.TemporaryDirectory() as temporary:
            folder = chosen.keep if chosen.keep and size == chosen.pupils else Path(temporary)
            folder.mkdir(parents=True, exist_ok=True)
            one = measure(size, folder)
        found["growth"].append(one)
        print(
            f"{one['pupils']:>10,}{one['schools']:>9,}{one['rows']:>12,}{one['seconds']:>8}{one['processor_seconds']:>8}{one['rows_per_second']:>12,}"
            f"{one['microseconds_per_pupil']:>10}{one['peak_memory_mib']:>7,}{one['bytes'] / 1e6:>9.1f}",
            flush=True,
        )
    ways: tuple[tuple[str, Callable[[int, Path], int]], ...] = (("naive", naive), ("faker", with_faker))
    for name, make in ways:
        try:
            found[name] = other_way(make)
        except ImportError:
            print("Faker is not installed, so it is left out: `pip install Faker` brings it.")
            continue
        print(f"{name}: {found[name]}")
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {chosen.json}")


if __name__ == "__main__":
    main()
