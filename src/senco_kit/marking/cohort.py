"""What a facilitator does with a cohort, in one place: make it, give work, collect, mark, answer, look at results."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from senco_kit import places
from senco_kit.course import read
from senco_kit.course.model import Module
from senco_kit.marking import collecting, results, standing
from senco_kit.marking.answer_in_words import answer_in_words
from senco_kit.marking.course_folder import NAME, About, CourseFolder
from senco_kit.marking.handing_in import HANDED_IN, QUESTIONS, TO_DO, exchange_folder, zip_of
from senco_kit.marking.learners import learner_code
from senco_kit.marking.nbgrader_process import NbgraderProcess
from senco_kit.marking.notebook import source_notebook
from senco_kit.marking.one_at_a_time import held
from senco_kit.marking.problems import MarkingProblem, NotMarkable
from senco_kit.marking.rubric import Judged, judge, read_comment, write_comment
from senco_kit.marking.sandbox.available import bubblewrap
from senco_kit.marking.standing import Standing
from senco_kit.marking.submission import answers_in, checked
from senco_kit.marking.whole_files import write_file

#: Told as work goes on: how much is done, of how much, and a sentence.
Tell = Callable[[float, float, str], None]

PUPILS = {"primary": 420, "secondary": 1050}
MOST_LEARNERS = 500


def _quiet(done: float, of: float, says: str) -> None:
    pass


@dataclass(frozen=True)
class Collected:
    """What `collect` did: learners by module whose work was taken, what was put right, and files of no use."""

    taken: Mapping[str, tuple[str, ...]]
    put_right: tuple[str, ...]
    unusable: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MarkedCohort:
    """What `mark` did: the learners whose work was marked, and why others' could not be."""

    marked: tuple[str, ...]
    not_marked: Mapping[str, str]


@dataclass(frozen=True)
class RubricWork:
    """One written answer for a person to mark, with the marks that it has already, if any."""

    module: str
    learner: str
    question: Mapping[str, Any]
    answer: str
    judged: tuple[Judged, ...]
    comment: str
    waiting: bool


@dataclass(frozen=True)
class ModuleState:
    """How far a module is in a cohort."""

    module: str
    title: str
    released: bool
    standings: Mapping[str, Standing]
    feedback: int

    def number(self, state: str) -> int:
        """How many learners stand there."""
        return sum(each.state == state for each in self.standings.values())


@dataclass(frozen=True)
class CohortState:
    """What a cohort is, and how far each module is."""

    name: str
    school: str
    learners: tuple[str, ...]
    modules: tuple[ModuleState, ...]


