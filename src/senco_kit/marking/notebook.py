"""The notebook of a graded assignment: the source with its keys, of which nbgrader makes what is released.

The form is shown by one cell. Each question has a cell with its text, and one that is marked: a test cell whose hidden
part holds the key, or, where a person marks, a cell for the written answer. A learner edits none of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from senco_kit.course.markdown import plain
from senco_kit.marking.lean import lean_nbformat

#: What a written answer's cell says until there is one; unchanged, it earns nothing (nbgrader compares it).
NO_ANSWER_YET = "*No answer yet. Answer in the form at the top of this page.*"

FORM = "from senco_kit.marking.in_notebook import form\n\nform()"
MARK = "# Marked after you hand in.\nfrom senco_kit.marking.in_notebook import mark"

#: Where the notebook says what its feedback page needs to know.
ABOUT = "senco_assignment"

HOW_TO = """\
You need no code. Run the first cell below if the form does not show (click on it, then press Shift and Enter).
Answer in the form: each answer is saved at once, beside this notebook, in a file called answers.json.
You can stop and come back. To hand in, press “Get a file to send” under the form, or use nbgrader's own Submit button.

The school is invented. Do not write real names of pupils or adults into your answers."""

Plain = Mapping[str, Any]


def source_notebook(package: Plain, keys: Mapping[str, Plain], sections: Mapping[str, str] | None = None) -> bytes:
    """The bytes of the source notebook. It holds the keys: only what nbgrader makes of it may be handed out.

    `sections` are the titles of the lesson's sections by id, for “look again at” in the feedback.
    """
    # Imported here: a page that shows cohorts need not wait for it.
    lean_nbformat()
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    title = f"# {package['title']}\n\n{plain(str(package['about']))}\n\n"
    title += f"About {package['minutes']} minutes. {package['out_of']} marks. The school: {package['school_name']}.\n\n"
    cells = [_locked(new_markdown_cell(title + HOW_TO), "how-to"), _locked(new_code_cell(FORM), "form")]  # type: ignore[no-untyped-call]
    for number, question in enumerate(package["questions"], 1):
        cells += _cells(number, question, keys[question["id"]])
    notebook = new_notebook(  # type: ignore[no-untyped-call]
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            ABOUT: {"id": package["id"], "sections": dict(sections or {})},
        },
    )
    for cell in notebook.cells:
        # The same notebook each time, so that a change of it can be seen.
        cell["id"] = cell.metadata["nbgrader"]["grade_id"]
    nbformat.validate(notebook)
    return (str(nbformat.writes(notebook)) + "\n").encode()  # type: ignore[no-untyped-call]


def _cells(number: int, question: Plain, key: Plain) -> list[Any]:
    from nbformat.v4 import new_code_cell, new_markdown_cell

    marks = question["marks"]
    heading = f"## Question {number}: {question['title']} ({marks} {'mark' if marks == 1 else 'marks'})"
    text = "\n\n".join(plain(str(part)) for part in (heading, question["scene"], question["prompt"]) if part)
    asked = _locked(new_markdown_cell(text), f"question-{question['id']}")  # type: ignore[no-untyped-call]
    if question["type"] == "free-text":
        written = _locked(new_markdown_cell(NO_ANSWER_YET), question["id"])  # type: ignore[no-untyped-call]
        written.metadata["nbgrader"] |= {"grade": True, "solution": True, "locked": False, "points": marks}
        return [asked, written]
    # JSON keeps to ASCII and repr to one line: no answer can end the hidden part early.
    secret = repr(json.dumps(key))
    source = f"{MARK}\n\n### BEGIN HIDDEN TESTS\nmark({secret})\n### END HIDDEN TESTS"
    tested = _locked(new_code_cell(source), question["id"])  # type: ignore[no-untyped-call]
    tested.metadata["nbgrader"] |= {"grade": True, "points": marks}
    return [asked, tested]


def _locked(cell: Any, grade_id: str) -> Any:
    cell.metadata["nbgrader"] = {
        "schema_version": 3,
        "grade_id": grade_id,
        "grade": False,
        "solution": False,
        "locked": True,
        "task": False,
    }
    return cell
