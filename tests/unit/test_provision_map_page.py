"""What the provision map page and the invented schools page show and do, asked of them directly."""

from __future__ import annotations

import csv
import dataclasses
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
from senco_kit.pages.invented_schools_page import InventedSchoolsPage, _bounds, likenesses
from senco_kit.pages.provision_map_data import OpenSchools, kind_of_file
from senco_kit.pages.provision_map_page import ProvisionMapPage
from senco_kit.pages.provision_map_reading import compare, questions_about
from senco_kit.provision import own_data
from senco_kit.schools.keys import key_of, order_of
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


def own_file(hourly_cost: str = "18", **changed: list[str]) -> bytes:
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
                hourly_cost,
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
    assert compared.count("Show what is true") == compared.count("data-item") - 1
    with pytest.raises(Refused):
        page.save(f"reading:{KEY}", "provision-1", "keep")
    page.press("read-again", {"school": KEY})
    assert open_store().readings.of(KEY) == {}


def test_an_answer_is_compared_with_the_truths_of_its_kind(page: ProvisionMapPage) -> None:
    asked = questions_about(page._schools.open(KEY))
    question = next(each for each in asked if each.kind == "absence-explains")
    truths = [Truth("absence-explains", "In 5B, it is absence.", {}, {"class_name": "5B"})]
    unsure = compare(question, "unsure", truths)
    assert (unsure.answer, unsure.judged.mark) == ("I can't tell", "partly")
    assert compare(question, "", truths).answer == "No answer yet"
    of_provision = next(each for each in asked if each.provision)
    stop = compare(of_provision, "stop", page._schools.open(KEY).truths)
    assert stop.answer == "Stop"
    assert "of its sessions were given." in stop.judged.so


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


def test_own_data_says_what_it_is_and_what_the_page_does_not_look_at(page: ProvisionMapPage) -> None:
    page.take_file("upload", own_file())
    shown = html(page, "own")
    assert "No cost stands out." in shown
    assert "the page compares costs only" in shown
    assert "Adult hours a week, if all ran at once" in shown
    roles = html(page, "own/adults")
    assert "Your file names roles, not adults." in roles
    assert ">Roles</strong>" in roles
    assert "Teaching assistant" in roles
    assert "own/adult/" not in roles
    assert "names roles, not adults" in page.view("own/adult/5").html
    assert "Plans are saved on this computer even if you do not keep the data." in html(page, "own/planner")
    given = html(page, "own/provision/1")
    assert "score from before and after." in given
    assert "Ratio gain" not in given
    assert "No hourly cost was given" not in given
    forgotten = page.press("forget", {})
    assert forgotten == GoTo("", "Your data is no longer in memory. Plans that you made for it are still saved.")


def test_an_hourly_cost_that_is_the_kits_own_is_said_to_be(page: ProvisionMapPage) -> None:
    page.take_file("upload", own_file(hourly_cost=""))
    cost = html(page, "own/provision/1").partition("Was it given?")[0]
    assert "No hourly cost was given, so this uses the kit's estimate from 2025 pay." in cost
    assert "Check the source" in cost


def test_kept_data_that_can_no_longer_be_read_says_so_and_can_be_deleted(page: ProvisionMapPage) -> None:
    html(page, "")
    old = open_store().own_schools.keep("Old", "zip", own_file(P2=["P2", "Year nine", "A", "", "", ""]))
    shown = page.view(f"own-{old.id}").html
    assert "can no longer read “Old”" in shown
    assert "Old" in html(page, "")
    page.press("delete-kept", {"key": f"own-{old.id}"})
    assert open_store().own_schools.all() == ()


def test_a_special_school_has_no_notional_budget_and_no_threshold(page: ProvisionMapPage) -> None:
    money = html(page, "special-60-1/money")
    assert "are for mainstream schools, so they are not shown for a special school." in money
    assert "threshold of £6,000" not in money
    assert "costs most" not in money
    pupil = page._schools.open("special-60-1").threshold[0]["pupil_id"]
    assert "<dt>Threshold" not in html(page, f"special-60-1/pupil/{pupil}")
    mainstream = page._schools.open(KEY).threshold[0]["pupil_id"]
    assert "<dt>Threshold" in html(page, f"{KEY}/pupil/{mainstream}")
    money = html(page, f"{KEY}/money")
    assert "Pupils whose provision on this map costs most" in money
    assert "here it pays from September 2025" in money


def test_a_suggestion_is_no_decision_and_names_its_limits(page: ProvisionMapPage) -> None:
    rows = [row for row in page._schools.open(KEY).provisions if row["measure"] == "reading" and row["both_scores"] > 4]
    shown = html(page, f"{KEY}/provision/{rows[0]['provision_id']}")
    assert "If an EHC plan names this provision (section F)" in shown
    ratio = shown.partition("Rough figure")[2].partition("</p>")[0]
    assert "not from test ages" in ratio
    assert "Check the source" in ratio
    assert 'data-label="Suggestion"' in html(page, f"{KEY}/provisions")
    limits = html(page, f"{KEY}/how-sure")
    assert "The limits of 3 points and 75% are this kit's own." in limits
    planted, found = re.findall(r"We planted this in (\d+) schools and the page pointed to it in (\d+)\.", limits)[0]
    assert int(found) < int(planted) <= 400


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
    assert "SEN is not low ability" in shown.view("how-made").html
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


