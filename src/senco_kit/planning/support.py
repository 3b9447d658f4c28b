"""Support staff: the entries of their week, session slips and role objectives, and what is asked about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from senco_kit.forms.fields import ChooseOne, Date, LongText, Number, Option, ShortText, Tick
from senco_kit.planning import labels
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record
from senco_kit.schools import codes

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")

#: What an adult does in a slot: the activities of a school's tables, and time with the teacher, which they do not know.
WITH_TEACHER: Final = "teacher"
ACTIVITIES: Final[Mapping[str, str]] = {
    **codes.ACTIVITIES,
    WITH_TEACHER: "With the teacher: preparing together, or telling how it went",
}
#: The activities in which an adult is with pupils.
WITH_PUPILS: Final = ("class", "provision", "pupil")
#: The activities that prepare for pupils, or bring back to the teacher what was seen.
PREPARING: Final = ("planning", WITH_TEACHER)

#: Times that a slot can begin at, every five minutes of a day that is longer than any school's.
_FIRST, _LAST, STEP = 7 * 60, 18 * 60, 5
_SHORTEST, LONGEST_SLOT = 5, 480

#: The lessons of the day while nobody has said otherwise: the six hours of an invented school's day. The kit's own.
USUAL_STARTS: Final = "08:40, 09:40, 10:55, 11:55, 13:30, 14:30"
USUAL_MINUTES: Final = 60

#: Which provisions of the map the week is for: those that run in a half of the year, or all of them.
HALVES: Final = {"all": "All of the map", "0": "Autumn to spring", "1": "Spring to summer"}

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
#: More pupils than this are not read from one slot: no group is so large, and a file may say anything.
_MOST_PUPILS = 40


def clock(minutes: int) -> str:
    """A time of the day, from minutes after midnight.

    >>> clock(580)
    '09:40'
    """
    return f"{minutes // 60:02}:{minutes % 60:02}"


def minutes_of(written: str) -> int | None:
    """Minutes after midnight of a time such as "9:40"; None when it is none.

    >>> minutes_of("9.40"), minutes_of("25:00")
    (580, None)
    """
    found = _CLOCK.fullmatch(written.strip())
    return int(found[1]) * 60 + int(found[2]) if found else None


@dataclass(frozen=True)
class Slot:
    """One entry of the weekly timetable: who is where, with whom. Times are minutes after midnight, days 1 to 5.

    `pupils` are codes or numbers. `misses` is the lesson that the pupils are taken out of, as typed. `week` is "" for
    every week, or "A" or "B" for every other one.
    """

    id: str
    adult: str
    day: int
    start: int
    minutes: int
    activity: str
    class_name: str = ""
    provision: str = ""
    group: str = ""
    pupils: tuple[str, ...] = ()
    misses: str = ""
    week: str = ""

    @property
    def end(self) -> int:
        """When it is over, in minutes after midnight."""
        return self.start + self.minutes

    @property
    def weekly_minutes(self) -> float:
        """Minutes in a usual week: half of its own when it is every other week."""
        return self.minutes / 2 if self.week else self.minutes

    @property
    def when(self) -> str:
        """The day and the times, in words."""
        week = f", week {self.week}" if self.week else ""
        return f"{DAYS[self.day - 1]} {clock(self.start)} to {clock(self.end)}{week}"

    def values(self) -> dict[str, str]:
        """What a record of this slot says."""
        said = {
            "adult": self.adult,
            "day": str(self.day),
            "start": clock(self.start),
            "minutes": str(self.minutes),
            "activity": self.activity,
            "class_name": self.class_name,
            "provision": self.provision,
            "group": self.group,
            "pupils": ", ".join(self.pupils),
            "misses": self.misses,
            "week": self.week,
        }
        return {name: value for name, value in said.items() if value}


SLOT = Kind(
    id="slot",
    one="entry of the week",
    several="entries of the week",
    naming="adult",
    place="support",
    fields=(
        ShortText(name="adult", label="Which adult?", hint="As in the list of staff: a role and a number, not a name."),
        ChooseOne(
            name="day",
            label="On which day?",
            options=tuple(Option(str(number), day) for number, day in enumerate(DAYS, 1)),
        ),
        ChooseOne(
            name="start",
            label="From when?",
            options=tuple(Option(clock(at), clock(at)) for at in range(_FIRST, _LAST + 1, STEP)),
        ),
        Number(name="minutes", label="How long?", unit="minutes", lowest=_SHORTEST, highest=LONGEST_SLOT, whole=True),
        ChooseOne(
            name="activity",
            label="What is the adult doing?",
            options=tuple(Option(activity, words) for activity, words in ACTIVITIES.items()),
        ),
        ShortText(name="class_name", label="With which class?", longest=60),
        ShortText(name="provision", label="Which provision?", longest=100),
        ShortText(name="group", label="Which group of it?", longest=60),
        ShortText(
            name="pupils",
            label="Which pupils?",
            hint="Codes or numbers with commas between them, never names.",
            longest=1_000,
        ),
        ShortText(
            name="misses",
            label="Which lesson do the pupils miss?",
            hint="For example: English. Write “none” for a time when there are no lessons.",
            longest=60,
        ),
        ChooseOne(
            name="week",
            label="Every week?",
            options=(Option("A", "Only in week A"), Option("B", "Only in week B")),
            hint="Leave it empty for every week.",
        ),
    ),
)

#: How a pupil worked, from most to least alone: the value that is kept, and its words.
INDEPENDENCE: Final = {
    "alone": "Alone",
    "started": "Alone, once started",
    "prompted": "With a hint now and then",
    "together": "Step by step, together with the adult",
    "not-yet": "Not yet, even with help",
}

SLIP = Kind(
    id="slip",
    one="session slip",
    several="session slips",
    naming="objective",
    place="support",
    fields=(
        ShortText(name="adult", label="For which adult?", hint="A role and a number, not a name."),
        Date(name="day", label="For which day?"),
        ShortText(name="who", label="Which pupils or group?", hint="Codes or the name of the group. No names."),
        LongText(name="objective", label="What are the pupils learning?", lines=2),
        LongText(name="task", label="What do they do?", lines=2),
        LongText(name="outcome", label="What should they be able to do at the end?", lines=2),
        LongText(
            name="help",
            label="How to help, and when to step back",
            hint="For example: wait, then point to the model, then ask a question; show it last.",
            lines=2,
        ),
        LongText(name="did", label="What did the pupils do?", hint="What you saw. Codes, no names.", lines=2),
        ChooseOne(
            name="independence",
            label="How independently?",
            options=tuple(Option(value, words) for value, words in INDEPENDENCE.items()),
        ),
        LongText(name="next", label="What do they need next?", lines=2),
        Tick(name="read", label="The teacher has read the record"),
        LongText(name="decided", label="What the teacher decided", lines=2),
        ShortText(name="slot", label="Entry of the week", longest=40),
    ),
)
#: What is written before the session, and what comes back after it.
BEFORE: Final = ("adult", "day", "who", "objective", "task", "outcome", "help")
AFTER: Final = ("did", "independence", "next")
BY_TEACHER: Final = ("read", "decided")

ROLE_OBJECTIVE = Kind(
    id="role-objective",
    one="role objective",
    several="role objectives",
    naming="objective",
    place="support",
    fields=(
        ShortText(name="role", label="For which role?", hint="A role, not a name. For example: teaching assistant."),
        LongText(name="objective", label="What shall this person do better or more?", lines=2),
        LongText(
            name="measure",
            label="How will you both know?",
            hint="Something the person can change by their own work, not pupils’ results alone.",
            lines=2,
        ),
        LongText(name="evidence", label="What will you look at?", hint="At least one thing that can be seen.", lines=2),
        LongText(name="help", label="What will the school give?", hint="Time, training, coaching.", lines=2),
        Date(name="by", label="When do you look at it together?"),
        LongText(name="came_of_it", label="What came of it?", lines=2),
        ShortText(name="from_example", label="Begun from the example", longest=60),
    ),
)

WEEK = Kind(
    id="support-week",
    one="lesson times",
    several="lesson times",
    naming="starts",
    single=True,
    place="support",
    fields=(
        ShortText(
            name="starts",
            label="When does each lesson begin?",
            hint=f"With commas between. Left empty: {USUAL_STARTS}.",
        ),
        Number(
            name="minutes",
            label="How long is a lesson?",
            hint=f"Left empty: {USUAL_MINUTES} minutes.",
            unit="minutes",
            lowest=10,
            highest=180,
            whole=True,
        ),
        ChooseOne(
            name="half",
            label="Which provisions is this week for?",
            options=tuple(Option(value, words) for value, words in HALVES.items()),
        ),
    ),
)

KINDS: tuple[Kind, ...] = (SLOT, SLIP, ROLE_OBJECTIVE, WEEK)


def slots_of(cycle: Cycle) -> list[Slot]:
    """The entries of the week that say who, when and what; the others are `unfinished`."""
    return [slot for slot in map(slot_of, cycle.of("slot")) if slot is not None]


def unfinished(cycle: Cycle) -> list[Record]:
    """The entries that no check can take up, because the adult, the time or what is done is missing."""
    return [record for record in cycle.of("slot") if slot_of(record) is None]


def slot_of(record: Record) -> Slot | None:
    """A record as a slot; None when it does not say who, when and what, or says what cannot be."""
    adult, start, minutes = one_line(record.text("adult")), minutes_of(record.text("start")), record.number("minutes")
    day, activity, week = record.text("day"), record.text("activity"), record.text("week")
    if not adult or start is None or day not in ("1", "2", "3", "4", "5") or activity not in ACTIVITIES:
        return None
    if minutes is None or not 1 <= minutes <= LONGEST_SLOT or minutes != int(minutes):
        return None
    texts = {name: one_line(record.text(name)) for name in ("class_name", "provision", "group", "misses")}
    return Slot(
        id=record.id,
        adult=adult,
        day=int(day),
        start=start,
        minutes=int(minutes),
        activity=activity,
        pupils=pupils_of(record.text("pupils")),
        week=week if week in ("A", "B") else "",
        **texts,
    )


def one_line(text: str) -> str:
    """A text with single spaces, so that the same label is the same however it was typed."""
    return " ".join(text.split())


def pupils_of(written: str) -> tuple[str, ...]:
    """The codes in a list with commas or semicolons, each once, in their order.

    >>> pupils_of("P3, P1;P3 ,")
    ('P3', 'P1')
    """
    codes_typed = (one_line(part) for part in re.split("[,;]", written))
    return tuple(dict.fromkeys(code for code in codes_typed if code))[:_MOST_PUPILS]


def contracts(cycle: Cycle) -> dict[str, float]:
    """Hours a week in the contract of each adult whose hours the list of staff has, by label."""
    found = {one_line(record.text("label")): record.number("hours") for record in cycle.of("staff")}
    return {label: hours for label, hours in found.items() if label and hours is not None and hours > 0}


@dataclass(frozen=True)
class Lessons:
    """When the lessons of a day begin, in minutes after midnight, and how long each is."""

    starts: tuple[int, ...]
    minutes: int

    def holding(self, start: int) -> int | None:
        """The beginning of the lesson in which a time lies, None outside lessons."""
        return next((at for at in reversed(self.starts) if at <= start < at + self.minutes), None)


def lessons_of(cycle: Cycle) -> Lessons:
    """The lessons of the day, as said in the cycle; the usual ones where it says nothing that can be read."""
    said = cycle.single(WEEK.id)
    starts = read_starts(said.text("starts")) if said else ()
    minutes = said.number("minutes") if said else None
    fits = minutes is not None and 10 <= minutes <= 180
    return Lessons(starts or read_starts(USUAL_STARTS), int(minutes) if minutes and fits else USUAL_MINUTES)


def read_starts(written: str) -> tuple[int, ...]:
    """The times in a list with commas, in their order; empty when any of them is no time."""
    parts = [part for part in re.split("[,;]", written) if part.strip()]
    times = [minutes_of(part) for part in parts]
    return tuple(sorted({time for time in times if time is not None})) if None not in times else ()


def half_of(cycle: Cycle) -> str:
    """Which half of the year the week is for: a key of HALVES."""
    said = cycle.single(WEEK.id)
    half = said.text("half") if said else ""
    return half if half in HALVES else "all"


def adults_of(slots: Iterable[Slot], known: Iterable[str]) -> list[str]:
    """The labels of all adults who are in the week or known otherwise, in order, numbers by their size."""
    return sorted({*known, *(slot.adult for slot in slots)}, key=labels.in_order)


def waits_for_record(slip: Record) -> bool:
    """Whether a slip has been written and nothing has come back from it yet."""
    return not any(slip.text(name) for name in AFTER)


def waits_for_teacher(slip: Record) -> bool:
    """Whether something has come back that the teacher has not read yet."""
    return not waits_for_record(slip) and not slip.is_ticked("read")


def figures_only(objective: Record) -> bool:
    """Whether a role objective names a measure and nothing that can be looked at: a target of data alone."""
    return bool(objective.text("measure")) and not objective.text("evidence")
