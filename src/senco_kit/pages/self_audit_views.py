"""What each place of the self-audit page shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from senco_kit.audit.comparison import compare, movements
from senco_kit.audit.model import Action, SelfAudit
from senco_kit.audit.other_standard import seen_through
from senco_kit.audit.priorities import RULE, priorities
from senco_kit.audit.profile import profile, profile_of, strengths, to_find_out
from senco_kit.charts.bars import level_bars
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.fields import ChooseOne, Option, ShortText
from senco_kit.forms.screen import View
from senco_kit.pages import self_audit_form as asked
from senco_kit.pages.drawing import draw, standing_in_words
from senco_kit.pages.work import standards, work
from senco_kit.standards import read
from senco_kit.standards.model import SPINE, Framework, Heading, Outcome, UnknownId

NAME = ShortText(name="name", label="Name of this audit", required=True)


def framework_of(audit: SelfAudit) -> Framework:
    """The framework of an audit. Raises Refused when its file is no longer among the frameworks."""
    try:
        return read.framework(audit.framework_id)
    except UnknownId as unknown:
        raise Refused(
            f"“{audit.name}” was made with a standard that is not in audit/frameworks now ({audit.framework_id}). "
            "Put its file back to see the answers. They are kept."
        ) from unknown


def list_of_audits() -> View:
    """The person's audits, newest first; a word of welcome when there are none."""
    with work() as store:
        audits = store.audits()
    rows = []
    frameworks, broken = standards()
    for audit in audits:
        framework = frameworks.get(audit.framework_id)
        answered = sum(audit.rating(each.id).answered for each in framework.outcomes()) if framework else 0
        rows.append((audit, framework, answered))
    return View("Self-audit", draw("self_audit/list.html", rows=rows, broken=broken))


def new_audit(values: Mapping[str, str], errors: Mapping[str, str]) -> View:
    """The questions before an audit is started, with what was typed and what is wrong with it."""
    with work() as store:
        audits = store.audits()
    month = in_words(date.today()).partition(" ")[2]
    usable, broken = standards()
    frameworks = tuple(usable.values())
    standard = ChooseOne(
        name="standard",
        label="Which standard?",
        required=True,
        options=tuple(Option(each.id, each.title, _standing_of(each)) for each in frameworks),
    )
    earlier = ChooseOne(
        name="earlier",
        label="Start from an earlier audit?",
        required=True,
        hint="Evidence, notes, “matters now” marks and actions are copied from it. The earlier audit stays as it is.",
        options=(
            Option("", "No, start with empty answers"),
            *(Option(each.id, f"{each.name}, {in_words(each.created_at)}") for each in audits),
        ),
    )
    return View(
        "Start a self-audit",
        draw(
            "self_audit/new.html",
            standard=standard,
            earlier=earlier if audits else None,
            name=NAME,
            values={"standard": frameworks[0].id, "name": f"Self-audit, {month}", "earlier": "", **values},
            errors=errors,
            broken=broken,
        ),
        focus="errors" if errors else "",
    )


def _standing_of(framework: Framework) -> str:
    count = len(framework.outcomes())
    words = {"historic": "Historic", "current": "In force", "proposed": "Proposed, not in force"}[framework.status]
    spine = ", and the spine of this course" if framework.id == SPINE else ""
    return f"{count} items. {words}{spine}."


def overview(audit: SelfAudit, framework: Framework) -> View:
    """One audit as a list of tasks: every item, and what is said about it."""
    return View(
        audit.name,
        draw(
            "self_audit/overview.html", audit=audit, framework=framework, profiles=profile(audit, framework), name=NAME
        ),
    )


def _find_heading(framework: Framework, heading_id: str) -> Heading:
    for heading in framework.headings:
        if heading.id == heading_id:
            return heading
    raise Refused("There is no such heading in this standard.")


def heading(audit: SelfAudit, framework: Framework, heading_id: str, item: list[str]) -> View:
    """The items of one heading, to answer. `item` may name the one to begin with."""
    heading = _find_heading(framework, heading_id)
    position = framework.headings.index(heading)
    following = framework.headings[position + 1] if position + 1 < len(framework.headings) else None
    earlier = _started_from(audit)
    items = [_item(audit, outcome, earlier) for outcome in heading.outcomes]
    html = draw(
        "self_audit/heading.html",
        audit=audit,
        framework=framework,
        heading=heading,
        profile=profile_of(audit, heading),
        items=items,
        following=following,
    )
    return View(f"{heading.title}: {audit.name}", html, focus=f"item-{item[0]}" if item else "")


def earlier_audits(audit: SelfAudit) -> list[SelfAudit]:
    """Audits of the same standard that were started before this one, newest first."""
    with work() as store:
        every = store.audits()
    return [each for each in every if each.framework_id == audit.framework_id and each.created_at < audit.created_at]


def _started_from(audit: SelfAudit) -> SelfAudit | None:
    if audit.started_from is None:
        return None
    with work() as store:
        return next((each for each in store.audits() if each.id == audit.started_from), None)


