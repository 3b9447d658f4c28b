"""Gaps are those of the data, are seldom found where there are none, and the data speaks about what is behind them."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.places import KIT
from senco_kit.planning import causes, causes_file, gaps, intervals, observations_file
from senco_kit.planning.causes_data import Said, said_of
from senco_kit.planning.model import Cycle, Record
from senco_kit.provision.data import ProvisionData

DAY = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(scope="module")
def school() -> OpenSchool:
    return school_of(Cycle("0" * 32, "A year", "secondary-1050", DAY, DAY))


@pytest.fixture(scope="module")
def found(school: OpenSchool) -> dict[str, gaps.Gap]:
    return {gap.ref: gap for gap in causes.gaps(school.data, school.tables)}


def own_data(school: OpenSchool) -> ProvisionData:
    """The same school as a school's own data has it: no attendance, staff, training or observations."""
    pupils = school.data.pupils.assign(attendance=float("nan"))
    return replace(school.data, pupils=pupils, staff=None, deployment=None, spending=None, invented=False)


def mixed_up(school: OpenSchool, draw: np.random.Generator) -> ProvisionData:
    """The school with everything that makes a group dealt out anew, so that no gap is left but by chance."""
    pupils, order = school.data.pupils.copy(), draw.permutation(len(school.data.pupils))
    for name in ("SENprovision", "area", "SENtype", "FSMeligible", "year_group"):
        pupils[name] = pupils[name].to_numpy()[order]
    return replace(school.data, pupils=pupils)


# ------------------------------------------------------------------------------------------------- the two groups


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
    ],
)
def test_the_interval_of_shares_is_the_published_one(
    counts: tuple[int, int, int, int], low: float, high: float
) -> None:
    """Newcombe (1998), table II, method 10."""
    between = intervals.of_shares(*counts)
    assert (between.low, between.high) == pytest.approx((low, high), abs=6e-5)


def test_an_interval_of_means_holds_the_truth_19_times_in_20_where_few_are_hardly_ever_there() -> None:
    draw, held = np.random.default_rng(6), 0
    for _ in range(200):
        attendance = 1 - draw.exponential(0.08, 220).clip(0, 0.9)
        between = intervals.of_means(attendance[:15].tolist(), attendance[15:].tolist())
        assert between is not None
        held += between.low <= 0 <= between.high
        assert between.is_clear == (between.chance < 0.05)
    assert held >= 0.94 * 200


def test_no_spread_or_no_second_pupil_tells_nothing() -> None:
    assert intervals.of_means([1.0], [2.0, 3.0]) is None
    assert intervals.of_means([1.0, 1.0], [2.0, 2.0]) is None
    assert intervals.stand_out([], 0.05) == []


# ---------------------------------------------------------------------------------------------------------- gaps


def test_a_gap_is_the_difference_of_the_means_in_the_tables(school: OpenSchool, found: dict[str, gaps.Gap]) -> None:
    tables: Any = school.tables
    scores = tables["assessments"].query("tool == 'READ' and term == 'summer'").set_index("pupil_id")["score"]
    status = tables["pupils"].set_index("pupil_id")["SENprovision"].astype(str)
    support, none = (scores[status[scores.index] == code] for code in "KN")
    gap = found["sen-K.reading"]
    assert (gap.pupils, gap.others) == (len(support), len(none))
    assert gap.between.difference == pytest.approx(support.mean() - none.mean(), abs=1e-4)
    assert gap.worth_asking
    assert gap.is_behind
    suspended = set(tables["suspensions"]["pupil_id"])
    with_plan = set(status.index[status == "E"])
    assert found["sen-E.suspended"].those == len(suspended & with_plan)
    assert found["sen-E.suspended"].value == pytest.approx(len(suspended & with_plan) / len(with_plan))


