"""What pages show and do, asked of them directly; the browser tests look at the same pages as people do."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.pages.home_page import HomePage
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.patterns_page import PatternsPage
from senco_kit.pages.self_audit_page import SelfAuditPage
from senco_kit.pages.standards_page import StandardsPage
from senco_kit.places import FRAMEWORKS, KIT
from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.store import open_store

ROW = "ab" * 16


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def page() -> SelfAuditPage:
    return SelfAuditPage()


def start(page: SelfAuditPage, name: str = "Mine", standard: str = SPINE, **more: str) -> str:
    answer = page.press("start", {"standard": standard, "name": name, "earlier": "", **more})
    assert isinstance(answer, GoTo)
    return answer.where


def test_an_audit_from_the_first_answer_to_the_report(page: SelfAuditPage) -> None:
    audit_id = start(page)
    page.save(audit_id, "A1/standing", "2")
    page.save(audit_id, "A2/standing", "unsure")
    page.save(audit_id, "A1/matters_now", "yes")
    page.add_row(audit_id, "A1/evidence", ROW)
    page.save(audit_id, f"A1/evidence/{ROW}/what", "Minutes of the autumn meeting")
    page.save(audit_id, f"A1/evidence/{ROW}/dated", "24/9/2026")

    assert "2 of 19 items answered" in page.view(audit_id).html
    heading = page.view(f"{audit_id}/heading/A").html
    assert "Minutes of the autumn meeting" in heading
    assert 'value="24 September 2026"' in heading
    results = page.view(f"{audit_id}/results").html
    assert "You marked it “matters now”." in results
    assert "average" not in results.replace("never averaged", "")

    step = page.press("use-step", {"audit": audit_id, "outcome": "A1", "step": "1"})
    assert isinstance(step, GoTo)
    plan = page.view(step.where)
    assert plan.focus == "plan-A1"
    # The textarea that offers the step: its text stands in the plan now.
    assert open_store().audit(audit_id).actions[0].action == read.framework(SPINE).outcome("A1").next_steps[1]
    for kind, ending in [("word", "docx"), ("excel", "xlsx"), ("csv", "csv"), ("json", "json")]:
        made = page.press("report", {"audit": audit_id, "as": kind})
        assert isinstance(made, Download)
        assert made.file_name.startswith("self-audit-2")
        assert made.file_name.endswith(ending)
        assert made.data


def test_every_framework_can_be_audited_with_four_levels_in_view(page: SelfAuditPage) -> None:
    for framework in read.frameworks().values():
        audit_id = start(page, framework.short_title, framework.id)
        for heading in framework.headings:
            html = page.view(f"{audit_id}/heading/{heading.id}").html
            assert html.count('type="radio"') == 5 * len(heading.outcomes)
            assert html.count('class="about"') == 5 * len(heading.outcomes)


def test_the_next_audit_starts_from_the_last_and_shows_what_moved(page: SelfAuditPage) -> None:
    first = start(page, "First")
    page.save(first, "A1/standing", "1")
    page.save(first, "A1/note", "Look at this again")
    second = start(page, "Second", earlier=first)
    heading = page.view(f"{second}/heading/A").html
    assert "Look at this again" in heading
    assert "): Starting." in heading
    assert open_store().audit(second).rating("A1").level is None
    page.save(second, "A1/standing", "3")
    compared = page.view(f"{second}/compare/{first}").html
    assert "1 item moved up" in compared
    copied = start(page, "Third", earlier=second, levels="yes")
    assert open_store().audit(copied).rating("A1").level == 3


def test_a_start_that_cannot_be_keeps_what_was_typed_and_says_why(page: SelfAuditPage) -> None:
    earlier = start(page, "First")
    answer = page.press("start", {"standard": "npq-senco", "name": " ", "earlier": earlier})
    assert isinstance(answer, View)
    assert answer.focus == "errors"
    assert "Enter an answer: Name of this audit." in answer.html
    assert "That audit used another standard." in answer.html
    assert len(open_store().audits()) == 1


def test_the_same_answers_under_another_standard(page: SelfAuditPage) -> None:
    audit_id = start(page)
    page.save(audit_id, "A1/standing", "4")
    html = page.view(f"{audit_id}/through/npq-senco").html
    statutory = html[html.index("N2 Statutory framework") :]
    assert "Leading" in statutory[: statutory.index("</tr>")]


@pytest.mark.parametrize("where", ["nothing", "a/b/c/d", "f" * 32, "f" * 32 + "/results"])
def test_a_place_that_is_not_there_says_so_and_shows_the_way_on(page: SelfAuditPage, where: str) -> None:
    html = page.view(where).html
    assert "This can't be shown" in html.replace("&#39;", "'")
    assert 'href="#/"' in html


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Z9/standing", "1"),
        ("A1/standing", "5"),
        ("A1/colour", "red"),
        ("name", "  "),
        ("A1/note", "x" * 20_001),
        ("A1/note", ["x"]),
    ],
)
def test_answers_that_cannot_be_kept_are_refused_and_change_nothing(page: SelfAuditPage, name: str, value: str) -> None:
    audit_id = start(page)
    before = open_store().audit(audit_id)
    with pytest.raises(Refused) as refusal:
        page.save(audit_id, name, value)
    assert str(refusal.value).endswith((".", "?", "”"))
    assert open_store().audit(audit_id) == before


def test_deleting_an_audit_asks_first_and_then_does_it(page: SelfAuditPage) -> None:
    audit_id = start(page, "Old one")
    page.save(audit_id, "A1/standing", "1")
    question = page.view(f"{audit_id}/delete").html
    assert "Delete “Old one”?" in question
    assert "1 answer," in question
    assert len(open_store().audits()) == 1
    page.press("delete", {"audit": audit_id})
    assert open_store().audits() == ()


def test_the_home_page_shows_what_was_done_and_where_it_is_kept(page: SelfAuditPage, home: Path) -> None:
    start_of = HomePage().view("").html
    assert start_of.count("Not started") == 5
    audit_id = start(page)
    page.save(audit_id, "B1/standing", "3")
    html = HomePage().view("").html
    assert "1 of 2 answered" in html
    assert str(home) in html
    assert f"/self-audit#/{audit_id}/heading/B" in html


def test_all_work_is_downloaded_deleted_and_brought_in_again(page: SelfAuditPage) -> None:
    audit_id = start(page)
    page.save(audit_id, "A1/note", "Kept")
    before = open_store().audits()
    kept = HomePage().press("download-all", {})
    assert isinstance(kept, Download)
    with pytest.raises(Refused, match="Tick the box"):
        HomePage().press("delete-all", {})
    assert open_store().audits() == before
    HomePage().press("delete-all", {"sure": "yes"})
    assert open_store().audits() == ()
    HomePage().take_file("import", kept.data)
    assert open_store().audits() == before
    with pytest.raises(Refused):
        HomePage().take_file("import", b"<html>")


def test_work_that_cannot_be_opened_is_said_on_the_page_with_a_way_on(page: SelfAuditPage, home: Path) -> None:
    start(page)
    for file in home.glob("senco.sqlite*"):
        file.write_bytes(b"This is not a database. " * 500)
    html = HomePage().view("").html
    assert "Your work can" in html
    assert "Begin afresh" in html
    assert "This can" in page.view("").html
    HomePage().press("start-afresh", {})
    assert open_store().audits() == ()


def test_standards_show_historic_ones_as_such_and_what_corresponds() -> None:
    page = StandardsPage()
    overview = page.view("").html
    assert all(framework.title.replace("'", "&#39;") in overview for framework in read.frameworks().values())
    historic = page.view(SPINE).html
    assert "<strong>Historic.</strong>" in historic
    assert 'href="#/npq-senco/N2"' in historic
    assert "<strong>Historic.</strong>" not in page.view("npq-senco").html
    assert page.view(f"{SPINE}/C1a").focus == "outcome-C1a"
    assert "There is no standard with this name" in page.view("nothing").html


def test_facts_that_nobody_confirmed_carry_a_mark() -> None:
    facts = read.facts()
    html = StandardsPage().view(SPINE).html
    law = [each.duty for each in read.framework(SPINE).outcomes() if each.duty]
    assert any(facts[each].status == "to-check" for duty in law for each in duty.facts)
    assert "Check the source" in html


def test_the_pattern_page_shows_every_control_three_times_and_keeps_nothing() -> None:
    page = PatternsPage()
    html = page.view("").html
    for kind in ("choose-one", "choose-many", "tick", "number", "date", "shorttext", "longtext", "table"):
        assert html.count(f'class="field {kind}"') >= 3
    page.save("filled", "filled-minutes", "45")
    with pytest.raises(Refused):
        page.save("filled", "filled-minutes", "4")
    assert page.view("").html == html


AUDIT_PAGE = """
import os, sys, tempfile
os.environ["SENCO_HOME"] = tempfile.mkdtemp()
from senco_kit import pages
from senco_kit.pages.self_audit_page import SelfAuditPage
pages.self_audit()
page = SelfAuditPage()
audit = page.press("start", {"standard": "national-award-2009", "name": "Mine", "earlier": ""}).where
page.save(audit, "A1/standing", "2")
for place in ["", "/heading/A", "/results", "/plan", "/report", "/through/npq-senco"]:
    page.view(audit + place)
