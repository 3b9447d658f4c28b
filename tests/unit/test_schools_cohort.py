"""The pupil side of an invented school: codes, sizes, what causes what, and what is planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from senco_kit.schools import assessments, behaviour, calendar, codes, cohort, identification, truths
from senco_kit.schools.abilities import MATHS, READING
from senco_kit.schools.likeness import NOTHING_PLANTED
from senco_kit.schools.model import MEASURES, PHASES, Coded, Cohort, Order, Phase, Plan, Tables, Truth
from senco_kit.schools.normal import point_of, share_below

SIZES: dict[Phase, int] = {"primary": 420, "secondary": 1050, "all-through": 900, "special": 120}


def made(phase: Phase, seed: int = 1, plan: Plan = NOTHING_PLANTED, pupils: int | None = None) -> Cohort:
    school = cohort.make_cohort(Order(phase, SIZES[phase] if pupils is None else pupils, seed), plan)
    assessments.test_in_autumn(school)
    assessments.test_in_spring_and_summer(school)
    return school


def all_tables(school: Cohort) -> Tables:
    return {**cohort.tables(school), **assessments.tables(school), **behaviour.tables(school)}


def flat(tables: Tables) -> dict[str, bytes]:
    columns = {f"{table}.{name}": column for table, held in tables.items() for name, column in held.items()}
    return {name: (c.codes if isinstance(c, Coded) else c).tobytes() for name, c in columns.items()}


# Shape ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("pupils", [1, 2, 7, 61, 2500])
def test_any_size_of_any_phase_gives_whole_tables(phase: Phase, pupils: int) -> None:
    school = made(phase, pupils=pupils)
    tables = all_tables(school)
    for name, columns in tables.items():
        lengths = {len(c.codes if isinstance(c, Coded) else c) for c in columns.values()}
        assert len(lengths) == 1, name
        for column in columns.values():
            if isinstance(column, Coded):
                assert column.codes.min(initial=0) >= -1
                assert column.codes.max(initial=-1) < len(column.words)
    assert len(tables["pupils"]["pupil_id"]) == pupils
    assert len(tables["tools"]["reliability"]) == len(codes.TOOLS)


def test_no_pupils_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="at least one pupil"):
        made("primary", pupils=0)


@pytest.mark.parametrize("phase", PHASES)
def test_the_same_order_gives_the_same_bytes_and_another_seed_others(phase: Phase) -> None:
    assert flat(all_tables(made(phase))) == flat(all_tables(made(phase)))
    assert flat(all_tables(made(phase))) != flat(all_tables(made(phase, seed=2)))


def test_years_and_classes_suit_the_phase() -> None:
    years = {phase: sorted(set(made(phase).year.tolist())) for phase in PHASES}
    assert years["primary"] == list(range(7))
    assert years["secondary"] == list(range(7, 12))
    assert years["all-through"] == list(range(12))
    assert years["special"] == list(range(14))
    for phase, least, most in (("primary", 25, 30), ("secondary", 24, 30), ("special", 4, 13)):
        school = made(phase)
        sizes = np.bincount(school.school_class)
        assert sizes.min() >= least
        assert sizes.max() <= most
        np.testing.assert_array_equal(school.class_years[school.school_class], school.year)
        assert len(set(school.class_names)) == len(school.class_names)


def test_needs_are_recorded_for_pupils_with_sen_only_and_ranked() -> None:
    school = made("secondary")
    assert ((school.need >= 0) == (school.sen > 0)).all()
    both = school.second_need >= 0
    assert both.any()
    assert (school.second_need[both] != school.need[both]).all()
    no_assessment = codes.sen_type("NSA")
    assert not (school.second_need == no_assessment).any()
    assert not ((school.need == no_assessment) & (school.sen == 2)).any()


def test_sessions_add_up_and_days_are_school_days() -> None:
    tables = all_tables(made("secondary"))
    attendance = tables["attendance"]
    total = attendance["sessions_attended"] + attendance["sessions_authorised"]
    np.testing.assert_array_equal(total + attendance["sessions_unauthorised"], attendance["sessions_possible"])
    for column in ("sessions_attended", "sessions_authorised", "sessions_unauthorised"):
        assert attendance[column].min() >= 0
    for day in (tables["suspensions"]["start_date"], tables["incidents"]["date"]):
        assert np.isin(day, calendar.school_days()).all()


def test_the_half_terms_have_the_sessions_they_say_and_the_census_is_the_third_thursday() -> None:
    days = calendar.school_days()
    counts = [int(((days >= np.datetime64(a)) & (days <= np.datetime64(b))).sum()) for a, b in calendar.HALF_TERMS]
    np.testing.assert_array_equal(2 * np.array(counts), calendar.SESSIONS)
    assert calendar.SESSIONS.sum() == 380
    census = calendar.CENSUS_DATE.astype(date)
    assert census.weekday() == 3
    assert 15 <= census.day <= 21


def test_one_pupils_suspensions_do_not_overlap() -> None:
    for seed in range(1, 6):
        rows = behaviour.tables(made("secondary", seed))["suspensions"]
        days = calendar.school_days()
        start = np.searchsorted(days, rows["start_date"])
        end = start + (rows["sessions_lost"] + 1) // 2
        same = rows["pupil_id"][1:] == rows["pupil_id"][:-1]
        assert (start[1:][same] > start[:-1][same]).all()
        assert np.mean(start[1:][same] < end[:-1][same]) < 0.03


# Tests and results ---------------------------------------------------------------------------------------------------


def test_scores_are_true_standing_and_the_errors_that_the_tools_table_says() -> None:
    school = made("primary", pupils=4000)
    for measure, error in enumerate(assessments.STANDARD_ERROR[:4]):
        sat = ~np.isnan(school.scores[:, measure, 0]) & (school.ability[:, measure] > 60)
        noise = school.scores[sat, measure, 0] - school.ability[sat, measure]
        assert noise.mean() == pytest.approx(0, abs=0.6)
        assert noise.std() == pytest.approx(error, rel=0.1)
    assert (school.scores[~np.isnan(school.scores)] % 1 == 0).all()


def test_what_a_provision_adds_shows_in_later_scores_and_never_in_autumn() -> None:
    without, given = made("primary"), cohort.make_cohort(Order("primary", 420, 1), NOTHING_PLANTED)
    assessments.test_in_autumn(given)
    given.effect[:, READING, 1] += 10
    assessments.test_in_spring_and_summer(given)
    change = given.scores[:, READING] - without.scores[:, READING]
    np.testing.assert_array_equal(np.nan_to_num(change[:, :2]), 0)
    assert np.nanmedian(change[:, 2]) == 10


def test_who_sits_which_test() -> None:
    school = made("primary")
    assert not school.tested[school.year == 0][:, [READING, MATHS]].any()
    assert school.tested[school.year >= 1][:, [READING, MATHS]].all()
    assert school.tested[school.year <= 1][:, MEASURES.index("language")].all()
    language = school.tested[:, MEASURES.index("language")] & (school.year >= 2)
    known = np.isin(school.need, [codes.sen_type(code) for code in ("SLCN", "ASD", "MLD")])
    assert (known & language).sum() == (~known & language).sum() > 0
    special = made("special")
    severe = np.isin(special.need, [codes.sen_type("SLD"), codes.sen_type("PMLD")])
    engagement = MEASURES.index("engagement")
    assert special.tested[severe][:, engagement].all()
    assert special.tested[severe].sum() == severe.sum()


def test_national_results_keep_to_their_scales_and_years() -> None:
    school = made("all-through", pupils=3000)
    rows = assessments.tables(school)["assessments"]
    tool, score = rows["tool"], rows["score"]
    assert isinstance(tool, Coded)
    assert isinstance(score, np.ndarray)
    year_of = school.year[rows["pupil_id"] - school.pupil_id[0]]
    scales = {"EYFSP": (0, 1), "PHON": (1, 40), "MTC": (4, 25), "KS2": (6, 1), "A8": (11, 90)}
    for name, (year, high) in scales.items():
        these = tool.codes == codes.place(codes.TOOLS, name)
        assert set(year_of[these]) == {year}
        assert these.sum() == (school.year == year).sum()
        assert score[these].min() >= 0
        assert score[these].max() <= high


# What causes what ----------------------------------------------------------------------------------------------------


def test_needs_poverty_and_absence_lower_attainment() -> None:
    school = made("secondary", pupils=6000)
    reading = school.ability[:, READING]
    assert reading[school.sen == 0].mean() - reading[school.sen == 1].mean() > 10
    assert reading[school.sen == 1].mean() - reading[school.sen == 2].mean() > 5
    assert reading[~school.fsm & (school.sen == 0)].mean() - reading[school.fsm & (school.sen == 0)].mean() > 3
    attendance = school.attendance.mean(axis=1)
    assert np.corrcoef(attendance, reading)[0, 1] > 0.15
    dyslexia = school.need == codes.sen_type("SPLD")
    assert (reading - school.ability[:, MATHS])[dyslexia].mean() < -2


def test_the_youngest_have_sen_support_a_little_more_often() -> None:
    school = made("primary", pupils=20_000)
    young = np.isin(school.birth_month, [5, 6, 7, 8])
    old = np.isin(school.birth_month, [9, 10, 11, 12])
    ratio = (school.sen[young] == 1).mean() / (school.sen[old] == 1).mean()
    assert 1.05 < ratio < 1.45


# What is planted -----------------------------------------------------------------------------------------------------


def planted(school: Cohort, kind: str) -> tuple[Truth, np.ndarray]:
    truth = next(each for each in school.truths if each.kind == kind)
    return truth, np.searchsorted(school.pupil_id, np.array(truth.rows["pupils"]))


def test_nothing_is_planted_unasked() -> None:
    assert [truth for phase in PHASES for truth in made(phase).truths] == []


@pytest.mark.parametrize("phase", ["primary", "secondary"])
@pytest.mark.parametrize("group", truths.UNDER_IDENTIFIED)
def test_an_under_identified_group_has_needs_that_show_and_no_record(phase: Phase, group: str) -> None:
    school = made(phase, plan=replace(NOTHING_PLANTED, under_identified=group))
    truth, places = planted(school, "under-identified")
    assert len(places) >= 8
    assert truth.about["group"] == group
    assert (school.sen[places] == 0).all()
    assert (school.need[places] == -1).all()
    if group.startswith("girls"):
        assert school.girl[places].all()
    none = (school.sen == 0) & ~np.isin(np.arange(school.size), places)
    assert school.ability[places].mean() < school.ability[none].mean() - 4
    assert int(truth.about["with_need"]) - int(truth.about["recorded"]) == len(places)


@pytest.mark.parametrize("phase", ["primary", "secondary"])
@pytest.mark.parametrize("group", truths.OVER_IDENTIFIED)
def test_an_over_identified_group_has_records_without_a_need(phase: Phase, group: str) -> None:
    school = made(phase, plan=replace(NOTHING_PLANTED, over_identified=group))
    _, places = planted(school, "over-identified")
    assert len(places) >= 10
    assert (school.sen[places] == 1).all()
    others = (school.sen == 1) & ~np.isin(np.arange(school.size), places)
    reading = school.ability[:, READING]
    assert reading[places].mean() > reading[others].mean() + 6
    members = school.eal if group == "pupils with EAL" else np.isin(school.birth_month, [5, 6, 7, 8])
    assert members[places].all()
    assert (school.sen[members] == 1).mean() > 1.6 * (school.sen[~members] == 1).mean()


def test_every_group_of_the_plan_is_known_here() -> None:
    school = made("primary")
    pupils = identification.Pupils(
        **{name: getattr(school, name) for name in identification.Pupils.__dataclass_fields__ if name != "setting"},
        setting=np.zeros(school.size, dtype=np.int64),
    )
    for group in truths.GROUPS:
        assert 0 < identification.group_members(group, pupils).sum() < school.size


@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_absence_explains_the_low_scores_of_pupils_of_ordinary_ability(place: float) -> None:
    plan = replace(NOTHING_PLANTED, absence_explains=place)
    school, before = made("primary", plan=plan), made("primary")
    truth, places = planted(school, "absence-explains")
    assert len(places) >= 6
    assert len(set(school.school_class[places])) == 1
    assert (school.attendance[places].mean(axis=1) < 0.8).all()
    assert (school.sen[places] == 0).all()
    lost = before.ability[places, READING] - school.ability[places, READING]
    assert lost.mean() > 6
    assert truth.about["share_missed"] == pytest.approx(1 - school.attendance[places].mean(), abs=0.02)


@pytest.mark.parametrize("phase", ["primary", "secondary", "all-through"])
def test_the_slow_class_grows_less_and_is_not_the_class_with_the_absence(phase: Phase) -> None:
    plan = replace(NOTHING_PLANTED, absence_explains=0.4, teaching_not_pupils=0.4)
    school = made(phase, plan=plan)
    truth, places = planted(school, "teaching-not-pupils")
    _, absent = planted(school, "absence-explains")
    assert set(school.school_class[places]).isdisjoint(school.school_class[absent].tolist())
    np.testing.assert_array_equal(places, np.flatnonzero(school.school_class == school.school_class[places[0]]))
    points = float(truth.about["points_a_term"])
    assert 3 <= points <= 4
    in_class = school.growth[places][:, [READING, MATHS]].mean()
    elsewhere = np.delete(school.growth, places, axis=0)[:, [READING, MATHS]].mean()
    assert elsewhere - in_class == pytest.approx(points, abs=1.6)


# The normal distribution ---------------------------------------------------------------------------------------------


def test_the_share_below_a_point_is_that_of_the_tables() -> None:
    shares = np.array([0.001, 0.025, 0.5, 0.84, 0.999])
    points = np.array([point_of(float(share)) for share in shares])
    np.testing.assert_allclose(share_below(points), shares, atol=2e-7)
