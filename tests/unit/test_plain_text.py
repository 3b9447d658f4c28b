"""Text that people type: kept as they meant it, and harmless in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senco_kit.plain_text import clean, for_cell


@given(st.text(alphabet=st.characters(blacklist_categories=[])))
def test_clean_text_can_be_written_to_any_file(text: str) -> None:
    kept = clean(text)
    kept.encode("utf-8")
    assert not any(ord(character) < 32 and character not in "\t\n" for character in kept)
    assert clean(kept) == kept


def test_line_ends_become_newlines_and_ordinary_text_stays() -> None:
    assert clean("one\r\ntwo\rthree\tüñ 😀 \u202ertl") == "one\ntwo\nthree\tüñ 😀 \u202ertl"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "＝", "\u202e=", "\ufeff@", "\n="])
def test_no_cell_starts_a_formula(start: str) -> None:
    assert for_cell(start + "SUM(1)") == "'" + start + "SUM(1)"


@pytest.mark.parametrize("text", ["", "Minutes, autumn", "5 = five", "a-b", "'quoted"])
def test_ordinary_cells_stay_as_they_are(text: str) -> None:
    assert for_cell(text) == text
