"""Staff and training: the staff list, one member, the training record. What it leads to has modules beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages import leading_staff_excel, leading_staff_needs, leading_staff_session
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import take_finding
from senco_kit.pages.leading_forms import ask, ask_ticks
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.work import work
from senco_kit.planning import training, training_needs
from senco_kit.planning.competences_file import LEVELS, TEAMS, Competence, competences
from senco_kit.planning.labels import in_order
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.observations import year_named
from senco_kit.schools import codes
from senco_kit.schools.keys import order_of

#: Lists of no more than this are shown open; longer ones are folded by team or by how a training stands.
_FEW = 12


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room."""
    match rest:
        case []:
            return _list(cycle)
        case ["training"]:
            return _record(cycle)
        case ["gaps"]:
            return leading_staff_needs.gaps(cycle)
        case ["pupils"]:
            return leading_staff_needs.pupils(cycle)
        case ["matrix"]:
            return leading_staff_needs.matrix(cycle)
        case ["matrix", team]:
            return leading_staff_needs.matrix(cycle, team)
        case ["session", competence_id]:
            return leading_staff_session.sessions(cycle, competence_id)
        case ["session", competence_id, part]:
            return leading_staff_session.plan(cycle, competence_id, part)
        case ["excel"]:
            return leading_staff_excel.page(cycle)
        case [record_id]:
            return _one(cycle, record_id)
        case _:
            raise Refused("There is no such place on this page.")


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """What a button of the room stands for."""
    match action:
        case "invented":
            return _invented(cycle)
        case "add-training":
            return _add_training(cycle, values.get("member", ""))
        case "remove-member":
            return _remove_member(cycle, values.get("member", ""))
        case "take":
            return take_finding(cycle, values)
        case "plan-session":
            return leading_staff_session.add(cycle, values)
        case "export":
            return leading_staff_excel.export(cycle)
        case "template":
            return leading_staff_excel.template()
        case _:
            raise Refused("The page sent something that the kit does not know. Reload the page.")


def take_file(cycle: Cycle, action: str, data: bytes) -> Answer:
    """Take a workbook of staff and training."""
    return leading_staff_excel.take(cycle, data)


def standing(cycle: Cycle) -> str:
    """How many staff and trainings there are."""
    staff, trainings = len(cycle.of("staff")), len(cycle.of("training"))
    return f"{staff} staff, {trainings} {'training' if trainings == 1 else 'trainings'}" if staff or trainings else ""


# ------------------------------------------------------------------------------------------------- the lists


@dataclass(frozen=True)
class Shown:
    """A training with how it stands today, in words."""

    record: Record
    member: Record | None
    standing: str
    style: str = ""


def _shown(cycle: Cycle, record: Record, today: date) -> Shown:
    member = cycle.find(record.text("staff"), "staff")
    if training_needs.is_expired(record, today):
        return Shown(record, member, "Has run out", "stop")
    if training_needs.is_planned(record, today):
        return Shown(record, member, "Planned", "adapt")
    if training_needs.ends_soon(record, today):
        return Shown(record, member, "Runs out soon", "to-check")
    return Shown(record, member, "Valid")


def _list(cycle: Cycle) -> View:
    today = date.today()
    staff = training_needs.Staff(cycle, today)
    teams = [
        (TEAMS.get(team, ""), [_row(staff, member) for member in sorted(members, key=_by_label)])
        for team, members in staff.teams.items()
        if members
    ]
    html = draw(
        "leading/staff.html",
        cycle=cycle,
        teams=teams,
        all_open=len(staff.members) <= _FEW,
        trainings=len(cycle.of("training")),
        is_invented=order_of(cycle.school) is not None,
    )
    return View("Staff and training", html)


def _by_label(member: Record) -> list[tuple[int, str]]:
    return in_order(member.text("label").casefold())


def _row(staff: training_needs.Staff, member: Record) -> tuple[Record, int, int]:
    """A member with the number of trainings that are valid and of those that have run out."""
    trainings = staff.trainings.get(member.id, ())
    expired = sum(1 for each in trainings if training_needs.is_expired(each, staff.today))
    planned = sum(1 for each in trainings if training_needs.is_planned(each, staff.today))
    return member, len(trainings) - expired - planned, expired


def _record(cycle: Cycle) -> View:
    today = date.today()
    order = ("Has run out", "Runs out soon", "Planned", "Valid")
    shown = sorted(
        (_shown(cycle, each, today) for each in cycle.of("training")),
        key=lambda each: (order.index(each.standing), each.record.text("expires") or each.record.text("date")),
    )
    html = draw(
        "leading/staff_training.html",
        cycle=cycle,
        groups=[(words, [each for each in shown if each.standing == words]) for words in order],
        all_open=len(shown) <= _FEW,
        soon_days=training_needs.SOON_DAYS,
    )
    return View("Training record", html)


