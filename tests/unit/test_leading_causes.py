"""The room of causes: gaps are shown and asked about, answers are kept and become findings, with own data too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo
from senco_kit.pages import leading_causes
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.planning.model import Cycle, Record
from senco_kit.store import open_store


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    return went(page.press("start", {"name": "2026 to 2027", "school": "secondary-1050"}))


def went(answer: object) -> str:
    assert isinstance(answer, GoTo)
    return answer.where


def shown(page: LeadingPage, place: str) -> str:
    return str(page.view(place).html)


def the_cycle(cycle_id: str) -> Cycle:
    return open_store().cycles.one(cycle_id)


def ask(page: LeadingPage, cycle_id: str, gap: str = "sen-K.reading") -> str:
    return went(page.press("causes:ask", {"cycle": cycle_id, "gap": gap})).split("/")[-1]


def finding(cycle_id: str) -> Record:
    (found,) = the_cycle(cycle_id).of("finding")
    return found


def test_the_gaps_stand_in_a_picture_that_is_a_table(page: LeadingPage, cycle_id: str) -> None:
    html = shown(page, f"{cycle_id}/causes")
    assert "Invented school" in html
    assert "<caption" in html
    assert 'class="axis-line zero"' in html
    assert re.search(r"<strong>\d+ of \d+ gaps are worth asking about\.</strong>", html)
    assert "Benjamini and Hochberg" in html
    assert "Newcombe" in html
    # Every interval that is drawn can be read as text in the same row.
    rows = re.findall(r"<tr>\s*<th scope=\"row\" class=\"chart-name\">.*?</tr>", html, re.DOTALL)
    assert len(rows) == 17
    assert all("whisker" in row and re.search(r"\([−\d.]+ to [−\d.]+\)", row) for row in rows)
    assert "Persistently absent: missed a tenth" in shown(page, f"{cycle_id}/causes/persistent-absence")
    assert "Those who were may have been chosen" in shown(page, f"{cycle_id}/causes/language")
    assert "no such measure" in shown(page, f"{cycle_id}/causes/nothing")


def test_a_gap_is_asked_about_once_and_what_is_answered_is_counted(page: LeadingPage, cycle_id: str) -> None:
    record_id = ask(page, cycle_id)
    assert ask(page, cycle_id) == record_id
    page.save(cycle_id, f"{record_id}/answer/attendance", "no")
    page.save(cycle_id, f"{record_id}/note/attendance", "<b>They</b> are there.")
    with pytest.raises(Refused):
        page.save(cycle_id, f"{record_id}/answer/attendance", "perhaps")
    with pytest.raises(Refused, match="does not ask for"):
        page.save(cycle_id, f"{record_id}/answer/luck", "yes")
    html = shown(page, f"{cycle_id}/causes/{record_id}")
    assert "&lt;b&gt;They" in html
    assert "<b>They" not in html
    assert "not what causes what" in html
    assert f'data-name="{record_id}/answer/environment"' in html or f'name="{record_id}/answer/environment"' in html
    assert "1 of 5 answered" in shown(page, f"{cycle_id}/causes")
    assert leading_causes.standing(the_cycle(cycle_id)) == "1 gap asked about, 1 answer"
    assert shown(page, f"{cycle_id}/causes").count("Go on asking why") == 1


def test_an_answer_is_taken_as_a_finding_once(page: LeadingPage, cycle_id: str) -> None:
    record_id = ask(page, cycle_id, "area-2.maths")
    button = {"cycle": cycle_id, "record": record_id, "factor": "provision"}
    with pytest.raises(Refused, match="Answer first"):
        page.press("causes:take-answer", button)
    page.save(cycle_id, f"{record_id}/answer/provision", "yes")
    first = went(page.press("causes:take-answer", button))
    assert went(page.press("causes:take-answer", button)) == first
    taken = finding(cycle_id)
    assert taken.text("source") == "cause"
    assert taken.text("area") == "cognition and learning"
    assert taken.text("ref/cause") == "cause/area-2.maths/provision"
    assert "47 have targeted or specialist provision" in taken.text("where_from")
    assert taken.day("found_on") is not None
    assert f"#/{first}" in shown(page, f"{cycle_id}/causes/{record_id}")


def test_a_gap_is_taken_as_a_finding_without_small_counts(page: LeadingPage, cycle_id: str) -> None:
    record_id = ask(page, cycle_id, "area-4.suspended")
    html = shown(page, f"{cycle_id}/causes/{record_id}")
    button = re.search(r'<button[^>]*data-press="causes:take"[^>]*>', html)
    assert button
    values = dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', button[0]))
    page.press("causes:take", values)
    assert "figures left out" in finding(cycle_id).text("what")
    assert finding(cycle_id).text("source") == "data"
    page.save(cycle_id, f"{record_id}/answer/teaching", "no")
    page.save(cycle_id, "school", "")
    page.press("causes:take-answer", {"cycle": cycle_id, "record": record_id, "factor": "teaching"})
    assert all(" in 100" not in each.text("what") for each in the_cycle(cycle_id).of("finding"))


def test_a_gap_from_elsewhere_is_asked_about_without_any_data(page: LeadingPage, cycle_id: str) -> None:
    page.save(cycle_id, "school", "")
    html = shown(page, f"{cycle_id}/causes")
    assert "No school’s data is chosen" in html
    assert "Ask about a gap from elsewhere" in html
    record_id = went(page.press("add", {"cycle": cycle_id, "kind": "why"})).split("/")[-1]
    page.save(cycle_id, f"{record_id}/what", "Year 8 are late after lunch.")
    page.save(cycle_id, f"{record_id}/answer/environment", "unsure")
    assert "this gap comes from elsewhere" in shown(page, f"{cycle_id}/causes/{record_id}")
    page.press("causes:take-answer", {"cycle": cycle_id, "record": record_id, "factor": "environment"})
    assert "Year 8 are late after lunch." in finding(cycle_id).text("what")
    assert finding(cycle_id).text("ref/cause") == f"cause/{record_id}/environment"


def test_a_gap_that_is_no_longer_in_the_data_keeps_its_answers(page: LeadingPage, cycle_id: str) -> None:
    record_id = ask(page, cycle_id)
    page.save(cycle_id, f"{record_id}/answer/teaching", "yes")
    page.save(cycle_id, "school", "")
    html = shown(page, f"{cycle_id}/causes/{record_id}")
    assert "no longer in the data" in html
    assert "Pupils with SEN support score" in html
    with pytest.raises(Refused, match="no longer in the data"):
        page.press("causes:ask", {"cycle": cycle_id, "gap": "sen-E.reading"})
    page.press("remove", {"cycle": cycle_id, "record": record_id})
    assert "no longer here" in shown(page, f"{cycle_id}/causes/{record_id}")
