"""questions.yml: the quick checks of a lesson and the graded questions of its assignment."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast

import yaml

from senco_kit.course.model import QUESTION_TYPES, Criterion, Option, Question, QuestionType, ShareRule, Slip
from senco_kit.course.module_file import ids
from senco_kit.standards.content import LONG_ID, SHORT_ID
from senco_kit.standards.sheet import Sheet, Value, read_yaml

#: The name of a function of answers.py.
FUNCTION = re.compile(r"[a-z][a-z0-9_]*")
_TOLERANCE = re.compile(r"\d+(\.\d+)?%?")
_OPTION_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_OPTION_OR_FUNCTION = re.compile(rf"{FUNCTION.pattern}|{_OPTION_ID.pattern}")

_COMMON = ("id", "type", "outcomes", "title", "prompt")
_MAYBE = ("scene", "hint", "marks", "show", "look_again", "explains", "otherwise", "slips")
#: What each type has besides: what it must have, and what it may.
_OWN: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choose-one": (("options",), ("answer",)),
    "choose-many": (("options",), ("answer",)),
    "number": (("unit", "answer"), ("tolerance", "whole")),
    "pick-pupils": (("table", "answer"), ()),
    "put-in-order": (("options",), ("answer",)),
    "share-out": (("unit", "total", "options", "rules"), ()),
    "free-text": (("words", "rubric"), ()),
}


def read_questions(sheet: Sheet) -> tuple[tuple[Question, ...], tuple[Question, ...]]:
    """The checks and the graded questions. ContentProblem when it is no YAML at all."""
    fields = sheet.fields(read_yaml(sheet.path), "questions.yml", ("checks", "assignment"))
    lists = {name: sheet.items(value, f'"{name}"', if_empty="write the first.") for name, value in fields.items()}
    checks = tuple(_question(sheet, item) for item in lists.get("checks", ()))
    return checks, tuple(_question(sheet, item) for item in lists.get("assignment", ()))


def _question(sheet: Sheet, item: Value) -> Question:
    kind = _kind(item)
    must, may = _OWN.get(kind, ((), ()))
    fields = sheet.fields(item, "A question", (*_COMMON, *must), (*_MAYBE, *may))
    if "type" in fields:
        sheet.choice(fields["type"], '"type"', QUESTION_TYPES)
    read = _Reader(sheet, fields)
    return Question(
        id=sheet.id(fields["id"], "The id of a question", LONG_ID, "who-is-missing") if "id" in fields else "",
        type=cast(QuestionType, kind),
        title=read.text("title"),
        prompt=read.text("prompt"),
        outcomes=ids(sheet, fields["outcomes"], '"outcomes"') if "outcomes" in fields else (),
        marks=read.whole("marks"),
        scene=read.text("scene"),
        hint=read.text("hint"),
        show=read.names("show"),
        look_again=read.text("look_again"),
        explains=read.text("explains"),
        otherwise=read.text("otherwise"),
        options=read.options(),
        answer=read.number_or_function("answer"),
        unit=read.text("unit"),
        tolerance=read.tolerance(),
        whole=read.yes("whole"),
        table=read.function("table"),
        total=read.number_or_function("total") or 0.0,
        rules=read.list("rules", _rule),
        rubric=read.list("rubric", _criterion),
        words=read.whole("words"),
        slips=read.list("slips", _slip),
        line=item.line,
    )


def _kind(item: Value) -> str:
    """The type of a question, read first, because it decides which fields there are."""
    if isinstance(item.node, yaml.MappingNode):
        for key, value in item.node.value:
            if isinstance(key, yaml.ScalarNode) and key.value == "type" and isinstance(value, yaml.ScalarNode):
                return str(value.value)
    return ""


class _Reader:
    """The fields of one entry, each in the shape that is wanted, or its empty form."""

    def __init__(self, sheet: Sheet, fields: Mapping[str, Value]) -> None:
        self.sheet, self.fields = sheet, fields

    def text(self, name: str) -> str:
        return self.sheet.text(self.fields[name], f'"{name}"') if name in self.fields else ""

    def whole(self, name: str) -> int:
        return (self.sheet.whole_number(self.fields[name], f'"{name}"') or 0) if name in self.fields else 0

    def yes(self, name: str) -> bool:
        if name not in self.fields:
            return False
        value = self.fields[name]
        if not value.is_kind("bool"):
            self.sheet.wrong(value.line, f'"{name}" must be true or false.')
        return str(value.node.value).lower() == "true"

    def function(self, name: str) -> str:
        return self.sheet.id(self.fields[name], f'"{name}"', FUNCTION, "absence_by_sen") if name in self.fields else ""

    def names(self, name: str) -> tuple[str, ...]:
        """One name of a function, or a list of them."""
        if name not in self.fields:
            return ()
        if isinstance(self.fields[name].node, yaml.ScalarNode):
            return (self.function(name),)
        items = self.sheet.items(self.fields[name], f'"{name}"')
        return tuple(self.sheet.id(item, f'An item of "{name}"', FUNCTION, "absence_by_sen") for item in items)

    def number_or_function(self, name: str) -> str | float | None:
        if name not in self.fields:
            return None
        return _number_or_function(self.sheet, self.fields[name], name)

    def share(self, name: str) -> float:
        found = self.number_or_function(name)
        if isinstance(found, float) and 0 <= found <= 1:
            return found
        if found is not None:
            self.sheet.wrong(self.fields[name].line, f'"{name}" is a part of the marks: a number from 0 to 1.')
        return 0.0

    def tolerance(self) -> str:
        """A number, or a number with %."""
        if "tolerance" not in self.fields:
            return "0"
        written = str(self.fields["tolerance"].node.value)
        if not _TOLERANCE.fullmatch(written):
            self.sheet.wrong(self.fields["tolerance"].line, '"tolerance" must be a number, or a number with %.')
            return "0"
        return written

    def options(self) -> tuple[Option, ...] | str:
        if "options" not in self.fields:
            return ()
        value = self.fields["options"]
        return self.function("options") if isinstance(value.node, yaml.ScalarNode) else self.list("options", _option)

    def list(self, name: str, read: Callable[[Sheet, Value], Any]) -> tuple[Any, ...]:
        if name not in self.fields:
            return ()
        return tuple(read(self.sheet, item) for item in self.sheet.items(self.fields[name], f'"{name}"'))


def _number_or_function(sheet: Sheet, value: Value, what: str) -> str | float:
    if value.is_kind("int", "float"):
        figure = sheet.figure(value, f'"{what}"')
        return float(figure) if isinstance(figure, int | float) and not math.isnan(figure) else 0.0
    return sheet.id(value, f'"{what}"', FUNCTION, "absence_by_sen")


def _option(sheet: Sheet, item: Value) -> Option:
    fields = sheet.fields(item, "An option", ("id", "text"), ("right", "says", "misconception", "worth", "look_again"))
    read = _Reader(sheet, fields)
    return Option(
        id=sheet.id(fields["id"], "The id of an option", _OPTION_ID, "ask-the-parents") if "id" in fields else "",
        text=read.text("text"),
        right=read.yes("right"),
        says=read.text("says"),
        misconception=read.text("misconception"),
        worth=read.share("worth"),
        look_again=read.text("look_again"),
    )


def _slip(sheet: Sheet, item: Value) -> Slip:
    fields = sheet.fields(item, "A slip", ("answer", "says"), ("misconception", "worth", "look_again"))
    read = _Reader(sheet, fields)
    answer = _slip_answer(sheet, fields["answer"]) if "answer" in fields else ""
    return Slip(answer, read.text("says"), read.text("misconception"), read.share("worth"), read.text("look_again"))


def _slip_answer(sheet: Sheet, value: Value) -> str | float | tuple[str, ...] | Mapping[str, float]:
    if isinstance(value.node, yaml.SequenceNode):
        return tuple(sheet.id(item, "An answer", SHORT_ID, "ask-the-parents") for item in sheet.items(value, "It"))
    if isinstance(value.node, yaml.MappingNode):
        amounts: dict[str, float] = {}
        for key, node in value.node.value:
            amount = _number_or_function(sheet, Value(node, node.start_mark.line + 1), str(key.value))
            amounts[str(key.value)] = amount if isinstance(amount, float) else 0.0
        return amounts
    if value.is_kind("int", "float"):
        return _number_or_function(sheet, value, "answer")
    return sheet.id(value, '"answer"', _OPTION_OR_FUNCTION, "absence_by_sen")


def _rule(sheet: Sheet, item: Value) -> ShareRule:
    fields = sheet.fields(
        item, "A rule", ("rows", "worth", "says"), ("at_least", "at_most", "misconception", "look_again")
    )
    read = _Reader(sheet, fields)
    rows: tuple[str, ...] = ()
    if "rows" in fields and isinstance(fields["rows"].node, yaml.SequenceNode):
        rows = ids(sheet, fields["rows"], '"rows"')
    elif "rows" in fields and str(fields["rows"].node.value) != "all":
        sheet.wrong(fields["rows"].line, '"rows" must be a list of ids, or the word all.')
    if not {"at_least", "at_most"} & set(fields):
        sheet.wrong(item.line, "A rule says at_least or at_most so much: add one.")
    return ShareRule(
        says=read.text("says"),
        worth=read.share("worth"),
        rows=rows,
        at_least=read.number_or_function("at_least"),
        at_most=read.number_or_function("at_most"),
        misconception=read.text("misconception"),
        look_again=read.text("look_again"),
    )


def _criterion(sheet: Sheet, item: Value) -> Criterion:
    fields = sheet.fields(item, "A line of the rubric", ("id", "text", "marks", "look_for"))
    read = _Reader(sheet, fields)
    return Criterion(
        id=sheet.id(fields["id"], "The id of the line", _OPTION_ID, "names-a-cause") if "id" in fields else "",
        text=read.text("text"),
        marks=read.whole("marks"),
        look_for=read.text("look_for"),
    )
