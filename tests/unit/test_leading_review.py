"""The SEND review on the Leading page: from the first answer to findings, and voices by file."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import openpyxl
import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.pages import leading_review as room
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.work import work
from senco_kit.planning import school_review as review
from senco_kit.planning.model import Cycle


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LeadingPage]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SENCO_HOME", str(tmp_path_factory.mktemp("home")))
        yield LeadingPage()


@pytest.fixture
def here(page: LeadingPage) -> str:
    with work() as store:
        return store.cycles.create("2026 to 2027").id


def cycle(here: str) -> Cycle:
    with work() as store:
        return store.cycles.one(here)


def seen(page: LeadingPage, place: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", str(page.view(place).html)).split())


def add(here: str, role: str, answer: str, note: str = "") -> str:
    """Somebody's voice that answers everything alike."""
    asked = [prompt.id for each in review.areas() for prompt in each.asked_of(role)]
    values = {"role": role, **{f"answer/{each}": answer for each in asked}} | (
        {f"note/{asked[0]}": note} if note else {}
    )
    with work() as store:
        return store.cycles.add(here, "voice", values)


def test_the_senco_starts_and_sees_at_once_what_holds_a_level_back(page: LeadingPage, here: str) -> None:
    assert "Start your own review" in seen(page, f"{here}/review")
    went = page.press("review:own", {"cycle": here, "area": "4"})
    assert isinstance(went, GoTo)
    assert went.where == f"{here}/review/area/4"
    page.press("review:own", {"cycle": here})  # from another tab
    assert len(cycle(here).of("voice")) == 1
    parts = page.save(here, f"{review.OWN_ID}/level/4", "3") or {}
    assert "Secure cannot stand yet" in parts["review-standing"]
    assert "Parents, or a young person over compulsory school age, are told" in parts["review-standing"]
    page.save(here, f"{review.OWN_ID}/duty/4-told", "yes")
    parts = page.save(here, f"{review.OWN_ID}/duty/4-published", "yes") or {}
    assert "Secure, level 3 of 4" in parts["review-standing"]
    assert "cannot stand" not in parts["review-standing"]
    with pytest.raises(Refused, match="choose one of the answers"):
        page.save(here, f"{review.OWN_ID}/answer/4a", "5")
    with pytest.raises(Refused, match="does not ask for"):
        page.save(here, f"{review.OWN_ID}/answer/99", "1")


def test_a_senco_whose_form_came_in_a_file_starts_no_second_review(page: LeadingPage, here: str) -> None:
    add(here, "senco", "2")
    page.press("review:own", {"cycle": here})
    assert [one.text("answer/1a") for one in cycle(here).of("voice")] == ["2"]


def test_every_place_of_the_room_has_its_heading_and_can_be_reached(page: LeadingPage, here: str) -> None:
    page.press("review:own", {"cycle": here})
    add(here, "teacher", "1")
    places = ["", "/voices", "/differences", "/form/pupil", "/area/1", "/area/8"]
    for place in places:
        html = str(page.view(f"{here}/review{place}").html)
        assert html.count("data-focus") == html.count("<h2 data-focus") == 1, place
        levels = [int(level) for level in re.findall(r"<h(\d)", html)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), place
        assert len(re.findall(r"<table", html)) == len(re.findall(r"<caption", html)), place
    for place in re.findall(rf'href="#/{here}/(review[^"]*)"', str(page.view(f"{here}/review").html)):
        assert "There is no such place" not in seen(page, f"{here}/{place}")


def test_low_areas_missing_duties_and_differences_become_findings(page: LeadingPage, here: str) -> None:
    page.press("review:own", {"cycle": here})
    for field, value in {"level/2": "2", "duty/2-report": "no", "answer/2d": "4"}.items():
        page.save(here, f"{review.OWN_ID}/{field}", value)
    add(here, "teacher", "1")
    for place in ("area/2", "differences"):
        html = str(page.view(f"{here}/review/{place}").html)
        for button in re.findall(r'<button[^>]*data-press="review:take"[^>]*>', html):
            values = dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', button))
            assert isinstance(page.press("review:take", values), GoTo)
    found = {one.under("ref")["review"]: one for one in cycle(here).of("finding")}
    assert set(found) == {"review/area/2", "review/duty/2-report", "review/difference/2d"}
    assert [found[ref].text("source") for ref in sorted(found)] == ["review", "staff", "review"]
    assert "Among your findings" in seen(page, f"{here}/review/area/2")


