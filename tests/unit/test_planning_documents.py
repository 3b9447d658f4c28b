"""Documents of a cycle: nothing required goes missing unnamed, every number leads back, no small count can be told."""

from __future__ import annotations

import importlib.util
import io
import re
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
from docx import Document as WordDocument
from docx.oxml.ns import qn

from senco_kit.days import in_words
from senco_kit.forms.fields import ChooseOne, Date, LongText, ShortText, Tick
from senco_kit.places import KIT
from senco_kit.planning.documents import build, instrument, instruments, principles
from senco_kit.planning.documents.figures import SchoolFigures, school_figures
from senco_kit.planning.documents.file import ORDER, check
from senco_kit.planning.documents.kinds import KINDS
from senco_kit.planning.documents.model import Document, Paragraph, Piece, Points, Table
from senco_kit.planning.model import Cycle, Record, Review
from senco_kit.planning.school_review import OWN_ID, areas
from senco_kit.planning.voice_file import form
from senco_kit.provision.data import ProvisionData, empty_scores, from_tables
from senco_kit.reports.planning_word import word
from senco_kit.schools import codes
from senco_kit.schools.files import frames
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order
from senco_kit.small_counts import HIDDEN

NOW = datetime(2026, 10, 5, 12, tzinfo=UTC)
DAY = date(2026, 11, 22)
TEXT = "We plan with families.\n\n- first we listen\n- then we act"
NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
HOSTILE = '<img src=x onerror=alert(1)> =HYPERLINK("http://x") { PAGE } \u202e'


# ------------------------------------------------------------------------------------------------- a whole cycle


def record(record_id: str, kind: str, **values: str) -> Record:
    return Record(record_id * 32, kind, NOW, NOW, {name.replace("__", "/"): value for name, value in values.items()})


def typed(text: str = TEXT) -> list[Record]:
    """Everything that the documents ask of a person."""
    answers = {LongText: text, ShortText: "The school and its years", Date: "2026-12-01", Tick: "yes"}
    return [
        Record(str(place) * 32, kind.id, NOW, NOW, {asked.name: answers[type(asked)] for asked in kind.fields})
        for place, kind in enumerate(KINDS)
    ]


def chain() -> list[Record]:
    views = [
        Record(f"{who}{place}", f"{who}-view", NOW, NOW, {"done": "yes", f"answer/{question.id}": answer})
        for who, answer in (("pupil", "yes"), ("parent", "always"))
        for place in range(6)
        for question in form(f"{who}s").questions[:1]
    ]
    return [
        record("a", "finding", what="Gap of 9 points in Year 8.", source="data", where_from="SECRET drawer",
               effect="hinders", found_on="2026-10-02", for_parents="Some pupils in Year 8 read slowly."),
        record("b", "finding", what="Mentors help.", source="pupils", effect="helps", for_parents="Pupils feel safe."),
        record("c", "finding", what="SECRET matter.", source="review", effect="hinders"),
        record("d", "objective", what="Halve the gap.", baseline="9 points", target="4.5 points", by="2027-07-16",
               success="All read aloud with ease.", lead="SENCO", for_parents="Every pupil in Year 8 reads well.",
               answers__a="yes", principle__teaching="yes"),
        record("e", "objective", what="SECRET aim.", success="SECRET sign."),
        record("f", "action", objective="d" * 32, what="Reading three times a week.", cost="2883.40", tier="targeted",
               funding="inclusive mainstream fund", start="2026-11-02", end="2027-03-26", progress="under-way"),
        record("6", "action", objective="d" * 32, what="Train teachers.", cost="1500", tier="universal",
               funding="notional SEN"),
        record("7", "action", objective="e" * 32, what="SECRET action.", cost="1"),
        record("8", "training", staff="s1", date="2026-09-03", area="cognition and learning", level="awareness"),
        Record(OWN_ID, "voice", NOW, NOW, {"voice": "senco", f"level/{areas()[0].id}": "2"}),
        *views,
    ]  # fmt: skip


REVIEW = Review("9" * 32, "d" * 32, NOW, {"progress": "on-track", "what_changed": "The gap is 7 points."}, {})


def cycle_of(*records: Record, reviews: tuple[Review, ...] = (REVIEW,)) -> Cycle:
    return Cycle("1" * 32, "2026 to 2027", "secondary-1050", NOW, NOW, None, records, reviews)


