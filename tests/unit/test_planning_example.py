"""The worked example: it holds together, each figure in it follows from the data, and its documents are complete."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from senco_kit.in_figures import percent, points, pounds
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_rooms import ROOMS
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.planning import documents, example_file, kinds, school_review
from senco_kit.planning.documents.figures import school_figures
from senco_kit.planning.example import SCHOOL, example_cycle
from senco_kit.planning.example_figures import FIGURES, Figures, NoSuchFigure
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.progress import checklist, latest_progress
from senco_kit.planning.school_review_file import VOICES
from senco_kit.planning.taken import verdicts
from senco_kit.provision.reasons import for_others
from senco_kit.small_counts import is_small
from senco_kit.store import open_store

NEVER = datetime(2025, 9, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def school() -> OpenSchool:
    """Opened as the rooms open it, so that they need not open it again."""
    return school_of(Cycle("", "", SCHOOL, NEVER, NEVER))


@pytest.fixture(scope="module")
def tables(school: OpenSchool) -> dict[str, pd.DataFrame]:
    return dict(school.tables or {})


@pytest.fixture(scope="module")
def cycle(school: OpenSchool, tables: dict[str, pd.DataFrame]) -> Cycle:
    return example_cycle(school.data, tables)


@pytest.fixture(scope="module")
def page(cycle: Cycle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LeadingPage, str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENCO_HOME", str(tmp_path_factory.mktemp("work")))
        kept = open_store().cycles.keep(cycle)
        yield LeadingPage(), kept.id


def the(cycle: Cycle, kind: str, begins: str) -> Record:
    (found,) = (one for one in cycle.of(kind) if one.text("what").startswith(begins))
    return found


# ---------------------------------------------------------------------------------------------- it holds together


def test_two_calls_make_the_same_cycle_and_the_store_keeps_all_of_it(
    cycle: Cycle, school: OpenSchool, tables: dict[str, pd.DataFrame], page: tuple[LeadingPage, str]
) -> None:
    assert example_cycle(school.data, tables) == cycle
    kept = open_store().cycles.one(page[1])
    assert kept.id != cycle.id
    assert (kept.records, kept.reviews) == (cycle.records, cycle.reviews)


def test_the_content_check_finds_nothing_wrong() -> None:
    assert example_file.check() == []


def test_every_answer_is_one_that_the_rooms_ask_for(cycle: Cycle) -> None:
    said_when_added = {"action": {"objective"}, "training": {"staff"}, "evidence": {"shows"}}
    for record in cycle.records:
        kind = kinds.kind_of(record.kind)
        for name, value in record.values.items():
            if name not in said_when_added.get(record.kind, ()):
                assert kinds.as_kept(kind.field(name), value) == value, (record.kind, name)


def test_every_room_has_something_of_the_year(cycle: Cycle) -> None:
    assert {kind for kind in kinds.kinds() if not cycle.of(kind)} <= {"need-count"}


def test_every_link_leads_somewhere(cycle: Cycle) -> None:
    ids = [record.id for record in cycle.records]
    assert len(ids) == len(set(ids))
    for objective in cycle.of("objective"):
        assert len(cycle.ticked(objective, "answers")) == len(objective.ticks("answers")) >= 4
        assert len(cycle.serving(objective)) >= 3
        assert set(objective.ticks("principle")) <= {each.id for each in documents.principles()}
    assert all(cycle.find(one.text("objective"), "objective") for one in cycle.of("action"))
    assert all(cycle.find(one.text("staff"), "staff") for one in cycle.of("training"))


def test_findings_help_and_hinder_inside_and_outside(cycle: Cycle) -> None:
    quadrants = {(one.text("effect"), one.text("within")) for one in cycle.of("finding")}
    assert quadrants == {(effect, within) for effect in ("helps", "hinders") for within in ("inside", "outside")}


def test_voices_differ_where_a_finding_says_so(cycle: Cycle) -> None:
    taken = {value for one in cycle.of("finding") for value in one.under("ref").values()}
    apart = {f"review/difference/{each.prompt.id}" for each in school_review.differences(cycle)}
    assert len(apart) >= 3
    assert {ref for ref in taken if "difference" in ref} == {"review/difference/3c"} <= apart
    assert cycle.find(school_review.OWN_ID, "voice") == school_review.own(cycle)
    assert {voice: len(school_review.voices_of(cycle, voice)) for voice in VOICES} == {
        "senco": 1,
        "head": 1,
        "governor": 1,
        "teacher": 6,
        "support": 5,
        "parent": 12,
        "pupil": 20,
    }


def test_everything_lies_in_the_school_year(cycle: Cycle) -> None:
    first, last = example_file.FIRST_DAY, example_file.LAST_DAY
    for record in cycle.records:
        assert first <= record.created_at.date() <= record.changed_at.date() <= last
    days = [one.day("found_on") for one in cycle.of("finding")]
    assert all(day and first <= day <= last for day in days)
    assert all(one.day("found_on") == one.created_at.date() for one in cycle.of("finding"))


def test_nothing_names_a_person(cycle: Cycle) -> None:
    texts = [value for record in cycle.records for value in record.values.values()]
    texts += [value for review in cycle.reviews for value in review.values.values()]
    assert not [text for text in texts if re.search(r"\b(Mr|Mrs|Ms|Miss|Mx|Dr)\.? [A-Z]", text)]


# ------------------------------------------------------------------------------------------------- the plan's year


def test_reviews_tell_of_a_year_with_a_risk_and_a_change_because_of_it(cycle: Cycle) -> None:
    reading = the(cycle, "objective", "Pupils who find reading hard")
    reviews = cycle.reviews_of(reading.id)
    assert [each.text("progress") for each in reviews] == ["at-risk", "on-track", "met"]
    course = the(cycle, "action", "Six adults").id
    assert "in January and February" in reviews[0].as_it_was[course]["what"]
    assert reviews[0].as_it_was[course]["progress"] == "not-started"
    assert "in June and July" in reviews[1].as_it_was[course]["what"]
    assert {latest_progress(cycle, each) for each in cycle.of("objective")} == {"met", "ended"}


def test_a_review_shows_the_plan_as_it_was_before_its_day(cycle: Cycle) -> None:
    for review in cycle.reviews:
        objective = cycle.find(review.about, "objective")
        assert objective is not None
        assert review.about in review.as_it_was
        served = {one.id: one for one in (objective, *cycle.serving(objective))}
        for record_id, was in review.as_it_was.items():
            now = served[record_id]
            assert now.created_at < review.made_at
            assert set(was) - set(now.values) <= {"next_review"}  # taken away when an objective was over
            if now.changed_at < review.made_at:
                assert was == dict(now.values)
        assert len(review.as_it_was) == sum(one.created_at.date() < review.made_at.date() for one in served.values())


def test_no_objective_lacks_anything_and_the_fund_pays_for_no_more_than_it_holds(
    cycle: Cycle, tables: dict[str, pd.DataFrame]
) -> None:
    for objective in cycle.of("objective"):
        assert [each.what for each in checklist(cycle, objective) if not each.is_there] == []
    budget = tables["budget"].set_index("funding_line")["amount"]
    line = "inclusive mainstream fund"
    assert sum(one.number("cost") or 0 for one in cycle.of("action") if one.text("funding") == line) <= budget[line]


# --------------------------------------------------------------------- each figure, worked out in another way


def test_figures_about_pupils_follow_from_the_tables(cycle: Cycle, tables: dict[str, pd.DataFrame]) -> None:
    pupils = tables["pupils"].set_index("pupil_id")
    autumn = tables["assessments"].query("tool == 'READ' and term == 'autumn'").set_index("pupil_id")["score"]
    status = pupils["SENprovision"].astype(str).loc[autumn.index]
    gap = points(autumn[status == "N"].mean() - autumn[status == "K"].mean(), sign=False)
    assert f"score {gap} points lower in reading" in the(cycle, "finding", "Pupils with SEN support").text("what")

    main = tables["needs"].query("SENtypeRank == 1")
    count = int((main["SENtype"].astype(str) == "SPLD").sum())
    assert the(cycle, "finding", f"{count} pupils have a specific learning difficulty")

    away = pupils.index.isin(tables["suspensions"]["pupil_id"])
    shares = {code: 100 * away[(pupils["SENprovision"] == code).to_numpy()].mean() for code in "KN"}
    words = (
        f"Of pupils with SEN support, {shares['K']:.1f} in 100 were suspended; of pupils without SEN {shares['N']:.1f}"
    )
    assert the(cycle, "finding", words)

    reviews = tables["reviews"].query("cycle == 1")
    took_part = percent(float(reviews["parent_took_part"].sum()) / len(reviews))
    assert the(cycle, "finding", f"A parent took part in {took_part} of")


def test_figures_about_provision_follow_from_the_tables(
    cycle: Cycle, school: OpenSchool, tables: dict[str, pd.DataFrame]
) -> None:
    places = tables["enrolments"].merge(tables["provisions"], on=["school_id", "provision_id"])

    def given(rows: pd.DataFrame) -> str:
        return percent(rows["delivered_sessions"].sum() / rows["planned_sessions"].sum())

    beyond = places[places["tier"] != "universal"]
    autumn = given(beyond[(beyond["first_term"] == "autumn") & (beyond["last_term"] == "spring")])
    later = given(beyond[beyond["first_term"] == "spring"])
    help_given = the(cycle, "objective", "Pupils get the extra help")
    assert help_given.text("baseline").startswith(f"{autumn} of planned sessions")
    assert [each.text("measured") for each in cycle.reviews_of(help_given.id)] == [
        f"{autumn} of planned sessions",
        "",
        f"{later} of planned sessions",
    ]

    exam = given(places[places["name"] == "Exam maths workshop"])
    assert f"only {exam} of their planned sessions" in the(cycle, "finding", "Exam maths workshop").text("what")

    by_name = {row["name"]: row for row in school.provisions}
    fluency = by_name["Reading fluency sessions"]
    assert for_others(fluency["reason"]) in the(cycle, "finding", "Reading fluency sessions").text("what")
    hours = fluency["groups"] * fluency["sessions_per_week"] * fluency["minutes"] / 60 * fluency["weeks"]
    cost = hours * fluency["hourly_cost"] + fluency["pupils"] * fluency["resources_per_pupil"]
    assert the(cycle, "action", "Reading fluency sessions").number("cost") == round(cost)

    tutor = by_name["One-to-one maths tutor"]
    told = the(cycle, "finding", "A place with the one-to-one maths tutor").text("what")
    alike = [row for row in school.provisions if (row["tier"], row["area"]) == (tutor["tier"], tutor["area"])]
    usual = statistics.median(row["cost"] / row["pupils"] for row in alike if row is not tutor)
    each = tutor["cost"] / tutor["pupils"]
    assert f"costs {pounds(each)}, {each / usual:.1f} times as much" in told
    assert for_others(tutor["reason"]) in told


def test_no_finding_about_provision_counts_pupils_beside_those_that_tables_count(
    cycle: Cycle, school: OpenSchool
) -> None:
    offered = verdicts(SCHOOL, school.name, school.provisions, date(2026, 11, 22))
    taken = [one.text("what") for one in cycle.of("finding") if one.text("source") == "provision"]
    assert taken
    for said in [*taken, *(offer["what"] for offer in offered)]:
        assert not re.search(r"(?<!than )\b[0-9]+ pupils?\b", said), said


def test_figures_about_lessons_staff_and_money_follow_from_the_tables(
    cycle: Cycle, tables: dict[str, pd.DataFrame]
) -> None:
    seen = tables["observations"]
    seen = seen[seen["focus"].isin(["clear explanations", "talk"])]
    talk = the(cycle, "objective", "Pupils with SEN understand")
    said = [talk.text("baseline"), *(each.text("measured") for each in cycle.reviews_of(talk.id))]
    for words, first, last in zip(
        said, ("2025-09", "2026-01", "2026-04-13"), ("2026-01", "2026-04-13", "2027"), strict=True
    ):
        looks = seen[(seen["date"] >= first) & (seen["date"] < last)]
        yes = int((looks["seen"] == "yes").sum())
        assert words.startswith(f"{percent(yes / len(looks))} of looks ({yes} of {len(looks)}, ")

    deep = tables["training"].query("SENtype == 'SPLD' and level != 'awareness'")
    reading = the(cycle, "objective", "Pupils who find reading hard")
    assert reading.text("baseline") == f"{deep['staff_id'].nunique()} adults"
    assert cycle.reviews_of(reading.id)[-1].text("measured") == reading.text("target") == "6 adults"
    trained = [one for one in cycle.of("training") if one.text("need") == "SPLD" and one.text("level") == "enhanced"]
    assert len({one.text("staff") for one in trained}) == 6
    course = the(cycle, "action", "Six adults")
    assert course.number("cost") == sum(one.number("cost") or 0 for one in trained)

    before = tables["training"].query("SENtype == 'SEMH' and level != 'awareness' and date <= '2025-10-13'")
    valid = before[before["expires"].isna() | (before["expires"] > "2025-10-13")]
    assert the(cycle, "finding", f"{valid['staff_id'].nunique()} adults are trained beyond awareness in social")

    spent = tables["spending"].query("funding_line == 'top-up'")
    others = spent[~spent["spent_for"].isin(["pupils with SEN support", "pupils with EHC plans"])]
    share = f"{others['amount'].sum() / spent['amount'].sum():.0%}"
    assert the(cycle, "finding", f"{share} of what was spent from top-up funding")

    budget = tables["budget"].set_index("funding_line")["amount"]
    assert pounds(budget["inclusive mainstream fund"]) in the(cycle, "finding", "The inclusive mainstream").text("what")

    week = tables["deployment"].query("activity == 'pupil'").groupby(["staff_id", "pupil_id"], observed=True).size()
    assert f"for up to {week.max()} of " in the(cycle, "finding", "The week of support staff").text("what")


def test_figures_about_views_are_counts_of_the_forms(cycle: Cycle) -> None:
    for kind, question, answers, who in (
        ("pupil-view", "try", {"yes"}, "pupils"),
        ("parent-view", "help", {"sometimes", "hardly-ever"}, "parents"),
        ("parent-view", "whom", {"always", "mostly"}, "parents"),
    ):
        said = [one.text(f"answer/{question}") for one in cycle.of(kind) if one.text(f"answer/{question}")]
        count = sum(each in answers for each in said)
        assert not is_small(count)
        assert not is_small(len(said) - count)
        assert the(cycle, "finding", f"{count} of {len(said)} {who} say")


def test_a_figure_that_the_data_does_not_give_is_an_error(school: OpenSchool, tables: dict[str, pd.DataFrame]) -> None:
    figures = Figures(SCHOOL, school.data, tables, Cycle("", "", SCHOOL, NEVER, NEVER))
    assert figures.fill("{pupils:all} pupils, {need:SPLD} of them.") == "1,050 pupils, 41 of them."
    for wrong in (
        "{provision:Reading magic:cost}",
        "{gap:sen-K.chess:value}",
        "{looks:talk:autumn:share}",
        "{nothing}",
    ):
        with pytest.raises(NoSuchFigure, match=re.escape(wrong)):
            figures.fill(f"About {wrong}.")


# ----------------------------------------------------------------------------------- documents and pages


def test_no_document_of_the_example_lacks_anything(cycle: Cycle, school: OpenSchool) -> None:
    figures = school_figures(school.data, school.tables, school.name)
    for instrument in documents.instruments():
        made = documents.build(instrument.id, cycle, figures, date(2026, 7, 17))
        assert (made.missing, made.look_again) == ((), ()), instrument.id


def test_the_statement_of_intent_is_short_enough_for_parents(cycle: Cycle) -> None:
    strategy = cycle.single("document-inclusion-strategy")
    assert strategy is not None
    assert 150 < len(strategy.text("intent").split()) < 500


@pytest.mark.parametrize("place", [room.place for rooms in ROOMS.values() for room in rooms])
def test_each_room_opens_on_the_example(page: tuple[LeadingPage, str], place: str) -> None:
    leading, cycle_id = page
    html = leading.view(f"{cycle_id}/{place}").html
    assert f'href="#/{cycle_id}"' in html  # the trail of a room; a page that tells a problem has none
    assert "data-focus" in html


# ---------------------------------------------------------------------------------------- mistakes in the file

SMALL = """name: Small
started: 2025-09-08
records:
  - key: gap
    kind: finding
    on: 2025-10-06
    says: {what: "{pupils:K} pupils.", source: data}
  - key: aim
    kind: objective
    on: 2025-11-10
    says: {what: Read more}
    ticks: {answers: [gap]}
  - key: do
    kind: action
    on: 2025-11-10
    says: {what: Read}
    links: {objective: aim}
    later:
      - on: 2025-12-01
        says: {progress: done}