def test_few_pupils_are_never_called_clear_and_fewer_than_five_never_shown(school: OpenSchool) -> None:
    data = school.data
    status = data.pupils["SENprovision"]
    kept = [*data.pupils.index[status == "E"][:4], *data.pupils.index[status == "K"][:8]]
    some = status.eq("N") | data.pupils.index.isin(kept)
    looked = gaps.look(replace(data, pupils=data.pupils[some].reset_index(drop=True)), school.tables)
    assert all(min(gap.pupils, gap.others) >= 5 for gap in looked.gaps)
    assert not any(gap.group.id == "sen-E" for gap in looked.gaps)
    assert ("sen-E", "attendance") in {(group.id, measure.id) for group, measure in looked.too_few}
    of_support = [gap for gap in looked.gaps if gap.group.id == "sen-K"]
    assert of_support
    assert all(gap.standing == "Too few pupils to tell" for gap in of_support if gap.is_fair)
    assert not any(gap.worth_asking for gap in of_support)


def test_those_who_were_chosen_to_be_tested_say_nothing_of_a_group(found: dict[str, gaps.Gap]) -> None:
    gap = found["sen-K.language"]  # a few pupils without SEN were tested, because someone worried about them
    assert gap.known < 0.5
    assert gap.between.is_clear
    assert gap.standing == "Only some were tested"
    assert not gap.worth_asking


def test_a_school_without_gaps_is_seldom_asked_about_one(school: OpenSchool) -> None:
    draw = np.random.default_rng(20)
    asked = [any(gap.worth_asking for gap in gaps.look(mixed_up(school, draw), school.tables).gaps) for _ in range(15)]
    assert sum(asked) <= 2  # 1 school in 20 is expected; without the rule for many gaps nearly every school would be


def test_a_gap_that_was_planted_is_asked_about(school: OpenSchool) -> None:
    data, tables = mixed_up(school, np.random.default_rng(3)), dict(school.tables or {})
    support = set(data.pupils.loc[data.pupils["SENprovision"] == "K", "pupil_id"])
    scores = tables["assessments"].copy()
    theirs = scores["pupil_id"].isin(support) & (scores["tool"] == "MATH") & (scores["term"] == "summer")
    scores["score"] = scores["score"] - 8.0 * theirs
    by_ref = {gap.ref: gap for gap in gaps.look(data, tables | {"assessments": scores}).gaps}
    assert by_ref["sen-K.maths"].worth_asking
    assert by_ref["sen-K.maths-change"].worth_asking
    assert not by_ref["sen-K.reading"].worth_asking


def test_a_special_school_compares_needs_with_other_needs() -> None:
    special = school_of(Cycle("1" * 32, "A year", "special-120", DAY, DAY))
    looked = gaps.look(special.data, special.tables)
    beside = {gap.group.beside for gap in looked.gaps if gap.group.area}
    assert beside == {"pupils whose main need is in another area"}


def test_words_for_others_never_tell_of_fewer_than_five(found: dict[str, gaps.Gap]) -> None:
    small = [gap for gap in found.values() if gap.hides_a_count]
    assert small
    for gap in small:
        says = gap.in_words(for_others=True)
        assert " in 100" not in says
        assert "%" not in says
        assert "figures left out" in says
    gap = found["sen-K.suspended"]
    assert not gap.hides_a_count
    assert gap.in_words(for_others=True) == gap.in_words()


def test_what_the_data_says_never_tells_of_fewer_than_five(school: OpenSchool, found: dict[str, gaps.Gap]) -> None:
    """Pupils with sensory or physical needs are 17, and nearly all of them are in some provision."""
    data = school.data
    few = set(data.pupils.loc[data.pupils["SENprovision"] == "E", "pupil_id"].iloc[:9])
    tables = dict(school.tables or {})
    tables["incidents"] = tables["incidents"][tables["incidents"]["pupil_id"].isin(sorted(few)[:3])]
    pupils = data.pupils[data.pupils["pupil_id"].isin(few) | data.pupils["SENprovision"].eq("N")].reset_index(drop=True)
    said = said_of(found["sen-E.attendance"], replace(data, pupils=pupils), tables, [])
    says = said["environment"][0].says
    incidents = tables["incidents"]["pupil_id"].nunique()
    assert 0 < incidents < 5
    assert says.startswith("Of these 9 pupils, fewer than 5 were in at least one incident")
    assert "%" not in says


