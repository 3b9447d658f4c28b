"""The room of money: spending is explained rightly, the two ways change as figures are typed, all becomes findings."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo
from senco_kit.pages import leading_money
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.planning.kinds import single_id
from senco_kit.provision import own_data
from senco_kit.store import open_store

TWO_WAYS = single_id("two-ways")


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LeadingPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return LeadingPage()


def started(page: LeadingPage, school: str = "secondary-1050") -> str:
    answer = page.press("start", {"name": "2026 to 2027", "school": school})
    assert isinstance(answer, GoTo)
    return answer.where


def words(html: object) -> str:
    return " ".join(re.sub("<[^>]+>", " ", str(html)).replace("&#39;", "'").split())


def button(html: str) -> dict[str, str]:
    found = re.search(r'<button[^>]*data-press="money:take"[^>]*>', html)
    assert found
    return dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', found[0]))


def test_spending_is_shown_with_threshold_and_notional_budget_explained(page: LeadingPage) -> None:
    cycle_id = started(page)
    says = words(page.view(f"{cycle_id}/money").html)
    assert "Invented school" in says
    assert "Pupils with SEN support 140 £32,852 £712,035 £5,086" in says
    assert "£6,000 is a threshold of costs" in says
    assert "No pupil brings this sum into school" in says
    assert "recording more pupils as K or E does not raise it" in says
    # What nobody has looked up is never shown as certain.
    for doubtful in ("not ring-fenced.", "does not ask for an EHC plan before top-up", "local authority decides"):
        assert re.search(rf"{doubtful}[^.]*(\.? ?Source:.*?) Check the source", says)
    assert "a guide figure" in says


def test_a_question_is_taken_as_a_finding_once(page: LeadingPage) -> None:
    cycle_id = started(page)
    values = button(str(page.view(f"{cycle_id}/money").html))
    for _ in range(2):
        page.press("money:take", values)
    (finding,) = open_store().cycles.one(cycle_id).of("finding")
    assert finding.text("source") == "money"
    assert finding.text("ref/money").startswith("money/")
    assert finding.day("found_on") is not None
    with pytest.raises(Refused):
        page.press("money:give", values)


def test_the_two_ways_change_while_figures_are_typed(page: LeadingPage) -> None:
    cycle_id = started(page)
    says = words(page.view(f"{cycle_id}/money/two-ways").html)
    assert "Choose a provision, or type a sum" in says
    assert says.count(": the kit starts from") == 9
    parts = page.save(cycle_id, f"{TWO_WAYS}/provision", "1001021")
    assert parts
    first = words(parts["two-ways-result"])
    assert "8 places at £1,858 (8 now)" in first
    assert "17 teachers" in first
    assert "Not known from the data." in first
    assert "−8.0 to 9.9" in first  # the interval of the provision map
    parts = page.save(cycle_id, f"{TWO_WAYS}/coaching", "0")
    assert parts
    assert "44 teachers" in words(parts["two-ways-result"])  # 6 hours at £52.88, after £600 for the trainer
    page.save(cycle_id, f"{TWO_WAYS}/from/coaching", "Our own <i>plan</i>")
    parts = page.save(cycle_id, f"{TWO_WAYS}/sum", "700")
    assert parts
    assert "does not pay for the trainer and one teacher" in words(parts["two-ways-result"])
    html = str(page.view(f"{cycle_id}/money/two-ways").html)
    assert "Our own &lt;i&gt;plan" in html
    assert leading_money.standing(open_store().cycles.one(cycle_id)) == "A sum compared two ways"
    with pytest.raises(Refused, match="Training for each teacher"):
        page.save(cycle_id, f"{TWO_WAYS}/hours", "a lot")
    page.press("money:take", button(html))
    (finding,) = open_store().cycles.one(cycle_id).of("finding")
    assert "not known from the data" in finding.text("what")


def test_without_data_the_room_says_what_to_do_and_keeps_what_is_typed(page: LeadingPage) -> None:
    cycle_id = started(page, "")
    for place in ("money", "money/two-ways"):
        assert "No school’s data is chosen" in words(page.view(f"{cycle_id}/{place}").html)
    assert page.save(cycle_id, f"{TWO_WAYS}/sum", "5000") is None
    assert "no such place" in words(page.view(f"{cycle_id}/money/elsewhere").html)


def test_a_special_school_has_no_notional_budget(page: LeadingPage) -> None:
    cycle_id = started(page, "special-120")
    says = words(page.view(f"{cycle_id}/money").html)
    assert "For whom" in says
    assert "notional" not in says.lower()
    assert "£6,000" not in says


def own_file() -> bytes:
    """The CSV template with forty pupils, two classes and one provision."""
    pupils = [
        [f"P{n}", "3", "K" if n < 12 else "N", "SLCN" if n < 12 else "", "3A" if n % 2 else "3B", "no"]
        for n in range(40)
    ]
    provision = ["R1", "Reading", "cognition and learning", "targeted", "reading", "3", "2", "30", "10"]
    filled = {
        "Pupils.csv": pupils,
        "Provisions.csv": [[*provision, "teaching assistant", "18", "10", "5", "core"]],
        "Who gets what.csv": [[f"P{n}", "R1", "20", "15", str(78 + n), str(80 + n), "", ""] for n in range(8)],
    }
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(own_data.template_csv())) as empty, zipfile.ZipFile(into, "w") as full:
        for name in empty.namelist():
            text = io.StringIO()
            csv.writer(text).writerows(filled.get(name, []))
            full.writestr(name, empty.read(name) + text.getvalue().encode())
    return into.getvalue()


def test_own_data_shows_what_it_has_and_names_what_it_has_not(page: LeadingPage) -> None:
    cycle_id = started(page, f"own-{open_store().own_schools.keep('Ours', 'zip', own_file()).id}")
    says = words(page.view(f"{cycle_id}/money").html)
    assert "Your own data" in says
    assert "Your data has no accounts" in says
    assert "Pupils with SEN support 12" in says
    two = words(page.view(f"{cycle_id}/money/two-ways").html)
    assert "An hour of the coach: the kit starts from 53 pounds." in two
    assert "One for each class in the data." in two
    causes = words(page.view(f"{cycle_id}/causes").html)
    assert "has nothing on which groups" in causes
    assert "Attendance and persistent absence: the data has no sessions" in causes


def test_own_data_that_is_deleted_is_shown_nowhere_any_more(page: LeadingPage) -> None:
    kept = open_store().own_schools.keep("Ours", "zip", own_file()).id
    cycle_id = started(page, f"own-{kept}")
    assert "Pupils with SEN support 12" in words(page.view(f"{cycle_id}/money").html)
    open_store().own_schools.delete(kept)
    for room in ("money", "causes", "documents/governors-report"):
        says = words(page.view(f"{cycle_id}/{room}").html)
        assert "SEN support 12" not in says
        assert "Ours" not in says
