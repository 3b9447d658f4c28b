"""What a cohort achieved: marks by learner, and by outcome across the cohort with small groups hidden."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from senco_kit.marking.standing import Standing, State
from senco_kit.plain_text import clean, for_cell
from senco_kit.small_counts import THRESHOLD, is_small

#: An outcome needs another session when learners earned less than this part of its marks on average...
ENOUGH = 0.6
#: ...or when at least this part of them earned less than half of its marks.
MANY, HALF = 1 / 3, 0.5

RULE = (
    "An outcome needs another session when learners earned less than 60 per cent of its marks on average, or when a "
    "third of them or more earned less than half and that number is large enough to be shown. Outcomes with fewer than "
    f"{THRESHOLD} marked learners are not judged: their figures would tell of single people."
)


@dataclass(frozen=True)
class ModuleMarks:
    """One learner's marks in one module; None where there are none."""

    state: State
    why: str
    marks: float | None
    out_of: float
    waiting: bool

    @property
    def per_cent(self) -> float | None:
        """The marks as a part of all."""
        return None if self.marks is None or not self.out_of else 100 * self.marks / self.out_of

    @property
    def in_words(self) -> str:
        """The state as it is shown."""
        return "marked, a written answer waits" if self.state == "marked" and self.waiting else self.state


@dataclass(frozen=True)
class OutcomeResult:
    """How the cohort did in one outcome. Figures are None for so few learners that they are hidden, and for none."""

    outcome: str
    questions: int
    learners: int | None
    per_cent: float | None
    below_half: int | None
    needs_another_session: bool | None


@dataclass(frozen=True)
class Results:
    """The results of a cohort in some modules."""

    cohort: str
    modules: tuple[str, ...]
    learners: Mapping[str, Mapping[str, ModuleMarks]]
    outcomes: tuple[OutcomeResult, ...]

    def csv(self) -> bytes:
        """Marks by learner as CSV for a learning platform: UTF-8 with a byte order mark; no cell starts a formula."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        heads = ("state", "marks", "out of", "per cent", "why not marked")
        writer.writerow(["Learner", *(f"{module} {head}" for module in self.modules for head in heads)])
        for learner, by_module in self.learners.items():
            cells = [cell for module in self.modules for cell in _cells(by_module[module])]
            writer.writerow([for_cell(clean(cell)) for cell in (learner, *cells)])
        return text.getvalue().encode("utf-8-sig")

    def outcomes_csv(self) -> bytes:
        """Results by outcome as CSV; what is hidden is "c"."""
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(["Outcome", "Questions", "Learners", "Per cent of marks", "Needs another session"])
        for each in self.outcomes:
            judged = {True: "yes", False: "no", None: "too few learners to say"}[each.needs_another_session]
            learners = "c" if each.learners is None else str(each.learners)
            per_cent = "c" if each.per_cent is None else f"{each.per_cent:.0f}"
            writer.writerow(
                [for_cell(cell) for cell in (each.outcome, str(each.questions), learners, per_cent, judged)]
            )
        return text.getvalue().encode("utf-8-sig")


def _cells(of: ModuleMarks) -> tuple[str, ...]:
    marks = "" if of.marks is None else f"{of.marks:g}"
    per_cent = "" if of.per_cent is None else f"{of.per_cent:.1f}"
    return of.in_words, marks, f"{of.out_of:g}", per_cent, of.why


#: By learner and question: marks, out of, and whether a person still has to mark.
Grades = Mapping[str, Mapping[str, Mapping[str, float | bool | str]]]


def module_marks(standing: Standing, grades: Mapping[str, Mapping[str, object]] | None, out_of: float) -> ModuleMarks:
    """One learner's marks in one module."""
    if standing.state != "marked" or grades is None:
        return ModuleMarks(standing.state, standing.why, None, out_of, False)
    marks = sum(float(str(grade["marks"])) for grade in grades.values())
    return ModuleMarks(standing.state, "", marks, out_of, any(grade["waiting"] for grade in grades.values()))


@dataclass(frozen=True)
class Earned:
    """What one learner earned in one question of an outcome."""

    outcome: str
    question: str
    learner: str
    marks: float
    out_of: float


def by_outcome(earned: Sequence[Earned]) -> tuple[OutcomeResult, ...]:
    """The results by outcome. A question that is tied to several outcomes counts in each."""
    results = []
    for outcome in sorted({each.outcome for each in earned}):
        mine = [each for each in earned if each.outcome == outcome]
        shares = {}
        for learner in {each.learner for each in mine}:
            own = [each for each in mine if each.learner == learner]
            shares[learner] = sum(each.marks for each in own) / sum(each.out_of for each in own)
        results.append(_result(outcome, len({each.question for each in mine}), list(shares.values())))
    return tuple(results)


def _result(outcome: str, questions: int, shares: Sequence[float]) -> OutcomeResult:
    if not shares or is_small(len(shares)):
        return OutcomeResult(outcome, questions, None, None, None, None)
    mean = sum(shares) / len(shares)
    below = sum(share < HALF for share in shares)
    # How many are below half tells of single people when they are few, or when all but a few are.
    hidden = is_small(below) or is_small(len(shares) - below)
    # The judgement must not tell what is hidden.
    needs = mean < ENOUGH or (not hidden and below >= MANY * len(shares))
    return OutcomeResult(outcome, questions, len(shares), 100 * mean, None if hidden else below, needs)
