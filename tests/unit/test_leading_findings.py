"""The findings room: what is taken is taken once, what is shown can be followed back, offers come from other work."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest
from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import standing, take_finding
from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_start import school_of
from senco_kit.planning.model import Cycle
from senco_kit.planning.taken import questions
from senco_kit.store import Store, open_store

SCHOOL = "primary-210-7"
OFFER = {
    "what": "Reading lags <b>in Year 8</b>.",
    "source": "data",
    "wherefrom": "Autumn tests",
    "foundon": "20/11/2026",
    "area": "cognition and learning",
    "effect": "hinders",
    "within": "inside",
    "ref": "data/secondary-1050/reading",
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return open_store()


@pytest.fixture
def cycle(store: Store) -> Cycle:
    return store.cycles.create("2026 to 2027", SCHOOL)


def text(view: View) -> str:
    assert "can't be shown" not in view.html, view.html
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", str(view.html)))


def test_the_same_thing_is_taken_once_even_in_two_tabs(store: Store, cycle: Cycle) -> None:
    first, second = take_finding(cycle, OFFER), take_finding(cycle, OFFER)  # neither tab has seen the other's
    after = store.cycles.one(cycle.id)
    [finding] = after.of("finding")
    assert first.where == second.where == f"{cycle.id}/findings/{finding.id}"
    assert finding.values == {
        "what": "Reading lags <b>in Year 8</b>.",
        "source": "data",
        "where_from": "Autumn tests",
        "found_on": "2026-11-20",
        "area": "cognition and learning",
        "effect": "hinders",
        "within": "inside",
        "ref/data": "data/secondary-1050/reading",
    }
    store.cycles.save(cycle.id, finding.id, "what", "My own words.")
    again = take_finding(store.cycles.one(cycle.id), OFFER, f"{cycle.id}/causes")
    assert (again.where, again.says) == (f"{cycle.id}/causes", "This is among your findings already.")
    assert [one.text("what") for one in store.cycles.one(cycle.id).of("finding")] == ["My own words."]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"area": "<b>"}, "Which area of need?"),
        ({"foundon": "31/6/2026"}, "As on which day?"),
        ({"source": "gossip"}, "How do you know?"),
        ({"what": " "}, "nothing here to take"),
        ({"ref": "<b>/x"}, "where this finding comes from"),
        ({"ref": "data/" + "x" * 300}, "Where it was taken from"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(
    store: Store, cycle: Cycle, changed: dict[str, str], says: str
) -> None:
    with pytest.raises(Refused, match=re.escape(says)):
        take_finding(cycle, OFFER | changed)
    assert store.cycles.one(cycle.id).records == ()


def test_the_button_carries_what_is_taken_and_gives_way_to_a_link(store: Store, cycle: Cycle) -> None:
    page = LeadingPage()
    offered = str(draw("leading/findings_offers.html", **_offers(cycle)))
    said = dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', offered))
    assert said["what"] == "Reading lags &lt;b&gt;in Year 8&lt;/b&gt;."
    assert set(said) == {*OFFER, "cycle", "from"}
    page.press("findings:take", OFFER | {"cycle": cycle.id})
    after = str(draw("leading/findings_offers.html", **_offers(store.cycles.one(cycle.id))))
    assert "data-press" not in after
    assert "Among your findings" in after


def _offers(cycle: Cycle) -> dict[str, object]:
    shown = {"title": "T", "comes_from": "x", "audits": (), "audit": None, "school": None}
    return {"cycle": cycle, "groups": [("G", "", [OFFER])], "places": {OFFER["ref"]: "offer-0"}, **shown}


def test_findings_are_grouped_filtered_and_lead_to_their_evidence(store: Store, cycle: Cycle) -> None:
    page, add = LeadingPage(), store.cycles.add
    assert "There are no findings yet" in text(page.view(f"{cycle.id}/findings"))
    take_finding(cycle, OFFER)
    take_finding(cycle, OFFER | {"what": "Clubs are full", "ref": f"provision/{SCHOOL}/7", "source": "provision"})
    bare = add(cycle.id, "finding", {"source": "other"})
    first = store.cycles.one(cycle.id).of("finding")[0].id
    for room, ref in (("cause", "cause/x/teaching"), ("training", "training/1"), ("observation", "observation/1")):
        store.cycles.save(cycle.id, first, f"ref/{room}", ref)  # "data" and "cause" lead to one place: told once
    add(cycle.id, "finding", {"what": "A good team", "effect": "helps", "ref/review": "review/area/3", "area": "all"})
    add(cycle.id, "objective", {"what": "Catch up", f"answers/{first}": "yes"})
    whole = page.view(f"{cycle.id}/findings")
    assert [each.strip() for each in re.findall("<h3>([^<]*)", whole.html)] == [
        "Cognition and learning",
        "All areas",
        "Not said yet",
    ]
    assert "&lt;b&gt;in Year 8" in whole.html
    assert f'href="/provision-map#/{SCHOOL}/provision/7"' in whole.html
    assert f'href="#/{cycle.id}/review/area/3"' in whole.html
    seen = Markup(re.sub('<span class="visually-hidden">[^<]*</span>', "", whole.html))
    told = text(View("", seen)).replace(" .", ".").replace(" ,", ",")
    assert re.search(r"Autumn tests\. See Causes behind outcomes, [A-Z][a-z ]+ and [A-Z][a-z ]+\. Answered", told), told
    assert "Where it stands is not said yet. No objective" in told
    assert "Answered by: Catch up" in text(whole)
    assert "A finding without words" in text(whole)
    assert "All (4)" in text(whole)
    [place] = re.findall(r'href="#/([^"]*)">Provision map \(1\)', whole.html)
    some = text(page.view(place.replace("%20", " ")))
    assert "1 finding of 4" in some
    assert "Clubs are full" in some
    assert "A good team" not in some
    by_source = page.view(f"{cycle.id}/findings/show/source/any/cognition and learning/not-said")
    assert "0 findings of 4" in text(by_source)
    assert standing(store.cycles.one(cycle.id)) == "4 found, 3 not answered by an objective"
    one = page.view(f"{cycle.id}/findings/{bare}").html
    assert one.count(f'data-name="{bare}/') == 10
    assert "no longer here" in page.view(f"{cycle.id}/findings/{'0' * 32}").html


def test_an_objective_is_made_of_a_finding(store: Store, cycle: Cycle) -> None:
    page, finding = LeadingPage(), store.cycles.add(cycle.id, "finding", {"what": "Reading lags"})
    went = page.press("findings:objective", {"cycle": cycle.id, "finding": finding})
    [objective] = store.cycles.one(cycle.id).of("objective")
    assert isinstance(went, GoTo)
    assert went.where == f"{cycle.id}/plan/{objective.id}"
    assert objective.ticks("answers") == (finding,)
    with pytest.raises(Refused, match="no longer here"):
        page.press("findings:objective", {"cycle": cycle.id, "finding": objective.id})


def test_a_self_audit_offers_what_is_below_secure_with_its_evidence(store: Store, cycle: Cycle) -> None:
    page = LeadingPage()
    assert "You have no self-audit yet" in text(page.view(f"{cycle.id}/findings/from-audit"))
    audit = store.create_audit("Autumn", "national-award-2009").id
    for item, standing_ in {"A1": "3", "A2": "2", "B1": "1", "C2": "unsure"}.items():
        store.save_rating(audit, item, "standing", standing_)
    row = store.add_evidence(audit, "B1")
    for field, value in {"what": "Governors’ minutes", "kept_where": "Office", "dated": "24/9/2026"}.items():
        store.save_evidence(row, field, value)
    shown = page.view(f"{cycle.id}/findings/from-audit")
    offered = text(shown)
    assert offered.index("B1 ") < offered.index("A2 ") < offered.index("Strengths") < offered.index("A1 ")
    assert "Evidence: Governors’ minutes (Office, 24 September 2026)." in offered
    assert "C2" not in offered
    buttons = [
        dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', each))
        for each in re.findall("<button[^>]*:take[^>]*>", shown.html)
    ]
    assert [each["ref"] for each in buttons] == [f"audit/{audit}/{item}" for item in ("B1", "A2", "A1")]
    taken = page.press("findings:take", buttons[0])
    assert isinstance(taken, View)
    assert taken.focus == "offer-0"
    assert taken.html.count("Among your findings") == 1
    [finding] = store.cycles.one(cycle.id).of("finding")
    assert (finding.text("effect"), finding.text("source")) == ("hinders", "audit")
    listed = page.view(f"{cycle.id}/findings").html
    assert f'href="/self-audit#/{audit}/heading/B/B1"' in listed
    store.delete_audit(audit)
    alone = page.view(f"{cycle.id}/findings")
    assert "B1 Influence" in text(alone)
    assert "/self-audit#" not in alone.html


def test_the_provision_map_offers_its_verdicts_and_its_questions(store: Store, cycle: Cycle) -> None:
    page = LeadingPage()
    shown = page.view(f"{cycle.id}/findings/from-provision")
    assert "nothing in it is real" in text(shown)
    refs = re.findall(rf'data-with-ref="((?:provision|signal)/{SCHOOL}/[^"]*)"', shown.html)
    assert len(set(refs)) == len(refs)
    verdict = re.search("<button[^>]*:take[^>]*provision/[^>]*>", shown.html)
    assert verdict
    values = dict(re.findall(r'data-with-([a-z]+)="([^"]*)"', verdict[0]))
    page.press("findings:take", values)
    [finding] = store.cycles.one(cycle.id).of("finding")
    assert finding.text("ref/provision") == values["ref"]
    no_school = store.cycles.create("Without data").id
    signal = next(iter(school_of(cycle).signals))
    about_one = dataclasses.replace(signal, kind="attached-adult", says="Adult 7 is with pupil 9.")
    assert len(questions("k", "School", [signal, about_one], date(2026, 11, 22))) == 1
    assert "No school’s data is chosen" in page.view(f"{no_school}/findings/from-provision").html
