"""The week of support staff: one adult, one day, one entry, its checks, and how it is made from the provision map."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import ChooseOne, Option
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask_single
from senco_kit.pages.leading_support_school import SupportSchool, results, support_school
from senco_kit.pages.work import work
from senco_kit.planning import support, support_checks, support_week
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.support import DAYS, Lessons, Slot, clock
from senco_kit.planning.support_checks import CHECKS, Check, Result, hours_in_words
from senco_kit.small_counts import is_small

#: So many results of one check are shown; the rest follow once these are put right.
MOST_SHOWN = 30


# -------------------------------------------------------------------------------------------------------- the adults


@dataclass(frozen=True)
class AdultRow:
    """An adult with what stands in the week."""

    key: str
    label: str
    role: str
    in_week: str
    contract: str
    with_pupils: str
    is_over: bool


def key_of(label: str) -> str:
    """How an adult stands in an address: labels may hold anything."""
    return hashlib.sha256(label.encode()).hexdigest()[:12]


def adult_rows(cycle: Cycle, slots: Sequence[Slot]) -> list[AdultRow]:
    """Every adult who is in the week, or in the list of staff in a supporting role."""
    roles = {support.one_line(one.text("label")): one.text("role") for one in cycle.of("staff") if one.text("label")}
    supporting = [label for label, role in roles.items() if role and role != "teacher"]
    hours, minutes = support.contracts(cycle), support_checks.busy_minutes(slots)
    with_pupils = support_checks.busy_minutes(slot for slot in slots if slot.activity in support.WITH_PUPILS)
    return [
        AdultRow(
            key_of(label),
            label,
            roles.get(label, ""),
            hours_in_words(minutes.get(label, 0)),
            hours_in_words(hours[label] * 60) if label in hours else "",
            hours_in_words(with_pupils.get(label, 0)),
            label in hours and minutes.get(label, 0) > hours[label] * 60,
        )
        for label in support.adults_of(slots, supporting)
    ]


# ------------------------------------------------------------------------------------------------------------ tables


@dataclass(frozen=True)
class Cell:
    """A slot as a table shows it."""

    id: str
    when: str
    doing: str
    clashes: bool


@dataclass(frozen=True)
class Grid:
    """A table of slots: the names of its columns, and each row's name with its cells in the order of the columns."""

    corner: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]
    links: tuple[str, ...] = ()


def of_adult(cycle: Cycle, key: str) -> View:
    """The week of one adult: times down, days across."""
    slots, known = support.slots_of(cycle), support_school(cycle)
    row = next((row for row in adult_rows(cycle, slots) if row.key == key), None)
    if row is None:
        raise Refused("This adult is no longer in the week. Go back to Support staff.")
    mine = [slot for slot in slots if slot.adult == row.label]
    lessons = support.lessons_of(cycle)
    times = _times(mine, lessons)
    cells = _cells(mine, known, _clashing(slots))
    grid = Grid(
        "Time",
        DAYS,
        tuple(
            (clock(time), tuple(_in(cells, mine, lessons, time, day) for day in range(1, len(DAYS) + 1)))
            for time in times
        ),
    )
    found = results(cycle, slots, known)
    html = draw(
        "leading/support_adult.html",
        cycle=cycle,
        row=row,
        grid=grid,
        by_column=_by_column(grid),
        says=[each.says for those in found.values() for each in those if _concerns(each, row.label, mine)],
    )
    return View(f"Week of {row.label}", html)


def of_day(cycle: Cycle, day: int) -> View:
    """All adults on one day: adults down, times across."""
    slots, known = support.slots_of(cycle), support_school(cycle)
    today = [slot for slot in slots if slot.day == day]
    lessons = support.lessons_of(cycle)
    times, rows = _times(today, lessons), adult_rows(cycle, slots)
    cells = _cells(today, known, _clashing(slots))
    by_adult: dict[str, list[Slot]] = {row.label: [] for row in rows}
    for slot in today:
        by_adult[slot.adult].append(slot)
    grid = Grid(
        "Adult",
        tuple(clock(time) for time in times),
        tuple(
            (row.label, tuple(_in(cells, by_adult[row.label], lessons, time, day) for time in times)) for row in rows
        ),
        tuple(f"adult/{row.key}" for row in rows),
    )
    html = draw("leading/support_day.html", cycle=cycle, day=day, days=DAYS, grid=grid)
    return View(f"{DAYS[day - 1]}: support staff", html)


def _times(slots: Iterable[Slot], lessons: Lessons) -> list[int]:
    """Every lesson, and what begins outside lessons."""
    return sorted({*lessons.starts, *(_row_of(slot, lessons) for slot in slots)})


def _row_of(slot: Slot, lessons: Lessons) -> int:
    lesson = lessons.holding(slot.start)
    return slot.start if lesson is None else lesson


