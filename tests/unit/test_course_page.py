"""The course page asked directly: lessons with feedback in place, assignments from the first answer to the marks."""

from __future__ import annotations

import html as entities
import io
import itertools
import json
import re
import subprocess
import sys
import zipfile
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from senco_kit.course import assignment as released
from senco_kit.course import read
from senco_kit.course.exercise import open_exercise
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Download, GoTo, View
from senco_kit.marking import handing_in
from senco_kit.pages import course_assignments
from senco_kit.pages.course_page import CoursePage
from senco_kit.pages.course_progress import checks_of, reflections_of
from senco_kit.pages.home_page import HomePage
from senco_kit.pages.self_audit_page import SelfAuditPage
from senco_kit.places import KIT
from senco_kit.standards.model import SPINE
from senco_kit.store import open_store

MODULE = "3-coordinating-provision"
OWN = f"own-{MODULE}"
SCHOOL = "exercise-primary-420-7"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SENCO_HOME", str(tmp_path / "work"))
    monkeypatch.delenv("SENCO_EXCHANGE", raising=False)
    return tmp_path / "work"


@pytest.fixture
def page() -> CoursePage:
    return CoursePage()


def html(page: CoursePage, place: str) -> str:
    shown = entities.unescape(str(page.view(place).html))
    assert "This can't be shown" not in shown
    return shown


def check_asked(kind: str, module_id: str = MODULE) -> tuple[str, Any]:
    """The section and the question of the first quick check of this type in a module."""
    module = read.module(module_id)
    for section in module.sections:
        for name in section.checks():
            if module.check(name).type == kind:
                return section.id, module.check(name)
    raise AssertionError(f"{module_id} has no quick check of the type {kind}")


def start_own(page: CoursePage, school: str = SCHOOL) -> dict[str, Any]:
    """Start one's own assignment on a school that every run has, and give its package."""
    open_store().course.set_setting("own-school", school)
    assert page.press("start-own", {"module": MODULE}) == GoTo(f"work/{OWN}")
    return dict(open_store().course.assignment(OWN).package)


def right_answer(key: dict[str, Any]) -> Any:
    match key["type"]:
        case "choose-one":
            return key["right"][0]
        case "number":
            return f"{key['answer']:.6f}"
        case _:
            return key["right"]


def in_zip(package: dict[str, Any], **more: bytes) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w") as packed:
        packed.writestr("questions.json", json.dumps(package))
        packed.writestr(f"{package['id']}.ipynb", b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
        for name, data in more.items():
            packed.writestr(name, data)
    return into.getvalue()


@cache
def handed_out() -> dict[str, Any]:
    """Made once: it takes a while, and many tests, and their parameters, want one of their own."""
    return released.package(read.module(MODULE), SCHOOL, "autumn-2026")


def of_cohort(**changed: Any) -> dict[str, Any]:
    return {**deepcopy(handed_out()), **changed}


# -- lessons


def test_every_module_and_section_is_shown_with_its_place_and_headings_in_order(page: CoursePage) -> None:
    assert len(read.modules()) == 5
    for module in read.modules():
        assert f"{module.number}. {module.title}" in html(page, "")
        start = html(page, module.id)
        assert all(objective.text in start for objective in module.objectives)
        assert not any(each.belief in start for each in module.misconceptions)
        for number, section in enumerate(module.sections, start=1):
            shown = html(page, f"{module.id}/{section.id}")
            assert f"Section {number} of {len(module.sections)}, {section.minutes} minutes." in shown
            levels = [int(level) for level in re.findall(r"<h([1-6])", shown)]
            assert levels[0] == 2
            assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), section.id
            assert levels.count(2) == 1
            ids = re.findall(r' id="([^"]+)"', shown)
            assert len(ids) == len(set(ids)), section.id


