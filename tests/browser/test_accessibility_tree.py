"""What a screen reader is given: the accessibility tree that Chromium makes of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from kit_states import HEADING_IDS
from playwright.sync_api import Page

from senco_kit.standards import read
from senco_kit.standards.model import SPINE

LEVELS = tuple(level.name for level in read.levels())

#: The places whose headings and landmarks are looked at.
PLACES = (
    ("", ""),
    ("", "delete"),
    ("", "backups"),
    ("standards", ""),
    ("standards", SPINE),
    ("self-audit", ""),
    ("self-audit", "new"),
    ("self-audit", "{full}"),
    ("self-audit", "{full}/heading/A"),
    ("self-audit", "{full}/results"),
    ("self-audit", "{full}/plan"),
    ("self-audit", "{full}/report"),
    ("patterns", ""),
    ("course", ""),
    ("course", "1-professional-context"),
    ("course", "1-professional-context/the-legal-test"),
    ("course", "my-school"),
    ("course", "work/{begun}"),
    ("course", "work/{begun}/question/{q_share_out}"),
    ("course", "work/{begun}/hand-in"),
    ("course", "work/{marked}/feedback"),
    ("facilitator", ""),
    ("facilitator", "new"),
    ("facilitator", "session/1"),
    ("facilitator", "session/1/hand-out"),
)


@dataclass
class Node:
    """One node of the tree; nodes that are not given to a screen reader are left out, their children are not."""

    role: str
    name: str
    description: str
    properties: dict[str, Any]
    children: list[Node] = field(default_factory=list)

    def all(self, *roles: str) -> Iterator[Node]:
        """This node and those below it, in order, that have one of these roles."""
        if self.role in roles:
            yield self
        for child in self.children:
            yield from child.all(*roles)


def tree(page: Page) -> Node:
    """The accessibility tree of a page."""
    session = page.context.new_cdp_session(page)
    nodes = {each["nodeId"]: each for each in session.send("Accessibility.getFullAXTree")["nodes"]}
    session.detach()

    def text(node: dict[str, Any], what: str) -> str:
        return str(node.get(what, {}).get("value", ""))

    def made(node: dict[str, Any]) -> list[Node]:
        children = [each for key in node.get("childIds", []) if key in nodes for each in made(nodes[key])]
        if node["ignored"]:
            return children
        told = {each["name"]: each["value"].get("value") for each in node.get("properties", [])}
        return [Node(text(node, "role"), text(node, "name"), text(node, "description"), told, children)]

    root = next(each for each in nodes.values() if "parentId" not in each)
    return made(root)[0]


@pytest.mark.parametrize("heading_id", HEADING_IDS)
@pytest.mark.parametrize("audit", ["untouched", "full"])
def test_each_item_is_one_named_group_of_its_own_radios(tour: Any, audit: str, heading_id: str) -> None:
    page = tour.show("self-audit", f"{{{audit}}}/heading/{heading_id}")
    heading = next(each for each in read.framework(SPINE).headings if each.id == heading_id)
    whole = tree(page)
    groups = [group for group in whole.all("group", "radiogroup") if any(group.all("radio"))]
    assert len(groups) == len(heading.outcomes)
    assert sum(1 for _ in whole.all("radio")) == 5 * len(heading.outcomes)
    for group, outcome in zip(groups, heading.outcomes, strict=True):
        assert outcome.id in group.name
        assert outcome.title in group.name
        radios = list(group.all("radio"))
        assert [radio.name for radio in radios] == [*LEVELS, "I don't know yet"]
        about = outcome.levels or tuple(level.meaning for level in read.levels())
        assert [radio.description for radio in radios[:4]] == list(about)
        assert radios[4].description != ""
        others = group.all("checkbox", "textbox", "link", "DisclosureTriangle", "combobox")
        assert [other.name for other in others] == []


def test_a_group_and_its_radios_share_a_name_with_no_other_group(tour: Any) -> None:
    page = tour.show("self-audit", "{untouched}/heading/C")
    names = page.eval_on_selector_all(
        "fieldset",
        "all => all.map((each) => [...new Set([...each.querySelectorAll('[type=radio]')].map((r) => r.name))])",
    )
    found = [each for each in names if each]
    assert all(len(each) == 1 for each in found)
    items = ("C1a", "C1b", "C1c", "C1d", "C1e", "C2")
    assert [each[0] for each in found] == [f"{item}/standing" for item in items]


def test_rows_of_evidence_and_actions_are_named_groups(tour: Any) -> None:
    evidence = tree(tour.show("self-audit", "{full}/heading/A"))
    holder = next(group for group in evidence.all("group") if group.name == "Evidence for A1")
    rows = [group for group in holder.all("group") if group is not holder]
    assert [row.name for row in rows] == ["Evidence 1", "Evidence 2"]
    for number, row in enumerate(rows, 1):
        assert [box.name for box in row.all("textbox")] == ["What it is", "Where it is kept", "Date"]
        assert [button.name for button in row.all("button")] == [f"Remove evidence {number}"]
    plan = tree(tour.show("self-audit", "{full}/plan"))
    holder = next(group for group in plan.all("group") if group.name.startswith("Actions for A1"))
    assert [group.name for group in holder.all("group") if group is not holder] == ["Action 1"]


def test_an_error_is_told_with_its_field(tour: Any) -> None:
    page = tour.show("patterns", "")
    whole = tree(page)
    wrong = [box for box in whole.all("textbox", "checkbox", "group") if "Error:" in box.description]
    assert {box.name.removesuffix(" (required)") for box in wrong} >= {
        "Choose one, ordered", "Choose one", "Choose many", "One tick box", "A date", "Short text", "Long text",
    }  # fmt: skip
    for box in wrong:
        if box.role in {"textbox", "checkbox"}:
            assert box.properties.get("invalid") == "true", box.name


@pytest.mark.parametrize(("path", "place"), PLACES)
def test_headings_and_landmarks_are_in_order(tour: Any, path: str, place: str) -> None:
    page = tour.show(path, place)
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    whole = tree(page)
    levels = [int(heading.properties["level"]) for heading in whole.all("heading")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(next_one <= level + 1 for level, next_one in pairwise(levels)), levels
    assert all(heading.name.strip() for heading in whole.all("heading"))
    for landmark in ("banner", "main", "contentinfo"):
        assert len(list(whole.all(landmark))) == 1, landmark
    navigations = [each.name for each in whole.all("navigation")]
    assert "Pages of the kit" in navigations
    assert all(navigations)
    assert len(set(navigations)) == len(navigations)
    main = next(whole.all("main"))
    assert any(main.all("heading"))
    names = [each.name for each in whole.all("region")]
    assert all(names)
    assert len(set(names)) == len(names)


def test_what_speaks_is_there_before_it_says_anything(tour: Any) -> None:
    page = tour.show("standards", "")  # a tab in which nothing has been said yet
    speaking = list(tree(page).all("status"))
    assert len(speaking) == 2
    assert all(each.properties.get("live") == "polite" for each in speaking)
    assert page.locator("[data-live]").inner_text() == ""
    assert page.locator("[data-notice]").inner_text() == ""
    assert page.locator("[data-banner][role=alert]").is_hidden()


def test_titles_tell_places_apart(tour: Any) -> None:
    titles = [tour.show(path, place).title() for path, place in PLACES]
    assert len(set(titles)) == len(titles)
    assert all(title.endswith("SENCO Course Kit") for title in titles)
