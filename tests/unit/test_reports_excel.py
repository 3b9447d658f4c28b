"""The Excel report, opened again with openpyxl."""

import io
import re
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from senco_kit.audit.model import Action, Evidence, Rating, SelfAudit
from senco_kit.plain_text import for_cell
from senco_kit.reports import excel_report
from senco_kit.standards import read
from senco_kit.standards.model import Framework

DAY = date(2026, 11, 21)
HOSTILE = [
    "<img src=x onerror=alert(1)>",
    '=HYPERLINK("http://x","y")',
    "@SUM(1)",
    "\u202ertl",
    "0123456789" * 1000,
    "one\n\ntwo",
    "\U0001f600 \u05d0",
    "<c><f>1+1</f></c>&amp;",
    "#N/A",
    "-1",
    " \t=1",
    "12",
    "2026-01-01",
    "TRUE",
    "http://x.example/",
]


def standard() -> Framework:
    return read.framework("national-award-2009")


def audit(*ratings: Rating, actions: tuple[Action, ...] = (), name: str = "Autumn audit") -> SelfAudit:
    noon = datetime(2025, 11, 3, 12, tzinfo=UTC)
    return SelfAudit("1", name, standard().id, noon, noon, None, {each.outcome_id: each for each in ratings}, actions)


def filled() -> SelfAudit:
    evidence = (Evidence("e", "Minutes", "Shared drive", date(2026, 3, 4)),)
    return audit(
        Rating("A1", 2, matters_now=True, note="First\nSecond"),
        Rating("A2", 4, evidence=evidence),
        Rating("B1", unsure=True),
        actions=(Action("x", "A1", "Write", "They answer", date(2027, 1, 15), "The head", "Letter"),),
    )


def hostile() -> SelfAudit:
    evidence = tuple(Evidence(str(n), text, text, date(1950, 1, 1)) for n, text in enumerate(HOSTILE))
    ratings = [
        Rating(outcome.id, 1, note=text, evidence=evidence)
        for outcome, text in zip(standard().outcomes(), HOSTILE, strict=False)
    ]
    actions = tuple(Action(str(n), "A1", text, text, date(1950, 1, 1), text, text) for n, text in enumerate(HOSTILE))
    return audit(*ratings, actions=actions, name='=HYPERLINK("http://x")')


def made(one: SelfAudit, before: SelfAudit | None = None) -> bytes:
    return excel_report(one, standard(), read.levels(), read.facts(), before, DAY)


def opened(one: SelfAudit, before: SelfAudit | None = None):
    return load_workbook(io.BytesIO(made(one, before)))


def rows(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def header_row(sheet) -> int:
    return int(sheet.freeze_panes[1:]) - 1


def test_the_sheets_are_there_and_what_moved_only_with_an_earlier_audit():
    assert opened(filled()).sheetnames == ["Summary", "Items", "Evidence", "Action plan"]
    assert opened(filled(), filled()).sheetnames[-1] == "What moved"


def test_the_summary_counts_items_by_heading_and_level():
    sheet = opened(filled())["Summary"]
    found = rows(sheet)[header_row(sheet) - 1 :]
    names = ["Starting", "Developing", "Secure", "Leading", "I don't know yet", "No answer yet"]
    assert found[0] == ["Heading", *names, "Items"]
    assert found[1] == ["Professional context", 0, 1, 0, 1, 0, 3, 5]
    assert found[2][1:] == [0, 0, 0, 0, 1, 1, 2]
    assert found[-1] == ["All headings", 0, 1, 0, 1, 1, 16, 19]
    assert any("historic" in str(cell.value) for cell in sheet["A"])


def test_there_is_one_row_an_item():
    sheet = opened(filled())["Items"]
    found = rows(sheet)
    assert [row[1] for row in found[1:]] == [outcome.id for outcome in standard().outcomes()]
    first = dict(zip(found[0], found[1], strict=True))
    assert first["Level"] == 2
    assert first["Answer"] == "Developing"
    assert first["What this level looks like"] == standard().outcome("A1").levels[1]
    assert (first["Matters now"], first["Place among priorities"]) == ("Yes", 1)
    assert first["Note"] == "First\nSecond"
    unsure = next(dict(zip(found[0], row, strict=True)) for row in found if row[1] == "B1")
    assert (unsure["Level"], unsure["Answer"]) == (None, "I don't know yet")


def test_facts_to_check_are_marked():
    to_check = [each for each in read.facts().values() if each.status == "to-check"]
    behind = {fact_id for outcome in standard().outcomes() if outcome.duty for fact_id in outcome.duty.facts}
    expected = [each for each in to_check if each.id in behind]
    assert expected, "The standard no longer rests on a fact that is still to be checked: choose another for this test."
    said = "\n".join(str(row[10]) for row in rows(opened(filled())["Items"]))
    for fact in expected:
        lines = [line for line in said.splitlines() if line.startswith(fact.means.rstrip("."))]
        assert lines, fact.id
        assert all(line.endswith("[check the source]") for line in lines)


def test_dates_are_dates():
    book = opened(filled())
    evidence, action = book["Evidence"]["E2"], book["Action plan"]["E2"]
    assert (evidence.value, action.value) == (datetime(2026, 3, 4), datetime(2027, 1, 15))
    assert evidence.is_date
    assert action.is_date


def test_what_moved_shows_each_item_then_and_now():
    found = rows(opened(filled(), audit(Rating("A1", 1), Rating("B1", 3)))["What moved"])
    assert found[1][2:] == [1, "Starting", 2, "Developing", "moved up"]
    assert next(row for row in found if row[0] == "B1")[2:] == [
        3,
        "Secure",
        None,
        "I don't know yet",
        "no longer answered",
    ]
    assert len(found) == 20


def test_headers_are_bold_stay_in_view_and_filter_and_text_is_wrapped():
    book = opened(filled(), filled())
    for sheet in book.worksheets:
        row = header_row(sheet)
        assert all(cell.font.bold for cell in sheet[row])
        assert sheet.auto_filter.ref.startswith(f"A{row}:")
        assert sheet.print_title_rows == f"${row}:${row}"
        assert all(cell.alignment.wrap_text for line in sheet.iter_rows(min_row=row) for cell in line)
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[row])


