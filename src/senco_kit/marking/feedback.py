"""The feedback page of one learner, made by nbgrader's own step: marks, what to look at again, the marker's comments.

It holds no key, no right answer and no code. nbgrader's own page shows the hidden tests (nbgrader issue 917).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import traitlets
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbgrader.preprocessors import GetGrades

from senco_kit.course import answers_file, ask
from senco_kit.course.mark import VERDICT_WORDS, Marked, Verdict
from senco_kit.course.markdown import html, inline_html
from senco_kit.forms.draw import environment
from senco_kit.marking.answer_in_words import answer_in_words
from senco_kit.marking.handing_in import QUESTIONS, read_questions
from senco_kit.marking.notebook import ABOUT
from senco_kit.marking.outputs import marked_in
from senco_kit.marking.rubric import Judged, read_comment


@dataclass(frozen=True)
class Row:
    """One question on the page."""

    id: str
    type: str
    title: str
    asked: Markup
    answer: tuple[str, ...]
    marks: float
    out_of: float
    verdict: str
    says: tuple[str, ...]
    look_again: tuple[str, ...]
    kept: Marked
    judged: tuple[Judged, ...]
    comment: str
    waiting: bool


class GetGradesAndWaiting(GetGrades):  # type: ignore[misc]
    """nbgrader's own step, and whether a person still has to look: at a new answer, or at one marked before."""

    def _get_score(self, cell: Any, resources: Any) -> None:
        super()._get_score(cell, resources)
        about = cell.metadata.nbgrader
        grade = self.gradebook.find_grade(about.grade_id, self.notebook_id, self.assignment_id, self.student_id)
        about["waiting"] = bool(grade.needs_manual_grade)


class FeedbackExporter(Exporter):  # type: ignore[misc]
    """Makes the page of a marked notebook, after nbgrader has put the marks and comments into its cells."""

    file_extension = traitlets.Unicode(".html").tag(config=True)

    def from_notebook_node(self, nb: Any, resources: Any = None, **named: Any) -> tuple[str, Any]:
        """The page and its resources."""
        notebook, resources = super().from_notebook_node(nb, resources, **named)
        folder = Path(resources["metadata"]["path"])
        package = read_questions((folder / QUESTIONS).read_bytes())
        answers = answers_file.read_file(folder / answers_file.NAME).answers
        rows = feedback_rows(notebook, package, answers)
        return page(package, rows, resources["nbgrader"]["student"], answers), resources


def feedback_rows(notebook: Any, package: Mapping[str, Any], answers: Mapping[str, Any]) -> list[Row]:
    """What the page says of each question, from a marked notebook that nbgrader has put the marks into."""
    sections = notebook.metadata.get(ABOUT, {}).get("sections", {})
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
    return [
        _row(question, cells[question["id"]], answers.get(question["id"]), sections)
        for question in package["questions"]
        if question["id"] in cells
    ]


def _row(question: Mapping[str, Any], cell: Any, answer: object, sections: Mapping[str, str]) -> Row:
    about = cell.metadata.nbgrader
    marks, out_of = float(about.get("score") or 0.0), float(about.get("points") or 0.0)
    marked = marked_in(cell)
    by_a_person = bool(about.get("solution"))
    judged, comment = read_comment(str(about.get("comment") or ""), question.get("rubric", []))
    answered = ask.answered(question, answer)
    waiting = by_a_person and bool(about.get("waiting"))
    says: tuple[str, ...] = ()
    look_again: tuple[str, ...] = (question["look_again"],) if by_a_person and marks < out_of else ()
    if marked is not None and not by_a_person:
        says, look_again = marked.says, marked.look_again
    verdict = _verdict(marks, out_of, answered, marked)
    if waiting:
        # What was said of an earlier attempt says nothing of this one.
        look_again, judged, comment = (), (), ""
    lines = tuple(f"{each.text}: {each.marks:g} of {each.out_of:g}" for each in judged)
    kept = Marked(
        marks,
        out_of,
        "for your facilitator" if waiting else verdict,
        (*says, *lines, *filter(None, [comment])),
        look_again,
    )
    return Row(
        id=str(question["id"]),
        type=str(question["type"]),
        title=str(question["title"]),
        asked=Markup("").join(html(str(question[part]), heading=4) for part in ("scene", "prompt")),
        answer=answer_in_words(question, answer),
        marks=marks,
        out_of=out_of,
        verdict="Waiting for your facilitator" if waiting else VERDICT_WORDS[verdict],
        says=says,
        look_again=tuple(sections.get(each, each) for each in look_again if each),
        kept=kept,
        judged=judged,
        comment=comment,
        waiting=waiting,
    )


def _verdict(marks: float, out_of: float, answered: bool, marked: Marked | None) -> Verdict:
    """By the marks in the gradebook: a person may have changed what the kit gave."""
    if marked is not None and marked.marks == marks:
        return marked.verdict
    if marks >= out_of:
        return "right"
    if not answered:
        return "no answer"
    return "partly" if marks > 0 else "not yet"


def page(package: Mapping[str, Any], rows: list[Row], learner: str, answers: Mapping[str, Any]) -> str:
    """The whole page."""
    template = _templates().get_template("feedback.html")
    return str(
        template.render(
            package=package,
            rows=rows,
            learner=learner,
            marks=sum(row.marks for row in rows),
            out_of=sum(row.out_of for row in rows),
            waiting=any(row.waiting for row in rows),
            kept=_for_the_course_page(package, rows, learner, answers),
            style=Markup((Path(__file__).parent / "templates" / "feedback.css").read_text(encoding="utf-8")),
        )
    )


def _for_the_course_page(
    package: Mapping[str, Any], rows: list[Row], learner: str, answers: Mapping[str, Any]
) -> Markup:
    """The marks and the answers they were given for, as JSON: the learner's own course page reads them from this page.

    It stands in a script element that no browser runs; without "<" nothing in it can end that element.
    """
    plain = {
        "format": "senco-feedback",
        "assignment": package["id"],
        "cohort": package["cohort"],
        "learner": learner,
        "marks": {row.id: row.kept.as_json() for row in rows},
        "answers": {row.id: answers[row.id] for row in rows if row.id in answers},
    }
    return Markup(json.dumps(plain).replace("<", "\\u003c"))


@cache
def _templates() -> Any:
    jinja = environment(Path(__file__).parent / "templates")
    jinja.filters["line"] = inline_html
    jinja.filters["figure"] = lambda number: f"{number:g}"
    return jinja
