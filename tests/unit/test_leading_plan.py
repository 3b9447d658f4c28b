"""The development plan: objectives that say what they lack, reviews that stay, actions from a self-audit, Excel."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest

from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.pages.home_page import HomePage
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_plan import standing
from senco_kit.store import Store, open_store

SOON = date.today() + timedelta(days=20)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return open_store()


@pytest.fixture
def plan(store: Store) -> tuple[str, str]:
    """The ids of a cycle and of the objective in it, which answers a finding and has an action."""
    cycle = store.cycles.create("2026 to 2027").id
    finding = store.cycles.add(cycle, "finding", {"what": "Reading lags", "effect": "hinders", "within": "inside"})
    said = {"what": "Catch <b>up", "baseline": "82", "target": "90", f"answers/{finding}": "yes"}
    objective = store.cycles.add(cycle, "objective", said)
    action = {"objective": objective, "what": "=Train", "lead": "SENCO", "cost": "1,200", "start": "2026-09-01"}
    store.cycles.add(cycle, "action", action)
    return cycle, objective


def text(view: View) -> str:
    assert "can't be shown" not in view.html, view.html
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", str(view.html)))


def type_review(page: LeadingPage, cycle: str, objective: str, **said: str) -> None:
    for name, value in {"what_changed": "Faster", "progress": "on-track", **said}.items():
        page.save(cycle, f"{objective}/draft/{name}", value)


def press_review(page: LeadingPage, cycle: str, objective: str) -> GoTo | View:
    went = page.press("plan:review", {"cycle": cycle, "objective": objective})
    assert isinstance(went, GoTo | View)
    return went


def test_an_objective_shows_what_it_lacks_as_it_is_written(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    shown = text(page.view(f"{cycle}/plan/{objective}"))
    assert "4 of 10 are there" in shown
    assert "Missing: by when." in shown
    parts = page.save(cycle, f"{objective}/by", "1/7/2027")
    assert parts is not None
    assert "5 of 10 are there" in parts["objective-missing"]
    [action] = store.cycles.one(cycle).of("action")
    parts = page.save(cycle, f"action/objective/{objective}/{action.id}/lead", "")
    assert parts is not None
    assert "Missing: an action with a lead" in parts["objective-missing"]
    assert text(page.view(f"{cycle}/plan/{action.id}")).startswith(text(page.view(f"{cycle}/plan/{objective}"))[:200])
    listed = text(page.view(f"{cycle}/plan"))
    assert "Catch &lt;b&gt;up" in listed
    assert "82 → 90. 1 action. 6 things are still missing." in listed
    assert "○ Not reviewed yet" in listed
    assert standing(store.cycles.one(cycle)) == "1 objective, 1 action"
    store.cycles.remove(cycle, objective)
    assert "Their objective was removed" in text(page.view(f"{cycle}/plan"))


def test_a_review_is_typed_in_pieces_then_added_whole_and_stays(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    refused = press_review(page, cycle, objective)
    assert isinstance(refused, View)
    assert refused.focus == "errors"
    assert f'href="#f-{objective}-draft-what_changed"' in refused.html
    assert f'id="f-{objective}-draft-what_changed"' in refused.html
    type_review(page, cycle, objective, measured="85", next_review=in_words(date.today()))
    wrong = press_review(page, cycle, objective)
    assert isinstance(wrong, View)
    assert "must lie ahead" in text(wrong)
    assert store.cycles.one(cycle).reviews == ()
    type_review(page, cycle, objective, next_review=in_words(SOON))
    assert "Faster" in page.view(f"{cycle}/plan/{objective}/reviews").html  # kept, though not added
    added = press_review(page, cycle, objective)
    assert isinstance(added, GoTo)
    assert in_words(SOON) in added.says
    held = store.cycles.one(cycle)
    [aim] = held.of("objective")
    assert (aim.day("next_review"), aim.under("draft"), len(held.reviews)) == (SOON, {}, 1)
    again = press_review(page, cycle, objective)
    assert isinstance(again, View)
    assert len(store.cycles.one(cycle).reviews) == 1
    page.save(cycle, f"{objective}/target", "95")
    shown = page.view(f"{cycle}/plan/{objective}/reviews")
    assert "● On track" in text(shown)
    assert "1 change in the plan after it" in text(shown)
    assert re.search(r'Before">90</td><td data-label="After">95<', shown.html)
    assert shown.html.count("decision-mark") == 3  # baseline, review and target are drawn
    assert "Catch &lt;b&gt;up" in shown.html
    assert f"next review {in_words(SOON)}" in standing(store.cycles.one(cycle))


def test_an_objective_ends_with_a_reason_and_is_due_no_more(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    page.save(cycle, f"{objective}/next_review", in_words(SOON))
    home = text(HomePage().view(""))
    assert "Reviews due" in home
    assert re.search("Due in (19|20) days", home)  # 19 when midnight has passed
    page.save(cycle, f"{objective}/draft/progress", "ended")
    assert isinstance(press_review(page, cycle, objective), View)  # it does not say why
    over = {"progress": "ended", "what_changed": "The grant was stopped.", "next_review": in_words(SOON)}
    type_review(page, cycle, objective, **over)
    assert isinstance(press_review(page, cycle, objective), GoTo)
    assert "✕ Ended without being met" in text(page.view(f"{cycle}/plan"))
    assert "Reviews due" not in text(HomePage().view(""))
    assert store.cycles.one(cycle).of("objective")[0].text("next_review") == ""
    page.save(cycle, f"{objective}/next_review", in_words(SOON))
    assert "Next review" not in text(page.view(f"{cycle}/plan"))
    assert "Reviews due" not in text(HomePage().view(""))
    assert "next review" not in standing(store.cycles.one(cycle))


def test_an_objective_shows_first_what_it_answers_and_folds_its_actions(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    for what in ("Noise", "Cuts"):
        store.cycles.add(cycle, "finding", {"what": what})
    row = f"action/objective/{objective}/{store.cycles.one(cycle).of('action')[0].id}"
    folded = f"f-{row.replace('/', '-')}-folded"
    whole = page.view(f"{cycle}/plan/{objective}").html
    first, others = re.split(r"<summary>Other findings \(2\)", whole)
    assert "Reading lags" in first
    assert "Noise" in others
    assert re.search(rf'<details><summary id="{folded}">=Train \(SENCO, 1 September 2026, [^<]*\)</summary>', whole)
    parts = page.save(cycle, f"{row}/what", "<b>Run</b>")
    assert parts is not None
    assert parts[folded].startswith("&lt;b&gt;Run&lt;/b&gt; (SENCO")
    assert folded not in page.view(f"{cycle}/plan/{row.rpartition('/')[2]}").html  # it is asked for: it stands open
    page.save(cycle, f"{row}/what", "")
    assert folded not in page.view(f"{cycle}/plan/{objective}").html  # without words there is nothing to fold under
    ticked = store.cycles.one(cycle).of("objective")[0].ticks("answers")
    page.save(cycle, f"{objective}/answers/{ticked[0]}", "")
    assert re.search(r"<details open>\s*<summary>Other findings \(3\)", page.view(f"{cycle}/plan/{objective}").html)


def test_deleting_everything_names_the_cycles_too(store: Store, plan: tuple[str, str]) -> None:
    store.cycles.create("Another")
    assert "2 cycles of leading the whole school" in text(HomePage().view("delete"))


def test_two_tabs_undo_nothing_of_each_other(store: Store, plan: tuple[str, str]) -> None:
    here, there, (cycle, objective) = LeadingPage(), LeadingPage(), plan
    here.save(cycle, f"{objective}/draft/what_changed", "Typed here")
    there.save(cycle, f"{objective}/lead", "Deputy head")
    there.save(cycle, f"{objective}/draft/progress", "at-risk")
    here.add_row(cycle, f"action/objective/{objective}", "ab" * 16)
    there.add_row(cycle, f"action/objective/{objective}", "cd" * 16)
    here.save(cycle, f"action/objective/{objective}/{'ab' * 16}/what", "One")
    there.save(cycle, f"action/objective/{objective}/{'cd' * 16}/what", "Two")
    here.save(cycle, f"{objective}/draft/next_review", in_words(SOON))
    assert isinstance(press_review(there, cycle, objective), GoTo)
    late = press_review(here, cycle, objective)  # the other tab has added it
    assert isinstance(late, View)
    held = store.cycles.one(cycle)
    [review] = held.reviews
    assert (review.text("what_changed"), review.text("progress")) == ("Typed here", "at-risk")
    assert [each.text("what") for each in held.serving(held.of("objective")[0])] == ["=Train", "One", "Two"]
    assert sorted(values.get("what", "") for values in review.as_it_was.values()) == [
        "=Train",
        "Catch <b>up",
        "One",
        "Two",
    ]
    with pytest.raises(Refused, match="stays in the history"):
        here.press("remove", {"cycle": cycle, "record": objective})


def test_actions_of_a_self_audit_are_brought_in_once(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, _) = LeadingPage(), plan
    assert "No self-audit of yours plans an action yet" in text(page.view(f"{cycle}/plan/from-audit"))
    audit = store.create_audit("Autumn", "national-award-2009").id
    store.save_rating(audit, "B2", "standing", "2")
    first = store.add_action(audit, "B2", "Map the provision")
    for field, value in {"success": "One map", "by_when": "1/3/2027", "with_whom": "Head", "evidence": "Map"}.items():
        store.save_action(first, field, value)
    assert "Bring it in" in text(page.view(f"{cycle}/plan/from-audit"))
    pressed = {"cycle": cycle, "audit": audit, "outcome": "B2"}
    went = page.press("plan:bring-in", pressed)
    assert isinstance(went, GoTo)
    store.add_action(audit, "B2", "Cost it")
    assert "Bring in 1 new action" in text(page.view(f"{cycle}/plan/from-audit/{audit}"))
    assert page.press("plan:bring-in", pressed) == GoTo(went.where, "1 action brought in.")
    assert page.press("plan:bring-in", pressed) == GoTo(went.where, "All of it is here already.")
    held = store.cycles.one(cycle)
    brought = held.find(went.where.split("/")[-1])
    assert brought is not None
    assert brought.text("success") == "One map"
    assert brought.text("monitor_how") == "Evidence: Map"
    assert brought.text("by") == "2027-03-01"
    assert [each.text("source") for each in held.ticked(brought, "answers")] == ["audit"]
    assert [(each.text("what"), each.text("end"), each.text("support")) for each in held.serving(brought)] == [
        ("Map the provision", "2027-03-01", "Head"),
        ("Cost it", "", ""),
    ]
    with pytest.raises(Refused, match="plans nothing for this item"):
        page.press("plan:bring-in", pressed | {"outcome": "A1"})


def test_the_plan_as_excel_holds_the_chain_and_no_formula(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    type_review(page, cycle, objective, next_review=in_words(SOON))
    press_review(page, cycle, objective)
    store.cycles.add(cycle, "action", {"what": "Loose", "cost": "some"})
    made = page.press("plan:excel", {"cycle": cycle})
    assert isinstance(made, Download)
    book = openpyxl.load_workbook(io.BytesIO(made.data))
    assert book.sheetnames == ["Findings", "Objectives", "Actions", "Reviews"]
    rows = {name: [[cell.value for cell in row] for row in book[name].iter_rows()] for name in book.sheetnames}
    [finding] = [row for row in rows["Findings"] if row[0] == "Reading lags"]
    assert finding[7:] == ["Weaknesses", "Catch <b>up"]
    [aim] = [row for row in rows["Objectives"] if row[0] == "Catch <b>up"]
    assert (aim[1], aim[3], aim[12]) == ("On track", "82", "Reading lags")
    assert aim[11].date() == SOON
    actions = {row[0]: row for row in rows["Actions"]}
    assert actions["'=Train"][6] == 1200
    assert actions["Loose"][1] == "No objective"
    assert actions["All actions"][6] == 1200
    [review] = [row for row in rows["Reviews"] if row[0] == "Catch <b>up"]
    day = store.cycles.one(cycle).reviews[0].made_at.astimezone().date()
    assert (review[1].date(), review[2], review[3]) == (day, "Faster", "On track")


def test_the_timeline_names_what_it_cannot_draw(store: Store, plan: tuple[str, str]) -> None:
    page, (cycle, objective) = LeadingPage(), plan
    shown = text(page.view(f"{cycle}/plan/timeline"))
    assert "0 actions are in the picture. 1 action is not in it:" in shown
    assert "=Train : It has no end." in shown
    store.cycles.add(
        cycle, "action", {"objective": objective, "what": "Run", "start": "2025-11-01", "end": "2025-12-01"}
    )
    assert "1 action is in the picture, 1 of them late." in text(page.view(f"{cycle}/plan/timeline"))
    empty = store.cycles.create("Empty").id
    assert "There are no actions yet" in text(page.view(f"{empty}/plan/timeline"))
    for nowhere in ("plan/" + "0" * 32, "plan/a/b/c", "findings/a/b", "swot/a/b/c"):
        assert "can't be shown" in page.view(f"{cycle}/{nowhere}").html
