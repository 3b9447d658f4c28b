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

from senco_kit.audit.model import SelfAudit
from senco_kit.forms.check import Refused, check, errors_of
from senco_kit.forms.fields import Value
from senco_kit.forms.screen import Answer, Download, GoTo, View
from senco_kit.pages import self_audit_views as views
from senco_kit.pages.kit_page import KitPage
from senco_kit.pages.self_audit_views import NAME, framework_of
from senco_kit.pages.work import standards, work
from senco_kit.standards import read
from senco_kit.standards.model import Framework, UnknownId
from senco_kit.store import Store

_PLACES: dict[str, Callable[[SelfAudit, Framework], View]] = {
    "results": views.results,
    "plan": views.plan,
    "report": views.report,
}


class SelfAuditPage(KitPage):
    """Everything a person does with their audits. Reads the store anew for each view, so that tabs agree."""

    # --------------------------------------------------------------------------------------- what is shown

    title = "Self-audit"
    way_on = "All my audits"

    def __init__(self) -> None:
        self._framework_of: dict[str, Framework] = {}

    def show(self, where: str) -> View:
        """One place of the page; see the list above."""
        match [part for part in where.split("/") if part]:
            case []:
                return views.list_of_audits()
            case ["new"]:
                return views.new_audit({}, {})
            case [audit_id]:
                return self._in_audit(audit_id, views.overview)
            case [audit_id, "heading", heading_id, *item]:
                return self._in_audit(audit_id, views.heading, heading_id, item)
            case [audit_id, "compare", earlier_id]:
                return self._in_audit(audit_id, views.comparison, earlier_id)
            case [audit_id, "through", framework_id]:
                return self._in_audit(audit_id, views.through, framework_id)
            case [audit_id, "plan", outcome_id]:
                return self._in_audit(audit_id, views.plan, outcome_id)
            case [audit_id, "delete"]:
                with work() as store:
                    return views.delete(store.audit(audit_id))
            case [audit_id, place] if place in _PLACES:
                return self._in_audit(audit_id, _PLACES[place])
            case _:
                raise Refused("There is no such place on this page.")

    def _in_audit(self, audit_id: str, show: Callable[..., View], *more: Any) -> View:
        with work() as store:
            audit = store.audit(audit_id)
        return show(audit, framework_of(audit), *more)

    # ---------------------------------------------------------------------------------------- what is kept

    def save(self, form: str, name: str, value: Value) -> None:
        """Keep one answer of the audit `form`; see self_audit_form for the names."""
        if not isinstance(value, str):
            raise Refused("This answer is not text. Reload the page and answer again.")
        with work() as store:
            match name.split("/"):
                case ["name"]:
                    check(NAME, value)
                    store.rename_audit(form, value)
                case [outcome_id, ("standing" | "matters_now" | "note") as field]:
                    store.save_rating(form, self._outcome(store, form, outcome_id), field, value)
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
                store.add_evidence(form, self._outcome(store, form, outcome_id), row)
            elif kind == "action":
                store.add_action(form, self._outcome(store, form, outcome_id), action_id=row)
            else:
                raise Refused("The page sent a row that the kit does not ask for. Reload the page.")

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Take a piece of evidence or an action away."""
        with work() as store:
            if table.endswith("/evidence"):
                store.remove_evidence(row)
            else:
                store.remove_action(row)

    def _outcome(self, store: Store, audit_id: str, outcome_id: str) -> str:
        # An audit keeps its standard for good, so it is not read again for every letter typed.
        if audit_id not in self._framework_of:
            self._framework_of[audit_id] = framework_of(store.audit(audit_id))
        try:
            return self._framework_of[audit_id].outcome(outcome_id).id
        except UnknownId as unknown:
            raise Refused(f"{unknown} Reload the page.") from unknown

    # ------------------------------------------------------------------------------------- what buttons do

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


def _start(values: Mapping[str, str]) -> Answer:
    errors = errors_of([NAME], values)
    name, earlier_id = values.get("name", ""), values.get("earlier", "")
    framework = standards()[0].get(values.get("standard", ""))
    if framework is None:
        errors["standard"] = "Choose a standard."
    with work() as store:
        if framework and earlier_id and store.audit(earlier_id).framework_id != framework.id:
            errors["earlier"] = (
                f"That audit used another standard. Choose an audit of “{framework.short_title}”, or start empty."
            )
        if errors or framework is None:
            return views.new_audit(values, errors)
        audit = store.create_audit(name, framework.id, earlier_id or None, copy_levels=values.get("levels") == "yes")
    return GoTo(audit.id, "Your audit is started. Every answer is saved by itself.")


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
