"""`senco school make` and the packages in datasets/: same bytes each time, a whole one or none, no truth in it."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from senco_kit.cli import main
from senco_kit.schools import files, many, package
from senco_kit.schools.command import cannot_write
from senco_kit.schools.files import PackageProblem
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order
from senco_kit.schools.truths import KINDS, truth_json


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["school", "make", *words])
    return int(end.value.code or 0)


def prints(folder: Path) -> dict[str, str]:
    """A fingerprint of each file below a folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    words = ["--pupils", "90", "--seed", "4", "--with-truth", "--out"]
    assert run(*words, str(tmp_path / "one")) == 0
    command = [sys.executable, "-m", "senco_kit", "school", "make", *words, str(tmp_path / "two")]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "1"}, capture_output=True)
    assert len(prints(tmp_path / "one")) == 19
    assert prints(tmp_path / "one") == prints(tmp_path / "two")
    assert prints(tmp_path / "one-facilitator-only") == prints(tmp_path / "two-facilitator-only")


# Starting processes is slow, so that Parquet, which each of them writes by itself, is only written twice in this one.
@pytest.mark.parametrize(("parquet", "processes"), [(False, 2), (True, 1)])
def test_another_number_of_worker_processes_writes_the_same_bytes(
    tmp_path: Path, parquet: bool, processes: int
) -> None:
    for place, number in (("one", 1), ("two", processes)):
        (tmp_path / place).mkdir()
        orders = many.orders("special", 40, 9, 5)
        many.write(orders, tmp_path / place, parquet=parquet, processes=number, batch=2)
    assert prints(tmp_path / "one") == prints(tmp_path / "two")
    assert len(prints(tmp_path / "one")) == (17 * 3 if parquet else 17)


def test_a_school_is_the_same_whatever_schools_are_made_with_it(tmp_path: Path) -> None:
    wanted = many.orders("primary", 45, 8, 4)
    for name, some in (("four", wanted), ("third", wanted[2:3])):
        (tmp_path / name).mkdir()
        many.write(some, tmp_path / name, processes=1, batch=3)
    for table in files.together([make_school(wanted[0]).tables]):
        lines = (tmp_path / "four" / many.csv_path(table)).read_text(encoding="utf-8").splitlines()
        assert lines.count(lines[0]) == 1
        of_third = [lines[0], *(line for line in lines if line.startswith("1003,"))]
        assert (tmp_path / "third" / many.csv_path(table)).read_text(encoding="utf-8").splitlines() == of_third


def test_other_seeds_plant_other_truths() -> None:
    planted = {
        tuple(truth.kind for truth in make_school(Order("primary", 420, seed)).truths if truth.kind != "effect")
        for seed in range(6)
    }
    assert len(planted) > 3


def test_what_is_planted_goes_beside_the_package_and_never_into_it(tmp_path: Path) -> None:
    assert run("--pupils", "420", "--out", str(tmp_path / "school"), "--every-truth", "--with-truth") == 0
    truth = json.loads((tmp_path / "school-facilitator-only" / "truth.json").read_text(encoding="utf-8"))
    kinds = {one["kind"] for school in truth["schools"] for one in school["truths"]}
    assert len(kinds) > 5
    for path in (tmp_path / "school").iterdir():
        assert "truth" not in path.name
        assert not any(KINDS[kind] in path.read_text(encoding="utf-8") for kind in kinds)


def test_no_truth_is_written_unless_it_is_asked_for(tmp_path: Path) -> None:
    assert run("--pupils", "30", "--out", str(tmp_path / "school")) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["school"]


def test_many_schools_are_in_one_set_of_tables(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run("--phase", "special", "--pupils", "20", "--schools", "3", "--parquet", "--out", str(tmp_path / "trust"))
        == 0
    )
    assert "Wrote 3 invented schools (60 pupils)" in capsys.readouterr().out
    frames = files.read(tmp_path / "trust")
    assert set(frames["staff"]["school_id"]) == {1001, 1002, 1003}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--phase", "nursery"], "The phase must be primary, secondary, all-through or special, not 'nursery'."),
        (["--pupils", "0"], "The number of pupils in a school must be a whole number from 1 to 5,000, not '0'."),
        (["--pupils", "1000000"], "The number of pupils in a school must be a whole number from 1 to 5,000"),
        (["--pupils", "many"], "The number of pupils in a school must be a whole number from 1 to 5,000, not 'many'."),
        (["--schools", "0"], "The number of schools must be a whole number from 1 to 10,000, not '0'."),
        (["--schools", "-3"], "The number of schools must be a whole number from 1 to 10,000, not '-3'."),
        (["--seed", "1.5"], "The seed must be a whole number from 0 to 999,999,999, not '1.5'."),
        (["--seed", "²"], "The seed must be a whole number from 0 to 999,999,999, not '²'."),
        (["--sede", "1"], "senco does not know the option '--sede'."),
    ],
)
def test_a_bad_option_gets_one_sentence(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*words, "--out", str(tmp_path / "school")) == 2
    told = capsys.readouterr().err
    assert told.startswith(says)
    assert told.count("\n") == 1
    assert not (tmp_path / "school").exists()


