"""nbgrader's first step with a submission: nothing of it counts but the answers.

Every cell that was handed in is thrown away and the assignment's own cells are put in their place, so that no code of a
submission ever runs, and it does not matter which cells were deleted, split, copied or changed. Files beside the
notebook are taken away too: Python would look for modules there.
"""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from senco_kit.course import answers_file
from senco_kit.course.answers_file import Answers
from senco_kit.marking.handing_in import QUESTIONS, TIMESTAMP, read_questions
from senco_kit.marking.problems import MarkingProblem, NotMarkable
from senco_kit.marking.submission import answers_in
from senco_kit.marking.whole_files import write_file
from senco_kit.plain_text import LONGEST_TEXT, clean

_WIDTH = 100


class OnlyAnswers(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts the assignment's own cells in the place of all that was handed in, with the written answers in them."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """The notebook to mark. Raises NotMarkable when there are no answers to mark."""
        about = resources["nbgrader"]
        course = CourseDirectory(parent=self)  # nbgrader works in the course folder
        assignment, learner = about["assignment"], about["student"]
        released = Path(course.format_path(course.release_directory, ".", assignment))
        submitted = Path(course.format_path(course.submitted_directory, learner, assignment))
        marked = Path(course.format_path(course.autograded_directory, learner, assignment))
        own, questions = _released(released, about["notebook"])
        given = answers_in(submitted, read_questions(questions), learner)
        for cell in own.cells:
            written = given.answers.get(cell.metadata.nbgrader.grade_id)
            if cell.metadata.nbgrader.solution and isinstance(written, str) and written.strip():
                cell.source = as_text(written)
        _only(marked, given, questions)
        return own, resources


def _released(folder: Path, notebook: str) -> tuple[Any, bytes]:
    try:
        own = nbformat.read(folder / f"{notebook}.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        return own, (folder / QUESTIONS).read_bytes()
    except (OSError, ValueError) as problem:
        raise NotMarkable("The released assignment is missing or damaged: release the module again.") from problem
    except MarkingProblem as problem:
        raise NotMarkable(str(problem)) from problem


def _only(folder: Path, given: Answers, questions: bytes) -> None:
    """Leave nothing in the folder of the marked work but the answers, as they were read, and the questions."""
    for entry in list(folder.iterdir()) if folder.is_dir() else []:
        if entry.name in (answers_file.NAME, QUESTIONS, TIMESTAMP) and entry.is_file() and not entry.is_symlink():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    write_file(folder / answers_file.NAME, answers_file.write(given))
    write_file(folder / QUESTIONS, questions)


def as_text(written: str) -> str:
    """A written answer as Markdown that shows it as it is: no mark of Markdown or HTML in it counts.

    >>> as_text("*one*\\n\\n<b>two")
    '    *one*\\n    \\n    <b>two'
    """
    text = clean(written)
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT] + f"\n(cut after {LONGEST_TEXT:,} characters)"
    lines = [part for line in text.splitlines() for part in textwrap.wrap(line, _WIDTH) or [""]]
    return "\n".join("    " + line for line in lines)
