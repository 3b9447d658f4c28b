"""What is wrong with a week of support, or worth a question: clashes, hours, cover, ties, missed lessons, preparation.

Pure rules on plain lists: no widgets, no tables of data. Each result is one sentence that says where it is and what to
do. The time they take grows with the number of slots (times its logarithm, for sorting), whatever is in them.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from senco_kit.planning.support import DAYS, PREPARING, WITH_PUPILS, Lessons, Slot, clock

#: The kit's own rules, each also in the facts register under the name beside it.
TIED_ADULT: Final = 0.5  # support-tied-share: of the adult's time with pupils, spent with one of them
TIED_PUPIL: Final = 0.75  # support-tied-share: of the pupil's supported time, given by one adult
TIED_MINUTES: Final = 300  # support-tied-share: with less than five hours a week together nobody is tied
MISSED_NAMED: Final = 2  # support-missed-lessons: times a week that a lesson with a name is missed
MISSED_UNNAMED: Final = 3  # support-missed-lessons: the same where only the time of the day is known
PREPARATION_MINUTES: Final = 30  # support-preparation: for an adult who works with pupils

#: What stands for "no lesson is missed" where a slot says which lesson it takes pupils out of.
NO_LESSON: Final = "none"


@dataclass(frozen=True)
class Check:
    """One of the checks: its name, the words for one result and for several, and the rule behind it in a sentence."""

    key: str
    one: str
    several: str
    rule: str


CHECKS: Final = (
    Check("clash", "clash", "clashes", "An adult, a pupil or a whole class is in two places at the same time."),
    Check(
        "hours",
        "adult over contract",
        "adults over contract",
        "The time in the week is longer than the hours in the contract. Time in two places counts once.",
    ),
    Check(
        "uncovered",
        "provision not covered",
        "provisions not covered",
        "The provision map plans more minutes a week (sessions × groups × length) than stand in the week.",
    ),
    Check(
        "too-much",
        "provision covered too much",
        "provisions covered too much",
        "The week holds at least one whole session more than the provision map plans.",
    ),
    Check(
        "tied",
        "adult tied to one pupil",
        "adults tied to one pupil",
        "Half or more of the adult’s time with pupils goes to one pupil, three quarters or more of that pupil’s "
        "support comes from this adult, and they are together for five hours a week or more.",
    ),
    Check(
        "missed",
        "lesson missed again and again",
        "lessons missed again and again",
        "A pupil misses the same named lesson twice a week or more; where no lesson is named, the lesson at the same "
        "time of the day three times or more.",
    ),
    Check(
        "preparation",
        "adult without time to prepare",
        "adults without time to prepare",
        "An adult who works with pupils has less than half an hour a week for preparing or with the teacher.",
    ),
)


@dataclass(frozen=True)
class Result:
    """One thing that a check found. `who` is an adult, a pupil, a class or a provision; `slots` are ids of slots.

    `about` says whom a clash is about ("adult", "pupil", "class"); `figures` hold what the sentence was made of.
    """

    check: str
    who: str
    says: str
    slots: tuple[str, ...] = ()
    about: str = ""
    figures: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """What a finding that is taken from it is known by: the same for the same thing."""
        named = "\n".join((self.check, self.about, self.who, str(self.figures.get("pupil", "")), *sorted(self.slots)))
        if self.check not in ("clash", "missed"):  # the others stay the same question when a slot moves
            named = "\n".join((self.check, self.who, str(self.figures.get("pupil", ""))))
        return f"support/{self.check}/{hashlib.sha256(named.encode()).hexdigest()[:16]}"


@dataclass(frozen=True)
class Planned:
    """A provision as the map plans it: `groups` are the pupils of each real group, by the name of the group.

    `role` gives it; `adult` is the label of the one adult who does, where that is known.
    """

    id: str
    name: str
    sessions_per_week: float
    minutes: int
    groups: Mapping[str, tuple[str, ...]]
    role: str = ""
    adult: str = ""

    @property
    def weekly_minutes(self) -> float:
        """Minutes a week that all its groups should get."""
        return self.sessions_per_week * self.minutes * len(self.groups)


def check_all(
    slots: Sequence[Slot], contracts: Mapping[str, float], provisions: Sequence[Planned], lessons: Lessons
) -> dict[str, list[Result]]:
    """The results of every check, by its key, in the order of CHECKS."""
    return {
        "clash": clashes(slots, {each.id: each.name for each in provisions}),
        "hours": over_hours(slots, contracts),
        "uncovered": uncovered(slots, provisions),
        "too-much": covered_too_much(slots, provisions),
        "tied": tied(slots),
        "missed": missed(slots, lessons),
        "preparation": no_preparation(slots),
    }


# ------------------------------------------------------------------------------------------------------ in two places


def clashes(slots: Iterable[Slot], names: Mapping[str, str] | None = None) -> list[Result]:
    """Each stretch of time in which an adult, a pupil or a whole class is in two or more places.

    An adult cannot do two things at once. A pupil may have two adults in the same lesson or the same group: that is one
    place. A class is in two places when it has its lesson with one adult, and elsewhere a provision for all of it.
    `names` are the names of provisions by their ids, for the sentences.
    """
    found: dict[tuple[str, str, tuple[str, ...]], Result] = {}
    for (about, who), those in _by_whom(slots).items():
        for together in _in_two_places(those):
            ids = tuple(slot.id for slot, _ in together)
            found.setdefault((about, who, ids), _clash(about, who, [slot for slot, _ in together], names or {}))
    return sorted(found.values(), key=lambda each: (("adult", "pupil", "class").index(each.about), each.who))


_Placed = tuple[Slot, str]


def _by_whom(slots: Iterable[Slot]) -> dict[tuple[str, str], list[_Placed]]:
    """The slots of each adult, pupil and class, each with the place where that one is then."""
    found: dict[tuple[str, str], list[_Placed]] = defaultdict(list)
    for slot in slots:
        found["adult", slot.adult].append((slot, slot.id))
        for pupil in slot.pupils:
            found["pupil", pupil].append((slot, _place(slot)))
        if slot.class_name and (slot.activity == "class" or _is_whole_class(slot)):
            found["class", slot.class_name].append((slot, _place(slot)))
    return found


def _is_whole_class(slot: Slot) -> bool:
    return slot.activity == "provision" and not slot.pupils


def _place(slot: Slot) -> str:
    """Where the pupils of a slot are: in a class's lesson, in a group of a provision, or somewhere of its own."""
    if slot.activity in ("class", "pupil") and slot.class_name:
        return f"class {slot.class_name}"
    if slot.activity == "provision" and slot.provision:
        return f"provision {slot.provision} {slot.group}"
    return f"slot {slot.id}"