print(sorted({"pandas", "matplotlib", "numpy", "docx", "openpyxl", "nbgrader"} & set(sys.modules)))
"""


def test_the_audit_page_and_its_results_import_neither_pandas_nor_matplotlib() -> None:
    done = subprocess.run([sys.executable, "-c", AUDIT_PAGE], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_content_that_cannot_be_read_is_said_on_the_page() -> None:
    broken = ContentProblem(Problem(Path("audit/frameworks/ours.yml"), 3, "Give the framework a title, not <b>."))

    class BrokenPage(KitPage):
        title = "Standards"
        way_on = "All standards"

        def show(self, where: str) -> View:
            raise broken

    html = BrokenPage().view("x").html
    assert "ours.yml" in html
    assert "not &lt;b&gt;." in html
    assert "All standards" in html


def test_one_broken_standard_hides_neither_the_others_nor_the_audits(
    page: SelfAuditPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start(page, "Still here")
    folder = tmp_path / "frameworks"
    shutil.copytree(FRAMEWORKS, folder)
    (folder / "ours.yml").write_text("id: ours\ntitle: [\n", encoding="utf-8")
    monkeypatch.setattr(read.frameworks, "__defaults__", (folder, None))
    for html in (page.view("").html, page.view("new").html, StandardsPage().view("").html):
        assert "ours.yml" in html
    assert "Still here" in page.view("").html
    assert isinstance(page.press("start", {"standard": SPINE, "name": "Another", "earlier": ""}), GoTo)


def test_home_goes_on_with_the_audit_that_was_changed_last(page: SelfAuditPage) -> None:
    older = start(page, "Of the NPQ", "npq-senco")
    start(page, "Of the award")
    page.save(older, "N1/standing", "2")
    assert f'href="/self-audit#/{older}">Go on with “Of the NPQ”' in HomePage().view("").html


def test_beginning_afresh_never_puts_sound_work_aside(page: SelfAuditPage) -> None:
    start(page, "Sound")
    with pytest.raises(Refused, match="can be opened again"):
        HomePage().press("start-afresh", {})
    assert [audit.name for audit in open_store().audits()] == ["Sound"]


def test_a_work_folder_that_cannot_be_is_said_on_the_page(page: SelfAuditPage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENCO_HOME", "~nobody-of-this-name/work")
    for html in (page.view("").html, HomePage().view("").html):
        assert "SENCO_HOME" in html
        assert "change it or remove it" in html
