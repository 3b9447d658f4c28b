"""The charts of the provision map: what they say in words, where their marks stand, and that text stays text."""

import re
import struct
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd
import pytest
from matplotlib.figure import Figure

from senco_kit.charts.effect_chart import MOST_POINTS, effect_chart
from senco_kit.charts.effect_picture import points_picture, rows_picture
from senco_kit.charts.effects import ProvisionEffect, effects_from, in_a_sentence, plot_of
from senco_kit.charts.labels import Spot, place_labels
from senco_kit.charts.levels_picture import WIDTH_CM
from senco_kit.charts.likeness_chart import grouped, likeness_chart
from senco_kit.charts.scale import scale_for, scale_with_room
from senco_kit.schools.likeness import Likeness

HOSTILE = '<img src=x onerror="alert(1)">&amp; $\\frac$ \u202ertl {{ 7*7 }}'


def effect(name: str, decision: str = "keep", cost: float = 100, middle: float | None = 4, half: float = 2, **more):
    low, high = (None, None) if middle is None else (middle - half, middle + half)
    return ProvisionEffect(name, decision, 10 * cost, cost, 10, "reading", middle, low, high, **more)


MIXED = [
    effect("Nurture group", "not enough evidence", 1480, 2, 6),
    effect("Toe by Toe", "stop", 655, -0.2),
    effect("Talk Boost", "keep", 130, 5.1),
    effect("Switch-on Reading", "keep", 412, 4.2),
    effect("Catch Up", "adapt", 640, 1.8, 3),
    effect("Lego", "not enough evidence", 625, None, why_not="Only 4 pupils take part."),
]


