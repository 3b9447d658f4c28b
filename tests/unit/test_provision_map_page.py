"""What the provision map page and the invented schools page show and do, asked of them directly."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.pages.invented_schools_page import InventedSchoolsPage
from senco_kit.pages.provision_map_data import OpenSchools, key_of, kind_of_file, order_of
from senco_kit.pages.provision_map_page import ProvisionMapPage
from senco_kit.pages.provision_map_reading import Question, compare
from senco_kit.provision import own_data
from senco_kit.schools.model import Order, Truth
from senco_kit.store import open_store

KEY = "primary-210-7"

#: A row of the sheet Provisions.
PROVISION = "R1|Reading <b>|cognition and learning|targeted|reading|3|2|30|10|teaching assistant|18|10|5|core"


@pytest.fixture(scope="module")
def schools() -> OpenSchools:
    """Schools that are opened once for all tests here."""
    return OpenSchools()


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, schools: OpenSchools) -> ProvisionMapPage:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    made = ProvisionMapPage()
    schools.own = None
    made._schools = schools
    return made


def html(page: ProvisionMapPage, place: str) -> str:
    shown = str(page.view(place).html).replace("&#39;", "'")
    assert "This can't be shown" not in shown
    return shown


def own_file(**changed: list[str]) -> bytes:
    """The CSV template filled in: six pupils, one provision. `changed` replaces a pupil's row by its code."""
    filled = {
        "Pupils.csv": [
            ["P1", "3", "K", "SLCN", "3A", "no"],
            *([f"P{n}", "3", "N", "", "3A", "no"] for n in range(2, 7)),
        ],
        "Provisions.csv": [
            [
                "R1",
                "Reading <b>",
                "cognition and learning",
                "targeted",
                "reading",
                "3",
                "2",
                "30",
                "10",
                "teaching assistant",
                "18",
                "10",
                "5",
                "core",
            ]
        ],
        "Who gets what.csv": [[f"P{n}", "R1", "20", "15", "80", "85", "", ""] for n in range(1, 4)],
    }
    filled["Pupils.csv"] = [changed.get(row[0], row) for row in filled["Pupils.csv"]]
    into = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(own_data.template_csv())) as empty, zipfile.ZipFile(into, "w") as full:
        for name in empty.namelist():
            text = io.StringIO()
            csv.writer(text).writerows(filled.get(name, []))
            full.writestr(name, empty.read(name) + text.getvalue().encode())
    return into.getvalue()


def test_every_place_of_a_school_is_shown_and_says_that_it_is_invented(page: ProvisionMapPage) -> None:
    places = ["", "provisions", "pupils", "adults", "money", "planner", "planner/compare", "planner/share/money"]
    places += ["planner/share/hours", "report", "read", "read/compare", "how-sure", "map/3/SEN", "pupils/all/K/1"]
    for place in places:
        shown = html(page, f"{KEY}/{place}")
        assert "Invented school" in shown
        assert "Nothing in it is real." in shown
    school = page._schools.open(KEY)
    for row in school.provisions:
        assert str(row["reason"])[:40] in html(page, f"{KEY}/provision/{row['provision_id']}").replace("&amp;", "&")
    assert "The week" in html(page, f"{KEY}/adult/{school.adults[0]['staff_id']}")
    assert "Gets" in html(page, f"{KEY}/pupil/{school.pupils[0]['pupil_id']}")


def test_a_filter_shows_its_pupils_only_and_moves_the_focus_to_them(page: ProvisionMapPage) -> None:
    answer = page.press("filter", {"school": KEY, "year": "3", "sen": "K"})
    assert answer == GoTo(f"{KEY}/map/3/K")
    shown = page.view(f"{KEY}/map/3/K")
    assert shown.focus == "map-table"
    assert "pupils with SEN support, Year 3" in shown.html
    school = page._schools.open(KEY)
    pupils = school.data.pupils
    here = pupils[(pupils["year_group"].astype(str) == "3") & (pupils["SENprovision"].astype(str) == "K")]
    count = school.data.enrolments.loc[school.data.enrolments["pupil_id"].isin(here["pupil_id"]), "pupil_id"].nunique()
    cells = re.findall(r"<strong>(\d+) pupil", shown.html.partition("</table>")[0])
    assert int(cells[-1]) == count > 0
    assert "There is no such year group" in page.view(f"{KEY}/map/9/K").html


