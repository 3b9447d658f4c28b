"""Days as people in England write them."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senco_kit.days import in_words, read_day


@pytest.mark.parametrize(
    "written",
    [
        "24 September 2026",
        "24/9/2026",
        "24.09.2026",
        "24-9-2026",
        "24 9 2026",
        "2026-09-24",
        " 24th  SEPT 2026 ",
        "24 sep, 2026",
    ],
)
def test_ways_to_write_one_day(written: str) -> None:
    assert read_day(written) == date(2026, 9, 24)


def test_nothing_written_is_no_day() -> None:
    assert read_day("  ") is None


@pytest.mark.parametrize(
    "written", ["31/6/2026", "next week", "9/24/2026", "24 Juny 2026", "2026", "24/09", "24 Juny 26", "٢٤/٩/٢٠٢٦"]
)
def test_what_is_no_day_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"^Enter a date such as 24 September 2026 or 24/9/2026\.$"):
        read_day(written)


@pytest.mark.parametrize("written", ["24/9/26", "24.09.26", "24-9-26", "24 9 26", "24 Sept 26", "24th September, 26"])
def test_a_year_of_two_figures_is_not_guessed(written: str) -> None:
    with pytest.raises(ValueError, match=r"^Write the year with four figures, such as 24/9/2026\.$"):
        read_day(written)


@pytest.mark.parametrize("written", ["1/1/1949", "1/1/2101"])
def test_years_far_away_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="from 1950 to 2100"):
        read_day(written)


@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_what_is_written_in_words_reads_back_as_the_same_day(day: date) -> None:
    assert read_day(in_words(day)) == day


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="This system cannot be told to be elsewhere")
def test_a_moment_is_shown_as_the_day_it_was_here(monkeypatch: pytest.MonkeyPatch) -> None:
    late = datetime(2026, 9, 24, 20, tzinfo=UTC)
    try:
        monkeypatch.setenv("TZ", "Pacific/Auckland")
        time.tzset()
        assert in_words(late) == "25 September 2026"
        monkeypatch.setenv("TZ", "America/Lima")
        time.tzset()
        assert in_words(late) == "24 September 2026"
    finally:
        monkeypatch.undo()
        time.tzset()
