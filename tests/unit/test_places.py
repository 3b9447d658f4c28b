"""Where a person's work is kept."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from senco_kit.places import FolderProblem, work_folder


def says(chosen: str) -> str:
    return f"SENCO_HOME names {chosen}, which cannot be found: change it or remove it, then start the kit again."


def test_a_relative_folder_counts_from_where_the_program_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SENCO_HOME", "work")
    assert work_folder() == (tmp_path / "work").resolve()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes a path for any user's name, and asks nobody")
def test_the_home_of_nobody_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_HOME", "~nosuchuser/x")
    with pytest.raises(FolderProblem) as problem:
        work_folder()
    assert str(problem.value) == says("~nosuchuser/x")


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="Python 3.13 leaves such links to whoever opens the folder")
@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets few people make links")
def test_links_that_go_round_in_a_circle_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "a"))
    with pytest.raises(FolderProblem) as problem:
        work_folder()
    assert str(problem.value) == says(str(tmp_path / "a"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not delete a folder that a program works in")
def test_a_folder_below_one_that_is_gone_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setenv("SENCO_HOME", "work")
    with pytest.raises(FolderProblem) as problem:
        work_folder()
    assert str(problem.value) == says("work")
