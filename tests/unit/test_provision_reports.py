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
from scipy.optimize import linprog

from senco_kit.provision.data import AREAS, TIERS, ProvisionData, from_tables
from senco_kit.reports import provision_excel, provision_word
from senco_kit.reports.provision_excel import excel_of
from senco_kit.reports.provision_figures import ProvisionFigures, _for_others, provision_figures
from senco_kit.reports.provision_word import word_of
from senco_kit.reports.provision_words import BY_ROLE, TOO_FEW, how_sure
from senco_kit.schools.files import frames
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order

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
    staff = pd.DataFrame({"school_id": 1001, "staff_id": 1_001_001 + np.arange(3), "weekly_hours": 30.0})
    return ProvisionData(
        pupils,
        provisions,
        enrolments,
        scores,
        staff,
        standard_errors=errors,
        invented=True,
        name="Invented School 1",
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
        text = all_text(document)
        for sentence in how_sure(invented=False):  # one of them tells of trials in invented schools
            text = text.replace(sentence, "")
        assert "nvented" not in text


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
    assert {lego[name] for name in ("Pupils", "Cost", "Cost a pupil", "Delivered", "Effect, points")} == {"c"}
    assert lego["Suggestion"] == "c"
    assert lego["Why"] == TOO_FEW
    lines = [row for found in word(for_others=True).tables for row in found.rows]
    (line,) = [row for row in lines if row.cells[0].text.startswith("Lego therapy")]
    assert [cell.text for cell in line.cells][2:] == ["c", "c", "c", TOO_FEW]
    assert line.cells[1].text.startswith("c pupils")
    pictures = " ".join(one.get("descr") for one in word(for_others=True).element.body.iter(qn("wp:docPr")))
    assert "Talk Boost" in pictures
    assert "Colourful Semantics" not in pictures
    assert "Lego therapy: " not in all_text(word(for_others=True))


def test_for_others_no_sentence_counts_pupils_or_tells_what_others_cost():
    told = figures(for_others=True).open_provisions
    assert told["reason"].str.contains("Its pupils with both scores").any()
    assert not told["reason"].str.contains(r"(?<!than )\b\d+ pupils").any()
    assert figures(for_others=False).provisions["reason"].str.contains(r"\d+ pupils").any()
    sentences = [
        "Its 9 pupils with both scores gained.",
        "Fewer than 5 pupils have both scores.",
        "It does something, but it costs £1,130 a pupil, 3.2 times the usual £353 of its kind: look for a way.",
    ]
    table = pd.DataFrame({"reason": sentences, "why": "", "is_hidden": False, "share": 0.5})
    table = table.reindex(columns=figures(for_others=True).provisions.columns)
    assert _for_others(table)["reason"].to_list() == [
        "Its pupils with both scores gained.",
        "Fewer than 5 pupils have both scores.",
        "It does something, but it costs far more a pupil than usual: look for a way.",
    ]


def own_map(*provisions: dict[str, object], pupils: int = 40, seed: int = 1) -> ProvisionData:
    """A map as from a school's own file: no staff table, no scores. `pupils` of a provision are drawn by the seed."""
    random = np.random.default_rng(seed)
    rows, enrolments = [], []
    for number, given in enumerate(provisions, 1):
        usual = school().provisions.iloc[0].to_dict()
        row = {**usual, "provision_id": number, "name": f"Provision {number}", "staff_id": 1, "measure": None, **given}
        taken = 1 + random.choice(pupils, int(str(row.pop("pupils"))), replace=False)
        rows.append(row)
        enrolments += [{"provision_id": number, "pupil_id": pupil} for pupil in taken]
    listed = school().pupils.iloc[:pupils].assign(pupil_id=1 + np.arange(pupils))
    listed["code"] = [f"K{pupil}" for pupil in listed["pupil_id"]]
    frame = pd.DataFrame(enrolments, columns=["provision_id", "pupil_id"]).astype("int64")
    frame = frame.assign(school_id=1001, enrolment_id=range(len(frame)), group=np.nan)
    frame = frame.assign(planned_sessions=36, delivered_sessions=31.0, entry_score=np.nan, exit_score=np.nan)
    return ProvisionData(listed, pd.DataFrame(rows), frame, invented=True, name="Invented map")


def drawn_map(seed: int) -> ProvisionData:
    """A small own map drawn by the seed: up to seven provisions of 1 to 12 pupils in up to four kinds."""
    random = np.random.default_rng(seed)
    given = [
        {
            "pupils": int(random.choice([1, 2, 3, 4, 5, 6, 8, 12])),
            "area": AREAS[random.integers(2)],
            "tier": TIERS[1 + random.integers(2)],
            "group_size": int(random.choice([1, 3])),
            "hourly_cost": float(random.integers(14, 40)),
            "funding_line": str(random.choice(["core", "top-up"])),
        }
        for _ in range(random.integers(1, 8))
    ]
    return own_map(*given, seed=seed)


def lines(sheet, first: str) -> tuple[list[str], list[dict[str, object]]]:
    """The columns and the rows of the table on a sheet whose first column has this name."""
    found = rows(sheet)
    start = next(place for place, row in enumerate(found) if row[0] == first)
    header = [str(name) for name in found[start]]
    return header, [dict(zip(header, row, strict=True)) for row in found[start + 1 :]]


def check_money(book) -> None:
    """Every printed sum is that of printed parts: with nothing left over, no known price tells of hidden ones."""
    _, provisions = lines(book["Provisions"], "Provision")
    _, kinds = lines(book["Map"], "Area of need")
    cost = next(name for name in kinds[0] if name.startswith("Cost"))
    shown = [row for row in provisions if row["Cost"] != "c"]
    for kind in kinds[:-1]:
        of_kind = [row for row in provisions if same_kind(row, kind)]
        if "c" in [row["Cost"] for row in of_kind]:
            assert kind[cost] == "c"
        else:
            assert kind[cost] == pytest.approx(sum(row["Cost"] for row in of_kind))
    assert kinds[-1][cost] == (pytest.approx(sum(row["Cost"] for row in shown)) if shown else "c")
    header, funding = lines(book["Money"], "Funding line")
    assert "Left of the budget" not in header
    for line in funding:
        on_it = [row for row in shown if row["Funding line"].lower() == line["Funding line"].lower()]
        total = sum(row["Cost"] + row["Preparation, on top"] for row in on_it)
        assert (line["Cost of the provisions shown"] or 0) == pytest.approx(total)


def same_kind(row: dict[str, object], kind: dict[str, object]) -> bool:
    return [str(row[name]).lower() for name in ("Area of need", "Tier")] == [
        str(kind[name]).lower() for name in ("Area of need", "Tier")
    ]


def check_rows(book) -> int:
    """Hidden rows hold no number but the public ones and stand in an order that tells nothing. How many there are."""
    header, provisions = lines(book["Provisions"], "Provision")
    assert not [name for name in header if name.startswith("Sessions") and name != "Sessions a week"]
    public = {"Group size", "Sessions a week", "Minutes", "Weeks"}
    for row in provisions:
        numbers = {name for name, value in row.items() if isinstance(value, int | float)}
        assert row["Pupils"] != "c" or numbers <= public
        share = row["Delivered"]
        assert not isinstance(share, float) or 100 * share == pytest.approx(round(100 * share))
    order = [("keep", "adapt", "stop", "not enough evidence", "c").index(row["Suggestion"]) for row in provisions]
    assert order == sorted(order)
    names = [(place, row["Provision"]) for place, row in zip(order, provisions, strict=True)]
    assert names == sorted(names)
    return sum(row["Pupils"] == "c" for row in provisions)


def can_be_worked_out(book) -> list[str]:
    """The hidden counts that have one value only, given all printed counts and that they add up.

    The equations are those of a network, so the ends of each count's range are whole numbers.
    """
    header, kinds = lines(book["Map"], "Area of need")
    years = [name for name in header if re.fullmatch(r"R|Y\d+|Total", name)]
    _, provisions = lines(book["Provisions"], "Provision")
    width = len(years)
    printed = [kind[year] for kind in kinds for year in years] + [row["Pupils"] for row in provisions]
    assert not [count for count in printed if count != "c" and 0 < count < 5]
    equations = []
    for place, kind in enumerate(kinds):
        row = np.zeros(len(printed))
        row[place * width : (place + 1) * width] = [1] * (width - 1) + [-1]
        equations.append(row)
        if place < len(kinds) - 1:
            split = np.zeros(len(printed))
            split[len(kinds) * width :] = [same_kind(one, kind) for one in provisions]
            split[(place + 1) * width - 1] = -1
            equations.append(split)
    for year in range(width):
        column = np.zeros(len(printed))
        column[year : len(kinds) * width : width] = [1] * (len(kinds) - 1) + [-1]
        equations.append(column)
    # A cell without pupils shows 0, so a hidden one has some; only where all of a kind are hidden, one may have none.
    least = [1] * len(kinds) * width + [
        int(any(same_kind(other, row) and other["Pupils"] != "c" for other in provisions)) for row in provisions
    ]
    bounds = [(few, 500) if count == "c" else (count, count) for few, count in zip(least, printed, strict=True)]
    hidden = [place for place, count in enumerate(printed) if count == "c"]

    def solution(aim):
        solved = linprog(aim, A_eq=np.array(equations), b_eq=np.zeros(len(equations)), bounds=bounds)
        assert solved.status == 0, "the printed counts do not add up"
        return solved.x

    # Two solutions that differ leave a count open. A few random ones settle most; the others get their own ends.
    random = np.random.default_rng(1).normal(size=(2, len(printed)))
    spread = np.ptp([solution(aim) for aim in (*random, *-random)], axis=0) if hidden else random
    found = []
    for place in hidden:
        aim = np.eye(len(printed))[place]
        if spread[place] < 0.5 and solution(-aim)[place] - solution(aim)[place] < 0.5:
            found.append(f"{place}: {solution(aim)[place]:.0f}")
    return found


def test_for_others_no_hidden_count_of_any_school_can_be_worked_out_from_what_is_printed():
    schools = [
        from_tables(frames(make_school(Order(phase=phase, pupils=pupils, seed=seed)).tables))
        for phase, pupils, seed in (
            ("primary", 60, 2),
            ("primary", 120, 5),
            ("primary", 210, 5),
            ("primary", 420, 5),
            ("secondary", 420, 2),
            ("special", 120, 1),
        )
    ]
    hidden = 0
    for data in (*schools, *map(drawn_map, range(14))):
        told = provision_figures(data, for_others=True)
        closed = told.provisions[told.provisions["is_hidden"]]
        assert closed[["pupils", "cost", "share", "decision"]].isna().to_numpy().all()
        book = load_workbook(io.BytesIO(excel_of(told, DAY)))
        check_money(book)
        hidden += check_rows(book)
        assert can_be_worked_out(book) == []
    assert hidden > 30


def test_for_others_the_totals_do_not_price_a_single_hidden_provision():
    one_to_one = own_map({"pupils": 3, "group_size": 1, "hourly_cost": 20.0})
    told = provision_figures(one_to_one, for_others=True)
    text = all_text(Document(io.BytesIO(word_of(told, DAY))))
    cells = [cell for sheet in load_workbook(io.BytesIO(excel_of(told, DAY))) for row in rows(sheet) for cell in row]
    whole = provision_figures(one_to_one, for_others=False)
    for amount in (whole.provisions["cost"].sum(), whole.funding["planned_cost"].sum()):
        assert amount > 100
        assert f"£{round(amount):,}" not in text
        assert amount not in cells
    assert f"What it costs: {TOO_FEW}" in re.sub(r"\s+", " ", text)


def test_for_others_a_cost_stands_only_where_all_provisions_of_its_kind_are_shown():
    others = ({"pupils": 20, "area": AREAS[1]}, {"pupils": 12, "area": AREAS[2]}, {"pupils": 24})
    two = own_map({"pupils": 9}, {"pupils": 3}, *others)
    two.enrolments.loc[two.enrolments["provision_id"] == 2, "delivered_sessions"] = 0.0
    told = provision_figures(two, for_others=True)
    assert told.delivered == pytest.approx(31 / 36)
    assert provision_figures(two, for_others=False).delivered < 0.83
    assert told.places.loc[(AREAS[0], "targeted"), "Total"] == 36
    assert told.provisions.set_index("name")["is_hidden"].to_dict() == {
        "Provision 1": True,
        "Provision 2": True,
        "Provision 3": False,
        "Provision 4": False,
        "Provision 5": False,
    }
    document = Document(io.BytesIO(word_of(told, DAY)))
    assert table(document, "Provision by area")[1][1] == "3 provisions\n36 pupils\ncost: c"
    shown = told.open_provisions
    assert f"£{round(shown['cost'].sum()):,}, and" in all_text(document)
    assert "of the provisions shown" in all_text(document)
    assert "3 not enough evidence, 2 not shown" in all_text(document)


def test_for_others_a_pupil_in_two_provisions_of_a_kind_is_counted_in_both():
    # 20 and 20 pupils of 22: counted once each, the total would say how few are in one provision only.
    told = provision_figures(own_map({"pupils": 20}, {"pupils": 20}, pupils=22), for_others=True)
    assert told.places.loc[(AREAS[0], "targeted"), "Total"] == 40
    assert not told.provisions["is_hidden"].any()


def test_own_pupils_stand_under_the_codes_of_their_school():
    data = own_map({"pupils": 6})
    told = provision_figures(data, for_others=False)
    document = Document(io.BytesIO(word_of(told, DAY)))
    assert [row[0] for row in table(document, "Pupils with SEN")[1:3]] == ["K1", "K6"]
    _, pupils = lines(load_workbook(io.BytesIO(excel_of(told, DAY)))["By pupil"], "Pupil")
    assert {str(row["Pupil"])[0] for row in pupils} == {"K"}


def test_roles_are_not_called_adults_where_the_data_have_no_adults():
    told = provision_figures(own_map({"pupils": 6}, {"pupils": 8}), for_others=False)
    document = Document(io.BytesIO(word_of(told, DAY)))
    text = all_text(document)
    assert "Appendix: by role" in text
    assert BY_ROLE in text
    assert "y adult" not in text
    assert table(document, "Roles who give provision")[0] == [
        "Role",
        "Provisions",
        "Pupils",
        "Hours a week on provision",
        "Cost",
    ]
    sheet = load_workbook(io.BytesIO(excel_of(told, DAY)))["By role"]
    assert [BY_ROLE] in [row[:1] for row in rows(sheet)]
    header, (only,) = lines(sheet, "Role")
    assert header == ["Role", "Provisions", "Pupils", "Hours a week on provision", "Cost, with preparation"]
    assert (only["Role"], only["Provisions"]) == ("teaching assistant", 2)


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
    for sentence in how_sure(invented=True):
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
