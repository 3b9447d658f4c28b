"""A lesson as a notebook: words as Markdown, tables and pictures with their outputs, questions as the kit's own forms.

Built by `senco build` into notebooks/, never edited by hand. Nobody has to read the code: JupyterLab shows it folded,
Voila not at all. What a table shows is kept in the notebook, and nbval compares it with what a new run gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from senco_kit.course import exhibits, markdown, show
from senco_kit.course.answers import work_out
from senco_kit.course.exercise import Exhibit, Table, open_exercise
from senco_kit.course.model import Block, Module, Section
from senco_kit.days import in_words
from senco_kit.places import NOTEBOOKS
from senco_kit.standards import read

Cell = dict[str, Any]

#: nbval compares the outputs of cells with this tag, and of no others.
COMPARED = "nbval-check-output"


class Shown:
    """An exhibit as a notebook displays it: HTML for people, plain text for comparing."""

    def __init__(self, exhibit: Exhibit) -> None:
        self._exhibit = exhibit

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/html": str(exhibits.html(self._exhibit)), "text/plain": exhibits.plain_text(self._exhibit)}


def notebook_path(module: Module, folder: Path = NOTEBOOKS) -> Path:
    """Where the notebook of a lesson stands."""
    return folder / f"{module.id}.ipynb"


def notebook_text(module: Module) -> str:
    """The whole notebook file. Raises ContentProblem and NoSuchSchool when an exhibit cannot be worked out."""
    cells = [*_opening(module)]
    for number, section in enumerate(module.sections, 1):
        cells += _section(module, section, number)
    named: set[str] = set()
    for cell in cells:
        cell["id"] = _unique(str(cell["id"]), named)
    _number(cells)
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            "senco": {"title": module.title, "built_from": f"modules/{module.id}"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _number(cells: list[Cell]) -> None:
    """Number the code cells as if they had been run from top to bottom: nbval compares no outputs else."""
    for number, cell in enumerate((cell for cell in cells if cell["cell_type"] == "code"), 1):
        cell["execution_count"] = number
        for output in cell["outputs"]:
            output["execution_count"] = number


def _unique(wanted: str, named: set[str]) -> str:
    """The id, with a number when it is taken: ids of cells have at most 64 characters."""
    base = wanted[:56].strip("-")
    found, number = base, 2
    while found in named:
        found, number = f"{base}-{number}", number + 1
    named.add(found)
    return found


def _opening(module: Module) -> Iterator[Cell]:
    aims = "\n".join(f"- {objective.text} ({', '.join(objective.outcomes)})" for objective in module.objectives)
    school = open_exercise(module.lesson_school)
    checked = max(fact.checked_on for fact in read.facts().values())
    yield _markdown(
        "title",
        f"# {module.number}. {module.title}\n\n{markdown.plain(module.about)}\n\n"
        f"This lesson takes {module.minutes} minutes, in {len(module.sections)} sections. It uses an **invented "
        f"school** ({school.name}): no pupil or adult in it exists. Facts were last looked at on {in_words(checked)}; "
        f"where it says *{markdown.TO_CHECK}*, we have not confirmed one ourselves.\n\n**You will**\n\n{aims}",
    )
    yield _code("lesson", f'from senco_kit import pages\n\nlesson = pages.lesson("{module.id}")')


def _section(module: Module, section: Section, number: int) -> Iterator[Cell]:
    outcomes = f" Outcomes: {', '.join(section.outcomes)}." if section.outcomes else ""
    yield _markdown(section.id, f"## {number}. {section.title}\n\n*{section.minutes} minutes.{outcomes}*")
    for block in section.blocks:
        yield from _block(module, section, block)


def _block(module: Module, section: Section, block: Block) -> Iterator[Cell]:
    match block.kind:
        case "prose":
            yield _markdown(f"{section.id}-text", markdown.plain(block.text))
        case "show":
            for name in block.names:
                yield _exhibit(module, name)
            if block.text:
                yield _markdown(f"{section.id}-text", markdown.plain(block.text))
        case "check":
            names = ", ".join(f'"{name}"' for name in block.names)
            yield _code(f"check-{block.names[0]}", f"lesson.check({names})")
        case "reflection":
            yield _code(f"reflect-{block.names[0]}", f'lesson.reflect("{block.names[0]}")')
        case _:
            yield _markdown(f"{section.id}-{block.kind}", _box(module, block))


def _box(module: Module, block: Block) -> str:
    """A block in a frame: a quotation whose first line says what it is."""
    match block.kind:
        case "key-points":
            text = "\n".join(f"- {markdown.plain(point)}" for point in module.key_points)
        case "read-on":
            text = "\n".join(_reading(module, place) for place in range(len(module.read_on)))
        case _:
            text = markdown.plain(block.text)
    lines = [f"### {show.label(block)}", "", *text.splitlines()]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _reading(module: Module, place: int) -> str:
    reading = module.read_on[place]
    source = f" ({read.fact(reading.fact).source})" if reading.fact else ""
    return f"- **{markdown.plain(reading.what)}**: {markdown.plain(reading.why)}{source}"


def _exhibit(module: Module, name: str) -> Cell:
    found: Exhibit = work_out(module, name, open_exercise(module.lesson_school))
    cell = _code(f"show-{name.replace('_', '-')}", f'lesson.show("{name}")')
    bundle = Shown(found)._repr_mimebundle_()
    data = {kind: text.splitlines(keepends=True) for kind, text in sorted(bundle.items())}
    if isinstance(found, Table):
        cell["metadata"]["tags"] = [COMPARED]
    cell["outputs"] = [{"output_type": "execute_result", "execution_count": None, "data": data, "metadata": {}}]
    return cell


def _markdown(cell_id: str, text: str) -> Cell:
    return {"cell_type": "markdown", "id": cell_id, "metadata": {}, "source": text.splitlines(keepends=True)}


def _code(cell_id: str, text: str) -> Cell:
    return {
        "cell_type": "code",
        "id": cell_id,
        "execution_count": None,
        "metadata": {"jupyter": {"source_hidden": True}},
        "outputs": [],
        "source": text.splitlines(keepends=True),
    }
