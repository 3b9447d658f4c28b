"""The comparison with similar pupils: against plain least squares, against regression to the mean, and at its edges."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from senco_kit.provision.compare import regress
from senco_kit.provision.data import ProvisionData, from_tables
from senco_kit.provision.impact import impact, months
from senco_kit.provision.signals import signals
from senco_kit.provision.whole_map import by_provision
from senco_kit.schools.files import frames, together
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order


def simulated(members: np.ndarray, effect: float, seed: int, whole_class: bool = False) -> ProvisionData:
    """A school of 240 in eight classes; `members` gives a place in 0..1 by which pupils come into one provision."""
    draw = np.random.default_rng(seed)
    size, count = 240, int(0.125 * 240)
    true = draw.normal(100, 13, size)
    entry = np.rint(true + draw.normal(0, 8, size))
    school_class = np.repeat(np.arange(8), 30)
    order = np.argsort(entry + members * 1000 if whole_class is False else school_class, kind="stable")
    chosen = order[:count]
    treated = np.zeros(size, bool)
    treated[chosen] = True
    leave = np.rint(true + effect * treated + draw.normal(0, 6, size))
    pupil = np.arange(1, size + 1)
    window = {"measure": "reading", "first_term": "autumn", "last_term": "summer"}
    pupils = pd.DataFrame({"school_id": 1, "pupil_id": pupil, "year_group": "4", "SENprovision": "N"})
    pupils["class_name"] = school_class.astype(str)
    scores = pd.DataFrame({"school_id": 1, "pupil_id": pupil, **window, "entry_score": entry, "exit_score": leave})
    enrolments = scores.loc[treated, ["school_id", "pupil_id", "entry_score", "exit_score"]].assign(provision_id=11)
    provisions = pd.DataFrame([{"school_id": 1, "provision_id": 11, **window}])
    return ProvisionData(pupils=pupils, provisions=provisions, enrolments=enrolments, scores=scores)


LOWEST = np.zeros(240)


def test_the_effect_is_that_of_least_squares_with_the_robust_interval_written_out() -> None:
    draw = np.random.default_rng(5)
    problem = np.repeat([0, 1], [40, 60])
    level = np.sort(draw.integers(0, 4, 40)).tolist() + (4 + np.sort(draw.integers(0, 5, 60))).tolist()
    x = np.column_stack([draw.random(100) < 0.3, draw.normal(0, 1, (100, 2)), np.ones(100)]).astype(float)
    y = draw.normal(0, 1, 100) + 2 * x[:, 0] * draw.normal(1, 1, 100)
    found = regress(y, x, problem, np.array(level), 2)
    for one in (0, 1):
        mine = problem == one
        dummies = (np.array(level)[mine][:, None] == np.unique(np.array(level)[mine])).astype(float)
        design = np.column_stack([x[mine, :3], dummies])
        inverse = np.linalg.inv(design.T @ design)
        weight = (inverse @ design.T)[0]
        maker = np.eye(mine.sum()) - design @ inverse @ design.T
        residual = maker @ y[mine]
        d = weight**2 / np.diag(maker)
        moved = maker @ np.diag(d)
        assert found.effect[one] == pytest.approx(weight @ y[mine])
        assert found.standard_error[one] == pytest.approx(np.sqrt(d @ residual**2))
        assert found.freedom[one] == pytest.approx(np.trace(moved) ** 2 / np.trace(moved @ moved))


def test_being_in_the_provision_that_goes_with_another_covariate_is_not_told_apart() -> None:
    treated = np.tile([0.0, 1.0], 20)
    found = regress(np.arange(40.0), np.column_stack([treated, treated]), np.zeros(40, int), np.zeros(40, int), 1)
    assert math.isnan(found.effect[0])


def together_as_schools(parts: list[ProvisionData]) -> ProvisionData:
    """Several simulated schools as one set of tables."""

    def joined(name: str) -> pd.DataFrame:
        numbered = []
        for number, part in enumerate(parts):
            table = getattr(part, name).assign(school_id=number)
            ids = [one for one in ("pupil_id", "provision_id") if one in table]
            numbered.append(table.assign(**{one: table[one] + 1000 * number for one in ids}))
        return pd.concat(numbered, ignore_index=True)

    return ProvisionData(*(joined(name) for name in ("pupils", "provisions", "enrolments", "scores")))


def test_pupils_chosen_for_a_low_score_gain_by_themselves_and_no_effect_is_claimed() -> None:
    found = impact(together_as_schools([simulated(LOWEST, 0.0, seed) for seed in range(80)]))
    assert (found["change_low"] > 0).mean() > 0.9  # the average gain looks sure
    covers = (found["effect_low"] <= 0) & (found["effect_high"] >= 0)
    assert covers.mean() >= 0.9
    assert abs(found["effect"].mean()) < 1.0


def test_an_effect_that_is_there_is_found() -> None:
    chance = np.random.default_rng(1).random(240)
    found = impact(together_as_schools([simulated(chance, 6.0, seed) for seed in range(40)]))
    assert found["effect"].mean() == pytest.approx(6.0, abs=1.0)
    assert (found["effect_low"] > 0).mean() >= 0.7


def test_it_does_not_matter_whether_scores_hold_the_provisions_own_pupils() -> None:
    data = simulated(LOWEST, 2.0, 3)
    assert data.scores is not None
    without = data.scores[~data.scores["pupil_id"].isin(data.enrolments["pupil_id"])]
    other = ProvisionData(pupils=data.pupils, provisions=data.provisions, enrolments=data.enrolments, scores=without)
    pd.testing.assert_frame_equal(impact(data), impact(other))


def test_under_five_pupils_there_is_no_effect_and_no_interval() -> None:
    data = simulated(LOWEST, 0.0, 2)
    few = ProvisionData(data.pupils, data.provisions, data.enrolments.head(4), data.scores)
    found = impact(few).iloc[0]
    assert (found["both_scores"], found["method"]) == (4, "none")
    assert found[["effect", "effect_low", "effect_high", "change_low", "change_high"]].isna().all()
    assert found["why"] == "Fewer than 5 pupils have both an entry and an exit score."


def test_whole_classes_and_missing_scores_are_said_to_have_no_comparison() -> None:
    whole = simulated(LOWEST, 0.0, 2, whole_class=True)
    assert impact(whole)["why"].iloc[0].startswith("Whole classes were in it")
    alone = ProvisionData(whole.pupils, whole.provisions, whole.enrolments, None)
    assert impact(alone)["why"].iloc[0] == "There are no scores of pupils outside the provision to compare with."
    untested = ProvisionData(whole.pupils, whole.provisions.assign(measure=None), whole.enrolments, whole.scores)
    assert impact(untested)["why"].iloc[0] == "No test measures what this provision is for."


def test_reliable_change_needs_more_than_measurement_error() -> None:
    data = simulated(LOWEST, 0.0, 2)
    rows = data.enrolments.head(6).assign(entry_score=100.0, exit_score=[112.0, 113.0, 100.0, 87.0, 88.0, math.nan])
    found = impact(ProvisionData(data.pupils, data.provisions, rows, None, standard_errors={"reading": 4.5})).iloc[0]
    # 1.96 x 4.5 x the square root of 2 is 12.47.
    assert (found["both_scores"], found["reliably_up"], found["reliably_down"]) == (5, 1, 1)
    assert found["mean_change"] == pytest.approx(0.0)


def test_months_and_ratio_gain_follow_the_register_and_come_only_when_asked_for() -> None:
    assert [months(points) for points in (0.6, 0.9, 2.9, -3.0, 10.3, 10.6)] == [0, 1, 3, -3, 8, None]
    data = simulated(LOWEST, 0.0, 2)
    dated = data.provisions.assign(start_date=pd.Timestamp("2025-09-24"), end_date=pd.Timestamp("2026-03-24"))
    rows = data.enrolments.assign(exit_score=data.enrolments["entry_score"] + 3.0)
    data = ProvisionData(data.pupils, dated, rows, None)
    assert math.isnan(impact(data)["ratio_gain"].iloc[0])
    assert impact(data, ratio_gain=True)["ratio_gain"].iloc[0] == pytest.approx((5.95 + 3) / 5.95, abs=0.01)


@pytest.fixture(scope="module")
def schools() -> list[dict[str, pd.DataFrame]]:
    orders = [Order("primary", 210, 3, 1), Order("special", 120, 3, 2), Order("secondary", 300, 3, 3)]
    return [frames(make_school(order).tables) for order in orders]


def test_many_schools_at_once_give_what_each_gives_alone(schools: list[dict[str, pd.DataFrame]]) -> None:
    orders = [Order("primary", 210, 3, 1), Order("special", 120, 3, 2), Order("secondary", 300, 3, 3)]
    everything = from_tables(frames(together([make_school(order).tables for order in orders])))
    at_once = by_provision(everything)
    alone = pd.concat([by_provision(from_tables(tables)) for tables in schools], ignore_index=True)
    assert at_once["provision_id"].tolist() == alone["provision_id"].tolist()
    for name in ("cost", "share", "effect", "effect_low", "comparison_pupils", "mean_change"):
        np.testing.assert_allclose(at_once[name].to_numpy(float), alone[name].to_numpy(float), rtol=1e-9, atol=1e-9)
    assert at_once["reason"].tolist() == alone["reason"].tolist()
    assert at_once["effect"].notna().sum() > 10
    second = everything.school(1002)
    np.testing.assert_allclose(by_provision(second)["effect"], by_provision(from_tables(schools[1]))["effect"])


def test_a_school_with_every_truth_raises_the_plain_questions() -> None:
    school = make_school(Order("primary", 420, 8), every_truth=True)
    tables = frames(school.tables)
    asked = {signal.kind: signal for signal in signals(from_tables(tables), tables)}
    planted = {truth.kind: truth.about for truth in school.truths}
    assert {"attached-adult", "training-gap", "wrong-group", "cost-outlier"} <= set(asked)
    assert asked["training-gap"].figures["SENtype"] == planted["training-gap"]["SENtype"]
    assert asked["cost-outlier"].figures["provision_id"] == planted["cost-outlier"]["provision_id"]
    assert asked["wrong-group"].figures["funding_line"] == planted["wrong-group"]["funding_line"]
    assert all(signal.says and signal.why_care and signal.what_else for signal in asked.values())


def test_questions_need_only_the_tables_that_are_there() -> None:
    assert {signal.kind for signal in signals(simulated_map(), {})} <= {"cost-outlier"}


def simulated_map() -> ProvisionData:
    tables = frames(make_school(Order("primary", 210, 3)).tables)
    data = from_tables({name: tables[name] for name in ("pupils", "staff", "provisions", "enrolments")})
    assert data.scores is None
    return data
