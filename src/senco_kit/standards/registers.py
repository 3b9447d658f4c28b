"""The shape of the three smaller files: the levels, the register of facts, and the crosswalk between frameworks."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import cast, get_args

from senco_kit.standards.content import LONG_ID, Content
from senco_kit.standards.model import LEVELS_OF_AN_OUTCOME, CheckStatus, Correspondence, Fact, Level
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_text, read_yaml

CROSSWALK_COLUMNS = ["framework", "outcome", "other_framework", "other_outcome"]

_FACT_FIELDS = ("id", "value", "unit", "means", "source", "year", "checked_on", "valid_until", "status")


def read_levels(path: Path) -> Content[tuple[Level, ...]]:
    """The levels file: exactly 1 to 4, in order. ContentProblem when it is no YAML at all."""
    sheet = Sheet(path)
    top = read_yaml(path)
    levels = []
    for place, item in enumerate(sheet.items(top, "The levels"), 1):
        fields = sheet.fields(item, f"Level {place}", ("number", "name", "meaning"))
        number = sheet.whole_number(fields["number"], '"number"') if "number" in fields else None
        if number is not None and (number != place or number > LEVELS_OF_AN_OUTCOME):
            sheet.wrong(
                item.line, f"The levels are 1 to {LEVELS_OF_AN_OUTCOME}, lowest first: {number} cannot stand here."
            )
        name, meaning = (sheet.text(fields[key], f'"{key}"') if key in fields else "" for key in ("name", "meaning"))
        levels.append(Level(place, name, meaning))
    if len(levels) < LEVELS_OF_AN_OUTCOME and not sheet.problems:
        sheet.wrong(top.line, f"There are {len(levels)} levels: there must be {LEVELS_OF_AN_OUTCOME}.")
    return Content(path, tuple(levels), tuple(sheet.problems))


def read_facts(path: Path) -> Content[dict[str, Fact]]:
    """The register of facts by id. ContentProblem when it is no YAML at all. Lines: (id,) and (id, field)."""
    sheet = Sheet(path)
    facts: dict[str, Fact] = {}
    lines: dict[tuple[str, ...], int] = {}
    for item in sheet.items(read_yaml(path), "The register of facts", if_empty="write the first fact."):
        fields = sheet.fields(item, "A fact", _FACT_FIELDS)
        fact = _fact(sheet, fields)
        if fact.id in facts:
            sheet.wrong(
                item.line, f'There is already a fact "{fact.id}" on line {lines[fact.id,]}: give it another id.'
            )
        elif fact.id:
            facts[fact.id] = fact
            lines[fact.id,] = item.line
            lines |= {(fact.id, name): value.line for name, value in fields.items()}
    return Content(path, facts, tuple(sheet.problems), lines)


def _fact(sheet: Sheet, fields: dict[str, Value]) -> Fact:
    fact_id = sheet.id(fields["id"], "The id of the fact", LONG_ID, "code-6-36") if "id" in fields else ""
    what = f"of fact {fact_id}"
    texts = {name: sheet.text(fields[name], f'"{name}" {what}') for name in ("means", "source") if name in fields}
    days = {
        name: sheet.day(fields[name], f'"{name}" {what}') for name in ("checked_on", "valid_until") if name in fields
    }
    if "checked_on" in fields and fields["checked_on"].is_nothing:
        sheet.wrong(fields["checked_on"].line, f'"checked_on" {what} is empty: write the day someone last looked.')
    has_unit = "unit" in fields and not fields["unit"].is_nothing
    status = sheet.choice(fields["status"], f'"status" {what}', get_args(CheckStatus)) if "status" in fields else ""
    return Fact(
        id=fact_id,
        value=sheet.figure(fields["value"], f'"value" {what}') if "value" in fields else "",
        unit=sheet.text(fields["unit"], f'"unit" {what}') if has_unit else None,
        means=texts.get("means", ""),
        source=texts.get("source", ""),
        year=sheet.whole_number(fields["year"], f'"year" {what}') or 0 if "year" in fields else 0,
        checked_on=days.get("checked_on") or date.min,
        valid_until=days.get("valid_until"),
        status=cast(CheckStatus, status),
    )


def read_crosswalk(path: Path) -> Content[tuple[Correspondence, ...]]:
    """The crosswalk, row by row. ContentProblem when it is no CSV text. Lines: ("row", "0") for the first row."""
    problems: list[Problem] = []
    rows: list[Correspondence] = []
    lines: dict[tuple[str, ...], int] = {}
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    try:
        header = next(reader, [])
        if header != CROSSWALK_COLUMNS:
            raise ContentProblem(Problem(path, 1, f"The first line must be {','.join(CROSSWALK_COLUMNS)}."))
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if len(cells) == len(CROSSWALK_COLUMNS) and all(cells):
                lines["row", str(len(rows))] = reader.line_num
                rows.append(Correspondence(*cells))
            elif any(cells):
                problems.append(Problem(path, reader.line_num, "A row has four cells, none of them empty."))
    except csv.Error as error:
        raise ContentProblem(Problem(path, reader.line_num, f"This is not valid CSV: {error}.")) from error
    return Content(path, tuple(rows), tuple(problems), lines)
