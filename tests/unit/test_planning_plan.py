"""How far a plan is: reviews that are due, what is missing, what has changed, what was measured."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from senco_kit.charts.impact import _axis, impact_chart
from senco_kit.forms.check import check
from senco_kit.planning import progress
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, FINDING, OBJECTIVE
from senco_kit.planning.progress import Measured
from senco_kit.store import Store, open_store

TODAY = date(2026, 11, 22)
MOMENT = datetime(2026, 9, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def cycle_of(*records: Record, created_at: datetime = MOMENT, cycle_id: str = "c") -> Cycle:
    return Cycle(cycle_id, "2026 to 2027", "", created_at, created_at, records=records)


def record(kind: str, record_id: str = "o", /, **values: str) -> Record:
    return Record(record_id, kind, MOMENT, MOMENT, {name.replace("__", "/"): value for name, value in values.items()})


def reviewed(store: Store, **said: str) -> tuple[str, str]:
    """A cycle with one objective that has been reviewed once."""
    cycle = store.cycles.create("2026 to 2027").id
    objective = store.cycles.add(cycle, "objective", {"what": "Catch up", "baseline": "82", "target": "90"})
    store.cycles.add_review(cycle, objective, {"what_changed": "Better", "progress": "on-track", **said})
    return cycle, objective


def test_a_draft_may_be_emptied_and_holds_only_what_a_review_asks() -> None:
    check(OBJECTIVE.field("draft/what_changed"), "")
    assert OBJECTIVE.field("draft/next_review").name == "next_review"
    for kind, name in ((OBJECTIVE, "draft/other"), (FINDING, "draft/next"), (ACTION, "answers/x")):
        with pytest.raises(KeyError):
            kind.field(name)
    for kind in (FINDING, OBJECTIVE, ACTION):
        check(kind.field("ref/audit"), "audit/1/A1")


def test_progress_is_what_the_newest_review_says(store: Store) -> None:
    cycle, objective = reviewed(store)
    store.cycles.add_review(cycle, objective, {"what_changed": "Slower", "progress": "at-risk"})
    held = store.cycles.one(cycle)
    [aim] = held.of("objective")
    assert progress.latest_progress(held, aim) == "at-risk"
    odd = dataclasses.replace(held.reviews[-1], values={"progress": "<b>splendid"})
    assert progress.latest_progress(dataclasses.replace(held, reviews=(odd,)), aim) == ""
    assert progress.latest_progress(dataclasses.replace(held, reviews=()), aim) == ""


def test_reviews_are_due_when_overdue_or_within_30_days() -> None:
    days = {"late": -3, "today": 0, "soon": 30, "later": 31}
    records = [
        record("objective", name, next_review=(TODAY + timedelta(days)).isoformat()) for name, days in days.items()
    ]
    cycle = cycle_of(*records, record("objective", "never"), record("objective", "odd", next_review="soon <b>"))
    found = progress.due_reviews([cycle], TODAY)
    assert [(each.id, day) for _, each, day in found] == [
        (name, TODAY + timedelta(days[name])) for name in ("late", "today", "soon")
    ]


def test_no_review_is_due_of_what_is_over_or_goes_on_in_a_newer_cycle(store: Store) -> None:
    cycle, objective = reviewed(store, progress="met")
    store.cycles.save(cycle, objective, "next_review", "2026-11-25")
    assert progress.due_reviews(store.cycles.all(), TODAY) == []
    [held] = store.cycles.all()
    assert held.of("objective")[0].day("next_review")  # it is still set, but there is no next one
    assert progress.next_review(held, held.of("objective")[0]) is None
    old = cycle_of(record("objective", next_review="2026-11-01"))
    new = cycle_of(record("objective", next_review="2027-03-01"), created_at=MOMENT + timedelta(1), cycle_id="d")
    assert len(progress.due_reviews([old], TODAY)) == 1
    assert progress.due_reviews([old, new], TODAY) == []


@pytest.mark.parametrize(
    ("days", "words"),
    [(-2, "2 days overdue"), (-1, "1 day overdue"), (0, "due today"), (1, "due tomorrow"), (9, "due in 9 days")],
)
def test_when_a_review_is_due_in_words(days: int, words: str) -> None:
    assert progress.due_in_words(TODAY + timedelta(days), TODAY) == words


def test_the_checklist_names_what_is_missing() -> None:
    bare = cycle_of(record("objective"))
    assert not any(each.is_there for each in progress.checklist(bare, bare.records[0]))
    said = dict.fromkeys(("measure", "baseline", "target", "lead", "monitor_who", "monitor_how"), "said")
    whole = record("objective", by="2027-07-01", next_review="2027-01-01", answers__f="yes", **said)
    action = record("action", "a", objective="o", lead="SENCO")
    full = cycle_of(whole, action, record("finding", "f"))
    assert all(each.is_there for each in progress.checklist(full, whole))
    without = cycle_of(whole, dataclasses.replace(action, values={"objective": "other", "lead": "SENCO"}))
    missing = [each.what for each in progress.checklist(without, whole) if not each.is_there]
    assert missing == ["A finding that it answers", "An action with a lead"]
    assert not progress.checklist(full, record("objective", by="some day"))[4].is_there


def test_what_changed_after_a_review_is_told_in_words(store: Store) -> None:
    cycle = store.cycles.create("2026 to 2027").id
    finding = store.cycles.add(cycle, "finding", {"what": "Reading lags"})
    objective = store.cycles.add(cycle, "objective", {"what": "Catch up", "by": "2027-07-01", "draft/measured": "3"})
    kept = store.cycles.add(cycle, "action", {"objective": objective, "what": "Train", "progress": "not-started"})
    gone = store.cycles.add(cycle, "action", {"objective": objective, "what": "Buy books"})
    store.cycles.add_review(cycle, objective, {"what_changed": "Begun", "progress": "on-track"})
    store.cycles.save(cycle, objective, "by", "2027-12-01")
    store.cycles.save(cycle, objective, f"answers/{finding}", "yes")
    store.cycles.save(cycle, objective, "principle/teaching", "yes")
    store.cycles.save(cycle, objective, "draft/measured", "4")
    store.cycles.save(cycle, kept, "progress", "under-way")
    store.cycles.remove(cycle, gone)
    store.cycles.add(cycle, "action", {"objective": objective, "what": "Coach"})
    held = store.cycles.one(cycle)
    told = progress.changes_since(held, held.reviews[0], {"teaching": "Teaching"})
    assert [(each.record, each.field, each.before, each.after) for each in told] == [
        ("The objective", "By when?", "1 July 2027", "1 December 2027"),
        ("The objective", "Answers the finding “Reading lags”", "no", "yes"),
        ("The objective", "Serves the principle “Teaching”", "no", "yes"),
        ("Action “Train”", "How far is it?", "Not started", "Under way"),
        ("Action “Buy books”", "", "in the plan", "not in the plan"),
        ("Action “Coach”", "", "not in the plan", "in the plan"),
    ]
    store.cycles.add_review(cycle, objective, {"what_changed": "On", "progress": "on-track"})
    store.cycles.save(cycle, objective, "target", "95")
    held = store.cycles.one(cycle)
    assert progress.changes_since(held, held.reviews[0], {"teaching": "Teaching"}) == told
    assert [each.after for each in progress.changes_since(held, held.reviews[1])] == ["95"]
    plan = progress.said(held, OBJECTIVE, held.reviews[0].as_it_was[objective])
    assert plan == [("What shall be different?", "Catch up"), ("By when?", "1 July 2027")]


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("62", 62),
        ("62 %", 62),
        ("Level 2, Developing", 2),
        ("£1,250 a pupil", 1250),
        ("−3.5 points", -3.5),
        ("60 to 70", None),
        ("Year 7: 85", None),
        ("better", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_a_measure_is_drawn_only_where_it_is_one_number(words: str, number: float | None) -> None:
    assert progress.the_number(words) == number


def test_what_was_measured_runs_from_the_baseline_to_the_target(store: Store) -> None:
    cycle, objective = reviewed(store, measured="85 points")
    store.cycles.add_review(cycle, objective, {"what_changed": "No test yet", "progress": "at-risk"})
    held = store.cycles.one(cycle)
    found = progress.measured(held, held.of("objective")[0])
    assert [(each.name, each.number) for each in found] == [("Baseline", 82), ("Review", 85), ("Target", 90)]


@pytest.mark.parametrize(
    ("numbers", "ends"),
    [
        ((82, 90), (82, 90)),
        ((2, 4), (0, 4)),
        ((-3, 5), (-4, 6)),
        ((97, 97), (96, 98)),
        ((1000.5, 1002), (1000.5, 1002)),
    ],
)
def test_the_axis_of_what_was_measured_leaves_room_to_see_it(
    numbers: tuple[float, float], ends: tuple[float, float]
) -> None:
    axis = _axis(*numbers)
    assert axis.start <= min(numbers) <= max(numbers) <= axis.end
    assert (axis.start, axis.end) == ends


def test_what_is_not_one_number_is_told_and_not_drawn() -> None:
    points = [
        Measured("Baseline", "82", 82),
        Measured("Review", "<b>better", None, TODAY),
        Measured("Target", "90", 90),
    ]
    html = str(impact_chart(points, "Impact"))
    assert "&lt;b&gt;better" in html
    assert html.count("decision-mark") == 2
    assert "Not one plain number" in html
    assert "The axis does not begin at 0." in html
    assert impact_chart(points[:2], "Impact") is None
