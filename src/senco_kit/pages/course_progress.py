"""How far a person is in the course: sections done, quick checks answered, assignments; in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from senco_kit.course import read
from senco_kit.course.model import Module, Section
from senco_kit.days import in_words
from senco_kit.standards.problems import ContentProblem
from senco_kit.store import Store
from senco_kit.store.course_rows import Assignment
from senco_kit.store.course_values import OWN
from senco_kit.store.course_work import Result

#: The verdict of an answer that only a person can mark.
BY_A_PERSON = "for your facilitator"


@dataclass(frozen=True)
class AssignmentProgress:
    """How far an assignment is."""

    assignment: Assignment
    answered: int
    total: int
    result: Result | None

    @property
    def name(self) -> str:
        """What tells it apart from others of the same module."""
        return "your own school" if self.assignment.is_own else f"cohort {self.assignment.cohort}"

    @property
    def state(self) -> str:
        """How far it is, in words."""
        if self.result is not None:
            return marks_in_words(self.result)
        if self.assignment.handed_in_at is not None:
            return f"handed in on {in_words(self.assignment.handed_in_at)}"
        return f"{self.answered} of {self.total} questions answered"

    @property
    def is_finished(self) -> bool:
        """Whether it was handed in or marked."""
        return self.result is not None or self.assignment.handed_in_at is not None


@dataclass(frozen=True)
class ModuleProgress:
    """How far a module is."""

    module: Module
    done: frozenset[str]
    checked: int
    assignments: tuple[AssignmentProgress, ...]

    @property
    def sections_done(self) -> int:
        """How many of its sections are done; one that the lesson no longer has does not count."""
        return sum(section.id in self.done for section in self.module.sections)

    @property
    def next_section(self) -> Section | None:
        """The first section that is not done."""
        return next((section for section in self.module.sections if section.id not in self.done), None)

    @property
    def percent(self) -> int:
        """The share of the sections that are done, in per cent."""
        return round(100 * self.sections_done / max(1, len(self.module.sections)))

    @property
    def own(self) -> AssignmentProgress | None:
        """One's own assignment, once it is started."""
        return next((each for each in self.assignments if each.assignment.is_own), None)

    @property
    def is_begun(self) -> bool:
        """Whether anything of it was done."""
        return bool(self.sections_done or self.checked or self.assignments)

    @property
    def assignment_state(self) -> str:
        """The state of its assignments in one line."""
        return "; ".join(f"{each.name}: {each.state}" for each in self.assignments) or "not started"


@dataclass(frozen=True)
class Progress:
    """How far all modules are; `broken` has a sentence for each module that cannot be read."""

    modules: tuple[ModuleProgress, ...]
    broken: tuple[str, ...]

    @property
    def is_begun(self) -> bool:
        """Whether anything of the course was done."""
        return any(each.is_begun for each in self.modules)

    @property
    def going_on(self) -> tuple[ModuleProgress, Section] | None:
        """Where to go on: the next section of a module that was begun, else of the first one that is not done."""
        with_more = [each for each in self.modules if each.next_section is not None]
        chosen = next((each for each in with_more if each.sections_done), next(iter(with_more), None))
        return (chosen, chosen.next_section) if chosen is not None and chosen.next_section is not None else None


def progress(store: Store) -> Progress:
    """The progress of every module. Raises StoreProblem."""
    done, answers, results = store.course.all_done(), store.course.all_answers(), store.course.results()
    assignments = store.course.assignments()
    modules, broken = [], []
    for folder in read.module_folders():
        try:
            module = read.module(folder.name)
        except ContentProblem as problem:
            broken.append(str(problem))
            continue
        given = answers.get(checks_of(module.id), {})
        modules.append(
            ModuleProgress(
                module,
                frozenset(done.get(module.id, {})),
                sum(check.id in given for check in module.checks),
                tuple(
                    _of_assignment(each, answers.get(each.work, {}), results.get(each.work))
                    for each in assignments
                    if each.module == module.id
                ),
            )
        )
    return Progress(tuple(modules), tuple(broken))


def of_assignment(store: Store, assignment: Assignment) -> AssignmentProgress:
    """The progress of one assignment. Raises StoreProblem."""
    return _of_assignment(assignment, store.course.answers(assignment.work), store.course.result(assignment.work))


def _of_assignment(assignment: Assignment, answers: dict[str, Any], result: Result | None) -> AssignmentProgress:
    # Drawing questions needs more than the home page of a person without assignments should wait for.
    from senco_kit.course.ask import answered

    questions = assignment.package["questions"]
    number = sum(answered(question, answers.get(question.get("id"))) for question in questions)
    return AssignmentProgress(assignment, number, len(questions), result)


def marks_in_words(result: Result) -> str:
    """The marks, without those that a person has still to give.

    >>> from datetime import datetime
    >>> first = {"marks": 2.5, "out_of": 3.0, "verdict": "partly"}
    >>> second = {"marks": 0.0, "out_of": 4.0, "verdict": "for your facilitator"}
    >>> marks_in_words(Result({"a": first, "b": second}, {}, datetime(2026, 9, 1)))
    '2.5 of 3 marks, 4 marks wait for a person'
    """
    waiting = waiting_marks(result)
    told = f"{result.marks:g} of {result.out_of - waiting:g} marks"
    return f"{told}, {waiting:g} marks wait for a person" if waiting else told


def waiting_marks(result: Result) -> float:
    """The marks that only a person can give, and nobody has given yet."""
    return sum(float(each["out_of"]) for each in result.marked.values() if each["verdict"] == BY_A_PERSON)


def checks_of(module_id: str) -> str:
    """The piece of work that the quick checks of a module are."""
    return f"checks/{module_id}"


def reflections_of(module_id: str) -> str:
    """The piece of work that the reflections of a module are."""
    return f"reflections/{module_id}"


def own_id(module_id: str) -> str:
    """The id of a person's own assignment of a module."""
    return f"{OWN}-{module_id}"
