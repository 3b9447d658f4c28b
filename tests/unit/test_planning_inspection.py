"""Evidence for inspection: what the cycle holds by itself counts by stated rules, and nothing is claimed beyond it."""

from __future__ import annotations

import io
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from docx import Document as WordDocument

from senco_kit.days import in_words
from senco_kit.places import KIT
from senco_kit.planning import inspection as rules
from senco_kit.planning.documents.figures import FigureTable, SchoolFigures
from senco_kit.planning.documents.model import Paragraph, Points
from senco_kit.planning.inspection_file import check, inspection
from senco_kit.planning.model import Cycle, Record, Review
from senco_kit.reports.planning_word import word
from senco_kit.standards import read

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
DAY = date(2026, 11, 22)


def record(record_id: str, kind: str, **values: str) -> Record:
    return Record(record_id, kind, NOW, NOW, values)


def cycle_of(*records: Record, reviews: tuple[Review, ...] = ()) -> Cycle:
    return Cycle("1" * 32, "2026 to 2027", "", NOW, NOW, None, records, reviews)


def held(cycle: Cycle) -> dict[str, rules.Holding]:
    return {each.shows: each for each in rules.all_holdings(cycle)}


def test_an_empty_cycle_holds_nothing_and_every_kind_of_evidence_is_missing() -> None:
    empty = rules.all_holdings(cycle_of())
    assert len(empty) == 19
    assert not any(each.is_held for each in empty)
    assert rules.oldest(empty) is None
    assert {row[2:] for row in rules.holdings_table(cycle_of()).rows} == {("Missing", "–")}


def test_evidence_that_is_typed_in_is_held_where_it_was_put_and_the_oldest_is_named() -> None:
    cycle = cycle_of(
        record("a", "evidence", shows="assessment.told", what="Profiles", where="Shared drive", dated="2026-09-02"),
        record("b", "evidence", shows="premium.strategy", what="Website", dated="2024-03-04"),
        record("c", "evidence", shows="assessment.told"),  # nothing is said of it yet
        record("d", "evidence", shows="elsewhere.unknown", what="Lost", dated="2001-01-01"),
    )
    found = held(cycle)
    assert [one.id for one in found["assessment.told"].typed] == ["a"]
    assert [shows for shows, each in found.items() if each.is_held] == ["assessment.told", "premium.strategy"]
    oldest = rules.oldest(tuple(found.values()))
    assert oldest is not None
    assert (oldest[0].id, oldest[1]) == ("b", date(2024, 3, 4))


@pytest.mark.parametrize(
    ("shows", "there", "day"),
    [
        ("assessment.data", record("a", "finding", source="cause", found_on="2026-09-30"), date(2026, 9, 30)),
        ("cycle.provision", record("a", "finding", source="provision", found_on="2026-09-30"), date(2026, 9, 30)),
        ("premium.spending", record("a", "action", funding="pupil premium"), date(2026, 10, 5)),
        ("specialists.specialist", record("a", "training", level="specialist", date="2025-01-08"), date(2025, 1, 8)),
        ("expectations.lessons", record("a", "observation", day="2026-06-01"), date(2026, 6, 1)),
        ("expectations.work", record("a", "pupil-view"), date(2026, 10, 5)),
        ("assessment.families", record("a", "parent-view"), date(2026, 10, 5)),
        ("cycle.review", record("a", "voice"), date(2026, 10, 5)),
    ],
)
def test_what_the_cycle_holds_counts_by_its_rule(shows: str, there: Record, day: date) -> None:
    found = held(cycle_of(there))
    assert found[shows].is_held
    (one,) = found[shows].from_cycle
    assert (one.count, one.newest) == (1, day)
    assert in_words(day) in one.shown


def test_reviews_of_the_plan_count_and_findings_from_elsewhere_do_not() -> None:
    review = Review("r", "d", NOW, {"progress": "on-track"}, {})
    assert held(cycle_of(reviews=(review,)))["cycle.school-plan"].is_held
    assert not any(each.is_held for each in rules.all_holdings(cycle_of(record("a", "finding", source="other"))))


