"""Actions of a self-audit in the plan of the school: the same thing, for a person."""

from __future__ import annotations

import hashlib

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import finding_id, finding_values, taken_before
from senco_kit.pages.self_audit_views import framework_of
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, FINDING, OBJECTIVE
from senco_kit.planning.taken import PlanFromAudit, plans_of_audit
from senco_kit.standards import read
from senco_kit.store.cycles import NewRecord


def show(cycle: Cycle, audit_id: str = "") -> View:
    """What a self-audit plans, outcome by outcome, with what of it is in this plan already."""
    with work() as store:
        audits = [each for each in store.audits() if any(one.action.strip() for one in each.actions)]
    audit = next((each for each in audits if each.id == audit_id), None) if audit_id else next(iter(audits), None)
    if audit_id and audit is None:
        raise Refused("This self-audit is no longer here, or plans nothing: go back to the plan.")
    plans = plans_of_audit(audit, framework_of(audit), read.levels()) if audit else []
    html = draw(
        "leading/plan_from_audit.html",
        cycle=cycle,
        audits=audits,
        audit=audit,
        rows=[(each, brought_in(cycle, each), len(_new_actions(cycle, each))) for each in plans],
    )
    return View(f"From my self-audit: {cycle.name}", html)


def brought_in(cycle: Cycle, plan: PlanFromAudit) -> Record | None:
    """The objective that was made of these actions before."""
    return next((one for one in cycle.of(OBJECTIVE.id) if plan.ref in one.under("ref").values()), None)


def _new_actions(cycle: Cycle, plan: PlanFromAudit) -> list[str]:
    """What stands for the actions that are not in the plan yet."""
    there = {ref for one in cycle.of(ACTION.id) for ref in one.under("ref").values()}
    return [ref for ref in plan.actions if ref not in there]


def bring_in(cycle: Cycle, audit_id: str, outcome_id: str) -> GoTo:
    """Make an objective of what an audit plans for one outcome, with its actions and the finding that it answers.

    What is in the plan already stays as it is; actions that came into the audit later are added.
    """
    with work() as store:
        audit = store.audit(audit_id)
    plans = plans_of_audit(audit, framework_of(audit), read.levels())
    plan = next((each for each in plans if each.outcome.id == outcome_id), None)
    if plan is None:
        raise Refused("This self-audit plans nothing for this item any more. Reload the page.")
    objective = brought_in(cycle, plan)
    new = [] if objective else _objective(cycle, plan)
    objective_id = objective.id if objective else new[-1].id
    new += [
        NewRecord(ACTION.id, {**plan.actions[ref], "objective": objective_id}, _id("action", ref))
        for ref in _new_actions(cycle, plan)
    ]
    with work() as store:
        store.cycles.add_many(cycle.id, new)
    actions = sum(each.kind == ACTION.id for each in new)
    says = f"{actions} {'action' if actions == 1 else 'actions'} brought in." if new else "All of it is here already."
    return GoTo(f"{cycle.id}/plan/{objective_id}", says)


def _objective(cycle: Cycle, plan: PlanFromAudit) -> list[NewRecord]:
    """The objective, and before it the finding that it answers where that has not been taken yet."""
    taken = taken_before(cycle, plan.ref)
    finding = taken.id if taken else finding_id(plan.ref)
    new = [] if taken else [NewRecord(FINDING.id, finding_values(plan.finding), finding)]
    return [*new, NewRecord(OBJECTIVE.id, {**plan.values, f"answers/{finding}": "yes"}, _id("objective", plan.ref))]


def _id(kind: str, ref: str) -> str:
    """Always the same id for the same thing, so that two tabs bring it in once."""
    return hashlib.sha256(f"senco-course-kit {kind} {ref}".encode()).hexdigest()[:32]
