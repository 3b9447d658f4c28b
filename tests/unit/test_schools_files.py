"""Tables as CSV, frames and Parquet, read back as they were; a clear sentence for a package that is broken."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from senco_kit.plain_text import for_cell
from senco_kit.schools import command, files, many
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Coded, Columns, Tables

WANTED = many.orders("primary", 60, 5, 2)


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for name, parquet in (("csv", False), ("parquet", True)):
        command.make(WANTED, str(folder / name), parquet=parquet, every_truth=True, with_truth=False)
    return folder


@pytest.fixture
def package(packages: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(packages / "csv", tmp_path / "package"))


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_what_is_written_is_read_back_as_it_was_made(packages: Path, kind: str) -> None:
    made = files.frames(files.together([make_school(order, every_truth=True).tables for order in WANTED]))
    read = files.read(packages / kind)
    assert set(read) == set(made)
    for name, frame in read.items():
        assert_frame_equal(frame, made[name][list(frame.columns)], check_categorical=False, obj=name)


def test_csv_and_parquet_give_the_same_frames(packages: Path) -> None:
    from_csv, from_parquet = (files.read(packages / kind) for kind in ("csv", "parquet"))
    for name in from_csv:
        assert list(from_csv[name].dtypes.astype(str)) == list(from_parquet[name].dtypes.astype(str))


def test_a_list_of_codes_is_complete_and_in_its_order_when_read(packages: Path) -> None:
    pupils = files.read(packages / "csv")["pupils"]
    assert list(pupils["SENprovision"].cat.categories) == ["N", "K", "E"]


def test_csv_writes_each_kind_of_value_plainly() -> None:
    table: Columns = {
        "word": Coded(np.array([0, 1, -1]), ('a "b", c', "plain")),
        "whole": np.array([1, 2, 3]),
        "number": np.array([1.0, 2.25, np.nan]),
        "yes": np.array([True, False, True]),
        "day": np.array(["2026-01-15", "NaT", "2025-09-01"], dtype="datetime64[D]"),
    }
    assert files.csv_text(table) == (
        'word,whole,number,yes,day\n"a ""b"", c",1,1,true,2026-01-15\nplain,2,2.25,false,\n,3,,true,2025-09-01\n'
    )


def test_schools_with_other_words_are_put_together() -> None:
    one: Tables = {"t": {"word": Coded(np.array([1, -1]), ("a", "b"))}}
    two: Tables = {"t": {"word": Coded(np.array([0, 1]), ("b", "c"))}}
    joined = files.together([one, two])["t"]["word"]
    assert isinstance(joined, Coded)
    assert [joined.words[code] if code >= 0 else None for code in joined.codes] == ["b", None, "b", "c"]


def test_a_word_that_is_listed_twice_becomes_one() -> None:
    column = files.together([{"t": {"word": Coded(np.array([0, 1, 2, -1]), ("a", "b", "a"))}}])["t"]["word"]
    assert isinstance(column, Coded)
    assert (column.words, column.codes.tolist()) == (("a", "b"), [0, 1, 0, -1])


def test_no_cell_of_words_can_start_a_formula(packages: Path) -> None:
    for name, frame in files.read(packages / "csv").items():
        for field in frame.select_dtypes("category"):
            assert all(for_cell(word) == word for word in frame[field].cat.categories), (name, field)


def lose_a_table(package: Path) -> None:
    (package / "INVENTED-staff.csv").unlink()


def lose_the_description(package: Path) -> None:
    (package / "datapackage.json").unlink()


def cut_the_description(package: Path) -> None:
    path = package / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8")[:2000], encoding="utf-8")


def describe_nothing(package: Path) -> None:
    (package / "datapackage.json").write_text('{"resources": [1]}', encoding="utf-8")


def lead_out_of_the_folder(package: Path) -> None:
    path = package / "datapackage.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    described["resources"][0]["path"] = "../other/INVENTED-schools.csv"
    path.write_text(json.dumps(described), encoding="utf-8")


def change_in(file: str, old: str, new: str) -> Callable[[Path], None]:
    def spoil(package: Path) -> None:
        path = package / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def write_another_encoding(package: Path) -> None:
    path = package / "INVENTED-schools.csv"
    path.write_bytes(path.read_bytes().replace(b"Invented", b"Invent\xe9d"))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lose_a_table, "The table staff in .* cannot be read: no such file or directory."),
        (lose_the_description, "datapackage.json cannot be read"),
        (cut_the_description, "datapackage.json is broken"),
        (describe_nothing, "datapackage.json is broken"),
        (lead_out_of_the_folder, "names a file outside its folder"),
        (change_in("INVENTED-pupils.csv", "birth_month", "month"), "The table pupils in .* is broken: .*birth_month"),
        (change_in("INVENTED-pupils.csv", "100100001", "Ann"), "The table pupils in .* is broken: .*Ann"),
        (change_in("INVENTED-schools.csv", "primary", "nursery"), "phase holds 'nursery', which is not one of primary"),
        (
            change_in("INVENTED-schools.csv", "2026-01-15", "15/01/2026"),
            "The table schools in .* is broken: .*15/01/2026",
        ),
        (write_another_encoding, "The table schools in .* is broken: .*utf-8"),
    ],
)
def test_a_broken_package_is_told_in_a_sentence(package: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(package)
    with pytest.raises(files.PackageProblem, match=says) as problem:
        files.read(package)
    assert "\n" not in str(problem.value)
    assert str(problem.value).endswith((".", "`senco school make`."))


def test_frames_hold_numbers_that_may_be_missing_as_floats(packages: Path) -> None:
    deployment = files.read(packages / "csv")["deployment"]
    assert deployment["provision_id"].dtype == np.dtype("float64")
    assert pd.api.types.is_integer_dtype(deployment["staff_id"])