def test_few_answers_are_not_counted_out_loud() -> None:
    few = held(cycle_of(*(record(str(n), "pupil-view") for n in range(4))))["expectations.work"].from_cycle[0].shown
    enough = held(cycle_of(*(record(str(n), "pupil-view") for n in range(5))))["expectations.work"].from_cycle[0].shown
    assert "fewer than 5" in few
    assert "4" not in few.replace("2024", "")
    assert ": 5, newest" in enough


def test_the_story_names_what_is_not_told_and_never_a_grade() -> None:
    empty = rules.story(cycle_of(), None)
    assert len(empty.missing) == 7  # the school, five factors, and what comes next
    said = {factor.id: f"I tell of {factor.title}." for factor in inspection().factors}
    said["school"] = "We are one school."
    cycle = cycle_of(
        record("s", "inspection-story", **said),
        record("a", "evidence", shows="assessment.told", what="Profiles", where="Shared drive", dated="2026-09-02"),
        record("b", "training", level="specialist", date="2025-01-08"),
        record("d", "objective", what="Halve the gap.", by="2027-07-16"),
    )
    story = rules.story(cycle, None)
    assert story.missing == ()
    texts = [piece.text for part in story.parts for piece in part.pieces if isinstance(piece, Paragraph)]
    points = [one for part in story.parts for piece in part.pieces if isinstance(piece, Points) for one in piece.points]
    assert set(said.values()) <= set(texts)
    assert "Profiles (kept: Shared drive; 2 September 2026)" in [one.text for one in points]
    assert "Halve the gap. By 16 July 2027." in [one.text for one in points]
    assert all(source.place for one in points for source in one.sources)
    opened = WordDocument(io.BytesIO(word(story, DAY)))
    written = "\n".join(each.text for each in opened.paragraphs)
    assert "Where this comes from: [1]" in written
    assert not any(grade.lower() in written.lower() for grade in inspection().grades)


def test_the_story_tells_how_many_pupils_as_the_documents_do() -> None:
    table = FigureTable("status", "", ("Group", "Pupils"), (("SEN support", "40"), ("EHC plan", "c")), "The data.")
    story = rules.story(cycle_of(), SchoolFigures("A school", True, False, {"status": table}))
    (piece,) = story.sections[0].parts[0].pieces
    assert isinstance(piece, Paragraph)
    assert piece.text == "SEN support 40; EHC plan c."


def test_the_framework_is_the_one_in_force_since_november_2025() -> None:
    about, facts = inspection(), read.facts()
    assert check() == []
    assert facts["ofsted-inclusion-area"].value == date(2025, 11, 10)
    assert len(about.grades) == facts["ofsted-grades"].value
    assert [grade.lower() for grade in about.grades] == facts["ofsted-grades"].means.split(".")[0].lower().split("; ")
    assert len(about.factors) == 5
    assert len(about.covers) == 5


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("by: [objectives]", "by: [objective]", 'no rule "objective"'),
        ("kind: slip,", "kind: slippers,", 'kind "slippers"'),
        ("kind: observation, day: day", "kind: observation, day: date", 'observations looks at "date"'),
        ("day: found_on", "day: effect", 'takes the day from "effect", which is no day'),
        ("field: funding", "field: fundings", 'premium looks at "fundings"'),
        ("values: [pupil premium]", "values: [pupils premium]", 'counts those with "pupils premium"'),
        ("kind: review, says", "kind: review, day: date, says", "reviews of the plan do not have"),
        ("field: funding, ", "", '"values" without "field"'),
        ("ofsted-grades", "ofsted-marks", 'no "ofsted-marks"'),
        ("id: premium, kind", "id: review, kind", "is there twice"),
        ("    title: High expectations\n", "", 'no "title"'),
    ],
)
def test_a_mistake_in_the_file_is_a_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    (tmp_path / "audit").mkdir()
    file = Path(shutil.copy(KIT / "audit" / "inspection.yml", tmp_path / "audit"))
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")
    assert any(says in problem.says for problem in check(tmp_path)), check(tmp_path)
