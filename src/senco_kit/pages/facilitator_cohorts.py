"""Cohorts as the facilitator's page reaches them: listed from their folders alone, opened one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from senco_kit.course import read
from senco_kit.course.exercise import NoSuchSchool
from senco_kit.course.model import Module
from senco_kit.course.read import NoSuchModule
from senco_kit.forms.check import Refused
from senco_kit.pages.course_school import name_of
from senco_kit.places import FolderProblem, work_folder
from senco_kit.standards.problems import ContentProblem

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort

#: Told as work goes on: how much is done, of how much, and a sentence.
Tell = Callable[[float, float, str], None]


@contextmanager
def said_plainly() -> Iterator[None]:
    """Raises what can go wrong with cohorts and sessions inside the block as Refused, in one sentence."""
    from senco_kit.marking.problems import MarkingProblem, NotMarkable

    try:
        yield
    except (MarkingProblem, NotMarkable, NoSuchModule, NoSuchSchool, ContentProblem, FolderProblem) as problem:
        raise Refused(str(problem)) from problem
    except OSError as problem:
        # Not the file's name: what a learner handed in may carry a person's name.
        raise Refused(
            f"A file of the cohort could not be read or written ({problem.strerror or type(problem).__name__}): "
            "see that its folder is there and that there is room on the disk, then try again."
        ) from problem


@dataclass(frozen=True)
class Listed:
    """A cohort as it is listed: its name, its school and how far it is; or what is wrong with its folder."""

    name: str
    school: str = ""
    state: str = ""
    problem: str = ""


def listed() -> tuple[Listed, ...]:
    """The cohorts kept in the usual place. Nothing but their folders is looked at, so that the page opens soon."""
    found = sorted(path.parent.name for path in (work_folder() / "cohorts").glob("*/cohort.json"))
    return tuple(_listed(name) for name in found)


def _listed(name: str) -> Listed:
    from senco_kit.marking.course_folder import CourseFolder
    from senco_kit.marking.problems import MarkingProblem

    folder = CourseFolder(work_folder() / "cohorts" / name)
    try:
        about = folder.about()
    except MarkingProblem as problem:
        return Listed(name, problem=str(problem))
    modules = [each.name for each in read.module_folders() if folder.is_released(each.name)]
    pieces = sum(len(list((folder.root / "submitted").glob(f"*/{module}"))) for module in modules)
    released = f"{len(modules)} {'module' if len(modules) == 1 else 'modules'} released"
    handed_in = f"{pieces} {'piece' if pieces == 1 else 'pieces'} of work collected"
    return Listed(name, name_of(about.school), f"{released}, {handed_in}" if modules else "Nothing released yet")


class OpenCohort:
    """The cohort that the page works on. Its nbgrader takes seconds to start, so it stays until another is opened."""

    def __init__(self) -> None:
        self._cohort: Cohort | None = None

    def open(self, name: str) -> Cohort:
        """The cohort with this name. Raises MarkingProblem."""
        from senco_kit.marking.cohort import cohorts_folder, open_cohort

        kept = self._cohort
        if kept is not None:
            folder = kept.folder.root
            if folder == (cohorts_folder() / name).absolute() and (folder / "cohort.json").is_file():
                return kept
        return self.keep(open_cohort(name))

    def keep(self, cohort: Cohort) -> Cohort:
        """Work on this cohort, which was just made or opened."""
        if self._cohort is not cohort:
            self.close()
        self._cohort = cohort
        return cohort

    def close(self) -> None:
        """End what runs for it."""
        if self._cohort is not None:
            self._cohort.close()
            self._cohort = None


def known_module(module_id: str) -> Module:
    """The module with this id: what stands in an address becomes the name of a folder only if it is one. Raises."""
    return read.module(module_id)


def modules_with_broken() -> tuple[list[Module], list[str]]:
    """The modules that can be read, and a sentence for each that cannot."""
    found, broken = [], []
    for folder in read.module_folders():
        try:
            found.append(read.module(folder.name))
        except ContentProblem as problem:
            broken.append(str(problem))
    return found, broken


def module_numbered(number: str) -> Module:
    """The module with this place in the course. Raises Refused."""
    for folder in read.module_folders():
        if folder.name.partition("-")[0] == number:
            return read.module(folder.name)
    raise Refused("There is no session with this number.")