@pytest.mark.parametrize("with_truth", [[], ["--with-truth"]])
def test_a_folder_that_holds_files_is_left_alone(
    tmp_path: Path, with_truth: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    full = tmp_path / ("school-facilitator-only" if with_truth else "school")
    full.mkdir()
    (full / "mine.txt").write_text("mine", encoding="utf-8")
    assert run("--out", str(tmp_path / "school"), *with_truth) == 1
    assert capsys.readouterr().err.startswith(f"There are files in {full} already: name a new folder")
    assert [path.name for path in tmp_path.rglob("*")] == [full.name, "mine.txt"]


def test_a_folder_that_cannot_be_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert run("--out", str(tmp_path / "file" / "school")) == 1
    assert capsys.readouterr().err.startswith(f"Files cannot be written to {tmp_path / 'file' / 'school'} (")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of a process's files")
def test_nothing_is_kept_when_the_disk_takes_no_more(tmp_path: Path) -> None:
    outs = [tmp_path / "new", tmp_path / "empty"]
    outs[1].mkdir()
    code = f"""
import resource
from senco_kit.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for out in {[str(out) for out in outs]}:
    try:
        main(["school", "make", "--pupils", "200", "--out", out])
    except SystemExit as end:
        print(end.code)
"""
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True)
    assert done.stdout == "1\n1\n"
    says = [f"Files cannot be written to {out} (file too large): name another folder.\n" for out in outs]
    assert done.stderr == "".join(says)
    assert [*tmp_path.rglob("*")] == outs[1:]


def test_a_full_disk_is_called_so() -> None:
    says = cannot_write(Path("out"), OSError(errno.ENOSPC, "No space left on device"))
    assert says == "The disk is full, so nothing was kept in out: make room, or ask for fewer schools."


@pytest.mark.parametrize("name", package.PACKAGES)
@pytest.mark.filterwarnings("default")
def test_frictionless_finds_the_kits_packages_in_order(name: str) -> None:
    from frictionless import validate

    report = validate(package.DATASETS / name / "datapackage.json")
    assert report.flatten(["title", "fieldName", "message"]) == []
    assert len(report.tasks) == 17


@pytest.mark.parametrize("name", package.PACKAGES)
def test_the_kits_packages_say_invented_and_hold_no_truth(name: str) -> None:
    folder = package.DATASETS / name
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert described["title"].startswith("INVENTED: ")
    assert described["licenses"][0]["name"] == "CC-BY-4.0"
    names = {path.name for path in folder.iterdir()} - {"README.md", "datapackage.json"}
    assert names == {resource["path"] for resource in described["resources"]}
    assert all(file.startswith("INVENTED-") for file in names)
    assert (folder / "README.md").read_text(encoding="utf-8").count("INVENTED") > 17


@pytest.mark.parametrize("name", package.PACKAGES)
def test_the_order_of_a_package_gives_its_pupils_and_its_truths(name: str) -> None:
    school = make_school(package.order_of(name), every_truth=True)
    held = files.read(package.DATASETS / name)
    assert list(held["pupils"]["pupil_id"]) == school.tables["pupils"]["pupil_id"].tolist()  # type: ignore[union-attr]
    ids = {row for truth in truth_json(school.truths) for row in truth["rows"].get("pupils", [])}
    assert ids <= set(held["pupils"]["pupil_id"])


def test_a_package_to_download_is_the_same_each_time_and_says_invented() -> None:
    data = package.download("special-120")
    assert data == package.download("special-120")
    names = zipfile.ZipFile(BytesIO(data)).namelist()
    assert len(names) == 19
    assert all(name.startswith("INVENTED-special-120/") for name in names)


def test_a_school_to_download_is_the_one_that_the_command_writes(tmp_path: Path) -> None:
    assert run("--phase", "special", "--pupils", "30", "--seed", "6", "--out", str(tmp_path / "school")) == 0
    archive = zipfile.ZipFile(BytesIO(package.download_made(Order("special", 30, seed=6))))
    archive.extractall(tmp_path)
    assert prints(tmp_path / "INVENTED-special-30-seed-6") == prints(tmp_path / "school")


def test_a_package_that_is_not_there_is_told() -> None:
    with pytest.raises(PackageProblem, match="There is no package 'x' in datasets/: the packages are primary-420"):
        package.download("x")
