"""Examples of objectives for people in SEND roles: audit/role-objectives.yml, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.planning.competences_file import refuse_twice
from senco_kit.schools import codes
from senco_kit.standards import read
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml, suggestion

ROLE_OBJECTIVES: Final = KIT / "audit" / "role-objectives.yml"

_TEXTS = ("objective", "measure", "evidence", "help")


@dataclass(frozen=True)
class Example:
    """One offered objective: for which role, how both will know, what can be seen, what the school gives."""

    id: str
    role: str
    objective: str
    measure: str
    evidence: str
    help: str
    facts: tuple[str, ...]
    line: int = 0


@cache
def examples(path: Path = ROLE_OBJECTIVES) -> Mapping[str, Example]:
    """Every example by its id, in the order of the file. Raises ContentProblem with the first problem."""
    found, problems = _read(path)
    if problems:
        raise ContentProblem(problems[0])
    return {each.id: each for each in found}


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the examples below `root`; facts are looked up in the kit's register."""
    path = root / ROLE_OBJECTIVES.relative_to(KIT)
    found, problems = _read(path)
    known = list(read.facts())
    return problems + [
        Problem(path, each.line, f'{each.id} names the fact "{fact}": {suggestion(fact, known)}')
        for each in found
        for fact in each.facts
        if fact not in known
    ]


def _read(path: Path) -> tuple[list[Example], list[Problem]]:
    sheet = Sheet(path)
    fields = sheet.fields(read_yaml(path), "The file", ("objectives",))
    items = sheet.items(fields["objectives"], '"objectives"', "write the first.") if "objectives" in fields else []
    found = [_example(sheet, item) for item in items]
    refuse_twice(sheet, [(each.id, each.line) for each in found])
    return found, sheet.problems


def _example(sheet: Sheet, item: Value) -> Example:
    fields = sheet.fields(item, "An objective", ("id", "role", *_TEXTS, "facts"))
    texts = {name: sheet.text(fields[name], f'"{name}"') if name in fields else "" for name in _TEXTS}
    return Example(
        id=sheet.id(fields["id"], '"id"', LONG_ID, "ta-step-back") if "id" in fields else "",
        role=sheet.choice(fields["role"], '"role"', codes.STAFF_ROLES) if "role" in fields else "",
        facts=sheet.texts(fields["facts"], '"facts"') if "facts" in fields else (),
        line=item.line,
        **texts,
    )
