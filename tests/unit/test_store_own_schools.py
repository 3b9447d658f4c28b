"""Real pupils' data: kept only when asked, given back as it was, and gone from every file when it is deleted."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, answers, copies, database, open_store, prepare
from senco_kit.store import delete_everything as delete_all

#: Incompressible, so that any eight bytes of it that turn up in a file are its own.
PUPILS = random.Random(17).randbytes(300_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "work"


@pytest.fixture
def store(folder: Path) -> Store:
    assert prepare(folder) is None
    return open_store(folder)


def _files_with(data: bytes, folder: Path) -> list[str]:
    """The files, the log and what is left unfinished included, in which any 24 bytes in a row of the data stand."""
    pieces = {data[start : start + 12] for start in range(0, len(data) - 12, 12)}
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if any(content[start : start + 12] in pieces for start in range(len(content) - 11)):
            found.append(path.name)
    return found


def _kept_everywhere(store: Store, folder: Path) -> str:
    """School data in the work, in two earlier copies and in a file put aside; returns its id."""
    school = store.own_schools.keep("My school", "xlsx", PUPILS)
    assert prepare(folder) is None
    store.readings.save("own", "7", "keep")
    assert prepare(folder) is None
    store.readings.save("own", "8", "stop")
    store.use_backup(store.backups()[0].path)
    assert len(_files_with(PUPILS, folder)) == 4
    return school.id


@contextmanager
def _somebody_reading(store: Store) -> Iterator[None]:
    with closing(sqlite3.connect(store.file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM own_school").fetchall()
        yield


def test_what_is_kept_comes_back_as_it_was(store: Store) -> None:
    first = store.own_schools.keep(" My  school ", "xlsx", PUPILS)
    second = store.own_schools.keep("Other", "csv", b"\x00\xff")
    assert (first.name, first.kind, first.size) == ("My school", "xlsx", len(PUPILS))
    again = open_store(store.file.parent)
    assert again.own_schools.all() == (second, first)
    assert again.own_schools.data(first.id) == PUPILS
    assert again.own_schools.data(second.id) == b"\x00\xff"


def test_what_cannot_be_kept_is_told(store: Store) -> None:
    with pytest.raises(BadValue, match=r"^This file is empty"):
        store.own_schools.keep("Mine", "csv", b"")
    with pytest.raises(BadValue, match=r"^This file is larger than 20 MB"):
        store.own_schools.keep("Mine", "csv", bytes(answers.LARGEST_OWN_SCHOOL + 1))
    with pytest.raises(BadValue, match=r"^Enter a name for this school\.$"):
        store.own_schools.keep(" ", "csv", b"x")
    with pytest.raises(ValueError, match="no kind 'exe'"):
        store.own_schools.keep("Mine", "exe", b"x")
    assert store.own_schools.all() == ()


def test_deleted_school_data_is_in_no_file_any_more(store: Store, folder: Path) -> None:
    other = store.own_schools.keep("Other", "csv", b"other pupils")
    school_id = _kept_everywhere(store, folder)
    (folder / "senco-unfinished-abc").write_bytes(PUPILS)
    before = [(one.path.name, one.made_at) for one in store.backups()]
    with closing(database.connect(store.file)) as open_elsewhere:  # so that SQLite does not tidy the log away by itself
        open_elsewhere.execute("SELECT 1 FROM own_school").fetchone()
        store.own_schools.delete(school_id)
        assert _files_with(PUPILS, folder) == []
    assert store.own_schools.all() == (other,)
    store.own_schools.delete(school_id)  # once more is harmless
    with pytest.raises(NoLongerThere, match="school data is no longer here"):
        store.own_schools.data(school_id)
    # The earlier copies are there still, without the data and with all else.
    assert [(one.path.name, one.made_at) for one in store.backups()] == before
    store.use_backup(store.backups()[-1].path)
    assert (store.own_schools.all(), store.readings.of("own")) == ((other,), {})
    assert {path.suffix for path in (folder / "backups").iterdir()} == {".sqlite"}
    assert {path.stat().st_mode & 0o777 for path in (folder / "backups").iterdir()} == {0o600}


def test_a_page_that_still_reads_is_told(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT", 0.1)
    school = store.own_schools.keep("My school", "csv", PUPILS)
    with (
        _somebody_reading(store),
        pytest.raises(StoreProblem, match=r"^The school data is deleted, .* so that no trace is left\.$"),
    ):
        store.own_schools.delete(school.id)
    assert prepare(folder) is None
    assert _files_with(PUPILS, folder) == []


def test_a_damaged_earlier_file_is_named(store: Store, folder: Path) -> None:
    school_id = _kept_everywhere(store, folder)
    (aside,) = folder.glob("senco-put-aside-*.sqlite")
    aside.write_bytes(PUPILS)
    with pytest.raises(
        StoreProblem, match=r"^The school data is deleted, but a damaged .*aside.*delete that file"
    ) as told:
        store.own_schools.delete(school_id)
    assert str(aside) in str(told.value)
    assert _files_with(PUPILS, folder) == [aside.name]


def test_an_earlier_copy_that_cannot_be_changed_keeps_the_data_in_the_list(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    school_id = _kept_everywhere(store, folder)
    with monkeypatch.context() as patch:
        patch.setattr(copies, "_copy", _no_space)
        with pytest.raises(StoreProblem, match="no space left"):
            store.own_schools.delete(school_id)
    assert [one.id for one in store.own_schools.all()] == [school_id]
    store.own_schools.delete(school_id)
    assert _files_with(PUPILS, folder) == []


def _no_space(file: Path, folder: Path) -> Path:
    raise OSError(28, "No space left on device")


def test_deleting_all_work_takes_school_data_from_every_file(store: Store, folder: Path) -> None:
    _kept_everywhere(store, folder)
    (folder / "backups" / (store.backups()[0].path.name + "-journal")).write_bytes(PUPILS)
    delete_all(folder)
    assert _files_with(PUPILS, folder) == []
    assert (store.own_schools.all(), store.scenarios.all(), store.readings.all()) == ((), (), ())


def test_going_back_brings_the_school_data_of_that_time(store: Store, folder: Path) -> None:
    school = store.own_schools.keep("My school", "csv", PUPILS)
    scenario = store.scenarios.create("Smaller groups", "own")
    assert prepare(folder) is None
    store.scenarios.delete(scenario.id)
    store.own_schools.keep("Other", "csv", b"other pupils")
    store.use_backup(store.backups()[0].path)
    assert store.own_schools.all() == (school,)
    assert store.own_schools.data(school.id) == PUPILS
    assert store.scenarios.all() == (scenario,)


def test_the_file_of_all_work_says_that_it_holds_school_data(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from senco_kit.forms.screen import Download
    from senco_kit.pages.home_page import HomePage

    monkeypatch.setenv("SENCO_HOME", str(folder))
    without = HomePage().press("download-all", {})
    store.own_schools.keep("My school", "csv", b"pupil_id")
    with_it = HomePage().press("download-all", {})
    assert isinstance(without, Download)
    assert isinstance(with_it, Download)
    assert "school data" not in without.says
    assert "It holds the school data that you kept" in with_it.says