class Cohort:
    """One cohort. Its process of nbgrader starts when it is first needed and stays: `close()` ends it."""

    def __init__(self, folder: Path, *, modules_folder: Path = places.MODULES) -> None:
        self.folder = CourseFolder(folder)
        self.about: About = self.folder.about()
        self._modules_folder = modules_folder
        self._nbgrader = NbgraderProcess(folder)

    def __enter__(self) -> Cohort:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what runs for this cohort."""
        self.close()

    def close(self) -> None:
        """End what runs for this cohort."""
        self._nbgrader.close()

    @property
    def name(self) -> str:
        """The cohort's name."""
        return self.about.name

    @property
    def learners(self) -> tuple[str, ...]:
        """The learners' codes."""
        return self.folder.learners()

    # ---------------------------------------------------------------------------------------------- setting work

    def release(self, module_id: str, tell: Tell = _quiet) -> Path:
        """Make the assignment of a module on this cohort's school; the zip to hand out. Raises MarkingProblem."""
        with held(self.folder.lock()):
            return self._release(module_id, tell)

    def _release(self, module_id: str, tell: Tell) -> Path:
        from senco_kit.course import assignment  # it needs what invented schools are made with

        module = self._module(module_id)
        tell(0, 4, "Working out the questions and their answers.")
        package = assignment.package(module, self.about.school, self.name)
        keys = assignment.keys(module, self.about.school)
        self._refuse_change(module_id, package)
        source = self.folder.source(module_id)
        source.mkdir(parents=True, exist_ok=True)
        write_file(source / QUESTIONS, package_bytes(package))
        sections = {section.id: section.title for section in module.sections}
        write_file(source / f"{module_id}.ipynb", source_notebook(package, keys, sections))
        tell(1, 4, "nbgrader makes what is released.")
        self._nbgrader.ask("release", module=module_id)
        tell(3, 4, "Packing the file to hand out.")
        path = self._hand_out(module_id)
        tell(4, 4, f"Ready: {path.name}.")
        return path

    def _refuse_change(self, module_id: str, package: Mapping[str, Any]) -> None:
        """Work that was handed in answers the questions that were released: these must not change under it."""
        released = self.folder.released(module_id) / QUESTIONS
        if not released.is_file() or released.read_bytes() == package_bytes(package):
            return
        if any(each.state != "nothing handed in" for each in self._standings(module_id).values()):
            raise MarkingProblem(
                f"The questions of {module_id} have changed since they were released, and work has been handed in: "
                "mark it with the version of the kit that released it, or make a new cohort."
            )

    def _hand_out(self, module_id: str) -> Path:
        released = self.folder.released(module_id)
        files = {path.name: path.read_bytes() for path in sorted(released.iterdir()) if path.is_file()}
        path = self.folder.to_hand_out() / f"{module_id}_{self.name}.zip"
        path.parent.mkdir(exist_ok=True)
        data = zip_of({f"{module_id}/{name}": data for name, data in files.items()}, datetime.now(UTC))
        write_file(path, data)
        exchange = exchange_folder(self.name)
        if exchange is not None:
            (exchange / TO_DO).mkdir(parents=True, exist_ok=True)
            (exchange / HANDED_IN).mkdir(exist_ok=True)
            write_file(exchange / TO_DO / path.name, data)
        return path

    # ---------------------------------------------------------------------------------------------- collecting

    def collect(self, source: Path | bytes | None = None, tell: Tell = _quiet) -> Collected:
        """Take in what was handed in: a folder, a zip, a download of many zips; without one, from the exchange folder.

        The newest attempt of each learner that can be used wins. Raises MarkingProblem when there is nothing to read.
        """
        with held(self.folder.lock()):
            return self._collect(source, tell)

    def _collect(self, source: Path | bytes | None, tell: Tell) -> Collected:
        if source is None:
            exchange = exchange_folder(self.name)
            if exchange is None:
                raise MarkingProblem("Say where the work is: a folder or a zip (there is no exchange folder here).")
            source = exchange / HANDED_IN
        tell(0, 1, "Reading what was handed in.")
        found = collecting.find(source)
        unusable = list(found.unusable)
        by_place: dict[tuple[str, str], list[collecting.Piece]] = {}
        for piece in found.pieces:
            why = self._why_not_ours(piece)
            if why:
                unusable.append((piece.where, why))
            else:
                by_place.setdefault((piece.module, piece.learner), []).append(piece)
        taken: dict[str, list[str]] = {}
        put_right: list[str] = []
        for number, ((module, learner), pieces) in enumerate(sorted(by_place.items()), 1):
            tell(number, len(by_place), f"{module}: {learner}.")
            if self._take_newest(module, learner, pieces, put_right, unusable):
                taken.setdefault(module, []).append(learner)
        return Collected({module: tuple(codes) for module, codes in taken.items()}, tuple(put_right), tuple(unusable))

    def _why_not_ours(self, piece: collecting.Piece) -> str:
        if piece.learner not in self.learners:
            return f"there is no learner {piece.learner} in this cohort"
        if not self.folder.is_released(piece.module):
            return f"the assignment {piece.module} has not been released to this cohort"
        return ""

    def _take_newest(
        self,
        module: str,
        learner: str,
        pieces: Sequence[collecting.Piece],
        put_right: list[str],
        unusable: list[tuple[str, str]],
    ) -> bool:
        package = self.folder.package(module)
        reason = ""
        for piece in collecting.newest_first(pieces):
            try:
                if piece.answers is None:
                    raise NotMarkable("There is no answers.json in what was handed in.")
                checked(piece.answers, package, learner)
            except NotMarkable as problem:
                unusable.append((piece.where, str(problem)))
                reason = reason or str(problem)
                continue
            if self._has_newer(module, learner, piece):
                put_right.append(f"{learner}: a newer attempt was collected before, and stays.")
                return False
            if self.folder.take_in(module, learner, piece.answers, piece.notebook, collecting.as_time(piece.time)):
                put_right.append(f"{learner}: the notebook was missing, renamed or damaged; the answers were taken.")
            return True
        if standing.fingerprint(self.folder.submitted(module, learner)) == "":
            standing.keep(self.folder, module, {learner: Standing("not marked", reason)})
        return False

    def _has_newer(self, module: str, learner: str, piece: collecting.Piece) -> bool:
        """Whether the work that is here already was handed in later, and can be marked."""
        here = self.folder.time_of(module, learner)
        if piece.time == collecting.NO_TIME or here <= collecting.as_time(piece.time):
            return False
        try:
            answers_in(self.folder.submitted(module, learner), self.folder.package(module), learner)
        except NotMarkable:
            return False
        return True

    # ---------------------------------------------------------------------------------------------- marking

    def mark(self, module_id: str, tell: Tell = _quiet, *, sandbox: bool = True, again: bool = False) -> MarkedCohort:
        """Mark what was handed in and is not marked yet; with `again`, all of it. Raises MarkingProblem, NoSandbox.

        Each submission ends as marked, or as not marked with a reason; a bad one stops no other.
        """
        if sandbox:
            bubblewrap()
        with held(self.folder.lock()):
            return self._mark(module_id, tell, sandbox, again)

    def _mark(self, module_id: str, tell: Tell, sandbox: bool, again: bool) -> MarkedCohort:
        self.folder.package(module_id)
        tell(0, 1, "Looking at what was handed in.")
        learners = [
            learner
            for learner, stands in self._standings(module_id).items()
            if stands.of and (again or stands.state == "handed in")
        ]
        if learners:
            self._nbgrader.begin(sandbox=sandbox)
        stopped = dict(self._set_aside(module_id, learners))
        # What is marked is what is here now: of what comes meanwhile, or when this is stopped, nothing is marked.
        begun = {
            learner: Standing("handed in", of=standing.fingerprint(self.folder.submitted(module_id, learner)))
            for learner in learners
        }
        standing.keep(self.folder, module_id, begun)
        able = [learner for learner in learners if learner not in stopped]
        if stopped:
            self._nbgrader.ask("forget", module=module_id, learners=list(stopped))
        for number, (learner, why) in enumerate([*stopped.items()], 1):
            self._note(module_id, learner, why, begun[learner].of)
            tell(number, len(learners), f"{learner}: not marked. {why}")
        run = self._nbgrader.ask_each("mark", able, module=module_id, sandbox=sandbox) if able else ()
        for number, (learner, why) in enumerate(run, len(stopped) + 1):
            self._note(module_id, learner, why, begun[learner].of)
            stopped |= {learner: why} if why else {}
            tell(number, len(learners), f"{learner}: {'not marked. ' + why if why else 'marked.'}")
        return MarkedCohort(tuple(sorted(set(able) - set(stopped))), dict(sorted(stopped.items())))

    def _set_aside(self, module_id: str, learners: Iterable[str]) -> Iterable[tuple[str, str]]:
        """Put submissions right where that can be done; the others, with the reason."""
        package = self.folder.package(module_id)
        for learner in learners:
            try:
                self.folder.put_right(module_id, learner)
                answers_in(self.folder.submitted(module_id, learner), package, learner)
            except (NotMarkable, MarkingProblem) as problem:
                yield learner, str(problem)
            except OSError as problem:
                yield learner, f"What was handed in cannot be read ({problem.strerror})."

    def _note(self, module_id: str, learner: str, why: str, of: str) -> None:
        # A page that tells of other marks than the gradebook holds.
        self.folder.feedback_page(module_id, learner).unlink(missing_ok=True)
        stands = Standing("not marked", why, of) if why else Standing("marked", "", of)
        if why:
            shutil.rmtree(self.folder.autograded(module_id, learner), ignore_errors=True)
        standing.keep(self.folder, module_id, {learner: stands})

    # ---------------------------------------------------------------------------------------------- marks by a person

    def rubric_work(self, module_id: str) -> tuple[RubricWork, ...]:
        """The written answers of marked work, those that wait first. An unanswered one is 0 already and not here."""
        package = self.folder.package(module_id)
        written = [question for question in package["questions"] if question["type"] == "free-text"]
        grades = self._grades(module_id)
        work = []
        for learner, by_question in grades.items():
            answers = answers_in(self.folder.autograded(module_id, learner), package, learner).answers
            for question in written:
                lines = answer_in_words(question, answers.get(question["id"]))
                grade = by_question[question["id"]]
                # One that was withdrawn in a newer attempt may have marks still, which a person must look at.
                if lines or grade["waiting"]:
                    judged, comment = read_comment(grade["comment"], question["rubric"])
                    answer = "\n".join(lines)
                    work.append(
                        RubricWork(module_id, learner, question, answer, judged, comment, bool(grade["waiting"]))
                    )
        return tuple(sorted(work, key=lambda each: (not each.waiting, each.learner)))

    def save_rubric(
        self, module_id: str, learner: str, question_id: str, marks: Mapping[str, float], comment: str = ""
    ) -> float:
        """Put a person's marks by the rubric into nbgrader's gradebook; gives their sum. Raises MarkingProblem."""
        package = self.folder.package(module_id)
        question = next((each for each in package["questions"] if each["id"] == question_id), None)
        if question is None or question["type"] != "free-text":
            raise MarkingProblem(f"{module_id} has no written question “{question_id[:60]}”.")
        judged = judge(question["rubric"], marks)
        total = sum(each.marks for each in judged)
        self._nbgrader.ask(
            "save_grade",
            module=module_id,
            learner=learner,
            question=question_id,
            marks=total,
            comment=write_comment(judged, comment),
        )
        self.folder.feedback_page(module_id, learner).unlink(missing_ok=True)
        return total

    # ---------------------------------------------------------------------------------------------- giving back

    def feedback(self, module_id: str, tell: Tell = _quiet) -> tuple[Path, ...]:
        """Make a feedback page for each marked learner, and one zip of them all. Raises MarkingProblem."""
        learners = [code for code, each in self._standings(module_id).items() if each.state == "marked"]
        if not learners:
            raise MarkingProblem(f"Nothing of {module_id} has been marked yet: mark it first.")
        pages: dict[str, Path] = {}
        run = self._nbgrader.ask_each("feedback", learners, module=module_id)
        for number, (learner, why) in enumerate(run, 1):
            tell(number, len(learners), f"{learner}: {why or 'feedback made.'}")
            if not why:
                pages[learner] = self.folder.feedback_page(module_id, learner)
        files = {f"{learner}.html": page.read_bytes() for learner, page in sorted(pages.items())}
        self.folder.to_hand_out().mkdir(exist_ok=True)
        write_file(self.feedback_zip(module_id), zip_of(files, datetime.now(UTC)))
        return tuple(page for _, page in sorted(pages.items()))

    def feedback_zip(self, module_id: str) -> Path:
        """The zip with every learner's feedback page on a module."""
        return self.folder.to_hand_out() / f"{module_id}_{self.name}_feedback.zip"

    def results(self, module_id: str | None = None) -> results.Results:
        """Marks by learner, and by outcome; of one module, or of all that were released."""
        modules = [module_id] if module_id else self._released()
        by_learner: dict[str, dict[str, results.ModuleMarks]] = {learner: {} for learner in self.learners}
        earned: list[results.Earned] = []
        for each in modules:
            package = self.folder.package(each)
            grades = self._grades(each)
            for learner, stands in self._standings(each).items():
                marks = results.module_marks(stands, grades.get(learner), float(package["out_of"]))
                by_learner[learner][each] = marks
            earned += _earned(package, grades)
        return results.Results(self.name, tuple(modules), by_learner, results.by_outcome(earned))

    def state(self) -> CohortState:
        """What the cohort is, and how far each module is."""
        modules = tuple(self._module_state(module) for module in read.modules(self._modules_folder))
        return CohortState(self.name, self.about.school, self.learners, modules)

    def _module_state(self, module: Module) -> ModuleState:
        pages = sum(self.folder.feedback_page(module.id, learner).is_file() for learner in self.learners)
        released = self.folder.is_released(module.id)
        return ModuleState(module.id, module.title, released, self._standings(module.id), pages)

    # ---------------------------------------------------------------------------------------------- inside

    def _module(self, module_id: str) -> Module:
        try:
            return read.module(module_id, self._modules_folder)
        except read.NoSuchModule as problem:
            raise MarkingProblem(f"{problem} The modules are in the folder modules/.") from problem

    def _released(self) -> list[str]:
        places_ = sorted((self.folder.root / "release").glob(f"*/{QUESTIONS}"))
        return [path.parent.name for path in places_]

    def _standings(self, module_id: str) -> dict[str, Standing]:
        return standing.standings(self.folder, module_id, list(self.learners))

    def _grades(self, module_id: str) -> dict[str, Any]:
        marked = [code for code, each in self._standings(module_id).items() if each.state == "marked"]
        found: dict[str, Any] = self._nbgrader.ask("grades", module=module_id, learners=marked)
        return found


