"""audit/inspection.yml: what inspection looks at under inclusion, what may be asked, what shows it; read strictly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from senco_kit.forms.fields import ChooseOne, Date
from senco_kit.places import KIT
from senco_kit.standards import read
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml

INSPECTION: Final = KIT / "audit" / "inspection.yml"
if TYPE_CHECKING:
    from senco_kit.planning.kinds import Kind

#: The kind of a rule that counts the reviews of the plan, which are no records.
REVIEW: Final = "review"


@dataclass(frozen=True)
class Rule:
    """Evidence that a cycle holds by itself: its records of a kind, those with one of `values` in `field` if named.

    `day` is the field with the day of a record; without one it is the day on which the record was last changed.
    """

    id: str
    kind: str
    says: str
    place: str
    field: str = ""
    values: tuple[str, ...] = ()
    day: str = ""


@dataclass(frozen=True)
class Expected:
    """One kind of evidence that shows a factor. `by` are the rules that show it by themselves."""

    id: str
    title: str
    hint: str
    by: tuple[Rule, ...]


@dataclass(frozen=True)
class Factor:
    """One thing that is looked at; questions are in our words."""

    id: str
    title: str
    about: str
    questions: tuple[str, ...]
    evidence: tuple[Expected, ...]


@dataclass(frozen=True)
class Inspection:
    """The inclusion area. `grades` are named, best first, and never given to a school."""

    id: str
    title: str
    facts: tuple[str, ...]
    grades: tuple[str, ...]
    covers: tuple[str, ...]
    factors: tuple[Factor, ...]


@cache
def inspection(path: Path = INSPECTION) -> Inspection:
    """The inclusion area. Raises ContentProblem when the file is wrong or missing."""
    sheet = Sheet(path)
    found = _read(sheet)
    if sheet.problems:
        raise ContentProblem(min(sheet.problems))
    return found


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the file below `root`."""
    # Imported here because a kind of record (inspection.py) asks about what this file holds.
    from senco_kit.planning import kinds

    sheet = Sheet(root / INSPECTION.relative_to(KIT))
    found = _read(sheet)
    for fact in found.facts:
        if fact not in read.facts():
            sheet.wrong(1, f'The register of facts has no "{fact}".')
    rules = {rule for factor in found.factors for expected in factor.evidence for rule in expected.by}
    for rule in sorted(rules, key=lambda each: each.id):
        for wrong in _wrong_with(rule, kinds.kinds()):
            sheet.wrong(1, f"Rule {rule.id} {wrong}")
    return sheet.problems


def _wrong_with(rule: Rule, known: Mapping[str, Kind]) -> Iterator[str]:
    """What a rule asks for that records do not have: their kind, a field, or one of the answers to it."""
    if rule.kind == REVIEW:
        if rule.field or rule.day:
            yield "names a field, which reviews of the plan do not have."
        return
    if rule.kind not in known:
        yield f'counts records of the kind "{rule.kind}", which the kit does not have.'
        return
    fields = {field.name: field for field in known[rule.kind].fields}
    for name in filter(None, (rule.field, rule.day)):
        if name not in fields:
            yield f'looks at "{name}", which records of the kind "{rule.kind}" do not have.'
    if rule.day in fields and not isinstance(fields[rule.day], Date):
        yield f'takes the day from "{rule.day}", which is no day.'
    asked = fields.get(rule.field)
    if isinstance(asked, ChooseOne):
        for value in set(rule.values) - {option.value for option in (*asked.options, *asked.aside)}:
            yield f'counts those with "{value}", which is no answer to "{rule.field}".'


def _read(sheet: Sheet) -> Inspection:
    names = ("id", "title", "facts", "grades", "covers", "rules", "factors")
    fields = sheet.fields(read_yaml(sheet.path), "The file", names)
    rules: dict[str, Rule] = {}
    for value in sheet.items(fields["rules"], '"rules"') if "rules" in fields else []:
        rule = _rule(sheet, value)
        if rule.id in rules:
            sheet.wrong(value.line, f"Rule {rule.id} is there twice: give one another id.")
        rules[rule.id] = rule
    factors = sheet.items(fields["factors"], '"factors"', "name one at least.") if "factors" in fields else []
    text, texts = _text(sheet, fields), _texts(sheet, fields)
    return Inspection(
        id=text("id"),
        title=text("title"),
        facts=texts("facts"),
        grades=texts("grades"),
        covers=texts("covers"),
        factors=tuple(_factor(sheet, value, rules) for value in factors),
    )


def _rule(sheet: Sheet, value: Value) -> Rule:
    fields = sheet.fields(value, "A rule", ("id", "kind", "says", "place"), ("field", "values", "day"))
    text = _text(sheet, fields)
    rule = Rule(
        id=_id(sheet, fields),
        kind=text("kind"),
        says=text("says"),
        place=text("place"),
        field=text("field"),
        values=_texts(sheet, fields)("values"),
        day=text("day"),
    )
    if bool(rule.field) != bool(rule.values):
        sheet.wrong(value.line, f'Rule {rule.id} has "field" without "values", or "values" without "field".')
    return rule


def _factor(sheet: Sheet, value: Value, rules: Mapping[str, Rule]) -> Factor:
    fields = sheet.fields(value, "A factor", ("id", "title", "about", "questions", "evidence"))
    text = _text(sheet, fields)
    expected = sheet.items(fields["evidence"], '"evidence"', "name one piece at least.") if "evidence" in fields else []
    return Factor(
        id=_id(sheet, fields),
        title=text("title"),
        about=text("about"),
        questions=_texts(sheet, fields)("questions"),
        evidence=tuple(_expected(sheet, each, rules) for each in expected),
    )


def _expected(sheet: Sheet, value: Value, rules: Mapping[str, Rule]) -> Expected:
    fields = sheet.fields(value, "A piece of evidence", ("id", "title", "hint", "by"))
    text, by = _text(sheet, fields), _texts(sheet, fields)("by")
    for name in by:
        if name not in rules:
            sheet.wrong(fields["by"].line, f'There is no rule "{name}": add it under "rules", or take it out.')
    return Expected(_id(sheet, fields), text("title"), text("hint"), tuple(rules[name] for name in by if name in rules))


def _id(sheet: Sheet, fields: Mapping[str, Value]) -> str:
    return sheet.id(fields["id"], "The id", LONG_ID, "school-plan") if "id" in fields else ""


def _text(sheet: Sheet, fields: Mapping[str, Value]) -> Callable[[str], str]:
    """Gives the text of a field by its name; "" where it is left out."""
    return lambda name: sheet.text(fields[name], f'"{name}"') if name in fields else ""


def _texts(sheet: Sheet, fields: Mapping[str, Value]) -> Callable[[str], tuple[str, ...]]:
    """The same for a list of texts."""
    return lambda name: sheet.texts(fields[name], f'"{name}"') if name in fields else ()