def test_nothing_said_of_an_answer_reaches_the_page_before_it_is_checked(page: CoursePage) -> None:
    module = read.module(MODULE)
    school = open_exercise(module.lesson_school)
    for section in module.sections:
        shown = html(page, f"{module.id}/{section.id}")
        for name in section.checks():
            key = released.key(module, module.check(name), school)
            said = [key["explains"], key["otherwise"], *(each["says"] for each in key["slips"])]
            said += [option["says"] for option in key.get("options", {}).values() if option]
            assert not [each for each in said if each and each[:60] in shown]


def test_a_wrong_answer_is_told_what_to_think_of_and_may_be_changed_as_often_as_one_likes(page: CoursePage) -> None:
    section, question = check_asked("choose-one")
    wrong = next(option for option in question.options if not option.right)
    right = next(option for option in question.options if option.right)
    press = {"module": MODULE, "section": section, "question": question.id}
    with pytest.raises(Refused, match="first, then check it"):
        page.press("check", press)
    for option, verdict in ((wrong, "Not yet"), (right, "Right"), (wrong, "Not yet"), (right, "Right")):
        parts = page.save(checks_of(MODULE), question.id, option.id)
        assert parts is not None
        assert parts[f"feedback-{question.id}"] == ""
        answer = page.press("check", press)
        assert isinstance(answer, View)
        assert answer.focus == f"feedback-{question.id}"
        feedback = entities.unescape(str(answer.html)).partition(f'id="{answer.focus}"')[2].partition("</section>")[0]
        assert f">{verdict}</span>" in feedback or (option is wrong and "Partly right" in feedback)
        if option is wrong:
            assert wrong.says[:40] in feedback
            assert "check it again" in feedback
            assert question.look_again == section
            assert "Look again at this section, above." in feedback
    assert f">{verdict}</span>" in html(page, f"{MODULE}/{section}")  # it is still there when one comes back
    page.save(checks_of(MODULE), question.id, wrong.id)
    assert 'class="tag mark' not in html(page, f"{MODULE}/{section}")


def test_every_quick_check_is_right_with_its_own_answer(page: CoursePage) -> None:
    module = read.module(MODULE)
    school = open_exercise(module.lesson_school)
    checked = 0
    for section in module.sections:
        for name in section.checks():
            key = released.key(module, module.check(name), school)
            if key["type"] == "share-out":
                continue
            page.save(checks_of(MODULE), name, right_answer(key))
            page.press("check", {"module": MODULE, "section": section.id, "question": name})
            checked += 1
    result = open_store().course.result(checks_of(MODULE))
    assert result is not None
    assert [marked["verdict"] for marked in result.marked.values()] == ["right"] * checked
    assert f"{checked} of {len(module.checks)} quick checks answered" in html(page, "")


def test_a_number_that_is_none_is_refused_and_the_answer_before_it_stays(page: CoursePage) -> None:
    section, question = check_asked("number")
    page.save(checks_of(MODULE), question.id, "99999")
    with pytest.raises(Refused, match="enter a number in figures"):
        page.save(checks_of(MODULE), question.id, "a few")
    shown = page.press("check", {"module": MODULE, "section": section, "question": question.id})
    assert isinstance(shown, View)
    assert "Your answer: 99999" in str(shown.html)


@pytest.mark.parametrize(
    ("form", "name", "value"),
    [
        ("checks/nowhere", "x", "a"),
        (f"checks/{MODULE}", "nothing", "a"),
        (f"reflections/{MODULE}", "nothing", "a"),
        ("assignment/own-nowhere", "x", "a"),
        ("elsewhere", "x", "a"),
        ("checks/../../x", "x", "a"),
    ],
)
def test_what_is_not_asked_is_refused_in_one_sentence(page: CoursePage, form: str, name: str, value: str) -> None:
    with pytest.raises(Refused, match=r"\.$"):
        page.save(form, name, value)
    assert open_store().course.all_answers() == {}


