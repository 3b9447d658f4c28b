"""What adults need to be able to do for pupils with SEN: audit/competences.yml, read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.schools import codes
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.read import frameworks
from senco_kit.standards.sheet import Sheet, Value, read_yaml, suggestion

COMPETENCES: Final = KIT / "audit" / "competences.yml"

#: The teams that a competence can be asked of, with their names.
TEAMS: Final = {
    "teachers": "Teachers",
    "support": "Support staff",
    "new": "New teachers",
    "leaders": "Leaders",
}
#: What the levels are called, from 0.
LEVELS: Final = ("Not yet", "Aware", "Confident", "Can lead others")
HIGHEST: Final = len(LEVELS) - 1

_OUTCOME = re.compile(r"[A-Z][A-Za-z0-9]{0,4}")
_FIELDS = ("id", "title", "asked_of", "outcomes", "levels")


@dataclass(frozen=True)
class Competence:
    """One thing to be able to do. `needs` are codes of types of need, none for a competence about every pupil with SEN.

    `asked_of` is the level asked of each team; `levels` say what each level from 0 to 3 looks like.
    """

    id: str
    title: str
    needs: tuple[str, ...]
    asked_of: Mapping[str, int]
    outcomes: tuple[str, ...]
    levels: tuple[str, ...]
    line: int = 0

    @property
    def is_general(self) -> bool:
        """Whether it is about every pupil with SEN, whatever the need."""
        return not self.needs

    @property
    def areas(self) -> frozenset[str]:
        """The broad areas of need that its types of need belong to."""
        return frozenset(area for need in self.needs if (area := codes.SEN_TYPE_AREAS.get(need)))

    @property
    def area(self) -> str:
        """Its one area of need as a finding says it: "all" where it belongs to none or to every one."""
        return next(iter(self.areas)) if len(self.areas) == 1 else "all"


@cache
def competences(path: Path = COMPETENCES) -> Mapping[str, Competence]:
    """Every competence by its id, in the order of the file. Raises ContentProblem with the first problem."""
    read, problems = _read(path)
    if problems:
        raise ContentProblem(problems[0])
    return {each.id: each for each in read}


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the competences below `root`."""
    path = root / COMPETENCES.relative_to(KIT)
    read, problems = _read(path)
    return problems + unknown_outcomes(path, [(each.line, each.outcomes) for each in read], root)


def unknown_outcomes(path: Path, named: list[tuple[int, tuple[str, ...]]], root: Path) -> list[Problem]:
    """A problem for each outcome, named on a line of `path`, that no standard below `root` has."""
    folder = root / "audit" / "frameworks"
    known = {outcome.id for one in frameworks(folder, broken=[]).values() for outcome in one.outcomes()}
    return [
        Problem(path, line, f'There is no outcome "{outcome}" in any standard: {suggestion(outcome, sorted(known))}')
        for line, outcomes in named
        for outcome in outcomes
        if outcome not in known
    ]


def _read(path: Path) -> tuple[list[Competence], list[Problem]]:
    sheet = Sheet(path)
    fields = sheet.fields(read_yaml(path), "The file", ("competences",))
    items = sheet.items(fields["competences"], '"competences"', "write the first.") if "competences" in fields else []
    read = [_competence(sheet, item) for item in items]
    refuse_twice(sheet, [(each.id, each.line) for each in read])
    return read, sheet.problems


def refuse_twice(sheet: Sheet, ids: list[tuple[str, int]]) -> None:
    """Note each id that stands there a second time."""
    first: dict[str, int] = {}
    for each, line in ids:
        if each and each in first:
            sheet.wrong(line, f'The id "{each}" is there twice (first on line {first[each]}): change one.')
        first.setdefault(each, line)


def _competence(sheet: Sheet, item: Value) -> Competence:
    fields = sheet.fields(item, "A competence", _FIELDS, ("needs",))
    needs = [_need(sheet, each) for each in sheet.items(fields["needs"], '"needs"')] if "needs" in fields else []
    levels = sheet.texts(fields["levels"], '"levels"') if "levels" in fields else ()
    if "levels" in fields and len(levels) != len(LEVELS):
        sheet.wrong(fields["levels"].line, f"There are {len(levels)} levels: write {len(LEVELS)}, from 0 to {HIGHEST}.")
    return Competence(
        id=sheet.id(fields["id"], '"id"', LONG_ID, "graduated-approach") if "id" in fields else "",
        title=sheet.text(fields["title"], '"title"') if "title" in fields else "",
        needs=tuple(needs),
        asked_of=_asked_of(sheet, fields["asked_of"]) if "asked_of" in fields else {},
        outcomes=outcome_ids(sheet, fields["outcomes"]) if "outcomes" in fields else (),
        levels=levels,
        line=item.line,
    )


def _need(sheet: Sheet, value: Value) -> str:
    return sheet.choice(value, "A type of need", codes.SEN_TYPE_CODES)


def outcome_ids(sheet: Sheet, value: Value) -> tuple[str, ...]:
    """The ids of outcomes in a list; whether a standard has them is checked over all files."""
    items = sheet.items(value, '"outcomes"', "name one at least.")
    return tuple(sheet.id(each, "An outcome", _OUTCOME, "D1") for each in items)


def _asked_of(sheet: Sheet, value: Value) -> dict[str, int]:
    asked: dict[str, int] = {}
    for team, level in sheet.fields(value, '"asked_of"', (), tuple(TEAMS)).items():
        number = sheet.whole_number(level, f'The level asked of "{team}"')
        if number is not None and not 1 <= number <= HIGHEST:
            sheet.wrong(level.line, f'The level asked of "{team}" is {number}: write 1 to {HIGHEST}.')
        elif number is not None:
            asked[team] = number
    if not asked:
        sheet.wrong(value.line, '"asked_of" names no team: write the level that is asked of one at least.')
    return asked
