# ruff: noqa: E402  (one line must come before the imports: it makes them quicker)
"""What runs in nbgrader's own process: takes orders as lines of JSON, answers each with one line.

python -m senco_kit.marking.worker COURSE-FOLDER
"""

from __future__ import annotations

import copy
import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

# The check of notebooks would compile the grammar of web addresses, which takes longer than all else that is imported.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SAWarning
from traitlets.config import PyFileConfigLoader

from senco_kit.marking import grades
from senco_kit.marking.problems import MarkingProblem, NotMarkable

_log = logging.getLogger(__name__)


class _Why:
    """Keeps the reason why a conversion failed: nbgrader itself only writes it into its log."""

    why = ""

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)  # type: ignore[misc]
        except NotMarkable as problem:
            self.why = str(problem)
            raise
        except Exception as problem:
            self.why = f"nbgrader could not read or mark it ({type(problem).__name__})."
            raise


class _Autograde(_Why, Autograde):  # type: ignore[misc]
    pass


class _GenerateAssignment(_Why, GenerateAssignment):  # type: ignore[misc]
    pass


class _GenerateFeedback(_Why, GenerateFeedback):  # type: ignore[misc]
    pass


class Worker:
    """Carries out orders on one course folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()

    def enrol(self, learners: list[str]) -> None:
        """Put learners into the gradebook; makes the gradebook where there is none."""
        with self._gradebook() as gradebook:
            for learner in learners:
                gradebook.update_or_create_student(learner)

    def release(self, module: str) -> None:
        """Make what is handed out from source/."""
        self._convert(_GenerateAssignment, module)

    def mark(self, module: str, learner: str, sandbox: bool) -> None:
        """Mark one submission: with the steps that the folder names, but the notebook run in the sandbox."""
        settings = copy.deepcopy(self.config)
        if sandbox:
            from senco_kit.marking.sandbox.execute import SandboxedExecute

            named = settings.Autograde.get("autograde_preprocessors", Autograde.autograde_preprocessors.default_args[0])
            steps = [SandboxedExecute if step is Execute else step for step in named]
            if SandboxedExecute not in steps:
                raise MarkingProblem("nbgrader_config.py names other steps than nbgrader's own Execute: take them out.")
            settings.Autograde.autograde_preprocessors = steps
        self._convert(_Autograde, module, learner, settings)

    def feedback(self, module: str, learner: str) -> None:
        """Make one feedback page."""
        self._convert(_GenerateFeedback, module, learner)

    def forget(self, module: str, learner: str) -> None:
        """Take a submission that could not be marked out of the gradebook, unless a person gave marks in it."""
        with self._gradebook() as gradebook:
            try:
                submission = gradebook.find_submission(module, learner)
            except MissingEntry:
                return
            if not any(grade.manual_score is not None for each in submission.notebooks for grade in each.grades):
                gradebook.remove_submission(module, learner)

    def grades(self, module: str, learners: list[str]) -> dict[str, Any]:
        """The marks of each question of these learners."""
        with self._gradebook() as gradebook:
            return grades.of_learners(gradebook, module, learners)

    def save_grade(self, module: str, learner: str, question: str, marks: float, comment: str) -> None:
        """Put a person's marks and comment for one written answer into the gradebook."""
        with self._gradebook() as gradebook:
            grades.save(gradebook, module, learner, question, marks, comment)

    def _gradebook(self) -> Any:
        course = self._course()
        return Gradebook(course.db_url, course.course_id)

    def _course(self, module: str = "", learner: str = "*") -> Any:
        course = CourseDirectory(config=self.config)
        course.root = str(self.folder)
        course.assignment_id, course.student_id = module, learner
        return course

    def _convert(self, kind: type[Any], module: str, learner: str = "*", settings: Any = None) -> None:
        converter = kind(coursedir=self._course(module, learner), config=settings or self.config)
        converter.force = True
        try:
            converter.start()
        except (NbGraderException, SystemExit) as problem:
            raise NotMarkable(converter.why or "nbgrader could not take the files that were handed in.") from problem


ORDERS: dict[str, Callable[..., Any]] = {
    order.__name__: order
    for order in (
        Worker.enrol,
        Worker.release,
        Worker.mark,
        Worker.feedback,
        Worker.forget,
        Worker.grades,
        Worker.save_grade,
    )
}


def carry_out(worker: Worker, line: str) -> dict[str, Any]:
    """The answer to one order; whatever goes wrong is in it, as a sentence."""
    about = json.loads(line)
    try:
        return {"ok": True, "result": ORDERS[about.pop("order")](worker, **about)}
    except (MarkingProblem, NotMarkable) as problem:
        return {"ok": False, "why": str(problem)}
    except Exception as problem:
        traceback.print_exc()
        return {"ok": False, "why": f"nbgrader failed unexpectedly ({type(problem).__name__})."}


def main(arguments: list[str]) -> None:
    """Answer orders until there are no more."""
    answers = _apart()
    # nbgrader moves grades between sessions of its gradebook; SQLAlchemy 2 warns of each.
    warnings.filterwarnings("ignore", category=SAWarning)
    folder = Path(arguments[0])
    os.chdir(folder)
    worker = Worker(folder)
    for line in sys.stdin:
        answers.write(json.dumps(carry_out(worker, line)) + "\n")
        answers.flush()


def _apart() -> TextIO:
    """Where answers are written: all else that anything prints goes to the standard error."""
    own = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return own


if __name__ == "__main__":
    main(sys.argv[1:])
