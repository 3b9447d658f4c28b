"""The support staff room: a week is made, checked and moved; slips go out and come back; objectives; the workbook."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.pages import leading_support
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_support_school import results, support_school
from senco_kit.planning import support, support_checks
from senco_kit.planning.model import Cycle, Record
from senco_kit.store import open_store
from senco_kit.store.cycles import NewRecord

SCHOOL = "primary-60-3"
GOOD = {"adult": "TA 1", "day": "1", "start": "09:00", "minutes": "30", "activity": "class", "class_name": "4A"}

PUPILS = [
    ["Pupil", "Year group", "SEN provision", "Main need"],
    *([f"P{number}", 4, "K", "SLCN"] for number in range(1, 6)),
]
PROVISIONS = [
    ["Code", "Name", "Area of need", "Tier", "Group size", "Sessions a week", "Minutes", "Weeks", "Delivered by"],
    ["READ", "Reading group", "cognition and learning", "targeted", 3, 3, 30, 12, "teaching assistant"],
    ["TALK", "Talk time", "communication and interaction", "targeted", 4, 2, 20, 10, "specialist teacher"],
]
WHO = [
    ["Pupil", "Provision"],
    *([f"P{number}", "READ"] for number in range(1, 6)),
    ["P1", "TALK"],
    ["P2", "TALK"],
]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    return open_store().cycles.create("2026 to 2027", SCHOOL).id


@pytest.fixture
def own_id(page: LeadingPage) -> str:
    """A cycle about own data: two groups read with a teaching assistant, one talks with a specialist teacher."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("Pupils", PUPILS), ("Provisions", PROVISIONS), ("Who gets what", WHO)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    store = open_store()
    kept = store.own_schools.keep("Our school", "xlsx", made.getvalue())
    return store.cycles.create("2026 to 2027", f"own-{kept.id}").id


def the(cycle_id: str) -> Cycle:
    return open_store().cycles.one(cycle_id)


def add(cycle_id: str, kind: str, **values: str) -> str:
    return open_store().cycles.add(cycle_id, kind, values)


def found(cycle_id: str, record_id: str) -> Record:
    record = the(cycle_id).find(record_id)
    assert record is not None
    return record


def shown(page: LeadingPage, cycle_id: str, place: str = "") -> str:
    """The words and tags of a place of the room, spaces made one."""
    return " ".join(str(page.view(f"{cycle_id}/support/{place}".rstrip("/")).html).split())


def pressed(page: LeadingPage, cycle_id: str, action: str, **values: str) -> Any:
    return page.press(f"support:{action}", {"cycle": cycle_id, **values})


def test_an_invented_schools_timetable_becomes_a_week_with_its_checks(page: LeadingPage, cycle_id: str) -> None:
    assert "Make the week" in shown(page, cycle_id)
    made = pressed(page, cycle_id, "timetable")
    assert isinstance(made, View)
    assert "entries were added" in made.html
    cycle = the(cycle_id)
    slots = support.slots_of(cycle)
    assert len(slots) == len(cycle.of("slot")) > 50
    assert {slot.adult for slot in slots} == {one.text("label") for one in cycle.of("staff")}
    assert leading_support.standing(cycle).startswith(f"{len(slots)} entries in the week")
    html = shown(page, cycle_id)
    for check in ("uncovered", "missed", "preparation"):
        count = len(results(cycle, slots, support_school(cycle))[check])
        words = next(each for each in support_checks.CHECKS if each.key == check)
        assert (f"{count} {words.one if count == 1 else words.several}" in html) == bool(count)
    assert page.view(f"{cycle_id}/support/checks").html.count("<h3>") == len(support_checks.CHECKS) + 1
    with pytest.raises(Refused, match="Empty it first"):
        pressed(page, cycle_id, "timetable")
    assert "Empty the week?" in shown(page, cycle_id, "empty")
    assert isinstance(pressed(page, cycle_id, "empty"), GoTo)
    assert the(cycle_id).of("slot") == ()


def test_the_week_of_an_adult_and_of_a_day_are_tables_with_headers_and_lists(page: LeadingPage, cycle_id: str) -> None:
    pressed(page, cycle_id, "timetable")
    key = re.search(r"support/adult/([0-9a-f]{12})", shown(page, cycle_id))
    assert key
    week = shown(page, cycle_id, f"adult/{key[1]}")
    for day in support.DAYS:
        assert f'<th scope="col">{day}</th>' in week
        assert f"<h3>{day}</h3>" in week
    assert '<th scope="row">08:40</th>' in week
    entry = re.search(r"support/([0-9a-f]{32})", week)
    assert entry
    assert week.count(f"support/{entry[1]}") == 2  # in the table, and in the list for narrow screens
    monday = shown(page, cycle_id, "day/1")
    slots = [slot for slot in support.slots_of(the(cycle_id)) if slot.day == 1]
    assert all(f"support/{slot.id}" in monday for slot in slots)
    assert "There is no such place" in shown(page, cycle_id, "day/6")
    assert "no longer in the week" in shown(page, cycle_id, "adult/000000000000")


