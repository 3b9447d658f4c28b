"""How often the kit finds what was planted in invented schools, and how often it raises a false alarm.

    python bench/find_truths.py                 200 seeds, primaries of 420 and secondaries of 1,050
    python bench/find_truths.py --seeds 20      fewer
    python bench/find_truths.py --write         also writes what the page says of it, src/senco_kit/provision/trust.json
    python bench/find_truths.py --json FILE     writes the figures to a file

The method of the kit (decisions and questions) beside the naive one, which calls a provision working when the 95 %
interval of its pupils' average gain lies above 0, and else says that it does nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from senco_kit.provision.data import from_tables
from senco_kit.provision.signals import signals
from senco_kit.provision.trust import TRUST, band
from senco_kit.provision.verdict import DECISIONS, Rule
from senco_kit.provision.whole_map import by_provision
from senco_kit.schools.files import frames
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order, Phase

SCHOOLS: tuple[tuple[Phase, int], ...] = (("primary", 420), ("secondary", 1050))

#: What a provision's decision must be for its truth to count as found.
FOUND_BY_DECISION = {"does-nothing": "stop", "chosen-on-low-score": "stop", "under-delivered": "adapt"}

#: Which figure of a question must agree with which figure of the truth for it to count as found.
FOUND_BY_SIGNAL = {
    "under-identified": "group",
    "over-identified": "group",
    "absence-explains": "class_name",
    "teaching-not-pupils": "class_name",
    "attached-adult": "staff_id",
    "training-gap": "SENtype",
    "cost-outlier": "provision_id",
    "wrong-group": "funding_line",
}

#: Of truths about one provision, what the naive method can say: it "finds" these by not calling the provision working.
NAIVE_CAN = ("does-nothing", "chosen-on-low-score")


@dataclass
class Tally:
    """What was planted, found and wrongly raised, counted over the schools of one phase."""

    planted: int = 0
    found: int = 0
    not_called_working: int = 0
    naive: int = 0
    schools_with_false: int = 0
    by_group: dict[str, list[int]] = field(default_factory=dict)


def main() -> None:
    """Count over the seeds that are asked for and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--write", action="store_true", help="write trust.json, which the page reads")
    asked = parser.parse_args()
    begun = time.perf_counter()
    kinds: list[dict[str, Any]] = []
    parts = []
    for phase, pupils in SCHOOLS:
        tallies, provisions = count(phase, pupils, asked.seeds)
        kinds += list(_kind_rows(phase, tallies))
        parts.append(provisions.assign(phase=phase))
    everything = pd.concat(parts, ignore_index=True)
    result = {
        "schools": {"seeds": asked.seeds, "phases": dict(SCHOOLS)},
        "smallest_effect": Rule.smallest_effect,
        "kinds": kinds,
        "decisions": list(_decision_rows(everything)),
        "intervals": list(_interval_rows(everything)),
    }
    _show(result)
    print(f"\n{asked.seeds} seeds, {time.perf_counter() - begun:.0f} s")
    for path in [asked.json] * bool(asked.json) + [TRUST] * asked.write:
        path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def count(phase: Phase, pupils: int, seeds: int) -> tuple[dict[str, Tally], pd.DataFrame]:
    """What was found in the schools of these seeds, and every provision with its truth beside what was said of it."""
    tallies = {kind: Tally() for kind in (*FOUND_BY_DECISION, *FOUND_BY_SIGNAL)}
    tables = []
    for seed in range(1, seeds + 1):
        school = make_school(Order(phase, pupils, seed))
        tables_of_school = frames(school.tables)
        data = from_tables(tables_of_school)
        table = by_provision(data)
        true = {t.about["provision_id"]: t.about["mean_true_effect"] for t in school.truths if t.kind == "effect"}
        table["true"] = table["provision_id"].map(true).astype(float)
        table["naive"] = (table["change_low"] > 0).to_numpy()
        _count_decisions(table, school.truths, tallies)
        _count_signals(signals(data, tables_of_school), school.truths, tallies)
        shown = [
            "pupils",
            "both_scores",
            "share",
            "decision",
            "effect",
            "effect_low",
            "effect_high",
            "true",
            "naive",
            "tier",
        ]
        tables.append(table[shown])
    return tallies, pd.concat(tables, ignore_index=True)


def _count_decisions(table: pd.DataFrame, truths: Any, tallies: dict[str, Tally]) -> None:
    rows = table.set_index("provision_id")
    for truth in truths:
        if truth.kind in FOUND_BY_DECISION:
            row, tally = rows.loc[truth.about["provision_id"]], tallies[truth.kind]
            tally.planted += 1
            tally.found += row["decision"] == FOUND_BY_DECISION[truth.kind]
            tally.not_called_working += row["decision"] != "keep"
            tally.naive += not row["naive"]