def _in_two_places(those: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    """The slots of one person that overlap another one in another place, in runs that hang together."""
    by_day: dict[int, list[_Placed]] = defaultdict(list)
    for placed in those:
        by_day[placed[0].day].append(placed)
    for day in sorted(by_day):
        today = sorted(by_day[day], key=lambda placed: (placed[0].start, placed[0].end, placed[0].id))
        for week in ("A", "B") if any(slot.week for slot, _ in today) else ("",):
            yield from _runs(_overlapping([placed for placed in today if placed[0].week in ("", week)]))


def _overlapping(today: Sequence[_Placed]) -> list[_Placed]:
    """Of slots in order of time, those that share a minute with one in another place.

    One pass forwards knows the latest end so far, and the latest end in any other place than that one; one pass
    backwards knows the earliest beginning in the same way. So no pair of slots has to be compared.
    """
    flagged = set()
    ends = _Extremes()
    for at, (slot, place) in enumerate(today):
        if ends.elsewhere(place) > slot.start:
            flagged.add(at)
        ends.add(slot.end, place)
    starts = _Extremes()
    for at in reversed(range(len(today))):
        slot, place = today[at]
        if -starts.elsewhere(place) < slot.end:
            flagged.add(at)
        starts.add(-slot.start, place)
    return [today[at] for at in sorted(flagged)]


class _Extremes:
    """The largest number seen so far, and the largest one of any other place."""

    def __init__(self) -> None:
        self.first = self.second = -math.inf
        self.place = ""

    def add(self, number: float, place: str) -> None:
        if place == self.place:
            self.first = max(self.first, number)
        elif number > self.first:
            self.first, self.second, self.place = number, self.first, place
        else:
            self.second = max(self.second, number)

    def elsewhere(self, place: str) -> float:
        return self.second if place == self.place else self.first


def _runs(flagged: Sequence[_Placed]) -> Iterator[list[_Placed]]:
    run: list[_Placed] = []
    end = -1
    for placed in flagged:
        if run and placed[0].start >= end:
            yield run
            run, end = [], -1
        run.append(placed)
        end = max(end, placed[0].end)
    if run:
        yield run


def _clash(about: str, who: str, slots: Sequence[Slot], provisions: Mapping[str, str]) -> Result:
    start, end = min(slot.start for slot in slots), max(slot.end for slot in slots)
    names = {"adult": who, "pupil": f"Pupil {who}", "class": f"Class {who}"}
    where = "; ".join(what(slot, provisions) + (f" ({slot.adult})" if about != "adult" else "") for slot in slots[:3])
    more = f"; and {len(slots) - 3} more" if len(slots) > 3 else ""
    says = (
        f"{names[about]} is in two places on {DAYS[slots[0].day - 1]} between {clock(start)} and {clock(end)}: "
        f"{where}{more}. Move one of them{', or give it to another adult' if about == 'adult' else ''}."
    )
    figures = {"day": float(slots[0].day), "start": float(start), "end": float(end)}
    return Result("clash", who, says, tuple(slot.id for slot in slots), about, figures)


def what(slot: Slot, provisions: Mapping[str, str]) -> str:
    """A slot in a few words, with its times; `provisions` are names by id."""
    return f"{doing(slot, provisions)} {clock(slot.start)} to {clock(slot.end)}"


def doing(slot: Slot, provisions: Mapping[str, str]) -> str:
    """What an adult does in a slot, in a few words."""
    if slot.activity == "provision":
        named = provisions.get(slot.provision, slot.provision) or "a provision without a name"
        return named + (f", group {slot.group}" if slot.group else "")
    if slot.activity == "pupil":
        return f"with pupil {', '.join(slot.pupils) or 'not named'}"
    if slot.activity == "class":
        return f"with class {slot.class_name or 'not named'}"
    return {"planning": "planning", "break duty": "on duty"}.get(slot.activity, "with the teacher")


# ------------------------------------------------------------------------------------------------------ hours and cover


def busy_minutes(slots: Iterable[Slot]) -> dict[str, int]:
    """Minutes in the week of each adult, in the fuller of weeks A and B; time in two places counts once."""
    spans: dict[tuple[str, str, int], list[tuple[int, int]]] = defaultdict(list)
    adults = set()
    for slot in slots:
        adults.add(slot.adult)
        for week in ("A", "B") if not slot.week else (slot.week,):
            spans[slot.adult, week, slot.day].append((slot.start, slot.end))
    weeks: dict[tuple[str, str], int] = defaultdict(int)
    for (adult, week, _), those in spans.items():
        weeks[adult, week] += _length_of_union(those)
    return {adult: max(weeks[adult, "A"], weeks[adult, "B"]) for adult in adults}


def _length_of_union(spans: Iterable[tuple[int, int]]) -> int:
    length, reached = 0, -1
    for start, end in sorted(spans):
        length += max(end - max(start, reached), 0)
        reached = max(reached, end)
    return length


def over_hours(slots: Iterable[Slot], contracts: Mapping[str, float]) -> list[Result]:
    """The adults whose week is longer than their contract; `contracts` are hours a week by label."""
    found = []
    for adult, minutes in sorted(busy_minutes(slots).items()):
        hours = contracts.get(adult)
        if hours is not None and minutes > hours * 60 + 1e-6:
            over = minutes - hours * 60
            says = (
                f"{adult} has {hours_in_words(minutes)} in the week and a contract of {hours_in_words(hours * 60)}: "
                f"take {hours_in_words(over)} out, or change the contract."
            )
            found.append(Result("hours", adult, says, figures={"minutes": float(minutes), "over": over}))
    return found


def given_minutes(slots: Iterable[Slot]) -> dict[str, float]:
    """Minutes in a usual week that each provision has in the timetable, by its id."""
    given: dict[str, float] = defaultdict(float)
    for slot in slots:
        if slot.activity == "provision" and slot.provision:
            given[slot.provision] += slot.weekly_minutes
    return given


def uncovered(slots: Iterable[Slot], provisions: Iterable[Planned]) -> list[Result]:
    """The provisions with fewer minutes in the week than the map plans."""
    given = given_minutes(slots)
    found = []
    for each in provisions:
        missing = each.weekly_minutes - given.get(each.id, 0.0)
        if missing > 0.5:
            says = (
                f"{each.name} has {number(given.get(each.id, 0.0))} of the {number(each.weekly_minutes)} minutes a "
                f"week that the map plans ({_plan(each)}): find time for {number(missing)} minutes, or plan less."
            )
            found.append(Result("uncovered", each.id, says, figures={"missing": missing}))
    return found


def covered_too_much(slots: Iterable[Slot], provisions: Iterable[Planned]) -> list[Result]:
    """The provisions with at least one whole session more in the week than the map plans."""
    given = given_minutes(slots)
    found = []
    for each in provisions:
        extra = given.get(each.id, 0.0) - each.weekly_minutes
        if extra > 0.5 and extra >= each.minutes - 1e-6:
            says = (
                f"{each.name} has {number(given[each.id])} minutes a week where the map plans "
                f"{number(each.weekly_minutes)} ({_plan(each)}): use the {number(extra)} minutes for something else, "
                "or change the map."
            )
            found.append(Result("too-much", each.id, says, figures={"extra": extra}))
    return found


def _plan(each: Planned) -> str:
    groups = "1 group" if len(each.groups) == 1 else f"{len(each.groups)} groups"
    return f"{number(each.sessions_per_week)} × {each.minutes} minutes for {groups}"


# ----------------------------------------------------------------------------------------------- what it does to pupils


def tied(slots: Iterable[Slot]) -> list[Result]:
    """The adults whose time goes to one pupil, and whose pupil has hardly anyone else: see TIED_ADULT and so on."""
    with_pupils: dict[str, float] = defaultdict(float)
    supported: dict[str, float] = defaultdict(float)
    alone: dict[tuple[str, str], float] = defaultdict(float)
    for slot in slots:
        if slot.activity in WITH_PUPILS:
            with_pupils[slot.adult] += slot.weekly_minutes
            for pupil in slot.pupils:
                supported[pupil] += slot.weekly_minutes
            if len(slot.pupils) == 1:
                alone[slot.adult, slot.pupils[0]] += slot.weekly_minutes
    found = []
    for (adult, pupil), minutes in sorted(alone.items()):
        of_adult, of_pupil = minutes / with_pupils[adult], minutes / supported[pupil]
        if minutes >= TIED_MINUTES and of_adult >= TIED_ADULT and of_pupil >= TIED_PUPIL:
            says = (
                f"{adult} spends {hours_in_words(minutes)} a week with pupil {pupil}: {_percent(of_adult)} of the "
                f"adult’s time with pupils, and {_percent(of_pupil)} of that pupil’s support. Plan when "
                "the pupil works with the teacher, with others and alone, and let a second adult know the pupil."
            )
            figures: dict[str, float | str] = {
                "pupil": pupil,
                "minutes": minutes,
                "of_adult": of_adult,
                "of_pupil": of_pupil,
            }
            found.append(Result("tied", adult, says, figures=figures))
    return found


def missed(slots: Iterable[Slot], lessons: Lessons) -> list[Result]:
    """The lessons that a pupil is taken out of again and again: see MISSED_NAMED and MISSED_UNNAMED.

    A lesson is known by its name, where the slot says it, and else by its time of the day. One lesson of a day counts
    once, however many groups take the pupil out of it; every other week counts as half.
    """
    times: dict[tuple[str, str, bool], dict[tuple[int, int | None], float]] = defaultdict(dict)
    where: dict[tuple[str, str, bool], list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.activity != "provision" or not slot.pupils:
            continue
        lesson = lessons.holding(slot.start)
        named = bool(slot.misses)
        if slot.misses.casefold() == NO_LESSON or (not named and lesson is None):
            continue
        name = slot.misses.casefold() if named else clock(lesson or 0)
        for pupil in slot.pupils:
            key, once = (pupil, name, named), (slot.day, lesson)
            times[key][once] = max(times[key].get(once, 0.0), 0.5 if slot.week else 1.0)
            where[key].append(slot)
    found = []
    for key in sorted(times):
        pupil, name, named = key
        count = sum(times[key].values())
        if count >= (MISSED_NAMED if named else MISSED_UNNAMED):
            lesson_name = where[key][0].misses if named else f"the lesson at {name}"
            says = (
                f"Pupil {pupil} misses {lesson_name} {number(count)} times a week: move some of these groups to other "
                "times, so that the pupil keeps the lesson."
            )
            ids = tuple(slot.id for slot in where[key])
            found.append(Result("missed", pupil, says, ids, figures={"lesson": name, "times": count}))
    return found


def no_preparation(slots: Iterable[Slot]) -> list[Result]:
    """The adults who work with pupils and have less than PREPARATION_MINUTES for it in a usual week."""
    preparing: dict[str, float] = defaultdict(float)
    working = set()
    for slot in slots:
        if slot.activity in PREPARING:
            preparing[slot.adult] += slot.weekly_minutes
        elif slot.activity in WITH_PUPILS:
            working.add(slot.adult)
    return [
        Result(
            "preparation",
            adult,
            f"{adult} has {number(preparing[adult])} minutes a week to prepare and to talk with the teacher: keep "
            f"{PREPARATION_MINUTES} minutes free.",
            figures={"minutes": preparing[adult]},
        )
        for adult in sorted(working)
        if preparing[adult] < PREPARATION_MINUTES
    ]


# --------------------------------------------------------------------------------------------------------------- words


def hours_in_words(minutes: float) -> str:
    """A length in hours and minutes.

    >>> hours_in_words(90), hours_in_words(60), hours_in_words(25), hours_in_words(121)
    ('1 hour 30 minutes', '1 hour', '25 minutes', '2 hours 1 minute')
    """
    hours, rest = divmod(round(minutes), 60)
    counted = ((hours, "hour"), (rest, "minute"))
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted if count]
    return " ".join(parts) or "0 minutes"


def number(value: float) -> str:
    """A number with at most one decimal."""
    return f"{round(value, 1):g}" if value < 1e5 else f"{value:,.0f}"


def _percent(share: float) -> str:
    """A share in whole per cent, never rounded up."""
    return f"{math.floor(100 * share + 1e-9)}%"
