"""From the first look to the inclusion strategy with the keyboard alone, on the invented secondary."""

from __future__ import annotations

import io
import re

from by_keyboard import Keys
from docx import Document
from playwright.sync_api import expect

from conftest import Visit
from senco_kit.planning.kinds import single_id
from senco_kit.planning.model import Cycle
from senco_kit.store import open_store

#: So often Tab may be pressed before it has gone round the longest page once.
MOST = 300

AREA = "7. Efficient use of resources"
BARRIER = "Money for SEN went where it went last year."
AIM = "Help goes first to pupils who need it most."

OBJECTIVE = {
    "what": "Spending follows need.",
    "measure": "The share of spending on groups with the widest gaps.",
    "baseline": "20%",
    "target": "40%",
    "by": "31/7/2027",
    "success": "More help reaches the pupils who are furthest behind.",
    "lead": "SENCO",
    "monitor_who": "Governors",
    "monitor_how": "They read the spending by group each term.",
    "next_review": "1/3/2027",
    "for_parents": AIM,
}
ACTION = {
    "what": "Plan the budget with the head.",
    "lead": "SENCO",
    "start": "1/1/2027",
    "end": "1/3/2027",
    "cost": "500",
}
STRATEGY = {
    "school": "Invented Secondary",
    "years": "2026 to 2029",
    "published": "15/12/2026",
    "review": "1/12/2027",
    "authorised": "Governing board",
    "intent": "Every pupil belongs here and learns with the others.",
    "last-year": "This is our first strategy.",
    "further": "The SEN information report is on our website.",
}


def fill_in(keys: Keys, prefix: str, answers: dict[str, str]) -> None:
    """Type each answer into its field; the fields come in any order, so each is looked for from where it is."""
    left, steps = dict(answers), 0
    while left:
        here = keys.press("Tab")
        name = here["name"].removeprefix(f"{prefix}/")
        if here["name"].startswith(f"{prefix}/") and name in left:
            keys.page.keyboard.type(left.pop(name))
        steps += 1
        assert steps < MOST, f"Tab does not reach {left}"


def way_back(keys: Keys, name: str) -> None:
    """To the overview of the cycle, by the trail at the head of the page."""
    keys.tab_to(most=MOST, text=name)
    keys.page.keyboard.press("Enter")
    keys.at_view(name)


def choose(keys: Keys, group: str, place: int) -> None:
    """Choose an answer of a group by its place in it."""
    assert keys.tab_to(most=MOST, group=group)["group"] == group
    assert keys.press("Space", *["ArrowDown"] * place)["checked"]


def test_from_the_first_look_to_the_strategy_with_the_keyboard_alone(visit: Visit) -> None:
    keys, store = Keys(visit.open("leading")), open_store(visit.kit.home / "work")
    page = keys.page

    def cycle() -> Cycle:
        return store.cycles.all()[0]

    keys.follow("Start a cycle")
    keys.at_view("Start a cycle")
    keys.tab_to(name="name")
    page.keyboard.press("Control+a")
    page.keyboard.type("By keyboard")
    choose(keys, "school", 1)
    keys.follow("Start")
    keys.at_view("By keyboard")
    assert cycle().school == "secondary-1050"

    # The review: one area, five answers, a level; and what it says becomes a finding.
    keys.follow("Whole-school SEND review")
    keys.at_view("Whole-school SEND review")
    keys.follow(AREA)
    keys.at_view(AREA)
    keys.follow("Start your own review here")
    keys.at_view(AREA)
    expect(page.locator("fieldset[data-name$='/answer/7a']")).to_be_visible()
    voice = cycle().of("voice")[0].id
    for prompt in "abcde":
        choose(keys, f"{voice}/answer/7{prompt}", 1)
    choose(keys, f"{voice}/level/7", 0)
    expect(page.locator("main")).to_contain_text("Take it as a finding")
    keys.follow("Take it as a finding…")
    expect(page.locator("[data-name$='/for_parents']")).to_be_visible()
    finding = cycle().of("finding")[0]
    keys.tab_to(name=f"{finding.id}/for_parents")
    page.keyboard.type(BARRIER)
    way_back(keys, "By keyboard")

    # The SWOT: the same finding, moved and moved back.
    keys.follow("SWOT")
    keys.at_view("SWOT")
    for first_letters, quadrant in (("Thr", "Threats"), ("Wea", "Weaknesses")):
        keys.tab_to(most=MOST, id=f"swot-{finding.id}")
        page.keyboard.type(first_letters)
        expect(page.get_by_role("region", name=quadrant).locator(".swot-card")).to_have_count(1)
    way_back(keys, "By keyboard")

    # The plan: an objective that answers it, with an action.
    keys.follow("Findings")
    keys.at_view("Findings")
    keys.follow(finding.text("what"))
    expect(page.get_by_role("button", name="Make an objective that answers it")).to_be_visible()
    keys.follow("Make an objective that answers it")
    expect(page.locator("[data-name$='/school_plan']")).to_be_visible()
    objective = cycle().of("objective")[0].id
    fill_in(keys, objective, OBJECTIVE)
    keys.tab_to(most=MOST, text="Add an action")
    page.keyboard.press("Enter")
    expect(page.locator("[data-row]")).to_have_count(1)
    row = f"action/objective/{objective}/{page.locator('[data-row]').get_attribute('data-row')}"
    fill_in(keys, row, ACTION)
    for choice, place in (("tier", 0), ("funding", 3)):
        choose(keys, f"{row}/{choice}", place)
    expect(page.locator(".screen")).not_to_contain_text("Not saved")
    way_back(keys, "By keyboard")

    # The strategy: what only a person can say, and then the file.
    keys.follow("Documents")
    keys.at_view("Documents")
    keys.follow("Inclusion strategy")
    keys.at_view("Inclusion strategy")
    fill_in(keys, single_id("document-inclusion-strategy"), STRATEGY)
    expect(page.locator("#document-state")).to_contain_text("Complete")
    with page.expect_download() as waiting:
        keys.tab_to(most=MOST, text="Download as Word")
        page.keyboard.press("Enter")
    words = "\n".join(each.text for each in _all(waiting.value.path().read_bytes()))
    for text in (BARRIER, AIM, STRATEGY["intent"], ACTION["what"], "£500", OBJECTIVE["success"]):
        assert text in words
    assert "still missing" not in words

    kept = cycle()
    aim = kept.find(objective)
    assert aim is not None
    assert [one.id for one in kept.ticked(aim, "answers")] == [finding.id]
    assert {name: aim.text(name) for name in ("baseline", "by")} == {"baseline": "20%", "by": "2027-07-31"}
    assert not re.search("<script", words)


def _all(file: bytes) -> list[object]:
    document = Document(io.BytesIO(file))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [*document.paragraphs, *cells]