# ---------------------------------------------------------------------------------- one member, one training


def _one(cycle: Cycle, record_id: str) -> View:
    record = cycle.find(record_id)
    if record is not None and record.kind == "staff":
        return _member(cycle, record)
    if record is not None and record.kind == "training":
        return _training(cycle, record)
    raise Refused("This is no longer here, perhaps it was removed in another tab. Go back to Staff and training.")


def _member(cycle: Cycle, member: Record) -> View:
    today = date.today()
    staff = training_needs.Staff(cycle, today)
    team = training_needs.team_of(member)
    asked = [each for each in competences().values() if team in each.asked_of]
    html = draw(
        "leading/staff_member.html",
        cycle=cycle,
        member=member,
        name=member.text("label") or "A member of staff without a label",
        team=TEAMS.get(team, ""),
        about=ask(member, "label", "role", "year", "hours", "started", "new", "leads"),
        trainings=[_shown(cycle, each, today) for each in staff.trainings.get(member.id, ())],
        general=[_stands(staff, member, team, each) for each in asked if each.is_general],
        by_need=[_stands(staff, member, team, each) for each in asked if not each.is_general],
        year=codes.YEARS.get(year_named(member.text("year")), ""),
        in_year=_pupils_of_year(cycle, member),
    )
    return View(f"Staff: {member.text('label')}", html)


def _stands(
    staff: training_needs.Staff, member: Record, team: str, competence: Competence
) -> tuple[Competence, str, int, bool, object]:
    """A competence, where the member stands in words, what is asked, whether that is reached, and the question."""
    standing = staff.standing(member, competence)
    how = {"said": "as they said", "trained": "from training that is valid"}.get(standing.how, "")
    words = f"{standing.level}, {LEVELS[standing.level].lower()} ({how})" if how else "not known yet"
    if standing.expired:
        words += "; some training has run out"
    level = competence.asked_of[team]
    return competence, words, level, standing.level >= level, ask(member, f"has/{competence.id}")


def _pupils_of_year(cycle: Cycle, member: Record) -> list[tuple[str, int]]:
    """The pupils with SEN in the member's own year group, by type of need."""
    year = year_named(member.text("year"))
    by_year = leading_staff_needs.pupils_of(cycle).by_year if year else {}
    return [(codes.SEN_TYPE_NAMES[need], years[year]) for need, years in by_year.items() if years.get(year)]


def _training(cycle: Cycle, record: Record) -> View:
    member = cycle.find(record.text("staff"), "staff")
    ticks = ask_ticks(
        record,
        "covers",
        "Was it about any of these?",
        "Tick what it was about, if it was about more than a type of need.",
        [(each.id, each.title, "") for each in competences().values() if each.is_general],
    )
    html = draw(
        "leading/staff_training_one.html",
        cycle=cycle,
        record=record,
        member=member,
        shown=_shown(cycle, record, date.today()),
        form=ask(record),
        ticks=ticks,
    )
    return View(record.text("course") or "A training", html)


# ----------------------------------------------------------------------------------------------- what buttons do


def _invented(cycle: Cycle) -> GoTo:
    school = school_of(cycle)
    if school.tables is None:
        raise Refused("The data of this cycle has no staff records. Add staff here, or bring them in from Excel.")
    records = training.staff_records(school.tables, cycle.school)
    with work() as store:
        store.cycles.add_many(cycle.id, records)
    staff = sum(1 for each in records if each.kind == "staff")
    return GoTo(f"{cycle.id}/staff", f"{staff} invented staff and {len(records) - staff} trainings are here.")


def _add_training(cycle: Cycle, member_id: str) -> GoTo:
    if cycle.find(member_id, "staff") is None:
        raise Refused("This member of staff is no longer here. Go back to Staff and training.")
    with work() as store:
        record_id = store.cycles.add(cycle.id, "training", {"staff": member_id})
    return GoTo(f"{cycle.id}/staff/{record_id}", "Training added. Say what it was.")


def _remove_member(cycle: Cycle, member_id: str) -> GoTo:
    member = cycle.find(member_id, "staff")
    if member is None:
        raise Refused("This member of staff is no longer here: nothing was removed.")
    trainings = [each for each in cycle.of("training") if each.text("staff") == member_id]
    with work() as store:
        store.cycles.remove(cycle.id, member_id, *(each.id for each in trainings))
    return GoTo(f"{cycle.id}/staff", f"Removed, with {len(trainings)} of the training record.")
