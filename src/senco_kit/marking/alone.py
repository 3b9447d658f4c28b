"""A person alone has their own work marked: nbgrader marks it on their computer, in a folder that is then removed.

No sandbox is needed: what is marked are the person's own answers, and no code comes from anywhere else.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from senco_kit import places
from senco_kit.course import answers_file, ask, assignment, read
from senco_kit.course.mark import Marked
from senco_kit.marking.cohort import package_bytes
from senco_kit.marking.course_folder import About, CourseFolder
from senco_kit.marking.handing_in import QUESTIONS
from senco_kit.marking.nbgrader_process import NbgraderProcess
from senco_kit.marking.notebook import source_notebook
from senco_kit.marking.outputs import read_marked
from senco_kit.marking.problems import MarkingProblem

Tell = Callable[[float, float, str], None]
_ALONE = "alone"


def mark_own(
    package: Mapping[str, Any],
    answers: Mapping[str, Any],
    tell: Tell = lambda done, of, says: None,
    *,
    modules_folder: Path = places.MODULES,
) -> dict[str, Marked]:
    """What each question earned, by its id, marked by nbgrader. Raises MarkingProblem.

    A written answer gets no marks: its verdict is "for your facilitator", or "no answer".
    """
    try:
        module = read.module(str(package["id"]), modules_folder)
    except read.NoSuchModule as problem:
        raise MarkingProblem(str(problem)) from problem
    tell(0, 3, "Working out the right answers for this school.")
    keys = assignment.keys(module, str(package["school"]))
    if any(question["id"] not in keys for question in package["questions"]):
        raise MarkingProblem(
            "The questions of this assignment have changed since you began: remove it and start it again."
        )
    with tempfile.TemporaryDirectory(prefix="senco-mark-", ignore_cleanup_errors=True) as place:
        folder = CourseFolder(Path(place) / "course")
        folder.make(About(_ALONE, 0, str(package["school"])))
        source = folder.source(module.id)
        source.mkdir(parents=True)
        own = {**package, "cohort": ""}
        (source / QUESTIONS).write_bytes(package_bytes(own))
        (source / f"{module.id}.ipynb").write_bytes(source_notebook(own, keys))
        given = answers_file.Answers(module.id, str(package["school"]), "", "", answers)
        with NbgraderProcess(folder.root) as nbgrader:
            nbgrader.ask("enrol", learners=[_ALONE])
            nbgrader.ask("release", module=module.id)
            tell(1, 3, "nbgrader marks your answers.")
            folder.take_in(module.id, _ALONE, answers_file.write(given), None, "2000-01-01 00:00:00")
            for _, why in nbgrader.ask_each("mark", [_ALONE], module=module.id, sandbox=False):
                if why:
                    raise MarkingProblem(why)
        marked = read_marked(folder.autograded(module.id, _ALONE) / f"{module.id}.ipynb")
    tell(3, 3, "Marked.")
    return {
        question["id"]: marked.get(question["id"]) or _by_a_person(question, answers) for question in own["questions"]
    }


def _by_a_person(question: Mapping[str, Any], answers: Mapping[str, Any]) -> Marked:
    answered = ask.answered(question, answers.get(question["id"]))
    return Marked(0.0, float(question["marks"]), "for your facilitator" if answered else "no answer")