tables:
  - key: pupil
    kind: pupil-view
    on: 2025-10-20
    fields: [year, answer/try]
    rows:
      - ["7", "yes"]
reviews:
  - about: aim
    on: 2026-02-24
    says: {what_changed: Much, progress: met}
"""


def problems_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "audit" / "examples" / "secondary-1050.yml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return [f"{problem.line}: {problem.says}" for problem in example_file.check(tmp_path)]


def test_a_small_example_is_in_order(tmp_path: Path) -> None:
    assert problems_of(tmp_path, SMALL) == []


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("{pupils:K} pupils", "{pupils:K} and 12 pupils", '7: "what" has a figure that was typed'),
        ("{pupils:K}", "{pupil:K}", '7: There is no figure "pupil": did you mean "pupils"'),
        ("{pupils:K}", "{pupils}", '7: The figure "pupils" is written {pupils:STATUS}'),
        ("source: data", "source: rumour", '7: "rumour" does not fit'),
        ("source: data", "sauce: data", '7: "finding" does not ask for "sauce"'),
        ("kind: finding", "kind: findings", '5: "kind" is "findings"'),
        ("answers: [gap]", "answers: [gaps]", '8: There is no record "gaps": did you mean "gap"'),
        ("objective: aim}", "aim: aim}", '13: "action" has no link "aim"'),
        ("key: do", "key: aim", '13: There is already a record "aim" on line 8'),
        ("on: 2025-12-01", "on: 2025-11-01", "19: This entry stands after a later one"),
        (
            "on: 2025-11-10\n    says: {what: Read more}",
            "on: 2025-10-01\n    says: {what: Read more}",
            "was not there yet",
        ),
        ("on: 2026-02-24", "on: 2026-09-24", "30: 2026-09-24 is not in the school year"),
        ("on: 2026-02-24", "on: 2025-11-10", 'The record "aim" was not there before 2025-11-10'),
        ("about: aim", "about: gaps", 'There is no record "gaps"'),
        ("progress: met}", "progress: good}", '31: "good" does not fit'),
        ("progress: met}", "measured: 4 adults}", '31: "measured" has a figure that was typed'),
        ('["7", "yes"]', '["7"]', "27: Row 1 has 1 values for 2 fields"),
        ('["7", "yes"]', '["7", "often"]', '27: "often" does not fit'),
        ("answer/try", "answer/fly", '25: "pupil-view" does not ask for "answer/fly"'),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    assert right in SMALL
    assert any(says in problem for problem in problems_of(tmp_path, SMALL.replace(right, wrong, 1)))


def test_every_figure_that_can_be_named_is_named_in_the_file() -> None:
    text = example_file.EXAMPLE.read_text(encoding="utf-8")
    assert [name for name in FIGURES if f"{{{name}:" not in text] == []
