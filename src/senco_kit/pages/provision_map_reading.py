"""Reading an invented school's data, and comparing what one makes of it with what was planted.

Answers are kept by school and question: `provision-ID` for each larger provision, `truth-KIND` for the other truths.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import ChooseOne, Option
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool, Row
from senco_kit.pages.provision_map_words import interval, known, percent, points
from senco_kit.pages.work import work
from senco_kit.schools import codes

if TYPE_CHECKING:
    from senco_kit.schools.model import Truth

NONE, UNSURE = "none", "unsure"

#: A provision with fewer pupils is too small to read anything from.
_LARGER = 8
_MOST_PROVISIONS = 12
#: An effect of so many points of standard score is worth having; under the other there is next to none.
_WORTH_HAVING, _NEXT_TO_NONE = 3.0, 1.0
_DELIVERED_ENOUGH = 0.75

_DECISIONS = (
    Option("keep", "Keep"),
    Option("adapt", "Adapt"),
    Option("stop", "Stop"),
    Option("not enough evidence", "Not enough evidence"),
)

#: The best reading of a provision in which something was planted, and the readings that are partly right.
_PLANTED = {
    "does-nothing": ({"stop"}, {"adapt", "not enough evidence"}),
    "chosen-on-low-score": ({"stop", "not enough evidence"}, {"adapt"}),
    "under-delivered": ({"adapt"}, {"keep", "not enough evidence"}),
    "cost-outlier": ({"adapt", "stop"}, {"not enough evidence"}),
}

_ASKS = {
    "under-identified": "Is a group recorded with SEN less often than it should be?",
    "over-identified": "Is a group recorded with SEN more often than it should be?",
    "absence-explains": "In which class does absence explain low attainment?",
    "teaching-not-pupils": "Is there a class with many interventions where the teaching needs help, not the pupils?",
    "attached-adult": "Is an adult attached to one pupil all day?",
    "training-gap": "For which common need has nobody more than basic training?",
    "cost-outlier": "Which provision costs far more than others of its kind and does no more?",
    "wrong-group": "Which budget line is spent mostly on another group than the one it is meant for?",
}

#: Where the figures that name a truth stand in its `about`, by kind.
_NAMED_BY = {
    "under-identified": ("group",),
    "over-identified": ("group",),
    "absence-explains": ("class_name",),
    "teaching-not-pupils": ("class_name",),
    "attached-adult": ("staff_id",),
    "training-gap": ("SENtype",),
    "cost-outlier": ("provision_id",),
    "wrong-group": ("funding_line",),
}


@dataclass(frozen=True)
class Question:
    """One thing that a learner is asked about a school: `kind` is a kind of truth, or "provision"."""

    id: str
    kind: str
    field: ChooseOne
    provision: Row | None = None


@dataclass(frozen=True)
class Compared:
    """What a learner said, beside what is so: `mark` is right, partly, missed or not answered."""

    question: Question
    answer: str
    mark: str
    so: str
    why: str


def _asked(school: OpenSchool) -> list[Question]:
    """The questions about this school."""
    if not school.invented:
        raise Refused("Only an invented school has a truth to compare with.")
    if "questions" not in school.more:
        school.more["questions"] = [*_on_provisions(school), *_on_others(school)]
    found: list[Question] = school.more["questions"]
    return found


def _on_provisions(school: OpenSchool) -> Iterable[Question]:
    larger = sorted((row for row in school.provisions if row["pupils"] >= _LARGER), key=lambda row: -row["pupils"])
    for row in larger[:_MOST_PROVISIONS]:
        name = f"provision-{row['provision_id']}"
        asked = ChooseOne(name=name, label=str(row["name"]), options=_DECISIONS, side_by_side=True)
        yield Question(name, "provision", asked, row)


def _on_others(school: OpenSchool) -> Iterable[Question]:
    from senco_kit.schools.truths import suits

    assert school.order is not None
    for kind, asks in _ASKS.items():
        options = _options(school, kind)
        if options and suits(kind, school.order):  # type: ignore[arg-type]
            name = f"truth-{kind}"
            asked = ChooseOne(
                name=name,
                label=asks,
                options=tuple(options),
                aside=(Option(NONE, "None that I can see"), Option(UNSURE, "I can't tell")),
            )
            yield Question(name, kind, asked)


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
    asked = _asked(school)
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
    asked = _asked(school)
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
    asked = _asked(school)
    with work() as store:
        answers = store.readings.of(school.key)
    rows = [compare(each, answers.get(each.id, ""), school.truths) for each in asked]
    counts = {mark: sum(row.mark == mark for row in rows) for mark in ("right", "partly", "missed", "not answered")}
    html = draw("provision_map/compare.html", school=school, rows=rows, counts=counts)
    return View("Compared with what was planted", html)


# ------------------------------------------------------------------------------------------------------ the comparing


def compare(question: Question, answer: str, truths: Iterable[Truth]) -> Compared:
    """An answer beside the truth of it, with a reason: never only right or wrong."""
    if question.provision is not None:
        mark, so, why = _compare_provision(question.provision, answer, list(truths))
    else:
        mark, so, why = _compare_other(question, answer, list(truths))
    words = next((each.label for each in question.field.every_option if each.value == answer), "No answer yet")
    return Compared(question, words, mark if answer else "not answered", so, why)


def _compare_provision(row: Row, answer: str, truths: list[Truth]) -> tuple[str, str, str]:
    provision_id = int(row["provision_id"])
    effects = {each.about["provision_id"]: each.about for each in truths if each.kind == "effect"}
    about = effects.get(provision_id, {})
    planted = next((each for each in truths if each.kind in _PLANTED and provision_id in _provisions_of(each)), None)
    effect, share = about.get("mean_true_effect"), about.get("mean_delivered_share")
    measured = known(effect) and known(row["measure"])
    so = f"True effect: {points(effect)} points on average." if measured else "No test fits what it is for."
    if known(share):
        so += f" {percent(share)} of its sessions were given."
    if planted is not None:
        so = f"{planted.says} {so}"
        right, partly = _PLANTED[planted.kind]
    else:
        right, partly = _best(float(effect) if measured else None, float(share) if known(share) else 1.0)  # type: ignore[arg-type]
    mark = "right" if answer in right else "partly" if answer in partly else "missed"
    return mark, so, _why_provision(answer, right, mark, row)


def _provisions_of(truth: Truth) -> set[int]:
    ids = {int(each) for each in truth.rows.get("provisions", ())}
    return ids | ({int(truth.about["provision_id"])} if "provision_id" in truth.about else set())


def _best(effect: float | None, share: float) -> tuple[set[str], set[str]]:
    """The best readings of a provision in which nothing special was planted, and those that are partly right."""
    if effect is None:
        return {"not enough evidence"}, {"keep", "adapt"}
    if share < _DELIVERED_ENOUGH:
        return {"adapt"}, {"keep", "not enough evidence"}
    if effect >= _WORTH_HAVING:
        return {"keep"}, {"adapt", "not enough evidence"}
    if effect >= _NEXT_TO_NONE:
        return {"adapt", "not enough evidence"}, {"keep", "stop"}
    return {"stop"}, {"adapt", "not enough evidence"}


def _why_provision(answer: str, right: set[str], mark: str, row: Row) -> str:
    wanted = " or ".join(sorted(right))
    seen = ""
    if known(row["effect"]):
        seen = f" The data showed {points(row['effect'])} ({interval(row['effect_low'], row['effect_high'])})."
    if mark == "right":
        return f"Your reading fits.{seen}"
    if mark == "partly":
        start = "Careful, which is fair" if answer == "not enough evidence" else "Close"
        return f"{start}. Knowing the truth, one would say: {wanted}.{seen}"
    if not answer:
        return f"Knowing the truth, one would say: {wanted}.{seen}"
    return f"Knowing the truth, one would say: {wanted}.{seen} Look again at the sessions given and at the interval."


def _compare_other(question: Question, answer: str, truths: list[Truth]) -> tuple[str, str, str]:
    planted = [each for each in truths if each.kind == question.kind]
    if not planted:
        so = "Nothing of this kind was planted here."
        if not answer:
            return "missed", so, ""
        if answer == NONE:
            return "right", so, "You saw that there is nothing to see. That is hard."
        if answer == UNSURE:
            return "partly", so, "Holding back was fair: no pattern stands out, because there is none."
        return "missed", so, "Chance makes patterns too, above all in small groups. Ask how large this one is."
    so = " ".join(each.says for each in planted)
    if not answer:
        return "missed", so, ""
    if answer in {name for each in planted for name in _names(each)}:
        return "right", so, "You found it."
    if answer == UNSURE:
        return "partly", so, "Holding back is fair. The data did show it: look again with this in mind."
    if any(answer in _names(each) for each in truths if each.kind in ("under-identified", "over-identified")):
        return "partly", so, "This group does stand out, but in the other direction."
    if answer == NONE:
        return "missed", so, "It was there. Look again with this in mind: what would have shown it?"
    return "missed", so, "It was elsewhere. What you saw may be chance, or something that hangs together with it."


def _names(truth: Truth) -> set[str]:
    """The answers that name this truth."""
    found = {str(truth.about[name]) for name in _NAMED_BY.get(truth.kind, ()) if name in truth.about}
    if truth.kind == "cost-outlier":
        found |= {str(each) for each in _provisions_of(truth)}
    return found
