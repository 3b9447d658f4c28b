"""What the cells of an assignment notebook call: the form, and the marking of one question.

`mark` runs where submissions are marked, so it imports the standard library and the kit's marking rules alone.
"""

from __future__ import annotations

import html
import json
import os
from pathlib import Path
from typing import Any

from senco_kit.course import answers_file
from senco_kit.course.mark import VERDICT_WORDS, Marked
from senco_kit.course.mark import mark as mark_answer

#: The kind of output that carries a Marked, for the feedback page and for results.
MARKED = "application/vnd.senco-course-kit.marked+json"


def form(folder: str = ".") -> Any:
    """The form of the assignment in this folder; nothing while nbgrader runs the notebook."""
    if os.environ.get("NBGRADER_EXECUTION"):
        return None
    from senco_kit.marking.answer_form import screen

    return screen(Path(folder))


def mark(key_text: str) -> float:
    """The marks of one question by its key. Shows the feedback too.

    nbgrader takes a cell's result as its marks, and gives FULL marks to a cell without one: so there is always one.
    """
    key = json.loads(key_text)
    marked = _marked(key)
    _show(marked)
    return float(marked.marks)


def _marked(key: dict[str, Any]) -> Marked:
    try:
        given = answers_file.read_file(Path(answers_file.NAME))
    except answers_file.BadAnswers as problem:
        return Marked(0.0, float(key["marks"]), "no answer", (str(problem),))
    if given.school != key["school"]:
        return Marked(0.0, float(key["marks"]), "no answer", ("These answers are about another school.",))
    return mark_answer(key, given.answers.get(key["id"]))


def _show(marked: Marked) -> None:
    from IPython.display import display

    words = f"{VERDICT_WORDS[marked.verdict]}: {marked.marks:g} of {marked.out_of:g}."
    says = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in marked.says)
    shown = {
        MARKED: marked.as_json(),
        "text/html": f"<p><strong>{html.escape(words)}</strong></p>{says}",
        "text/plain": words,
    }
    display(shown, raw=True)  # type: ignore[no-untyped-call]