def _earned(package: Mapping[str, Any], grades: Mapping[str, Any]) -> list[results.Earned]:
    return [
        results.Earned(
            outcome, f"{package['id']}/{question['id']}", learner, float(grade["marks"]), float(grade["out_of"])
        )
        for learner, by_question in grades.items()
        for question in package["questions"]
        for outcome in question["outcomes"]
        if not (grade := by_question[question["id"]])["waiting"]
    ]


def package_bytes(package: Mapping[str, Any]) -> bytes:
    """questions.json."""
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def cohorts_folder() -> Path:
    """Where cohorts are kept, unless they were made elsewhere."""
    return places.work_folder() / "cohorts"


def cohorts() -> tuple[str, ...]:
    """The names of the cohorts kept in the usual place."""
    return tuple(sorted(path.parent.name for path in cohorts_folder().glob("*/cohort.json")))


def open_cohort(name: str, folder: Path | None = None, *, modules_folder: Path = places.MODULES) -> Cohort:
    """The cohort with this name, or in this folder. Raises MarkingProblem."""
    _check_name(name)
    place = (folder or cohorts_folder() / name).absolute()
    if not (place / "cohort.json").is_file():
        known = ", ".join(cohorts()) or "none yet"
        raise MarkingProblem(f"There is no cohort {name} in {place}. Cohorts: {known}.")
    return Cohort(place, modules_folder=modules_folder)