def test_the_cost_of_a_provision_is_worked_out_step_by_step(page: ProvisionMapPage) -> None:
    school = page._schools.open(KEY)
    row = school.provisions[0]
    shown = html(page, f"{KEY}/provision/{row['provision_id']}")
    assert f"£{row['cost']:,.0f}" in shown
    assert f"£{row['preparation_cost']:,.0f}" in shown
    assert "÷ 60 ×" in shown
    sessions = row["groups"] * row["sessions_per_week"] * row["weeks"]
    assert row["staff_cost"] == pytest.approx(sessions * row["minutes"] / 60 * row["hourly_cost"])


def test_a_pupil_is_found_by_number_and_pages_turn(page: ProvisionMapPage) -> None:
    first = page._schools.open(KEY).pupils[0]["pupil_id"]
    assert page.press("find-pupil", {"school": KEY, "pupil": f" {first} "}) == GoTo(f"{KEY}/pupil/{first}")
    with pytest.raises(Refused, match="no pupil with this number"):
        page.press("find-pupil", {"school": KEY, "pupil": "1"})
    assert "Page 2 of 5" in html(page, f"{KEY}/pupils/all/all/2")
    assert "Page 5 of 5" in html(page, f"{KEY}/pupils/all/all/99")


def test_a_plan_is_saved_change_by_change_and_says_at_once_what_it_comes_to(page: ProvisionMapPage) -> None:
    started = page.press("plan-start", {"school": KEY, "name": "Larger groups <b>"})
    assert isinstance(started, GoTo)
    plan = started.where.rsplit("/", 1)[1]
    provision = next(row["provision_id"] for row in page._schools.open(KEY).provisions if row["group_size"] > 1)
    taken = page.press("plan-take", {"school": KEY, "plan": plan, "provision": str(provision)})
    assert isinstance(taken, View)
    assert taken.focus == f"planned-{provision}"
    form = f"scenario:{KEY}:{plan}"
    parts = page.save(form, f"{provision}/weeks", "1")
    assert parts is not None
    assert "less a year" in parts["plan-totals"]
    assert "less a year" in parts[f"plan-one-{provision}"]
    assert open_store().scenarios.one(plan).changes[str(provision)]["weeks"] == "1"
    page.save(form, "name", "Shorter")
    assert "Shorter" in html(page, f"{KEY}/planner/compare")
    with pytest.raises(Refused, match="whole number of minutes"):
        page.save(form, f"{provision}/minutes", "many")
    with pytest.raises(Refused, match="does not ask for"):
        page.save(form, f"{provision}/colour", "red")
    page.press("plan-leave", {"school": KEY, "plan": plan, "provision": str(provision)})
    assert "Nothing is changed yet" in html(page, f"{KEY}/planner/{plan}")
    assert "belongs to another school" in page.view(f"primary-100-1/planner/{plan}").html
    page.press("plan-delete", {"school": KEY, "plan": plan})
    assert open_store().scenarios.all() == ()


def test_sharing_out_says_what_is_left(page: ProvisionMapPage) -> None:
    provision = page._schools.open(KEY).provisions[0]["provision_id"]
    answer = page.press("share", {"school": KEY, "what": "money", "limit": "£1,000", f"of-{provision}": "400"})
    assert isinstance(answer, View)
    assert "£400 of £1,000 is shared out, £600 left." in answer.html
    with pytest.raises(Refused, match="What there is"):
        page.press("share", {"school": KEY, "what": "money", "limit": "much", f"of-{provision}": "400"})


