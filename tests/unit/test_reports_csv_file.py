"""The CSV report, read again with Python's own reader."""

import csv
import io
from datetime import date, datetime

from senco_kit.audit.model import Evidence, Rating, SelfAudit
from senco_kit.plain_text import for_cell
from senco_kit.reports import csv_report
from senco_kit.standards import read
from senco_kit.standards.model import Framework

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "\u202ertl",
    "0123456789" * 1000,
    'one\n\n"two", three',
    "\U0001f600 \u05d0",
    "<a>&amp;</a>",
    " -1",
]


def standard() -> Framework:
    return read.framework("national-award-2009")


def audit(*ratings: Rating) -> SelfAudit:
    noon = datetime(2025, 11, 3, 12)
    return SelfAudit("1", "Autumn audit", standard().id, noon, noon, None, {each.outcome_id: each for each in ratings})


def rows(one: SelfAudit) -> list[dict[str, str]]:
    text = csv_report(one, standard(), read.levels()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_excel_is_told_that_it_is_utf_8():
    assert csv_report(audit(), standard(), read.levels()).startswith(b"\xef\xbb\xbfStandard,Heading,Item,")


def test_there_is_one_row_an_item_and_an_empty_audit_has_empty_answers():
    found = rows(audit())
    assert [row["Item"] for row in found] == [outcome.id for outcome in standard().outcomes()]
    assert {(row["Level"], row["Level name"], row["Note"], row["Evidence"]) for row in found} == {("", "", "", "")}
    assert {(row["I don't know yet"], row["Matters now"]) for row in found} == {("No", "No")}


def test_a_row_tells_the_whole_answer():
    evidence = (Evidence("e", "Minutes", "Shared drive", date(2026, 3, 4)), Evidence("g", "Plan"))
    found = rows(audit(Rating("A1", 2, matters_now=True, note="Why", evidence=evidence), Rating("A2", unsure=True)))
    assert found[0] == {
        "Standard": standard().title,
        "Heading": "Professional context",
        "Item": "A1",
        "Title": standard().outcome("A1").title,
        "Level": "2",
        "Level name": "Developing",
        "I don't know yet": "No",
        "Matters now": "Yes",
        "Note": "Why",
        "Evidence": "Minutes (kept: Shared drive; date: 4 March 2026)\nPlan",
    }
    assert (found[1]["Level"], found[1]["I don't know yet"]) == ("", "Yes")


def test_hostile_text_stays_the_same_plain_text_and_starts_no_formula():
    ids = [outcome.id for outcome in standard().outcomes()]
    ratings = [
        Rating(each, 1, note=text, evidence=(Evidence("e", text),)) for each, text in zip(ids, HOSTILE, strict=False)
    ]
    found = rows(audit(*ratings))
    assert [row["Note"] for row in found[: len(HOSTILE)]] == [for_cell(text) for text in HOSTILE]
    assert [row["Evidence"] for row in found[: len(HOSTILE)]] == [for_cell(text) for text in HOSTILE]
    assert found[1]["Note"].startswith("'=")


def test_control_characters_do_not_stop_the_report():
    assert rows(audit(Rating("A1", 1, note="a\x00b\ud800c")))[0]["Note"] == "abc"
