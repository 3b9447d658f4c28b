"""The room of staff and training as its page shows it: records, gaps, sessions, and Excel in and out."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from senco_kit.forms.screen import Download, Gone, GoTo, View
from senco_kit.pages import leading_staff
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    return started(page, "secondary-1050")


def started(page: LeadingPage, school: str) -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": school})
    assert isinstance(answer, GoTo)
    return answer.where


def shown(page: LeadingPage, place: str) -> str:
    html = str(page.view(place).html).replace("&#39;", "'")
    assert "This can't be shown" not in html
    return html


def kept(cycle_id: str) -> Cycle:
    with work() as store:
        return store.cycles.one(cycle_id)


def add_staff(page: LeadingPage, cycle_id: str, label: str, role: str = "teaching assistant") -> str:
    answer = page.press("add", {"cycle": cycle_id, "kind": "staff", "setlabel": label, "setrole": role})
    assert isinstance(answer, GoTo)
    return answer.where.rpartition("/")[2]


def test_a_member_is_added_described_and_removed_with_the_training(page: LeadingPage) -> None:
    cycle_id = started(page, "")
    assert "There are no staff yet" in shown(page, f"{cycle_id}/staff")
    assert "invented school’s staff" not in shown(page, f"{cycle_id}/staff")
    member = add_staff(page, cycle_id, "TA <b>1</b>")
    page.save(cycle_id, f"{member}/has/autism", "2")
    answer = page.press("staff:add-training", {"cycle": cycle_id, "member": member})
    assert isinstance(answer, GoTo)
    training = answer.where.rpartition("/")[2]
    page.save(cycle_id, f"{training}/course", "Autism")
    page.save(cycle_id, f"{training}/expires", "1/9/2020")
    page.save(cycle_id, f"{training}/covers/independence", "yes")
    html = shown(page, f"{cycle_id}/staff/{member}")
    assert "TA &lt;b&gt;1&lt;/b&gt;" in html
    assert "Autism: 2, confident (as they said). ✓ As asked: 2." in html
    assert "Has run out" in html
    assert "checked" in shown(page, f"{cycle_id}/staff/{training}")
    page.press("staff:remove-member", {"cycle": cycle_id, "member": member})
    assert kept(cycle_id).records == ()


def test_the_invented_records_fill_every_page_of_the_room(page: LeadingPage, cycle_id: str) -> None:
    page.press("staff:invented", {"cycle": cycle_id})
    page.press("staff:invented", {"cycle": cycle_id})  # a second press in another tab adds nothing
    cycle = kept(cycle_id)
    assert (len(cycle.of("staff")), len(cycle.of("training"))) == (91, 195)
    assert "91 staff" in leading_staff.standing(cycle)
    assert "Invented" in shown(page, f"{cycle_id}/staff")
    gaps = shown(page, f"{cycle_id}/staff/gaps")
    first = gaps.index("Specific learning difficulties, such as dyslexia: Support staff")
    assert first < gaps.index("Specific learning difficulties, such as dyslexia: Teachers")
    assert "30 of 30 are below the level asked, 2 of 3. Gap: 41 pupils × 53 levels missing ÷ 30 members" in gaps
    assert "The same counts as a table" in shown(page, f"{cycle_id}/staff/matrix/support")
    folded = shown(page, f"{cycle_id}/staff/training")
    assert folded.count("<tr>") - folded.count("<table") == 195
    staff = shown(page, f"{cycle_id}/staff")
    assert staff.count(" valid training") == 91
    assert "<details open" not in staff  # by team; a phone would need 18,000 px for all of them
    places = [staff.index(f">{label}<") for label in ("TA 1", "TA 2", "TA 9", "TA 10", "TA 11")]
    assert places == sorted(places)
    assert "small counts are not hidden here" in shown(page, f"{cycle_id}/staff/pupils")
    for place in ("matrix/pirates", "session/flying", "session/autism/4-leading-colleagues.nothing", "excel/more", "0"):
        assert "This can't be shown" in str(page.view(f"{cycle_id}/staff/{place}").html).replace("&#39;", "'")


def test_a_gap_is_taken_as_a_finding_once(page: LeadingPage, cycle_id: str) -> None:
    values = {
        "what": "Autism: 3 of 4 below.",
        "source": "training",
        "effect": "hinders",
        "ref": "training/autism/support",
    }
    page.press("staff:take", {"cycle": cycle_id, **values})
    page.press("staff:take", {"cycle": cycle_id, **values})
    (finding,) = kept(cycle_id).of("finding")
    assert (finding.text("source"), finding.text("what")) == ("training", "Autism: 3 of 4 below.")


def test_a_school_without_data_weighs_pupils_that_were_typed_in(page: LeadingPage) -> None:
    cycle_id = started(page, "")
    for number in range(3):
        add_staff(page, cycle_id, f"TA {number}")
    assert "<details open><summary>Support staff: 3</summary>" in shown(page, f"{cycle_id}/staff")
    assert "No pupils’ needs are known" in shown(page, f"{cycle_id}/staff/gaps")
    html = shown(page, f"{cycle_id}/staff/pupils")
    name = html.split('/count/ASD"')[0].rpartition('"')[2]
    page.save(cycle_id, f"{name}/count/ASD", "6")
    assert "Gap: 6 pupils × 6 levels missing ÷ 3 members = <strong>12</strong>" in shown(page, f"{cycle_id}/staff/gaps")
    page.save(cycle_id, f"{name}/count/ASD", "1")
    assert "Gap: 1 pupil × 6 levels missing ÷ 3 members = <strong>2</strong>" in shown(page, f"{cycle_id}/staff/gaps")


def test_a_session_from_the_course_becomes_training_of_those_who_come(page: LeadingPage) -> None:
    cycle_id = started(page, "")
    members = [add_staff(page, cycle_id, f"TA {number}") for number in range(2)]
    add_staff(page, cycle_id, "Teacher 1", "teacher")
    html = shown(page, f"{cycle_id}/staff/session/independence")
    assert 'href="/facilitator#/session/4"' in html
    assert 'href="/course#/4-leading-colleagues"' in html
    place = f"{cycle_id}/staff/session/independence/4-leading-colleagues.week"
    assert 'value="13"' in shown(page, place)
    about = {"cycle": cycle_id, "competence": "independence", "part": "4-leading-colleagues.week", "course": "A week"}
    wrong = page.press("staff:plan-session", {**about, "date": "31/6/2027", "minutes": "0", "level": ""})
    assert isinstance(wrong, View)
    assert str(wrong.html).count('class="visually-hidden">Error:') == 4  # day, minutes, level, who
    assert kept(cycle_id).of("training") == ()
    right = {**about, "date": "1/6/2099", "minutes": "45", "level": "awareness", "team-support": "yes"}
    page.press("staff:plan-session", {**right, f"member-{members[0]}": "yes"})
    trainings = kept(cycle_id).of("training")
    assert [one.text("staff") for one in trainings] == members
    assert {(one.text("date"), one.text("hours"), one.text("kind")) for one in trainings} == {
        ("2099-06-01", "0.75", "in-house")
    }
    assert all(one.is_ticked("covers/independence") for one in trainings)
    assert "Planned: 2" in shown(page, f"{cycle_id}/staff/training")


def test_staff_go_out_to_excel_and_come_into_another_cycle(page: LeadingPage, cycle_id: str) -> None:
    add_staff(page, cycle_id, "TA 1")
    sent = page.press("staff:export", {"cycle": cycle_id})
    template = page.press("staff:template", {"cycle": cycle_id})
    assert isinstance(sent, Download)
    assert isinstance(template, Download)
    other = started(page, "")
    assert isinstance(page.take_file(f"staff:read:{other}", sent.data), GoTo)
    assert [dict(one.values) for one in kept(other).records] == [dict(one.values) for one in kept(cycle_id).records]


def test_what_a_file_adds_and_what_it_changes_is_kept_together_or_not_at_all(page: LeadingPage, cycle_id: str) -> None:
    member = add_staff(page, cycle_id, "TA 1")
    opened = kept(cycle_id)
    sent = page.press("staff:export", {"cycle": cycle_id})
    assert isinstance(sent, Download)
    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    book["Staff"]["C3"].value = "9Z"
    book["Staff"].append(["TA 2", "teacher"])
    made = io.BytesIO()
    book.save(made)
    page.press("staff:remove-member", {"cycle": cycle_id, "member": member})  # in another tab, meanwhile
    with pytest.raises(Gone):
        leading_staff.take_file(opened, "read", made.getvalue())
    assert kept(cycle_id).records == ()
    add_staff(page, cycle_id, "TA 1")
    done = page.take_file(f"staff:read:{cycle_id}", made.getvalue())
    assert isinstance(done, GoTo)
    assert [(one.text("label"), one.text("year")) for one in kept(cycle_id).of("staff")] == [
        ("TA 1", "9Z"),
        ("TA 2", ""),
    ]


def test_a_file_with_mistakes_is_told_in_a_list_and_nothing_of_it_is_stored(page: LeadingPage, cycle_id: str) -> None:
    add_staff(page, cycle_id, "TA 1")
    sent = page.press("staff:export", {"cycle": cycle_id})
    assert isinstance(sent, Download)
    book = openpyxl.load_workbook(io.BytesIO(sent.data))
    book["Staff"].append(["TA 2", "astronaut <i>", "", -4])
    book["Staff"].append(["TA 3", "teacher"])
    book["Training"].append(["TA 9", "Autism", "", "", "32/9/2026"])
    made = io.BytesIO()
    book.save(made)
    before = kept(cycle_id)
    answer = page.take_file(f"staff:read:{cycle_id}", made.getvalue())
    assert isinstance(answer, View)
    html = str(answer.html)
    assert "Your file needs 4 changes" in html
    for words in ("astronaut &lt;i&gt;", "“-4” cannot be right here", "is not on the sheet Staff", "Enter a date"):
        assert words in html, words
    assert 'data-label="Row">4<' in html
    assert kept(cycle_id) == before


def test_a_label_that_is_there_twice_is_put_right_before_it_goes_out(page: LeadingPage, cycle_id: str) -> None:
    for _ in range(2):
        add_staff(page, cycle_id, "TA 1")
    assert "Two members of staff are called “TA 1”" in shown(page, f"{cycle_id}/staff/excel")
    assert "Download all staff" not in shown(page, f"{cycle_id}/staff/excel")
