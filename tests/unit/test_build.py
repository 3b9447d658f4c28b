"""environment.yml and the locks: built from pyproject.toml, and told when they no longer fit it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

from senco_kit.build import CONDA_NAMES, BuildProblem, build, conda_requirement, lock_faults, read_lock, stale
from senco_kit.build import read_project as project_of
from senco_kit.places import KIT

BUILT_FROM_AND_TO = ("pyproject.toml", "environment.yml", "requirements.txt", "requirements-test.txt")


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    for name in BUILT_FROM_AND_TO:
        shutil.copy(KIT / name, tmp_path)
    shutil.copytree(KIT / "datasets", tmp_path / "datasets")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_conda_and_pip_are_asked_for_the_same_packages() -> None:
    environment = yaml.safe_load((KIT / "environment.yml").read_text(encoding="utf-8"))
    *packages, pip_section = environment["dependencies"]
    by_conda = {Requirement(text) for text in packages} - {Requirement("pip"), Requirement("python>=3.11,<3.14")}
    by_pip = {Requirement(text) for text in project_of(KIT)["dependencies"]}
    pip_name = {conda: pip for pip, conda in CONDA_NAMES.items()}
    assert {(pip_name.get(one.name, one.name), one.specifier) for one in by_conda} == {
        (one.name, one.specifier) for one in by_pip
    }
    assert pip_section == {"pip": ["-e ."]}
    assert environment["channels"][0] == "conda-forge"


def test_the_kit_as_it_stands_is_up_to_date(kit: Path) -> None:
    assert stale(kit) == []
    assert build(kit) == []


def test_a_stale_environment_is_told_and_built_again(kit: Path) -> None:
    change(kit / "environment.yml", "alembic", "alembick")
    assert stale(kit) == ["environment.yml is out of date: run `senco build`."]
    assert "alembick" in (kit / "environment.yml").read_text(encoding="utf-8")  # telling changes nothing
    assert build(kit) == [kit / "environment.yml"]
    assert stale(kit) == []


def test_a_missing_environment_is_built(kit: Path) -> None:
    (kit / "environment.yml").unlink()
    assert build(kit) == [kit / "environment.yml"]


def test_a_changed_or_missing_data_package_is_told_and_built_again(kit: Path) -> None:
    change(kit / "datasets" / "special-120" / "INVENTED-schools.csv", "Invented Special School 1", "Hill School")
    (kit / "datasets" / "DICTIONARY.md").unlink()
    assert stale(kit) == [
        "datasets/DICTIONARY.md is out of date: run `senco build`.",
        "datasets/special-120/INVENTED-schools.csv is out of date: run `senco build`.",
    ]
    assert len(build(kit)) == 2
    assert stale(kit) == []


@pytest.mark.parametrize(
    "text", ["click>=8 ; python_version < '3.12'", "click[colours]>=8", "click @ https://x.invalid/"]
)
def test_what_conda_cannot_be_asked_for_is_refused(text: str) -> None:
    with pytest.raises(BuildProblem, match="conda knows no markers, extras or addresses"):
        conda_requirement(text)


def ask_for_a_package_that_is_not_locked(kit: Path) -> None:
    change(kit / "pyproject.toml", '"alembic>=1.14"', '"alembic>=1.14",\n    "not-locked>=1"')


def ask_for_a_newer_version_than_the_locked_one(kit: Path) -> None:
    change(kit / "pyproject.toml", '"click>=8.1"', '"click>=9000"')


def ask_for_a_test_package_that_is_not_locked(kit: Path) -> None:
    change(kit / "pyproject.toml", '"nbval>=0.11"', '"not-locked>=1"')


def lose_the_hashes_of_one_pin(kit: Path) -> None:
    path = kit / "requirements.txt"
    pin = next(pin for pin in read_lock(path.read_text(encoding="utf-8")) if pin.name == "click")
    for digest in pin.hashes:
        change(path, f"--hash={digest}", "")


def loosen_one_pin(kit: Path) -> None:
    change(kit / "requirements-test.txt", "\npytest==", "\npytest>=")


def let_the_locks_disagree(kit: Path) -> None:
    path = kit / "requirements-test.txt"
    pin = next(pin for pin in read_lock(path.read_text(encoding="utf-8")) if pin.name == "click")
    change(path, f"\nclick=={pin.version}", f"\nclick=={pin.version}.post1")


def name_an_index(kit: Path) -> None:
    change(kit / "requirements.txt", "\nalembic==", "\n--index-url https://packages.invalid/simple\nalembic==")


def name_a_folder_of_wheels(kit: Path) -> None:
    change(kit / "requirements.txt", "\nalembic==", "\n--find-links /wheels\nalembic==")


def name_a_file(kit: Path) -> None:
    change(kit / "requirements.txt", "\nalembic==", "\nlittle @ file:///wheels/little.whl --hash=sha256:ab\nalembic==")


def lose_a_lock(kit: Path) -> None:
    (kit / "requirements-test.txt").unlink()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (ask_for_a_package_that_is_not_locked, "requirements.txt: not-locked is missing"),
        (ask_for_a_newer_version_than_the_locked_one, "is not what pyproject.toml asks for (click>=9000)"),
        (ask_for_a_test_package_that_is_not_locked, "requirements-test.txt: not-locked is missing"),
        (lose_the_hashes_of_one_pin, "has no hash"),
        (loosen_one_pin, "is not pinned to one version"),
        (let_the_locks_disagree, "requirements-test.txt: it does not hold click"),
        (name_an_index, "it names an address or a folder"),
        (name_a_folder_of_wheels, "it names an address or a folder"),
        (name_a_file, "it names an address or a folder"),
        (lose_a_lock, "requirements-test.txt is missing"),
    ],
)
def test_a_lock_that_does_not_keep_its_promises_is_told(kit: Path, spoil: Callable[[Path], None], says: str) -> None:
    spoil(kit)
    faults = lock_faults(kit)
    assert any(says in fault for fault in faults), faults
    assert all(fault.endswith("run `senco build --lock`.") for fault in faults)