def full() -> Cycle:
    return cycle_of(*chain(), *typed())


@cache
def tables() -> dict[str, pd.DataFrame]:
    return frames(make_school(Order(phase="secondary", pupils=420, seed=3)).tables)


@cache
def figures() -> SchoolFigures:
    return school_figures(from_tables(tables()), tables())


def made(document_id: str, cycle: Cycle | None = None) -> Document:
    return build(document_id, cycle or full(), figures(), DAY)


def pieces(document: Document) -> list[Piece]:
    return [piece for part in document.parts for piece in part.pieces]


def texts(piece: Piece) -> list[str]:
    match piece:
        case Paragraph():
            return [piece.label, piece.text]
        case Points():
            return [text for point in piece.points for text in texts(point)]
        case Table():
            return [piece.caption, *piece.header, *(cell for row in piece.rows for cell in row)]


def all_text(document: Document) -> str:
    return "\n".join(text for piece in pieces(document) for text in texts(piece))


def without(cycle: Cycle, record_id: str, field: str = "") -> Cycle:
    """The cycle without one record, or without one answer of it."""
    kept = [one for one in cycle.records if field or one.id != record_id]
    changed = [
        replace(one, values={name: value for name, value in one.values.items() if name != field})
        if one.id == record_id
        else one
        for one in kept
    ]
    return replace(cycle, records=tuple(changed))


# --------------------------------------------------------------------------------------------- nothing is missing


@pytest.mark.parametrize("document_id", ORDER)
def test_a_document_with_everything_is_complete_and_an_empty_one_names_all_that_is_required(document_id: str) -> None:
    assert made(document_id).missing == ()
    empty = build(document_id, cycle_of(reviews=()), None, DAY)
    asked = [item for item in instrument(document_id).items if item.required]
    assert len(empty.missing) == len(asked) == len(empty.required)
    for item, sentence in zip(asked, empty.missing, strict=True):
        assert sentence == f"{item.title}: {item.to_do}"


@pytest.mark.parametrize("document_id", ORDER)
def test_each_text_that_is_taken_away_is_named_as_missing_and_nothing_else(document_id: str) -> None:
    kind = next(kind for kind in KINDS if kind.id.endswith(document_id))
    said = full().single(kind.id)
    assert said is not None
    for item in instrument(document_id).items:
        if item.asks:
            lacking = made(document_id, without(full(), said.id, item.id))
            needed = item.needs == "words"
            assert lacking.missing == ((f"{item.title}: {item.to_do}",) if needed else ()), item.id


@pytest.mark.parametrize(
    ("document_id", "gone", "title"),
    [
        ("inclusion-strategy", "a", "Barriers to learning and taking part"),
        ("inclusion-strategy", "d", "Intended outcomes and success criteria"),
        ("governors-report", "8", "Training"),
        ("review-summary", OWN_ID, "The eight areas"),
        ("plan-on-a-page", "f6", "Actions"),
    ],
)
def test_what_the_cycle_no_longer_gives_is_named(document_id: str, gone: str, title: str) -> None:
    cycle = full()
    for record_id in [gone] if len(gone) == 32 else [letter * 32 for letter in gone]:
        cycle = without(cycle, record_id)
    if document_id == "plan-on-a-page":
        cycle = without(cycle, "7" * 32)
    assert any(sentence.startswith(title) for sentence in made(document_id, cycle).missing)


@pytest.mark.parametrize(
    ("field", "says"), [("cost", "give its cost"), ("funding", "which money"), ("tier", "universal or targeted")]
)
def test_an_activity_without_cost_money_or_tier_is_named(field: str, says: str) -> None:
    (sentence,) = made("inclusion-strategy", without(full(), "f" * 32, field)).missing
    assert "Reading three times a week." in sentence
    assert says in sentence


def test_the_inclusion_strategy_has_every_section_of_the_template_and_seven_principles() -> None:
    ids = [section.id for section in instrument("inclusion-strategy").sections]
    assert ids == ["overview", "intent", "barriers", "activity", "outcomes", "last-year", "further"]
    overview = [item.id for item in instrument("inclusion-strategy").sections[0].items]
    assert overview == ["school", "years", "published", "review", "authorised"]
    assert next(item for item in instrument("inclusion-strategy").items if item.id == "intent").words == 500
    assert len(principles()) == 7
    assert len({each.id for each in principles()}) == 7


