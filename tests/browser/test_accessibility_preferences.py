"""What people ask of their own computer is honoured: less motion, colours of their own."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

MOVING = """() => [...document.querySelectorAll("*")].filter((each) => {
  const style = [getComputedStyle(each), getComputedStyle(each, "::before")];
  return style.some((one) => parseFloat(one.transitionDuration) > 0 || one.animationName !== "none"
    || one.scrollBehavior === "smooth");
}).map((each) => each.outerHTML.slice(0, 120))"""
GROUND = "each => getComputedStyle(each).backgroundColor + getComputedStyle(each).backgroundImage"
EDGE = "each => { const s = getComputedStyle(each); return [s.borderColor, s.borderStyle, s.borderWidth].join(' '); }"


def test_nothing_moves_for_those_who_ask_for_less_motion(tour: Any) -> None:
    page: Page = tour.show("self-audit", "{full}/heading/A")
    page.emulate_media(reduced_motion="reduce")
    page.evaluate(
        """() => {
          const line = document.createElement("p");
          line.className = "frame-loading";
          document.querySelector("main").append(line);
        }"""
    )
    assert page.evaluate(MOVING) == []
    page.emulate_media(reduced_motion="no-preference")
    assert len(page.evaluate(MOVING)) == 1  # the loading line, which turns for everybody else
    page.evaluate("document.querySelector('.frame-loading').remove()")


@pytest.fixture
def own_colours(tour: Any) -> Any:
    """The tour with the system's own colours (Windows' contrast themes)."""
    tour.tab("self-audit").emulate_media(forced_colors="active")
    yield tour
    tour.tab("self-audit").emulate_media(forced_colors="none")


def test_levels_are_told_apart_in_the_systems_own_colours(own_colours: Any) -> None:
    page: Page = own_colours.show("self-audit", "{full}/results")
    grounds = [page.locator(f".bars .part.level-{number}").first.evaluate(GROUND) for number in (1, 2, 3, 4)]
    grounds.append(page.locator(".bars .part.unsure").first.evaluate(GROUND))
    assert len(set(grounds)) == 5
    assert all(part.inner_text().strip().isdigit() for part in page.locator(".bars .part").all())


def test_the_chosen_answer_is_told_apart_in_the_systems_own_colours(own_colours: Any) -> None:
    page: Page = own_colours.show("self-audit", "{full}/heading/A")
    chosen = page.locator("#item-A1 .option:has(:checked)").first.evaluate(EDGE)
    other = page.locator("#item-A1 .options:not(.aside) .option:not(:has(:checked))").first.evaluate(EDGE)
    assert chosen != other
    # The radio itself is drawn by the system, so what is chosen is seen there too.
    assert page.locator("#f-A1-standing-2").evaluate("each => getComputedStyle(each).appearance") == "auto"
