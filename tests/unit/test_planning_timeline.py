"""The timeline draws what has two days in order near today, and says plainly why it does not draw the rest."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from senco_kit.charts.timeline import timeline_chart
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.timeline import status, timeline

TODAY = date(2026, 11, 22)
MOMENT = datetime(2026, 9, 1, tzinfo=UTC)


def action(what: str, start: str = "", end: str = "", progress: str = "", objective: str = "o") -> Record:
    values = {"what": what, "start": start, "end": end, "progress": progress, "objective": objective}
    return Record(what, "action", MOMENT, MOMENT, {name: value for name, value in values.items() if value})


def cycle_of(*actions: Record) -> Cycle:
    aim = Record("o", "objective", MOMENT, MOMENT, {"what": "Catch <b>up"})
    return Cycle("c", "2026", "", MOMENT, MOMENT, records=(aim, *actions))


def test_actions_are_drawn_by_when_they_start_over_whole_months() -> None:
    cycle = cycle_of(
        action("later", "2027-01-10", "2027-02-28", "not-started"),
        action("now", "2026-10-05", "2026-12-18", "under-way"),
    )
    shown = timeline(cycle, TODAY)
    assert [each.action.id for each in shown.drawn] == ["now", "later"]
    assert (shown.first, shown.after) == (date(2026, 10, 1), date(2027, 3, 1))
    assert [month.month for month in shown.months] == [10, 11, 12, 1, 2]
    assert shown.shows_today
    assert shown.place(date(2026, 10, 1)) == 0
    assert shown.place(date(2027, 3, 1)) == 100
    assert shown.place(TODAY) == pytest.approx(100 * 52 / 151, abs=0.01)
    assert shown.place(date(1990, 1, 1)) == 0
    assert [each.objective.id for each in shown.drawn if each.objective] == ["o", "o"]


def test_what_cannot_be_drawn_says_why() -> None:
    shown = timeline(
        cycle_of(
            action("neither"),
            action("no end", start="2026-09-01"),
            action("no start", end="2026-09-01"),
            action("words", "soon", "2026-09-01"),
            action("backwards", "2027-03-01", "2027-01-01"),
            action("typo", "1999-01-01", "1999-02-01"),
            action("long", "2026-09-01", "2062-09-01"),
        ),
        TODAY,
    )
    why = {each.action.id: each.why_not for each in shown.not_drawn}
    assert why == {
        "neither": "It has no start and no end.",
        "no end": "It has no end.",
        "no start": "It has no start.",
        "words": "It has no start.",
        "backwards": "It ends (1 January 2027) before it starts (1 March 2027).",
        "typo": "Its days (1 January 1999 to 1 February 1999) lie far from today. Is the year right?",
    }
    [long] = shown.drawn
    assert long.note == "Part of it lies outside the picture."
    assert shown.after == date(2029, 12, 1)
    assert not long.is_late


@pytest.mark.parametrize(
    ("progress", "start", "end", "words"),
    [
        ("done", "2026-09-01", "2026-10-01", "Done"),
        ("stopped", "2026-09-01", "2026-10-01", "Stopped"),
        ("under-way", "2026-09-01", "2026-10-01", "Under way. Late: it should have ended on 1 October 2026"),
        ("under-way", "2026-09-01", "2026-11-22", "Under way"),
        ("not-started", "2026-09-01", "2026-12-01", "Not started. It should have started on 1 September 2026"),
        ("", "", "", "Nothing said yet"),
        ("<b>", "2027-09-01", "2027-10-01", "Nothing said yet"),
    ],
)
def test_how_far_an_action_is_in_words(progress: str, start: str, end: str, words: str) -> None:
    assert status(action("x", start, end, progress), TODAY) == words


def test_the_picture_has_a_key_a_table_and_today_and_escapes_what_was_typed() -> None:
    cycle = cycle_of(action("Train <i>six", "2026-10-01", "2026-12-18", "done"), action("No days", objective="gone"))
    html = str(timeline_chart(timeline(cycle, TODAY), "Actions"))
    assert "Train &lt;i&gt;six" in html
    assert "Catch &lt;b&gt;up" in html
    assert 'class="run run-done"' in html
    assert html.count("run-today") == 1
    assert html.count("<tr>") == 3
    assert "It has no start and no end." in html
    assert "No objective" in html
    empty = str(timeline_chart(timeline(cycle_of(action("No days")), TODAY), "Actions"))
    assert "run-today" not in empty
    assert "It has no start" in empty
