"""The Word and the Excel report of a provision map, opened again; for others, nothing small can be worked out."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from senco_kit.provision.data import AREAS, TIERS, ProvisionData
from senco_kit.reports import provision_excel, provision_word
from senco_kit.reports.provision_figures import ProvisionFigures, _without_counts, provision_figures
from senco_kit.reports.provision_words import HOW_SURE, TOO_FEW

DAY = date(2026, 11, 21)
HOSTILE = '=HYPERLINK("http://x","y") <w:p>&amp;</w:p> {{ 7*7 }} \x00\u202ertl'
# Name, area, tier, pupils, measure of each provision of the school made up here.
PROVISIONS = (
    ("Talk Boost", 0, 1, 24, "language"),
    ("Colourful Semantics", 0, 1, 9, "language"),
    ("Lego therapy", 0, 1, 3, "language"),
    ("Reading group", 1, 1, 30, "reading"),
    ("Toe by Toe", 1, 2, 12, "reading"),
    ("Nurture group", 2, 2, 8, "wellbeing"),
    ("Sensory circuits", 3, 0, 4, None),
)


@cache
def school() -> ProvisionData:
    """A small invented school with paired scores. Pupils of provision gain a little more than others."""
    random = np.random.default_rng(3)
    ids = 100_100_001 + np.arange(160)
    pupils = pd.DataFrame(
        {
            "school_id": 1001,
            "pupil_id": ids,
            "year_group": [str(1 + place % 6) for place in range(160)],
            "SENprovision": ["K" if place % 5 == 0 else "N" for place in range(160)],
            "SENtype": "SLCN",
            "area": AREAS[0],
            "FSMeligible": False,
            "class_name": "Oak",
            "attendance": 0.95,
        }
    )
    provisions = pd.DataFrame(
        {
            "school_id": 1001,
            "provision_id": [1_001_001 + place for place in range(len(PROVISIONS))],
            "name": [name for name, *_ in PROVISIONS],
            "area": [AREAS[area] for _, area, *_ in PROVISIONS],
            "tier": [TIERS[tier] for _, _, tier, *_ in PROVISIONS],
            "measure": [measure for *_, measure in PROVISIONS],
            "staff_id": [1_001_001 + place % 3 for place in range(len(PROVISIONS))],
            "role": "teaching assistant",
            "hourly_cost": 19.5,
            "group_size": 4,
            "sessions_per_week": 3.0,
            "minutes": 30,
            "weeks": 12,
            "preparation_minutes": 10,
            "resources_per_pupil": 5.0,
            "first_term": "autumn",
            "last_term": "summer",
            "start_date": pd.NaT,
            "end_date": pd.NaT,
            "funding_line": "notional SEN",
        }
    )
    parts, pool = [], []
    for measure in ("language", "reading", "wellbeing"):
        entry = random.normal(95, 12, 160).round()
        pool.append(
            pd.DataFrame(
                {
                    "school_id": 1001,
                    "pupil_id": ids,
                    "measure": measure,
                    "first_term": "autumn",
                    "last_term": "summer",
                    "entry_score": entry,
                    "exit_score": (10 + 0.9 * entry + random.normal(0, 6, 160)).round(),
                    "other_entry": entry + 2,
                }
            )
        )
    scores = pd.concat(pool, ignore_index=True)
    for provision, (*_, size, measure) in zip(provisions["provision_id"], PROVISIONS, strict=True):
        taken = random.choice(ids, size, replace=False)
        paired = scores[scores["measure"] == measure].set_index("pupil_id").reindex(taken)
        parts.append(
            pd.DataFrame(
                {
                    "school_id": 1001,
                    "enrolment_id": provision * 100 + np.arange(size),
                    "provision_id": provision,
                    "pupil_id": taken,
                    "group": 1 + np.arange(size) // 4,
                    "planned_sessions": 36,
                    "delivered_sessions": 31,
                    "entry_date": pd.NaT,
                    "entry_score": paired["entry_score"].to_numpy(),
                    "exit_date": pd.NaT,
                    "exit_score": paired["exit_score"].to_numpy(),
                }
            )
        )
    errors = {"language": 5.6, "reading": 4.5, "wellbeing": 6.7}
    enrolments = pd.concat(parts, ignore_index=True)
    return ProvisionData(
        pupils, provisions, enrolments, scores, standard_errors=errors, invented=True, name="Invented School 1"
    )


def small(**changed) -> ProvisionData:
    """Two provisions of the school only: making a report of them takes a moment."""
    kept = school().provisions.iloc[1:3]
    enrolments = school().enrolments[school().enrolments["provision_id"].isin(kept["provision_id"])]
    return replace(school(), **{"provisions": kept, "enrolments": enrolments, "scores": None, **changed})


def empty() -> ProvisionData:
    """A school that has not put anything on its map yet."""
    return replace(school(), provisions=school().provisions.iloc[:0], enrolments=school().enrolments.iloc[:0])


@cache
def figures(*, for_others: bool) -> ProvisionFigures:
    return provision_figures(school(), for_others=for_others)


@cache
def word(*, for_others: bool):
    return Document(io.BytesIO(provision_word(school(), DAY, for_others=for_others)))


@cache
def workbook(*, for_others: bool):
    return load_workbook(io.BytesIO(provision_excel(school(), DAY, for_others=for_others)))


def all_text(document) -> str:
    return " ".join(text.text or "" for text in document.element.body.iter(qn("w:t")))


def table(document, caption: str) -> list[list[str]]:
    for found in document.tables:
        said = found._tbl.tblPr.find(qn("w:tblCaption"))
        if said is not None and said.get(qn("w:val")).startswith(caption):
            return [[cell.text for cell in row.cells] for row in found.rows]
    raise AssertionError(f"no table {caption}")


def rows(sheet) -> list[list[object]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_report_goes_from_the_whole_school_to_each_provision_money_and_doubt():
    headings = [one.text for one in word(for_others=True).paragraphs if one.style.name == "Heading 1"]
    assert headings == [
        "At a glance",
        "What each provision costs a pupil, and what it adds",
        "The whole-school map",
        "Each provision",
        "Money",
        "How sure one can be",
    ]


@pytest.mark.parametrize("for_others", [True, False])
def test_every_page_and_every_sheet_says_that_the_school_is_invented(for_others):
    document = word(for_others=for_others)
    assert {section.header.paragraphs[0].text for section in document.sections} == {"INVENTED SCHOOL: no real pupils"}
    for sheet in workbook(for_others=for_others):
        assert "INVENTED SCHOOL: no real pupils" in [row[0] for row in rows(sheet)[:3]]


def test_own_pupils_are_never_called_invented_and_the_header_says_for_whom_the_report_is():
    own = small(invented=False, name="Our school")
    for for_others, said in ((True, "For others: small counts hidden"), (False, "Pupil data: for use in the school")):
        document = Document(io.BytesIO(provision_word(own, DAY, for_others=for_others)))
        assert document.sections[-1].header.paragraphs[0].text.startswith(said)
        assert "nvented" not in all_text(document)


def test_for_others_no_row_is_about_one_pupil_or_one_adult():
    text = all_text(word(for_others=True))
    cells = [str(cell) for sheet in workbook(for_others=True) for row in rows(sheet) for cell in row]
    for number in [*school().pupils["pupil_id"], *school().provisions["staff_id"]]:
        assert str(number) not in text
        assert str(number) not in cells
    assert workbook(for_others=True).sheetnames == ["Map", "Provisions", "Money", "Notes"]
    assert workbook(for_others=False).sheetnames == ["Map", "Provisions", "By pupil", "By adult", "Money", "Notes"]


def test_for_others_no_small_count_is_shown_and_none_can_be_taken_from_a_total():
    told = figures(for_others=True)
    shown = told.places.to_numpy().ravel().tolist()
    assert not [count for count in shown if count != "c" and 0 < count < 5]
    by_name = told.provisions.set_index("name")["is_hidden"]
    # Lego therapy has 3 pupils. With the other two shown, the total of their area and tier would give it away.
    assert by_name["Lego therapy"]
    assert by_name["Colourful Semantics"]
    assert by_name["Sensory circuits"]
    assert not by_name["Talk Boost"]
    assert not by_name["Reading group"]


def test_for_others_a_hidden_provision_shows_nothing_that_gives_its_count():
    sheet = workbook(for_others=True)["Provisions"]
    header, *lines = [row for row in rows(sheet) if row[0] and row[1]]
    lego = dict(zip(header, next(line for line in lines if line[0] == "Lego therapy"), strict=True))
    assert lego["Minutes"] == 30
    assert {lego[name] for name in ("Pupils", "Cost", "Cost a pupil", "Sessions planned", "Effect, points")} == {"c"}
    assert lego["Why"] == TOO_FEW
    lines = [row for found in word(for_others=True).tables for row in found.rows]
    (line,) = [row for row in lines if row.cells[0].text.startswith("Lego therapy")]
    assert [cell.text for cell in line.cells][2:] == ["c", "c", "c", TOO_FEW]
    assert line.cells[1].text.startswith("c pupils")
    pictures = " ".join(one.get("descr") for one in word(for_others=True).element.body.iter(qn("wp:docPr")))
    assert "Talk Boost" in pictures
    assert "Colourful Semantics" not in pictures
    assert "Lego therapy: " not in all_text(word(for_others=True))


def test_for_others_no_sentence_counts_pupils():
    told = figures(for_others=True).provisions
    assert told["reason"].str.contains("Its pupils with both scores").any()
    assert not told["reason"].str.contains(r"(?<!than )\b\d+ pupils").any()
    sentences = [
        "Its 9 pupils with both scores gained.",
        "Fewer than 5 pupils have both scores.",
        "It costs £130 a pupil.",
    ]
    kept = _without_counts(pd.DataFrame({"reason": sentences, "why": ""}))["reason"].to_list()
    assert kept == ["Its pupils with both scores gained.", *sentences[1:]]
    assert figures(for_others=False).provisions["reason"].str.contains(r"\d+ pupils").any()


def test_the_appendix_has_the_pupils_with_sen():
    listed = table(word(for_others=False), "Pupils with SEN")
    assert {row[2] for row in listed[1:]} == {"K"}
    assert len(listed) == 33


def test_the_whole_school_map_counts_each_pupil_once_in_each_kind_of_provision():
    counted = table(word(for_others=False), "Pupils by year group")
    assert counted[0] == ["Area and tier", "Y1", "Y2", "Y3", "Y4", "Y5", "Y6", "Total"]
    targeted = school().enrolments.merge(school().provisions[["provision_id", "area", "tier"]])
    pupils = targeted[(targeted["area"] == AREAS[0]) & (targeted["tier"] == "targeted")]["pupil_id"].nunique()
    assert counted[1][0] == "Communication and interaction, targeted"
    assert counted[1][-1] == str(pupils)
    assert counted[-1][-1] == str(sum(int(row[-1]) for row in counted[1:-1]))


def test_each_provision_has_who_cost_sessions_effect_and_reason():
    told = figures(for_others=False).provisions.set_index("name").loc["Reading group"]
    lines = [[cell.text for cell in row.cells] for found in word(for_others=False).tables for row in found.rows]
    (line,) = [line for line in lines if line[0].startswith("Reading group")]
    assert line[0] == "Reading group\nCognition and learning, targeted"
    assert line[1] == "30 pupils in groups of 4\nteaching assistant\n3 times a week, 30 minutes, 12 weeks"
    assert line[2].startswith(f"£{round(told['cost']):,}\n£{round(told['cost_per_pupil']):,} a pupil\nPreparation: £")
    assert line[3] == "86%\n930 of 1,080 sessions"
    assert re.fullmatch(r"[+−]?\d+\.\d points of reading\n\(−?\d+\.\d to −?\d+\.\d\)", line[4])
    assert line[5] == told["reason"]


def test_the_threshold_is_explained_as_no_allocation_and_doubt_is_told():
    text = all_text(word(for_others=False))
    assert "The threshold of £6,000" in text
    assert "A threshold, not an allocation" in text
    assert "On this map the provision of 0 of 32 pupils with SEN costs more" in text
    for sentence in HOW_SURE:
        assert sentence in text
        assert [sentence] in rows(workbook(for_others=False)["Notes"])


def test_numbers_in_the_workbook_are_numbers_with_their_formats():
    sheet = workbook(for_others=False)["Provisions"]
    header = next(row for row in sheet.iter_rows() if row[0].value == "Provision")
    place = {cell.value: cell.column for cell in header}
    line = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Reading group")
    cost, share = (sheet.cell(line, place[name]) for name in ("Cost", "Delivered"))
    assert cost.number_format == "£#,##0"
    assert isinstance(cost.value, int | float)
    assert share.number_format == "0%"
    assert share.value == pytest.approx(930 / 1080)
    lego = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Sensory circuits")
    assert sheet.cell(lego, place["Effect, points"]).value is None


def test_text_of_a_file_stays_text():
    provisions = school().provisions.iloc[1:3].assign(name=HOSTILE, role="=1+1")
    hostile = small(provisions=provisions, name=HOSTILE)
    made = provision_excel(hostile, DAY, for_others=False)
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        assert not [name for name in parts.namelist() if b"<f>" in parts.read(name)]
    cells = [cell for sheet in load_workbook(io.BytesIO(made)) for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "'=1+1" in [cell.value for cell in cells]
    document = Document(io.BytesIO(provision_word(hostile, DAY, for_others=False)))
    assert "<w:p>&amp;</w:p> {{ 7*7 }}" in all_text(document)


@pytest.mark.parametrize("for_others", [True, False])
def test_an_empty_map_gives_reports_that_say_so(for_others):
    text = all_text(Document(io.BytesIO(provision_word(empty(), DAY, for_others=for_others))))
    assert "No provision is on the map yet." in text
    book = load_workbook(io.BytesIO(provision_excel(empty(), DAY, for_others=for_others)))
    assert "No provision is on the map yet." in [cell for row in rows(book["Map"]) for cell in row]


def test_without_scores_there_is_no_effect_and_the_report_says_so():
    text = all_text(Document(io.BytesIO(provision_word(small(), DAY, for_others=False))))
    assert "No provision here has an effect that can be told." in text