def create_cohort(
    name: str,
    *,
    seed: int,
    school: str,
    pupils: int | None = None,
    learners: int | Sequence[str] = 30,
    folder: Path | None = None,
    modules_folder: Path = places.MODULES,
) -> Cohort:
    """Make a cohort: an nbgrader course folder with a school of its own. Raises MarkingProblem.

    `school` is primary or secondary; `learners` how many (their codes are L01, L02...), or codes of your own.
    """
    from senco_kit.course.exercise import NoSuchSchool, open_exercise

    _check_name(name)
    if school not in PUPILS:
        raise MarkingProblem(f"The school of a cohort is primary or secondary, not {school[:40]}.")
    codes = _codes(learners)
    key = f"exercise-{school}-{pupils or PUPILS[school]}-{seed}"
    try:
        open_exercise(key)
    except NoSuchSchool as problem:
        raise MarkingProblem(str(problem)) from problem
    place = CourseFolder((folder or cohorts_folder() / name).absolute())
    place.make(About(name, seed, key))
    made = Cohort(place.root, modules_folder=modules_folder)
    made._nbgrader.ask("enrol", learners=codes)
    return made


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name):
        raise MarkingProblem(
            f"A cohort's name has 1 to 40 small letters, digits and hyphens, such as autumn-2026, and “{name[:40]}” "
            "has not: choose another."
        )


def _codes(learners: int | Sequence[str]) -> list[str]:
    if isinstance(learners, int):
        if not 1 <= learners <= MOST_LEARNERS:
            raise MarkingProblem(f"A cohort has 1 to {MOST_LEARNERS} learners, not {learners}.")
        digits = max(2, len(str(learners)))
        return [f"L{number:0{digits}d}" for number in range(1, learners + 1)]
    codes = [learner_code(code) for code in learners]
    # L1 and l1 are one folder on many computers.
    if len({code.casefold() for code in codes}) < len(codes) or not codes or len(codes) > MOST_LEARNERS:
        raise MarkingProblem(f"Give each of 1 to {MOST_LEARNERS} learners a code of their own.")
    return codes
