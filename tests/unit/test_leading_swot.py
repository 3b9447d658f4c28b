"""The SWOT page: cards stand where their findings say, and what moves one is saved like any other answer."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from senco_kit.pages.leading_page import LeadingPage
from senco_kit.pages.leading_swot import standing
from senco_kit.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path))
    return open_store()


def cards(shown: str) -> dict[str, list[str]]:
    """What stands on the cards of each place of the page."""
    parts = re.split(r'data-drop="([a-z-]+)"', shown)[1:]
    return {
        place: [each.strip() for each in re.findall(r'<li class="swot-card"[^>]*>\s*<p[^>]*>([^<]*)', part)]
        for place, part in zip(parts[::2], parts[1::2], strict=True)
    }


def test_cards_stand_where_their_findings_say_and_move_when_these_change(store: Store) -> None:
    page, cycle = LeadingPage(), store.cycles.create("2026 to 2027").id
    assert "There are no findings yet" in page.view(f"{cycle}/swot").html
    team = store.cycles.add(cycle, "finding", {"what": "A <i>good</i> team", "effect": "helps", "within": "inside"})
    store.cycles.add(cycle, "finding", {"what": "Cuts", "effect": "hinders", "within": "outside"})
    new = store.cycles.add(cycle, "finding", {"what": "New"})
    empty: dict[str, list[str]] = {
        "strengths": [],
        "weaknesses": [],
        "opportunities": [],
        "threats": [],
        "not-placed": [],
    }
    shown = page.view(f"{cycle}/swot").html
    assert cards(shown) == empty | {
        "strengths": ["A &lt;i&gt;good&lt;/i&gt; team"],
        "threats": ["Cuts"],
        "not-placed": ["New"],
    }
    assert standing(store.cycles.one(cycle)) == "2 of 3 findings placed"
    # What the browser saves when a card is moved: for each place, a value for each of the two fields.
    sets = {
        place: json.loads(html.unescape(said))
        for place, said in re.findall(r'data-drop="([a-z-]+)" data-sets="([^"]*)"', shown)
    }
    assert sets["not-placed"] == {"effect": "", "within": ""}
    for place, said in sets.items():
        for field, value in said.items():
            assert f'data-name="{new}/{field}" data-kind="text" data-takes="{field}"' in shown
            page.save(cycle, f"{new}/{field}", value)
        assert "New" in cards(page.view(f"{cycle}/swot").html)[place]
    objective = store.cycles.add(cycle, "objective", {"what": "Aim", f"answers/{team}": "yes"})
    seen = page.view(f"{cycle}/swot/{objective}/all").html
    assert seen.count("Answered by this objective") == 1
    assert sum(map(len, cards(seen).values())) == 3
    only = page.view(f"{cycle}/swot/{objective}").html
    assert cards(only) == empty | {"strengths": ["A &lt;i&gt;good&lt;/i&gt; team"]}
    assert f'href="#/{cycle}/swot/{objective}/all">Show all 3 findings' in only
    page.save(cycle, f"{objective}/answers/{team}", "")
    assert "answers no finding yet" in page.view(f"{cycle}/swot/{objective}").html
    assert "no longer here" in page.view(f"{cycle}/swot/{team}").html
