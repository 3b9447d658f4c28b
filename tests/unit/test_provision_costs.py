"""What provision costs and how much of it was given, against sums done by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from senco_kit.provision import cost, whole_map
from senco_kit.provision.data import AREAS, ProvisionData
from senco_kit.provision.delivery import delivery
from senco_kit.schools import codes


def provision(number: int, **figures: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "school_id": 1,
        "provision_id": number,
        "name": f"Group {number}",
        "area": AREAS[1],
        "tier": "targeted",
        "measure": "reading",
        "staff_id": 7,
        "role": "teaching assistant",
        "hourly_cost": 20.0,
        "group_size": 4,
        "sessions_per_week": 3.0,
        "minutes": 20,
        "weeks": 12,
        "preparation_minutes": 5,
        "resources_per_pupil": 5.0,
        "first_term": "autumn",
        "last_term": "spring",
        "funding_line": "notional SEN",
    }
    return usual | figures


def school(provisions: list[dict[str, object]], members: dict[int, list[int]], **more: object) -> ProvisionData:
    """A school of eight pupils in two years; each pupil was given 27 of 36 sessions, but pupil 1 only 9."""
    rows = [
        {"school_id": 1, "enrolment_id": 100 * one + pupil, "provision_id": one, "pupil_id": pupil, "group": math.nan}
        for one, pupils in members.items()
        for pupil in pupils
    ]
    enrolments = pd.DataFrame(rows, columns=["school_id", "enrolment_id", "provision_id", "pupil_id", "group"])
    enrolments["planned_sessions"] = 36
    enrolments["delivered_sessions"] = np.where(enrolments["pupil_id"] == 1, 9.0, 27.0)
    enrolments[["entry_score", "exit_score"]] = math.nan
    pupils = pd.DataFrame(
        {
            "school_id": 1,
            "pupil_id": range(1, 9),
            "year_group": ["R"] * 4 + ["1"] * 4,
            "SENprovision": ["K", "E", "N", "N"] * 2,
            "SENtype": ["SPLD", "ASD", None, None] * 2,
            "area": [AREAS[1], AREAS[0], None, None] * 2,
            "class_name": ["RA"] * 4 + ["1A"] * 4,
        }
    )
    return ProvisionData(pupils=pupils, provisions=pd.DataFrame(provisions), enrolments=enrolments, **more)  # type: ignore[arg-type]


def test_a_provision_costs_what_the_formula_says_with_its_real_groups() -> None:
    # Six pupils in groups of four: two groups, the second of two pupils. 2 x 20/60 x 3 x 12 = 24 hours.
    found = cost.costs(school([provision(11)], {11: [1, 2, 3, 4, 5, 6]})).iloc[0]
    assert (found["pupils"], found["groups"], found["hours_planned"]) == (6, 2, 24.0)
    assert (found["staff_cost"], found["resource_cost"], found["cost"]) == (480.0, 30.0, 510.0)
    assert (found["preparation_hours"], found["preparation_cost"], found["cost_with_preparation"]) == (
        6.0,
        120.0,
        630.0,
    )
    assert found["cost_per_pupil"] == pytest.approx(85.0)
    assert found["hours_delivered"] == pytest.approx(2 * 27 * 20 / 60)
    assert found["cost_per_delivered_hour"] == pytest.approx(510 / 18)


def test_full_groups_agree_with_the_formula_a_pupil_of_the_register() -> None:
    found = cost.costs(school([provision(11)], {11: [1, 2, 3, 4]})).iloc[0]
    assert found["cost_per_pupil"] == pytest.approx(20 * 20 / 60 * 3 * 12 / 4 + 5)


def test_named_groups_come_before_the_group_size() -> None:
    data = school([provision(11)], {11: [1, 2, 3, 4]})
    data.enrolments["group"] = [1.0, 2.0, 2.0, 2.0]
    parts = cost.enrolment_costs(data).set_index("pupil_id")["cost"]
    assert cost.costs(data)["groups"].iloc[0] == 2
    assert parts[1] == pytest.approx(245.0)
    assert parts[2] == pytest.approx(85.0)


def test_a_provision_without_pupils_costs_nothing_and_has_no_cost_a_pupil() -> None:
    found = cost.costs(school([provision(11), provision(12)], {11: [1]}))
    assert found["cost"].iloc[1] == 0
    assert math.isnan(found["cost_per_pupil"].iloc[1])
    assert math.isnan(found["cost_per_delivered_hour"].iloc[1])


def test_what_pupils_cost_adds_up_to_what_provisions_cost() -> None:
    data = school([provision(11), provision(12, group_size=1)], {11: [1, 2, 3, 4, 5], 12: [1, 8]})
    found, pupils = cost.costs(data), cost.pupil_costs(data)
    assert pupils["cost"].sum() == pytest.approx(found["cost"].sum())
    assert pupils["preparation_cost"].sum() == pytest.approx(found["preparation_cost"].sum())
    assert pupils["provisions"].tolist() == [2, 1, 1, 1, 1, 0, 0, 1]
    assert pupils["hours"].iloc[0] == pytest.approx(2 * 9 * 20 / 60)


def test_each_line_has_its_budget_and_what_is_planned_on_it() -> None:
    budget = pd.DataFrame(
        {
            "school_id": 1,
            "funding_line": ["core", "notional SEN"],
            "amount": [9e5, 4000.0],
            "meant_for": ["all pupils", "SEN"],
        }
    )
    data = school([provision(11)], {11: [1, 2, 3, 4]}, budget=budget)
    lines = cost.funding(data).set_index("funding_line")
    assert lines.loc["notional SEN", "planned_cost"] == pytest.approx(240 + 20 + 60)
    assert lines.loc["notional SEN", "left"] == pytest.approx(4000 - 320)
    assert lines.loc["core", "planned_cost"] == 0
    assert math.isnan(lines.loc["core", "spent"])


def test_the_threshold_is_told_as_a_threshold_for_pupils_with_sen_only() -> None:
    data = school([provision(11, group_size=1, minutes=300, hourly_cost=40.0)], {11: [1, 3]})
    table = cost.threshold(data)
    assert set(table["SENprovision"]) == {"K", "E"}
    assert table.set_index("pupil_id").loc[1, ["over", "pounds_over"]].tolist() == [True, pytest.approx(1325.0)]
    assert "not an allocation" in cost.THRESHOLD_MEANS


def test_what_all_pupils_get_does_not_count_towards_the_threshold() -> None:
    costly = provision(11, group_size=1, minutes=300, hourly_cost=40.0)
    data = school([costly | {"tier": "universal"}], {11: [1, 3]})
    assert not cost.threshold(data)["over"].any()
    data = school([costly], {11: [1, 3]})
    assert cost.threshold(data)["over"].any()


def test_there_is_a_planning_rate_for_every_role_of_a_school() -> None:
    rates = cost.planning_rates()
    assert set(rates) == set(codes.STAFF_ROLES)
    assert rates["teacher"] > rates["higher level teaching assistant"] > rates["teaching assistant"] > 0


def test_the_usual_cost_is_the_median_of_the_others_of_the_same_kind() -> None:
    draw = np.random.default_rng(3)
    found = pd.DataFrame(
        {
            "school_id": draw.integers(1, 3, 40),
            "tier": draw.choice(["targeted", "specialist"], 40),
            "area": draw.choice(AREAS[:2], 40),
            "cost_per_pupil": np.where(draw.random(40) < 0.1, np.nan, draw.integers(10, 20, 40)),
        }
    )
    usual = cost.beside_others(found)["usual"]
    for place, row in found.iterrows():
        others = found.drop(index=place)
        wide = others[(others["school_id"] == row["school_id"]) & (others["tier"] == row["tier"])][
            "cost_per_pupil"
        ].dropna()
        near = others.loc[wide.index][others.loc[wide.index, "area"] == row["area"]]["cost_per_pupil"]
        right = near if len(near) >= cost.FEWEST_OTHERS else wide
        assert usual[place] == pytest.approx(right.median())


def test_delivery_is_sessions_given_over_sessions_planned() -> None:
    data = school([provision(11), provision(12), provision(13)], {11: [1, 2, 3, 4], 12: [5, 6]})
    data.enrolments.loc[data.enrolments["provision_id"] == 12, "delivered_sessions"] = [math.nan, 36.0]
    found = delivery(data)
    assert found["share"].iloc[0] == pytest.approx((9 + 3 * 27) / (4 * 36))
    assert found["pupils_under_three_quarters"].tolist() == [1, 0, 0]
    assert (found["share"].iloc[1], found["pupils_recorded"].iloc[1]) == (1.0, 1)
    assert math.isnan(found["share"].iloc[2])


def test_the_map_by_tier_and_area_counts_every_pupil_once_and_shares_the_cost_by_year() -> None:
    data = school(
        [provision(11), provision(12), provision(13, tier="specialist")], {11: [1, 2, 5, 6], 12: [1], 13: [8]}
    )
    whole = whole_map.by_tier_and_area(data)
    assert len(whole) == (4 + 1) * (3 + 1)
    cell = whole.set_index(["area", "tier"]).loc[(AREAS[1], "targeted")]
    assert (cell["provisions"], cell["pupils"]) == (2, 4)
    in_all = whole.set_index(["area", "tier"]).loc[("all", "all")]
    assert (in_all["provisions"], in_all["pupils"]) == (3, 5)
    spent = cost.costs(data)
    assert in_all["cost"] == pytest.approx(spent["cost"].sum())
    assert in_all["hours_a_week"] == pytest.approx((spent["hours_planned"] / data.provisions["weeks"]).sum())
    years = [
        whole_map.by_tier_and_area(data, (data.pupils["year_group"] == year).to_numpy())["cost"].iloc[-1]
        for year in ("R", "1")
    ]
    assert sum(years) == pytest.approx(in_all["cost"])
    by_year = whole_map.by_area_and_year(data)
    assert by_year["cost"].sum() == pytest.approx(in_all["cost"])
    assert by_year["year_group"].drop_duplicates().tolist() == ["R", "1"]


def test_the_map_by_pupil_lists_pupils_with_sen_or_provision() -> None:
    table = whole_map.by_pupil(school([provision(11), provision(12)], {11: [1, 4], 12: [1]})).set_index("pupil_id")
    assert table.index.tolist() == [1, 2, 4, 5, 6]
    assert table.loc[1, "names"] == "Group 11; Group 12"
    assert table.loc[1, "share"] == pytest.approx(0.25)
    assert math.isnan(table.loc[2, "share"])


def test_the_map_by_pupil_carries_the_codes_of_a_school_and_bears_that_nobody_is_in_any_provision() -> None:
    data = school([provision(11)], {})
    data.pupils["code"] = [f"K{number}" for number in data.pupils["pupil_id"]]
    table = whole_map.by_pupil(data)
    assert table["code"].tolist() == ["K1", "K2", "K5", "K6"]
    assert table["names"].tolist() == [""] * 4


def test_an_adult_is_over_when_one_half_of_the_year_takes_more_than_their_week() -> None:
    staff = pd.DataFrame({"school_id": 1, "staff_id": [7, 8], "weekly_hours": [2.0, 30.0]})
    later = {"first_term": "spring", "last_term": "summer"}
    data = school(
        [provision(11), provision(12, **later), provision(13, staff_id=8)], {11: [1], 12: [1], 13: [2]}, staff=staff
    )
    table = whole_map.by_adult(data).set_index("staff_id")
    assert table.loc[7, "hours_a_week"] == pytest.approx(1.25)  # not 2.5: the two run one after the other
    assert (table.loc[7, "provisions"], table.loc[7, "pupils"], table.loc[7, "over"]) == (2, 1, False)
    data.staff.loc[0, "weekly_hours"] = 1.0  # type: ignore[union-attr]
    assert whole_map.by_adult(data).set_index("staff_id").loc[7, "over"]
