"""What people type into a form: kept as it is meant, or refused with one sentence."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.store import BadValue, answers


@pytest.mark.parametrize(
    "typed",
    [
        "2026-09-24",
        "24/9/2026",
        "24.09.2026",
        "24-09-2026",
        " 24  September 2026 ",
        "24th september 2026",
        "24 Sep 2026",
        "24 Sept. 2026",
    ],
)
def test_a_date_is_read_as_people_write_it(typed: str) -> None:
    assert answers.day(typed) == date(2026, 9, 24)


def test_an_empty_date_clears_it() -> None:
    assert answers.day(" ") is None


@pytest.mark.parametrize(
    "typed",
    ["31/6/2026", "soon", "2026-13-01", "9/24/2026", "24 Smarch 2026", "٢٤/٩/٢٠٢٦", "2026-09-24T10:00"],
)
def test_a_bad_date_says_what_to_enter(typed: str) -> None:
    with pytest.raises(BadValue, match=r"^Enter a date such as 24 September 2026 or 24/9/2026\.$"):
        answers.day(typed)


@pytest.mark.parametrize("typed", ["0002-01-01", "1949-12-31", "2101-01-01"])
def test_a_half_typed_year_is_refused(typed: str) -> None:
    with pytest.raises(BadValue, match=r"^Enter a date with a year from 1950 to 2100"):
        answers.day(typed)


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_every_date_of_a_date_field_is_read(day: date) -> None:
    assert answers.day(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "level", "unsure"), [("1", 1, False), ("4", 4, False), ("unsure", None, True), ("", None, False)]
)
def test_a_standing_is_a_level_or_unsure_and_never_both(typed: str, level: int | None, unsure: bool) -> None:
    assert answers.rating("standing", typed) == {"level": level, "unsure": unsure}


@pytest.mark.parametrize("typed", ["0", "5", "3.0", "three", " 3", "३", None, 3])
def test_a_bad_standing_says_what_to_choose(typed: object) -> None:
    with pytest.raises(BadValue, match=r"^Choose one of the levels 1 to 4"):
        answers.rating("standing", typed)


@pytest.mark.parametrize(("typed", "kept"), [("yes", True), ("true", True), ("on", True), ("", False), ("no", False)])
def test_a_tick_is_read(typed: str, kept: bool) -> None:
    assert answers.rating("matters_now", typed) == {"matters_now": kept}


def test_a_bad_tick_is_refused() -> None:
    with pytest.raises(BadValue, match=r"^Tick the box"):
        answers.rating("matters_now", "perhaps")


def test_text_is_cleaned_and_never_cut() -> None:
    assert answers.words("one\r\ntwo\x00\ud800") == "one\ntwo"
    assert answers.words("x" * LONGEST_TEXT) == "x" * LONGEST_TEXT
    with pytest.raises(BadValue, match=r"^This text has 25,000 characters; keep it under 20,000\.$"):
        answers.words("x" * 25_000)


@pytest.mark.parametrize("typed", ["", "  ", "\u200b", "\u202e \u2066", "\x00"])
def test_a_name_must_be_seen(typed: str) -> None:
    with pytest.raises(BadValue, match=r"^Enter a name for this audit\.$"):
        answers.name(typed)


def test_a_name_is_one_line_of_200_characters_at_most() -> None:
    assert answers.name(" Autumn\n 2026 ") == "Autumn 2026"
    assert answers.name("n" * 200) == "n" * 200
    with pytest.raises(BadValue, match=r"^This name has 201 characters; keep it under 200\.$"):
        answers.name("n" * 201)


@pytest.mark.parametrize("read", [answers.rating, answers.evidence, answers.action])
def test_an_unknown_field_is_a_mistake_of_the_code(read: object) -> None:
    with pytest.raises(ValueError, match="no field 'level'") as caught:
        read("level", "3")  # type: ignore[operator]
    assert not isinstance(caught.value, BadValue)


@settings(deadline=None)
@given(st.one_of(st.text(), st.none(), st.integers(), st.binary()))
def test_no_value_does_more_than_be_refused(value: object) -> None:
    for read in (answers.words, answers.name, answers.day, answers.standing, answers.yes_or_no):
        with suppress(BadValue):
            read(value)
