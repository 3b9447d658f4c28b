"""SWOT is a view of what findings say; nothing else decides where one stands."""

from __future__ import annotations

from datetime import UTC, datetime

from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.swot import quadrants

MOMENT = datetime(2026, 9, 1, tzinfo=UTC)


def record(record_id: str, kind: str = "finding", **values: str) -> Record:
    return Record(record_id, kind, MOMENT, MOMENT, values)


def test_each_finding_stands_where_its_two_answers_put_it() -> None:
    answers = {
        "s": ("helps", "inside"),
        "w": ("hinders", "inside"),
        "o": ("helps", "outside"),
        "t": ("hinders", "outside"),
        "half": ("helps", ""),
        "odd": ("<b>", "inside"),
        "none": ("", ""),
    }
    records = [record(name, effect=effect, within=within) for name, (effect, within) in answers.items()]
    aim = Record("aim", "objective", MOMENT, MOMENT, {"answers/w": "yes", "answers/gone": "yes", "answers/half": "yes"})
    cycle = Cycle("c", "2026", "", MOMENT, MOMENT, records=(*records, aim))
    held = {name: [each.id for each in those] for name, those in quadrants(cycle, aim).items()}
    assert held == {
        "strengths": ["s"],
        "weaknesses": ["w"],
        "opportunities": ["o"],
        "threats": ["t"],
        "not-placed": ["half", "odd", "none"],
    }
    assert quadrants(cycle) == quadrants(cycle, aim)
    answered = quadrants(cycle, aim, only_answered=True)
    assert [each.id for those in answered.values() for each in those] == ["w", "half"]
    assert len(answered) == 5