def _cells(slots: Iterable[Slot], known: SupportSchool, clashing: set[str]) -> dict[str, Cell]:
    return {
        slot.id: Cell(
            slot.id,
            f"{clock(slot.start)} to {clock(slot.end)}" + (f", week {slot.week}" if slot.week else ""),
            _capital(support_checks.doing(slot, known.names)),
            slot.id in clashing,
        )
        for slot in slots
    }


def _in(cells: dict[str, Cell], slots: Iterable[Slot], lessons: Lessons, time: int, day: int) -> tuple[Cell, ...]:
    here = [slot for slot in slots if slot.day == day and _row_of(slot, lessons) == time]
    return tuple(cells[slot.id] for slot in sorted(here, key=lambda slot: (slot.start, slot.id)))


def _by_column(grid: Grid) -> list[tuple[str, list[Cell]]]:
    """The same by column, for narrow screens: each day with all its slots in order."""
    return [
        (name, [cell for _, cells in grid.rows for cell in cells[place]]) for place, name in enumerate(grid.columns)
    ]


def _clashing(slots: Iterable[Slot]) -> set[str]:
    return {slot_id for each in support_checks.clashes(slots) for slot_id in each.slots}


def _concerns(each: Result, adult: str, mine: Iterable[Slot]) -> bool:
    if each.check == "clash":
        return bool({slot.id for slot in mine}.intersection(each.slots))
    return each.check in ("hours", "tied", "preparation") and each.who == adult


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# ------------------------------------------------------------------------------------------------------------ checks


@dataclass(frozen=True)
class Found:
    """A result with the finding that it can be taken as, None where the whole check is taken instead."""

    result: Result
    take: dict[str, str] | None


def checks(cycle: Cycle) -> View:
    """Every check with what it found, each to be taken as a finding."""
    slots, known = support.slots_of(cycle), support_school(cycle)
    found = results(cycle, slots, known)
    shown = [
        (
            check,
            len(found[check.key]),
            [Found(each, _finding(check, each)) for each in found[check.key][:MOST_SHOWN]],
            _finding_of_all(check, found[check.key]),
        )
        for check in CHECKS
    ]
    keys = {label: key_of(label) for label in support.adults_of(slots, ())}
    html = draw(
        "leading/support_checks.html",
        cycle=cycle,
        shown=shown,
        keys=keys,
        by_id={slot.id: slot for slot in slots},
        why_not=known.why_not,
        most=MOST_SHOWN,
        unfinished=support.unfinished(cycle),
        no_hours=[row.label for row in adult_rows(cycle, slots) if not row.contract],
    )
    return View("Checks of the week", html)


#: Findings are read by others: what is found about pupils is taken as one finding without their codes.
_OF_ALL = ("clash", "missed")


def _finding(check: Check, each: Result) -> dict[str, str] | None:
    if check.key in _OF_ALL:
        return None
    pupil = str(each.figures.get("pupil", ""))
    says = each.says.replace(f"with pupil {pupil}:", "with one pupil:", 1) if pupil else each.says
    return _take(check, says, each.ref)


def _finding_of_all(check: Check, those: Sequence[Result]) -> dict[str, str] | None:
    if check.key not in _OF_ALL or not those:
        return None
    if check.key == "clash":
        count = f"{len(those)} times" if not is_small(len(those)) else "sometimes"
        return _take(check, f"In the week of support staff, {count} someone is planned in two places at once.", "")
    pupils = len({each.who for each in those})
    count = f"{pupils} pupils are" if not is_small(pupils) else "Some pupils are"
    return _take(check, f"{count} taken out of the same lesson again and again for extra provision.", "")


def _take(check: Check, what: str, ref: str) -> dict[str, str]:
    return {
        "what": what,
        "source": "support",
        "wherefrom": f"Support staff’s week, check “{check.several}”. Rule: {check.rule}",
        "foundon": date.today().isoformat(),
        "area": "all",
        "effect": "hinders",
        "within": "inside",
        "ref": ref or f"support/{check.key}/all",
    }


# ----------------------------------------------------------------------------------------------------------- one slot


def one_slot(cycle: Cycle, record_id: str) -> View:
    """One entry of the week, to be changed."""
    record = cycle.find(record_id, "slot")
    if record is None:
        raise Refused("This entry is no longer here. Go back to Support staff.")
    known = support_school(cycle, "all")
    slot = support.slot_of(record)
    html = draw(
        "leading/support_slot.html",
        cycle=cycle,
        record=record,
        title=slot.when if slot else "An entry of the week",
        adult=_adult_field(cycle, record),
        provision=_provision_field(known, record),
        field=support.SLOT.field,
        checks=checks_of_slot(cycle, record),
        adult_key=key_of(slot.adult) if slot else "",
        why_not=known.why_not,
    )
    return View("An entry of the week", html)


