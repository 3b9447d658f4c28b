"""The planner: change a provision and see cost and adult hours at once; several plans side by side; share out a sum.

Places after KEY/planner: nothing (the plans), ID (one plan), ID/delete, compare, share/money, share/hours.
Each typed change is kept at once, as text, under the plan, the provision and the field; an empty one is taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from markupsafe import Markup

from senco_kit.forms.check import Refused, check, errors_of
from senco_kit.forms.fields import Number, ShortText
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.in_figures import known
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.pages.work import work
from senco_kit.typed_numbers import number_typed

if TYPE_CHECKING:
    from senco_kit.provision.planner import Priced
    from senco_kit.provision.planner import Row as PlanRow
    from senco_kit.store.scenarios import SavedScenario

_NAME = ShortText(name="name", label="Name of the plan", required=True, longest=100)

#: Marks a provision that was taken into a plan before anything of it was changed. The rules know nothing of it.
_TAKEN_IN = "taken-in"


def show(school: OpenSchool, where: list[str]) -> View:
    """One place of the planner."""
    match where:
        case []:
            return _plans(school, {}, {})
        case ["compare"]:
            return _side_by_side(school)
        case ["share", ("money" | "hours") as what]:
            return _share(school, what, {}, "")
        case [plan_id]:
            return _plan(school, _one(school, plan_id))
        case [plan_id, "delete"]:
            return View(
                "Delete this plan?", draw("provision_map/plan_delete.html", school=school, plan=_one(school, plan_id))
            )
        case _:
            raise Refused("There is no such place on this page.")


def _all(school: OpenSchool) -> tuple[SavedScenario, ...]:
    with work() as store:
        return store.scenarios.all(school.plans_key)


def _one(school: OpenSchool, plan_id: str) -> SavedScenario:
    with work() as store:
        plan = store.scenarios.one(plan_id)
    if plan.school != school.plans_key:
        raise Refused("This plan belongs to another school. Go back to the list of plans.")
    return plan


# ------------------------------------------------------------------------------------------------ what it comes to


def priced(school: OpenSchool, plan: SavedScenario | None) -> Priced:
    """Every provision with what it costs now and under the plan; as it is now when there is no plan."""
    from senco_kit.provision import planner

    if plan is None:
        return planner.price(school.data, planner.Scenario("", "Now"))
    known_ids = {str(row["provision_id"]) for row in school.provisions}
    changes = {
        provision_id: {field: typed for field, typed in fields.items() if field != _TAKEN_IN}
        for provision_id, fields in plan.changes.items()
        if provision_id in known_ids
    }
    kept = {"id": plan.id, "name": plan.name, "school": plan.school, "changes": changes}
    with _in_a_sentence():
        return planner.price(school.data, planner.from_plain(kept))


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What the planner cannot take is said on the screen."""
    try:
        yield
    except ValueError as problem:
        raise Refused(str(problem)) from problem


def _totals_html(found: Priced) -> Markup:
    return draw("provision_map/plan_totals.html", priced=found)


def _one_html(row: PlanRow) -> Markup:
    from senco_kit.provision.planner import difference

    return draw("provision_map/plan_one.html", says=difference(row.now, row.then))


# ----------------------------------------------------------------------------------------------------------- views


def _plans(school: OpenSchool, values: Mapping[str, str], errors: Mapping[str, str]) -> View:
    plans, unreadable = _priced_plans(school)
    html = draw(
        "provision_map/plans.html",
        school=school,
        plans=plans,
        unreadable=unreadable,
        now=priced(school, None).now,
        name=_NAME,
        values={"name": f"Plan {len(plans) + len(unreadable) + 1}", "from": ""} | dict(values),
        errors=errors,
    )
    return View("Planner", html, focus="errors" if errors else "")


def _priced_plans(school: OpenSchool) -> tuple[list[tuple[SavedScenario, Priced]], list[tuple[SavedScenario, str]]]:
    """The plans with what they come to; and those that cannot be read, each with the sentence that says why."""
    read, unreadable = [], []
    for plan in _all(school):
        try:
            read.append((plan, priced(school, plan)))
        except Refused as refusal:
            unreadable.append((plan, str(refusal)))
    return read, unreadable


def _plan(school: OpenSchool, plan: SavedScenario) -> View:
    from senco_kit.provision.cost import planning_rates
    from senco_kit.provision.planner import FIELDS

    found = priced(school, plan)
    taken = [
        {
            "row": row,
            "values": plan.changes[str(row.provision_id)],
            "now": school.provision(str(row.provision_id)) | {"runs": 1},
            "html": _one_html(row),
        }
        for row in found.rows
        if str(row.provision_id) in plan.changes
    ]
    html = draw(
        "provision_map/plan.html",
        school=school,
        plan=plan,
        form=f"scenario:{school.key}:{plan.id}",
        taken=taken,
        fields={key: label for key, (label, ends) in FIELDS.items() if ends is not None},
        roles=list(planning_rates()),
        others=[row for row in found.rows if str(row.provision_id) not in plan.changes],
        totals=_totals_html(found),
        name=_NAME,
    )
    return View(plan.name, html)


