"""The room of inspection: evidence is typed in beside what counts by itself, and a story comes of it."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo
from senco_kit.pages import leading_inspection
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.planning.inspection_file import inspection
from senco_kit.planning.kinds import single_id
from senco_kit.store import open_store

STORY = single_id("inspection-story")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": ""})
    assert isinstance(answer, GoTo)
    return answer.where


def shown(page: LeadingPage, *place: str) -> str:
    return str(page.view("/".join(place)).html)


def add_evidence(page: LeadingPage, cycle_id: str, shows: str, **said: str) -> dict[str, str]:
    """Evidence as a person types it: a row, then an answer after the other. What changed on the page at last."""
    table, row, parts = f"evidence/shows/{shows}", str(uuid.uuid4()), {}
    page.add_row(cycle_id, table, row)
    for name, value in said.items():
        parts = page.save(cycle_id, f"{table}/{row}/{name}", value) or {}
    return {name: str(html) for name, html in parts.items()}


def test_all_is_missing_at_first_and_no_grade_is_given(page: LeadingPage, cycle_id: str) -> None:
    html = shown(page, cycle_id, "inspection")
    assert "19 kinds of evidence not held" in html
    assert "never says which grade" in html
    assert "<strong>10 November 2025.</strong>" in html
    assert "[check the source]" not in html
    assert "Exceptional; Strong standard; Expected standard; Needs attention; Urgent improvement" in html
    assert leading_inspection.standing(open_store().cycles.one(cycle_id)) == ""
    places = re.findall(rf'href="#/{cycle_id}/inspection/([a-z]+)"', html)
    assert set(places) == {factor.id for factor in inspection().factors} | {"story"}


def test_evidence_that_is_typed_in_is_held_at_once_and_the_oldest_is_named(page: LeadingPage, cycle_id: str) -> None:
    parts = add_evidence(page, cycle_id, "assessment.told", what="Profiles <b>", where="Drive", dated="4/3/2024")
    assert parts.keys() == {"held-assessment-told"}
    assert "Held" in parts["held-assessment-told"]
    html = shown(page, cycle_id, "inspection")
    assert "18 kinds of evidence not held" in html
    assert "Profiles &lt;b&gt;" in html
    assert "4 March 2024" in html
    assert leading_inspection.standing(open_store().cycles.one(cycle_id)) == "1 of 19 kinds of evidence held"
    assert "Profiles &lt;b&gt;" in shown(page, cycle_id, "inspection", "assessment")


def test_each_factor_shows_its_questions_its_evidence_and_the_rules(page: LeadingPage, cycle_id: str) -> None:
    for factor in inspection().factors:
        html = shown(page, cycle_id, "inspection", factor.id)
        for text in (*factor.questions, *(rule.says for expected in factor.evidence for rule in expected.by)):
            assert text in html
        assert html.count("data-add-row") == len(factor.evidence)


def test_what_the_cycle_holds_is_linked_to_where_it_stands(page: LeadingPage, cycle_id: str) -> None:
    open_store().cycles.add(cycle_id, "finding", {"what": "x", "source": "data", "found_on": "2026-10-02"})
    html = shown(page, cycle_id, "inspection", "assessment")
    assert re.search(rf'href="#/{cycle_id}/findings">Findings from the school’s data: 1, newest 2 October 2026', html)


def test_the_story_is_told_beside_the_evidence_and_made_as_word(page: LeadingPage, cycle_id: str) -> None:
    add_evidence(page, cycle_id, "premium.strategy", what="On the website", dated="2026-09-01")
    parts = page.save(cycle_id, f"{STORY}/premium", "We spend it on reading <b>.")
    assert parts is not None
    assert set(parts) == {"story-premium", "document-state", "document-missing"}
    assert "A draft: 6 things are still missing." in parts["document-state"]
    html = shown(page, cycle_id, "inspection", "story")
    places = re.findall(r'<li><a href="#([^"]+)">[^<]+</a>', str(parts["document-missing"]))
    assert places.pop() == f"/{cycle_id}/plan"
    assert all(html.count(f'id="{place}"') == 1 for place in places)
    assert "We spend it on reading &lt;b&gt;." in parts["story-premium"]
    assert "On the website" in parts["story-premium"]
    made = page.press("inspection:word", {"cycle": cycle_id})
    assert isinstance(made, Download)
    assert re.fullmatch(r"draft-inspection-story-\d{4}-\d\d-\d\d\.docx", made.file_name)


def test_what_is_not_there_is_refused(page: LeadingPage, cycle_id: str) -> None:
    assert "There is no such place" in shown(page, cycle_id, "inspection", "nothing")
    with pytest.raises(Refused):
        page.press("inspection:grade", {"cycle": cycle_id})
    with pytest.raises(Refused, match="does not ask for"):
        page.save(cycle_id, f"{STORY}/grade", "Exceptional")