def test_readings_are_kept_and_compared_with_what_was_planted(page: ProvisionMapPage) -> None:
    shown = html(page, f"{KEY}/read")
    assert "0 of" in shown
    larger = max(page._schools.open(KEY).provisions, key=lambda row: row["pupils"])
    parts = page.save(f"reading:{KEY}", f"provision-{larger['provision_id']}", "keep")
    assert parts is not None
    assert parts["reading-progress"].startswith("1 of")
    compared = html(page, f"{KEY}/read/compare")
    assert "You said</dt><dd>Keep" in compared
    assert compared.count("Show what is so") == compared.count("data-item") - 1
    with pytest.raises(Refused):
        page.save(f"reading:{KEY}", "provision-1", "keep")
    page.press("read-again", {"school": KEY})
    assert open_store().readings.of(KEY) == {}


@pytest.mark.parametrize(
    ("planted", "answer", "mark"),
    [
        ("5B", "5B", "right"),
        ("5B", "4A", "missed"),
        ("5B", "unsure", "partly"),
        ("5B", "none", "missed"),
        ("", "none", "right"),
        ("", "unsure", "partly"),
        ("", "4A", "missed"),
        ("5B", "", "not answered"),
    ],
)
def test_an_answer_beside_the_truth(page: ProvisionMapPage, planted: str, answer: str, mark: str) -> None:
    html(page, f"{KEY}/read")
    asked: list[Question] = page._schools.open(KEY).more["questions"]
    question = next(each for each in asked if each.kind == "absence-explains")
    truths = [Truth("absence-explains", "In 5B, it is absence.", {}, {"class_name": planted})] if planted else []
    found = compare(question, answer, truths)
    assert found.mark == mark
    assert found.why or mark == "not answered"
    assert ("it is absence" in found.so) == bool(planted)


@pytest.mark.parametrize(
    ("kind", "effect", "share", "right", "missed"),
    [
        ("does-nothing", 0.0, 0.9, "stop", "keep"),
        ("under-delivered", 3.5, 0.4, "adapt", "stop"),
        ("chosen-on-low-score", 0.0, 0.9, "not enough evidence", "keep"),
        ("", 5.0, 0.9, "keep", "stop"),
        ("", 5.0, 0.5, "adapt", "stop"),
        ("", 0.2, 0.9, "stop", "keep"),
        ("", 2.0, 0.9, "not enough evidence", ""),
    ],
)
def test_a_decision_beside_the_truth(
    page: ProvisionMapPage, kind: str, effect: float, share: float, right: str, missed: str
) -> None:
    html(page, f"{KEY}/read")
    asked: list[Question] = page._schools.open(KEY).more["questions"]
    question = next(each for each in asked if each.provision and isinstance(each.provision["measure"], str))
    assert question.provision is not None
    about = {"provision_id": int(question.provision["provision_id"])}
    truths = [Truth("effect", "", {}, about | {"mean_true_effect": effect, "mean_delivered_share": share})]
    if kind:
        truths.append(Truth(kind, "It was planted.", {"provisions": (about["provision_id"],)}))
    assert compare(question, right, truths).mark == "right"
    if missed:
        assert compare(question, missed, truths).mark == "missed"
    assert ("It was planted." in compare(question, right, truths).so) == bool(kind)


def test_own_data_is_read_into_memory_kept_when_told_and_deleted(page: ProvisionMapPage) -> None:
    assert page.take_file("upload", own_file()) == GoTo("own", "Your file is read. It is in this page's memory only.")
    assert open_store().own_schools.all() == ()
    for place in ("", "provisions", "pupils", "adults", "money", "planner", "report", "how-sure", "keep"):
        assert "Your own data" in html(page, f"own/{place}")
    assert "Reading &lt;b&gt;" in html(page, "own/provisions")
    assert "P2" in html(page, "own/pupils")
    provision = html(page, f"own/provision/{page._schools.open('own').provisions[0]['provision_id']}")
    assert "fewer than 5 never support a verdict" in provision
    assert "no truth to compare" not in provision
    assert "Only an invented school" in page.view("own/read").html

    kept = page.press("keep", {"name": "Autumn"})
    assert isinstance(kept, GoTo)
    assert "no longer in this page" in page.view("own").html
    assert "Autumn" in html(page, "")
    assert "Kept on this computer" in html(page, kept.where)
    page.press("plan-start", {"school": kept.where, "name": "A plan"})
    assert "Delete “Autumn”?" in html(page, f"{kept.where}/delete")
    page.press("delete-kept", {"key": kept.where})
    assert open_store().own_schools.all() == ()
    assert open_store().scenarios.all() == ()
    assert "no longer here" in page.view(kept.where).html


