"""How long the provision map takes for a million pupils, and for one filter on the page of one secondary school.

    python bench/provision_map.py                     makes 2,500 schools of 400 pupils in a folder of its own first
    python bench/provision_map.py --schools 250       fewer
    python bench/provision_map.py --folder FOLDER     a folder made by `senco school make --parquet`

Reading the files and arranging the tables are timed apart from the calculations: costs, delivery, impact, decisions and
the maps by tier and area, area and year, pupil, and adult. Memory is the most that the process ever held (Linux,
macOS).
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from senco_kit.provision import whole_map
from senco_kit.provision.cost import costs, funding, threshold
from senco_kit.provision.data import from_tables
from senco_kit.provision.delivery import delivery
from senco_kit.provision.impact import impact
from senco_kit.provision.verdict import verdicts
from senco_kit.schools import files, many
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order

#: The tables that the map needs, and which of their columns; None for all.
NEEDED: dict[str, list[str] | None] = {
    "pupils": ["school_id", "pupil_id", "NCyearActual", "SENprovision", "FSMeligible", "class_name"],
    "needs": ["pupil_id", "SENtypeRank", "SENtype"],
    "attendance": ["pupil_id", "sessions_possible", "sessions_attended"],
    "assessments": ["pupil_id", "tool", "term", "score"],
    "tools": None,
    "staff": None,
    "provisions": None,
    "enrolments": None,
    "budget": None,
    "spending": ["school_id", "funding_line", "amount"],
}


def main() -> None:
    """Time the steps that are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--schools", type=int, default=2500)
    parser.add_argument("--pupils", type=int, default=400)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    print(f"{'':<28}{'passed':>9}{'at work':>9}")
    one_filter()
    if asked.folder:
        whole(asked.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        orders = many.orders("primary", asked.pupils, 1, asked.schools)
        timed("make the schools", lambda: many.write(orders, Path(folder), parquet=True))
        whole(Path(folder))


def whole(folder: Path) -> None:
    """Read the tables of a folder of Parquet files and time every step of the map."""
    frames = timed("read the files", lambda: read(folder))
    data = timed("arrange the tables", lambda: from_tables(frames))
    begun, at_work = time.perf_counter(), time.process_time()
    spent = timed("costs", lambda: costs(data))
    given = timed("delivery", lambda: delivery(data))
    worked = timed("impact", lambda: impact(data))
    decided = timed("decisions", lambda: verdicts(spent, given, worked))
    timed("funding lines", lambda: funding(data))
    timed("threshold", lambda: threshold(data))
    timed("tier by area", lambda: whole_map.by_tier_and_area(data))
    timed("area by year", lambda: whole_map.by_area_and_year(data))
    timed("by pupil", lambda: whole_map.by_pupil(data))
    timed("by adult", lambda: whole_map.by_adult(data))
    wall, worked_for = time.perf_counter() - begun, time.process_time() - at_work
    print(f"{'calculations in all':<28}{wall:>9.2f}{worked_for:>9.2f} s")
    compared = int((worked["method"] != "none").sum())
    print(f"{len(data.pupils):,} pupils, {len(data.provisions):,} provisions, {len(data.enrolments):,} enrolments")
    print(
        f"{compared:,} provisions compared with {int(worked['comparison_pupils'].sum()):,} pupils; "
        f"{decided['decision'].value_counts().to_dict()}"
    )
    unit = 1 if sys.platform == "darwin" else 1024
    print(f"most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1024**3:.2f} GiB")


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that the map needs."""
    found = {}
    for name, columns in NEEDED.items():
        parts = [
            pq.read_table(path, columns=columns) for path in sorted((folder / f"INVENTED-{name}").glob("*.parquet"))
        ]
        found[name] = pa.concat_tables(parts).unify_dictionaries().to_pandas(date_as_object=False)
    return found


def one_filter() -> None:
    """One secondary school of 1,050: the whole map, and the answer to choosing a year group."""
    data = from_tables(files.frames(make_school(Order("secondary", 1050, 1)).tables))
    whole_map.by_provision(data)
    in_year_8 = (data.pupils["year_group"] == "8").to_numpy()
    timed("one school: whole map", lambda: whole_map.by_provision(data), repeat=20)
    timed("one school: year filter", lambda: whole_map.by_tier_and_area(data, in_year_8), repeat=20)
    timed("one school: by pupil", lambda: whole_map.by_pupil(data), repeat=20)


def timed(what: str, work: Callable[[], Any], repeat: int = 1) -> Any:
    """Do it and print the seconds it took and those of the processor; with `repeat` the median in milliseconds."""
    seconds, busy = [], []
    for _ in range(repeat):
        begun, at_work = time.perf_counter(), time.process_time()
        result = work()
        seconds.append(time.perf_counter() - begun)
        busy.append(time.process_time() - at_work)
    wall, worked = (sorted(values)[repeat // 2] * (1 if repeat == 1 else 1000) for values in (seconds, busy))
    print(f"{what:<28}{wall:>9.2f}{worked:>9.2f} {'s' if repeat == 1 else 'ms'}", flush=True)
    return result


if __name__ == "__main__":
    main()
