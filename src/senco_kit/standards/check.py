"""Checks all standards content at once: what `senco check` runs before anything is released, and after any edit.

Shapes are checked where files are read (framework_file.py, registers.py), so that a page and this check never differ
about what a file may hold. Here are the rules that need a day, or more than one file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

from senco_kit.places import CROSSWALK, FACTS, FRAMEWORKS, KIT, LEVELS
from senco_kit.standards.content import Content
from senco_kit.standards.framework_file import read_framework
from senco_kit.standards.model import SPINE, Correspondence, Fact, Framework
from senco_kit.standards.problems import ContentProblem
from senco_kit.standards.problems import Problem as Problem
from senco_kit.standards.read import facts, framework_paths
from senco_kit.standards.registers import read_crosswalk, read_facts, read_levels
from senco_kit.standards.sheet import suggestion

T = TypeVar("T")

#: The items of the 2009 award that the course and the self-audit are built on.
SPINE_ITEMS = (
    *("A1", "A2", "A3", "A4", "A5"),
    *("B1", "B2"),
    *("C1a", "C1b", "C1c", "C1d", "C1e", "C2"),
    *("D1", "D2"),
    *("E1", "E2", "E3", "E4"),
)


def check_content(today: date, root: Path = KIT) -> list[Problem]:
    """Everything wrong with the content below `root`, by file and line; empty when all is well.

    `today` decides which facts are past their date. Files are named from `root`.
    """
    problems: list[Problem] = []
    folder = root / FRAMEWORKS.relative_to(KIT)
    all_frameworks = [_read(read_framework, path, problems) for path in framework_paths(folder)]
    frameworks = [one for one in all_frameworks if one]
    register = _read(read_facts, root / FACTS.relative_to(KIT), problems)
    rows = _read(read_crosswalk, root / CROSSWALK.relative_to(KIT), problems)
    _read(read_levels, root / LEVELS.relative_to(KIT), problems)

    problems += _files_left_out(folder)
    for one in frameworks:
        problems += _spine_items(one)
        problems += _status(one, today)
        problems += _duties(one, register.holds) if register else ()
    problems += _facts(register, today) if register else ()
    # The outcomes of a file that cannot be read are not known, so rows that name it are not judged.
    outcomes = {path.stem: None for path in framework_paths(folder)} | {
        one.path.stem: _ids(one.holds) for one in frameworks
    }
    problems += _rows(rows, outcomes) if rows else ()
    return sorted({problem.seen_from(root) for problem in problems})


def facts_to_review(today: date, path: Path = FACTS) -> list[Fact]:
    """The facts someone has to look up: first those out of date (longest first), then those never confirmed."""
    found = [fact for fact in facts(path).values() if fact.to_be_checked(today)]
    stale = [fact for fact in found if fact.out_of_date(today)]
    return sorted(stale, key=lambda fact: fact.valid_until or today) + [fact for fact in found if fact not in stale]


def _read(reader: Callable[[Path], Content[T]], path: Path, problems: list[Problem]) -> Content[T] | None:
    """The content of a file, with its problems noted; None when nothing can be made of it."""
    try:
        content = reader(path)
    except ContentProblem as error:
        problems.append(error.problem)
        return None
    problems += content.problems
    return content


def _files_left_out(folder: Path) -> Iterator[Problem]:
    if not (folder / f"{SPINE}.yml").is_file():
        yield Problem(folder / f"{SPINE}.yml", 1, "The file is missing: the course is built on this framework.")
    for path in folder.glob("*"):
        if path.suffix != ".yml" and not path.name.startswith("."):
            yield Problem(path, 1, 'Only files that end in ".yml" are read here: rename or move this one.')


def _spine_items(content: Content[Framework]) -> Iterator[Problem]:
    if content.path.stem != SPINE:
        return
    ids = _ids(content.holds)
    for item in SPINE_ITEMS:
        if item not in ids:
            yield Problem(
                content.path, content.line("headings"), f"Outcome {item} is missing: this framework has 19 items."
            )
    for extra in ids - set(SPINE_ITEMS) - {""}:
        yield Problem(
            content.path, content.line(extra), f"Outcome {extra} is not one of the 19 items of this framework."
        )


def _status(content: Content[Framework], today: date) -> Iterator[Problem]:
    end = content.holds.in_force_to
    if content.holds.status == "current" and end and end < today:
        says = f'The framework ended on {end} but its status is "current": change it to "historic".'
        yield Problem(content.path, content.line("status"), says)


def _duties(content: Content[Framework], known: dict[str, Fact]) -> Iterator[Problem]:
    for outcome in content.holds.outcomes():
        for fact_id in outcome.duty.facts if outcome.duty else ():
            if fact_id not in known:
                says = f'The duty of outcome {outcome.id} names fact "{fact_id}", which is not in the register: '
                yield Problem(content.path, content.line(outcome.id, fact_id), says + suggestion(fact_id, list(known)))


def _facts(content: Content[dict[str, Fact]], today: date) -> Iterator[Problem]:
    for fact in content.holds.values():
        if fact.out_of_date(today):
            says = f'Fact "{fact.id}" was valid until {fact.valid_until}: look it up again and move the date.'
            yield Problem(content.path, content.line(fact.id, "valid_until"), says)
        if fact.checked_on > today:
            says = f'Fact "{fact.id}" was checked on {fact.checked_on}, a day still to come: correct the date.'
            yield Problem(content.path, content.line(fact.id, "checked_on"), says)


def _rows(content: Content[tuple[Correspondence, ...]], outcomes: dict[str, set[str] | None]) -> Iterator[Problem]:
    first_lines: dict[frozenset[tuple[str, str]], int] = {}
    for number, row in enumerate(content.holds):
        line = content.line("row", str(number))
        ends = ((row.framework_id, row.outcome_id), (row.other_framework_id, row.other_outcome_id))
        for framework_id, outcome_id in ends:
            if says := _dangling(framework_id, outcome_id, outcomes):
                yield Problem(content.path, line, says)
        if row.framework_id == row.other_framework_id:
            yield Problem(content.path, line, "The row joins a framework to itself: name two frameworks, or delete it.")
        elif row.other_framework_id == SPINE:
            yield Problem(content.path, line, f"Write {SPINE} first in the row, so that repeated rows are seen.")
        first_line = first_lines.setdefault(frozenset(ends), line)
        if first_line != line:
            yield Problem(content.path, line, f"The row says the same as line {first_line}: delete it.")


def _dangling(framework_id: str, outcome_id: str, outcomes: dict[str, set[str] | None]) -> str | None:
    if framework_id not in outcomes:
        return f'There is no framework "{framework_id}": {suggestion(framework_id, list(outcomes))}'
    known = outcomes[framework_id]
    if known is not None and outcome_id not in known:
        return f'There is no outcome "{outcome_id}" in {framework_id}: {suggestion(outcome_id, sorted(known))}'
    return None


def _ids(framework: Framework) -> set[str]:
    return {outcome.id for outcome in framework.outcomes()}
