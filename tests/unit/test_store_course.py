"""Course work: each answer saved by itself, assignments and marks kept beside it, and none lost on the way."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from senco_kit.store import BadValue, NoLongerThere, Store, StoreProblem, database, open_store, prepare
from senco_kit.store.course_values import LARGEST_ASSIGNMENT, LARGEST_ASSIGNMENTS
from senco_kit.store.portable import export_work, import_work
from senco_kit.store.portable.work import all_work

MODULE = "3-coordinating-provision"
CHECKS = f"checks/{MODULE}"
RIGHT = {"marks": 2, "out_of": 2, "verdict": "right", "says": ("Yes.",), "look_again": (), "misconceptions": ()}
PARTLY = {"marks": 0.5, "out_of": 2, "verdict": "partly", "says": [], "look_again": ["delivery"], "misconceptions": []}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    assert prepare(tmp_path / "work") is None
    return open_store(tmp_path / "work")


def package(cohort: str = "", school: str = "exercise-secondary-1050-7", **more: Any) -> dict[str, Any]:
    about = {"format": "senco-assignment", "version": 1, "id": MODULE, "cohort": cohort, "school": school, "title": "T"}
    return {**about, "questions": [{"id": "cost", "prompt": "<b>“é”</b>"}], **more}


def test_each_answer_is_saved_by_itself_and_an_empty_one_is_taken_back(store: Store) -> None:
    other_tab = open_store(store.file.parent)
    store.course.save_answer(CHECKS, "one", "b")
    other_tab.course.save_answer(CHECKS, "many", ["a", "c"])
    store.course.save_answer(f"assignment/own-{MODULE}", "one", {"x": " 12 ", "y": "", "z": "£1,000"})
    store.course.save_answer(CHECKS, "text", "  <b>=1+1</b>\r\n\x00two")
    assert other_tab.course.answers(CHECKS) == {"one": "b", "many": ["a", "c"], "text": "  <b>=1+1</b>\ntwo"}
    assert store.course.answers(f"assignment/own-{MODULE}") == {"one": {"x": "12", "z": "£1,000"}}
    for question, empty in (("one", ""), ("many", []), ("text", " \n ")):
        store.course.save_answer(CHECKS, question, empty)  # type: ignore[arg-type]
        store.course.save_answer(CHECKS, question, empty)  # type: ignore[arg-type]
    assert store.course.answers(CHECKS) == {}
    store.course.save_answer(CHECKS, "one", {"x": " "})
    assert list(store.course.all_answers()) == [f"assignment/own-{MODULE}"]


def test_two_tabs_share_out_without_undoing_each_other(store: Store) -> None:
    other_tab = open_store(store.file.parent)
    store.course.save_part(CHECKS, "share", "teaching", "1000")
    other_tab.course.save_part(CHECKS, "share", "training", " 500 ")
    store.course.save_part(CHECKS, "share", "teaching", "1200")
    assert store.course.answers(CHECKS) == {"share": {"teaching": "1200", "training": "500"}}
    other_tab.course.save_part(CHECKS, "share", "teaching", "")
    store.course.save_part(CHECKS, "share", "training", " ")
    assert store.course.answers(CHECKS) == {}
    store.course.save_answer(CHECKS, "share", "no amounts")
    store.course.save_part(CHECKS, "share", "training", "5")
    assert store.course.answers(CHECKS) == {"share": {"training": "5"}}


@pytest.mark.parametrize(
    "bad", [None, 12, ["a", 3], {"a": 1}, "x" * 20_001, ["x"] * 301, {"": "1"}, [" "], ["\ud800"], {"a": "x" * 20_001}]
)
def test_what_is_no_answer_is_refused_and_changes_nothing(store: Store, bad: Any) -> None:
    store.course.save_answer(CHECKS, "one", "b")
    with pytest.raises(BadValue, match=r"\.$"):
        store.course.save_answer(CHECKS, "one", bad)
    with pytest.raises(BadValue):
        store.course.save_part(CHECKS, "one", "", "1")
    for place in (("", "one"), ("x" * 101, "one"), (CHECKS, " "), (CHECKS, "\x00")):
        with pytest.raises(BadValue):
            store.course.save_answer(*place, "a")
    assert store.course.all_answers() == {CHECKS: {"one": "b"}}


def test_a_section_is_done_keeps_its_day_and_can_be_undone(store: Store) -> None:
    first = store.course.mark_done(MODULE, "before-break")
    store.course.mark_done(MODULE, "before-break")
    store.course.mark_done("5-partnership", "opening")
    assert store.course.done(MODULE) == {"before-break": first}
    assert set(store.course.all_done()) == {MODULE, "5-partnership"}
    store.course.forget_done(MODULE, "before-break")
    store.course.forget_done(MODULE, "before-break")
    assert store.course.done(MODULE) == {}


def test_an_assignment_is_kept_with_its_answers_until_it_is_taken_away(store: Store) -> None:
    own = store.course.bring_in(package())
    cohort = store.course.bring_in(package("autumn-2026"), b"notebook")
    assert (own.id, own.is_own, own.notebook) == (f"own-{MODULE}", True, None)
    assert (cohort.id, cohort.cohort, cohort.notebook) == (f"autumn-2026-{MODULE}", "autumn-2026", b"notebook")
    assert (own.module, own.school, own.handed_in_at) == (MODULE, "exercise-secondary-1050-7", None)
    assert store.course.assignments() == (own, cohort)
    for one in (own, cohort):
        store.course.save_answer(one.work, "cost", "12")
        store.course.save_result(one.work, {"cost": RIGHT})
    store.course.set_learner(cohort.id, "  L07 ")
    at = store.course.handed_in(cohort.id, "L07.zip")
    now = store.course.assignment(cohort.id)
    assert (now.learner, now.handed_in_at, now.handed_in_as) == ("L07", at, "L07.zip")
    store.course.remove(cohort.id)
    store.course.remove(cohort.id)
    assert store.course.assignments() == (own,)
    assert list(store.course.all_answers()) == list(store.course.results()) == [own.work]


def test_a_newer_version_of_an_assignment_takes_the_place_of_the_older_and_keeps_the_answers(store: Store) -> None:
    kept = store.course.bring_in(package("autumn-2026"), b"old")
    store.course.set_learner(kept.id, "L07")
    store.course.handed_in(kept.id, "L07.zip")
    store.course.save_answer(kept.work, "cost", "12")
    store.course.save_result(kept.work, {"cost": RIGHT})
    newer = store.course.bring_in(package("autumn-2026", title="Mended"), b"new")
    assert (newer.learner, newer.handed_in_as, newer.notebook) == ("L07", "L07.zip", b"new")
    assert store.course.assignments() == (newer,)
    assert store.course.result(kept.work) is not None
    other = store.course.bring_in(package("autumn-2026", school="exercise-primary-420-8"))
    assert (other.learner, other.handed_in_at, other.handed_in_as) == ("L07", None, "")
    assert store.course.answers(kept.work) == {"cost": "12"}
    assert store.course.result(kept.work) is None


@pytest.mark.parametrize(
    "bad",
    [
        *(None, [], {}, {"format": "senco-answers"}, package(id=3), package(questions={}), package(questions=[1])),
        *(package(title=None), package(questions=[{}]), package(questions=[{"id": ["a"]}])),
        *(package("own"), package("x" * 90), package(" "), package(school=""), package(more=float("nan"))),
        *(package(more="\ud800"), package(more=object()), package(more="x" * LARGEST_ASSIGNMENT)),
    ],
)
def test_what_is_no_assignment_is_refused_in_one_sentence(store: Store, bad: Any) -> None:
    with pytest.raises(BadValue) as refusal:
        store.course.bring_in(bad)
    assert str(refusal.value).endswith(".")
    assert ". " not in str(refusal.value)
    assert store.course.assignments() == ()


def test_there_is_room_for_so_many_assignments_and_no_more(store: Store) -> None:
    most = LARGEST_ASSIGNMENTS // LARGEST_ASSIGNMENT
    for number in range(most):
        store.course.bring_in(package(f"c{number}"), b"x" * (LARGEST_ASSIGNMENT - 1000))
    store.course.bring_in(package("c0"), b"x" * (LARGEST_ASSIGNMENT - 1000))  # in the place of an older one
    with pytest.raises(BadValue, match="take away one that you no longer need"):
        store.course.bring_in(package("c9"), b"x" * 10_000)
    assert len(store.course.assignments()) == most
    assert len(store.course.assignment(f"c0-{MODULE}").notebook or b"") == LARGEST_ASSIGNMENT - 1000


@pytest.mark.parametrize(
    "change",
    [
        lambda store, gone: store.course.assignment(gone),
        lambda store, gone: store.course.set_learner(gone, "L07"),
        lambda store, gone: store.course.handed_in(gone, "L07.zip"),
    ],
)
def test_changing_what_was_taken_away_says_so(store: Store, change: Callable[[Store, str], object]) -> None:
    with pytest.raises(NoLongerThere, match=r"^This assignment is no longer here"):
        change(store, f"own-{MODULE}")
    assert store.course.assignments() == ()


def test_marks_are_kept_with_the_answers_that_they_were_given_for(store: Store) -> None:
    work = f"assignment/own-{MODULE}"
    assert store.course.result(work) is None
    store.course.save_result(work, {"cost": RIGHT, "order": PARTLY}, {"cost": "12"})
    result = store.course.result(work)
    assert result is not None
    assert (result.marks, result.out_of) == (2.5, 4.0)
    assert result.marked["cost"] == {**RIGHT, "says": ["Yes."], "look_again": [], "misconceptions": []}
    assert result.answers == {"cost": "12", "order": ""}
    at = store.course.save_result(work, {"order": RIGHT}, {"order": ["a", "b"]})
    again = store.course.result(work)
    assert again is not None
    assert (list(again.marked), again.answers, again.at) == (["order"], {"order": ["a", "b"]}, at)
    store.course.save_mark(CHECKS, "one", PARTLY, "b")
    store.course.save_mark(CHECKS, "two", RIGHT, "a")
    store.course.save_mark(CHECKS, "one", RIGHT, "c")
    checks = store.course.results()[CHECKS]
    assert (checks.answers, checks.marks) == ({"one": "c", "two": "a"}, 4.0)
    assert set(store.course.results()) == {CHECKS, work}


@pytest.mark.parametrize(
    "wrong",
    [{}, {"verdict": "best"}, {"marks": "2"}, {"marks": float("nan")}, {"marks": True}, {"marks": -1}, {"says": "Yes"},
     {"says": [1]}, {"look_again": ["x" * 20_001]}, {"out_of": None}],
)  # fmt: skip
def test_what_are_no_marks_is_refused_and_earlier_marks_stay(store: Store, wrong: dict[str, Any]) -> None:
    store.course.save_result(CHECKS, {"one": RIGHT})
    with pytest.raises(BadValue, match=r"^These marks could not be read|characters; keep it under"):
        store.course.save_result(CHECKS, {"one": PARTLY, "two": {**RIGHT, **wrong} if wrong else {}})
    result = store.course.result(CHECKS)
    assert result is not None
    assert result.marks == 2


def test_a_choice_is_kept_and_taken_back(store: Store) -> None:
    assert store.course.setting("own-school") == ""
    store.course.set_setting("own-school", "exercise-primary-420-7")
    store.course.set_setting("own-school", "exercise-secondary-1050-7")
    assert open_store(store.file.parent).course.setting("own-school") == "exercise-secondary-1050-7"
    store.course.set_setting("own-school", "")
    assert store.course.setting("own-school") == ""


def test_a_row_that_is_not_what_the_kit_wrote_is_damage_and_no_crash(store: Store) -> None:
    store.course.save_answer(CHECKS, "one", "a")
    with closing(database.connect(store.file)) as connection:
        connection.execute("UPDATE course_answer SET answer = 'not JSON'")
    with pytest.raises(StoreProblem, match="damaged"):
        store.course.answers(CHECKS)


def _filled(store: Store) -> None:
    kept = store.course.bring_in(package("autumn-2026"), b"notebook")
    store.course.save_answer(kept.work, "cost", "12")
    store.course.save_answer(CHECKS, "one", "a")
    store.course.save_result(kept.work, {"cost": RIGHT}, {"cost": "12"})
    store.course.save_mark(CHECKS, "one", RIGHT, "a")
    store.course.mark_done(MODULE, "before-break")
    store.course.set_setting("own-school", "exercise-secondary-1050-7")


def test_an_import_never_overwrites_course_work(store: Store, tmp_path: Path) -> None:
    _filled(store)
    exported, before = export_work(store), all_work(store)
    assert import_work(store, exported, {}).sentence == (
        "1 section done was already here and not changed; 2 course answers were already here and not changed; "
        "1 assignment was already here and not changed; 2 marked answers were already here and not changed; "
        "1 choice for the course was already here and not changed."
    )
    assert all_work(store) == before

    here = open_store(tmp_path / "other")
    kept = here.course.bring_in(package("autumn-2026"), b"notebook")
    here.course.save_answer(kept.work, "cost", "15")
    here.course.save_result(kept.work, {"order": PARTLY}, {"order": ["a"]})
    here.course.save_mark(CHECKS, "two", PARTLY, "c")
    here.course.set_setting("own-school", "exercise-primary-420-7")
    assert import_work(here, exported, {}).sentence == (
        "1 section done was added; 1 course answer was added; "
        "1 course answer was left out, because you have another answer here; "
        "1 assignment was already here and not changed; "
        "1 marked answer was added; 1 marked answer was left out, because you have other marks here; "
        "1 choice for the course was left out, because you have another choice here."
    )
    assert here.course.answers(kept.work) == {"cost": "15"}
    assert list(here.course.results()[kept.work].marked) == ["order"]
    assert set(here.course.results()[CHECKS].marked) == {"one", "two"}
    assert here.course.setting("own-school") == "exercise-primary-420-7"


def test_answers_about_another_school_do_not_come_in_with_an_import(store: Store, tmp_path: Path) -> None:
    _filled(store)
    here = open_store(tmp_path / "other")
    kept = here.course.bring_in(package("autumn-2026", school="exercise-primary-420-7"))
    result = import_work(here, export_work(store), {})
    assert "1 assignment was left out, because you have another form of it here" in result.sentence
    assert here.course.assignments() == (kept,)
    assert list(here.course.all_answers()) == list(here.course.results()) == [CHECKS]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("answers", 0, "answer"), 3, "this is not an answer as the kit keeps it"),
        (("answers", 0, "answer"), "  ", "this is not an answer as the kit keeps it"),
        (("answers", 0, "answer"), [], "this answer is empty"),
        (("assignments", 0, "package"), "{", "this is not an assignment that the kit released"),
        (("assignments", 0, "package"), "[" * 100_000, "this is not an assignment that the kit released"),
        (("assignments", 0, "notebook"), "?", "this notebook is not whole"),
        (("assignments", 0, "id"), "own-3", "the id of this assignment belongs to another one"),
        (("assignments", 0, "learner"), "L 0  7", "this code is too long, or has spaces that the kit would not keep"),
        (("marks", 0, "marked"), {"verdict": "right"}, "these are not marks as the kit keeps them"),
        (("settings", 0, "value"), "", "this answer is empty or begins or ends with a space"),
        (("sections_done", 0, "done_at"), "soon", "this is not a date and time from 1950 to 2100"),
    ],
)
def test_a_mistake_in_the_course_work_of_a_file_is_named_and_changes_nothing(
    store: Store, tmp_path: Path, path: tuple[Any, ...], value: Any, told: str
) -> None:
    _filled(store)
    content = json.loads(export_work(store))
    inside = content["course"]
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = value
    here = open_store(tmp_path / "other")
    with pytest.raises(StoreProblem) as refusal:
        import_work(here, json.dumps(content).encode(), {})
    assert told in str(refusal.value)
    assert "(course, " in str(refusal.value)
    assert all_work(here).course.answers == ()


@pytest.mark.parametrize("kind", ["answers", "sections_done", "assignments", "marks", "settings"])
def test_nothing_stands_twice_in_the_course_work_of_a_file(store: Store, kind: str) -> None:
    _filled(store)
    content = json.loads(export_work(store))
    content["course"][kind] *= 2
    with pytest.raises(StoreProblem, match="stands twice"):
        import_work(store, json.dumps(content).encode(), {})
