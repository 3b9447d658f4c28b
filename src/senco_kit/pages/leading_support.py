"""Support staff: the week of adults, its checks, session slips, role objectives.

Places, after the cycle and the room:

    (nothing)         the adults, what the checks found, the ways on
    checks            every check with all that it found
    adult/KEY         the week of one adult (KEY is made of the label)
    day/1 ... day/5   all adults on one day
    build             lesson times, and the week made from the provision map
    empty             the question before the week is emptied
    slips, slips/print, slips/print/ID     session slips; on paper, two on a page
    objectives        role objectives, and examples of them
    ID                one entry of the week, one slip or one objective
"""

from __future__ import annotations

from collections.abc import Mapping

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, Download, Parts, View
from senco_kit.pages import leading_support_objectives as objectives
from senco_kit.pages import leading_support_slips as slips
from senco_kit.pages import leading_support_week as week
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import take_finding
from senco_kit.pages.leading_support_school import results, support_school
from senco_kit.pages.work import work
from senco_kit.planning import support, support_checks
from senco_kit.planning.model import Cycle
from senco_kit.planning.support_checks import CHECKS


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room."""
    match rest:
        case []:
            return _overview(cycle)
        case ["checks"]:
            return week.checks(cycle)
        case ["adult", key]:
            return week.of_adult(cycle, key)
        case ["day", ("1" | "2" | "3" | "4" | "5") as day]:
            return week.of_day(cycle, int(day))
        case ["build"]:
            return week.build(cycle)
        case ["empty"]:
            return week.empty_question(cycle)
        case ["slips"]:
            return slips.all_of(cycle)
        case ["slips", "print"]:
            return slips.on_paper(cycle)
        case ["slips", "print", slip_id]:
            return slips.on_paper(cycle, slip_id)
        case ["objectives"]:
            return objectives.all_of(cycle)
        case [record_id]:
            return _record(cycle, record_id)
        case _:
            raise Refused("There is no such place on this page.")


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """What a button of the room stands for."""
    match action:
        case "timetable":
            return week.from_timetable(cycle)
        case "propose":
            return week.propose(cycle)
        case "empty":
            return week.empty(cycle)
        case "take":
            return take_finding(cycle, values)
        case "slip":
            return slips.from_slot(cycle, values.get("slot", ""))
        case "example":
            return objectives.from_example(cycle, values.get("example", ""))
        case "excel":
            return _excel(cycle)
        case _:
            raise Refused("The page sent something that the kit does not know. Reload the page.")


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """What else changes on the page of a record when one of its answers is saved."""
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    record = cycle.find(record_id)
    if record is None:
        return None
    match record.kind:
        case "slot":
            return {"slot-checks": week.checks_of_slot(cycle, record)}
        case "slip":
            return {"slip-standing": slips.standing_of(record)}
        case "role-objective":
            return {"objective-check": objectives.check_of(record)}
        case _:
            return None


def standing(cycle: Cycle) -> str:
    """How much stands in the week and what is open, from the records alone."""
    slots = support.slots_of(cycle)
    waiting = sum(support.waits_for_record(slip) for slip in cycle.of("slip"))
    said = []
    if slots:
        found = len(support_checks.clashes(slots))
        entries = "1 entry" if len(slots) == 1 else f"{len(slots):,} entries"
        said.append(f"{entries} in the week, {found} {'clash' if found == 1 else 'clashes'}")
    if waiting:
        said.append(f"{waiting} {'slip waits' if waiting == 1 else 'slips wait'} for a record")
    return "; ".join(said)


def _overview(cycle: Cycle) -> View:
    slots, known = support.slots_of(cycle), support_school(cycle)
    html = draw(
        "leading/support.html",
        cycle=cycle,
        slots=slots,
        unfinished=support.unfinished(cycle),
        adults=week.adult_rows(cycle, slots),
        days=support.DAYS,
        checks=CHECKS,
        found=results(cycle, slots, known),
        why_not=known.why_not,
        waiting=sum(support.waits_for_record(slip) for slip in cycle.of("slip")),
        unread=sum(support.waits_for_teacher(slip) for slip in cycle.of("slip")),
        objectives=len(cycle.of("role-objective")),
    )
    return View("Support staff", html)


def _record(cycle: Cycle, record_id: str) -> View:
    record = cycle.find(record_id)
    match record.kind if record else "":
        case "slot":
            return week.one_slot(cycle, record_id)
        case "slip":
            return slips.one(cycle, record_id)
        case "role-objective":
            return objectives.one(cycle, record_id)
        case _:
            raise Refused("This is no longer here, perhaps it was removed in another tab. Go back to Support staff.")


def _excel(cycle: Cycle) -> Download:
    from senco_kit.reports.planning_week_excel import planning_week

    slots, known = support.slots_of(cycle), support_school(cycle)
    if not slots:
        raise Refused("The week is empty: there is nothing to put into a workbook yet.")
    data = planning_week(cycle.name, slots, support.contracts(cycle), known.names, results(cycle, slots, known))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Download(
        "support-week.xlsx", kind, data, "The workbook is ready. It holds pupils’ codes: keep it in school."
    )