def _adult_field(cycle: Cycle, record: Record) -> ChooseOne | None:
    """The adults as a list to choose from; None while none is known, so that a label is typed."""
    labels = {support.one_line(one.text("label")) for one in (*cycle.of("staff"),) if one.text("label").strip()}
    labels |= {support.one_line(one.text("adult")) for one in cycle.of("slot") if one.text("adult").strip()}
    asked = support.SLOT.field("adult")
    options = [Option(label, label) for label in support.adults_of((), labels)]
    now = record.text("adult")
    if now and now not in labels:
        options.append(Option(now, now))
    return ChooseOne(name=asked.name, label=asked.label, options=tuple(options)) if options else None


def _provision_field(known: SupportSchool, record: Record) -> ChooseOne | None:
    asked, now = support.SLOT.field("provision"), record.text("provision")
    options = [Option(each.id, each.name) for each in known.plan]
    if now and now not in known.names:
        options.append(Option(now, now))
    return ChooseOne(name=asked.name, label=asked.label, options=tuple(options)) if options else None


def checks_of_slot(cycle: Cycle, record: Record) -> Markup:
    """What the checks say of one entry, and of the cover of its provision."""
    slot, slots = support.slot_of(record), support.slots_of(cycle)
    mine = [
        each.says
        for those in results(cycle, slots, support_school(cycle)).values()
        for each in those
        if slot is not None and _is_about(each, slot)
    ]
    return draw("leading/support_slot_checks.html", slot=slot, says=mine)


def _is_about(each: Result, slot: Slot) -> bool:
    if each.check in ("uncovered", "too-much"):
        return each.who == slot.provision
    return slot.id in each.slots or _concerns(each, slot.adult, [slot])


# ------------------------------------------------------------------------------------------------------ making the week


def build(cycle: Cycle, left: Sequence[str] = (), added: int = 0) -> View:
    """Lesson times, and the buttons that make the week."""
    known = support_school(cycle)
    html = draw(
        "leading/support_build.html",
        cycle=cycle,
        known=known,
        rule=support_week.RULE,
        slots=len(cycle.of("slot")),
        staff=len(support_week.adults_of_cycle(cycle)),
        fields=ask_single(cycle, support.WEEK),
        left=left,
        added=added,
        problem=_starts_problem(cycle),
    )
    return View("Make the week", html)


def _starts_problem(cycle: Cycle) -> str:
    said = cycle.single(support.WEEK.id)
    typed = said.text("starts") if said else ""
    if typed and not support.read_starts(typed):
        return (
            f"The lesson times “{typed[:60]}” cannot be read, so the usual ones are used: write them like "
            f"{support.USUAL_STARTS}."
        )
    return ""


def from_timetable(cycle: Cycle) -> View:
    """Fill the week from an invented school's timetable of adults."""
    if cycle.of("slot"):
        raise Refused("The week has entries already. Empty it first, then fill it from the timetable.")
    known = support_school(cycle, "all")
    if known.school is None or known.school.tables is None:
        raise Refused("The data of this cycle has no timetable of adults. Let the kit propose a week, or add entries.")
    tables, lessons = known.school.tables, support.lessons_of(cycle)
    made = support_week.from_deployment(tables["deployment"], known.adults, tables["pupils"], known.plan, lessons)
    return _keep(cycle, known, made)


def propose(cycle: Cycle) -> View:
    """Propose a week for what is planned and not in the week yet."""
    known = support_school(cycle)
    if known.school is None:
        raise Refused(known.why_not)
    adults = support_week.adults_of_cycle(cycle)
    if not adults:
        giving = {each.adult for each in known.plan}
        adults = [one for one in known.adults.values() if one.role != "teacher" or one.label in giving]
    if not adults:
        raise Refused(
            "The kit knows no adults with hours yet. Add them under “Staff and training”, each with a role and the "
            "hours of the contract, then come back."
        )
    made = support_week.propose(known.plan, adults, support.lessons_of(cycle), support.slots_of(cycle))
    return _keep(cycle, known, made)


def _keep(cycle: Cycle, known: SupportSchool, made: support_week.Proposal) -> View:
    """Keep the slots, and the adults of an invented school who are not in the list of staff yet."""
    from senco_kit.store.cycles import NewRecord

    here = {slot.adult for slot in made.slots}
    staff = [one.new for one in known.adults.values() if one.label in here and one.new is not None]
    with work() as store:
        store.cycles.add_many(cycle.id, [*staff, *(NewRecord("slot", slot.values()) for slot in made.slots)])
        cycle = store.cycles.one(cycle.id)
    return replace(build(cycle, made.left, len(made.slots)), focus="made")


def empty_question(cycle: Cycle) -> View:
    """The question before the week is emptied."""
    return View("Empty the week?", draw("leading/support_empty.html", cycle=cycle, slots=len(cycle.of("slot"))))


def empty(cycle: Cycle) -> GoTo:
    """Take every entry out of the week. Slips stay."""
    slots = cycle.of("slot")
    with work() as store:
        store.cycles.remove(cycle.id, *(slot.id for slot in slots))
    return GoTo(f"{cycle.id}/support/build", f"The week is empty: {len(slots):,} entries were removed.")
