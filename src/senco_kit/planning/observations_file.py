"""What to look for in a lesson: audit/observation-foci.yml, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.planning.competences_file import competences, outcome_ids, refuse_twice, unknown_outcomes
from senco_kit.schools import codes
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml, suggestion

FOCI: Final = KIT / "audit" / "observation-foci.yml"


@dataclass(frozen=True)
class Focus:
    """One point to look for. `code` is the same point in the invented schools' observations, "" where there is none.

    `competences` are what staff would learn about where it is seldom seen.
    """

    id: str
    title: str
    group: str
    look_for: tuple[str, ...]
    outcomes: tuple[str, ...]
    competences: tuple[str, ...]
    code: str = ""
    line: int = 0


@cache
def foci(path: Path = FOCI) -> Mapping[str, Focus]:
    """Every focus by its id, in the order of the file. Raises ContentProblem with the first problem."""
    read, problems = _read(path)
    if problems:
        raise ContentProblem(problems[0])
    return {each.id: each for each in read}


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the foci below `root`. Competences are looked up below `root` too."""
    path = root / FOCI.relative_to(KIT)
    read, problems = _read(path)
    try:
        known = list(competences(root / "audit" / "competences.yml"))
    except ContentProblem:  # told where that file is checked
        known = [each for focus in read for each in focus.competences]
    for focus in read:
        problems += [
            Problem(path, focus.line, f'{focus.id} names the competence "{each}": {suggestion(each, known)}')
            for each in focus.competences
            if each not in known
        ]
    return problems + unknown_outcomes(path, [(each.line, each.outcomes) for each in read], root)


def _read(path: Path) -> tuple[list[Focus], list[Problem]]:
    sheet = Sheet(path)
    fields = sheet.fields(read_yaml(path), "The file", ("foci",))
    items = sheet.items(fields["foci"], '"foci"', "write the first.") if "foci" in fields else []
    read = [_focus(sheet, item) for item in items]
    refuse_twice(sheet, [(each.id, each.line) for each in read])
    for code in set(codes.OBSERVATION_FOCUSES) - {each.code for each in read}:
        sheet.wrong(1, f'No focus has the code "{code}" of the invented schools: add it to one.')
    return read, sheet.problems


def _focus(sheet: Sheet, item: Value) -> Focus:
    required = ("id", "title", "group", "look_for", "outcomes", "competences")
    fields = sheet.fields(item, "A focus", required, ("code",))
    code = sheet.choice(fields["code"], '"code"', codes.OBSERVATION_FOCUSES) if "code" in fields else ""
    return Focus(
        id=sheet.id(fields["id"], '"id"', LONG_ID, "plan-in-use") if "id" in fields else "",
        title=sheet.text(fields["title"], '"title"') if "title" in fields else "",
        group=sheet.text(fields["group"], '"group"') if "group" in fields else "",
        look_for=sheet.texts(fields["look_for"], '"look_for"') if "look_for" in fields else (),
        outcomes=outcome_ids(sheet, fields["outcomes"]) if "outcomes" in fields else (),
        competences=sheet.texts(fields["competences"], '"competences"') if "competences" in fields else (),
        code=code,
        line=item.line,
    )