def test_likeness_says_which_figures_are_ours_and_no_share_lies_beyond_its_limits(page: ProvisionMapPage) -> None:
    table = (
        str(InventedSchoolsPage().view("likeness").html).partition("The same as a table")[2].partition("</table>")[0]
    )
    assert "Published, or our estimate" in table
    assert re.search(r"<td>15\.4 <span class=\"tag to-check\">Check the source", table)
    assert "; compared with " in table
    ends = re.findall(r">(−?[\d.]+) to (−?[\d.]+)</td>", table)
    assert len(ends) == table.count("<tr>") - 1
    assert not [low for low, _ in ends if low.startswith("−")]
    beyond = dataclasses.replace(likenesses()[0], low=-0.5, high=100.4)
    assert _bounds(beyond, "%") == (0.0, 100.0)
    assert _bounds(beyond, "for each 100 pupils") == (0.0, 100.4)


def test_opening_the_page_loads_no_pandas() -> None:
    code = "import sys; from senco_kit.pages.provision_map_page import ProvisionMapPage; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_file_kept_twice_keeps_its_plans_until_the_last_one_is_deleted(page: ProvisionMapPage) -> None:
    html(page, "")
    first, second = (open_store().own_schools.keep(name, "zip", own_file()) for name in ("First", "Second"))
    page.press("plan-start", {"school": f"own-{first.id}", "name": "A plan"})
    page.press("delete-kept", {"key": f"own-{second.id}"})
    assert [plan.name for plan in open_store().scenarios.all()] == ["A plan"]
    page.press("delete-kept", {"key": f"own-{first.id}"})
    assert open_store().scenarios.all() == ()


def test_kept_data_that_another_tab_deleted_can_no_longer_be_seen_here(page: ProvisionMapPage) -> None:
    html(page, "")
    kept = open_store().own_schools.keep("Autumn", "zip", own_file())
    assert "P2" in html(page, f"own-{kept.id}/pupils")
    open_store().own_schools.delete(kept.id)
    shown = str(page.view(f"own-{kept.id}/pupils").html)
    assert "P2" not in shown
    assert "no longer here" in shown


def test_a_plan_that_cannot_be_read_is_listed_with_its_sentence_and_hides_no_other(page: ProvisionMapPage) -> None:
    html(page, "")
    store = open_store()
    good, bad = store.scenarios.create("Good", KEY), store.scenarios.create("Of a newer kit", KEY)
    provision = str(page._schools.open(KEY).provisions[0]["provision_id"])
    store.scenarios.save_change(bad.id, provision, "weeks", "many")
    for place in ("planner", "planner/compare"):
        assert "Good" in html(page, f"{KEY}/{place}")
    plans = html(page, f"{KEY}/planner")
    assert "Of a newer kit" in plans
    assert f"planner/{bad.id}/delete" in plans
    page.press("plan-delete", {"school": KEY, "plan": bad.id})
    assert [plan.id for plan in open_store().scenarios.all()] == [good.id]


def test_data_is_not_kept_without_a_name_and_the_form_says_so(page: ProvisionMapPage) -> None:
    page.take_file("upload", own_file())
    shown = page.press("keep", {"name": " "})
    assert isinstance(shown, View)
    assert shown.focus == "errors"
    assert "A name for this data" in str(shown.html)
    assert open_store().own_schools.all() == ()


def test_pounds_in_a_number_do_no_harm_and_other_digits_are_refused(page: ProvisionMapPage) -> None:
    made = page.press("make", {"phase": "primary", "pupils": "£120", "seed": " 7 "})
    assert made == GoTo("primary-120-7", "Your school is made. It is invented.")
    refused = page.press("make", {"phase": "primary", "pupils": "١٢٠", "seed": "7"})
    assert isinstance(refused, View)
    assert "enter a number in figures" in str(refused.html)


@pytest.mark.parametrize("key", ["primary-٤٢٠-٧", "primary-0420-7", "primary-420-07"])
def test_a_school_has_one_address(key: str) -> None:
    assert order_of(key) is None


def test_a_page_number_beyond_all_pages_shows_the_last_one(page: ProvisionMapPage) -> None:
    assert "Page 5 of 5" in html(page, f"{KEY}/pupils/all/all/{'9' * 5000}")


def test_the_school_longest_unused_is_let_go_and_a_wrong_key_lets_none_go(page: ProvisionMapPage) -> None:
    schools = OpenSchools()
    keys = [f"special-60-{seed}" for seed in range(1, 5)]
    opened = {key: schools.open(key) for key in keys}
    with pytest.raises(Refused):
        schools.open("nonsense")
    assert schools.open(keys[0]) is opened[keys[0]]
    schools.open("special-60-9")
    assert schools.open(keys[0]) is opened[keys[0]]
    assert schools.open(keys[1]) is not opened[keys[1]]


def test_months_of_progress_are_an_interval_and_never_without_their_caution(page: ProvisionMapPage) -> None:
    told = next(row for row in page._schools.open(KEY).provisions if row["both_scores"] >= 5 and row["ratio_gain"] > 0)
    shown = re.sub(r"<[^>]+>", "", html(page, f"{KEY}/provision/{told['provision_id']}"))
    assert re.search(r"In months of progress, beside similar pupils: −?\d to −?\d\.", shown)
    assert "Months of progress are averages over many studies." in shown


def test_the_likeness_page_says_how_many_figures_lie_within_and_how_many_miss(page: ProvisionMapPage) -> None:
    shown = re.sub(r"<[^>]+>", "", str(InventedSchoolsPage().view("likeness").html))
    held = [row for row in likenesses() if row.calibrated]
    inside = sum(row.low <= row.compared <= row.high for row in held)
    assert 0 < inside < len(held)
    assert f"Of {len(held)} figures that the schools are fitted to, {inside} lie within our interval" in shown
    assert f"and {len(held) - inside} more miss it by a small margin" in shown
