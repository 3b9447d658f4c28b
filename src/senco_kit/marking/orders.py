# ruff: noqa: E402  (one call must come before the imports: it makes them quicker)
"""What can be ordered of nbgrader in a course folder. Importing this takes seconds: see `worker.py`."""

from __future__ import annotations

from senco_kit.marking.lean import lean_nbgrader

lean_nbgrader()

import copy
import gc
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute
from sqlalchemy.exc import SAWarning
from traitlets.config import PyFileConfigLoader

from senco_kit.kernels.template import Template
from senco_kit.marking import grades
from senco_kit.marking.fellows import Why, Work, processors, side_by_side
from senco_kit.marking.problems import MarkingProblem, NotMarkable
from senco_kit.marking.quicker import make_gradebooks_quicker, mark_quicker
from senco_kit.marking.sandbox.template import MarkingTemplate

#: A submission gets this long in seconds; the sandbox ends what runs in it much sooner.
_PATIENCE = 180.0


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

    def __init__(self, folder: Path, template: MarkingTemplate | None = None) -> None:
        # nbgrader moves grades between sessions of its gradebook; SQLAlchemy 2 warns of each.
        warnings.filterwarnings("ignore", category=SAWarning)
        self.folder = folder
        self.config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
        self._template = template

    def enrol(self, learners: list[str]) -> None:
        """Put learners into the gradebook; makes the gradebook where there is none."""
        make_gradebooks_quicker()
        with self._gradebook() as gradebook:
            for learner in learners:
                gradebook.update_or_create_student(learner)

    def release(self, module: str) -> None:
        """Make what is handed out from source/."""
        self._convert(_GenerateAssignment, module)

    def mark(self, module: str, learners: list[str], sandbox: bool) -> Iterator[tuple[str, Why]]:
        """Mark submissions, each by itself; one that cannot be marked is taken out of the gradebook."""
        for learner, why in self._each(learners, lambda: self._marking(module, sandbox)):
            if why:
                self.forget(module, [learner])
            yield learner, why

    def _marking(self, module: str, sandbox: bool) -> Marking:
        return Marking(self.folder, module, sandbox, self._template.page() if sandbox and self._template else None)

    def mark_one(self, module: str, learner: str, sandbox: bool) -> None:
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

    def feedback(self, module: str, learners: list[str]) -> Iterator[tuple[str, Why]]:
        """Make feedback pages."""
        return self._each(learners, lambda: GivingFeedback(self.folder, module))

    def feedback_one(self, module: str, learner: str) -> None:
        """Make one feedback page."""
        self._convert(_GenerateFeedback, module, learner)

    def _each(self, learners: Sequence[str], new_work: Callable[[], Work]) -> Iterator[tuple[str, Why]]:
        # What is frozen is never looked at again, and looking is writing: each fork would have a copy of its own.
        gc.freeze()
        # The next order comes after the answer to this one: what can be read before is the end. Windows cannot wait so.
        stop = [] if sys.platform == "win32" else [sys.stdin]
        return side_by_side(learners, new_work, patience=_PATIENCE, most=processors(), stop=stop)

    def forget(self, module: str, learners: list[str]) -> None:
        """Take submissions that could not be marked out of the gradebook, unless a person gave marks in them."""
        with self._gradebook() as gradebook:
            for learner in learners:
                try:
                    submission = gradebook.find_submission(module, learner)
                except MissingEntry:
                    continue
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


@cache
def _worker(folder: Path) -> Worker:
    return Worker(folder)


@dataclass
class _EachSubmission:
    """What a process does with one submission after the other."""

    folder: Path
    module: str

    def __call__(self, piece: str) -> Why:
        """Do it with the submission of one learner; why it could not be done, or an empty text."""
        mark_quicker()
        try:
            self.do(_worker(self.folder), piece)
        except (MarkingProblem, NotMarkable) as problem:
            return str(problem)
        except Exception as problem:  # one submission must never stop the others
            traceback.print_exc()
            return f"nbgrader failed unexpectedly ({type(problem).__name__})."
        return ""

    def do(self, worker: Worker, learner: str) -> None:
        """Do it with one submission."""
        raise NotImplementedError

    def close(self) -> None:
        """The process is over."""


@dataclass
class GivingFeedback(_EachSubmission):
    """Makes feedback pages."""

    def do(self, worker: Worker, learner: str) -> None:
        """Make one page."""
        worker.feedback_one(self.module, learner)


@dataclass
class Marking(_EachSubmission):
    """Marks submissions, with kernels forked from this template in the sandbox."""

    sandbox: bool
    template: Template | None

    def do(self, worker: Worker, learner: str) -> None:
        """Mark one submission."""
        if self.sandbox:
            from senco_kit.marking.sandbox.kernel import SandboxedKernelManager

            SandboxedKernelManager.template = self.template
        worker.mark_one(self.module, learner, self.sandbox)

    def close(self) -> None:
        """End the template."""
        if self.template is not None:
            self.template.close()


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
