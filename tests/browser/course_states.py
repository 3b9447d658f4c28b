"""The states of the course and of the facilitator's page, with the work that they show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from course_parts import mistaken, perfect, sent
from kit_states import LONG_WORD, State
from playwright.sync_api import Page, expect

from senco_kit.course import assignment, read
from senco_kit.course.exercise import open_exercise
from senco_kit.course.mark import mark
from senco_kit.marking.cohort import create_cohort
from senco_kit.store import open_store

#: Its lesson is on a primary school; it is marked and has feedback of every kind.
MARKED = "1-professional-context"
#: Its assignment is begun; its questions are of all seven types.
BEGUN = "5-partnership"
SCHOOL = "exercise-primary-420-7"
COHORT = "autumn-2026"
#: So many learners that results by outcome are not hidden.
LEARNERS = 5
TEXT = f"I would ask <b>them</b> about {LONG_WORD}{LONG_WORD}\nand write it down."

Plain = dict[str, Any]


def fill_course(folder: Path) -> dict[str, str]:
    """Put course work into a work folder: checks, reflections, two assignments of one's own, one of a cohort."""
    course = open_store(folder).course
    course.set_setting("own-school", SCHOOL)
    _fill_lesson(folder)
    begun = assignment.package(read.module(BEGUN), SCHOOL)
    kept = course.bring_in(begun)
    for question in begun["questions"]:
        if question["type"] in ("put-in-order", "share-out", "free-text"):
            course.save_answer(kept.work, question["id"], _some_answer(question))
    course.bring_in({**begun, "cohort": COHORT}, b"{}")
    marked = course.bring_in(assignment.package(read.module(MARKED), SCHOOL))
    given = _answers_of_every_kind(list(marked.package["questions"]))
    keys = assignment.keys(read.module(MARKED), SCHOOL)
    marks = {name: mark(key, given.get(name, "")) for name, key in keys.items()}
    assert {each.verdict for each in marks.values()} == {
        *("right", "partly", "not yet", "no answer", "for your facilitator"),
    }
    for name, answer in given.items():
        course.save_answer(marked.work, name, answer)
    course.save_result(marked.work, {name: each.as_json() for name, each in marks.items()}, given)
    types = {question["type"]: question["id"] for question in begun["questions"]}
    return {"begun": kept.id, "marked": marked.id, **{f"q_{kind.replace('-', '_')}": types[kind] for kind in types}}


def _fill_lesson(folder: Path) -> None:
    """A section with checks that are right, partly right, not right yet, and answered without being checked."""
    course = open_store(folder).course
    module = read.module(MARKED)
    school = open_exercise(module.lesson_school)
    for section in module.sections[:2]:
        course.mark_done(module.id, section.id)
    names = module.section("the-legal-test").checks()
    questions = [assignment.released(module, module.check(name), school) for name in names]
    keys = {name: assignment.key(module, module.check(name), school) for name in names}
    given = {names[0]: mistaken({"questions": questions}, keys)[0][names[0]]}
    given |= {name: perfect({"questions": questions}, keys)[0][name] for name in names[1:]}
    given[names[1]] = given[names[1]][:1]  # one of several
    for name, answer in given.items():
        course.save_answer(f"checks/{module.id}", name, answer)
    for name in names[:3]:
        course.save_mark(f"checks/{module.id}", name, mark(keys[name], given[name]).as_json(), given[name])
    for section in read.module(BEGUN).sections:
        for block in section.reflections():
            course.save_answer(f"reflections/{BEGUN}", block.names[0], TEXT)


def _some_answer(question: Plain) -> Any:
    match question["type"]:
        case "put-in-order":
            return [option["id"] for option in question["options"]]
        case "share-out":
            return {option["id"]: "1,000,000" for option in question["options"]}
    return TEXT


def _answers_of_every_kind(questions: list[Plain]) -> Plain:
    """Right, partly right, not right, none, and one for a person."""
    package, keys = {"questions": questions}, assignment.keys(read.module(MARKED), SCHOOL)
    right, wrong = perfect(package, keys)[0], mistaken(package, keys)[0]
    given: Plain = {}
    for place, question in enumerate(questions[1:]):
        name = question["id"]
        if question["type"] == "choose-many":
            given[name] = right[name][:1]
        elif question["type"] == "free-text":
            given[name] = TEXT
        else:
            given[name] = (wrong if place % 2 else right)[name]
    return given