def test_the_filter_of_the_summary_leaves_the_total_alone():
    sheet = opened(filled())["Summary"]
    assert sheet.auto_filter.ref == f"A{header_row(sheet)}:H{sheet.max_row - 1}"


def test_an_empty_audit_says_plainly_that_there_is_nothing_yet():
    book = opened(audit())
    assert book["Evidence"]["A2"].value == "No evidence noted yet."
    assert book["Action plan"]["A2"].value == "No actions planned yet."
    assert rows(book["Summary"])[-1] == ["All headings", 0, 0, 0, 0, 0, 19, 19]


def test_no_cell_is_a_formula_an_error_or_a_link():
    data = made(hostile(), hostile())
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"s", "n", "d"}, (sheet.title, cell.coordinate, cell.value)
                assert cell.hyperlink is None
                assert not isinstance(cell.value, str) or cell.value == for_cell(cell.value)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        written = [file.read(name).decode() for name in file.namelist() if "worksheets/" in name]
    assert not any(re.search("<f[ >]", text) for text in written)


def test_hostile_text_stays_the_same_plain_text():
    book = opened(hostile())
    expected = [for_cell(text) for text in HOSTILE]
    assert [row[2] for row in rows(book["Evidence"])[1 : len(HOSTILE) + 1]] == expected
    assert [row[2] for row in rows(book["Action plan"])[1:]] == expected
    assert [row[11] for row in rows(book["Items"])[1 : len(HOSTILE) + 1]] == expected
    assert book["Summary"]["A1"].value == for_cell('=HYPERLINK("http://x")')


def test_control_characters_do_not_stop_the_report():
    assert opened(audit(Rating("A1", 1, note="a\x00b\ud800c\x0bd")))["Items"]["L2"].value == "abcd"


def utf_16_units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize("text", ["\U0001f600" * 20_000, "x" + "\U0001f600" * 20_000, "=" + "x" * 32_767])
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(text: str):
    cut = "(cut here: Excel holds no more in one cell; the Word report has it whole)"
    found = opened(audit(Rating("A1", 1, note=text)))["Items"]["L2"].value
    assert 32_766 <= utf_16_units(found) <= 32_767
    assert found.endswith(f"{text[-1]} {cut}")
    assert for_cell(text).startswith(found.removesuffix(f" {cut}"))


@pytest.mark.parametrize("text", ["\U0001f600" * 16_383 + "x", "x" * 32_767])
def test_a_text_that_just_fits_a_cell_is_whole(text: str):
    assert opened(audit(Rating("A1", 1, note=text)))["Items"]["L2"].value == text


def test_the_file_names_nobody():
    properties = opened(filled()).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "Autumn audit"
