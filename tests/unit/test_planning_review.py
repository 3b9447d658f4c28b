"""A SEND review: its file, where an area stands, where voices differ, and forms that come back in a file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from senco_kit.course.reading_age import reading_age
from senco_kit.places import FACTS, KIT
from senco_kit.planning import school_review as review
from senco_kit.planning import school_review_offers as offers
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.school_review_file import (
    REVIEWS,
    VOICES,
    WHOLE_SCHOOL,
    Area,
    check,
    instruments,
    read_instrument,
)
from senco_kit.provision.own_data.mistakes import Mistakes
from senco_kit.reports.planning_voice_form import read_voice_form, voice_form

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def voice(role: str, values: Mapping[str, str] | None = None, number: int = 0) -> Record:
    return Record(f"{role}-{number}", "voice", NOW, NOW, {"role": role, **(values or {})})


def cycle(*records: Record) -> Cycle:
    return Cycle("c", "2026 to 2027", "", NOW, NOW, records=records)


def area(area_id: str) -> Area:
    return review.find_area(area_id) or pytest.fail("no such area")


def test_the_instrument_has_eight_areas_with_all_that_belongs_to_each() -> None:
    assert check() == []
    assert [each.id for each in review.areas()] == list("12345678")
    for each in review.areas():
        assert 4 <= len(each.prompts) <= 7
        assert len(each.levels) == 4
        assert each.duties
        assert len(each.evidence) >= 3
        assert all(each.asked_of(one) for one in ("senco", "head", "governor"))
    assert all(sum(len(each.asked_of(one)) for each in review.areas()) > 10 for one in VOICES)


def test_what_families_are_asked_is_easy_to_read() -> None:
    ages = {
        one: reading_age("\n".join(prompt.says[one] for each in review.areas() for prompt in each.asked_of(one)))
        for one in ("pupil", "parent", "senco")
    }
    assert ages["pupil"] < 7 < 9 > ages["parent"]
    assert ages["pupil"] < ages["parent"] < ages["senco"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit of its own with the real register of facts, which is read once, and no review yet."""
    root = tmp_path_factory.mktemp("kit")
    (root / REVIEWS.relative_to(KIT)).mkdir(parents=True)
    (root / FACTS.relative_to(KIT)).write_bytes(FACTS.read_bytes())
    return root


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("          senco: We can show how far", "          sencoo: We can show how far", 'no "senco"|sencoo'),
        ("      - id: 1b", "      - id: 1a", 'The id "1a" is on line'),
        ("        facts: [cfa-s35]", "        facts: [cfa-s355]", 'names fact "cfa-s355".*did you mean "cfa-s35"'),
        ("id: whole-school", "id: another", "name the file another.yml"),
        ("      - Outcomes are looked at when", "      - x\n      - Outcomes are looked at when", "has 5 levels"),
        ("areas:", "areas: [", "not valid YAML"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line(root: Path, old: str, new: str, says: str) -> None:
    folder = root / REVIEWS.relative_to(KIT)
    text = (REVIEWS / f"{WHOLE_SCHOOL}.yml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{WHOLE_SCHOOL}.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = check(root)
    assert found
    assert any(re.search(says, each.says) for each in found)
    assert all(each.file.as_posix().endswith(f"{WHOLE_SCHOOL}.yml") for each in found)


def test_another_file_in_the_folder_adds_areas_and_may_repeat_no_id(root: Path) -> None:
    folder = root / REVIEWS.relative_to(KIT)
    text = (REVIEWS / f"{WHOLE_SCHOOL}.yml").read_text(encoding="utf-8")
    (folder / f"{WHOLE_SCHOOL}.yml").write_text(text, encoding="utf-8")
    (folder / "own.yml").write_text(text.replace("id: whole-school", "id: own"), encoding="utf-8")
    assert [one.id for one in instruments(folder)] == [WHOLE_SCHOOL, "own"]
    assert any('"1a" is in own.yml already' in each.says for each in check(root))
    assert read_instrument(folder / "own.yml").problems == ()
    (folder / "own.yml").unlink()


def test_no_level_stands_above_two_while_a_duty_is_not_in_place() -> None:
    second = area("2")
    claims = {f"level/{second.id}": "4"}
    held = review.standing(cycle(voice("senco", claims)), second)
    assert (held.level, held.claimed, [duty.id for duty in held.held_by]) == (2, 4, [each.id for each in second.duties])
    duties = {f"duty/{duty.id}": "yes" for duty in second.duties}
    assert review.standing_of(cycle(voice("senco", claims | duties)), "2") == 4
    no_report = duties | {"duty/2-report": "no"}
    held = review.standing(cycle(voice("senco", claims | no_report)), second)
    assert (held.level, [duty.id for duty in held.held_by]) == (2, ["2-report"])
    assert "SEN information report" in offers.of_area(cycle(), held, TODAY)["what"]
    low = review.standing(cycle(voice("senco", {"level/2": "1"} | no_report)), second)
    assert (low.level, low.held_by) == (1, ())


def test_the_level_is_the_senco_s_word_else_the_answers_else_the_other_voices() -> None:
    answers = {f"answer/3{letter}": level for letter, level in zip("abc", "134", strict=True)}
    assert review.standing(cycle(voice("senco", answers)), area("3")).basis == "answers"
    assert review.standing(cycle(voice("senco", answers | {"level/3": "1"})), area("3")).claimed == 1
    assert review.standing_of(cycle(voice("senco", {"answer/3a": "1"})), "3") is None  # fewer than half
    others = cycle(voice("head", {"answer/3a": "1"}), voice("governor", {"answer/3a": "2"}))
    assert (review.standing(others, area("3")).basis, review.standing_of(others, "3")) == ("others", 1)
    assert review.standing_of(cycle(), "3") is None
    assert review.standing_of(cycle(), "99") is None
    nonsense = voice("senco", {"level/3": "9", "answer/3a": "Leading", "duty/3-adjustments": "?"})
    assert review.standing_of(cycle(nonsense), "3") is None
    assert (
        review.standing_of(cycle(voice("head", {"answer/3a": "9"}), voice("caretaker", {"answer/3a": "1"})), "3")
        is None
    )


@pytest.mark.parametrize("family", ["parent", "pupil"])
def test_fewer_than_five_of_a_family_are_never_shown(family: str) -> None:
    prompt = next(each for each in area("3").prompts if family in each.says)
    people = [voice(family, {f"answer/{prompt.id}": "1", f"note/{prompt.id}": f"n{each}"}, each) for each in range(5)]
    head = voice("head", {f"answer/{each.id}": "4" for each in area("3").prompts})
    few, enough = cycle(head, *people[:4]), cycle(head, *people)
    assert review.said(few, VOICES[family], [prompt]) == review.Said(VOICES[family], 4, None, hidden=True)
    assert review.said(enough, VOICES[family], [prompt]).middle == 1
    assert family not in {each.lower.voice.id for each in review.differences(few)}
    assert review.notes(few, area("3")) == ()
    assert sorted(note.says for note in review.notes(enough, area("3"))) == [f"n{each}" for each in range(5)]
    assert review.said(enough, VOICES[family], [prompt]).spread == ""


def test_one_who_does_not_know_is_no_answer() -> None:
    unsure = [voice("pupil", {"answer/1a": review.UNSURE}, each) for each in range(6)]
    assert review.said(cycle(*unsure), VOICES["pupil"], area("1").prompts).middle is None


def test_voices_two_levels_apart_are_told_the_widest_first() -> None:
    records = (
        voice("senco", {"answer/3a": "4", "answer/3b": "3", "answer/3e": "2"}),
        voice("teacher", {"answer/3a": "1", "answer/3b": "2"}, 1),
        voice("teacher", {"answer/3a": "3", "answer/3b": "2"}, 2),
        voice("governor", {"answer/3a": "2"}),
    )
    found = review.differences(cycle(*records))
    assert [(each.prompt.id, each.lower.voice.id, each.higher.voice.id, each.apart) for each in found] == [
        ("3a", "teacher", "senco", 3)
    ]
    assert found[0].lower.spread == "from “Hardly ever” to “Most of the time”"
    offer = offers.of_difference(found[0], TODAY)
    assert (offer["source"], offer["ref"]) == ("staff", "review/difference/3a")
    assert offer["what"].startswith("Teachers and SENCO see this differently")


def test_how_far_staff_differ_among_themselves_is_told_the_widest_first_and_never_of_families() -> None:
    staff = [
        voice("teacher", {"answer/3a": "2", "answer/3b": "1", "answer/3c": "3"}, 1),
        voice("teacher", {"answer/3a": "3", "answer/3b": "4", "answer/3c": "3"}, 2),
        voice("support", {"answer/3b": "1"}, 3),
        voice("support", {"answer/3b": "3"}, 4),
    ]
    families = [voice("pupil", {"answer/3b": str(1 + each % 4)}, each) for each in range(8)]
    found = review.staff_spreads(cycle(*staff, *families))
    assert [(one.prompt.id, one.said.voice.id, one.said.steps) for one in found] == [
        ("3b", "teacher", 3),
        ("3b", "support", 2),
        ("3a", "teacher", 1),
    ]


def test_evidence_that_is_not_held_is_named() -> None:
    held = {f"held/{each.id}": "yes" for each in area("4").evidence[1:]}
    assert review.missing_evidence(cycle(voice("senco", held)), area("4")) == area("4").evidence[:1]


# --------------------------------------------------------------------------------------------- forms in files


def filled(role: str, fill: Callable[[Any], None]) -> bytes:
    """A form as somebody sends it back."""
    book = openpyxl.load_workbook(io.BytesIO(voice_form(instruments()[0], VOICES[role])))
    fill(book)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def answer_all(answer: object) -> Callable[[Any], None]:
    def fill(book: Any) -> None:
        for row in book["Form"].iter_rows(min_row=6):
            if row[2].value and row[3].value is None:
                row[3].value = answer

    return fill


@pytest.mark.parametrize("role", ["governor", "parent"])
def test_a_form_goes_out_and_comes_back_whole(role: str) -> None:
    def fill(book: Any) -> None:
        answer_all("Leading" if role == "governor" else "always")(book)
        rows = {row[0].value: row for row in book["Form"].iter_rows()}
        rows["4d"][3].value, rows["4d"][4].value = "I don't know", "=1+1 is not run"
        rows["4d"][4].data_type = "s"
        lines = {row[0].value: row for row in book["About you"].iter_rows()}
        lines["Day"][1].value = date(2026, 11, 20)
        if role == "governor":
            lines["A label for you, without a name"][1].value = "Link governor"

    back = read_voice_form(filled(role, fill))
    asked = [prompt.id for each in review.areas() for prompt in each.asked_of(role)]
    wanted = {f"answer/{each}": "4" for each in asked} | {"answer/4d": "unsure", "note/4d": "=1+1 is not run"}
    wanted |= {"role": role, "day": "2026-11-20"} | ({"label": "Link governor"} if role == "governor" else {})
    assert (back.voice, back.values) == (role, wanted)
    for name, value in back.values.items():
        assert review.VOICE.field(name).name in (name, name.partition("/")[2]), value


def test_a_form_holds_no_formula_and_a_list_to_choose_from() -> None:
    book = openpyxl.load_workbook(io.BytesIO(voice_form(instruments()[0], VOICES["pupil"])))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    (choices,) = book["Form"].data_validations.dataValidation
    assert choices.formula1 == '"Hardly ever,Sometimes,Most of the time,Always,I don’t know"'
    rows = [row for row in book["Form"].iter_rows() if row[3].coordinate in choices.sqref]
    assert [row[0].value for row in rows] == [p.id for each in review.areas() for p in each.asked_of("pupil")]
    assert "label" not in str([row[0].value for row in book["About you"].iter_rows()])


def _merged(book: Any) -> None:
    answer_all("Always")(book)
    book["Form"].merge_cells("D8:D9")


def _two_rows(book: Any) -> None:
    answer_all("Always")(book)
    book["Form"]["A9"] = book["Form"]["A8"].value


def _formula(book: Any) -> None:
    book["Form"]["D8"] = "=1+1"


def _no_heading(book: Any) -> None:
    answer_all("Always")(book)
    for row in book["Form"].iter_rows():
        if row[0].value == "Number":
            row[0].value = "No."


def _set(sheet: str, cell: str, value: object) -> Callable[[Any], None]:
    def fill(book: Any) -> None:
        answer_all("Always")(book)
        book[sheet][cell] = value

    return fill


@pytest.mark.parametrize(
    ("fill", "says"),
    [
        (answer_all("Often"), "“Often” is not on the list"),
        (answer_all(None), "No row has an answer"),
        (answer_all(3), "“3” is not on the list"),
        (_merged, "D8 to D9 are merged"),
        (_two_rows, "stands in row 8 already"),
        (_formula, "has no value yet"),
        (_no_heading, "over the columns is gone"),
        (_set("About you", "B2", "Caretaker"), "“Caretaker” is not on the list"),
        (_set("About you", "B2", None), "is missing or empty"),
        (_set("About you", "B3", "x" * 200), "Shorten it to 100"),
        (_set("About you", "B4", "31/6/2026"), "Enter a date such as"),
        (_set("Form", "A8", "9z"), "no such number"),
        (lambda book: book.remove(book["About you"]), "needs the sheets"),
    ],
)
def test_a_form_with_a_mistake_is_told_in_a_plain_list(fill: Callable[[Any], None], says: str) -> None:
    with pytest.raises(Mistakes) as wrong:
        read_voice_form(filled("teacher", fill))
    assert any(says in each.says for each in wrong.value.mistakes), [each.says for each in wrong.value.mistakes]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"%PDF-1.7", b"name,answer\r\n1a,Always\r\n"])
def test_what_is_no_form_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(Mistakes) as wrong:
        read_voice_form(data)
    assert len(wrong.value.mistakes) == 1


def test_the_same_form_is_known_again() -> None:
    def fill(book: Any) -> None:
        answer_all("Always")(book)
        book["About you"]["B3"] = "Teacher, Year 5"

    form = read_voice_form(filled("teacher", fill))
    record = Record("a", "voice", NOW, NOW, {**form.values, "file": form.file})
    assert review.already_here(cycle(record), form) == record
    saved_again = review.FilledForm(form.voice, form.values, "another file")
    assert review.already_here(cycle(record), saved_again) == record
    somebody_else = review.FilledForm(form.voice, {**form.values, "label": "Teacher, Year 6"}, "another file")
    assert review.already_here(cycle(record), somebody_else) is None
    assert review.says_the_same(cycle(record), somebody_else)
