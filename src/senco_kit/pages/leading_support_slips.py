"""Session slips: what support staff are told before a session, and the record that comes back to the teacher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from markupsafe import Markup

from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask
from senco_kit.pages.leading_support_school import support_school
from senco_kit.pages.work import work
from senco_kit.planning import support, support_checks
from senco_kit.planning.model import Cycle, Record


def all_of(cycle: Cycle) -> View:
    """Every slip: those that wait for a record, those that the teacher has not read, the rest."""
    slips = sorted(cycle.of("slip"), key=lambda slip: (slip.text("day") or "9999", slip.created_at))
    groups = (
        ("Waiting for a record", [slip for slip in slips if support.waits_for_record(slip)]),
        ("The teacher has not read the record yet", [slip for slip in slips if support.waits_for_teacher(slip)]),
        ("Read", [slip for slip in reversed(slips) if slip.is_ticked("read") and not support.waits_for_record(slip)]),
    )
    html = draw("leading/support_slips.html", cycle=cycle, groups=groups, day_of=day_of, late=_is_late)
    return View("Session slips", html)


def day_of(slip: Record) -> str:
    """The day of a slip in words, "" when there is none."""
    day = slip.day("day")
    return in_words(day) if day else ""


def _is_late(slip: Record) -> bool:
    day = slip.day("day")
    return day is not None and day < date.today()


def one(cycle: Cycle, record_id: str) -> View:
    """One slip: before the session, after it, and what the teacher makes of it."""
    slip = cycle.find(record_id, "slip")
    if slip is None:
        raise Refused("This slip is no longer here. Go back to Session slips.")
    html = draw(
        "leading/support_slip.html",
        cycle=cycle,
        slip=slip,
        before=ask(slip, *support.BEFORE),
        after=ask(slip, *support.AFTER),
        by_teacher=ask(slip, *support.BY_TEACHER),
        standing=standing_of(slip),
    )
    return View("A session slip", html)


def standing_of(slip: Record) -> Markup:
    """Where a slip stands, in a sentence."""
    if support.waits_for_record(slip):
        return Markup("No record has come back yet.")
    if support.waits_for_teacher(slip):
        return Markup("A record has come back. The teacher has not read it yet.")
    return Markup("The teacher has read the record.")


def from_slot(cycle: Cycle, slot_id: str) -> GoTo:
    """Begin a slip for an entry of the week: adult, next day of it and group are filled in."""
    record = cycle.find(slot_id, "slot")
    slot = support.slot_of(record) if record else None
    if slot is None:
        raise Refused("Say first which adult, when and what this entry is about. Then write a slip for it.")
    who = support_checks.doing(slot, support_school(cycle, "all").names)
    said = {
        "slot": slot.id,
        "adult": slot.adult,
        "day": _next(slot.day, date.today()).isoformat(),
        "who": f"{who[:1].upper()}{who[1:]}"[:200],
    }
    with work() as store:
        slip_id = store.cycles.add(cycle.id, "slip", said)
    return GoTo(f"{cycle.id}/support/{slip_id}", "Session slip begun. Say what the pupils are to learn.")


def _next(weekday: int, today: date) -> date:
    """The next such day of the week (1 is Monday), today included."""
    return today + timedelta(days=(weekday - today.isoweekday()) % 7)


def on_paper(cycle: Cycle, slip_id: str = "") -> View:
    """Slips as they are printed, two on a page: one of them, or all that wait for a record."""
    slips: Sequence[Record] = [slip for slip in cycle.of("slip") if support.waits_for_record(slip)]
    if slip_id:
        found = cycle.find(slip_id, "slip")
        slips = [found] if found else []
    if not slips:
        raise Refused("There is no slip to print. Write one first: every slip without a record is printed here.")
    ordered = sorted(slips, key=lambda slip: (slip.text("day") or "9999", slip.created_at))
    html = draw(
        "leading/support_slips_print.html",
        cycle=cycle,
        slips=ordered,
        day_of=day_of,
        independence=support.INDEPENDENCE,
    )
    return View("Session slips to print", html)
