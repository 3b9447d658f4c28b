"""The provision map as its user meets it: filter, plan, read, own data; by keyboard, at 1280 and at 360 pixels."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

from kit_states import INVENTED, show_place
from looks import TOO_WIDE, expect_no_axe_findings, expect_none
from playwright.sync_api import Page, expect

from conftest import Visit
from senco_kit.provision import own_data
from senco_kit.store import open_store

#: A row of the sheet Provisions.
PROVISION = "R1|<b>Read</b>|cognition and learning|targeted|reading|3|2|30|10|teaching assistant|18|10|5|core"


def looks_right(page: Page) -> None:
    """Axe finds nothing, and the page is not pushed sideways, on a desk and on a phone."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        expect_no_axe_findings(page)
        expect_none(page.evaluate(TOO_WIDE))
    page.set_viewport_size({"width": 1280, "height": 900})


def own_file(folder: Path, year: str = "3") -> Path:
    """A filled-in template; with a year that is none, one with a mistake in each of its six pupils."""
    rows = {
        "Pupils.csv": [[f"P{n}", year, "K", "SLCN", "3A", "no"] for n in range(1, 7)],
        "Provisions.csv": [
            [
                "R1",
                "<b>Read</b>",
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
        "Who gets what.csv": [[f"P{n}", "R1", "20", "15", "80", "85", "", ""] for n in range(1, 7)],
    }
    file = folder / "own.zip"
    with zipfile.ZipFile(io.BytesIO(own_data.template_csv())) as empty, zipfile.ZipFile(file, "w") as full:
        for name in empty.namelist():
            text = io.StringIO()
            csv.writer(text).writerows(rows.get(name, []))
            full.writestr(name, empty.read(name) + text.getvalue().encode())
    return file


def test_a_school_is_opened_and_filtered_by_keyboard(visit: Visit) -> None:
    page = visit.open(f"provision-map#/{INVENTED}")
    expect(page.get_by_role("heading", name="The whole-school map")).to_be_focused()
    page.get_by_label("Year group", exact=True).focus()
    page.keyboard.type("Year 4")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="all pupils, Year 4")).to_be_focused()
    assert page.url.endswith(f"#/{INVENTED}/map/4/all")
    table = page.get_by_role("region", name="Provision by tier and area of need, a table")
    expect(table.get_by_role("row", name=re.compile("^In all"))).to_contain_text("pupil")
    page.go_back()
    expect(page.locator("#map-table")).to_have_text("Tier by area of need: all pupils")


def test_a_plan_shows_at_once_what_a_change_comes_to_and_keeps_it(visit: Visit) -> None:
    page = visit.open(f"provision-map#/{INVENTED}/planner")
    page.get_by_label("Name of the plan").fill("Shorter")
    page.get_by_role("button", name="Start the plan").click()
    page.get_by_role("button", name="Take it into the plan").click()
    expect(page.locator(".planned h3")).to_be_focused()
    totals = page.get_by_role("status", name="The whole map")
    expect(totals).to_contain_text("This costs the same")
    weeks = page.get_by_label("Weeks")
    weeks.focus()
    page.keyboard.type("1")
    expect(totals).to_contain_text("less a year")
    expect(page.locator(".planned [data-saved]")).to_contain_text("Saved")
    expect(weeks).to_be_focused()
    said = totals.inner_text()
    page.reload()
    expect(page.get_by_label("Weeks")).to_have_value("1")
    assert page.get_by_role("status", name="The whole map").inner_text() == said


def test_a_learner_reads_the_data_and_compares(visit: Visit) -> None:
    page = visit.open(f"provision-map#/{INVENTED}/read")
    page.locator("fieldset").first.get_by_label("Keep").check()
    expect(page.locator("#reading-progress")).to_contain_text("1 of")
    page.get_by_role("combobox", name="Is an adult attached").select_option("unsure")
    expect(page.locator("#reading-progress")).to_contain_text("2 of")
    page.get_by_role("link", name="Compare with what was planted").click()
    expect(page.get_by_text("You said")).to_have_count(2)
    expect(page.locator("dd", has_text="I can't tell")).to_be_visible()
    looks_right(page)


def test_own_data_says_its_mistakes_and_is_kept_only_when_told(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("provision-map")
    page.get_by_label("Your filled-in template").set_input_files(own_file(tmp_path, "Year nine"))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", name="Your file needs 6 changes")).to_be_focused()
    expect(page.get_by_text("“Year nine” is not on the list").first).to_be_visible()
    looks_right(page)

    page.get_by_label("Your filled-in template").set_input_files(own_file(tmp_path))
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Your file is read. It is in this page's memory only.")).to_be_visible()
    looks_right(page)
    show_place(page, "own/provisions")
    expect(page.get_by_role("link", name="<b>Read</b>")).to_be_visible()
    show_place(page, "own/adults")
    expect(page.get_by_text("Your file names roles, not adults.")).to_be_visible()
    looks_right(page)
    store = open_store(visit.kit.home / "work")
    assert store.own_schools.all() == ()

    page.get_by_role("link", name="Keep it or forget it").click()
    looks_right(page)
    page.get_by_label("A name for this data").fill("Autumn")
    page.get_by_role("button", name="Keep it", exact=True).click()
    expect(page.get_by_text("Your data is kept on this computer.")).to_be_visible()
    assert [each.name for each in store.own_schools.all()] == ["Autumn"]
    show_place(page, "")
    page.get_by_role("link", name="Delete Autumn").click()
    looks_right(page)
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("The data is deleted, and its plans with it.")).to_be_visible()
    assert store.own_schools.all() == ()


def test_files_are_downloaded_and_say_that_they_are_invented(visit: Visit) -> None:
    page = visit.open(f"provision-map#/{INVENTED}/report")
    with page.expect_download() as report:
        page.get_by_role("button", name="Download Excel for others").click()
    assert report.value.suggested_filename.startswith("INVENTED-provision-map-")
    page = visit.open("invented-schools")
    with page.expect_download() as tables:
        page.get_by_role("button", name=re.compile("Download the tables.*Special school")).click()
    assert tables.value.suggested_filename == "INVENTED-special-120.zip"
