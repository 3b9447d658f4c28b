"""Scenarios and readings: each typed change saved by itself, each tab's changes kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, database, open_store, prepare

SCHOOL = "secondary-1050"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    assert prepare(tmp_path / "work") is None
    return open_store(tmp_path / "work")


def test_each_typed_change_is_saved_by_itself(store: Store) -> None:
    made = store.scenarios.create(" Smaller  groups ", SCHOOL)
    assert (made.name, made.school, made.changes, made.created_at) == ("Smaller groups", SCHOOL, {}, made.changed_at)
    store.scenarios.save_change(made.id, "7", "weeks", " 10 ")
    store.scenarios.save_change(made.id, "12", "role", "teaching assistant")
    saved_at = store.scenarios.save_change(made.id, "7", "group_size", "3")
    store.scenarios.save_change(made.id, "7", "weeks", "12")
    now = open_store(store.file.parent).scenarios.one(made.id)
    assert now.changes == {"7": {"weeks": "12", "group_size": "3"}, "12": {"role": "teaching assistant"}}
    assert now.changed_at > saved_at > now.created_at
    store.scenarios.save_change(made.id, "7", "weeks", "")
    store.scenarios.save_change(made.id, "12", "role", "  ")
    store.scenarios.save_change(made.id, "12", "role", "")  # once more is harmless
    assert store.scenarios.one(made.id).changes == {"7": {"group_size": "3"}}


def test_all_changes_of_one_provision_are_taken_back_at_once(store: Store) -> None:
    made, other = (store.scenarios.create(name, SCHOOL) for name in "ab")
    for scenario, provision, field in (
        (made, "7", "weeks"),
        (made, "7", "minutes"),
        (made, "8", "weeks"),
        (other, "7", "weeks"),
    ):
        store.scenarios.save_change(scenario.id, provision, field, "10")
    moment = store.scenarios.leave_out(made.id, "7")
    store.scenarios.leave_out(made.id, "7")  # once more is harmless
    assert store.scenarios.one(made.id).changes == {"8": {"weeks": "10"}}
    assert store.scenarios.one(made.id).changed_at >= moment
    assert store.scenarios.one(other.id).changes == {"7": {"weeks": "10"}}


def test_only_the_scenarios_that_are_asked_for_are_read(store: Store) -> None:
    made, broken = store.scenarios.create("a", SCHOOL), store.scenarios.create("b", "secondary-1050-7")
    with closing(database.connect(store.file)) as connection, connection:
        connection.execute("UPDATE scenario SET changed_at = 'never' WHERE id = ?", (broken.id,))
        connection.commit()
    assert store.scenarios.one(made.id) == made
    assert store.scenarios.all(SCHOOL) == (made,)
    with pytest.raises(StoreProblem):
        store.scenarios.all()


def test_two_tabs_do_not_undo_each_others_changes(store: Store) -> None:
    other_tab = open_store(store.file.parent)
    made = store.scenarios.create("Smaller groups", SCHOOL)
    other_tab.scenarios.save_change(made.id, "7", "weeks", "10")
    store.scenarios.save_change(made.id, "7", "minutes", "20")
    other_tab.scenarios.rename(made.id, "Other name")
    store.scenarios.save_change(made.id, "8", "weeks", "6")
    now = store.scenarios.one(made.id)
    assert (now.name, now.changes) == ("Other name", {"7": {"weeks": "10", "minutes": "20"}, "8": {"weeks": "6"}})


def test_scenarios_come_oldest_first_and_by_school(store: Store) -> None:
    made = [store.scenarios.create(name, school) for name, school in (("a", SCHOOL), ("b", "own"), ("c", SCHOOL))]
    assert store.scenarios.all() == tuple(made)
    assert store.scenarios.all(SCHOOL) == (made[0], made[2])


def test_a_scenario_may_start_from_another(store: Store) -> None:
    earlier = store.scenarios.create("Smaller groups", SCHOOL)
    store.scenarios.save_change(earlier.id, "7", "weeks", "10")
    new = store.scenarios.create("And shorter", SCHOOL, earlier.id)
    store.scenarios.save_change(new.id, "7", "minutes", "20")
    assert store.scenarios.one(earlier.id).changes == {"7": {"weeks": "10"}}
    assert store.scenarios.one(new.id).changes == {"7": {"weeks": "10", "minutes": "20"}}


def test_deleting_a_scenario_takes_its_changes_and_nothing_else(store: Store) -> None:
    made = [store.scenarios.create(name, SCHOOL) for name in "ab"]
    for one in made:
        store.scenarios.save_change(one.id, "7", "weeks", "10")
    store.scenarios.delete(made[0].id)
    store.scenarios.delete(made[0].id)  # once more is harmless
    assert [one.id for one in store.scenarios.all()] == [made[1].id]
    with closing(database.connect(store.file, "ro")) as connection:
        assert connection.execute("SELECT scenario_id FROM scenario_change").fetchall() == [(made[1].id,)]


@pytest.mark.parametrize(
    "change",
    [
        lambda store, gone: store.scenarios.one(gone),
        lambda store, gone: store.scenarios.rename(gone, "Other"),
        lambda store, gone: store.scenarios.save_change(gone, "7", "weeks", "10"),
        lambda store, gone: store.scenarios.save_change(gone, "7", "weeks", ""),
        lambda store, gone: store.scenarios.leave_out(gone, "7"),
        lambda store, gone: store.scenarios.create("New", SCHOOL, gone),
    ],
)
def test_changing_what_was_deleted_says_so(store: Store, change: Callable[[Store, str], object]) -> None:
    made = store.scenarios.create("Smaller groups", SCHOOL)
    store.scenarios.delete(made.id)
    with pytest.raises(NoLongerThere, match=r"^This plan is no longer here"):
        change(store, made.id)
    assert store.scenarios.all() == ()


def test_a_bad_value_changes_nothing(store: Store) -> None:
    made = store.scenarios.create("Smaller groups", SCHOOL)
    with pytest.raises(BadValue, match=r"^Enter a name for this plan\.$"):
        store.scenarios.rename(made.id, "\u200b")
    with pytest.raises(BadValue):
        store.scenarios.create("New", " ")
    for provision, field, value in (("", "weeks", "1"), ("7", "f" * 101, "1"), ("7", "weeks", "x" * 20_001)):
        with pytest.raises(BadValue):
            store.scenarios.save_change(made.id, provision, field, value)
    assert store.scenarios.all() == (made,)


def test_the_tables_refuse_changes_of_no_scenario_and_empty_names(store: Store) -> None:
    store.scenarios.create("Smaller groups", SCHOOL)
    with closing(database.connect(store.file)) as connection:
        for statement in (
            "INSERT INTO scenario_change VALUES ('nobody', '7', 'weeks', '10')",
            "UPDATE scenario SET name = ''",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(statement)


def test_a_reading_is_kept_by_school_and_question(store: Store) -> None:
    store.readings.save(SCHOOL, "7", "keep")
    store.readings.save("primary/420/7", "7", "stop")
    saved_at = store.readings.save(SCHOOL, "7", " adapt ")
    other_tab = open_store(store.file.parent)
    other_tab.readings.save(SCHOOL, "8", "<b>=1+1</b>")
    assert store.readings.of(SCHOOL) == {"7": "adapt", "8": "<b>=1+1</b>"}
    assert [one.changed_at for one in store.readings.all() if one.answer == "adapt"] == [saved_at]
    store.readings.save(SCHOOL, "7", "")
    store.readings.save(SCHOOL, "7", "")  # once more is harmless
    assert store.readings.of(SCHOOL) == {"8": "<b>=1+1</b>"}
    store.readings.forget(SCHOOL)
    assert [(one.school, one.answer) for one in store.readings.all()] == [("primary/420/7", "stop")]
    with pytest.raises(BadValue):
        store.readings.save("", "7", "keep")