def test_answers_that_do_not_fit_a_check_are_refused(page: CoursePage) -> None:
    _, one = check_asked("choose-one")
    for value in ("nothing of these", ["a"]):
        with pytest.raises(Refused):
            page.save(checks_of(MODULE), one.id, value)
    _, many = check_asked("choose-many")
    for odd in ("text", ["nothing of these"]):
        with pytest.raises(Refused):
            page.save(checks_of(MODULE), many.id, odd)
    with pytest.raises(Refused):
        page.save(checks_of(MODULE), f"{many.id}/row", "1")
    assert open_store().course.all_answers() == {}


def test_sections_are_marked_as_done_one_after_the_other(page: CoursePage) -> None:
    module = read.module(MODULE)
    first, second, last = module.sections[0], module.sections[1], module.sections[-1]
    went = page.press("done", {"module": MODULE, "section": first.id})
    assert went == GoTo(f"{MODULE}/{second.id}", f"“{first.title}” is marked as done.")
    assert "Done on " in html(page, f"{MODULE}/{first.id}")
    assert f"1 of {len(module.sections)} sections done" in html(page, MODULE)
    assert f'href="#/{MODULE}/{second.id}">Go on with' in html(page, MODULE)
    for section in module.sections[1:]:
        went = page.press("done", {"module": MODULE, "section": section.id})
    assert isinstance(went, GoTo)
    assert (went.where, "every section" in went.says) == (MODULE, True)
    page.press("not-done", {"module": MODULE, "section": last.id})
    assert f"{len(module.sections) - 1} of {len(module.sections)} sections done" in html(page, MODULE)


# -- reflections


def reflection() -> tuple[str, str, str]:
    """The section, the id and the outcome of a reflection."""
    for section in read.module(MODULE).sections:
        for block in section.reflections():
            return section.id, block.names[0], block.outcomes[0]
    raise AssertionError("no reflection")


def test_a_reflection_is_saved_as_typed_and_sent_to_the_newest_audit_once(page: CoursePage) -> None:
    section, name, outcome = reflection()
    send = {"module": MODULE, "question": name}
    with pytest.raises(Refused, match="Write your thoughts first"):
        page.press("to-evidence", send)
    text = f"  We asked {HOSTILE} the teacher.\n" + "And then more. " * 60
    page.save(reflections_of(MODULE), name, text)
    shown = str(page.view(f"{MODULE}/{section}").html)
    assert HOSTILE not in shown
    assert "  We asked &lt;img" in shown

    answer = page.press("to-evidence", send)
    assert isinstance(answer, View)
    assert answer.focus == f"note-{name}"
    assert "You have no self-audit with these items yet." in str(answer.html)
    assert "/self-audit#/new" in str(answer.html)

    audits = SelfAuditPage()
    audits.press("start", {"standard": SPINE, "name": "Older", "earlier": ""})
    audits.press("start", {"standard": SPINE, "name": HOSTILE, "earlier": ""})
    for _ in range(2):
        answer = page.press("to-evidence", send)
        assert isinstance(answer, View)
        assert HOSTILE not in str(answer.html)
        assert f"/heading/{outcome[0]}/{outcome}" in str(answer.html)
    newest, older = open_store().audits()
    assert (newest.name, older.rating(outcome).evidence) == (HOSTILE, ())
    (sent,) = newest.rating(outcome).evidence
    assert sent.what.startswith("Reflection in the course, “Coordinating provision”: We asked <img")
    assert len(sent.what) < 400
    assert sent.dated is not None
    page.save(reflections_of(MODULE), name, "Shorter")
    page.press("to-evidence", send)
    (sent,) = open_store().audits()[0].rating(outcome).evidence
    assert sent.what.endswith(": Shorter")


# -- one's own school and assignment


