"""The planner: what changes cost, what is left of a budget or a week, and scenarios read from what was typed."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from senco_kit.provision.cost import costs, planning_rates
from senco_kit.provision.data import ProvisionData
from senco_kit.provision.planner import (
    Change,
    Scenario,
    from_plain,
    price,
    share_out,
    typed_value,
)

READING, TALK = 1, 2


def invented(**staff: object) -> ProvisionData:
    """An invented school: reading for six pupils in two groups all year, talk time for four until spring."""
    provisions = pd.DataFrame(
        {
            "school_id": 1,
            "provision_id": [READING, TALK],
            "name": ["Reading", "Talk time"],
            "area": ["cognition and learning", "communication and interaction"],
            "tier": "targeted",
            "measure": ["reading", None],
            "staff_id": [5, 1],
            "role": ["teaching assistant", "teacher"],
            "hourly_cost": [20.0, 50.0],
            "group_size": [4, 4],
            "sessions_per_week": [3.0, 2.0],
            "minutes": [30, 30],
            "weeks": [20, 10],
            "preparation_minutes": [10, 0],
            "resources_per_pupil": [5.0, 0.0],
            "first_term": ["autumn", "autumn"],
            "last_term": ["summer", "spring"],
            "funding_line": "core",
        }
    )
    in_reading, in_talk = range(6), range(4)
    enrolments = pd.DataFrame(
        {
            "school_id": 1,
            "enrolment_id": range(10),
            "provision_id": [READING] * 6 + [TALK] * 4,
            "pupil_id": [*in_reading, *in_talk],
            "group": float("nan"),
            "planned_sessions": 60,
            "delivered_sessions": 50.0,
        }
    )
    pupils = pd.DataFrame({"school_id": 1, "pupil_id": range(6), "year_group": "4", "SENprovision": "K"})
    return replace(ProvisionData(pupils, provisions, enrolments, invented=True), **staff)


def planned(*changes: Change) -> Scenario:
    return Scenario("s1", "Plan A", "own", changes)


def test_without_changes_the_price_is_that_of_the_map() -> None:
    data = invented()
    priced = price(data, planned())
    of_map = costs(data)
    assert [row.now.cost for row in priced.rows] == of_map["cost"].tolist()
    assert [row.now.preparation_cost for row in priced.rows] == of_map["preparation_cost"].tolist()
    assert [row.now.groups for row in priced.rows] == of_map["groups"].tolist() == [2, 1]
    assert priced.now == priced.then
    assert not any(row.changed for row in priced.rows)
    # Reading: 2 groups x 3 sessions x 40 minutes = 4 hours a week, 20 weeks; talk time 1 hour a week, 10 weeks.
    assert priced.now.hours_a_week == pytest.approx(5)
    assert priced.now.hours_a_year == pytest.approx(90)
    assert priced.now.cost_with_preparation == pytest.approx(80 * 20 + 6 * 5 + 10 * 50)
    assert priced.says == "This costs the same (£2,130 a year) and takes as many adult hours a week (5)."


@pytest.mark.parametrize(
    ("change", "cost", "hours_a_week"),
    [
        (Change(READING, group_size=6), 800 + 30, 2),
        (Change(READING, group_size=1), 4800 + 30, 12),
        (Change(READING, minutes=50), 2400 + 30, 6),
        (Change(READING, weeks=10), 800 + 30, 4),
        (Change(READING, sessions_per_week=1.5), 800 + 30, 2),
        (Change(READING, hourly_cost=30), 2400 + 30, 4),
        (Change(READING, pupils=12), 2400 + 60, 6),
        (Change(READING, pupils=0), 0, 0),
        (Change(READING, runs=0), 0, 0),
        # Two runs of 20 weeks do not fit one after the other into a year, so both run in the same weeks.
        (Change(READING, runs=2), 2 * 1630, 8),
        (Change(READING, weeks=10, runs=3), 3 * 830, 4),
    ],
)
def test_each_change_is_priced(change: Change, cost: float, hours_a_week: float) -> None:
    priced = price(invented(), planned(change))
    row = priced.rows[0]
    assert row.changed
    assert row.then.cost_with_preparation == pytest.approx(cost)
    assert row.then.hours_a_week == pytest.approx(hours_a_week)
    assert row.then.per_pupil == (pytest.approx(cost / row.then.pupils) if row.then.pupils else None)
    assert priced.then.cost_with_preparation == pytest.approx(cost + 500)
    assert priced.rows[1].then == priced.rows[1].now


def test_another_role_costs_what_the_school_pays_for_it_or_the_planning_rate() -> None:
    change = planned(Change(READING, role="teacher"))
    assert price(invented(), change).rows[0].then.cost == pytest.approx(60 * planning_rates()["teacher"] + 30)
    staff = pd.DataFrame({"role": ["teacher"] * 3, "hourly_cost": [40.0, 45.0, 80.0]})
    priced = price(invented(staff=staff), change)
    assert priced.rows[0].then.cost == pytest.approx(60 * 45 + 30)
    assert priced.role_hours_now == {"teacher": pytest.approx(1), "teaching assistant": pytest.approx(4)}
    assert priced.role_hours_then == {"teacher": pytest.approx(5)}


def test_the_difference_is_said() -> None:
    one = price(invented(), planned(Change(READING, group_size=6)))
    two = price(invented(), planned(Change(TALK, pupils=8), Change(READING, minutes=35)))
    assert (
        one.says == "This costs £800 less a year (£1,330, now £2,130) and takes 2 adult hours a week fewer (3, now 5)."
    )
    assert two.says == (
        "This costs £700 more a year (£2,830, now £2,130) and takes 1.5 adult hours a week more (6.5, now 5)."
    )


def test_a_provision_that_the_school_does_not_have_is_told() -> None:
    with pytest.raises(ValueError, match="changes provision 77, which this school does not have"):
        price(invented(), planned(Change(77, weeks=3)))


def test_sharing_out_says_what_is_left_or_over() -> None:
    assert share_out({1: 300.5, 2: 450}, 1000).says == "The budget: £750.50 of £1,000 is shared out, £249.50 left."
    assert share_out({1: 0.1, 2: 0.2}, 0.3).says.endswith("nothing left.")
    over = share_out({1: 20, 2: 12.5}, 30, unit="hours", what="Teaching assistants")
    assert over.says == "Teaching assistants: 32.5 of 30 hours are shared out, 2.5 hours too much."
    assert over.left == -2.5
    for bad in ({1: -1.0}, {1: float("nan")}):
        with pytest.raises(ValueError, match="0 or more"):
            share_out(bad, 5)


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("weeks", "twelve", "Weeks: enter a whole number of weeks from 1 to 52."),
        ("weeks", "12.5", "Weeks: enter a whole number"),
        ("weeks", "0", "Weeks: enter"),
        ("minutes", "1e3", "Minutes: enter"),
        ("hourly_cost", "-5", "Hourly cost: enter a number of pounds from 0 to 250."),
        ("hourly_cost", "12,50", "Hourly cost: enter"),
        ("hourly_cost", "nan", "Hourly cost: enter"),
        ("hourly_cost", "1 2", "Hourly cost: enter"),
        ("weeks", "1_2", "Weeks: enter"),
        ("weeks", "١٢", "Weeks: enter"),
        ("role", "Mrs Jones", "Delivered by: choose one of teacher, SENCO"),
        ("runs", "11", "Runs in the year: enter"),
    ],
)
def test_what_is_typed_is_checked(field: str, text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        typed_value(field, text)
    with pytest.raises(ValueError, match=says):
        from_plain({"id": "a", "name": "b", "school": "", "changes": {"1": {field: text}}})


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), True, "12", 0, 53, 1.5])
def test_a_change_cannot_be_made_of_what_cannot_be(bad: object) -> None:
    with pytest.raises(ValueError, match="Weeks"):
        Change(1, weeks=bad)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kept",
    [
        None,
        [],
        {},
        {"id": "a", "name": "b", "school": ""},
        {"id": "a", "name": " ", "school": "", "changes": {}},
        {"id": 1, "name": "b", "school": "", "changes": {}},
        {"id": "a", "name": "b", "school": "", "changes": [], "more": 1},
        {"id": "a", "name": "b", "school": "", "changes": []},
        {"id": "a", "name": "b", "school": "", "changes": {"x": {}}},
        {"id": "a", "name": "b", "school": "", "changes": {1: {}}},
        {"id": "a", "name": "b", "school": "", "changes": {"1": []}},
        {"id": "a", "name": "b", "school": "", "changes": {"1": {"weeks": 12}}},
        {"id": "a", "name": "b", "school": "", "changes": {"1": {"colour": "red"}}},
        {"id": "a", "name": "b", "school": "", "changes": {"1": {}, "01": {}}},
    ],
)
def test_what_is_no_scenario_is_refused_in_a_sentence(kept: object) -> None:
    with pytest.raises(ValueError, match=r"^(This plan cannot be read|The plan changes provision 1 twice).*\.$"):
        from_plain(kept)  # type: ignore[arg-type]


def test_a_scenario_is_read_from_what_was_typed() -> None:
    typed = {
        "7": {"pupils": "1,200", "hourly_cost": "£18.50", "role": "teacher", "weeks": ""},
        "12": {"sessions_per_week": " 2.5 ", "group_size": "4", "minutes": "30", "runs": "0"},
    }
    assert from_plain({"id": "s", "name": "Plan", "school": "own", "changes": typed}) == Scenario(
        "s",
        "Plan",
        "own",
        (
            Change(7, pupils=1200, hourly_cost=18.5, role="teacher"),
            Change(12, sessions_per_week=2.5, group_size=4, minutes=30, runs=0),
        ),
    )


def test_hours_a_week_are_those_of_the_busier_half_of_the_year() -> None:
    data = invented()
    halves = data.provisions.assign(first_term=["autumn", "spring"], last_term=["spring", "summer"])
    priced = price(replace(data, provisions=halves), planned(Change(READING, weeks=10, runs=2)))
    assert priced.now.hours_a_week == pytest.approx(4)
    # A second run goes on into the other half.
    assert priced.then.hours_a_week == pytest.approx(5)
