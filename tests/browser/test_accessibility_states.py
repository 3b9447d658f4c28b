"""Every page of the kit in every state: axe finds nothing; nothing is too wide, too small, cut off or hard to find."""

from __future__ import annotations

import pytest
from kit_states import ON_PAPER, STATES
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
from playwright.sync_api import Page, ViewportSize

shown = shown_one_by_one(STATES)


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1280", "320"])
def test_axe_finds_nothing(shown: Page, window: ViewportSize) -> None:
    shown.set_viewport_size(window)
    expect_no_axe_findings(shown)


def test_all_fits_at_320_pixels(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_all_fits(shown)


def test_a_readers_own_spacing_fits(shown: Page) -> None:
    shown.set_viewport_size(NARROW)
    expect_own_spacing_fits(shown)


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1280", "320"])
def test_the_focus_is_seen_wherever_it_is(shown: Page, window: ViewportSize) -> None:
    shown.set_viewport_size(window)
    expect_focus_is_seen(shown)


@pytest.mark.parametrize("window", [WIDE, NARROW], ids=["1280", "320"])
@pytest.mark.parametrize("shown", ON_PAPER, indirect=True, ids=name_of)
def test_axe_finds_nothing_on_paper(shown: Page, window: ViewportSize) -> None:
    shown.set_viewport_size(window)
    expect_no_axe_findings(shown)