def test_the_sen_information_report_asks_for_every_item_of_schedule_1() -> None:
    listed = {
        "kinds", "identification", "evaluating", "progress", "teaching", "adapting", "support", "activities",
        "wellbeing", "senco-name", "senco-contact", "expertise", "equipment", "parents", "pupils", "complaints",
        "bodies", "contacts", "transition", "local-offer",
    }  # fmt: skip
    asked = {item.id: item for item in instrument("sen-information-report").items}
    assert listed <= set(asked)
    assert all(asked[each].required and asked[each].facts for each in listed)


# ---------------------------------------------------------------------------------------- words and where they are from


@pytest.mark.parametrize("document_id", ["inclusion-strategy", "sen-information-report"])
def test_published_documents_use_only_words_for_parents(document_id: str) -> None:
    document = made(document_id)
    assert document.published
    said = all_text(document) + "\n".join(source.says for source in document.sources)
    assert "SECRET" not in said
    assert "Gap of 9 points" not in said
    assert "Some pupils in Year 8 read slowly." in said


def test_other_documents_use_the_findings_own_words() -> None:
    said = all_text(made("governors-report"))
    assert "Gap of 9 points in Year 8." in said
    assert "SECRET matter." in said


def test_an_action_can_be_said_to_parents_in_other_words() -> None:
    strategy = next(one for one in typed() if one.kind == "document-inclusion-strategy")
    other = replace(strategy, values={**strategy.values, f"activity/{'f' * 32}": "We read with pupils."})
    said = all_text(made("inclusion-strategy", cycle_of(*chain(), other)))
    assert "We read with pupils." in said
    assert "Reading three times a week." not in said


def test_a_count_of_few_pupils_in_a_text_is_pointed_out() -> None:
    cycle = full()
    few = replace(chain()[0], values={**chain()[0].values, "for_parents": "In Year 8 three of our pupils read slowly."})
    many = replace(cycle, records=(few, *cycle.records[1:]))
    (sentence,) = made("inclusion-strategy", many).look_again
    assert "three of our pupils" in sentence
    assert made("inclusion-strategy").look_again == ()


def test_every_number_leads_back_to_what_its_source_says() -> None:
    cycle = full()
    by_id = {one.id: dict(one.values) for one in cycle.records} | {REVIEW.id: dict(REVIEW.values)}
    followed = 0
    for document_id in ORDER:
        for piece in pieces(made(document_id, cycle)):
            for each in piece.points if isinstance(piece, Points) else (piece,):
                records = [source.record for source in each.sources if source.record]
                if not records:
                    continue
                known = {number for one in records for value in by_id[one].values() for number in as_shown(value)}
                known |= {
                    number for source in each.sources if source.day for number in as_shown(source.day.isoformat())
                }
                known |= {"1", "2"} if document_id != "inclusion-strategy" else set()  # the objectives' own numbers
                known |= {"2,883", "1,500"} if isinstance(each, Table) else set()  # pounds: tested by themselves below
                found = set(NUMBER.findall("\n".join(texts(each)[1:] if isinstance(each, Table) else texts(each))))
                assert found <= known, (document_id, found - known)
                followed += len(found)
    assert followed > 30


