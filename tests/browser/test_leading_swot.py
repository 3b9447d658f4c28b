"""The SWOT as its user meets it: a finding moved with the mouse and by keyboard alone, and all of it on one sheet."""

from __future__ import annotations

import re

from looks import TOO_WIDE, expect_no_axe_findings, expect_none
from playwright.sync_api import Page, expect

from conftest import Visit
from senco_kit.store import Store, open_store

_FINDING = (
    "Finding {number}: pupils with SEN support in Years 7 and 8 read {number} points less well than a year ago, and "
    "the gap to other pupils is widest in history and science, where texts are long."
)


def a_cycle(store: Store) -> tuple[str, list[str], str]:
    """A cycle with a dozen findings in all quadrants, the last not placed, and an objective that answers the first."""
    cycle = store.cycles.create("2026 to 2027").id
    ways = [("helps", "inside"), ("hinders", "inside"), ("helps", "outside"), ("hinders", "outside")]
    findings = []
    for number in range(12):
        effect, within = ways[number % 4] if number < 11 else ("", "")
        said = {"what": _FINDING.format(number=number + 1), "effect": effect, "within": within}
        findings.append(store.cycles.add(cycle, "finding", said))
    said = {"what": "Readers in Years 7 and 8 catch up.", f"answers/{findings[0]}": "yes"}
    return cycle, findings, store.cycles.add(cycle, "objective", said)


def says(store: Store, cycle: str, finding: str) -> tuple[str, str]:
    found = store.cycles.one(cycle).find(finding)
    assert found is not None
    return found.text("effect"), found.text("within")


def saved(page: Page) -> None:
    expect(page.locator(".swot [data-saved]")).to_contain_text("Saved")


def pages_printed(page: Page) -> int:
    edge = "12mm"
    printed = page.pdf(format="A4", margin={"top": edge, "right": edge, "bottom": edge, "left": edge})
    return len(re.findall(rb"/Type\s*/Page[^s]", printed))


def test_a_finding_is_moved_with_the_mouse_and_by_keyboard_alone(visit: Visit) -> None:
    store = open_store(visit.kit.home / "work")
    cycle, findings, objective = a_cycle(store)
    page = visit.open(f"leading#/{cycle}/swot/{objective}/all")
    expect(page.get_by_role("heading", name=re.compile("^SWOT: Readers"))).to_be_focused()
    threats = page.get_by_role("region", name="Threats")

    # With the mouse, in a window that is high enough to see both ends of the way.
    page.set_viewport_size({"width": 1280, "height": 2400})
    page.locator(".swot-card", has_text="Finding 1:").locator("p").drag_to(threats.get_by_role("heading"))
    expect(threats.locator(".swot-card", has_text="Finding 1:")).to_be_visible()
    expect(page.locator("[data-live]")).to_have_text(re.compile("Moved to Threats|Saved"))
    saved(page)
    assert says(store, cycle, findings[0]) == ("hinders", "outside")

    # By keyboard alone: from the page's heading to the list on the card that has no place yet, and a choice in it.
    page.get_by_role("heading", name=re.compile("^SWOT: Readers")).focus()
    own_list = page.get_by_label(re.compile("^Move to another quadrant: Finding 12:"))
    for _ in range(60):
        page.keyboard.press("Tab")
        if own_list.evaluate("each => each === document.activeElement"):
            break
    page.keyboard.type("Opp")
    expect(
        page.get_by_role("region", name="Opportunities").locator(".swot-card", has_text="Finding 12:")
    ).to_be_visible()
    expect(own_list).to_be_focused()
    saved(page)
    assert says(store, cycle, findings[11]) == ("helps", "outside")

    # The same after the page was loaded anew; what the objective answers is marked, and can be shown alone.
    page.reload()
    expect(page.get_by_role("region", name="Opportunities").locator(".swot-card")).to_have_count(4)
    expect(threats.get_by_text("Answered by this objective")).to_have_count(1)
    expect_no_axe_findings(page)
    page.set_viewport_size({"width": 360, "height": 800})
    expect_none(page.evaluate(TOO_WIDE))
    page.set_viewport_size({"width": 1280, "height": 900})
    assert pages_printed(page) == 1
    page.get_by_role("link", name="Show only those").click()
    expect(page.locator(".swot-card")).to_have_count(1)