def _side_by_side(school: OpenSchool) -> View:
    plans = [found for _, found in _priced_plans(school)[0]]
    by_id = [{row.provision_id: row for row in plan.rows} for plan in plans]
    touched = {row.provision_id for plan in plans for row in plan.rows if row.changed}
    now = priced(school, None)
    html = draw(
        "provision_map/plans_beside.html",
        school=school,
        now=now.now,
        rows=[row for row in now.rows if row.provision_id in touched],
        columns=list(zip(plans, by_id, strict=True)),
    )
    return View("Plans side by side", html)


def _share(school: OpenSchool, what: str, values: Mapping[str, str], says: str) -> View:
    rows = priced(school, None).rows
    usual = {f"of-{row.provision_id}": _amount_now(row, what) for row in rows}
    html = draw(
        "provision_map/share.html",
        school=school,
        what=what,
        rows=[(row, usual[f"of-{row.provision_id}"]) for row in rows],
        values={"limit": _usual_limit(school, what)} | usual | dict(values),
        says=says,
    )
    return View("Share out", html, focus="share-says" if says else "")


def _amount_now(row: PlanRow, what: str) -> str:
    return f"{row.now.cost_with_preparation:.0f}" if what == "money" else f"{row.now.hours_a_week:.1f}"


def _usual_limit(school: OpenSchool, what: str) -> str:
    if what == "money":
        line = next((row for row in school.funding if row["funding_line"] == "notional SEN"), None)
        return f"{line['budget']:.0f}" if line and known(line["budget"]) else ""
    hours = [row["weekly_hours"] for row in school.adults if known(row["weekly_hours"])]
    return f"{sum(hours):.0f}" if hours else ""


# ------------------------------------------------------------------------------------------- what is kept and done


def save(school: OpenSchool, plan_id: str, name: str, value: str) -> dict[str, Markup]:
    """Keep one change of a plan (`PROVISION/FIELD`) or its name; gives what it comes to."""
    plan = _one(school, plan_id)
    if name == "name":
        check(_NAME, value)
        with work() as store:
            store.scenarios.rename(plan_id, value)
        return {}
    from senco_kit.provision.planner import FIELDS, typed_value

    provision_id, _, field = name.partition("/")
    school.provision(provision_id)
    if field not in FIELDS:
        raise Refused("The page sent a change that the kit does not ask for. Reload the page.")
    with _in_a_sentence():
        typed_value(field, value)
    with work() as store:
        store.scenarios.save_change(plan.id, provision_id, field, value)
        if provision_id not in plan.changes:
            store.scenarios.save_change(plan.id, provision_id, _TAKEN_IN, "yes")
    found = priced(school, _one(school, plan_id))
    changed = next(row for row in found.rows if str(row.provision_id) == provision_id)
    return {"plan-totals": _totals_html(found), f"plan-one-{provision_id}": _one_html(changed)}


def press(school: OpenSchool, action: str, values: Mapping[str, str]) -> Answer:
    """Start or delete a plan, take a provision into it or out, share out."""
    base = f"{school.key}/planner"
    match action:
        case "plan-start":
            return _start(school, values)
        case "plan-take":
            return _take(school, values)
        case "plan-leave":
            plan = _one(school, values.get("plan", ""))
            provision_id = values.get("provision", "")
            with work() as store:
                store.scenarios.leave_out(plan.id, provision_id)
            return GoTo(f"{base}/{plan.id}", "It is as it is now again.")
        case "plan-delete":
            plan = _one(school, values.get("plan", ""))
            with work() as store:
                store.scenarios.delete(plan.id)
            return GoTo(base, f"“{plan.name}” is deleted.")
        case "share":
            return _share_out(school, values)
        case _:
            raise Refused("This button does nothing here. Reload the page.")


def _start(school: OpenSchool, values: Mapping[str, str]) -> Answer:
    errors = errors_of([_NAME], values)
    if errors:
        return _plans(school, values, errors)
    with work() as store:
        plan = store.scenarios.create(values["name"], school.plans_key, values.get("from") or None)
    return GoTo(f"{school.key}/planner/{plan.id}", "Your plan is started. Every change is saved by itself.")


def _take(school: OpenSchool, values: Mapping[str, str]) -> Answer:
    plan = _one(school, values.get("plan", ""))
    provision_id = values.get("provision", "")
    row = school.provision(provision_id)
    with work() as store:
        store.scenarios.save_change(plan.id, provision_id, _TAKEN_IN, "yes")
    view = _plan(school, _one(school, plan.id))
    return View(view.title, view.html, focus=f"planned-{row['provision_id']}")


def _share_out(school: OpenSchool, values: Mapping[str, str]) -> Answer:
    from senco_kit.provision.planner import share_out

    what = "hours" if values.get("what") == "hours" else "money"
    limit = _amount("What there is", values.get("limit", ""))
    amounts = {}
    for name, typed in values.items():
        if name.startswith("of-"):
            row = school.provision(name.removeprefix("of-"))
            amounts[int(row["provision_id"])] = _amount(str(row["name"]), typed)
    if what == "money":
        shared = share_out(amounts, limit)
    else:
        shared = share_out(amounts, limit, unit="hours", what="The week's adult hours")
    return _share(school, what, values, shared.says)


def _amount(label: str, typed: str) -> float:
    check(Number(name="amount", label=label, lowest=0, highest=10_000_000), typed)
    return number_typed(typed) if typed.strip() else 0.0
