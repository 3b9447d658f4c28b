"""The Leading page's ground: cycles, and answers that are kept by the kinds of records for all rooms alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_rooms import ROOMS
from senco_kit.planning import kinds
from senco_kit.planning.model import Cycle
from senco_kit.store import open_store
from senco_kit.store.cycles import NewRecord


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


@pytest.fixture
def cycle_id(page: LeadingPage) -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": "secondary-1050"})
    assert isinstance(answer, GoTo)
    return answer.where


def the_cycle(cycle_id: str) -> Cycle:
    return open_store().cycles.one(cycle_id)


def add(page: LeadingPage, cycle_id: str, kind: str, **values: str) -> str:
    answer = page.press("add", {"cycle": cycle_id, "kind": kind, **values})
    assert isinstance(answer, GoTo)
    return answer.where.split("/")[-1]


def test_a_cycle_is_started_renamed_and_deleted(page: LeadingPage, cycle_id: str) -> None:
    page.save(cycle_id, "name", "Our <b>year</b>")
    page.save(cycle_id, "school", "")
    assert "Our &lt;b&gt;year&lt;/b&gt;" in page.view("").html
    assert "No school’s data" in page.view(cycle_id).html
    page.press("delete", {"cycle": cycle_id})
    assert "Our" not in page.view("").html
    assert "no longer here" in page.view(cycle_id).html


def test_a_start_without_a_name_or_with_a_school_that_is_none_says_so(page: LeadingPage) -> None:
    answer = page.press("start", {"name": " ", "school": "secondary-9"})
    assert isinstance(answer, View)
    assert "There is a problem" in answer.html
    assert open_store().cycles.all() == ()


def test_next_years_cycle_starts_from_this_years(page: LeadingPage, cycle_id: str) -> None:
    add(page, cycle_id, "finding", setsource="review")
    answer = page.press("start", {"name": "2027 to 2028", "school": "", "earlier": cycle_id})
    assert isinstance(answer, GoTo)
    assert [one.text("source") for one in the_cycle(answer.where).records] == ["review"]


def test_every_room_is_on_the_overview_and_opens(page: LeadingPage, cycle_id: str) -> None:
    overview = page.view(cycle_id).html
    for room in (room for rooms in ROOMS.values() for room in rooms):
        assert f'href="#/{cycle_id}/{room.place}"' in overview
        assert "<h2" in page.view(f"{cycle_id}/{room.place}").html, room.place
    assert "There is no such place" in page.view(f"{cycle_id}/nowhere").html


def test_answers_are_kept_by_what_their_kind_asks(page: LeadingPage, cycle_id: str) -> None:
    finding = add(page, cycle_id, "finding", setsource="review")
    page.save(cycle_id, f"{finding}/what", "Reading lags in Year 8.")
    page.save(cycle_id, f"{finding}/found_on", "3 Sept 2026")
    assert the_cycle(cycle_id).records[0].values == {
        "source": "review",
        "what": "Reading lags in Year 8.",
        "found_on": "2026-09-03",
    }


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("found_on", "31 June 2026", "As on which day"),
        ("source", "rumour", "choose one of the answers shown"),
        ("colour", "blue", "does not ask for"),
        ("answers/x", "yes", "does not ask for"),
        ("what", "x" * 20_001, "characters"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_kept(
    page: LeadingPage, cycle_id: str, name: str, value: str, says: str
) -> None:
    finding = add(page, cycle_id, "finding")
    with pytest.raises(Refused, match=says):
        page.save(cycle_id, f"{finding}/{name}", value)
    assert the_cycle(cycle_id).records[0].values == {}


def test_rows_of_a_table_are_records_of_what_they_belong_to(page: LeadingPage, cycle_id: str) -> None:
    objective = add(page, cycle_id, "objective")
    row = "0123456789abcdef0123456789abcdef"
    page.add_row(cycle_id, f"action/objective/{objective}", row)
    page.save(cycle_id, f"action/objective/{objective}/{row}/what", "Train six teachers.")
    cycle = the_cycle(cycle_id)
    aim = cycle.find(objective)
    assert aim is not None
    assert [one.text("what") for one in cycle.serving(aim)] == ["Train six teachers."]
    page.remove_row(cycle_id, f"action/objective/{objective}", row)
    assert the_cycle(cycle_id).of("action") == ()


def test_what_was_removed_meanwhile_is_said(page: LeadingPage, cycle_id: str) -> None:
    finding = add(page, cycle_id, "finding")
    page.press("remove", {"cycle": cycle_id, "record": finding})
    with pytest.raises(Refused, match="no longer here"):
        page.save(cycle_id, f"{finding}/what", "Too late.")
    with pytest.raises(Refused, match="no longer here"):
        page.press("remove", {"cycle": cycle_id, "record": finding})


def test_every_kind_can_be_kept_and_has_its_words() -> None:
    for kind in kinds.kinds().values():
        assert kind.one
        assert kind.several
        assert len({each.name for each in kind.fields}) == len(kind.fields), kind.id
        assert not any("/" in each.name or each.required for each in kind.fields), kind.id


def test_names_that_are_none_are_refused(page: LeadingPage, cycle_id: str) -> None:
    for name in ("x", "finding/x", "finding/a/b/c", f"{'0' * 32}/what"):
        with pytest.raises(Refused):
            page.save(cycle_id, name, "x")
    for table in ("rumour", "finding/x", "action/objective"):
        with pytest.raises(Refused, match="does not ask for"):
            page.add_row(cycle_id, table, "0" * 32)


#: What somebody may have put into a file that is brought in: in every field of every kind.
HOSTILE = "<img src=x onerror=alert(1)>\u202e=HYPERLINK(1)"


def a_hostile_cycle() -> str:
    """A cycle in which every field of every kind holds what it is not for."""
    store = open_store()
    cycle = store.cycles.create("2026 to 2027", "secondary-1050")
    made = []
    for kind in kinds.kinds().values():
        names = [*(each.name for each in kind.fields), *(f"{role}/x" for role in kind.patterns), "unknown", "objective"]
        record_id = kinds.single_id(kind.id) if kind.single else ""
        made.append(NewRecord(kind.id, dict.fromkeys(names, HOSTILE), record_id))
        made.append(NewRecord(kind.id, {}))
    made.append(NewRecord("of-a-newer-kit", {"what": HOSTILE}))
    store.cycles.add_many(cycle.id, made)
    objective = store.cycles.one(cycle.id).of("objective")[0]
    store.cycles.add_review(cycle.id, objective.id, {"what_changed": HOSTILE, "progress": HOSTILE})
    return cycle.id


def places_of(cycle: Cycle) -> list[str]:
    """Every room, and every record in its room."""
    rooms = [room.place for those in ROOMS.values() for room in those]
    records = [
        f"{kinds.kinds()[one.kind].place}/{one.id}"
        for one in cycle.records
        if one.kind in kinds.kinds() and kinds.kinds()[one.kind].place
    ]
    return ["", "name", "delete", *rooms, *records]


def test_what_a_file_brings_in_is_shown_as_text_and_breaks_no_room(page: LeadingPage) -> None:
    cycle = the_cycle(a_hostile_cycle())
    for place in places_of(cycle):
        shown = page.view(f"{cycle.id}/{place}").html
        assert "<img src=x" not in shown, place
        assert "<h2" in shown, place
