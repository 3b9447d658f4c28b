"""The standards, ready to query. Each function reads the kit's own file unless it is given another path.

Files are read once and kept. A file with anything wrong in it is refused whole (ContentProblem); `senco check` lists
all that is wrong.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from senco_kit.places import CROSSWALK, FACTS, FRAMEWORKS, LEVELS
from senco_kit.standards.framework_file import read_framework
from senco_kit.standards.model import SPINE, Correspondence, Fact, Framework, Level, UnknownId
from senco_kit.standards.problems import ContentProblem as ContentProblem
from senco_kit.standards.problems import Problem
from senco_kit.standards.registers import read_crosswalk, read_facts, read_levels

_ORDER_OF_STATUS = {"current": 0, "proposed": 1, "historic": 2}


def frameworks(folder: Path = FRAMEWORKS, broken: list[ContentProblem] | None = None) -> dict[str, Framework]:
    """Every framework by id: the spine of the course first, then current ones, proposed ones and historic ones.

    Raises ContentProblem when the folder is missing or a file in it is wrong. With a list for `broken`, files that are
    wrong are left out and their problems put there.
    """
    paths = framework_paths(folder)
    if not paths:
        raise ContentProblem(Problem(folder, 1, "There is no framework here: each is a file such as my-standards.yml."))
    found = []
    for path in paths:
        try:
            found.append(_framework(path))
        except ContentProblem as problem:
            if broken is None:
                raise
            broken.append(problem)
    found.sort(key=lambda one: (one.id != SPINE, _ORDER_OF_STATUS[one.status], one.short_title.casefold()))
    return {one.id: one for one in found}


def framework(framework_id: str, folder: Path = FRAMEWORKS) -> Framework:
    """One framework, reading only its own file. UnknownId when there is none; ContentProblem when the file is wrong."""
    for path in framework_paths(folder):
        if path.stem == framework_id:
            return _framework(path)
    raise UnknownId(f'There is no framework "{framework_id}".')


def framework_paths(folder: Path = FRAMEWORKS) -> list[Path]:
    """The framework files of a folder, in the order of their names."""
    return sorted(folder.glob("*.yml"))


def levels(path: Path = LEVELS) -> tuple[Level, ...]:
    """The four levels, lowest first."""
    return _levels(path)


def level(number: int, path: Path = LEVELS) -> Level:
    """The level with this number, 1 to 4; UnknownId for any other."""
    for one in _levels(path):
        if one.number == number:
            return one
    raise UnknownId(f"There is no level {number}: levels are 1 to 4.")


def facts(path: Path = FACTS) -> dict[str, Fact]:
    """The register of facts by id, in the order of the file."""
    return dict(_facts(path))


def fact(fact_id: str, path: Path = FACTS) -> Fact:
    """One fact; UnknownId when the register has none with this id."""
    if fact_id not in _facts(path):
        raise UnknownId(f'The register of facts has no "{fact_id}".')
    return _facts(path)[fact_id]


def crosswalk(path: Path = CROSSWALK) -> tuple[Correspondence, ...]:
    """Every row of the crosswalk."""
    return _crosswalk(path)


def corresponding(
    framework_id: str, outcome_id: str, other_framework_id: str, path: Path = CROSSWALK
) -> tuple[str, ...]:
    """The ids of the outcomes of another framework that an outcome corresponds to, in the order of the crosswalk.

    A row counts in both directions. Two frameworks that no row joins are compared through the spine.

    >>> corresponding("national-award-2009", "A1", "national-award-2009")
    ('A1',)
    """
    if framework_id == other_framework_id:
        return (outcome_id,)
    if other_framework_id in _partners(framework_id, path):
        return _direct(framework_id, path).get((outcome_id, other_framework_id), ())
    on_spine = _direct(framework_id, path).get((outcome_id, SPINE), ())
    found = [other for spine_id in on_spine for other in _direct(SPINE, path).get((spine_id, other_framework_id), ())]
    return tuple(dict.fromkeys(found))


@cache
def _partners(framework_id: str, path: Path) -> frozenset[str]:
    """The frameworks that at least one row joins to this one."""
    return frozenset(other_framework for _, other_framework in _direct(framework_id, path))


@cache
def _direct(framework_id: str, path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    """For a framework: (its outcome, other framework) -> the other framework's outcomes, from rows either way round."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for row in _crosswalk(path):
        if row.framework_id == framework_id:
            found.setdefault((row.outcome_id, row.other_framework_id), {})[row.other_outcome_id] = None
        if row.other_framework_id == framework_id:
            found.setdefault((row.other_outcome_id, row.framework_id), {})[row.outcome_id] = None
    return {key: tuple(outcomes) for key, outcomes in found.items()}


@cache
def _framework(path: Path) -> Framework:
    return read_framework(path).trusted()


@cache
def _levels(path: Path) -> tuple[Level, ...]:
    return read_levels(path).trusted()


@cache
def _facts(path: Path) -> dict[str, Fact]:
    return read_facts(path).trusted()


@cache
def _crosswalk(path: Path) -> tuple[Correspondence, ...]:
    return read_crosswalk(path).trusted()
