"""One module of a cohort: where each learner stands, by code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from senco_kit.course.model import Module
from senco_kit.forms.screen import View
from senco_kit.pages.course_doing import at_in_words
from senco_kit.pages.drawing import draw
from senco_kit.pages.facilitator_modules import WITHOUT_SANDBOX, card_of, no_sandbox

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort


@dataclass(frozen=True)
class Line:
    """Where one learner stands."""

    learner: str
    handed_in: str
    state: str
    why: str
    waiting: int


def learners(opened: Cohort, module: Module) -> View:
    """The learners in a module: when each handed in, the state, why it could not be marked."""
    state = next(each for each in opened.state().modules if each.module == module.id)
    waits = Counter[str]()
    if state.number("marked"):
        waits.update(work.learner for work in opened.rubric_work(module.id) if work.waiting)
    lines = [
        Line(learner, _handed_in(opened, module.id, learner), stands.state, stands.why, waits[learner])
        for learner, stands in state.standings.items()
    ]
    html = draw(
        "facilitator/module.html",
        name=opened.name,
        module=module,
        lines=lines,
        card=card_of(opened, state),
        written=any(question.is_marked_by_a_person for question in module.assignment),
        no_sandbox=no_sandbox() if state.number("handed in") or state.number("not marked") else "",
        unsafe=WITHOUT_SANDBOX,
    )
    return View(f"{module.title}: cohort {opened.name}", html)


def _handed_in(opened: Cohort, module_id: str, learner: str) -> str:
    """When a learner handed in, as people say it; empty when that is not known."""
    at = opened.folder.time_of(module_id, learner)
    try:
        return at_in_words(datetime.fromisoformat(at).replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""