def test_one_chooses_a_phase_once_and_a_change_asks_before_answers_go(page: CoursePage) -> None:
    assert page.press("start-own", {"module": MODULE}) == GoTo(
        f"my-school/{MODULE}", "Choose a phase first. The kit then makes a school for you."
    )
    for phase in ("", "nursery"):
        refused = page.press("my-school", {"phase": phase, "then": MODULE})
        assert isinstance(refused, View)
        assert refused.focus == "errors"
    chosen = page.press("my-school", {"phase": "primary", "then": MODULE})
    assert isinstance(chosen, GoTo)
    assert chosen.where == MODULE
    key = open_store().course.setting("own-school")
    assert re.fullmatch(r"exercise-primary-420-[1-9][0-9]*", key)
    page.press("my-school", {"phase": "primary"})
    assert open_store().course.setting("own-school") == key
    page.press("start-own", {"module": MODULE})
    assert "These assignments are about the old one" in html(page, "my-school")
    kept = page.press("my-school", {"phase": "secondary"})
    assert isinstance(kept, View)
    assert "Nothing was changed." in kept.html
    assert [each.id for each in open_store().course.assignments()] == [OWN]
    page.press("my-school", {"phase": "secondary", "sure": "yes"})
    assert open_store().course.setting("own-school").startswith("exercise-secondary-1050-")
    assert open_store().course.assignments() == ()


def test_a_marked_assignment_stays_on_its_old_school_when_the_school_changes(page: CoursePage) -> None:
    start_own(page)
    marked = {"marks": 1, "out_of": 2, "verdict": "partly"}
    open_store().course.save_result(f"assignment/{OWN}", {"whom-to-discuss": marked})
    assert isinstance(page.press("my-school", {"phase": "secondary"}), GoTo)
    assert open_store().course.assignment(OWN).school == SCHOOL
    assert "Invented primary school of 420 pupils, number 7" in html(page, f"work/{OWN}")


def test_questions_that_the_kit_changed_are_made_anew_on_the_same_school_and_the_answers_stay(page: CoursePage) -> None:
    package = start_own(page)
    first = package["questions"][0]["id"]
    open_store().course.save_answer(f"assignment/{OWN}", first, ["x"])
    old = {**package, "made_of": "older", "questions": package["questions"][:3]}
    open_store().course.bring_in(old)
    html(page, f"work/{OWN}")
    assert open_store().course.assignment(OWN).package == package
    assert open_store().course.answers(f"assignment/{OWN}") == {first: ["x"]}


def test_an_assignment_is_answered_bit_by_bit_in_two_tabs(page: CoursePage) -> None:
    package = start_own(page)
    other_tab = CoursePage()
    for number, question in enumerate(package["questions"], start=1):
        shown = html(page, f"work/{OWN}/question/{question['id']}")
        assert f"Question {number} of {len(package['questions'])}, " in shown
        assert f"/provision-map#/{SCHOOL}" in shown
        tab, form = (page, other_tab)[number % 2], f"assignment/{OWN}"
        match question["type"]:
            case "share-out":
                rows = [option["id"] for option in question["options"]]
                page.save(form, f"{question['id']}/{rows[0]}", "1")
                parts = other_tab.save(form, f"{question['id']}/{rows[1]}", "2")
                assert parts is not None
                assert any(name.endswith("-left") for name in parts)
                value: Any = {rows[0]: "1", rows[1]: "2"}
                with pytest.raises(Refused):
                    page.save(form, f"{question['id']}/nothing", "1")
                with pytest.raises(Refused):
                    page.save(form, f"{question['id']}/{rows[0]}", "some")
            case "choose-many" | "put-in-order":
                value = [option["id"] for option in question["options"]]
                tab.save(form, question["id"], value)
            case "pick-pupils":
                value = [question["table"]["rows"][0][0]]
                tab.save(form, question["id"], value)
            case "choose-one":
                value = question["options"][-1]["id"]
                tab.save(form, question["id"], value)
            case _:
                value = "12" if question["type"] == "number" else f"{HOSTILE}\n</textarea><script>"
                parts = tab.save(form, question["id"], value)
                assert parts is not None
                assert f"{number} of {len(package['questions'])} questions are answered." in parts["answered-so-far"]
        assert open_store().course.answers(form)[question["id"]] == value
        if question["type"] == "free-text":
            assert "<script>" not in str(page.view(f"work/{OWN}/question/{question['id']}").html)
    assert "Not answered yet" not in html(page, f"work/{OWN}")
    assert "Every question is answered." in html(page, f"work/{OWN}/hand-in")
    page.save(form, package["questions"][0]["id"], [] if isinstance(value, list) else "")
    assert package["questions"][0]["title"] in html(page, f"work/{OWN}/hand-in")


