"""The picture of levels: its size, what it says in words, and what is written in it."""

import struct
import subprocess
import sys

import pytest
from matplotlib.figure import Figure

from senco_kit.audit.profile import HeadingProfile
from senco_kit.charts.levels_picture import WIDTH_CM, levels_picture
from senco_kit.standards.model import Heading, Level, Outcome

LEVELS = tuple(Level(n, name, "") for n, name in enumerate(["Starting", "Developing", "Secure", "Leading"], 1))


def heading(title: str, *at_level: int, unsure: int = 0, unanswered: int = 0) -> HeadingProfile:
    total = sum(at_level) + unsure + unanswered
    outcomes = tuple(Outcome(f"A{n}", "A", "", "", "confirmed") for n in range(total))
    return HeadingProfile(Heading("A", title, "", outcomes), dict(enumerate(at_level, 1)), unsure, unanswered)


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were drawn, kept when they are saved."""
    figures = []
    save = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *given, **named: (figures.append(self), save(self, *given, **named))
    )
    return figures


def test_the_text_alternative_gives_every_count_in_words():
    picture = levels_picture([heading("Law", 1, 0, 2, 0, unsure=1), heading("Money", 0, 0, 0, 0, unanswered=3)], LEVELS)
    assert picture.alt == (
        "Bar chart of the number of items at each level, by heading. "
        "Law: 1 Starting, 2 Secure, 1 I don't know yet. Money: 3 No answer yet."
    )


def test_it_is_a_png_as_wide_as_the_page_at_200_dots_an_inch():
    png = levels_picture([heading("Law", 1, 1, 1, 1)], LEVELS).png
    assert png.startswith(b"\x89PNG")
    width, _ = struct.unpack(">II", png[16:24])
    assert width == pytest.approx(WIDTH_CM / 2.54 * 200, abs=1)


def test_counts_and_names_are_written_in_the_bars(drawn):
    levels_picture([heading("Law", 2, 1, 0, 1, unsure=1, unanswered=1)], LEVELS)
    written = [text.get_text() for text in drawn[0].axes[0].texts]
    assert written == ["2\nStarting", "1\nDeveloping", "1\nLeading", "1\nI don't\nknow yet", "1\nNo answer\nyet"]


def test_names_too_long_for_their_part_are_shortened_and_explained(drawn):
    levels_picture([heading("Law", 1, 1, 9, 1, unsure=1)], LEVELS)
    assert [text.get_text() for text in drawn[0].axes[0].texts] == ["1\nL1", "1\nL2", "9\nSecure", "1\nL4", "1\n?"]
    assert drawn[0].texts[0].get_text() == "L1 = Starting, L2 = Developing, L4 = Leading, ? = I don't know yet"


def test_levels_differ_in_more_than_colour(drawn):
    levels_picture([heading("Law", 1, 1, 1, 1, unsure=1, unanswered=1)], LEVELS)
    bars = drawn[0].axes[0].patches
    assert [bar.get_hatch() for bar in bars] == [None] * 4 + ["///", None]
    assert [bar.get_linestyle() for bar in bars] == ["-"] * 5 + ["--"]
    shades = [sum(bar.get_facecolor()[:3]) for bar in bars[:4]]
    assert shades == sorted(shades, reverse=True)


def test_the_axis_starts_at_nothing_counts_whole_items_and_letters_can_be_read(drawn):
    levels_picture([heading("Law", 3, 1, 1, 1), heading("Money", 0, 1, 0, 0)], LEVELS)
    (axes,) = drawn[0].axes
    assert axes.get_xlim() == (0, 6)
    assert list(axes.get_xticks()) == [0, 1, 2, 3, 4, 5, 6]
    letters = [*axes.texts, axes.xaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
    assert all(text.get_fontsize() >= 9 for text in letters)


def test_long_headings_are_wrapped_and_stay_inside_the_picture(drawn):
    title = "Working in partnership with pupils, families and other professionals"
    levels_picture([heading(title, 1, 1, 1, 1)], LEVELS)
    (label,) = drawn[0].axes[0].get_yticklabels()
    assert label.get_text().count("\n") == 2
    assert label.get_window_extent().x0 >= 0


@pytest.mark.parametrize("profiles", [[], [heading("Empty", 0, 0, 0, 0)], [heading("Law", 0, 0, 0, 0, unanswered=40)]])
def test_little_or_nothing_is_fine(profiles):
    assert levels_picture(profiles, LEVELS).png.startswith(b"\x89PNG")


def test_a_heading_is_plain_text_in_any_letters(drawn):
    levels_picture([heading("Cost in $ and $\\frac$ \u65e5\u672c \U0001f600", 1, 0, 0, 0)], LEVELS)
    (label,) = drawn[0].axes[0].get_yticklabels()
    assert not label.get_parse_math()
    assert "$\\frac$" in label.get_text().replace("\n", " ")


def test_pyplot_stays_out():
    told = (
        "import sys; from senco_kit.charts.levels_picture import levels_picture; levels_picture([], []); "
        "print('matplotlib.figure' in sys.modules, 'matplotlib.pyplot' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