def test_own_data_names_what_it_cannot_show(school: OpenSchool) -> None:
    looked = gaps.look(own_data(school), None)
    assert {gap.measure.id for gap in looked.gaps} >= {"reading", "maths-change"}
    assert not any(gap.measure.kind != "points" for gap in looked.gaps)
    assert [says.split(":")[0].split(" are known")[0] for says in looked.missing] == [
        "Attainment and progress",
        "Attendance and persistent absence",
        "Suspensions",
    ]
    said = said_of(looked.gaps[0], own_data(school), None, [])
    assert all(any(each.is_missing for each in said[factor]) for factor in ("attendance", "teaching", "knowledge"))
    assert not any(each.is_missing for each in said["provision"])


# -------------------------------------------------------------------------------------- what is behind them


@pytest.mark.parametrize(
    ("ref", "factor", "kind", "names"),
    [
        ("sen-year-11.maths", "attendance", "absence-explains", "class_name"),
        ("year-9.reading-change", "teaching", "teaching-not-pupils", "class_name"),
        ("area-2.reading", "knowledge", "training-gap", "SENtype"),
    ],
)
def test_what_was_planted_is_said_beside_its_factor(
    school: OpenSchool, found: dict[str, gaps.Gap], ref: str, factor: str, kind: str, names: str
) -> None:
    truth = next(each for each in school.truths if each.kind == kind)
    said = said_of(found[ref], school.data, school.tables, school.signals)
    asks = [each.says for each in said[factor] if each.asks]
    assert any(str(truth.about[names]) in says for says in asks)
    assert not any(str(truth.about[names]) in each.says for other in said if other != factor for each in said[other])


def test_sessions_that_did_not_happen_are_said_beside_provision(school: OpenSchool, found: dict[str, gaps.Gap]) -> None:
    truth = next(each for each in school.truths if each.kind == "under-delivered")
    names = dict(zip(school.data.provisions["provision_id"], school.data.provisions["name"], strict=True))
    said = said_of(found["area-2.maths"], school.data, school.tables, school.signals)["provision"]
    asks = [each.says for each in said if each.asks]
    assert any(names[truth.about["provision_id"]] in says for says in asks)
    shares = [float(says.split("only ")[1].split("%")[0]) / 100 for says in asks]
    assert min(shares) == pytest.approx(float(truth.about["mean_delivered_share"]), abs=0.02)


def test_absence_that_carries_a_gap_is_seen_to_carry_it(school: OpenSchool) -> None:
    """Pupils with SEN support who are away score 20 points less, the others of them like everyone."""
    data, tables = mixed_up(school, np.random.default_rng(9)), dict(school.tables or {})
    pupils = data.pupils.copy()
    support = pupils["SENprovision"] == "K"
    away = support & (np.arange(len(pupils)) % 2 == 0)
    pupils["attendance"] = np.where(away, 0.6, 0.97)
    scores = tables["assessments"].copy()
    scores["score"] = scores["score"] - 20.0 * scores["pupil_id"].isin(set(pupils.loc[away, "pupil_id"]))
    data, tables = replace(data, pupils=pupils), tables | {"assessments": scores}
    gap = next(each for each in gaps.look(data, tables).gaps if each.ref == "sen-K.reading")
    says = " ".join(each.says for each in said_of(gap, data, tables, [])["attendance"])
    assert "Part of the gap goes with absence" in says
    there = replace(data, pupils=pupils.assign(attendance=np.where(np.arange(len(pupils)) % 9 == 0, 0.6, 0.97)))
    gap = next(each for each in gaps.look(there, tables).gaps if each.ref == "sen-K.reading")
    says = " ".join(each.says for each in said_of(gap, there, tables, [])["attendance"])
    assert "absence seems to be little of it" in says


def test_every_gap_of_a_school_has_something_said_of_each_factor(
    school: OpenSchool, found: dict[str, gaps.Gap]
) -> None:
    one_of_each_heading = {gap.group.heading: gap for gap in found.values()}
    for gap in one_of_each_heading.values():
        said = said_of(gap, school.data, school.tables, school.signals)
        assert tuple(said) == causes_file.FACTORS
        assert all(isinstance(each, Said) and "nan" not in each.says for factor in said for each in said[factor])
        assert all(said.values())


# ---------------------------------------------------------------------------------------------------- the answers


def record(**values: str) -> Record:
    plain = {name.replace("_", "/"): value for name, value in values.items()}
    return Record("a" * 32, "why", DAY, DAY, plain | {"ref/gap": "sen-K.reading", "what": "As it was."})