def _item(audit: SelfAudit, outcome: Outcome, earlier: SelfAudit | None) -> dict[str, Any]:
    rating = audit.rating(outcome.id)
    last_time = ""
    if earlier and earlier.rating(outcome.id).answered:
        last_time = f"Last time ({in_words(earlier.created_at)}): {standing_in_words(earlier.rating(outcome.id))}."
    return {
        "outcome": outcome,
        "rating": rating,
        "values": asked.answers(outcome, rating),
        "standing": asked.standing_field(outcome, read.levels(), last_time),
        "matters": asked.matters_field(outcome),
        "evidence": asked.evidence_field(outcome),
        "note": asked.note_field(outcome),
    }


def results(audit: SelfAudit, framework: Framework) -> View:
    """Where the person stands, strengths, what comes first and why, what to find out."""
    profiles = profile(audit, framework)
    html = draw(
        "self_audit/results.html",
        audit=audit,
        framework=framework,
        levels=read.levels(),
        answered=sum(each.answered for each in profiles),
        total=sum(each.total for each in profiles),
        bars=level_bars(profiles, read.levels(), "How many items stand at each level, by heading"),
        strengths=strengths(audit, framework),
        priorities=priorities(audit, framework),
        rule=RULE,
        questions=to_find_out(audit, framework),
        planned={action.outcome_id for action in audit.actions},
        earlier=earlier_audits(audit),
        others=[each for each in standards()[0].values() if each.id != framework.id],
    )
    return View(f"Results: {audit.name}", html)


def comparison(audit: SelfAudit, framework: Framework, earlier_id: str) -> View:
    """What moved since an earlier audit of the same standard, item by item."""
    with work() as store:
        earlier = store.audit(earlier_id)
    if earlier.framework_id != audit.framework_id:
        raise Refused("Only audits of the same standard can be compared.")
    changes = compare(earlier, audit, framework)
    html = draw(
        "self_audit/compare.html",
        audit=audit,
        framework=framework,
        earlier=earlier,
        changes=changes,
        moved=movements(changes),
        levels=read.levels(),
    )
    return View(f"What moved: {audit.name}", html)


def through(audit: SelfAudit, framework: Framework, other_id: str) -> View:
    """The same answers beside the items of another standard."""
    other = standards()[0].get(other_id)
    if other is None or other.id == framework.id:
        raise Refused("There is no such standard to see these answers through.")
    seen = seen_through(audit, framework, other, read.corresponding)
    return View(
        f"{other.short_title}: {audit.name}",
        draw("self_audit/through.html", audit=audit, framework=framework, other=other, seen=seen),
    )


def plan(audit: SelfAudit, framework: Framework, outcome_id: str = "") -> View:
    """The action plan; `outcome_id` names an outcome to plan for, though it has no action yet."""
    by_outcome: dict[str, list[Action]] = {}
    for action in audit.actions:
        by_outcome.setdefault(action.outcome_id, []).append(action)
    ranked = priorities(audit, framework)
    place = {each.outcome.id: each.place for each in ranked}
    chosen = sorted(
        (outcome for outcome in framework.outcomes() if outcome.id in by_outcome or outcome.id == outcome_id),
        key=lambda outcome: place.get(outcome.id, len(place) + 1),
    )
    planned = [
        (
            outcome,
            asked.plan_field(outcome),
            asked.answers(outcome, audit.rating(outcome.id), by_outcome.get(outcome.id, ())),
        )
        for outcome in chosen
    ]
    html = draw(
        "self_audit/plan.html",
        audit=audit,
        framework=framework,
        planned=planned,
        used={action.action for action in audit.actions},
        waiting=[each for each in ranked if each.outcome not in chosen],
        levels=read.levels(),
    )
    return View(f"Action plan: {audit.name}", html, focus=f"plan-{outcome_id}" if outcome_id else "")


def report(audit: SelfAudit, framework: Framework) -> View:
    """The files that can be made of an audit."""
    earlier = earlier_audits(audit)
    choice = ChooseOne(
        name="earlier",
        label="Show what moved since an earlier audit?",
        required=True,
        options=(
            Option("", "No"),
            *(Option(each.id, f"{each.name}, {in_words(each.created_at)}") for each in earlier),
        ),
    )
    started_from = audit.started_from if any(each.id == audit.started_from for each in earlier) else ""
    html = draw(
        "self_audit/report.html",
        audit=audit,
        framework=framework,
        choice=choice if earlier else None,
        chosen=started_from or "",
        answered=sum(each.answered for each in profile(audit, framework)),
    )
    return View(f"Report: {audit.name}", html)


def delete(audit: SelfAudit) -> View:
    """The question before an audit is deleted, with what would go; asked even when its standard is missing."""
    answered = sum(rating.answered for rating in audit.ratings.values())
    pieces = sum(len(rating.evidence) for rating in audit.ratings.values())
    html = draw("self_audit/delete.html", audit=audit, answered=answered, pieces=pieces, actions=len(audit.actions))
    return View(f"Delete {audit.name}?", html)
