"""Everything that a cycle and its school's data can give to a document, by the names that audit/documents/ uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from senco_kit.planning.documents import from_plan, from_school
from senco_kit.planning.documents.given import Gives

GIVES: Final[Mapping[str, Gives]] = {
    "school-name": from_school.school_name,
    "status": from_school.figures("status"),
    "years": from_school.figures("years"),
    "needs": from_school.figures("needs"),
    "attendance": from_school.figures("attendance"),
    "suspensions": from_school.figures("suspensions"),
    "scores": from_school.figures("scores"),
    "provisions": from_school.figures("provisions"),
    "money": from_school.money,
    "kinds-of-need": from_school.kinds_of_need,
    "place-for-name": from_school.place_for_name,
    "training": from_school.training,
    "pupils-heard": from_school.heard("pupils"),
    "parents-heard": from_school.heard("parents"),
    "pupils-say": from_school.answers("pupils"),
    "parents-say": from_school.answers("parents"),
    "review-areas": from_school.review_areas,
    "barriers": from_plan.barriers,
    "strengths": from_plan.strengths,
    "findings": from_plan.findings,
    "evaluation": from_plan.evaluation,
    "principles": from_plan.principles,
    "activity": from_plan.activity,
    "outcomes": from_plan.outcomes,
    "progress": from_plan.progress,
    "objectives": from_plan.objectives,
    "actions": from_plan.actions,
}