def _count_signals(asked: Any, truths: Any, tallies: dict[str, Tally]) -> None:
    for kind, name in FOUND_BY_SIGNAL.items():
        planted = [_key(truth.kind, truth.about, truth.rows, name) for truth in truths if truth.kind == kind]
        raised = [str(signal.figures[name]) for signal in asked if signal.kind == kind]
        tally = tallies[kind]
        tally.planted += len(planted)
        tally.found += sum(one in raised for one in planted)
        tally.schools_with_false += any(one not in planted for one in raised)
        if name == "group":
            for one in planted:
                counts = tally.by_group.setdefault(one, [0, 0])
                counts[0] += 1
                counts[1] += one in raised


def _key(kind: str, about: Any, rows: Any, name: str) -> str:
    return str(about[name]) if name in about else str(rows["staff"][0])


def _kind_rows(phase: str, tallies: dict[str, Tally]) -> Iterator[dict[str, Any]]:
    for kind, tally in tallies.items():
        row: dict[str, Any] = {"phase": phase, "kind": kind, "planted": tally.planted, "found": tally.found}
        if kind in FOUND_BY_DECISION:
            row |= {"not_called_working": tally.not_called_working}
            row |= {"naive_found": tally.naive if kind in NAIVE_CAN else 0}
        else:
            row |= {"schools_with_false": tally.schools_with_false}
        if tally.by_group:
            row["by_group"] = {name: {"planted": p, "found": f} for name, (p, f) in sorted(tally.by_group.items())}
        yield row


def _decision_rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """What was said of delivered provisions with a comparison, by what they truly did and by size."""
    delivered = table[(table["share"] >= Rule.delivered_enough) & table["effect"].notna()].copy()
    delivered["truth"] = np.select(
        [delivered["true"] >= Rule.smallest_effect, delivered["true"] > 0.25], ["works", "a little"], "nothing"
    )
    delivered["band"] = delivered["both_scores"].map(band)
    for (truth, size), rows in delivered.groupby(["truth", "band"], sort=True):
        yield {
            "truth": truth,
            "pupils": size,
            "provisions": len(rows),
            **{str(decision): int((rows["decision"] == decision).sum()) for decision in DECISIONS},
            "naive_works": int(rows["naive"].sum()),
        }


def _interval_rows(table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    told = table[table["effect"].notna()].copy()
    told["covers"] = (told["effect_low"] <= told["true"]) & (told["true"] <= told["effect_high"])
    for (phase, size), rows in told.groupby(["phase", told["both_scores"].map(band)]):
        width = (rows["effect_high"] - rows["effect_low"]).median() / 2
        error = (rows["effect"] - rows["true"]).mean()
        yield {
            "phase": phase,
            "pupils": size,
            "provisions": len(rows),
            "covers": int(rows["covers"].sum()),
            "half_width": round(float(width), 2),
            "mean_error": round(float(error), 2),
        }


def _show(result: dict[str, Any]) -> None:
    print(
        f"{'phase':<11}{'planted truth':<21}{'planted':>8}{'found':>7}{'':>6}{'not “keep”':>12}{'naive':>7}"
        f"{'false in':>10}"
    )
    for row in result["kinds"]:
        share = f"{row['found'] / row['planted']:.0%}" if row["planted"] else "-"
        cells = [row.get("not_called_working", "-"), row.get("naive_found", "-"), row.get("schools_with_false", "-")]
        print(
            f"{row['phase']:<11}{row['kind']:<21}{row['planted']:>8}{row['found']:>7}{share:>6}{cells[0]:>12}{cells[1]:>7}{cells[2]:>10}"
        )
        for group, counts in row.get("by_group", {}).items():
            print(f"{'':<11}  {group:<19}{counts['planted']:>8}{counts['found']:>7}")
    print(
        f"\n{'truly':<10}{'pupils':<12}{'provisions':>11}"
        + "".join(f"{name:>21}" for name in DECISIONS)
        + f"{'naive: works':>14}"
    )
    for row in result["decisions"]:
        cells = [f"{row[name]:>14} ({row[name] / row['provisions']:>4.0%})" for name in (*DECISIONS, "naive_works")]
        print(f"{row['truth']:<10}{row['pupils']:<12}{row['provisions']:>11}" + "".join(cells))
    print(f"\n{'phase':<11}{'pupils':<12}{'provisions':>11}{'covers':>8}{'half width':>12}{'mean error':>12}")
    for row in result["intervals"]:
        covers = f"{row['covers'] / row['provisions']:.1%}"
        print(
            f"{row['phase']:<11}{row['pupils']:<12}{row['provisions']:>11}{covers:>8}{row['half_width']:>12}{row['mean_error']:>12}"
        )


if __name__ == "__main__":
    main()
