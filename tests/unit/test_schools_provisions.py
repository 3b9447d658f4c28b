"""Adults, provisions, enrolments, reviews and money of invented schools: consistent, with the truths really in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd
import pytest

from senco_kit.schools import catalogue, codes, review_words
from senco_kit.schools.files import frames
from senco_kit.schools.make import School, make_school
from senco_kit.schools.model import PHASES, Coded, Order, Phase, Truth

Frames = dict[str, pd.DataFrame]
SIZES: dict[Phase, int] = {"primary": 420, "secondary": 1050, "all-through": 1000, "special": 120}
SEEDS = range(4)
#: Seeds of schools in which only some truths are planted.
SEEDS_OF_SOME = range(7)


@cache
def school(phase: Phase, pupils: int, seed: int, every_truth: bool = True) -> School:
    return make_school(Order(phase, pupils, seed), every_truth=every_truth)


@cache
def tables(phase: Phase, pupils: int, seed: int, every_truth: bool = True) -> Frames:
    return frames(school(phase, pupils, seed, every_truth).tables)


def with_truth(kind: str, phases: tuple[Phase, ...] = PHASES) -> Iterator[tuple[Frames, Truth]]:
    """The tables of schools in which this is planted, with the truth told about them."""
    count = 0
    for phase in phases:
        for seed in SEEDS:
            for truth in school(phase, SIZES[phase], seed).truths:
                if truth.kind == kind:
                    count += 1
                    yield tables(phase, SIZES[phase], seed), truth
    assert count >= len(SEEDS)


def without_truth(kind: str) -> Iterator[Frames]:
    """The tables of schools in which this is not planted."""
    count = 0
    for phase in PHASES:
        for seed in SEEDS_OF_SOME:
            if kind not in {truth.kind for truth in school(phase, SIZES[phase], seed, False).truths}:
                count += 1
                yield tables(phase, SIZES[phase], seed, False)
    assert count >= 4


def of_provision(found: Frames, truth: Truth) -> pd.DataFrame:
    enrolments = found["enrolments"]
    return enrolments[enrolments["provision_id"] == truth.about["provision_id"]]


def effects(found: School) -> pd.DataFrame:
    return pd.DataFrame([truth.about for truth in found.truths if truth.kind == "effect"])


def costs(found: Frames) -> pd.Series:
    """Cost a pupil of provisions beside lessons, without preparation, by provision."""
    rows = found["provisions"].merge(found["staff"][["staff_id", "hourly_cost"]], on="staff_id")
    rows = rows[rows["tier"] != "universal"].set_index("provision_id")
    hours = rows["minutes"] / 60 * rows["sessions_per_week"] * rows["weeks"] / rows["group_size"]
    return rows["hourly_cost"] * hours + rows["resources_per_pupil"]


def test_the_same_order_gives_the_same_school_and_another_seed_another() -> None:
    one, same = make_school(Order("primary", 300, 8)), make_school(Order("primary", 300, 8))
    other = make_school(Order("primary", 300, 9))
    assert one.truths == same.truths
    assert one.truths != other.truths
    for name, columns in one.tables.items():
        for field, column in columns.items():
            again = same.tables[name][field]
            if isinstance(column, Coded):
                assert isinstance(again, Coded)
                assert column.words == again.words
                np.testing.assert_array_equal(column.codes, again.codes)
            else:
                np.testing.assert_array_equal(column, again)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("pupils", [1, 10, 30, 120, 420, 1050, 2000])
def test_a_school_of_any_size_has_consistent_provision(phase: Phase, pupils: int) -> None:
    found = tables(phase, pupils, 4)
    provisions, enrolments = found["provisions"], found["enrolments"]
    assert enrolments["provision_id"].isin(provisions["provision_id"]).all()
    assert set(provisions["provision_id"]) == set(enrolments["provision_id"])
    assert enrolments["pupil_id"].isin(found["pupils"]["pupil_id"]).all()
    assert not enrolments.duplicated(["provision_id", "pupil_id"]).any()
    assert provisions["staff_id"].isin(found["staff"]["staff_id"]).all()
    assert (enrolments["delivered_sessions"] <= enrolments["planned_sessions"]).all()
    rows = enrolments.merge(provisions, on="provision_id")
    assert (rows["planned_sessions"] == rows["sessions_per_week"] * rows["weeks"]).all()
    groups = rows.groupby(["provision_id", "group", "group_size"]).size().reset_index(name="in_it")
    assert (groups["in_it"] <= groups["group_size"]).all()
    assert (groups.groupby("provision_id")["group"].max() == groups.groupby("provision_id").size()).all()
    assert (provisions["end_date"] > provisions["start_date"]).all()


def test_there_are_as_many_provisions_as_in_schools_of_that_size() -> None:
    for phase, fewest, most in (("primary", 12, 16), ("secondary", 18, 24)):
        for seed in SEEDS:
            provisions = tables(phase, SIZES[phase], seed)["provisions"]
            assert fewest <= len(provisions) <= most
            assert provisions["name"].is_unique
            assert set(provisions["area"]) == set(codes.AREAS)
            assert set(provisions["tier"]) == set(codes.TIERS)


@pytest.mark.parametrize("phase", PHASES)
def test_entry_and_exit_are_the_scores_of_the_assessments_table(phase: Phase) -> None:
    found = tables(phase, SIZES[phase], 2)
    tests = dict(zip(found["tools"]["tool"].astype(str), found["tools"]["measures"].astype(str), strict=True))
    scores = found["assessments"].assign(measure=found["assessments"]["tool"].astype(str).map(tests))
    scores = scores.set_index(["pupil_id", "measure", scores["term"].astype(str)])["score"]
    rows = found["enrolments"].merge(found["provisions"], on="provision_id")
    for score, term in (("entry_score", "first_term"), ("exit_score", "last_term")):
        wanted = pd.MultiIndex.from_arrays([rows["pupil_id"], rows["measure"].astype(str), rows[term].astype(str)])
        np.testing.assert_array_equal(rows[score], scores.reindex(wanted).to_numpy())
    assert rows["entry_score"].notna().mean() > 0.3


@pytest.mark.parametrize("phase", PHASES)
def test_no_adult_is_in_two_places_or_works_more_than_the_hours_of_the_week(phase: Phase) -> None:
    found = tables(phase, SIZES[phase], 1)
    week, staff = found["deployment"], found["staff"].set_index("staff_id")
    assert not week.duplicated(["staff_id", "weekday", "period"]).any()
    lessons = week.groupby("staff_id").size()
    assert (lessons <= staff["weekly_hours"].reindex(lessons.index)).all()
    teaching = week[(week["activity"] == "class") & (week["staff_id"].map(staff["role"].astype(str)) == "teacher")]
    assert not teaching.duplicated(["class_name", "weekday", "period"]).any()
    lessons_of_class = teaching.groupby("class_name", observed=False).size()
    assert lessons_of_class.min() >= 24
    given = week[week["activity"] == "provision"]
    beside = found["provisions"][found["provisions"]["tier"] != "universal"].set_index("provision_id")
    assert set(given["provision_id"]) == set(beside.index)
    assert (given["staff_id"] == beside["staff_id"].reindex(given["provision_id"]).to_numpy()).all()
    assert (week["pupil_id"].notna() == (week["activity"] == "pupil")).all()


@pytest.mark.parametrize("phase", PHASES)
def test_money_adds_up(phase: Phase) -> None:
    found = tables(phase, SIZES[phase], 1)
    budget = found["budget"].set_index("funding_line")["amount"]
    spending = found["spending"]
    spent = spending.groupby("funding_line", observed=True)["amount"].sum()
    for line in budget.index:
        if line != "core":
            assert 0.85 * budget[line] <= spent[line] <= 1.05 * budget[line], line
    assert spent.get("core", 0) < 0.1 * budget["core"]
    if phase == "special":
        assert set(budget.index) == {"core", "top-up", "pupil premium"}
    else:
        assert 0.09 < budget["notional SEN"] / budget["core"] < 0.15
    assert set(found["provisions"]["funding_line"]) <= set(budget.index)
    by_provision = spending.dropna(subset="provision_id").groupby("provision_id")
    lines = found["provisions"].set_index("provision_id")["funding_line"].astype(str)
    assert (by_provision["funding_line"].agg(lambda line: line.astype(str).iloc[0]) == lines).all()
    beside = found["provisions"][found["provisions"]["tier"] != "universal"].merge(found["staff"], on="staff_id")
    groups = found["enrolments"].groupby("provision_id")["group"].max()
    for row in beside.itertuples():
        pupils = (found["enrolments"]["provision_id"] == row.provision_id).sum()
        hours = (
            groups[row.provision_id] * row.sessions_per_week * row.weeks * (row.minutes + row.preparation_minutes) / 60
        )
        cost = hours * row.hourly_cost + row.resources_per_pupil * pupils
        assert by_provision["amount"].sum()[row.provision_id] == pytest.approx(cost, abs=1.5)


@pytest.mark.parametrize("phase", PHASES)
def test_every_provision_has_its_true_effect(phase: Phase) -> None:
    found, made = tables(phase, SIZES[phase], 1), school(phase, SIZES[phase], 1)
    told = effects(made).set_index("provision_id")
    assert list(told.index) == list(found["provisions"]["provision_id"])
    rows = found["enrolments"]
    share = (rows["delivered_sessions"] / rows["planned_sessions"]).groupby(rows["provision_id"]).mean()
    np.testing.assert_allclose(told["mean_delivered_share"], share)
    both = rows[["entry_score", "exit_score"]].notna().all(axis=1).groupby(rows["provision_id"]).sum()
    np.testing.assert_array_equal(told["both_scores"], both)
    assert told["full_effect"].between(0, 7).all()
    assert (told["mean_true_effect"] <= told["full_effect"] * 1.15).all()
    assert (told["full_effect"][told["measure"] == ""] == 0).all()


def test_two_provisions_with_many_pupils_really_work_in_every_larger_school() -> None:
    for phase in ("primary", "secondary", "all-through"):
        for seed in SEEDS:
            told = effects(school(phase, SIZES[phase], seed))
            works = told[
                (told["full_effect"] >= 5) & (told["both_scores"] >= 24) & (told["mean_delivered_share"] > 0.7)
            ]
            assert len(works) >= 2


def test_what_is_given_is_in_the_scores() -> None:
    """Pupils of provisions that work gain more than others, and those of provisions that do nothing gain by chance."""
    gain: dict[str, list[float]] = {"works": [], "nothing": []}
    for seed in SEEDS:
        found, told = (
            tables("secondary", 1050, seed),
            effects(school("secondary", 1050, seed)).set_index("provision_id"),
        )
        rows = found["enrolments"]
        change = (rows["exit_score"] - rows["entry_score"]).groupby(rows["provision_id"]).mean()
        large = told[told["both_scores"] >= 24]
        gain["works"] += change[large.index[large["mean_true_effect"] > 4]].tolist()
        gain["nothing"] += change[large.index[(large["full_effect"] == 0) & (large["measure"] != "")]].tolist()
    assert np.mean(gain["works"]) - np.mean(gain["nothing"]) > 2.5


def test_a_provision_that_does_nothing_is_large_and_well_delivered() -> None:
    for found, truth in with_truth("does-nothing"):
        mine = of_provision(found, truth)
        assert truth.about["full_effect"] == 0
        assert mine[["entry_score", "exit_score"]].notna().all(axis=1).sum() == truth.about["both_scores"] >= 20
        assert (mine["delivered_sessions"] / mine["planned_sessions"]).mean() > 0.68
        assert set(truth.rows["enrolments"]) == set(mine["enrolment_id"])


def test_an_under_delivered_provision_works_but_was_mostly_not_given() -> None:
    for found, truth in with_truth("under-delivered"):
        mine = of_provision(found, truth)
        assert float(truth.about["full_effect"]) >= 6
        assert len(mine) >= 20
        assert 0.28 < (mine["delivered_sessions"] / mine["planned_sessions"]).mean() < 0.55


def test_pupils_chosen_on_a_low_score_have_no_sen_and_rise_without_any_effect() -> None:
    rises = []
    for found, truth in with_truth("chosen-on-low-score", ("primary", "secondary", "all-through")):
        mine = of_provision(found, truth).merge(found["pupils"], on="pupil_id")
        assert (mine["SENprovision"] == "N").all()
        measure = found["provisions"].set_index("provision_id")["measure"][truth.about["provision_id"]]
        tool = found["tools"].loc[found["tools"]["measures"] == measure, "tool"].iloc[0]
        assert truth.about["full_effect"] == 0
        assert int(truth.about["both_scores"]) >= 20
        tests = found["assessments"]
        entry = tests["score"][(tests["tool"] == tool) & (tests["term"] == "autumn")]
        assert mine["entry_score"].mean() < entry.mean() - 4
        rises.append((mine["exit_score"] - mine["entry_score"]).mean())
    assert np.mean(rises) > 1


def test_what_is_not_planted_is_not_there() -> None:
    for phase in PHASES:
        for seed in SEEDS_OF_SOME:
            made = school(phase, SIZES[phase], seed, False)
            kinds = {truth.kind for truth in made.truths}
            told = effects(made)
            tested = told[told["measure"] != ""]
            if not kinds & {"does-nothing", "chosen-on-low-score"}:
                assert (tested["full_effect"] > 0).all()
            if "under-delivered" not in kinds:
                assert (told.loc[told["pupils"] >= 12, "mean_delivered_share"] > 0.55).all()
            if "attached-adult" not in kinds:
                week = tables(phase, SIZES[phase], seed, False)["deployment"]
                assert week.groupby(["staff_id", "pupil_id"]).size().max() <= 6


def test_an_attached_adult_is_with_one_pupil_in_every_lesson() -> None:
    for found, truth in with_truth("attached-adult", ("primary", "secondary", "all-through")):
        week = found["deployment"]
        mine = week[week["staff_id"] == truth.about["staff_id"]]
        assert len(mine) == 30
        assert (mine["pupil_id"] == truth.about["pupil_id"]).all()
        pupil = found["pupils"].set_index("pupil_id").loc[truth.about["pupil_id"]]
        assert pupil["SENprovision"] == "E"


def trained_beyond_awareness(found: Frames, need: str) -> int:
    training = found["training"]
    deep = training[(training["SENtype"] == need) & (training["level"] != "awareness")]
    return deep["staff_id"].nunique()


def commonest(found: Frames) -> str:
    first = found["needs"][found["needs"]["SENtypeRank"] == 1]
    areas = first["SENtype"].astype(str).map(codes.SEN_TYPE_AREAS)
    return str(first["SENtype"].astype(str)[areas.notna()].value_counts().index[0])


def test_a_training_gap_leaves_the_commonest_need_without_training_beyond_awareness() -> None:
    for found, truth in with_truth("training-gap"):
        need = str(truth.about["SENtype"])
        first = found["needs"][found["needs"]["SENtypeRank"] == 1]["SENtype"].astype(str)
        assert (first == need).sum() == truth.about["pupils"] == (first == commonest(found)).sum()
        assert trained_beyond_awareness(found, need) == 0
        rarer = str(truth.about["rarer_SENtype"])
        assert trained_beyond_awareness(found, rarer) == truth.about["rarer_trained_beyond_awareness"] >= 2
        deep_for_areas = found["training"][found["training"]["SENtype"].isna()]
        assert (deep_for_areas["level"] == "awareness").all()
    for found in without_truth("training-gap"):
        assert trained_beyond_awareness(found, commonest(found)) >= 2


def test_a_cost_outlier_costs_far_more_a_pupil_and_does_no_more() -> None:
    for found, truth in with_truth("cost-outlier"):
        cost = costs(found)
        dear = truth.about["provision_id"]
        assert cost[dear] == pytest.approx(float(truth.about["cost_per_pupil"]), abs=0.02)
        assert cost[dear] > 1.5 * cost.drop(dear).max()
        assert float(truth.about["full_effect"]) <= 3
    for found in without_truth("cost-outlier"):
        assert costs(found).max() < 850


def test_a_line_spent_on_the_wrong_group_is_mostly_so_and_other_lines_are_not() -> None:
    for found, truth in with_truth("wrong-group"):
        spending = found["spending"]
        meant = found["budget"].set_index("funding_line")["meant_for"].astype(str)
        right = [
            group in meant[line] for group, line in zip(spending["spent_for"], spending["funding_line"], strict=True)
        ]
        astray = spending["amount"].where(~np.array(right), 0).groupby(spending["funding_line"].astype(str)).sum()
        share = astray / spending.groupby(spending["funding_line"].astype(str))["amount"].sum()
        wrong = str(truth.about["funding_line"])
        assert share[wrong] == pytest.approx(float(truth.about["share_on_others"]))
        assert share[wrong] >= 0.65
        assert (share.drop(wrong) <= 0.2).all()
        assert set(truth.rows["spending"]) == set(
            spending["spending_id"][(spending["funding_line"] == wrong) & ~np.array(right)]
        )


def test_the_class_with_slow_teaching_has_many_pupils_in_provisions() -> None:
    places = []
    for found, truth in with_truth("teaching-not-pupils", ("primary", "secondary")):
        beside = found["provisions"][found["provisions"]["tier"] != "universal"]["provision_id"]
        rows = found["enrolments"][found["enrolments"]["provision_id"].isin(beside)]
        classes = found["pupils"].set_index("pupil_id")["class_name"].astype(str)
        each = classes.reindex(rows["pupil_id"]).value_counts() / classes.value_counts()
        places.append((each > each[str(truth.about["class_name"])]).sum())
    assert np.median(places) <= 1
    assert max(places) <= 5


def test_reviews_are_of_pupils_with_sen_fit_the_scores_and_repeat_little() -> None:
    found = tables("secondary", 1050, 1)
    reviews, pupils = found["reviews"], found["pupils"].set_index("pupil_id")
    assert (pupils["SENprovision"].reindex(reviews["pupil_id"]) != "N").all()
    assert not reviews.duplicated(["pupil_id", "cycle"]).any()
    assert set(reviews["cycle"]) == {1, 2, 3}
    assert (reviews["parent_view"].notna() == reviews["parent_took_part"]).all()
    whole = reviews[["assess", "plan", "do", "review"]].astype(str).agg(" ".join, axis=1)
    assert whole.nunique() > 0.98 * len(whole)
    reading = found["assessments"][found["assessments"]["tool"] == "READ"]
    scores = reading.pivot(index="pupil_id", columns="term", values="score")
    change = (scores["spring"] - scores["autumn"]).reindex(reviews["pupil_id"]).to_numpy()
    need = (
        found["needs"][found["needs"]["SENtypeRank"] == 1].set_index("pupil_id")["SENtype"].reindex(reviews["pupil_id"])
    )
    learning = need.astype(str).isin(["SPLD", "MLD"]).to_numpy() & (reviews["cycle"] == 2).to_numpy()
    met, not_met = (
        np.nanmean(change[learning & (reviews["outcome"] == word).to_numpy()]) for word in ("met", "not met")
    )
    assert met > not_met + 3


def test_observations_see_less_where_teaching_is_what_is_slow() -> None:
    weak, other = [], []
    for found, truth in with_truth("teaching-not-pupils", ("primary", "secondary")):
        seen = found["observations"]
        mine = seen["class_name"] == truth.about["class_name"]
        weak += (seen["seen"][mine] == "yes").tolist()
        other += (seen["seen"][~mine] == "yes").tolist()
    assert np.mean(weak) < np.mean(other) - 0.2


def test_the_words_are_plain_and_the_catalogue_is_in_order() -> None:
    texts = [
        text
        for part in ("assess", "plan", "do", "review", "pupil_view", "parent_view", "notes")
        for text in getattr(review_words, part)().words
    ]
    assert len(texts) < 3000
    assert all(text[0].isupper() and text.endswith((".", "?")) and "  " not in text for text in texts)
    for phase in PHASES:
        offers = catalogue.offers(phase)
        assert len({offer.name for offer in offers}) == len(offers)
        for offer in offers:
            assert offer.area in codes.AREAS
            assert offer.tier in codes.TIERS
            assert offer.role in catalogue.HOURLY_COST
            assert offer.weeks <= 14 or 20 <= offer.weeks <= 29
            assert 0 <= offer.effect[0] <= offer.effect[1] <= 7
            assert (offer.measure is None) == (offer.effect == (0.0, 0.0))
