"""Marks in nbgrader's gradebook, read and written; runs in nbgrader's own process."""

from __future__ import annotations

from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from senco_kit.marking.problems import MarkingProblem


def of_learners(gradebook: Gradebook, module: str, learners: list[str]) -> dict[str, Any]:
    """By learner and question: marks, the most there are, the comment, and whether a person still has to look."""
    found: dict[str, Any] = {}
    for learner in learners:
        try:
            submission = gradebook.find_submission(module, learner)
        except MissingEntry:
            continue
        found[learner] = {
            grade.cell.name: {
                "marks": grade.score,
                "out_of": grade.max_score,
                "by_hand": grade.manual_score is not None,
                "waiting": bool(grade.needs_manual_grade),
                "comment": "",
            }
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
        for notebook in submission.notebooks:
            for comment in notebook.comments:
                if comment.name in found[learner]:
                    found[learner][comment.name]["comment"] = comment.comment or ""
    return found


def save(gradebook: Gradebook, module: str, learner: str, question: str, marks: float, comment: str) -> None:
    """Put a person's marks and comment into the gradebook, as formgrader does."""
    try:
        grade = gradebook.find_grade(question, module, module, learner)
        said = gradebook.find_comment(question, module, module, learner)
    except MissingEntry as problem:
        raise MarkingProblem(f"{learner} has no marked work with this question: mark the module first.") from problem
    grade.manual_score = marks
    grade.needs_manual_grade = False
    said.manual_comment = comment
    gradebook.db.commit()
