"""A cohort: how far each module is, and its next step: release, mark, marks by rubric, feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import Tick
from senco_kit.forms.screen import Answer, Download, GoTo, View
from senco_kit.pages.course_school import name_of
from senco_kit.pages.drawing import draw
from senco_kit.pages.facilitator_cohorts import Tell

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort, Collected, ModuleState

Next = Literal["release", "wait", "mark", "rubric", "feedback", "done"]

WITHOUT_SANDBOX = Tick(name="unsafe", label="Mark without a sandbox", hint="I know the people who handed this in.")


@dataclass(frozen=True)
class Card:
    """How far one module is in a cohort, and what comes next."""

    state: ModuleState
    waiting: int
    file: str

    @property
    def collected(self) -> int:
        """How many learners' work is here."""
        return len(self.state.standings) - self.state.number("nothing handed in")

    @property
    def next(self) -> Next:
        """What comes next."""
        marked = self.state.number("marked")
        steps: tuple[tuple[bool, Next], ...] = (
            (not self.state.released, "release"),
            (self.state.number("handed in") > 0, "mark"),
            (self.waiting > 0, "rubric"),
            (marked > self.state.feedback, "feedback"),
            (marked > 0, "done"),
        )
        return next((step for holds, step in steps if holds), "wait")

    @property
    def words(self) -> tuple[str, ...]:
        """The state, in a few words each."""
        if not self.state.released:
            return ("Not released yet",)
        counts = (
            (self.state.number("handed in"), "to mark"),
            (self.state.number("marked"), "marked"),
            (self.state.number("not marked"), "could not be marked"),
        )
        waits = f"{self.waiting} written {'answer waits' if self.waiting == 1 else 'answers wait'} for your marks"
        return (
            "Released",
            f"{self.collected} of {len(self.state.standings)} collected",
            *(f"{count} {what}" for count, what in counts if count),
            *((waits,) if self.waiting else ()),
        )


def cohort(opened: Cohort, *, collected: Collected | None = None, error: str = "") -> View:
    """The cohort with its modules; `collected` is what was just taken in, `error` what is wrong with a choice."""
    state = opened.state()
    cards = [card_of(opened, each) for each in state.modules]
    exchange, exchange_problem = _exchange(opened.name)
    html = draw(
        "facilitator/cohort.html",
        name=opened.name,
        school_key=state.school,
        school=name_of(state.school),
        learners=state.learners,
        cards=cards,
        released=any(card.state.released for card in cards),
        marked=any(card.state.number("marked") for card in cards),
        folder=opened.folder.root,
        collected=collected,
        titles={card.state.module: card.state.title for card in cards},
        error=error,
        exchange=exchange,
        exchange_problem=exchange_problem,
        no_sandbox=no_sandbox() if any(card.state.number("handed in") for card in cards) else "",
        unsafe=WITHOUT_SANDBOX,
    )
    focus = "errors" if error else "collected" if collected is not None else ""
    return View(f"Cohort {opened.name}", html, focus=focus)


def card_of(opened: Cohort, state: ModuleState) -> Card:
    """How far a module is."""
    waiting = sum(work.waiting for work in opened.rubric_work(state.module)) if state.number("marked") else 0
    file = _to_hand_out(opened, state.module)
    return Card(state, waiting, str(file) if file.is_file() else "")


def _exchange(name: str) -> tuple[Path | None, str]:
    """The exchange folder, or what is wrong with it."""
    from senco_kit.marking.handing_in import exchange_folder
    from senco_kit.marking.problems import MarkingProblem

    try:
        return exchange_folder(name), ""
    except MarkingProblem as problem:
        return None, str(problem)


def no_sandbox() -> str:
    """What is missing for the sandbox; empty when it is there."""
    from senco_kit.marking.sandbox.available import NoSandbox, bubblewrap

    try:
        bubblewrap()
    except NoSandbox as problem:
        return str(problem)
    return ""


# ------------------------------------------------------------------------------------------------------------- actions


def release(opened: Cohort, module_id: str, tell: Tell) -> Answer:
    """Make the assignment of a module, and the file to hand out."""
    path = opened.release(module_id, tell)
    says = f"{module_id} is released. Download {path.name} and hand it out. It also lies in {path.parent}."
    return GoTo(f"cohort/{opened.name}", says)


def mark(opened: Cohort, module_id: str, values: Mapping[str, str], tell: Tell) -> Answer:
    """Mark what was handed in for a module; without a sandbox only when that was ticked."""
    unsafe = any(name.startswith(f"{WITHOUT_SANDBOX.name}/") and value == "yes" for name, value in values.items())
    if not unsafe and no_sandbox():
        return cohort(opened, error="Nothing was marked. To mark without a sandbox, tick the box beside the button.")
    done = opened.mark(module_id, tell, sandbox=not no_sandbox(), again=values.get("again") == "yes")
    if not done.marked and not done.not_marked:
        return GoTo(f"cohort/{opened.name}", "There was nothing to mark: all that was handed in is marked.")
    says = f"{len(done.marked)} marked, {len(done.not_marked)} could not be marked."
    return GoTo(f"cohort/{opened.name}/{module_id}" if done.not_marked else f"cohort/{opened.name}", says)


def feedback(opened: Cohort, module_id: str, tell: Tell) -> Answer:
    """Make the feedback pages of a module."""
    pages = opened.feedback(module_id, tell)
    made = f"{len(pages)} feedback {'page is' if len(pages) == 1 else 'pages are'} made"
    return GoTo(f"cohort/{opened.name}", f"{made}. Download them as one zip, and give each learner their own page.")


def zip_to_hand_out(opened: Cohort, module_id: str) -> Answer:
    """The zip that learners get."""
    path = _to_hand_out(opened, module_id)
    return _download(path, f"{module_id} has not been released to this cohort: release it first.")


def zip_of_feedback(opened: Cohort, module_id: str) -> Answer:
    """The zip with all feedback pages."""
    return _download(opened.feedback_zip(module_id), f"There is no feedback on {module_id} yet: make it first.")


def _to_hand_out(opened: Cohort, module_id: str) -> Path:
    return opened.folder.to_hand_out() / f"{module_id}_{opened.name}.zip"


def _download(path: Path, missing: str) -> Download:
    if not path.is_file():
        raise Refused(missing)
    says = f"{path.name} is made. Look in your browser's downloads."
    return Download(path.name, "application/zip", path.read_bytes(), says)