def test_no_page_of_an_assignment_holds_what_marking_knows(page: CoursePage) -> None:
    package = start_own(page)
    keys = released.keys(read.module(MODULE), SCHOOL)
    places = [f"work/{OWN}", f"work/{OWN}/hand-in"]
    places += [f"work/{OWN}/question/{question['id']}" for question in package["questions"]]
    shown = " ".join(html(page, place) for place in places)
    for key in keys.values():
        said = [key["explains"], key["otherwise"], *(each["says"] for each in key.get("slips", []))]
        said += [option["says"] for option in key.get("options", {}).values() if option]
        assert not [each for each in said if each and each[:60] in shown]
    assert "made_of" not in shown


def test_own_work_is_marked_here_and_the_feedback_names_what_to_look_at_again(page: CoursePage) -> None:
    package = start_own(page)
    keys = released.keys(read.module(MODULE), SCHOOL)
    with pytest.raises(Refused, match="at least one question"):
        page.press("mark", {"assignment": OWN})
    written = next(each["id"] for each in package["questions"] if each["type"] == "free-text")
    page.save(f"assignment/{OWN}", written, f"My reply {HOSTILE}")
    right = next(each for each in package["questions"] if each["type"] == "pick-pupils")
    page.save(f"assignment/{OWN}", right["id"], right_answer(keys[right["id"]]))
    number = next(each["id"] for each in package["questions"] if each["type"] == "number")
    page.save(f"assignment/{OWN}", number, "99999")
    told: list[str] = []
    with page.telling(lambda done, of, says: told.append(says)):
        went = page.press("mark", {"assignment": OWN})
    assert went == GoTo(f"work/{OWN}/feedback", "Your work is marked.")
    assert told
    shown = html(page, f"work/{OWN}/feedback")
    waiting = keys[written]["marks"]
    total = package["out_of"] - waiting
    assert f"{keys[right['id']]['marks']:g} of {total:g} marks, {waiting:g} marks wait for a person" in shown
    for words in ("Right", "Not yet", "No answer yet", "A person marks this one"):
        assert f">{words}</span>" in shown
    assert "Read your answer beside these points" in shown
    assert HOSTILE not in str(page.view(f"work/{OWN}/feedback").html)
    assert "To look at again" in shown
    for place in set(re.findall(rf'href="#/({MODULE}/[^"]+)"', shown)):
        html(page, place)
    assert "You have changed answers since" not in shown
    page.save(f"assignment/{OWN}", number, "12")
    assert "You have changed answers since" in html(page, f"work/{OWN}/feedback")
    assert f"{keys[right['id']]['marks']:g} of {total:g} marks" in HomePage().view("").html


# -- a cohort's assignment


