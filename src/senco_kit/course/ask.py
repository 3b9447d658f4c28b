"""A question of a package as a field of a form, and an answer as the field holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from senco_kit.course import exhibits
from senco_kit.course.markdown import html
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Field,
    LongText,
    Number,
    Option,
    PickRow,
    PickRows,
    PutInOrder,
    ShareOut,
    Value,
)

Question = Mapping[str, Any]

#: What a person is told to do, by type of question.
HINTS: Mapping[str, str] = {
    "choose-one": "Choose one.",
    "choose-many": "Choose all that fit.",
    "number": "Type a number in figures.",
    "pick-pupils": "Tick the rows that fit.",
    "put-in-order": "Move the lines until their order is right.",
    "share-out": "Type an amount in each line, 0 if nothing.",
}


def field(question: Question, name: str, label: str = "") -> Field:
    """The field that asks a question; `name` is unique in its form, `label` is the question's title unless given."""
    about: dict[str, Any] = {"name": name, "label": label or str(question["title"]), "hint": _hint(question)}
    match question["type"]:
        case "choose-one":
            return ChooseOne(options=_options(question), **about)
        case "choose-many":
            return ChooseMany(options=_options(question), **about)
        case "number":
            return Number(unit=str(question["unit"]), whole=bool(question["whole"]), **about)
        case "pick-pupils":
            table = exhibits.table_from_json(question["table"])
            rows = tuple(PickRow(row.id, row.cells) for row in table.rows)
            return PickRows(columns=table.columns, rows=rows, **about)
        case "put-in-order":
            return PutInOrder(options=_options(question), **about)
        case "share-out":
            return ShareOut(
                rows=_options(question), unit=str(question["unit"]), total=float(question["total"]), **about
            )
        case _:
            return LongText(lines=8, **about)


def _hint(question: Question) -> str:
    if question["type"] == "free-text":
        return f"About {question['words']} words. Leave real names out."
    return HINTS[question["type"]]


def _options(question: Question) -> tuple[Option, ...]:
    return tuple(Option(str(option["id"]), str(option["text"])) for option in question["options"])


def value(question: Question, answer: object) -> Value:
    """An answer as its field holds it: what was never answered, and what does not fit, is empty."""
    match question["type"]:
        case "share-out":
            amounts = answer if isinstance(answer, Mapping) else {}
            return [{"id": str(row), "amount": str(typed)} for row, typed in amounts.items()]
        case "choose-many" | "pick-pupils":
            return [str(each) for each in answer] if isinstance(answer, list) else []
        case "put-in-order":
            return [str(each) for each in answer] if isinstance(answer, list) and answer else ""
        case _:
            return answer if isinstance(answer, str) else ""


def answered(question: Question, answer: object) -> bool:
    """Whether there is an answer at all: for a sharing-out, an amount in at least one line."""
    if isinstance(answer, Mapping):
        return any(str(typed).strip() for typed in answer.values())
    return bool(answer.strip() if isinstance(answer, str) else answer)


def question_html(question: Question) -> Markup:
    """The situation, the question and what is shown with it: all but the field."""
    scene, prompt = (html(str(question[part]), heading=4) for part in ("scene", "prompt"))
    within = f"in “{question['title']}”"
    shown = Markup("").join(exhibits.html(exhibits.from_json(each), within) for each in question["show"])
    # What a situation speaks of stands below it; else the question comes first.
    return scene + shown + prompt if question["scene"] else prompt + shown