def as_shown(value: str) -> set[str]:
    """The numbers of a kept value, days as they are written out."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        value = in_words(date.fromisoformat(value))
    return set(NUMBER.findall(value))


def test_the_costs_of_the_strategy_add_up_by_the_money_that_pays() -> None:
    table = next(
        piece
        for piece in pieces(made("inclusion-strategy"))
        if getattr(piece, "rows", ()) and "budgeted" in piece.caption
    )
    assert table.header == ("Activity", "For whom", "Inclusive mainstream fund", "Core budget")
    assert [row[2:] for row in table.rows] == [("£2,883", "–"), ("–", "£1,500"), ("£2,883", "£1,500")]


def test_the_plan_on_a_page_says_what_the_plan_says() -> None:
    objectives, actions = (piece for piece in pieces(made("plan-on-a-page")) if isinstance(piece, Table))
    assert objectives.rows == (
        ("1. Halve the gap.", "9 points → 4.5 points", "16 July 2027", "SENCO", "On track"),
        ("2. SECRET aim.", "Not said yet", "Not said yet", "Not said yet", "Not reviewed yet"),
    )
    assert actions.rows[0] == (
        "Reading three times a week.",
        "1",
        "Not said yet",
        "2 November 2026 to 26 March 2027",
        "£2,883, inclusive mainstream fund",
        "Under way",
    )
    assert [row[1] for row in actions.rows] == ["1", "1", "2"]


# ------------------------------------------------------------------------------------ figures: each worked out anew


def plain(count: int) -> str:
    return f"{count:,}"


def test_the_figures_are_those_of_the_data() -> None:
    pupils = tables()["pupils"]
    status = pupils["SENprovision"].astype(str)
    groups = {
        "Without SEN": status == "N",
        "SEN support": status == "K",
        "EHC plan": status == "E",
        "With SEN": status != "N",
    }
    shown = {name: {row[0]: row[1:] for row in table.rows} for name, table in figures().tables.items()}
    assert set(shown) == {"status", "years", "needs", "suspensions", "attendance", "scores", "provisions", "money"}
    assert shown["status"] == {name: (plain(int(is_in.sum())),) for name, is_in in groups.items()} | {
        "All pupils": ("420",)
    }
    years = pupils["NCyearActual"].astype(str)
    needs = tables()["needs"]
    first = needs[needs["SENtypeRank"] == 1].set_index("pupil_id")["SENtype"].astype(str)
    need = pupils["pupil_id"].map(first)
    checked = 0
    for name, rows, words in (("years", years, codes.YEARS), ("needs", need, codes.SEN_TYPE_NAMES)):
        for label, cells in shown[name].items():
            code = next((key for key, value in words.items() if value == label), None)
            here = rows == code if code else rows.notna() | True
            for cell, group in zip(cells, ("SEN support", "EHC plan", "With SEN"), strict=True):
                assert cell in (HIDDEN, plain(int((here & groups[group]).sum())))
                checked += cell != HIDDEN
    assert checked > 15
    suspended = pupils["pupil_id"].isin(tables()["suspensions"]["pupil_id"])
    attendance = tables()["attendance"].groupby("pupil_id")[["sessions_possible", "sessions_attended"]].sum()
    share = pupils["pupil_id"].map(attendance["sessions_attended"] / attendance["sessions_possible"])
    for group in ("Without SEN", "SEN support", "EHC plan"):
        is_in = groups[group]
        assert shown["suspensions"][group][0] in (HIDDEN, plain(int((suspended & is_in).sum())))
        assert shown["attendance"][group] == (f"{int(100 * share[is_in].mean() + 1e-9)}%",)
    enrolled = tables()["enrolments"].groupby("provision_id")["pupil_id"].nunique()
    by_name = dict(
        zip(
            tables()["provisions"]["name"].astype(str),
            tables()["provisions"]["provision_id"].map(enrolled),
            strict=True,
        )
    )
    for name, cells in shown["provisions"].items():
        assert cells[0].startswith((HIDDEN, f"{by_name[name]:.0f} pupil")), name
    budget = tables()["budget"].set_index("funding_line")["amount"]
    spent = tables()["spending"].groupby("funding_line", observed=True)["amount"].sum()
    lines = {line[:1].upper() + line[1:]: line for line in codes.FUNDING_LINES}
    for label, cells in shown["money"].items():
        line = lines[label]
        assert cells == tuple(f"£{sums[line]:,.0f}" if line in sums else "–" for sums in (budget, spent)), label
    assert len(shown["money"]) >= 3


def test_newest_scores_are_means_of_what_each_pupil_scored_last() -> None:
    data = from_tables(tables())
    assert data.scores is not None
    place = {term: number for number, term in enumerate(codes.TERMS)}
    reading = data.scores[data.scores["measure"].astype(str) == "reading"].copy()
    reading["place"] = reading["last_term"].astype(str).map(place)
    last = reading.loc[reading.groupby("pupil_id")["place"].idxmax()].set_index("pupil_id")["exit_score"]
    without_sen = data.pupils.loc[data.pupils["SENprovision"] == "N", "pupil_id"]
    table = figures().tables["scores"]
    assert table.rows[0][1 + table.header[1:].index("Reading")] == f"{last.reindex(without_sen).mean():.1f}"


def test_documents_show_figures_only_as_they_stand_in_the_tables() -> None:
    shown = 0
    for document_id in ORDER:
        for piece in pieces(made(document_id)):
            names = {source.figures for source in piece.sources if source.figures} - {"name"}
            if isinstance(piece, Table) and names:
                (name,) = names
                assert (piece.header, piece.rows) == (figures().tables[name].header, figures().tables[name].rows)
                shown += 1
    assert shown == 8


def test_parents_read_only_needs_that_five_pupils_have() -> None:
    counts = {row[0].replace("Autistic spectrum disorder", "Autism"): row[-1] for row in figures().tables["needs"].rows}
    listed = next(
        [counts[point.text] for point in piece.points]
        for piece in pieces(made("sen-information-report"))
        if isinstance(piece, Points) and piece.points[0].text in counts
    )
    assert HIDDEN not in listed
    assert list(map(int, listed)) == sorted(map(int, listed), reverse=True)
    assert min(map(int, listed)) >= 5
    assert 1 < len(listed) < len(counts) - 1


def test_the_name_of_the_school_is_typed_once_for_all_documents() -> None:
    said = record("2", "document-inclusion-strategy", school="Hill School")
    for document_id in ORDER:
        assert made(document_id, cycle_of(said)).school == "Hill School"
        assert made(document_id, cycle_of()).school == figures().name
    assert "Hill School" in all_text(made("sen-information-report", cycle_of(said)))


def test_an_objective_stands_once_with_all_its_principles() -> None:
    both = replace(chain()[3], values={**chain()[3].values, "principle/culture": "yes"})
    said = all_text(made("inclusion-strategy", cycle_of(both, *typed())))
    aim = "Every pupil in Year 8 reads well. Principles: High-quality adaptive teaching; Safe and respectful culture."
    assert said.count(aim) == 1


def test_answers_that_nobody_gave_have_no_column() -> None:
    table = next(p for p in pieces(made("governors-report")) if isinstance(p, Table) and "pupils answered" in p.caption)
    assert table.header == ("Question", "Yes", "No answer")  # not “Sometimes”, “No” and “I am not sure”
    assert table.rows[0][1] == "6"


# ---------------------------------------------------------------------------------------------- small counts are safe


def _proof() -> ModuleType:
    """The proof by linear programming that stands with the tests of small_counts."""
    spec = importlib.util.spec_from_file_location(
        "proof_of_small_counts", Path(__file__).with_name("test_small_counts.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def small_school(random: np.random.Generator) -> tuple[ProvisionData, dict[str, pd.DataFrame]]:
    """Pupils of a school of 20 to 400, with years, needs, attendance and suspensions drawn at random."""
    size = int(random.integers(20, 400))
    share = random.dirichlet([12, 2, 0.7])
    has = random.choice(["N", "K", "E"], size, p=share)
    kinds = random.choice(list(codes.SEN_TYPE_NAMES), int(random.integers(1, 9)), replace=False)
    need = np.where(has == "N", None, random.choice(kinds, size, p=random.dirichlet(np.ones(len(kinds)))))
    pupils = pd.DataFrame(
        {
            "school_id": 1,
            "pupil_id": np.arange(size),
            "year_group": random.choice(list(codes.YEARS)[: int(random.integers(2, 8))], size).astype(object),
            "SENprovision": has.astype(object),
            "SENtype": need,
            "FSMeligible": False,
            "class_name": None,
            "attendance": random.uniform(0.6, 1, size),
        }
    )
    suspended = random.random(size) < random.choice([0.01, 0.05])
    return (
        ProvisionData(pupils, pd.DataFrame(), pd.DataFrame(), scores=empty_scores()),
        {"suspensions": pupils.loc[suspended, ["pupil_id"]]},
    )


def as_number(cell: str) -> int | str:
    return cell if cell == HIDDEN else int(cell.replace(",", ""))


def grids(told: SchoolFigures) -> list[np.ndarray]:
    """Each printed table of counts as one with totals, every total that any table prints put into all of them."""
    counts = {name: table for name, table in told.tables.items() if name != "attendance"}
    body = {name: {row[0]: [*map(as_number, row[1:])] for row in table.rows} for name, table in counts.items()}
    known = {name: row[0] for name, row in body["status"].items()}
    for name in ("years", "needs"):
        if name in body:
            for group, total in zip(("SEN support", "EHC plan", "With SEN"), body[name]["With SEN"], strict=True):
                known[group] = total if known.get(group, HIDDEN) == HIDDEN else known[group]
    for group, row in body.get("suspensions", {}).items():
        known[group] = row[1] if known.get(group, HIDDEN) == HIDDEN else known[group]
    parts = [("Without SEN", "With SEN", "All pupils")]
    parts += [("SEN support", "EHC plan", "With SEN")] if "SEN support" in known else []
    found = [np.array([[known[part]] * 2 for part in each], dtype=object) for each in parts]
    for name in ("years", "needs"):
        if name in body:
            rows = [row for group, row in body[name].items() if group != "With SEN"]
            found.append(
                np.array([*rows, [known[group] for group in ("SEN support", "EHC plan", "With SEN")]], dtype=object)
            )
    if "suspensions" in body:
        rest = [
            [yes, HIDDEN if yes == HIDDEN else known[group] - yes, known[group]]
            for group, (yes, _) in body["suspensions"].items()
        ]
        found.append(np.array(rest, dtype=object))
    return found


def test_no_count_under_5_of_500_small_schools_can_be_worked_out_from_all_tables_together() -> None:
    random, proof = np.random.default_rng(20261122), _proof()
    all_grids: dict[str, np.ndarray] = {}
    hidden, shown = 0, 0
    for _ in range(500):
        data, others = small_school(random)
        told = school_figures(data, others)
        check_counts(data, told)
        # Tables of many schools are alike: each is proved once.
        all_grids |= {str(grid.tolist()): grid for grid in grids(told) if (grid == HIDDEN).any()}
        hidden += sum(cell == HIDDEN for table in told.tables.values() for row in table.rows for cell in row)
        shown += len(told.tables)
    assert hidden > 3000
    assert shown > 1200
    found = proof._can_be_worked_out(list(all_grids.values()), least=1)
    assert [(list(all_grids)[number], place) for number, place in found] == []


def check_counts(data: ProvisionData, told: SchoolFigures) -> None:
    """Every count that is printed is 0 or 5 and more; means are of 5 and more; few pupils mean few tables."""
    for name in ("status", "years", "needs", "suspensions"):
        for row in told.tables[name].rows if name in told.tables else ():
            assert all(cell == HIDDEN or as_number(cell) == 0 or as_number(cell) >= 5 for cell in row[1:]), (name, row)
    if len(data.pupils) < 100:
        assert set(told.tables) <= {"status", "attendance"}
    sizes = data.pupils["SENprovision"].value_counts()
    with_sen = int(sizes.get("K", 0) + sizes.get("E", 0))
    of = {
        "SEN support": int(sizes.get("K", 0)),
        "EHC plan": int(sizes.get("E", 0)),
        "With SEN": with_sen,
        "Without SEN": 10**6,
    }
    for row in told.tables["attendance"].rows if "attendance" in told.tables else ():
        assert of[row[0]] >= 5
    # The groups overlap only if both are shown: a mean of all with SEN beside that of a part would tell the rest.
    shown = {row[0] for row in told.tables["attendance"].rows} if "attendance" in told.tables else set()
    assert not {"With SEN", "SEN support"} <= shown


def test_money_for_single_pupils_is_hidden_with_their_number() -> None:
    data, _ = small_school(np.random.default_rng(5))
    pupils = data.pupils.assign(SENprovision=["E"] * 3 + ["K"] * 12 + ["N"] * (len(data.pupils) - 15))
    budget = pd.DataFrame(
        {"school_id": 1, "funding_line": ["core", "top-up"], "amount": [90000.0, 12000.0], "meant_for": ""}
    )
    whole = replace(from_tables(tables()), pupils=pupils, budget=budget, spending=None)
    money = {row[0]: row[1:] for row in school_figures(whole).tables["money"].rows}
    assert money["Top-up"] == (HIDDEN, HIDDEN)
    assert money["Core"][0] == "£90,000"


# --------------------------------------------------------------------------------------------------------------- Word


@pytest.mark.parametrize("document_id", ORDER)
def test_word_files_open_with_headings_in_order_and_header_rows_marked(document_id: str) -> None:
    opened = WordDocument(io.BytesIO(word(made(document_id), DAY)))
    styles = [paragraph.style.name for paragraph in opened.paragraphs]
    assert styles[0] == "Title"
    steps = [int(name[-1]) for name in styles if name.startswith("Heading")]
    assert steps[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(steps))
    for table in opened.tables:
        assert qn("w:tblHeader") in {mark.tag for mark in table.rows[0]._tr.trPr}
    said = "\n".join(paragraph.text for paragraph in opened.paragraphs)
    assert "Draft" not in said
    assert "DRAFT" not in opened.sections[0].header.paragraphs[0].text
    assert "INVENTED" in opened.sections[0].header.paragraphs[0].text
    notes = len([each for each in opened.paragraphs if each.style.name == "List Number"]) or len(
        re.findall(r"\[\d+\] [A-Z]", said)
    )
    marks = [int(number) for group in re.findall(r"\[([\d, ]+)\]", said) for number in group.split(", ")]
    assert notes > 0
    assert set(marks) == set(range(1, notes + 1))


def test_a_draft_says_first_what_is_missing_and_is_marked_on_every_page() -> None:
    draft = made("inclusion-strategy", cycle_of(*chain()))
    opened = WordDocument(io.BytesIO(word(draft, DAY)))
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert opened.sections[0].header.paragraphs[0].text.endswith("DRAFT")
    first = said.index("Draft: still missing")
    assert said.index("Overview") > first
    assert set(draft.missing) <= set(said[first:])
    assert len(draft.missing) == 7


def test_nothing_that_is_typed_becomes_a_field_or_a_link() -> None:
    texts_of = ("what", "for_parents", "where_from", "success", "baseline", "lead")
    hostile = [replace(one, values={**one.values, **dict.fromkeys(texts_of, HOSTILE)}) for one in chain()]
    cycle = cycle_of(*hostile, *typed(HOSTILE))
    for document_id in ORDER:
        data = word(build(document_id, cycle, figures(), DAY), DAY)
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            body = file.read("word/document.xml").decode()
            assert "http" not in "".join(
                re.findall('Target="[^"]*"', file.read("word/_rels/document.xml.rels").decode())
            )
        assert not re.search("w:instrText|w:fldSimple|w:fldChar|w:hyperlink|w:object", body)
        assert "onerror=alert(1)" in body


# ----------------------------------------------------------------------------------------------------- what they ask


def test_every_document_asks_in_fields_that_can_be_kept() -> None:
    assert check() == []
    assert [kind.id for kind in KINDS] == [f"document-{document_id}" for document_id in ORDER]
    for kind, document in zip(KINDS, instruments(), strict=True):
        assert (kind.single, kind.place) == (True, "documents")
        assert [asked.name for asked in kind.fields] == [item.id for item in document.items if item.asks]
        assert not any(isinstance(asked, ChooseOne) for asked in kind.fields)
    with pytest.raises(KeyError):
        KINDS[1].field("activity/" + "f" * 32)


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("inclusion-strategy", "needs: either", "needs: maybe", '"needs" is "maybe"'),
        ("inclusion-strategy", "chain: barriers", "chain: barrier", 'takes "barrier" from the cycle'),
        ("inclusion-strategy", "due: inclusion-strategy-due", "due: someday", 'no "someday"'),
        ("sen-information-report", "id: teaching", "id: progress", "is there twice"),
        ("sen-information-report", "published: true", "published: perhaps", "must be true or false"),
        ("governors-report", "asks: short", "ask: short", '"ask"'),
        ("governors-report", "to_do: write the summary.", "to_do: ''", "empty"),
        ("plan-on-a-page", "id: plan-on-a-page", "id: plan", "name the file so"),
        ("review-summary", "        chain: review-areas\n", "", "names nothing"),
    ],
)
def test_a_mistake_in_a_file_is_a_sentence_with_its_line(
    tmp_path: Path, name: str, old: str, new: str, says: str
) -> None:
    folder = tmp_path / "audit" / "documents"
    shutil.copytree(KIT / "audit" / "documents", folder)
    file = folder / f"{name}.yml"
    assert old in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    problems = check(tmp_path)
    assert any(says in problem.says for problem in problems), problems
    assert {problem.file for problem in problems} == {file}