def test_an_answer_becomes_a_finding_with_where_it_counts(found: dict[str, gaps.Gap]) -> None:
    asked = record(answer_attendance="yes", note_attendance="Mondays.", answer_teaching="no", answer_provision="maybe")
    assert causes.answered(asked) == ("attendance", "teaching")
    taken = causes.answer_finding(asked, "attendance", found["sen-K.reading"], "The data.")
    assert taken["what"].startswith("Attendance explains part of this gap: Pupils with SEN support score 11.8 points")
    assert taken["what"].endswith("Mondays.")
    assert (taken["source"], taken["area"], taken["group"]) == ("cause", "all", "Pupils with SEN support")
    assert (taken["effect"], taken["within"], taken["wherefrom"]) == ("hinders", "inside", "The data.")
    assert taken["ref"] == "cause/sen-K.reading/attendance"
    ruled_out = causes.answer_finding(asked, "teaching", found["sen-year-9.suspended"], "")
    assert ruled_out["effect"] == ""
    assert ruled_out["years"] == "Year 9"
    assert "does not seem to explain" in ruled_out["what"]
    assert causes.answer_finding(asked, "provision", None, "")["what"].endswith("As it was.")
    with pytest.raises(KeyError):
        causes.answer_finding(asked, "luck", None, "")


def test_what_was_typed_in_other_rooms_is_said_where_it_counts(found: dict[str, gaps.Gap]) -> None:
    def typed(kind: str, **values: str) -> Record:
        return Record(
            f"{len(values):032x}", kind, DAY, DAY, {name.replace("__", "/"): said for name, said in values.items()}
        )

    focus = next(iter(observations_file.foci()))
    visits = [
        typed("observation", year="Year 9", **{f"seen__{focus}": "yes"}),
        typed("observation", year="Year 7", **{f"seen__{focus}": "no"}),
    ]
    cognition = typed("training", area="cognition and learning", level="enhanced")
    aware = typed("training", area="cognition and learning", level="awareness")
    cycle = Cycle("0" * 32, "A year", "", DAY, DAY, records=(*visits, cognition, aware))
    assert (
        "In this cycle’s record of lessons seen in Year 9, typed or brought in, a focus was fully seen in 1 of 1 look."
        in causes.typed_of(cycle, found["year-9.reading"])["teaching"]
    )
    assert "fully seen in 1 of 2 looks" in causes.typed_of(cycle, None)["teaching"]
    assert causes.typed_of(cycle, found["area-2.maths"])["knowledge"].startswith(
        "In this cycle’s training record: 1 training beyond awareness in cognition and learning."
    )
    assert "knowledge" not in causes.typed_of(cycle, found["area-3.maths"])
    assert causes.typed_of(Cycle("0" * 32, "A year", "", DAY, DAY), None) == {}


# ------------------------------------------------------------------------------------------------------- the file


def test_the_file_of_causes_is_right() -> None:
    assert causes_file.check() == []
    assert tuple(factor.id for factor in causes_file.factors()) == causes_file.FACTORS


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        ("id: teaching", "id: teachers", 'The factor "teachers" is none of'),
        ("title: Teaching", "titel: Teaching", 'did you mean "title"'),
        ("places: [staff]", "places: [stuff]", '"stuff" is no place of the kit'),
        ("factors:", "factor:", 'did you mean "factors"'),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(tmp_path: Path, was: str, becomes: str, says: str) -> None:
    (tmp_path / "audit").mkdir()
    file = Path(shutil.copy(KIT / "audit" / "causes.yml", tmp_path / "audit"))
    text = file.read_text(encoding="utf-8")
    assert text.count(was) == 1
    file.write_text(text.replace(was, becomes), encoding="utf-8")
    told = [(problem.line, problem.says) for problem in causes_file.check(tmp_path)]
    line = text[: text.index(was)].count("\n") + 1
    assert [at for at, sentence in told if says in sentence] == [line], told
    file.write_text(text.replace("id: environment", "id: knowledge"), encoding="utf-8")
    assert "there 2 times" in " ".join(problem.says for problem in causes_file.check(tmp_path))
