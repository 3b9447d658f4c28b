"""SWOT: the findings of a cycle in four quadrants, seen from an objective or from all of them.

Places, after CYCLE/swot: nothing; OBJECTIVE, with what this objective answers; OBJECTIVE/all, with all findings.

A finding is moved by a list of the quadrants on its card, or by dragging the card (see screen.js): both change what the
finding says under "effect" and "within", which is saved like any other answer.
"""

from __future__ import annotations

import json

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import FINDING, OBJECTIVE
from senco_kit.planning.swot import NOT_PLACED, QUADRANTS, quadrant_of, quadrants


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the SWOT; see the list above."""
    match rest:
        case []:
            return _swot(cycle, None, False)
        case [objective_id]:
            return _swot(cycle, _objective(cycle, objective_id), True)
        case [objective_id, "all"]:
            return _swot(cycle, _objective(cycle, objective_id), False)
        case _:
            raise Refused("There is no such place on this page.")


def _objective(cycle: Cycle, objective_id: str) -> Record:
    objective = cycle.find(objective_id, OBJECTIVE.id)
    if objective is None:
        raise Refused("This objective is no longer here: go back to the SWOT.")
    return objective


def _swot(cycle: Cycle, objective: Record | None, only_answered: bool) -> View:
    held = quadrants(cycle, objective, only_answered=only_answered)
    html = draw(
        "leading/swot.html",
        cycle=cycle,
        objective=objective,
        only_answered=only_answered,
        answered=set(objective.ticks("answers")) if objective else set(),
        places=[
            (each, held[each.id], json.dumps({"effect": each.effect, "within": each.within}))
            for each in (*QUADRANTS, NOT_PLACED)
        ],
        every=(*QUADRANTS, NOT_PLACED),
        objectives=cycle.of(OBJECTIVE.id),
        findings=cycle.of(FINDING.id),
    )
    return View(f"SWOT: {cycle.name}", html)


def standing(cycle: Cycle) -> str:
    """How many findings have a quadrant."""
    findings = cycle.of(FINDING.id)
    placed = sum(quadrant_of(each) is not NOT_PLACED for each in findings)
    return f"{placed} of {len(findings)} findings placed" if findings else ""
