"""Spending is that of the accounts, the questions are those of the rules, and the two ways add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.planning import money
from senco_kit.planning.model import Cycle, Record
from senco_kit.standards.read import fact

DAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def school() -> OpenSchool:
    return school_of(Cycle("0" * 32, "A year", "secondary-1050", DAY, DAY))


def typed(**values: str) -> Record:
    return Record("a" * 32, "two-ways", DAY, DAY, values)


def group(name: str, pupils: int, booked: float) -> money.GroupSpend:
    return money.GroupSpend(name, pupils, booked, 0.0, {})


def asked(found: money.Spend) -> set[str]:
    return {question.id for question in money.questions(found)}


# ------------------------------------------------------------------------------------------------------ spending


def test_what_is_booked_adds_up_to_the_accounts(school: OpenSchool) -> None:
    accounts: Any = school.data.spending
    found = money.spend(school.data, school.tables)
    assert sum(each.booked or 0 for each in found.groups) == pytest.approx(accounts["amount"].sum())
    assert sum(each.booked or 0 for each in found.lines) == pytest.approx(accounts["amount"].sum())
    assert found.training == pytest.approx(accounts.query("kind == 'training'")["amount"].sum())
    by_group = {each.group: each for each in found.groups}
    support = by_group["pupils with SEN support"]
    assert support.pupils == 140
    assert support.booked == pytest.approx(accounts.query("spent_for == 'pupils with SEN support'")["amount"].sum())
    assert sum(support.booked_by_line.values()) == pytest.approx(support.booked)
    assert support.per_pupil == pytest.approx((support.booked or 0) / 140)
    assert by_group["pupils with low attainment"].per_pupil is None
    cost = school.by_provision
    assert by_group["all pupils"].planned == pytest.approx(cost["cost_with_preparation"].sum())


def test_own_data_without_accounts_is_compared_by_what_is_planned(school: OpenSchool) -> None:
    data = replace(school.data, spending=None, staff=None)
    found = money.spend(data, None)
    assert found.booked is None
    assert {each.group for each in found.groups} == {
        "all pupils",
        "pupils with SEN support",
        "pupils with EHC plans",
        "disadvantaged pupils",
    }
    assert all(each.booked is None and each.per_pupil for each in found.groups)
    assert all(line.booked is None for line in found.lines)
    assert not any(question.id.startswith("unspent") for question in money.questions(found))
    nothing = money.spend(replace(data, budget=None), None)
    assert all(line.budget is None and line.left is None for line in nothing.lines)


# ----------------------------------------------------------------------------------------------------- questions


def test_the_line_that_was_spent_on_others_is_asked_about(school: OpenSchool) -> None:
    truth = next(each for each in school.truths if each.kind == "wrong-group")
    questions = money.questions(money.spend(school.data, school.tables), school.signals)
    (one,) = [each for each in questions if each.id.startswith("wrong-group")]
    assert str(truth.about["funding_line"]) in one.says
    assert str(truth.about["mostly_for"]) in one.says
    taken = money.finding_of(one, "A school")
    assert (taken["source"], taken["ref"]) == ("money", "money/wrong-group-top-up")


def test_a_large_group_with_little_a_pupil_is_asked_about_and_a_small_one_is_not() -> None:
    rich = (group("pupils with SEN support", 100, 100_000), group("pupils with EHC plans", 30, 60_000))
    poor = group("disadvantaged pupils", 200, 40_000)
    assert asked(money.Spend((*rich, poor), (), None, None)) == {"thin-disadvantaged-pupils"}
    assert asked(money.Spend((*rich, replace(poor, pupils=19)), (), None, None)) == set()
    assert asked(money.Spend((*rich, replace(poor, booked=80_000)), (), None, None)) == set()
    swapped = (group("pupils with SEN support", 100, 100_000), group("pupils with EHC plans", 30, 20_000))
    assert asked(money.Spend(swapped, (), None, None)) == {"plans-under-support"}


def test_a_guide_figure_is_never_called_overspent() -> None:
    lines = (
        money.LineSpend("notional SEN", 100.0, 0.0, 130.0, ""),
        money.LineSpend("pupil premium", 100.0, 0.0, 130.0, ""),
        money.LineSpend("top-up", 100.0, 0.0, 30.0, ""),
        money.LineSpend("core", 100.0, 0.0, 1.0, ""),
    )
    questions = {each.id: each for each in money.questions(money.Spend((), lines, 1000.0, 10.0))}
    assert set(questions) == {"beyond-notional-SEN", "over-pupil-premium", "unspent-top-up", "training"}
    assert "guide and not a limit" in questions["beyond-notional-SEN"].says
    assert "too much" not in questions["beyond-notional-SEN"].says
    assert "£30 too much" in questions["over-pupil-premium"].says


# ------------------------------------------------------------------------------------------------------- two ways


def test_training_and_coaching_are_worked_out_as_by_hand(school: OpenSchool) -> None:
    figure = {
        "hours": 6.0,
        "trainer": 600.0,
        "cover_share": 50.0,
        "cover_rate": 40.0,
        "coaching": 4.0,
        "coaching_minutes": 30.0,
        "coach_rate": 60.0,
        "teachers": 10.0,
        "pupils_each": 25.0,
    }
    # 3 hours of cover and 2 of coaching, each with cover: 5 x 40 + 2 x 60 = 320 a teacher.
    found = money.teaching(2_000, figure, school.data)
    assert (found.teachers, found.cost_each, found.cost, found.left) == (4, 320.0, 1_880.0, 120.0)
    assert (found.hours, found.pupils, found.with_sen) == (32.0, 100, 17)
    assert money.teaching(20_000, figure, school.data).teachers == 10
    nothing = money.teaching(900, figure, school.data)
    assert (nothing.teachers, nothing.cost, nothing.left, nothing.pupils) == (0, 0.0, 900.0, 0)
    free = money.teaching(700, figure | {"cover_rate": 0.0, "coach_rate": 0.0}, school.data)
    assert (free.teachers, free.cost) == (10, 600.0)
    assert money.teaching(1e7, figure | {"teachers": 1_000.0}, school.data).pupils == len(school.data.pupils)


def test_places_are_those_that_the_sum_pays_for(school: OpenSchool) -> None:
    row = school.provision("1001021")
    amount = money.sum_of(typed(provision="1001021"), row)
    assert amount == pytest.approx(row["cost_with_preparation"])
    now = money.targeted(row, amount or 0)
    assert now is not None
    assert (now.places, now.places_now) == (8, 8)
    more = money.targeted(row, 10 * now.cost_of_place + 1)
    assert more is not None
    assert (more.places, round(more.left, 6)) == (10, 1.0)
    assert money.targeted(row | {"cost_per_pupil_with_preparation": float("nan")}, 100) is None
    assert money.sum_of(typed(sum="2500"), row) == 2500
    assert money.sum_of(None, None) is None


def test_every_figure_has_a_start_a_source_and_can_be_typed_over(school: OpenSchool) -> None:
    for data in (school.data, replace(school.data, staff=None)):
        assumed = money.assumptions(data)
        assert [each.field for each in assumed] == [
            each
            for each in money.TWO_WAYS.fields
            if each.name
            not in (
                "provision",
                "sum",
            )
        ]
        assert all(each.source or fact(each.fact_id) for each in assumed)
        assert all(each.default is not None for each in assumed)
    figure = money.figures(typed(hours="12", coach_rate="-5", trainer="much", cover_rate="9999"), assumed)
    assert figure["hours"] == 12
    assert (figure["coach_rate"], figure["trainer"], figure["cover_rate"]) == (53.0, 600.0, 53.0)
    assert money.TWO_WAYS.field("from/hours").name == "from/hours"
    with pytest.raises(KeyError):
        money.TWO_WAYS.field("from/luck")