def test_a_slot_that_is_moved_into_another_says_so_at_once(page: LeadingPage, cycle_id: str) -> None:
    add(cycle_id, "slot", **GOOD)
    other = add(cycle_id, "slot", **{**GOOD, "start": "10:00", "class_name": "5A"})
    place = shown(page, cycle_id, other)
    assert "The checks say nothing against this entry" not in place  # no time to prepare
    assert "two places" not in place
    parts = page.save(cycle_id, f"{other}/start", "09:15")
    assert parts
    assert "TA 1 is in two places on Monday between 09:00 and 09:45" in parts["slot-checks"]
    elsewhere = add(cycle_id, "slot", **{**GOOD, "adult": "TA 2", "day": "2"})
    assert "two places" not in shown(page, cycle_id, elsewhere)
    assert "1 clash" in shown(page, cycle_id)
    assert leading_support.standing(the(cycle_id)) == "3 entries in the week, 1 clash"
    parts = page.save(cycle_id, f"{other}/week", "A")
    assert parts
    assert "two places" in parts["slot-checks"]
    with pytest.raises(Refused, match="choose one of the answers shown"):
        page.save(cycle_id, f"{other}/start", "09:17")


def test_what_is_typed_is_shown_as_text_and_an_unfinished_entry_is_named(page: LeadingPage, cycle_id: str) -> None:
    entry = add(cycle_id, "slot", **{**GOOD, "adult": "<b>TA</b>", "class_name": "<i>4A"})
    add(cycle_id, "slot", adult="TA 2")
    html = shown(page, cycle_id)
    assert "<b>" not in html
    assert "&lt;b&gt;TA&lt;/b&gt;" in html
    assert "1 entry does not say yet who, when or what" in html
    for place in ("checks", entry, "day/1"):
        assert "<i>4A" not in shown(page, cycle_id, place)
    assert "1 entry is left out" in shown(page, cycle_id, "checks")


def test_own_data_gets_a_week_by_rule_from_the_list_of_staff(page: LeadingPage, own_id: str) -> None:
    with pytest.raises(Refused, match="no timetable of adults"):
        pressed(page, own_id, "timetable")
    with pytest.raises(Refused, match="Staff and training"):
        pressed(page, own_id, "propose")
    add(own_id, "staff", label="TA 1", role="teaching assistant", hours="20")
    made = pressed(page, own_id, "propose")
    assert "7 entries were added" in made.html  # three sessions for each of two groups, and time to prepare
    assert "Talk time: 2 sessions a week find no place" in made.html
    html = shown(page, own_id)
    assert "1 provision not covered" in html
    assert "clash" not in html
    slots = support.slots_of(the(own_id))
    assert {pupil for slot in slots for pupil in slot.pupils} == {"P1", "P2", "P3", "P4", "P5"}


def test_without_data_the_room_says_what_cannot_be_checked(page: LeadingPage) -> None:
    cycle_id = open_store().cycles.create("Plain").id
    add(cycle_id, "slot", **GOOD)
    assert "Cover is not checked: No school’s data is chosen" in shown(page, cycle_id)
    assert "Name and data" in shown(page, cycle_id, "build")
    with pytest.raises(Refused, match="No school’s data is chosen"):
        pressed(page, cycle_id, "propose")


def test_a_result_is_taken_as_a_finding_once_and_without_a_pupils_code(page: LeadingPage, cycle_id: str) -> None:
    for day in "12345":
        add(cycle_id, "slot", **{**GOOD, "day": day, "minutes": "120", "activity": "pupil", "pupils": "P77"})
    html = shown(page, cycle_id, "checks")
    assert "TA 1 spends 10 hours a week with pupil P77: 100%" in html
    button = next(each for each in re.findall("<button[^>]*support:take[^>]*>", html) if "one pupil" in each)
    values = dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', button))
    assert isinstance(page.press("support:take", values), GoTo)
    page.press("support:take", values)
    (finding,) = the(cycle_id).of("finding")
    assert finding.text("source") == "support"
    assert "P77" not in finding.text("what")
    assert finding.text("what").startswith("TA 1 spends 10 hours a week with one pupil")
    assert "Among your findings" in shown(page, cycle_id, "checks")