def test_mistakes_in_own_data_are_all_shown_and_nothing_is_kept(page: ProvisionMapPage) -> None:
    answer = page.take_file("upload", own_file(P2=["P2", "Year nine", "A", "", "", ""]))
    assert isinstance(answer, View)
    assert answer.focus == "mistakes"
    assert "Your file needs 2 changes" in answer.html
    assert "School Action, which ended in 2014" in answer.html
    assert page._schools.own is None
    for data in (b"", b"\xff\xfe\x00", b"PK\x03\x04 broken", b"a,b\n1,2\n"):
        shown = page.take_file("upload", data)
        assert isinstance(shown, View)
        assert "Your file needs 1 change" in shown.html


def test_templates_and_reports_can_be_downloaded(page: ProvisionMapPage) -> None:
    for kind, ending in (("excel", ".xlsx"), ("csv", ".zip")):
        made = page.press("template", {"as": kind})
        assert isinstance(made, Download)
        assert made.file_name.endswith(ending)
        assert kind_of_file(made.data) == ending[1:]
    for kind, ending in (("word", ".docx"), ("excel", ".xlsx")):
        report = page.press("report", {"school": KEY, "as": kind, "for": "others"})
        assert isinstance(report, Download)
        assert report.file_name.startswith("INVENTED-provision-map-")
        assert report.file_name.endswith("-for-others" + ending)
    with pytest.raises(Refused, match="Word or Excel"):
        page.press("report", {"school": KEY, "as": "paper"})


def test_a_school_is_made_or_the_form_says_what_to_put_right(page: ProvisionMapPage) -> None:
    made = page.press("make", {"phase": "primary", "pupils": "210", "seed": "7"})
    assert isinstance(made, GoTo)
    assert made.where == KEY
    wrong = page.press("make", {"phase": "primary", "pupils": "5", "seed": "x"})
    assert isinstance(wrong, View)
    assert wrong.focus == "errors"
    assert "Pupils: enter 60 or more." in wrong.html
    assert "Seed: enter a number in figures" in wrong.html


@pytest.mark.parametrize("place", ["nothing", "primary-5-1", "own", f"{KEY}/nowhere", f"{KEY}/pupil/1", "own-0/delete"])
def test_a_place_that_is_not_there_says_so(page: ProvisionMapPage, place: str) -> None:
    shown = str(page.view(place).html).replace("&#39;", "'")
    assert "This can't be shown" in shown
    assert 'href="#/"' in shown


def test_keys_name_orders_and_back() -> None:
    assert order_of("all-through-300-12") == Order("all-through", 300, 12)
    assert key_of(Order("all-through", 300, 12)) == "all-through-300-12"
    assert order_of("primary-420") == Order("primary", 420, 2026)
    assert order_of("primary-420-1 ") is None
    assert order_of("nursery-20-1") is None


def test_the_invented_schools_page_shows_and_gives_what_it_names(page: ProvisionMapPage) -> None:
    shown = InventedSchoolsPage()
    assert "Nothing in them is real" in shown.view("").html
    assert "SENprovision" in shown.view("special-120").html
    assert "What is planted" in shown.view("how-made").html
    given = shown.press("download", {"package": "special-120"})
    assert isinstance(given, Download)
    with zipfile.ZipFile(io.BytesIO(given.data)) as opened:
        names = opened.namelist()
        described = json.loads(opened.read("INVENTED-special-120/datapackage.json"))
    assert len(described["resources"]) == sum(name.endswith(".csv") for name in names)
    made = shown.press("make", {"phase": "primary", "pupils": "60", "seed": "3"})
    assert isinstance(made, Download)
    with zipfile.ZipFile(io.BytesIO(made.data)) as opened:
        assert not [name for name in opened.namelist() if "truth" in name]
    with pytest.raises(Refused, match="There is no package"):
        shown.press("download", {"package": "../x"})


def test_opening_the_page_loads_no_pandas() -> None:
    code = "import sys; from senco_kit.pages.provision_map_page import ProvisionMapPage; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