def test_an_assignment_of_a_cohort_is_brought_in_answered_and_sent(
    page: CoursePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = of_cohort()
    work = f"autumn-2026-{MODULE}"
    assert page.take_file("bring-in", json.dumps(package).encode()) == GoTo(
        f"work/{work}", f"“{package['title']}” for the cohort autumn-2026 is here."
    )
    with pytest.raises(Refused, match="the whole zip from your facilitator"):
        page.press("zip", {"assignment": work, "learner": "L07"})
    question = package["questions"][0]
    page.save(f"assignment/{work}", question["id"], [question["table"]["rows"][0][0]])
    again = page.take_file("bring-in", in_zip(package))
    assert isinstance(again, GoTo)
    assert "Your answers are as they were." in again.says
    assert "cohort autumn-2026" in html(page, "")
    with pytest.raises(Refused, match="Your facilitator marks this"):
        page.press("mark", {"assignment": work})

    refused = page.press("zip", {"assignment": work, "learner": f"Jo {HOSTILE}"})
    assert isinstance(refused, View)
    assert refused.focus == "errors"
    assert HOSTILE not in str(refused.html)
    made = page.press("zip", {"assignment": work, "learner": " L07 "})
    assert isinstance(made, Download)
    assert re.fullmatch(rf"{MODULE}_L07_attempt_[0-9-]+\.zip", made.file_name)
    with zipfile.ZipFile(io.BytesIO(made.data)) as packed:
        assert sorted(packed.namelist()) == [f"{MODULE}.ipynb", "answers.json", "timestamp.txt"]
        sent = json.loads(packed.read("answers.json"))
    assert (sent["learner"], sent["cohort"], list(sent["answers"])) == ("L07", "autumn-2026", [question["id"]])
    handed_in = html(page, f"work/{work}/hand-in")
    assert "Handed in on " in handed_in
    assert 'value="L07"' in handed_in
    assert "folder" not in handed_in

    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path))
    assert "Hand in to my cohort's folder" in html(page, f"work/{work}/hand-in")
    went = page.press("exchange", {"assignment": work, "learner": "L07"})
    assert isinstance(went, GoTo)
    (file,) = (tmp_path / "autumn-2026" / handing_in.HANDED_IN).iterdir()
    assert file.name in went.says
    monkeypatch.setenv("SENCO_EXCHANGE", str(tmp_path / "gone"))
    assert "SENCO_EXCHANGE names" in html(page, f"work/{work}/hand-in")


def test_a_newer_release_on_another_school_says_so(page: CoursePage) -> None:
    page.take_file("bring-in", in_zip(of_cohort()))
    again = page.take_file("bring-in", in_zip(of_cohort(school="exercise-secondary-1050-8")))
    assert isinstance(again, GoTo)
    assert "another school than before" in again.says


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"PK", b"PK\x03\x04 broken", b"\xff\xfe", b"[]", b"{}", b"null", b'{"format": "senco-answers"}'),
        *(b"[" * 100_000, b'{"format": "senco-assignment"}'),
    ],
)
def test_a_file_that_is_no_assignment_is_refused_in_one_sentence(page: CoursePage, data: bytes) -> None:
    for action in ("bring-in", "bring-in-marks"):
        with pytest.raises(Refused) as refusal:
            page.take_file(action, data)
        assert str(refusal.value).endswith(".")
    assert open_store().course.assignments() == ()


RAGGED = {"kind": "table", "caption": "Pupils", "columns": ["Pupil", "Year"], "rows": [["1", ["1", "4"]], ["2", ["2"]]]}
BARS = {"kind": "bars", "title": "Pupils", "bars": [["a", 1, None, None]], "unit": "pupils", "says": "One.", "start": 0}


def changed_question(place: int = 0, **changed: Any) -> list[dict[str, Any]]:
    questions = [dict(each) for each in of_cohort()["questions"]]
    questions[place].update(changed)
    return questions