class Tables(HTMLParser):
    """The cells of each row of every table, as a reader hears them; what is hidden from a screen reader is left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._hidden = 0
        self._open: list[bool] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in {"path", "circle", "line", "img", "input"}:
            return
        self._open.append(("aria-hidden", "true") in attrs)
        self._hidden += self._open[-1]
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
            self._inside = True

    def handle_endtag(self, tag):
        if tag not in {"path", "circle", "line"}:
            self._hidden -= self._open.pop()
        if tag in {"td", "th"}:
            self._inside = False

    def handle_data(self, data):
        if self._inside and not self._hidden:
            self.rows[-1][-1] = " ".join((self.rows[-1][-1] + " " + data).split())


def test_provisions_are_numbered_by_decision_and_from_the_dearest_down():
    plot = plot_of(MIXED, 3)
    assert [(each.number, each.name) for each in plot.told] == [
        (1, "Switch-on Reading"),
        (2, "Talk Boost"),
        (3, "Catch Up"),
        (4, "Toe by Toe"),
        (5, "Nurture group"),
    ]
    assert [each.name for each in plot.not_told] == ["Lego"]


def test_the_rows_give_every_figure_under_its_decision_in_words():
    rows = Tables(effect_chart(MIXED, 3)).rows
    assert rows[1] == ["Keep 2 provisions, £5,420 in all"]
    assert rows[2][0] == "Number 1 in the picture: Switch-on Reading"
    assert rows[2][1:] == ["", "+4.2 points of reading (2.2 to 6.2), 10 pupils", "£412 a pupil"]
    assert [row[0].split(" provision")[0] for row in rows if len(row) == 1] == [
        "Keep 2",
        "Adapt 1",
        "Stop 1",
        "Not enough evidence 1",
    ]


def test_what_cannot_be_told_is_listed_apart_with_the_reason():
    html = effect_chart(MIXED, 3)
    assert "Cannot be told: 1 provision<" in html
    assert "<strong>Lego</strong> (£625 a pupil): Only 4 pupils take part." in html
    assert "Lego" not in " ".join(cell for row in Tables(html).rows for cell in row)


def test_the_text_alternative_says_the_main_thing():
    assert in_a_sentence(plot_of(MIXED, 3)) == (
        "Cost a pupil against effect for 5 provisions (2 keep, 1 adapt, 1 stop, 1 not enough evidence): 2 intervals "
        "lie wholly above no difference. The highest lower end is that of Talk Boost: +5.1 points (3.1 to 7.1) for "
        "£130 a pupil."
    )
    assert 'role="img" aria-label="Cost a pupil against effect for 5' in effect_chart(MIXED, 3)


def test_marks_stand_where_their_figures_are_on_axes_that_hold_0():
    plot = plot_of(MIXED, 3)
    assert plot.cost.start == 0
    assert plot.effect.start <= -4 <= 0 <= 8 <= plot.effect.end
    html = effect_chart(MIXED, 3)
    low, high = plot.effect.percent(2.2), round(100 - plot.effect.percent(6.2), 2)
    assert f'class="whisker" style="left:{low}%;right:{high}%"' in html
    assert f'class="axis-line worth" style="left:{plot.effect.percent(3)}%"' in html
    assert f'class="cost-bar" style="width:{plot.cost.percent(412)}%"' in html


def test_the_points_are_left_out_where_nobody_could_tell_them_apart():
    many = [effect(f"P{number}", cost=number) for number in range(1, MOST_POINTS + 2)]
    assert '<svg class="scatter"' in effect_chart(many[:-1], 3)
    assert '<svg class="scatter"' not in effect_chart(many, 3)
    assert "in the picture" not in effect_chart(many, 3)


@pytest.mark.parametrize("effects", [[], [effect("Lego", middle=None)], [effect("One", cost=0, middle=0, half=0)]])
def test_little_or_nothing_is_fine(effects):
    html = effect_chart(effects, 3)
    assert ("No provision here has an effect that can be told." in html) == (not plot_of(effects, 3).told)
    points_picture(plot_of(effects, 3))
    rows_picture(plot_of(effects, 3), plot_of(effects, 3).told)


def test_names_are_text_everywhere():
    given = [effect(HOSTILE), effect(HOSTILE, "stop"), effect(HOSTILE, middle=None, why_not=HOSTILE)]
    for html in (
        effect_chart(given, 3),
        likeness_chart([like(HOSTILE)]),
    ):
        assert "<img" not in html
        assert "&lt;img src=x" in html
        assert "{{ 7*7 }}" in html


def test_no_chart_asks_for_anything_from_outside_or_holds_a_script():
    for html in (effect_chart(MIXED, 3), likeness_chart([like("A")])):
        assert not re.search(r"<script|https?:|url\(|\son\w+=", html)


def test_numbers_cover_no_point_and_no_other_number():
    spots = [Spot(100 + 12 * place, 100 + 9 * place, 60, 160) for place in range(6)]
    labels = place_labels(spots, [str(place) for place in range(6)], 400, 300)
    for place, one in enumerate(labels):
        assert all(abs(one.x - spot.x) >= 8 or abs(one.y - spot.y) >= 8 for spot in spots)
        assert all(abs(one.x - other.x) >= 9 or abs(one.y - other.y) >= 16 for other in labels[:place])
        assert 0 < one.x < 400
        assert 0 < one.y < 300


@pytest.mark.parametrize("values", [[], [0], [-1e-9, 1e9], [0.003], [-7.3, -2], [float("nan"), float("inf"), 5]])
def test_an_axis_has_round_ticks_and_holds_its_values_and_0(values):
    scale = scale_for(values)
    assert len(scale.ticks) <= 9
    assert scale.start <= 0 <= scale.end
    assert all(scale.start <= value <= scale.end for value in values if abs(value) < 1e12)
    assert scale.share(scale.start - 1) == 0
    assert scale.share(scale.end + 1) == 1


def test_low_costs_get_more_room_where_they_would_crowd_and_the_axis_says_so():
    crowded = scale_with_room([55, 61, 66, 83, 91, 103, 130, 1284])
    assert crowded.is_stretched
    assert crowded.ticks == (0, 10, 50, 100, 200, 500, 1000, 1500)
    assert crowded.share(375) == 0.5
    assert not scale_with_room([100, 300, 500]).is_stretched
    many = [effect(str(cost), cost=cost) for cost in (50, 60, 70, 80, 1200)]
    assert "Cost a pupil (low costs have more room on this axis)" in effect_chart(many, 3)
    bar = plot_of(many, 3).cost.percent(80)
    assert f'class="cost-bar" style="width:{bar}%"' in effect_chart(many, 3)
    assert bar < 10


def frame(**changed) -> pd.DataFrame:
    row = {
        "name": "Talk Boost",
        "decision": "keep",
        "reason": "It works.",
        "cost": 1300.0,
        "cost_per_pupil": 130.0,
        "pupils": 10,
        "measure": "language",
        "effect": 5.1,
        "effect_low": 3.0,
        "effect_high": 7.2,
        "why": "",
    }
    return pd.DataFrame([{**row, **changed}])


def test_rows_of_the_map_become_rows_of_the_charts():
    (one,) = effects_from(frame())
    assert one == ProvisionEffect("Talk Boost", "keep", 1300, 130, 10, "language", 5.1, 3.0, 7.2, "It works.")
    nan = float("nan")
    (none,) = effects_from(frame(measure=None, effect=nan, effect_low=nan, effect_high=nan, why="No test fits."))
    assert not none.is_told
    assert none.why_not == "No test fits."


def like(what: str, fact_id: str = "sen-support-primary-2026", **changed) -> Likeness:
    given = {"published": 15.4, "compared": 15.4, "year": 2026, "invented": 15.0, "low": 14.8, "high": 15.2}
    return Likeness(fact_id, what, **{**given, "pupils": 100_000, "calibrated": True, **changed})


def test_likeness_is_grouped_on_axes_of_one_unit_that_start_at_0():
    rows = [
        like("A8", "attainment-8-all-2025", compared=46, high=47),
        like("K", high=101.0, low=-3.0),
        like("Special", "sen-special-2019"),
        like("Who knows", "brand-new-2030"),
    ]
    groups = grouped(rows)
    assert [(group.name, group.unit) for group in groups] == [
        ("Pupils with SEN", "%"),
        ("Special schools, and plans in mainstream", "%"),
        ("Attainment 8", "points"),
        ("Other figures", "%"),
    ]
    assert (groups[0].scale.start, groups[0].scale.end) == (0, 100)
    assert groups[2].scale.start == 0


def test_likeness_says_both_figures_the_interval_and_what_was_not_fitted():
    rows = Tables(
        likeness_chart(
            [like("K", compared=18.0), like("Old", calibrated=False), like("Fine", invented=15.3, high=15.6)]
        )
    ).rows
    assert rows[1][2:] == ["Published: 15.4% 2026; compared with 18.0%", "Invented: 15.0% (14.8 to 15.2), not alike"]
    assert rows[2][3] == "Invented: 15.0% (14.8 to 15.2), not made to fit"
    assert rows[3][3] == "Invented: 15.3% (14.8 to 15.6)"


@pytest.fixture
def drawn(monkeypatch):
    """The figures that were drawn, kept when they are saved."""
    figures = []
    save = Figure.savefig
    monkeypatch.setattr(
        Figure, "savefig", lambda self, *given, **named: (figures.append(self), save(self, *given, **named))
    )
    return figures


def test_the_pictures_are_as_wide_as_the_page_and_say_all_in_words():
    plot = plot_of(MIXED, 3)
    picture = rows_picture(plot, plot.told)
    width, _ = struct.unpack(">II", picture.png[16:24])
    assert width == pytest.approx(WIDTH_CM / 2.54 * 200, abs=1)
    assert "4 Toe by Toe, stop: −0.2 points (−2.2 to 1.8), £655 a pupil." in picture.alt
    assert points_picture(plot).alt == in_a_sentence(plot)


def test_decisions_differ_in_shape_and_are_named_in_the_key(drawn):
    points_picture(plot_of(MIXED, 3))
    (legend,) = drawn[0].legends
    assert [text.get_text() for text in legend.get_texts()] == [
        "Keep",
        "Adapt",
        "Stop",
        "Not enough evidence",
        "+3.0: smallest effect worth having",
    ]
    marks = {(line.get_marker(), line.get_markerfacecolor() == "#ffffff") for line in legend.legend_handles[:4]}
    assert len(marks) == 4


def test_names_in_the_picture_are_plain_text_inside_it(drawn):
    plot = plot_of([effect("A very long name of a provision that nobody can fit " * 3), effect(HOSTILE, "stop")], 3)
    rows_picture(plot, plot.told)
    names = [text for text in drawn[0].axes[0].texts if text.get_ha() == "left"]
    edge = drawn[0].axes[0].get_window_extent().x0
    assert all(not text.get_parse_math() and text.get_fontsize() >= 9 for text in names)
    assert all(text.get_window_extent().x0 >= 0 and text.get_window_extent().x1 <= edge for text in names)
    ends = [label.get_window_extent().x1 for axes in drawn[0].axes for label in axes.texts]
    assert max(ends) <= drawn[0].bbox.width


def test_importing_the_charts_loads_none_of_the_large_libraries():
    heavy = "{'matplotlib', 'numpy', 'pandas', 'scipy', 'pandera', 'pyarrow'}"
    rooms = "effect_chart, likeness_chart, effect_picture"
    told = f"import sys; from senco_kit.charts import {rooms}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
