"""The pages of the course and for facilitators in every state: axe finds nothing, nothing is too wide or hard to find.

A file of its own, because the tests of one file run in one process: so these and the other states are looked at side
by side.
"""

from __future__ import annotations

import pytest
from course_states import COURSE_ON_PAPER, COURSE_STATES, FACILITATOR_STATES
from looks import (
    NARROW,
    WIDE,
    expect_all_fits,
    expect_focus_is_seen,
    expect_no_axe_findings,
    expect_own_spacing_fits,
    name_of,
    shown_one_by_one,
)
from playwright.sync_api import Page

shown = shown_one_by_one((*COURSE_STATES, *FACILITATOR_STATES))


def test_it_is_accessible_in_a_wide_window(shown: Page) -> None:
    shown.set_viewport_size(WIDE)
    expect_no_axe_findings(shown)
    expect_focus_is_seen(shown)


def test_it_is_accessible_and_fits_at_320_pixels(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_no_axe_findings(shown)
    expect_all_fits(shown)
    expect_own_spacing_fits(shown)


@pytest.mark.parametrize("shown", COURSE_ON_PAPER, indirect=True, ids=name_of)
def test_axe_finds_nothing_on_paper(shown: Page) -> None:
    shown.set_viewport_size(WIDE)
    expect_no_axe_findings(shown)