def test_forms_of_families_are_not_opened_again_and_few_are_not_shown(page: LeadingPage, here: str) -> None:
    record = add(here, "parent", "1", "unmistakable words")
    assert "This form can't be opened again" in seen(page, f"{here}/review/voices/{record}").replace("’", "'")
    went = page.press("review:finish", {"cycle": here, "record": record})
    assert isinstance(went, GoTo)
    assert went.where == f"{here}/review/voices"
    with pytest.raises(Refused, match="not opened again"):
        room.show(cycle(here), ["voices", record])
    for _ in range(3):
        add(here, "parent", "1", "unmistakable words")
    add(here, "head", "4")
    for place in ("", "/area/1", "/differences"):
        shown = seen(page, f"{here}/review{place}")
        assert not [words for words in ("Hardly ever", "unmistakable") if words in shown], place
    assert "fewer than 5" in seen(page, f"{here}/review/voices")
    add(here, "parent", "1", "unmistakable words")
    assert "Hardly ever" in seen(page, f"{here}/review/differences")
    assert "unmistakable words" in seen(page, f"{here}/review/area/1")
    empty = page.press("add", {"cycle": here, "kind": "voice", "setrole": "pupil", "then": "review/voices"})
    assert isinstance(empty, GoTo)
    with pytest.raises(Refused, match="No question is answered yet"):
        page.press("review:finish", {"cycle": here, "record": empty.where.rpartition("/")[2]})


def test_a_voice_comes_in_a_file_once_and_a_wrong_file_changes_nothing(page: LeadingPage, here: str) -> None:
    made = page.press("review:form", {"cycle": here, "voice": "teacher"})
    assert isinstance(made, Download)
    assert made.file_name == "send-review-teacher.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    (row,) = [row for row in book["Form"].iter_rows() if row[0].value == "3a"]
    row[3].value, row[4].value = "Sometimes", "<script>alert(1)</script>"
    data = io.BytesIO()
    book.save(data)
    went = page.take_file(f"review:bring:{here}", data.getvalue())
    assert isinstance(went, GoTo)
    assert went.says == "The form is brought in: Teacher."
    with pytest.raises(Refused, match="here already"):
        page.take_file(f"review:bring:{here}", data.getvalue())
    (record,) = cycle(here).of("voice")
    assert record.text("answer/3a") == "2"
    assert "<script>" not in str(page.view(f"{here}/review/area/3").html)
    row[3].value = "Now and then"
    wrong = io.BytesIO()
    book.save(wrong)
    said = page.take_file(f"review:bring:{here}", wrong.getvalue())
    assert isinstance(said, View)
    assert "“Now and then” is not on the list" in said.html
    assert cycle(here).of("voice") == (record,)


def test_the_room_says_how_far_it_is(page: LeadingPage, here: str) -> None:
    assert room.standing(cycle(here)) == ""
    add(here, "head", "3")
    assert room.standing(cycle(here)) == "8 of 8 areas have a level, 1 of 7 voices heard"


@pytest.mark.parametrize("place", ["area/99", "form/caretaker", "voices/" + "0" * 32, "nowhere"])
def test_a_place_that_is_not_there_is_told(page: LeadingPage, here: str, place: str) -> None:
    with pytest.raises(Refused):
        room.show(cycle(here), place.split("/"))


def test_of_staff_only_two_steps_are_listed_few_at_once_and_smaller_ones_counted(page: LeadingPage, here: str) -> None:
    add(here, "support", "2")
    add(here, "support", "3")
    asked = sum(len(each.asked_of("support")) for each in review.areas())
    small = seen(page, f"{here}/review/differences")
    assert f"only one step apart in {asked} prompts. These are not listed." in small
    assert "from “Sometimes”" not in small
    add(here, "support", "4")
    html = str(page.view(f"{here}/review/differences").html)
    assert html.count("from “Sometimes” to “Always”") == asked
    folded = html[html.index(f"{asked - 6} more, 2 steps") :]
    assert folded.count("from “Sometimes” to “Always”") == asked - 6


def test_the_table_of_voices_says_each_step_in_words_and_stacks_when_narrow(page: LeadingPage, here: str) -> None:
    add(here, "teacher", "3")
    add(here, "pupil", "1")
    html = str(page.view(f"{here}/review").html)
    table = html[html.index('<table class="stacks">') : html.index("</table>")]
    assert table.count('data-label="Pupil"') == 8
    assert table.count("fewer than 5") == 8
    assert table.count("Most of the time") == len([each for each in review.areas() if each.asked_of("teacher")])
