"""Cycles are kept answer by answer, their reviews are only added, and they leave and come back without loss."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from senco_kit.planning.model import Cycle, Record
from senco_kit.store import BadValue, NoLongerThere, Store, open_store
from senco_kit.store.cycles import NewRecord
from senco_kit.store.portable import ImportProblem, export_work, import_work


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def a_plan(store: Store) -> tuple[Cycle, str, str]:
    """A cycle with a finding, an objective that answers it, and an action."""
    cycle = store.cycles.create("2026 to 2027", "secondary-1050")
    finding = store.cycles.add(cycle.id, "finding", {"what": "Reading lags in Year 8."})
    objective = store.cycles.add(cycle.id, "objective", {"what": "Close the gap.", f"answers/{finding}": "yes"})
    store.cycles.add(cycle.id, "action", {"objective": objective, "what": "Train six teachers."})
    return cycle, finding, objective


def the(cycle: Cycle, record_id: str) -> Record:
    found = cycle.find(record_id)
    assert found is not None
    return found


def test_a_chain_is_read_back_with_its_links(store: Store) -> None:
    cycle, finding, objective = a_plan(store)
    read = store.cycles.one(cycle.id)
    aim = the(read, objective)
    assert [one.id for one in read.ticked(aim, "answers")] == [finding]
    assert [one.text("what") for one in read.serving(aim)] == ["Train six teachers."]
    store.cycles.remove(cycle.id, finding)
    read = store.cycles.one(cycle.id)
    assert read.ticked(aim, "answers") == ()


def test_two_tabs_undo_nothing_of_each_other(store: Store) -> None:
    cycle, finding, objective = a_plan(store)
    here, there = open_store(store.file.parent), open_store(store.file.parent)
    here.cycles.save(cycle.id, objective, "target", "95")
    there.cycles.save(cycle.id, objective, "baseline", "88")
    there.cycles.save(cycle.id, objective, f"answers/{finding}", "")
    here.cycles.save(cycle.id, objective, "what", "Close the gap by half.")
    assert the(store.cycles.one(cycle.id), objective).values == {
        "what": "Close the gap by half.",
        "target": "95",
        "baseline": "88",
    }


def test_the_one_record_of_a_single_kind_is_made_by_its_first_answer(store: Store) -> None:
    cycle = store.cycles.create("2026 to 2027")
    for answer in ("first", "second"):
        store.cycles.save(cycle.id, "0" * 32, "intent", answer, single="strategy")
    assert [one.text("intent") for one in store.cycles.one(cycle.id).of("strategy")] == ["second"]
    with pytest.raises(NoLongerThere, match="no longer here"):
        store.cycles.save(cycle.id, "1" * 32, "intent", "nothing to keep it in")


def test_a_review_holds_what_the_plan_said_then_and_is_never_changed(store: Store) -> None:
    cycle, _, objective = a_plan(store)
    store.cycles.save(cycle.id, objective, "draft/what_changed", "Six teachers")
    review = store.cycles.add_review(cycle.id, objective, {"what_changed": "Six teachers trained."})
    store.cycles.save(cycle.id, objective, "what", "Another aim.")
    read = store.cycles.one(cycle.id)
    assert read.reviews_of(objective) == (review,)
    assert [values.get("what") for values in review.as_it_was.values()] == ["Close the gap.", "Train six teachers."]
    assert "draft/what_changed" not in the(read, objective).values
    with pytest.raises(BadValue, match="stays in the history"):
        store.cycles.remove(cycle.id, objective)
    with (
        closing(sqlite3.connect(store.file)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="a review is never changed"),
    ):
        connection.execute("UPDATE review SET said = '{}'")


def test_records_are_added_together_or_not_at_all(store: Store) -> None:
    cycle = store.cycles.create("2026 to 2027")
    with pytest.raises(BadValue):
        store.cycles.add_many(cycle.id, [NewRecord("training", {"course": "NELI"}), NewRecord("training", {"?": "x"})])
    assert store.cycles.one(cycle.id).records == ()


def test_new_records_and_changed_answers_are_kept_together_or_not_at_all(store: Store) -> None:
    cycle, finding, objective = a_plan(store)
    with pytest.raises(NoLongerThere):
        store.cycles.add_many(
            cycle.id, [NewRecord("finding", {"what": "New."})], {objective: {"what": "x"}, "0" * 32: {"a": "b"}}
        )
    assert the(store.cycles.one(cycle.id), objective).text("what") == "Close the gap."
    store.cycles.add_many(cycle.id, [NewRecord("finding", {"what": "New."})], {objective: {"what": "", "target": "95"}})
    read = store.cycles.one(cycle.id)
    assert the(read, objective).values == {f"answers/{finding}": "yes", "target": "95"}
    assert [one.text("what") for one in read.of("finding")] == ["Reading lags in Year 8.", "New."]
    first, second = (one.id for one in read.of("finding"))
    store.cycles.remove(cycle.id, first, second, "f" * 32)
    assert store.cycles.one(cycle.id).of("finding") == ()


def test_next_year_begins_with_the_records_and_without_the_reviews(store: Store) -> None:
    cycle, _, objective = a_plan(store)
    store.cycles.add_review(cycle.id, objective, {"what_changed": "Much."})
    following = store.cycles.create("2027 to 2028", cycle.school, started_from=cycle.id)
    assert [(one.id, one.values) for one in following.records] == [
        (one.id, one.values) for one in store.cycles.one(cycle.id).records
    ]
    store.cycles.save(following.id, objective, "what", "The next step.")
    assert the(store.cycles.one(cycle.id), objective).text("what") == "Close the gap."
    assert store.cycles.one(following.id).reviews == ()
    store.cycles.delete(cycle.id)
    assert [one.id for one in store.cycles.all()] == [following.id]


def test_it_leaves_in_a_file_and_comes_back_the_same(store: Store, tmp_path: Path) -> None:
    cycle, _, objective = a_plan(store)
    store.cycles.add_review(cycle.id, objective, {"what_changed": "Much."})
    whole = store.cycles.one(cycle.id)
    other = open_store(tmp_path / "other")
    file = export_work(store)
    assert import_work(other, file, {}).sentence == "1 cycle was added."
    assert other.cycles.all() == (whole,)
    assert import_work(other, file, {}).sentence == "1 cycle was already here and not changed."
    other.cycles.save(cycle.id, objective, "what", "Changed here.")
    assert "added as a copy" in import_work(other, file, {}).sentence
    assert "already here" in import_work(other, file, {}).sentence
    copy = next(one for one in other.cycles.all() if one.id != cycle.id)
    assert (copy.name, copy.records, copy.reviews) == (f"{cycle.name} (imported)", whole.records, whole.reviews)


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (("records", 0, "values"), {"<b>": "x"}, "the kit gives no question such a name"),
        (("records", 0, "id"), "x", "the kit gives no such id"),
        (("records", 1), None, "this is not what the kit puts here"),
        (("reviews", 0, "as_it_was"), {"x": {}}, "the kit gives no such id"),
        (("school",), "s" * 101, "this entry is too long"),
        (("name",), " ", "this name is empty or too long"),
    ],
)
def test_a_damaged_file_is_refused_whole(
    store: Store, tmp_path: Path, path: tuple[str | int, ...], value: object, says: str
) -> None:
    cycle, _, objective = a_plan(store)
    store.cycles.add_review(cycle.id, objective, {"what_changed": "Much."})
    content = json.loads(export_work(store))
    there = content["cycles"][0]
    for step in path[:-1]:
        there = there[step]
    there[path[-1]] = value
    other = open_store(tmp_path / "other")
    with pytest.raises(ImportProblem, match=says):
        import_work(other, json.dumps(content).encode(), {})
    assert other.cycles.all() == ()


def test_an_id_that_stands_twice_is_refused(store: Store, tmp_path: Path) -> None:
    a_plan(store)
    content = json.loads(export_work(store))
    content["cycles"][0]["records"] *= 2
    with pytest.raises(ImportProblem, match="an id stands twice in a cycle"):
        import_work(open_store(tmp_path / "other"), json.dumps(content).encode(), {})
