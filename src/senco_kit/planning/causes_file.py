"""audit/causes.yml: what can stand behind a gap, with the questions that help to tell and where to look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.standards.content import SHORT_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml

_FILE: Final = Path("audit") / "causes.yml"

#: The factors that the kit's own data speaks about (causes_data.py): each must be in the file, and no other.
FACTORS: Final = ("attendance", "teaching", "provision", "knowledge", "environment")

#: Where in the kit evidence is held: rooms of the cycle by their place, and parts of the provision map.
PLACES: Final[Mapping[str, str]] = {
    "map": "The provision map",
    "map-provisions": "The provisions of the map, with what was delivered",
    "map-pupils": "The pupils of the map",
    "observations": "Lessons",
    "staff": "Staff and training",
    "support": "Support staff",
    "voice": "Pupils and parents",
}

_TEXTS, _LISTS = ("title", "about"), ("questions", "look_at", "places")


@dataclass(frozen=True)
class Factor:
    """One thing that can stand behind a gap. `places` are keys of PLACES."""

    id: str
    title: str
    about: str
    questions: tuple[str, ...]
    look_at: tuple[str, ...]
    places: tuple[str, ...]


@cache
def factors() -> tuple[Factor, ...]:
    """The factors in the order of the file. Raises ContentProblem with the first thing that is wrong in it."""
    found, problems = _read(KIT)
    if problems:
        raise ContentProblem(problems[0])
    return found


def check(root: Path = KIT) -> list[Problem]:
    """What is wrong with the file below `root`. Raises ContentProblem when it is no YAML at all."""
    return _read(root)[1]


def _read(root: Path) -> tuple[tuple[Factor, ...], list[Problem]]:
    sheet = Sheet(root / _FILE)
    fields = sheet.fields(read_yaml(sheet.path), "causes.yml", ("factors",))
    items = sheet.items(fields["factors"], '"factors"', "write the first.") if "factors" in fields else []
    found = tuple(_factor(sheet, item) for item in items)
    written = [factor.id for factor in found]
    for factor_id in FACTORS:
        if written.count(factor_id) != 1:
            sheet.wrong(1, f'The factor "{factor_id}" is there {written.count(factor_id)} times: write it once.')
    return found, sheet.problems


def _factor(sheet: Sheet, item: Value) -> Factor:
    fields = sheet.fields(item, "A factor", ("id", *_TEXTS, *_LISTS))
    factor_id = sheet.id(fields["id"], "The id of a factor", SHORT_ID, "teaching") if "id" in fields else ""
    if factor_id and factor_id not in FACTORS:
        sheet.wrong(fields["id"].line, f'The factor "{factor_id}" is none of {", ".join(FACTORS)}.')
    texts = {name: sheet.text(fields[name], f'"{name}"') if name in fields else "" for name in _TEXTS}
    lists = {name: _texts(sheet, name, fields) for name in _LISTS}
    for place in lists["places"]:
        if place not in PLACES:
            sheet.wrong(fields["places"].line, f'"{place}" is no place of the kit: use {", ".join(PLACES)}.')
    return Factor(factor_id, texts["title"], texts["about"], lists["questions"], lists["look_at"], lists["places"])


def _texts(sheet: Sheet, name: str, fields: Mapping[str, Value]) -> tuple[str, ...]:
    if name not in fields:
        return ()
    if not sheet.items(fields[name], f'"{name}"', "write the first."):
        return ()
    return sheet.texts(fields[name], f'"{name}"')
