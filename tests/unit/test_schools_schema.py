"""The schema of the invented schools: everything is described, every school fits it, and what does not fit is told."""

from __future__ import annotations

import subprocess
import sys
from functools import cache

import pandas as pd
import pytest

from senco_kit.schools import files
from senco_kit.schools.make import make_school
from senco_kit.schools.many import in_order, layout
from senco_kit.schools.model import Order, Phase
from senco_kit.schools.package import dictionary
from senco_kit.schools.schema import TABLES, TYPES, faults, links_of


@cache
def small_school() -> dict[str, pd.DataFrame]:
    return files.frames(make_school(Order("primary", 60, seed=3), every_truth=True).tables)


def copy_of_school() -> dict[str, pd.DataFrame]:
    return {name: frame.copy() for name, frame in small_school().items()}


def test_every_field_is_described_with_its_type_and_the_meaning_of_its_codes() -> None:
    told = dictionary()
    for schema in TABLES.values():
        for field, column in schema.columns.items():
            assert column.description.endswith("."), field
            assert column.metadata["type"] in TYPES, field
            assert all(means.strip() for means in column.metadata.get("codes", {}).values()), field
            assert f"| `{field}` | {column.metadata['type']} |" in told


def test_every_table_is_described_and_every_link_leads_to_a_field() -> None:
    for schema in TABLES.values():
        assert schema.title
        assert schema.description
        for link in links_of(schema):
            assert link.field in schema.columns
            assert link.field in TABLES[link.table].columns


@pytest.mark.parametrize(
    ("phase", "pupils", "every_truth"),
    [
        ("primary", 1, True),
        ("primary", 35, False),
        ("primary", 420, True),
        ("secondary", 10, True),
        ("secondary", 1050, False),
        ("all-through", 600, True),
        ("special", 8, False),
        ("special", 120, True),
    ],
)
def test_schools_of_every_phase_and_size_fit_the_schema(phase: Phase, pupils: int, every_truth: bool) -> None:
    tables = in_order(make_school(Order(phase, pupils, seed=11), every_truth=every_truth).tables, layout())
    assert faults(files.frames(tables)) == []


def test_a_code_that_is_not_in_the_list_is_told() -> None:
    frames = copy_of_school()
    frames["pupils"]["SENprovision"] = pd.Categorical(["S"] * len(frames["pupils"]))
    assert any(says.startswith("pupils: SENprovision: isin(") for says in faults(frames))


def test_sessions_that_do_not_add_up_are_told() -> None:
    frames = copy_of_school()
    frames["attendance"]["sessions_attended"] += 1
    assert any("attended and absent sessions do not add up" in says for says in faults(frames))


def test_a_provision_that_ends_before_it_starts_is_told() -> None:
    frames = copy_of_school()
    frames["provisions"].loc[0, "end_date"] = pd.Timestamp("2020-01-01")
    assert any("ends before it starts" in says for says in faults(frames))


def test_a_row_twice_is_told() -> None:
    frames = copy_of_school()
    frames["pupils"] = pd.concat([frames["pupils"], frames["pupils"].head(1)])
    assert any(says.startswith("pupils: pupil_id: ") for says in faults(frames))


def test_a_pupil_who_is_in_no_list_is_told() -> None:
    frames = copy_of_school()
    frames["needs"].loc[0, "pupil_id"] = 999_999_999
    assert faults(frames) == ["needs: pupil_id is not always in pupils."]


def test_a_missing_table_and_a_strange_one_are_told() -> None:
    frames = copy_of_school()
    frames["lunches"] = frames.pop("staff")
    assert faults(frames)[:2] == ["There is no table 'staff'.", "'lunches' is not a table of a school."]


def test_reading_and_making_schools_does_not_load_pandera() -> None:
    code = (
        "import sys; from senco_kit.schools import files, make, package; print({'pandera', 'scipy'} & {*sys.modules})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
