"""The pages of the course and for facilitators in every state: axe finds nothing, nothing is too wide or hard to find.

A file of its own, because the tests of one file run in one process: so these and the other states are looked at side
by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from course_states import COURSE_ON_PAPER, COURSE_STATES, FACILITATOR_STATES
from kit_states import State
from looks import expect_all_fits, expect_focus_is_seen, expect_no_axe_findings, expect_own_spacing_fits
from playwright.sync_api import Page

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 256}


@pytest.fixture(scope="module", params=(*COURSE_STATES, *FACILITATOR_STATES), ids=lambda state: state.name)
def shown(request: pytest.FixtureRequest, tour: Any) -> Iterator[Page]:
    """A page in one of its states."""
    state: State = request.param
    with tour.state(state) as page:
        yield page


def test_it_is_accessible_in_a_wide_window(shown: Page) -> None:
    shown.set_viewport_size(WIDE)
    expect_no_axe_findings(shown)
    expect_focus_is_seen(shown)


def test_it_is_accessible_and_fits_at_320_pixels(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_no_axe_findings(shown)
    expect_all_fits(shown)
    expect_own_spacing_fits(shown)


@pytest.mark.parametrize("state", COURSE_ON_PAPER, ids=lambda state: state.name)
def test_axe_finds_nothing_on_paper(tour: Any, state: State) -> None:
    with tour.state(state) as page:
        page.set_viewport_size(WIDE)
        expect_no_axe_findings(page)
