"""The development plan: objectives, the actions that serve them, when these run, and how far it all is.

Places, after CYCLE/plan:

    (nothing)               the objectives, and what else the plan holds
    timeline                all actions over the months
    from-audit              actions of a self-audit, to be brought in
    ID                      one objective, with its actions; an action's id leads to its objective
    ID/reviews              its reviews: one more, those that were, what came of it
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from markupsafe import Markup, escape

from senco_kit.charts.timeline import timeline_chart
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.draw import element_id
from senco_kit.forms.screen import Answer, Download, Parts, View
from senco_kit.pages import leading_plan_from_audit as from_audit
from senco_kit.pages import leading_plan_reviews as reviews
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask, ask_rows, ask_ticks
from senco_kit.pages.leading_plan_words import principles, progress_of
from senco_kit.pages.work import work
from senco_kit.planning import progress as rules
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, FINDING, OBJECTIVE
from senco_kit.planning.timeline import status, timeline

#: An action in short has so many letters of what will be done.
_SHORT = 100


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the plan; see the list above."""
    match rest:
        case []:
            return _plan(cycle)
        case ["timeline"]:
            return _timeline(cycle)
        case ["from-audit", *audit]:
            return from_audit.show(cycle, *audit[:1])
        case [record_id]:
            return _objective(cycle, _objective_of(cycle, record_id), record_id)
        case [record_id, "reviews"]:
            return reviews.show(cycle, _objective_of(cycle, record_id))
        case _:
            raise Refused("There is no such place on this page.")


def _objective_of(cycle: Cycle, record_id: str) -> Record:
    """The objective with this id, or the one that the action with this id serves."""
    action = cycle.find(record_id, ACTION.id)
    objective = cycle.find(action.text("objective") if action else record_id, OBJECTIVE.id)
    if objective is None:
        raise Refused("This objective is no longer here: go back to the plan.")
    return objective


def _plan(cycle: Cycle) -> View:
    today = date.today()
    objectives = cycle.of(OBJECTIVE.id)
    known = {each.id for each in objectives}
    html = draw(
        "leading/plan.html",
        cycle=cycle,
        rows=[
            (
                each,
                progress_of(cycle, each),
                cycle.serving(each),
                sum(not asked.is_there for asked in rules.checklist(cycle, each)),
                rules.next_review(cycle, each),
            )
            for each in objectives
        ],
        due={each.id: rules.due_in_words(day, today) for _, each, day in rules.due_reviews([cycle], today)},
        loose=[each for each in cycle.of(ACTION.id) if each.text("objective") not in known],
    )
    return View(f"Development plan: {cycle.name}", html)


def _objective(cycle: Cycle, objective: Record, asked_for: str) -> View:
    """One objective; `asked_for` is its id, or that of the action in it that is shown open."""
    findings = [
        (each.id, each.text("what") or "A finding without words", each.text("where_from"))
        for each in cycle.of(FINDING.id)
    ]
    held = [(each.id, each.title, each.about) for each in principles()]
    html = draw(
        "leading/plan_objective.html",
        cycle=cycle,
        objective=objective,
        progress=progress_of(cycle, objective),
        missing=missing(cycle, objective),
        lacks=sum(not each.is_there for each in rules.checklist(cycle, objective)),
        ask=lambda *names: ask(objective, *names),
        findings=findings
        and ask_ticks(
            objective,
            "answers",
            "Which findings does it answer?",
            "Tick what this objective will change.",
            findings,
            "Other findings",
        ),
        principles=held
        and ask_ticks(
            objective, "principle", "Which principles of inclusion does it serve?", "", held, "Other principles"
        ),
        actions=ask_rows(
            cycle,
            ACTION,
            "Actions",
            "Add an action",
            ("objective", objective.id),
            fold=lambda action: "" if action.id == asked_for else in_short(action),
        ),
        reviews=cycle.reviews_of(objective.id),
    )
    return View(f"Objective: {objective.text('what')[:60] or 'new'}", html)


def in_short(action: Record) -> str:
    """An action in one line: what, who, when, how far; "" while it has no words."""
    what = " ".join(action.text("what").split())
    if not what:
        return ""
    if len(what) > _SHORT:
        what = f"{what[:_SHORT].rsplit(' ', 1)[0]}…"
    days = " to ".join(in_words(day) for day in (action.day("start"), action.day("end")) if day)
    said = [" ".join(action.text("lead").split())[:_SHORT], days, status(action, date.today())]
    return f"{what} ({', '.join(each for each in said if each)})"


def missing(cycle: Cycle, objective: Record) -> Markup:
    """The checklist of an objective."""
    return draw("leading/plan_missing.html", asked=rules.checklist(cycle, objective))


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """The checklist, and an action in short, after an answer of an objective or an action was saved."""
    if field.startswith("draft/"):
        return None
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    action = cycle.find(record_id, ACTION.id)
    objective = cycle.find(action.text("objective") if action else record_id, OBJECTIVE.id)
    if objective is None:
        return None
    parts = {"objective-missing": missing(cycle, objective)}
    if action:
        row = f"{ACTION.id}/objective/{objective.id}/{action.id}"
        parts |= {f"{element_id(row)}-folded": escape(in_short(action) or "An action without words")}
    return parts


def _timeline(cycle: Cycle) -> View:
    shown = timeline(cycle, date.today())
    chart = timeline_chart(shown, "Actions of the plan by month") if shown.drawn or shown.not_drawn else None
    html = draw("leading/timeline.html", cycle=cycle, timeline=shown, chart=chart)
    return View(f"Timeline: {cycle.name}", html)


def standing(cycle: Cycle) -> str:
    """How many objectives and actions there are, and when the next review is."""
    objectives = cycle.of(OBJECTIVE.id)
    if not objectives:
        return ""
    said = [f"{len(objectives)} {'objective' if len(objectives) == 1 else 'objectives'}"]
    actions = len(cycle.of(ACTION.id))
    said.append(f"{actions} {'action' if actions == 1 else 'actions'}")
    days = [day for each in objectives for day in [rules.next_review(cycle, each)] if day]
    if days:
        said.append(f"next review {in_words(min(days))}")
    return ", ".join(said)


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Add a review, bring actions in from a self-audit, or make the plan as Excel."""
    match action:
        case "review":
            return reviews.add(cycle, _objective_of(cycle, values.get("objective", "")))
        case "bring-in":
            return from_audit.bring_in(cycle, values.get("audit", ""), values.get("outcome", ""))
        case "excel":
            return _excel(cycle)
        case _:
            raise Refused("This button does nothing here. Reload the page.")


def _excel(cycle: Cycle) -> Download:
    from senco_kit.reports.planning_excel import excel_plan

    today = date.today()
    data = excel_plan(cycle, today, {each.id: each.title for each in principles()})
    name = f"development-plan-{today.isoformat()}.xlsx"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Download(name, kind, data, f"{name} is made. Look in your browser's downloads.")