def test_a_slip_goes_out_comes_back_and_is_read(page: LeadingPage, cycle_id: str) -> None:
    entry = add(cycle_id, "slot", **GOOD)
    begun = pressed(page, cycle_id, "slip", slot=entry)
    slip = begun.where.split("/")[-1]
    made = found(cycle_id, slip)
    day = made.day("day")
    assert made.text("adult") == "TA 1"
    assert made.text("who") == "With class 4A"
    assert day is not None
    assert day.isoweekday() == 1
    page.save(cycle_id, f"{slip}/objective", "Find the main idea.")
    assert "Waiting for a record (1)" in shown(page, cycle_id, "slips")
    assert "1 slip waits for a record" in leading_support.standing(the(cycle_id))
    paper = shown(page, cycle_id, "slips/print")
    assert paper.count('class="slip"') == 1
    assert all(words in paper for words in ("Find the main idea.", *support.INDEPENDENCE.values()))
    parts = page.save(cycle_id, f"{slip}/did", "Found two of three.")
    assert parts
    assert "The teacher has not read it yet" in parts["slip-standing"]
    assert "There is no slip to print" in shown(page, cycle_id, "slips/print")
    assert "Found two of three." in shown(page, cycle_id, f"slips/print/{slip}")
    parts = page.save(cycle_id, f"{slip}/read", "yes")
    assert parts
    assert parts["slip-standing"] == "The teacher has read the record."
    assert "Read (1)" in shown(page, cycle_id, "slips")
    with pytest.raises(Refused, match="Say first which adult"):
        pressed(page, cycle_id, "slip", slot=add(cycle_id, "slot"))


def test_an_example_of_an_objective_becomes_a_copy_to_change(page: LeadingPage, cycle_id: str) -> None:
    answer = pressed(page, cycle_id, "example", example="ta-step-back")
    record = answer.where.split("/")[-1]
    assert found(cycle_id, record).text("role") == "teaching assistant"
    assert "Begun" in shown(page, cycle_id, "objectives")
    parts = page.save(cycle_id, f"{record}/evidence", "")
    assert parts
    assert "Figures alone do not make an objective" in parts["objective-check"]
    assert "Figures alone" in shown(page, cycle_id, record)
    with pytest.raises(Refused, match="no longer here"):
        pressed(page, cycle_id, "example", example="none")


def test_the_workbook_holds_every_entry_and_no_formula(page: LeadingPage, cycle_id: str) -> None:
    with pytest.raises(Refused, match="The week is empty"):
        pressed(page, cycle_id, "excel")
    add(cycle_id, "slot", **{**GOOD, "adult": "=1+1"})
    add(cycle_id, "slot", **{**GOOD, "adult": "=1+1", "class_name": "@5A"})
    add(cycle_id, "staff", label="=1+1", hours="0.5", role="teaching assistant")
    answer = pressed(page, cycle_id, "excel")
    assert isinstance(answer, Download)
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Week", "Adults", "Checks"]
    week = [[cell.value for cell in row] for row in book["Week"].iter_rows(min_row=5)]
    assert [row[:5] for row in week] == [["'=1+1", "Monday", "09:00", "09:30", 30]] * 2
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
    assert [cell.value for cell in book["Adults"][4]] == ["'=1+1", 0.5, 0.5, 0.5]
    assert {row[0].value for row in book["Checks"].iter_rows(min_row=5)} >= {"Clashes", "Provisions not covered"}


def test_places_and_buttons_that_are_not_there_are_refused(page: LeadingPage, cycle_id: str) -> None:
    assert "no longer here" in shown(page, cycle_id, "0" * 32)
    assert "There is no such place" in shown(page, cycle_id, "slips/other")
    with pytest.raises(Refused, match="does not know"):
        pressed(page, cycle_id, "dance")


def test_a_week_is_stored_under_the_names_that_the_form_asks(page: LeadingPage, cycle_id: str) -> None:
    store = open_store()
    slot = support.Slot("", "TA 1", 3, 580, 25, "provision", "", "7", "1", ("P1",), "English", "B")
    (record_id,) = store.cycles.add_many(cycle_id, [NewRecord("slot", slot.values())])
    read = support.slot_of(found(cycle_id, record_id))
    assert read is not None
    assert read.values() == slot.values()
    assert 'value="English"' in shown(page, cycle_id, record_id)
