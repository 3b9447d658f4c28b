"""The week of support made from the provision map: read from an invented school's timetable, or proposed by a rule.

Every session of every group becomes a slot of its own, so that each group's time and pupils can be checked and moved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from senco_kit.in_figures import known
from senco_kit.planning.support import PREPARING, STEP, Lessons, Slot, contracts, one_line
from senco_kit.planning.support_checks import PREPARATION_MINUTES, Planned, busy_minutes, given_minutes

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.planning.model import Cycle
    from senco_kit.provision.data import ProvisionData
    from senco_kit.store.cycles import NewRecord

#: The rule by which a week is proposed, in the words shown beside it.
RULE: Final = (
    f"Each adult who is no teacher gets {PREPARATION_MINUTES} minutes to prepare, where none stand in the week yet.",
    "Provisions with the most minutes a week come first; in each of them every group gets its first session, then "
    "every group its second, and so on.",
    "A session goes to the adult who gives the provision; where the map names only a role, to the adult in that role "
    "with the most hours left.",
    "It goes to a day on which the group has no session yet, in the lesson that the group’s pupils have missed least, "
    "at the earliest time at which the adult and all the pupils are free. Hours over contract are never planned.",
    "What stands in the week already stays, and only that counts as busy: put in first the lessons that a teacher who "
    "gives provision teaches. What finds no place is listed, and you decide.",
)

#: A role with these words teaches classes: such an adult is in the week only if the map needs them.
_TEACHER: Final = "teacher"
_DAY, _WEEK = 24 * 60 // STEP, 5


@dataclass(frozen=True)
class Adult:
    """An adult who can be planned: label, role, and hours a week in the contract.

    `new` is the record of an invented school's adult for the list of staff, None for those who come from that list.
    """

    label: str
    role: str
    hours: float
    new: NewRecord | None = None


@dataclass(frozen=True)
class Proposal:
    """The slots that a rule proposes (ids are numbers, made new when they are kept), and what it could not place."""

    slots: tuple[Slot, ...]
    left: tuple[str, ...]


# ------------------------------------------------------------------------------------------------- what the map plans


def planned(data: ProvisionData, half: str = "all", labels: Mapping[Any, str] | None = None) -> list[Planned]:
    """What a provision map plans beyond lessons, each with its real groups, in the order of the map.

    `half` is a key of support.HALVES; `labels` are the labels of adults by their numbers in the data. Universal
    provision happens in lessons and is left out. Groups that the data do not name are filled one after another, as
    provision/cost.py counts them. Raises nothing: a provision without sessions or pupils needs no time.
    """
    from senco_kit.provision.data import TERMS

    pupils = _pupils_by_provision(data)
    found = []
    for row in _rows(data.provisions):
        first, last = (TERMS.index(str(row[name])) for name in ("first_term", "last_term"))
        if str(row["tier"]) == "universal" or (half != "all" and not first <= int(half) < last):
            continue
        if not known(row["sessions_per_week"]) or not known(row["minutes"]):
            continue
        size = max(int(row["group_size"]), 1) if known(row["group_size"]) else 1
        found.append(
            Planned(
                id=str(row["provision_id"]),
                name=str(row["name"]),
                sessions_per_week=float(row["sessions_per_week"]),
                minutes=int(row["minutes"]),
                groups=_groups(pupils.get(row["provision_id"], []), size),
                role=str(row["role"]) if known(row["role"]) else "",
                adult=(labels or {}).get(row["staff_id"], ""),
            )
        )
    return found


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _pupils_by_provision(data: ProvisionData) -> dict[Any, list[tuple[str, str]]]:
    """The pupils (as they are named) in each provision, each with the name of the group, "" where there is none."""
    table = data.pupils
    named = dict(zip(table["pupil_id"], table["code"].astype(str), strict=True)) if "code" in table else {}
    groups = data.enrolments["group"] if "group" in data.enrolments else [None] * len(data.enrolments)
    found: dict[Any, list[tuple[str, str]]] = defaultdict(list)
    columns = (data.enrolments["provision_id"], data.enrolments["pupil_id"], groups)
    for provision, pupil, group in zip(*columns, strict=True):
        found[provision].append((named.get(pupil, str(pupil)), f"{group:g}" if known(group) else ""))
    return found


def _groups(pupils: Sequence[tuple[str, str]], size: int) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    all_named = all(group for _, group in pupils)
    for place, (pupil, group) in enumerate(pupils):
        found[group if all_named else str(place // size + 1)].append(pupil)
    return {group: tuple(found[group]) for group in sorted(found, key=lambda name: (len(name), name))}


def sessions(each: Planned) -> Iterator[tuple[str, str]]:
    """Every session of a week: the group, and "A" for one that is every other week. All first sessions come first.

    A part of a session a week, such as the half of 2.5, is planned every other week.
    """
    whole = int(each.sessions_per_week)
    for _ in range(whole):
        yield from ((group, "") for group in each.groups)
    if each.sessions_per_week - whole >= 0.25:
        yield from ((group, "A") for group in each.groups)


# ---------------------------------------------------------------------------------------- an invented school's own week


def adults_of_school(tables: Mapping[str, pd.DataFrame], school: str, cycle: Cycle) -> dict[int, Adult]:
    """The adults of an invented school by their numbers, called as the list of staff of the cycle calls them.

    One who is not in that list yet is called as the list would: see planning/training.py.
    """
    from senco_kit.planning.training import staff_records

    members = [new for new in staff_records(tables, school) if new.kind == "staff"]
    found = {}
    for number, new in zip(tables["staff"]["staff_id"], members, strict=True):
        there = cycle.find(new.id, "staff")
        label = one_line(there.text("label")) if there else ""
        found[int(number)] = Adult(label or new.values["label"], new.values["role"], float(new.values["hours"]), new)
    return found


def adults_of_cycle(cycle: Cycle) -> list[Adult]:
    """The adults in the list of staff whose role and hours are known."""
    hours = contracts(cycle)
    labels = {one_line(record.text("label")): record.text("role") for record in cycle.of("staff")}
    return [Adult(label, role, hours[label]) for label, role in labels.items() if role and label in hours]


def from_deployment(
    deployment: pd.DataFrame,
    adults: Mapping[int, Adult],
    pupils: pd.DataFrame,
    plan: Sequence[Planned],
    lessons: Lessons,
) -> Proposal:
    """The week of an invented school's support staff, from its timetable of adults.

    In the lessons in which an adult gives a provision, its sessions follow one another, as many as the lesson holds.
    Teachers are left out, unless they give a provision. Lesson times are those given: the table has only their order.
    """
    giving = set(deployment.loc[deployment["activity"] == "provision", "staff_id"])
    class_of = dict(zip(pupils["pupil_id"], pupils["class_name"], strict=True))
    by_id = {each.id: each for each in plan}
    slots: list[Slot] = []
    held: dict[str, list[Slot]] = defaultdict(list)
    for row in _rows(deployment):
        adult = adults[int(row["staff_id"])]
        if int(row["period"]) > len(lessons.starts) or (adult.role == _TEACHER and row["staff_id"] not in giving):
            continue
        slot = _of_lesson(row, adult.label, class_of, lessons)
        if slot.activity == "provision":
            held[slot.provision].append(slot)
        else:
            slots.append(slot)
    left = []
    for provision, those in held.items():
        if provision in by_id:
            packed, missing = _packed(by_id[provision], those)
            slots += packed
            if missing:
                left.append(_could_not(by_id[provision], missing, "its lessons in the timetable are full"))
    return Proposal(tuple(_numbered(slots)), tuple(left))


def _of_lesson(row: Mapping[str, Any], adult: str, class_of: Mapping[Any, Any], lessons: Lessons) -> Slot:
    pupil = row["pupil_id"]
    of_pupil = class_of.get(pupil) if known(pupil) else None
    school_class = row["class_name"] if known(row["class_name"]) else of_pupil
    return Slot(
        id="",
        adult=adult,
        day=int(row["weekday"]),
        start=lessons.starts[int(row["period"]) - 1],
        minutes=lessons.minutes,
        activity=str(row["activity"]),
        class_name=str(school_class) if known(school_class) else "",
        provision=str(int(row["provision_id"])) if known(row["provision_id"]) else "",
        pupils=(str(int(pupil)),) if known(pupil) else (),
    )


def _packed(each: Planned, held: Sequence[Slot]) -> tuple[list[Slot], int]:
    """The sessions of a provision put into the lessons held for it, and how many found no place.

    The lessons are taken in turn, the emptiest first, so that a group's sessions lie on different days where they can.
    """
    left = {at: slot.minutes for at, slot in enumerate(held)}
    days: dict[str, set[int]] = defaultdict(set)
    packed, missing = [], 0
    for group, week in sessions(each):
        fitting = [at for at in left if left[at] >= each.minutes]
        if not fitting:
            missing += 1
            continue
        at = min(fitting, key=lambda place: (held[place].day in days[group], held[place].day, held[place].start))
        slot = held[at]
        start = slot.start + slot.minutes - left[at]
        left[at] -= each.minutes
        days[group].add(slot.day)
        packed.append(
            replace(slot, start=start, minutes=each.minutes, group=group, pupils=each.groups[group], week=week)
        )
    return packed, missing


# ----------------------------------------------------------------------------------------------------- a week proposed


def propose(plan: Sequence[Planned], adults: Sequence[Adult], lessons: Lessons, there: Sequence[Slot] = ()) -> Proposal:
    """A week for what is planned and not yet in the week, by the simple rule that `RULE` says in words.

    It never makes a clash: neither an adult nor a pupil is put where they are busy already, in either week.
    """
    week = _Week(adults, lessons, there)
    _keep_time_to_prepare(week, adults, there)
    given = given_minutes(there)
    left = []
    for each in sorted(plan, key=lambda one: -one.weekly_minutes):
        able = _able(each, adults)
        if not able:
            if each.weekly_minutes > given.get(each.id, 0.0) + 0.5:
                left.append(_could_not(each, len(list(sessions(each))), _nobody(each)))
            continue
        missing = sum(not week.place(each, group, turn, able) for group, turn in _still_to_plan(each, there))
        if missing:
            left.append(_could_not(each, missing, "no adult who gives it is free when the pupils are, within hours"))
    return Proposal(tuple(_numbered(week.new)), tuple(left))


def _able(each: Planned, adults: Sequence[Adult]) -> list[Adult]:
    if each.adult and any(adult.label == each.adult for adult in adults):
        return [adult for adult in adults if adult.label == each.adult]
    return [adult for adult in adults if adult.role.casefold() == each.role.casefold()]


def _nobody(each: Planned) -> str:
    who = f"in the role “{each.role}”" if each.role else "who gives it"
    return f"the list of staff has no adult {who} with hours"


def _still_to_plan(each: Planned, there: Sequence[Slot]) -> list[tuple[str, str]]:
    """The sessions that are not in the week yet: each slot of the provision stands for one session of its group.

    Time that is there for no group in particular is taken off at the end.
    """
    wanted = list(sessions(each))
    spare = 0.0
    for slot in there:
        if slot.activity == "provision" and slot.provision == each.id:
            one = next((one for one in wanted if one[0] == slot.group), None)
            if one is None:
                spare += slot.weekly_minutes
            else:
                wanted.remove(one)
    return wanted[: len(wanted) - int(spare // each.minutes)] if spare >= each.minutes else wanted


def _keep_time_to_prepare(week: _Week, adults: Sequence[Adult], there: Sequence[Slot]) -> None:
    prepared = {slot.adult for slot in there if slot.activity in PREPARING}
    for adult in adults:
        if adult.label not in prepared and adult.role != _TEACHER:
            week.place_preparation(adult)


class _Week:
    """Who is busy when, as bits of five minutes: a number with a bit for each of them in five days."""

    def __init__(self, adults: Sequence[Adult], lessons: Lessons, there: Sequence[Slot]) -> None:
        self.lessons = lessons
        self.new: list[Slot] = []
        self.busy: dict[tuple[str, str], int] = defaultdict(int)
        self.missed: dict[tuple[str, int], int] = defaultdict(int)
        self.days: dict[tuple[str, str, int], int] = defaultdict(int)
        minutes = busy_minutes(there)
        self.hours_left = {adult.label: adult.hours * 60 - minutes.get(adult.label, 0) for adult in adults}
        for slot in there:
            self._take(slot)

    def place(self, each: Planned, group: str, turn: str, able: Sequence[Adult]) -> bool:
        """Put one session where it fits; whether there was a place."""
        pupils = each.groups[group]
        taken_by_pupils = 0
        for pupil in pupils:
            taken_by_pupils |= self.busy["pupil", pupil]
        for adult in sorted(able, key=lambda one: -self.hours_left[one.label]):
            if self.hours_left[adult.label] < each.minutes:
                continue
            taken = taken_by_pupils | self.busy["adult", adult.label]
            for day, start in self._in_order(each, group, pupils):
                if not taken & _bits(day, start, each.minutes):
                    slot = Slot(
                        "", adult.label, day, start, each.minutes, "provision", "", each.id, group, pupils, "", turn
                    )
                    self._add(slot)
                    return True
        return False

    def place_preparation(self, adult: Adult) -> None:
        """Half an hour at the end of a lesson, the last ones of the week first: mornings are for pupils."""
        if self.hours_left[adult.label] < PREPARATION_MINUTES:
            return
        for day in range(_WEEK, 0, -1):
            for at in reversed(self.lessons.starts):
                start = at + max(self.lessons.minutes - PREPARATION_MINUTES, 0)
                if not self.busy["adult", adult.label] & _bits(day, start, PREPARATION_MINUTES):
                    self._add(Slot("", adult.label, day, start, PREPARATION_MINUTES, "planning"))
                    return

    def _in_order(self, each: Planned, group: str, pupils: Iterable[str]) -> list[tuple[int, int]]:
        """The places of a session in the order in which they are tried."""
        worst = {at: max((self.missed[pupil, at] for pupil in pupils), default=0) for at in self.lessons.starts}
        places = []
        for day in range(1, _WEEK + 1):
            for at in self.lessons.starts:
                last = at + self.lessons.minutes - each.minutes
                for start in range(at, last + 1, STEP):
                    places.append((self.days[each.id, group, day], worst[at], start - at, day, start))
        return [(day, start) for *_, day, start in sorted(places)]

    def _add(self, slot: Slot) -> None:
        self.new.append(slot)
        self.hours_left[slot.adult] -= slot.minutes
        self._take(slot)

    def _take(self, slot: Slot) -> None:
        bits = _bits(slot.day, slot.start, slot.minutes)
        self.busy["adult", slot.adult] |= bits
        for pupil in slot.pupils:
            self.busy["pupil", pupil] |= bits
        if slot.activity == "provision":
            self.days[slot.provision, slot.group, slot.day] += 1
            lesson = self.lessons.holding(slot.start)
            for pupil in slot.pupils if lesson is not None else ():
                self.missed[pupil, lesson or 0] += 1


def _bits(day: int, start: int, minutes: int) -> int:
    """The five-minute units that a time touches, as bits."""
    first, last = start // STEP, -(-(start + minutes) // STEP)
    return ((1 << (last - first)) - 1) << (day * 2 * _DAY + first)


def _could_not(each: Planned, count: int, why: str) -> str:
    what = "1 session a week finds" if count == 1 else f"{count} sessions a week find"
    return f"{each.name}: {what} no place, because {why}."


def _numbered(slots: Iterable[Slot]) -> Iterator[Slot]:
    """The slots in the order of the week, each with a number as its id until it is kept."""
    ordered = sorted(slots, key=lambda slot: (slot.adult, slot.day, slot.start, slot.provision, slot.group))
    return (replace(slot, id=str(number)) for number, slot in enumerate(ordered))
