"""Every page of the kit in every state: axe finds nothing; nothing is too wide, too small, cut off or hard to find."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kit_states import ON_PAPER, STATES, State
from looks import expect_all_fits, expect_focus_is_seen, expect_no_axe_findings, expect_own_spacing_fits
from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
#: A window of 1280 by 1024 pixels at 400 %.
NARROW = {"width": 320, "height": 256}


@pytest.fixture(scope="module", params=STATES, ids=lambda state: state.name)
def shown(request: pytest.FixtureRequest, tour: Any) -> Iterator[Page]:
    """A page in one of its states."""
    state: State = request.param
    with tour.state(state) as page:
        yield page


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1280", "320"])
def test_axe_finds_nothing(shown: Page, window: dict[str, int]) -> None:
    shown.set_viewport_size(window)
    expect_no_axe_findings(shown)


def test_all_fits_at_320_pixels(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_all_fits(shown)


def test_a_readers_own_spacing_fits(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_own_spacing_fits(shown)


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1280", "320"])
def test_the_focus_is_seen_wherever_it_is(shown: Page, window: dict[str, int]) -> None:
    shown.set_viewport_size(window)
    expect_focus_is_seen(shown)


@pytest.mark.parametrize("state", ON_PAPER, ids=lambda state: state.name)
def test_axe_finds_nothing_on_paper(tour: Any, state: State) -> None:
    with tour.state(state) as page:
        for window in (WIDE, NARROW):
            page.set_viewport_size(window)
            expect_no_axe_findings(page)
