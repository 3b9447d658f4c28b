"""module.yml: what a module is about, its objectives, the beliefs its questions are built on, and where to read on."""

from __future__ import annotations

from pathlib import Path

from senco_kit.course.model import Misconception, Module, Objective, Reading
from senco_kit.standards.content import LONG_ID, SHORT_ID
from senco_kit.standards.sheet import Sheet, Value, read_yaml

_FIELDS = (
    *("id", "heading", "title", "about", "objectives", "misconceptions", "key_points", "read_on"),
    *("lesson_school", "assignment"),
)


def read_module_file(sheet: Sheet) -> Module:
    """The module without its lesson, questions and session. ContentProblem when it is no YAML at all."""
    path = sheet.path
    fields = sheet.fields(read_yaml(path), "module.yml", _FIELDS)
    texts = {name: sheet.text(fields[name], f'"{name}"') for name in ("title", "about", "heading") if name in fields}
    module_id = sheet.id(fields["id"], "The id", LONG_ID, "1-professional-context") if "id" in fields else ""
    if module_id and module_id != path.parent.name:
        sheet.wrong(fields["id"].line, f'The id is "{module_id}", but the folder is "{path.parent.name}".')
    about = sheet.fields(fields["assignment"], '"assignment"', _ASSIGNMENT) if "assignment" in fields else {}
    return Module(
        id=path.parent.name,
        heading=texts.get("heading", ""),
        title=texts.get("title", ""),
        about=texts.get("about", ""),
        folder=path.parent,
        objectives=tuple(_objective(sheet, item) for item in _items(sheet, fields, "objectives")),
        misconceptions=tuple(_misconception(sheet, item) for item in _items(sheet, fields, "misconceptions")),
        key_points=sheet.texts(fields["key_points"], '"key_points"') if "key_points" in fields else (),
        read_on=tuple(_reading(sheet, item) for item in _items(sheet, fields, "read_on")),
        lesson_school=sheet.text(fields["lesson_school"], '"lesson_school"') if "lesson_school" in fields else "",
        assignment_title=sheet.text(about["title"], '"title"') if "title" in about else "",
        assignment_about=sheet.text(about["about"], '"about"') if "about" in about else "",
        assignment_minutes=(sheet.whole_number(about["minutes"], '"minutes"') or 0) if "minutes" in about else 0,
    )


_ASSIGNMENT = ("title", "about", "minutes")


def _items(sheet: Sheet, fields: dict[str, Value], name: str) -> list[Value]:
    return sheet.items(fields[name], f'"{name}"', if_empty="write the first.") if name in fields else []


def ids(sheet: Sheet, value: Value, what: str) -> tuple[str, ...]:
    """A list of ids of outcomes, facts or options."""
    items = sheet.items(value, what)
    return tuple(found for item in items if (found := sheet.id(item, f"An item of {what}", SHORT_ID, "C1a")))


def _objective(sheet: Sheet, item: Value) -> Objective:
    fields = sheet.fields(item, "An objective", ("text", "outcomes"))
    text = sheet.text(fields["text"], '"text"') if "text" in fields else ""
    return Objective(text, ids(sheet, fields["outcomes"], '"outcomes"') if "outcomes" in fields else ())


def _misconception(sheet: Sheet, item: Value) -> Misconception:
    fields = sheet.fields(item, "A misconception", ("id", "belief", "in_fact"), ("facts",))
    given = {name: sheet.text(fields[name], f'"{name}"') for name in ("belief", "in_fact") if name in fields}
    return Misconception(
        sheet.id(fields["id"], "The id of a misconception", LONG_ID, "sen-needs-a-diagnosis") if "id" in fields else "",
        given.get("belief", ""),
        given.get("in_fact", ""),
        ids(sheet, fields["facts"], '"facts"') if "facts" in fields else (),
    )


def _reading(sheet: Sheet, item: Value) -> Reading:
    fields = sheet.fields(item, "An entry of read_on", ("what", "why"), ("fact",))
    given = {name: sheet.text(value, f'"{name}"') for name, value in fields.items()}
    return Reading(given.get("what", ""), given.get("why", ""), given.get("fact", ""))


def module_path(folder: Path) -> Path:
    """Where the file of a module is."""
    return folder / "module.yml"
