"""A whole audit with the keyboard alone: Tab, Shift+Tab, arrow keys, Space, Enter, and letters where text is asked."""

from __future__ import annotations

from typing import Any

from by_keyboard import Keys
from playwright.sync_api import expect

from senco_kit.standards import read
from senco_kit.standards.model import SPINE
from senco_kit.store import open_store
from serving_fixture import KitServer

#: What is meant for each item, in turn: the answers differ from item to item, so that one taken for another is seen.
TURNS = ("1", "2", "3", "4", "unsure")


def answer(keys: Keys, outcome_id: str, meant: str) -> None:
    """Answer one item and leave its group; Tab must have entered the group once."""
    name = f"{outcome_id}/standing"
    first = keys.tab_to(group=name)
    assert first["value"] == "1"
    assert not first["checked"]
    if meant == "unsure":
        # The last option, and one further: the first one of the same group, not something of the next item.
        here = keys.press("Space", *["ArrowDown"] * 5)
        assert (here["group"], here["value"]) == (name, "1")
        here = keys.press("ArrowUp")
    else:
        here = keys.press("Space", *["ArrowDown"] * (int(meant) - 1))
    assert (here["group"], here["value"], here["checked"]) == (name, meant, True)
    after = keys.press("Tab")
    keys.walked.append(after)
    assert after["group"] == ""
    back = keys.press("Shift+Tab")  # coming back stands on the answer and changes nothing
    assert (back["group"], back["value"]) == (name, meant)
    assert keys.press("Tab") == after


def test_a_whole_audit_with_the_keyboard_alone(visit: Any, kit: KitServer) -> None:
    page = visit.open("")
    keys = Keys(page)
    assert keys.press("Tab")["text"] == "Skip to the page"
    assert keys.press("Enter")["id"] in {"main", ""}
    keys.tab_to(text="Start a self-audit")
    page.keyboard.press("Enter")
    keys.at_view("Start an audit")
    assert keys.tab_to(type="radio")["value"] == SPINE
    keys.tab_to(type="text")
    page.keyboard.press("Control+a")
    page.keyboard.type("By keyboard")
    keys.tab_to(text="Start")
    page.keyboard.press("Enter")
    keys.at_view("By keyboard")

    spine = read.framework(SPINE)
    meant = {outcome.id: TURNS[place % 5] for place, outcome in enumerate(spine.outcomes())}
    for heading in spine.headings:
        words = f"{heading.id}. {heading.title}"
        keys.tab_to(text=words if heading is spine.headings[0] else f"Next: {words}")
        page.keyboard.press("Enter")
        keys.at_view(words)
        keys.walked.clear()
        for outcome in heading.outcomes:
            answer(keys, outcome.id, meant[outcome.id])
            if outcome.id == "B2":
                keys.tab_to(name="B2/matters_now")
                assert keys.press("Space")["checked"]
        entered = [step["group"] for step in keys.walked if step["group"]]
        assert entered == [f"{outcome.id}/standing" for outcome in heading.outcomes]
    keys.tab_to(text="See the results")
    page.keyboard.press("Enter")
    keys.at_view("Results: By keyboard")
    expect(page.locator("main")).to_contain_text("19 of 19 items answered")

    first = page.locator(".priorities h4").first.inner_text().split()[0]
    keys.tab_to(text="Plan what to do…")
    page.keyboard.press("Enter")
    page.locator(f"#plan-{first}:focus").wait_for()
    step = spine.outcome(first).next_steps[0]
    keys.tab_to(text=f"Add this step to my plan: {step}")
    page.keyboard.press("Enter")
    expect(page.locator("[data-notice]")).to_contain_text("Added to your plan")
    page.locator(f"#plan-{first}:focus").wait_for()
    assert keys.tab_to(tag="TEXTAREA")["value"] == step
    keys.tab_to(text="Report")
    page.keyboard.press("Enter")
    keys.at_view("Report: By keyboard")
    keys.tab_to(text="Download CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
    expect(page.locator("[role=status][data-notice]")).to_contain_text("is made")
    assert keys.here()["text"] == "Download CSV"

    (audit,) = open_store(kit.home / "work").audits()
    kept = {key: "unsure" if rating.unsure else str(rating.level) for key, rating in audit.ratings.items()}
    assert kept == meant
    assert [key for key, rating in audit.ratings.items() if rating.matters_now] == ["B2"]
    assert all(not rating.note and not rating.evidence for rating in audit.ratings.values())
    assert [(action.outcome_id, action.action) for action in audit.actions] == [(first, step)]