@pytest.mark.parametrize(
    "wrong",
    [
        *({"school": "primary-420"}, {"school": "own"}, {"school": "exercise-nursery-1-1"}, {"id": "9-nowhere"}),
        *({"cohort": ""}, {"cohort": "own"}, {"cohort": "../up"}, {"questions": []}, {"out_of": "many"}, {"title": 3}),
        *({"questions": changed_question(type="poll")}, {"questions": changed_question(show=[{"kind": "table"}])}),
        *({"questions": changed_question(title=3)}, {"questions": changed_question(table=None)}),
        *({"questions": changed_question(id="a/b")}, {"questions": changed_question(marks="x")}),
        {"questions": changed_question(-1, type="free-text", rubric=[{"text": 3}], words=100)},
        *({"questions": changed_question(outcomes=3)}, {"questions": of_cohort()["questions"] * 2}),
        *({"school": "exercise-primary-20-1"}, {"questions": changed_question(show=[RAGGED])}),
        *({"questions": changed_question(type="pick-pupils", table=each)} for each in (RAGGED, BARS)),
    ],
)
def test_an_assignment_that_cannot_be_shown_whole_is_refused(page: CoursePage, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        page.take_file("bring-in", in_zip(of_cohort(**wrong)))
    assert str(refusal.value).endswith(".")
    assert open_store().course.assignments() == ()


def test_what_cannot_be_opened_any_more_can_still_be_taken_away(page: CoursePage) -> None:
    for damaged in (
        {**of_cohort(), "questions": [{"id": "a"}]},
        {**of_cohort(cohort=""), "school": "exercise-primary-20-7"},
    ):
        kept = open_store().course.bring_in(damaged)
        html(page, "")
        assert "can't be shown" in str(page.view(f"work/{kept.id}").html)
        assert "Take this assignment away?" in html(page, f"work/{kept.id}/remove")
        assert isinstance(page.press("remove", {"assignment": kept.id}), GoTo)
    assert open_store().course.assignments() == ()


def test_a_school_that_the_kit_cannot_make_is_not_taken_for_chosen(page: CoursePage) -> None:
    open_store().course.set_setting("own-school", "exercise-primary-20-7")
    went = page.press("start-own", {"module": MODULE})
    assert isinstance(went, GoTo)
    assert went.where == f"my-school/{MODULE}"
    page.press("my-school", {"phase": "primary"})
    assert open_store().course.setting("own-school").startswith("exercise-primary-420-")


def test_hostile_texts_of_an_assignment_show_as_text(page: CoursePage) -> None:
    questions = changed_question(title=HOSTILE, prompt=HOSTILE, scene=HOSTILE, hint=HOSTILE)
    page.take_file("bring-in", in_zip(of_cohort(title=HOSTILE, about=HOSTILE, questions=questions)))
    work = f"work/autumn-2026-{MODULE}"
    for place in ("", MODULE, work, f"{work}/question/{questions[0]['id']}", f"{work}/hand-in", f"{work}/remove"):
        shown = str(page.view(place).html)
        assert "<img src=x" not in shown
        assert "&lt;img" in shown or place == MODULE


def test_a_damaged_assignment_in_the_store_says_so_and_hides_nothing_else(page: CoursePage) -> None:
    broken = of_cohort(questions=[{"id": "x", "type": "choose-one"}])
    open_store().course.bring_in(broken)
    for place in ("", MODULE):
        html(page, place)
    work = f"autumn-2026-{MODULE}"
    for place in (f"work/{work}", f"work/{work}/question/x", f"work/{work}/hand-in"):
        shown = entities.unescape(str(page.view(place).html))
        assert "This assignment is damaged." in shown
    with pytest.raises(Refused, match="damaged"):
        page.save(f"assignment/{work}", "x", "a")


def test_taking_an_assignment_away_asks_first(page: CoursePage) -> None:
    page.take_file("bring-in", in_zip(of_cohort()))
    work = f"autumn-2026-{MODULE}"
    assert "Take this assignment away?" in html(page, f"work/{work}/remove")
    assert page.press("remove", {"assignment": work}) == GoTo("", f"“{of_cohort()['title']}” is taken away.")
    assert open_store().course.assignments() == ()
    with pytest.raises(Refused, match="no longer here"):
        page.press("remove", {"assignment": work})


@pytest.mark.parametrize("as_page", [False, True])
def test_the_marks_of_a_facilitator_are_brought_in(page: CoursePage, as_page: bool) -> None:
    package = of_cohort()
    marked = {"marks": 1, "out_of": 2, "verdict": "partly", "says": [f"Well seen. {HOSTILE}"]}
    plain = {"format": "senco-feedback", "assignment": MODULE, "cohort": "autumn-2026", "learner": "L07"}
    plain["marks"] = {package["questions"][0]["id"]: marked, "not-asked": marked}  # type: ignore[assignment]

    def file(**changed: Any) -> bytes:
        text = json.dumps({**plain, **changed}).replace("<", "\\u003c")
        around = '<h1>x</h1><script type="application/json" id="senco-feedback">{}</script></body>'
        return around.replace("{}", text).encode() if as_page else text.encode()

    with pytest.raises(Refused, match="Bring in the assignment first"):
        page.take_file("bring-in-marks", file())
    page.take_file("bring-in", in_zip(package))
    work = f"autumn-2026-{MODULE}"
    open_store().course.set_learner(work, "L07")
    for wrong in ({"learner": "L08"}, {"marks": {}}, {"marks": {package["questions"][0]["id"]: {"verdict": "best"}}}):
        with pytest.raises(Refused):
            page.take_file("bring-in-marks", file(**wrong))
    assert page.take_file("bring-in-marks", file()) == GoTo(
        f"work/{work}/feedback", "Your facilitator's marks are here."
    )
    result = open_store().course.result(f"assignment/{work}")
    assert result is not None
    assert list(result.marked) == [package["questions"][0]["id"]]
    shown = str(page.view(f"work/{work}/feedback").html)
    assert "1 of 2 marks" in shown
    assert HOSTILE not in shown
    assert "by your facilitator" in shown
    # The marks are for what was handed in, which may have been changed here since.
    first = package["questions"][0]["id"]
    assert "changed since" not in shown
    page.take_file("bring-in-marks", file(answers={first: "999"}))
    assert "changed since" in page.view(f"work/{work}/feedback").html
    with pytest.raises(Refused):
        page.take_file("bring-in-marks", file(answers={first: 7}))


# -- all of it


@pytest.mark.parametrize(
    "place",
    [
        "nowhere",
        f"{MODULE}/nowhere",
        "work/own-nowhere",
        f"work/{OWN}",
        "work",
        f"{MODULE}/a/b",
        f"work/{OWN}/feedback",
    ],
)
def test_a_place_that_is_not_there_says_so_and_shows_the_way_on(page: CoursePage, place: str) -> None:
    shown = entities.unescape(str(page.view(place).html))
    assert "This can't be shown" in shown
    assert 'href="#/"' in shown


def test_buttons_that_are_not_there_do_nothing(page: CoursePage) -> None:
    start_own(page)
    for values in ({}, {"module": MODULE}, {"assignment": OWN}, {"module": "nowhere"}):
        with pytest.raises(Refused, match=r"\.$"):
            page.press("nothing", values)
    with pytest.raises(Refused):
        page.press("done", {"module": MODULE, "section": "nowhere"})
    with pytest.raises(Refused):
        page.press("zip", {"assignment": OWN})
    with pytest.raises(Refused):
        page.take_file("nothing", b"x")


def test_home_begins_with_the_course_and_says_how_far_one_is(page: CoursePage) -> None:
    first = read.modules()[0]
    fresh = entities.unescape(str(HomePage().view("").html))
    assert f'href="/course#/{first.id}/{first.sections[0].id}">Start the course' in fresh
    assert f"0 of {len(first.sections)} sections done. Assignment: not started." in fresh
    module = read.module(MODULE)
    page.press("done", {"module": MODULE, "section": module.sections[0].id})
    start_own(page)
    shown = entities.unescape(str(HomePage().view("").html))
    assert f'href="/course#/{MODULE}/{module.sections[1].id}">Go on with the course' in shown
    total = len(module.assignment)
    assert (
        f"1 of {len(module.sections)} sections done. Assignment: your own school: 0 of {total} questions answered."
        in shown
    )
    HomePage().press("delete-all", {"sure": "yes"})
    assert f'href="/course#/{first.id}/{first.sections[0].id}">Start the course' in str(HomePage().view("").html)


def test_the_course_and_home_open_without_pandas() -> None:
    code = """
import os, sys, tempfile
os.environ["SENCO_HOME"] = tempfile.mkdtemp()
from senco_kit import pages
pages.home()
pages.course()
print(sorted({"pandas", "matplotlib", "nbgrader", "pydantic"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=KIT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_package_is_checked_before_it_is_kept() -> None:
    assert course_assignments.checked(of_cohort())["id"] == MODULE
