"""The checks of support staff's week, held against a minute-by-minute count; the week made by rule; the examples."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from senco_kit.planning import role_objectives_file, support, support_checks, support_week
from senco_kit.planning.kinds import as_kept, kind_of
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.support import Lessons, Slot
from senco_kit.planning.support_checks import Planned, Result
from senco_kit.planning.support_week import Adult
from senco_kit.provision.data import from_tables
from senco_kit.schools.files import frames, together
from senco_kit.schools.make import make_school
from senco_kit.schools.model import Order
from senco_kit.standards.read import fact

SCHOOLS = 200
LESSONS = Lessons(support.read_starts(support.USUAL_STARTS), support.USUAL_MINUTES)
LONG_AGO = datetime(2026, 9, 1, tzinfo=UTC)
_TABLES = ("schools", "pupils", "provisions", "enrolments", "staff", "deployment")


def tables_of(schools: int, pupils: int = 60) -> dict[str, Any]:
    """The tables of small invented schools together: the provisions, staff and pupils of each have ids of their own."""
    made = [make_school(Order("primary", pupils, seed=7, number=number + 1)).tables for number in range(schools)]
    return frames(together([{name: tables[name] for name in _TABLES} for tables in made]))


def adults_of(tables: Mapping[str, Any]) -> dict[int, Adult]:
    staff = tables["staff"][["staff_id", "role", "weekly_hours"]].itertuples(index=False)
    return {number: Adult(f"Adult {number}", str(role), hours) for number, role, hours in staff}


def all_weeks(tables: Mapping[str, Any]) -> Iterator[tuple[list[Slot], dict[str, float], list[Planned]]]:
    """The week of each school, in which clashes, long days, gaps and surplus are planted at random."""
    adults, data = adults_of(tables), from_tables(tables)
    plan = support_week.planned(data, labels={number: adult.label for number, adult in adults.items()})
    made = support_week.from_deployment(tables["deployment"], adults, tables["pupils"], plan, LESSONS)
    school_of_adult = {adult.label: number // 1000 for number, adult in adults.items()}
    by_school: dict[int, list[Slot]] = defaultdict(list)
    for each in made.slots:
        by_school[school_of_adult[each.adult]].append(each)
    plan_of = defaultdict(list)
    for provision in plan:
        plan_of[int(provision.id) // 1000].append(provision)
    for school, slots in by_school.items():
        draw = random.Random(school)
        hours = {
            adult.label: adult.hours - draw.choice((0, 0, 2))
            for number, adult in adults.items()
            if number // 1000 == school
        }
        yield _changed(slots, draw, every_other_week=school % 2 == 1), hours, plan_of[school]


def _changed(slots: list[Slot], draw: random.Random, *, every_other_week: bool) -> list[Slot]:
    changed = [*slots, *(replace(new, id=f"new-{place}") for place, new in enumerate(_planted(slots, draw)))]
    gone = {each.id for each in draw.sample(changed, 5) if each.activity == "provision"}
    kept = [each for each in changed if each.id not in gone]
    if every_other_week:
        kept = [replace(each, week=draw.choice(("A", "B", "", ""))) for each in kept]
    draw.shuffle(kept)
    return kept


def _planted(slots: Sequence[Slot], draw: random.Random) -> Iterable[Slot]:
    given = [slot for slot in slots if slot.activity == "provision"]
    for _ in range(draw.randrange(4)):  # an adult who is elsewhere at the same time
        slot = draw.choice(slots)
        yield replace(slot, start=slot.start + draw.randrange(-40, 40), activity="break duty", class_name="", pupils=())
    for _ in range(draw.randrange(4) if given else 0):  # a group with another adult, and more of a provision
        slot = draw.choice(given)
        yield replace(slot, adult=draw.choice(slots).adult, start=slot.start + draw.randrange(-25, 25), group="other")
    for _ in range(draw.randrange(3) if given else 0):  # a whole class in a provision, in or beside its lesson
        lesson = draw.choice([slot for slot in slots if slot.class_name])
        yield replace(
            lesson, adult="Visitor", activity="provision", provision=given[0].provision, pupils=(), minutes=95
        )


# --------------------------------------------------------------------------------------- counted minute by minute


def in_two_places(slots: Sequence[Slot]) -> dict[tuple[str, str], set[str]]:
    """By ("adult", "pupil" or "class", who): the slots that share a minute with another place."""
    weeks = ("A", "B") if any(slot.week for slot in slots) else ("",)
    there: dict[tuple[str, str, str, int], dict[object, set[int]]] = defaultdict(lambda: defaultdict(set))
    entries: list[tuple[tuple[str, str, str, int], object, Slot]] = []
    for slot in slots:
        if slot.activity == "provision":
            place: object = (slot.provision, slot.group)
        else:
            place = slot.class_name or slot.id
        whereabouts: list[tuple[str, str, object]] = [("adult", slot.adult, slot.id)]
        whereabouts += [("pupil", pupil, place) for pupil in slot.pupils]
        if slot.class_name and (slot.activity == "class" or (slot.activity == "provision" and not slot.pupils)):
            whereabouts.append(("class", slot.class_name, place))
        for about, who, where in whereabouts:
            for week in weeks:
                if slot.week in ("", week):
                    key = (about, who, week, slot.day)
                    there[key][where].update(range(slot.start, slot.start + slot.minutes))
                    entries.append((key, where, slot))
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for key, where, slot in entries:
        minutes = range(slot.start, slot.start + slot.minutes)
        if any(other != where and not taken.isdisjoint(minutes) for other, taken in there[key].items()):
            found[key[:2]].add(slot.id)
    return found


def long_weeks(slots: Sequence[Slot], hours: Mapping[str, float]) -> dict[str, int]:
    """By adult over contract: the minutes of the fuller week."""
    counted: dict[str, dict[str, set[int]]] = defaultdict(lambda: {"A": set(), "B": set()})
    for slot in slots:
        for week in "AB":
            if slot.week in ("", week):
                midnight = slot.day * 24 * 60
                counted[slot.adult][week].update(range(midnight + slot.start, midnight + slot.end))
    longest = {adult: max(map(len, weeks.values())) for adult, weeks in counted.items()}
    return {adult: minutes for adult, minutes in longest.items() if adult in hours and minutes > hours[adult] * 60}


def wanted_minutes(tables: Mapping[str, Any]) -> dict[str, tuple[float, int]]:
    """By provision beyond lessons: the minutes a week that the tables plan, and the length of a session."""
    groups = tables["enrolments"].groupby("provision_id")["group"].nunique()
    return {
        str(row["provision_id"]): (
            groups.get(row["provision_id"], 0) * row["sessions_per_week"] * row["minutes"],
            row["minutes"],
        )
        for row in tables["provisions"].to_dict("records")
        if row["tier"] != "universal"
    }


def cover(slots: Sequence[Slot], wanted: Mapping[str, tuple[float, int]]) -> tuple[dict[str, float], dict[str, float]]:
    """By provision: the minutes a week that are missing, and those that are one session or more too much."""
    given: dict[str, float] = defaultdict(float)
    for slot in slots:
        if slot.activity == "provision":
            given[slot.provision] += len(range(slot.start, slot.end)) * (0.5 if slot.week else 1)
    missing = {each: minutes - given[each] for each, (minutes, _) in wanted.items() if minutes > given[each]}
    surplus = {each: given[each] - minutes for each, (minutes, one) in wanted.items() if given[each] - minutes >= one}
    return missing, surplus


def tied_pairs(slots: Sequence[Slot]) -> set[tuple[str, str]]:
    """Adults and pupils who are tied, from the minutes of each."""
    adults: dict[str, float] = defaultdict(float)
    pupils: dict[str, float] = defaultdict(float)
    both: dict[tuple[str, str], float] = defaultdict(float)
    for slot in slots:
        if slot.activity in ("class", "provision", "pupil"):
            minutes = len(range(slot.start, slot.end)) * (0.5 if slot.week else 1)
            adults[slot.adult] += minutes
            for pupil in slot.pupils:
                pupils[pupil] += minutes
            if len(slot.pupils) == 1:
                both[slot.adult, slot.pupils[0]] += minutes
    return {
        (adult, pupil)
        for (adult, pupil), minutes in both.items()
        if minutes >= 300 and minutes >= adults[adult] / 2 and minutes >= 0.75 * pupils[pupil]
    }


def flagged(found: Iterable[Result]) -> dict[tuple[str, str], set[str]]:
    slots: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in found:
        slots[each.about, each.who].update(each.slots)
    return slots


def test_checks_equal_a_count_of_every_minute_in_200_invented_schools() -> None:
    seen: dict[str, int] = defaultdict(int)
    tables = tables_of(SCHOOLS)
    wanted = wanted_minutes(tables)
    schools = 0
    for slots, hours, plan in all_weeks(tables):
        found = support_checks.check_all(slots, hours, plan, LESSONS)
        assert flagged(found["clash"]) == in_two_places(slots)
        assert {each.who: each.figures["minutes"] for each in found["hours"]} == long_weeks(slots, hours)
        missing, surplus = cover(slots, {each.id: wanted[each.id] for each in plan})
        assert {each.who: each.figures["missing"] for each in found["uncovered"]} == pytest.approx(missing)
        assert {each.who: each.figures["extra"] for each in found["too-much"]} == pytest.approx(surplus)
        assert {(each.who, each.figures["pupil"]) for each in found["tied"]} == tied_pairs(slots)
        for check, those in found.items():
            seen[check] += len(those)
        for about in ("adult", "pupil", "class"):
            seen[about] += sum(each.about == about for each in found["clash"])
        schools += 1
    assert schools == SCHOOLS
    assert all(seen[what] > 20 for what in (*found, "adult", "pupil", "class")), dict(seen)


# ------------------------------------------------------------------------------------------------ single rules


def slot(number: int, adult: str = "TA 1", day: int = 1, start: str = "09:00", minutes: int = 30, **more: Any) -> Slot:
    at = support.minutes_of(start)
    assert at is not None
    return Slot(str(number), adult, day, at, minutes, **{"activity": "class", **more})


def test_slots_that_only_touch_or_are_in_other_weeks_do_not_clash() -> None:
    assert not support_checks.clashes([slot(1), slot(2, start="09:30")])
    assert not support_checks.clashes([slot(1, week="A"), slot(2, week="B")])
    (clash,) = support_checks.clashes([slot(1, week="A"), slot(2, class_name="4B")])
    assert clash.says == (
        "TA 1 is in two places on Monday between 09:00 and 09:30: with class not named 09:00 to 09:30; "
        "with class 4B 09:00 to 09:30. Move one of them, or give it to another adult."
    )


def test_a_pupil_with_two_adults_in_one_lesson_is_in_one_place() -> None:
    both = [slot(1, activity="pupil", class_name="4A", pupils=("P1",)), slot(2, "TA 2", class_name="4A")]
    both[1] = replace(both[1], activity="pupil", pupils=("P1",))
    assert not support_checks.clashes(both)
    elsewhere = slot(3, "TA 3", start="09:20", activity="provision", provision="7", group="1", pupils=("P1", "P2"))
    (clash,) = support_checks.clashes([*both, elsewhere], {"7": "Reading group"})
    assert clash.slots == ("1", "2", "3")
    assert "Reading group, group 1 09:20 to 09:50 (TA 3)" in clash.says


def test_many_slots_at_the_same_time_are_one_result_and_take_no_time() -> None:
    (clash,) = support_checks.clashes(slot(number) for number in range(5_000))
    assert len(clash.slots) == 5_000
    assert clash.says.count("with class") == 3


def test_a_lesson_missed_again_and_again_is_known_by_name_or_else_by_time() -> None:
    def out(number: int, day: int, start: str = "09:45", misses: str = "", week: str = "") -> Slot:
        return slot(
            number, day=day, start=start, activity="provision", provision="7", pupils=("P1",), misses=misses, week=week
        )

    assert not support_checks.missed([out(1, 1), out(2, 2)], LESSONS)
    (by_time,) = support_checks.missed([out(1, 1), out(2, 2), out(3, 3, "10:20")], LESSONS)
    assert by_time.says.startswith("Pupil P1 misses the lesson at 09:40 3 times a week:")
    assert not support_checks.missed([out(1, 1), out(2, 1, "10:10"), out(3, 2)], LESSONS)  # one lesson of Monday
    (by_name,) = support_checks.missed([out(1, 1, misses="Maths"), out(2, 2, "13:30", misses="maths")], LESSONS)
    assert by_name.figures["times"] == 2
    assert "misses Maths" in by_name.says
    assert not support_checks.missed([out(1, 1, misses="Maths"), out(2, 2, misses="Maths", week="A")], LESSONS)
    assert not support_checks.missed([out(1, day, misses="none") for day in range(1, 6)], LESSONS)
    assert not support_checks.missed([out(1, day, "08:00") for day in range(1, 6)], LESSONS)


def test_an_adult_who_works_with_pupils_needs_time_to_prepare() -> None:
    (found,) = support_checks.no_preparation([slot(1), slot(2, start="10:00", minutes=20, activity="teacher")])
    assert found.says == "TA 1 has 20 minutes a week to prepare and to talk with the teacher: keep 30 minutes free."
    assert not support_checks.no_preparation([slot(1), slot(2, activity="planning")])
    assert not support_checks.no_preparation([slot(1, activity="break duty")])


def test_the_rules_are_those_of_the_facts_register() -> None:
    assert fact("support-preparation").value == support_checks.PREPARATION_MINUTES
    lessons, shares = fact("support-missed-lessons").value, str(fact("support-tied-share").value)
    assert lessons == (
        f"{support_checks.MISSED_NAMED} times a week for a named lesson, {support_checks.MISSED_UNNAMED} for the same "
        "time of the day"
    )
    assert shares == "half of the adult's time, three quarters of the pupil's support, 5 hours a week"
    assert (support_checks.TIED_ADULT, support_checks.TIED_PUPIL, support_checks.TIED_MINUTES) == (0.5, 0.75, 300)


# --------------------------------------------------------------------------------------------------- the week


@pytest.mark.parametrize("number", range(4))
def test_a_proposal_makes_no_clash_and_says_all_that_it_could_not_place(number: int) -> None:
    tables = tables_of(1, pupils=60 + number)
    adults = adults_of(tables)
    plan = support_week.planned(from_tables(tables))
    there = (
        [slot(1, "TA", pupils=(next(iter(plan[0].groups.values()))[0],), activity="pupil", minutes=400)] if plan else []
    )
    able = [replace(adult, hours=adult.hours / 2) for adult in adults.values() if adult.role != "teacher"]
    made = support_week.propose(plan, able, LESSONS, there)
    week = [*there, *(replace(each, id=f"new-{each.id}") for each in made.slots)]
    assert not support_checks.clashes(week)
    assert not support_checks.over_hours(week, {adult.label: adult.hours for adult in able})
    open_ones = {each.says.split(" has ")[0] for each in support_checks.uncovered(week, plan)}
    assert open_ones == {says.split(": ")[0] for says in made.left}
    again = support_week.propose(plan, able, LESSONS, week)
    assert not [each for each in again.slots if each.activity == "provision"]


def test_sessions_lie_on_different_days_and_at_different_times() -> None:
    plan = [Planned("7", "Reading", 2.5, 30, {"1": ("P1", "P2")}, role="teaching assistant")]
    made = support_week.propose(plan, [Adult("TA 1", "teaching assistant", 20)], LESSONS)
    given = [each for each in made.slots if each.activity == "provision"]
    assert sorted((each.day, LESSONS.holding(each.start), each.week) for each in given) == [
        (1, 520, ""),
        (2, 580, ""),
        (3, 655, "A"),
    ]
    assert support_checks.given_minutes(given) == {"7": 75}
    assert not support_checks.uncovered(given, plan)


def test_nobody_in_the_role_is_said() -> None:
    plan = [Planned("7", "Reading", 2, 30, {"1": ("P1",)}, role="specialist teacher")]
    made = support_week.propose(plan, [Adult("TA 1", "teaching assistant", 20)], LESSONS)
    assert made.left == (
        "Reading: 2 sessions a week find no place, because the list of staff has no adult in the role “specialist "
        "teacher” with hours.",
    )


def test_a_plan_has_the_groups_that_the_costs_count_and_the_half_that_is_asked() -> None:
    from senco_kit.provision.cost import costs

    data = from_tables(tables_of(1))
    plan = {each.id: each for each in support_week.planned(data)}
    nameless = replace(data, enrolments=data.enrolments.drop(columns="group"))
    for some in (data, nameless):
        groups = {str(row["provision_id"]): row["groups"] for row in costs(some).to_dict("records")}
        assert {each.id: len(each.groups) for each in support_week.planned(some)} == {key: groups[key] for key in plan}
    halves = [{each.id for each in support_week.planned(data, half)} for half in ("0", "1")]
    assert halves[0] | halves[1] == set(plan)
    assert halves[0] != halves[1]


# -------------------------------------------------------------------------------------------- records and words


def record(kind: str, **values: str) -> Record:
    return Record("0" * 32, kind, LONG_AGO, LONG_AGO, values)


GOOD = {"adult": " TA  1 ", "day": "2", "start": "9:40", "minutes": "30", "activity": "provision"}


def test_a_slot_is_read_from_its_record_and_gives_the_same_values() -> None:
    read = support.slot_of(record("slot", **GOOD, pupils="P1; P2, P1", week="B", provision="7"))
    assert read is not None
    assert read.when == "Tuesday 09:40 to 10:10, week B"
    assert read.pupils == ("P1", "P2")
    assert support.slot_of(record("slot", **read.values())) == read
    for name, value in read.values().items():
        assert as_kept(kind_of("slot").field(name), value) == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"adult": " "},
        {"day": "6"},
        {"day": "²"},
        {"start": "24:00"},
        {"start": "morning"},
        {"minutes": "0"},
        {"minutes": "30.5"},
        {"minutes": "9" * 25},
        {"minutes": "x"},
        {"activity": "magic"},
    ],
)
def test_what_cannot_be_is_left_out_of_the_week(wrong: dict[str, str]) -> None:
    made = record("slot", **{**GOOD, **wrong})
    assert support.slot_of(made) is None
    cycle = Cycle("1" * 32, "A year", "", LONG_AGO, LONG_AGO, records=(made,))
    assert support.slots_of(cycle) == []
    assert support.unfinished(cycle) == [made]


def test_lesson_times_are_the_usual_ones_where_none_can_be_read() -> None:
    def lessons(**values: str) -> Lessons:
        cycle = Cycle("1" * 32, "A year", "", LONG_AGO, LONG_AGO, records=(record("support-week", **values),))
        return support.lessons_of(cycle)

    assert lessons(starts="9:00; 10.05", minutes="50") == Lessons((540, 605), 50)
    assert lessons(starts="nine", minutes="9999") == LESSONS
    assert LESSONS.holding(580) == 580
    assert LESSONS.holding(579) == 520
    assert LESSONS.holding(645) is None


def test_adults_are_in_the_order_of_their_numbers() -> None:
    assert support.adults_of((), ["TA 10", "TA 2", "ELSA", "TA ²"]) == ["ELSA", "TA 2", "TA 10", "TA ²"]


def test_a_slip_waits_for_its_record_and_then_for_the_teacher() -> None:
    assert support.waits_for_record(record("slip", objective="Read on."))
    back = record("slip", objective="Read on.", did="Two pages.")
    assert support.waits_for_teacher(back)
    assert not support.waits_for_record(back)
    assert not support.waits_for_teacher(record("slip", did="Two pages.", read="yes"))
    assert support.figures_only(record("role-objective", measure="80% of pupils."))


# ---------------------------------------------------------------------------------------------------- examples


def test_the_examples_are_whole_and_none_rests_on_figures_alone() -> None:
    assert role_objectives_file.check() == []
    found = role_objectives_file.examples()
    assert len({each.role for each in found.values()}) >= 5
    asked = {field.name: field for field in support.ROLE_OBJECTIVE.fields}
    for each in found.values():
        assert not support.figures_only(record("role-objective", measure=each.measure, evidence=each.evidence))
        for name in ("role", "objective", "measure", "evidence", "help"):
            as_kept(asked[name], getattr(each, name))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("role: SENCO", "role: SENDCO", 'did you mean "SENCO"?'),
        ("id: senco-deploy", "id: ta-step-back", "is there twice"),
        ("[support-preparation]", "[support-preparations]", 'did you mean "support-preparation"?'),
        ("    evidence: The notes of the visits", "    # evidence: The notes of the visits", 'has no "evidence"'),
        ("objectives:", "objective:", "did you mean"),
    ],
)
def test_a_mistake_in_the_examples_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = role_objectives_file.ROLE_OBJECTIVES.read_text(encoding="utf-8")
    assert old in text
    copy = tmp_path / "audit" / "role-objectives.yml"
    copy.parent.mkdir()
    copy.write_text(text.replace(old, new, 1), encoding="utf-8")
    problems = role_objectives_file.check(tmp_path)
    assert any(says in problem.says and problem.line for problem in problems), problems
