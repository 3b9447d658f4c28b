"""What a marked cell says of its answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from senco_kit.course.mark import Marked
from senco_kit.marking.in_notebook import MARKED
from senco_kit.marking.lean import lean_nbformat


def marked_in(cell: Any) -> Marked | None:
    """The Marked that a cell shows; None when it shows none."""
    for output in cell.get("outputs", []):
        if output.get("output_type") == "display_data" and MARKED in output["data"]:
            try:
                return Marked.from_json(output["data"][MARKED])
            except (ValueError, TypeError):
                return None
    return None


def read_marked(path: Path) -> dict[str, Marked]:
    """What each question of a marked notebook earned, by id; written answers are not in it."""
    lean_nbformat()
    import nbformat

    found = {}
    for cell in nbformat.read(path, as_version=4).cells:  # type: ignore[no-untyped-call]
        marked = marked_in(cell)
        if marked is not None:
            found[str(cell.metadata.nbgrader.grade_id)] = marked
    return found
