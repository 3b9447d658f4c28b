"""The self-audit page: choose a standard, answer item by item, see results, plan, report.

Places of the page (what stands in the address after "#/"):

    (nothing)                  the person's audits
    new                        start one
    ID                         one audit: what is done, item by item
    ID/heading/H               the items of one heading
    ID/results                 where the person stands, what comes first
    ID/compare/EARLIER         what moved since an earlier audit
    ID/through/FRAMEWORK       the same answers under another standard
    ID/plan                    the action plan
    ID/report                  Word, Excel, CSV, JSON
    ID/delete                  the question before an audit is deleted
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from senco_kit.audit.comparison import compare, movements
from senco_kit.audit.model import Action, SelfAudit
from senco_kit.audit.other_standard import seen_through
from senco_kit.audit.priorities import RULE, priorities
from senco_kit.audit.profile import profile, profile_of, strengths, to_find_out
from senco_kit.charts.bars import level_bars
from senco_kit.days import in_words
from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import ChooseOne, Option, ShortText, Value
from senco_kit.forms.screen import Answer, Download, GoTo, Page, View
from senco_kit.pages import self_audit_form as asked
from senco_kit.pages.drawing import draw, standing_in_words
from senco_kit.pages.work import work
from senco_kit.standards import read
from senco_kit.standards.model import Framework, Heading, Outcome, UnknownId

_NAME = ShortText(name="name", label="Name of this audit", required=True)


class SelfAuditPage(Page):
    """Everything a person does with their audits. Reads the store anew for each view, so that tabs agree."""

    # ---------------------------------------------------------------------------------------------- what is shown

    def view(self, where: str) -> View:
        """One place of the page; a place that is not there any more shows a sentence and the way on."""
        try:
            return self._view(where)
        except Refused as refusal:
            return View("Self-audit", draw("problem.html", says=str(refusal), back="#/", back_label="All my audits"))

    def _view(self, where: str) -> View:
        match [part for part in where.split("/") if part]:
            case []:
                return _list_of_audits()
            case ["new"]:
                return _new_audit({}, {})
            case [audit_id]:
                return self._in_audit(audit_id, _overview)
            case [audit_id, "heading", heading_id, *item]:
                return self._in_audit(audit_id, _heading, heading_id, item)
            case [audit_id, "compare", earlier_id]:
                return self._in_audit(audit_id, _comparison, earlier_id)
            case [audit_id, "through", framework_id]:
                return self._in_audit(audit_id, _through, framework_id)
            case [audit_id, place] if place in _PLACES:
                return self._in_audit(audit_id, _PLACES[place])
            case [audit_id, "plan", outcome_id]:
                return self._in_audit(audit_id, _plan, outcome_id)
            case _:
                raise Refused("There is no such place on this page.")

    def _in_audit(self, audit_id: str, show: Callable[..., View], *more: Any) -> View:
        with work() as store:
            audit = store.audit(audit_id)
        return show(audit, framework_of(audit), *more)

    # ---------------------------------------------------------------------------------------------- what is kept

    def save(self, form: str, name: str, value: Value) -> None:
        """Keep one answer of the audit `form`; see self_audit_form for the names."""
        if not isinstance(value, str):
            raise Refused("This answer is not text. Reload the page and answer again.")
        with work() as store:
            match name.split("/"):
                case ["name"]:
                    check(_NAME, value)
                    store.rename_audit(form, value)
                case [outcome_id, ("standing" | "matters_now" | "note") as field]:
                    store.save_rating(form, self._outcome(form, outcome_id), field, value)
                case [_, "evidence", row, field]:
                    store.save_evidence(row, field, value)
                case [_, "action", row, field]:
                    store.save_action(row, field, value)
                case _:
                    raise Refused("The page sent an answer that the kit does not ask for. Reload the page.")

    def add_row(self, form: str, table: str, row: str) -> None:
        """Keep a new piece of evidence or a new action."""
        outcome_id, _, kind = table.partition("/")
        with work() as store:
            if kind == "evidence":
                store.add_evidence(form, self._outcome(form, outcome_id), row)
            elif kind == "action":
                store.add_action(form, self._outcome(form, outcome_id), action_id=row)
            else:
                raise Refused("The page sent a row that the kit does not ask for. Reload the page.")

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Take a piece of evidence or an action away."""
        with work() as store:
            if table.endswith("/evidence"):
                store.remove_evidence(row)
            else:
                store.remove_action(row)

    def _outcome(self, audit_id: str, outcome_id: str) -> str:
        with work() as store:
            framework = framework_of(store.audit(audit_id))
        try:
            return framework.outcome(outcome_id).id
        except UnknownId as unknown:
            raise Refused(f"{unknown} Reload the page.") from unknown

    # ---------------------------------------------------------------------------------------------- what buttons do

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Start an audit, use a next step, make a report, or delete an audit."""
        match action:
            case "start":
                return _start(values)
            case "use-step":
                return _use_step(values)
            case "add-action":
                return _add_action(values)
            case "report":
                return _report(values)
            case "delete":
                with work() as store:
                    audit = store.audit(values["audit"])
                    store.delete_audit(audit.id)
                return GoTo("", f"“{audit.name}” is deleted.")
            case _:
                return super().press(action, values)


def framework_of(audit: SelfAudit) -> Framework:
    """The framework of an audit. Raises Refused when its file is no longer among the frameworks."""
    try:
        return read.framework(audit.framework_id)
    except UnknownId as unknown:
        raise Refused(
            f"“{audit.name}” was made with a standard that is not in audit/frameworks now ({audit.framework_id}). "
            "Put its file back to see the answers. They are kept."
        ) from unknown


# ------------------------------------------------------------------------------------------------------ lists and starts


def _list_of_audits() -> View:
    with work() as store:
        audits = store.audits()
    rows = []
    for audit in audits:
        framework = read.frameworks().get(audit.framework_id)
        answered = sum(audit.rating(each.id).answered for each in framework.outcomes()) if framework else 0
        rows.append((audit, framework, answered))
    return View("Self-audit", draw("self_audit/list.html", rows=rows))


def _new_audit(values: Mapping[str, str], errors: Mapping[str, str]) -> View:
    with work() as store:
        audits = store.audits()
    today = date.today()
    frameworks = tuple(read.frameworks().values())
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
            name=_NAME,
            values={"standard": frameworks[0].id, "name": f"Self-audit, {today:%B %Y}", "earlier": "", **values},
            errors=errors,
        ),
        focus="errors" if errors else "",
    )


def _standing_of(framework: Framework) -> str:
    count = len(framework.outcomes())
    words = {"historic": "Historic", "current": "In force", "proposed": "Proposed, not in force"}[framework.status]
    spine = ", and the spine of this course" if framework is next(iter(read.frameworks().values())) else ""
    return f"{count} items. {words}{spine}."


def _start(values: Mapping[str, str]) -> Answer:
    errors = {}
    name, earlier_id = values.get("name", ""), values.get("earlier", "")
    try:
        check(_NAME, name)
    except Refused as refusal:
        errors["name"] = str(refusal)
    framework = read.frameworks().get(values.get("standard", ""))
    if framework is None:
        errors["standard"] = "Choose a standard."
    with work() as store:
        if framework and earlier_id and store.audit(earlier_id).framework_id != framework.id:
            errors["earlier"] = (
                f"That audit used another standard. Choose an audit of “{framework.short_title}”, or start empty."
            )
        if errors or framework is None:
            return _new_audit(values, errors)
        audit = store.create_audit(name, framework.id, earlier_id or None, copy_levels=values.get("levels") == "yes")
    return GoTo(audit.id, "Your audit is started. Every answer is saved by itself.")


# ------------------------------------------------------------------------------------------------------ one audit


def _overview(audit: SelfAudit, framework: Framework) -> View:
    return View(
        audit.name,
        draw(
            "self_audit/overview.html", audit=audit, framework=framework, profiles=profile(audit, framework), name=_NAME
        ),
    )


def _find_heading(framework: Framework, heading_id: str) -> Heading:
    for heading in framework.headings:
        if heading.id == heading_id:
            return heading
    raise Refused("There is no such heading in this standard.")


def _heading(audit: SelfAudit, framework: Framework, heading_id: str, item: list[str]) -> View:
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


def _results(audit: SelfAudit, framework: Framework) -> View:
    with work() as store:
        earlier = [each for each in store.audits() if each.framework_id == framework.id and each.id != audit.id]
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
        earlier=earlier,
        others=[each for each in read.frameworks().values() if each.id != framework.id],
    )
    return View(f"Results: {audit.name}", html)


def _comparison(audit: SelfAudit, framework: Framework, earlier_id: str) -> View:
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


def _through(audit: SelfAudit, framework: Framework, other_id: str) -> View:
    other = read.frameworks().get(other_id)
    if other is None or other.id == framework.id:
        raise Refused("There is no such standard to see these answers through.")
    seen = seen_through(audit, framework, other, read.corresponding)
    return View(
        f"{other.short_title}: {audit.name}",
        draw("self_audit/through.html", audit=audit, framework=framework, other=other, seen=seen),
    )


# ------------------------------------------------------------------------------------------------------ plan and report


def _plan(audit: SelfAudit, framework: Framework, outcome_id: str = "") -> View:
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


def _use_step(values: Mapping[str, str]) -> Answer:
    with work() as store:
        audit = store.audit(values["audit"])
        outcome = framework_of(audit).outcome(values["outcome"])
        store.add_action(audit.id, outcome.id, action=outcome.next_steps[int(values["step"])])
    return GoTo(f"{audit.id}/plan/{outcome.id}", f"Added to your plan under {outcome.id} {outcome.title}.")


def _add_action(values: Mapping[str, str]) -> Answer:
    with work() as store:
        audit = store.audit(values["audit"])
        outcome = framework_of(audit).outcome(values["outcome"])
        store.add_action(audit.id, outcome.id)
    return GoTo(f"{audit.id}/plan/{outcome.id}", f"An empty action is added under {outcome.id} {outcome.title}.")


def _report_view(audit: SelfAudit, framework: Framework) -> View:
    with work() as store:
        earlier = [each for each in store.audits() if each.framework_id == framework.id and each.id != audit.id]
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


def _report(values: Mapping[str, str]) -> Download:
    # Reports bring large libraries with them, so they are imported when one is asked for.
    from senco_kit import reports
    from senco_kit.store.portable import export_audit

    with work() as store:
        audit = store.audit(values["audit"])
        earlier = store.audit(values["earlier"]) if values.get("earlier") else None
    framework, levels, today = framework_of(audit), read.levels(), date.today()
    # The name of a file travels further than the file, so it says what and when, and not whose.
    name = f"self-audit-{today.isoformat()}"
    match values.get("as"):
        case "word":
            data = reports.word_report(audit, framework, levels, read.facts(), earlier, today)
            kind, name = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", f"{name}.docx"
        case "excel":
            data = reports.excel_report(audit, framework, levels, read.facts(), earlier, today)
            kind, name = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", f"{name}.xlsx"
        case "csv":
            data, kind, name = reports.csv_report(audit, framework, levels), "text/csv", f"{name}.csv"
        case "json":
            data, kind, name = export_audit(audit), "application/json", f"{name}.json"
        case _:
            raise Refused("Choose Word, Excel, CSV or a copy of the answers.")
    return Download(name, kind, data, f"{name} is made. Look in your browser's downloads.")


def _delete(audit: SelfAudit, framework: Framework) -> View:
    answered = sum(audit.rating(outcome.id).answered for outcome in framework.outcomes())
    pieces = sum(len(rating.evidence) for rating in audit.ratings.values())
    return View(
        f"Delete {audit.name}?",
        draw("self_audit/delete.html", audit=audit, answered=answered, pieces=pieces, actions=len(audit.actions)),
    )


_PLACES: dict[str, Callable[[SelfAudit, Framework], View]] = {
    "results": _results,
    "plan": _plan,
    "report": _report_view,
    "delete": _delete,
}
