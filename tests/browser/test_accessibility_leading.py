"""The Leading page in every state: axe finds nothing, nothing is too wide, cut off or hard to find."""

from __future__ import annotations

import pytest
from leading_states import LEADING_ON_PAPER, LEADING_STATES
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

shown = shown_one_by_one(LEADING_STATES)


def test_it_is_accessible_in_a_wide_window(shown: Page) -> None:
    shown.set_viewport_size(WIDE)
    expect_no_axe_findings(shown)
    expect_focus_is_seen(shown)


def test_it_is_accessible_and_fits_at_320_pixels(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_no_axe_findings(shown)
    expect_all_fits(shown)
    expect_own_spacing_fits(shown)


@pytest.mark.parametrize("shown", LEADING_ON_PAPER, indirect=True, ids=name_of)
def test_axe_finds_nothing_on_paper(shown: Page) -> None:
    shown.set_viewport_size(WIDE)
    expect_no_axe_findings(shown)