def make_cohort(folder: Path, sends: Path) -> None:
    """A cohort in a work folder, with one module released, handed in by five and marked by nbgrader."""
    sends.mkdir()
    with create_cohort(
        COHORT, seed=7, school="primary", learners=LEARNERS + 1, folder=folder / "cohorts" / COHORT
    ) as made:
        made.release(BEGUN)
        package = assignment.package(read.module(BEGUN), made.about.school, COHORT)
        keys = assignment.keys(read.module(BEGUN), made.about.school)
        for number, learner in enumerate(made.learners[:LEARNERS]):
            answers = (mistaken if number % 2 else perfect)(package, keys)[0]
            written = {each["id"]: TEXT for each in package["questions"] if each["type"] == "free-text"}
            name, data = sent(made, BEGUN, learner, answers | written)
            (sends / name).write_bytes(data)
        made.collect(sends)
        assert len(made.mark(BEGUN, sandbox=False).marked) == LEARNERS


def _send_a_reflection(page: Page) -> None:
    page.get_by_role("button", name="Send to my self-audit as evidence").first.click()
    page.get_by_text("It stands in your audit").wait_for()


def _change_phase_without_a_tick(page: Page) -> None:
    page.get_by_label("Secondary").check()
    page.get_by_role("button", name="Change it").click()
    page.locator("#errors").wait_for()


def _bring_in_something_else(page: Page) -> None:
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    page.set_input_files("#assignment-file", {"name": "x.zip", "mimeType": "application/zip", "buffer": b"PK and more"})
    page.get_by_role("button", name="Bring in the assignment").click()
    expect(page.locator("[data-notice]")).not_to_have_text("Reading the file…")
    page.wait_for_selector(".screen:not([aria-busy])")


def _hand_in_without_a_code(page: Page) -> None:
    page.get_by_role("button", name="Get a file to send").click()
    page.locator("#errors").wait_for()


def _make_a_cohort_without_a_name(page: Page) -> None:
    page.get_by_role("button", name="Make the cohort").click()
    page.locator("#errors").wait_for()


_QUESTIONS = ("choose_one", "choose_many", "number", "pick_pupils", "put_in_order", "share_out", "free_text")
_MODULE = f"cohort/{COHORT}/{BEGUN}"

COURSE_STATES = (
    State("course, nothing kept", "course", kept="nothing"),
    State("course", "course"),
    State("course, file refused", "course", then=_bring_in_something_else),
    State("module", "course", MARKED),
    State("module with assignments", "course", BEGUN),
    State("section, checks with feedback", "course", f"{MARKED}/the-legal-test"),
    State("section, pictures and a number", "course", f"{MARKED}/who-is-here"),
    State("section, order and first steps", "course", f"{BEGUN}/what-to-say", kept="nothing"),
    State("section, rows to pick", "course", "3-coordinating-provision/did-it-work"),
    State("section, reflection sent", "course", f"{BEGUN}/your-next-week", then=_send_a_reflection),
    State("my school, none yet", "course", "my-school", kept="nothing"),
    State("my school, with an error", "course", f"my-school/{BEGUN}", then=_change_phase_without_a_tick),
    State("assignment", "course", "work/{begun}"),
    *(State(f"question, {kind}", "course", f"work/{{begun}}/question/{{q_{kind}}}") for kind in _QUESTIONS),
    State("hand in, some missing", "course", "work/{begun}/hand-in"),
    State(
        "hand in to a cohort, with an error", "course", f"work/{COHORT}-{BEGUN}/hand-in", then=_hand_in_without_a_code
    ),
    State("feedback", "course", "work/{marked}/feedback"),
    State("take an assignment away", "course", "work/{begun}/remove"),
)

FACILITATOR_STATES = (
    State("for facilitators, nothing kept", "facilitator", kept="nothing"),
    State("for facilitators", "facilitator"),
    State("new cohort, with errors", "facilitator", "new", then=_make_a_cohort_without_a_name),
    State("cohort", "facilitator", f"cohort/{COHORT}"),
    State("learners of a cohort", "facilitator", _MODULE),
    State("written answers", "facilitator", f"{_MODULE}/rubric"),
    State("written answer", "facilitator", f"{_MODULE}/rubric/L01/{{q_free_text}}"),
    State("results", "facilitator", f"cohort/{COHORT}/results"),
    State("session", "facilitator", "session/1/half-day/0900"),
    State("hand-out", "facilitator", "session/3/hand-out"),
)

#: The same places as they are printed.
COURSE_ON_PAPER = (
    State("section on paper", "course", f"{MARKED}/the-legal-test", media="print"),
    State("session on paper", "facilitator", "session/1", media="print"),
    State("hand-out on paper", "facilitator", "session/1/hand-out", media="print"),
)
