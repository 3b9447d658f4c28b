"""Reading an invented school's data, and comparing what one makes of it with what was planted.

Answers are kept by school and question: `provision-ID` for each larger provision, `truth-KIND` for the other truths.
What fits and what does not is judged in provision/reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import ChooseOne, Option
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.pages.work import work
from senco_kit.schools import codes

if TYPE_CHECKING:
    from senco_kit.provision.reading import Judged
    from senco_kit.schools.model import Truth

_DECISIONS = (
    Option("keep", "Keep"),
    Option("adapt", "Adapt"),
    Option("stop", "Stop"),
    Option("not enough evidence", "Not enough evidence"),
)

_ASKS = {
    "under-identified": "Is a group recorded with SEN less often than it should be?",
    "over-identified": "Is a group recorded with SEN more often than it should be?",
    "absence-explains": "In which class does absence explain low attainment?",
    "teaching-not-pupils": (
        "Is there a class where work with the whole class would help more than further interventions?"
    ),
    "attached-adult": "Is an adult attached to one pupil all day?",
    "training-gap": "For which common need has nobody more than basic training?",
    "cost-outlier": "Which provision costs far more than others of its kind and does no more?",
    "wrong-group": "Which budget line is spent mostly on another group than the one it is meant for?",
}


@dataclass(frozen=True)
class Question:
    """One thing that a learner is asked about a school: `kind` is a kind of truth, or "provision"."""

    id: str
    kind: str
    field: ChooseOne
    provision: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Compared:
    """What a learner said, in words, beside what is true."""

    question: Question
    answer: str
    judged: Judged


def questions_about(school: OpenSchool) -> list[Question]:
    """The questions about this school."""
    if not school.invented:
        raise Refused("Only an invented school has a truth to compare with.")
    if not school.can_be_compared:
        raise Refused("This school belongs to an assignment, so what was planted in it is not told here.")
    return [*_on_provisions(school), *_on_others(school)]


def _on_provisions(school: OpenSchool) -> Iterable[Question]:
    from senco_kit.provision.reading import larger

    for row in larger(school.provisions):
        name = f"provision-{row['provision_id']}"
        asked = ChooseOne(name=name, label=str(row["name"]), options=_DECISIONS, side_by_side=True)
        yield Question(name, "provision", asked, row)


def _on_others(school: OpenSchool) -> Iterable[Question]:
    from senco_kit.provision.reading import NONE, UNSURE
    from senco_kit.schools.truths import suits

    assert school.order is not None
    aside = (Option(NONE, "None that I can see"), Option(UNSURE, "I can't tell"))
    for kind, asks in _ASKS.items():
        options = _options(school, kind)
        if options and suits(kind, school.order):  # type: ignore[arg-type]
            name = f"truth-{kind}"
            yield Question(name, kind, ChooseOne(name=name, label=asks, options=tuple(options), aside=aside))


def _options(school: OpenSchool, kind: str) -> list[Option]:
    from senco_kit.schools.truths import GROUPS

    assert school.tables is not None
    match kind:
        case "under-identified" | "over-identified":
            return [Option(group, group.capitalize().replace("semh", "SEMH").replace("eal", "EAL")) for group in GROUPS]
        case "absence-explains" | "teaching-not-pupils":
            classes = sorted({str(each) for each in school.tables["pupils"]["class_name"].dropna().unique()})
            return [Option(each, f"Class {each}") for each in classes]
        case "attached-adult":
            staff = school.tables["staff"]
            with_pupil = school.tables["deployment"]
            ids = with_pupil.loc[with_pupil["activity"].astype(str) == "pupil", "staff_id"].unique()
            chosen = staff[staff["staff_id"].isin(ids)]
            pairs = zip(chosen["staff_id"], chosen["role"].astype(str), strict=True)
            return [Option(str(number), f"Adult {number}, {role}") for number, role in pairs]
        case "training-gap":
            here = set(school.data.pupils["SENtype"].dropna().astype(str))
            return [Option(code, name) for code, name in codes.SEN_TYPE_NAMES.items() if code in here and code != "NSA"]
        case "cost-outlier":
            return [Option(str(row["provision_id"]), str(row["name"])) for row in school.provisions]
        case _:
            lines = [str(row["funding_line"]) for row in school.funding]
            return [Option(line, line) for line in lines]


# ----------------------------------------------------------------------------------------------- what is shown and kept


def questions(school: OpenSchool) -> View:
    """The questions, with the answers given so far."""
    asked = questions_about(school)
    with work() as store:
        answers = store.readings.of(school.key)
    html = draw(
        "provision_map/read.html",
        school=school,
        on_provisions=[each for each in asked if each.provision],
        on_others=[each for each in asked if not each.provision],
        answers=answers,
        progress=_progress(asked, answers),
    )
    return View("Read it yourself", html)


def _progress(asked: list[Question], answers: dict[str, str]) -> str:
    return f"{sum(each.id in answers for each in asked)} of {len(asked)} answered."


def save(school: OpenSchool, name: str, value: str) -> dict[str, Markup]:
    """Keep one answer; gives the line that says how many are answered."""
    asked = questions_about(school)
    question = next((each for each in asked if each.id == name), None)
    if question is None:
        raise Refused("The page sent an answer that the kit does not ask for. Reload the page.")
    check(question.field, value)
    with work() as store:
        store.readings.save(school.key, name, value)
        answers = store.readings.of(school.key)
    return {"reading-progress": Markup(_progress(asked, answers))}


def begin_again(school: OpenSchool) -> GoTo:
    """Take all answers back."""
    with work() as store:
        store.readings.forget(school.key)
    return GoTo(f"{school.key}/read", "Your answers are taken back.")


def comparison(school: OpenSchool) -> View:
    """Each answer beside what was planted."""
    asked = questions_about(school)
    with work() as store:
        answers = store.readings.of(school.key)
    rows = [compare(each, answers.get(each.id, ""), school.truths) for each in asked]
    marks = [row.judged.mark for row in rows]
    counts = {mark: marks.count(mark) for mark in ("right", "partly", "missed", "not answered")}
    html = draw("provision_map/compare.html", school=school, rows=rows, counts=counts)
    return View("Compared with what was planted", html)


def compare(question: Question, answer: str, truths: Sequence[Truth]) -> Compared:
    """An answer beside the truth of it, with a reason: never only right or wrong."""
    from senco_kit.provision.reading import judge_other, judge_provision

    if question.provision is not None:
        judged = judge_provision(question.provision, answer, truths)
    else:
        judged = judge_other(question.kind, answer, truths)
    words = next((each.label for each in question.field.every_option if each.value == answer), "No answer yet")
    return Compared(question, words, judged)
