"""The start of the Leading page, and what concerns a cycle as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from senco_kit.forms.check import Refused, check, errors_of
from senco_kit.forms.fields import ChooseOne, Option, ShortText
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages import leading_rooms
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import PHASE_NAMES, OpenSchool, OpenSchools, kept_schools
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle
from senco_kit.schools.keys import order_of
from senco_kit.schools.package import PACKAGES
from senco_kit.store import Store
from senco_kit.store.tables import LONGEST_NAME

NAME = ShortText(name="name", label="Name of this cycle", required=True, longest=LONGEST_NAME)


def list_of_cycles() -> View:
    """The person's cycles, newest first, and the way to the finished example."""
    with work() as store:
        cycles = store.cycles.all()
    return View("Leading", draw("leading/list.html", cycles=cycles, school_name=school_name))


def new_cycle(values: Mapping[str, str], errors: Mapping[str, str]) -> View:
    """The questions before a cycle is started, with what was typed and what is wrong with it."""
    with work() as store:
        cycles = store.cycles.all()
    year = date.today().year - (date.today().month < 9)
    earlier = ChooseOne(
        name="earlier",
        label="Start from an earlier cycle?",
        required=True,
        hint="All that is in it is copied, except its reviews. The earlier cycle stays as it is.",
        options=(Option("", "No, start empty"), *(Option(each.id, each.name) for each in cycles)),
    )
    html = draw(
        "leading/new.html",
        name=NAME,
        school=_school_field(),
        earlier=earlier if cycles else None,
        values={"name": f"{year} to {year + 1}", "school": "", "earlier": "", **values},
        errors=errors,
    )
    return View("Start a cycle", html, focus="errors" if errors else "")


def start(values: Mapping[str, str]) -> GoTo | View:
    """Start a cycle with what was typed."""
    school, earlier = _school_field(), values.get("earlier", "")
    errors = errors_of([NAME, school], values)
    if errors:
        return new_cycle(values, errors)
    with work() as store:
        cycle = store.cycles.create(values["name"], values.get("school", ""), earlier or None)
    return GoTo(cycle.id, "Your cycle is started. Everything you type is saved by itself.")


def overview(cycle: Cycle) -> View:
    """Every room of a cycle with what there is in it."""
    rooms = {
        title: [(each, leading_rooms.standing(each.place, cycle)) for each in those]
        for title, those in leading_rooms.ROOMS.items()
    }
    html = draw("leading/overview.html", cycle=cycle, rooms=rooms, school=school_name(cycle.school))
    return View(cycle.name, html)


def name_and_school(cycle: Cycle) -> View:
    """The name of a cycle and the school's data that it is about."""
    html = draw("leading/name.html", cycle=cycle, name=NAME, school=_school_field(cycle.school))
    return View(f"Name and data: {cycle.name}", html)


def save(store: Store, cycle_id: str, name: str, value: str) -> None:
    """Keep the name of a cycle, or its school."""
    check(NAME if name == "name" else _school_field(), value)
    if name == "name":
        store.cycles.rename(cycle_id, value)
    else:
        store.cycles.set_school(cycle_id, value)


def delete(cycle: Cycle) -> View:
    """The question before a cycle is deleted."""
    return View("Delete a cycle?", draw("leading/delete.html", cycle=cycle))


def example() -> View:
    """What the finished example is; a button makes a copy of it to open."""
    return View("A finished example", draw("leading/example.html"))


def open_example(tell: Callable[[float, float, str], None]) -> GoTo:
    """Make a copy of the finished example among the person's cycles and go to it."""
    from senco_kit.planning.example import SCHOOL, example_cycle

    tell(0, 2, "Making the invented school…")
    school = _schools.open(SCHOOL)
    tell(1, 2, "Filling in the cycle…")
    made = example_cycle(school.data, school.tables or {})
    with work() as store:
        cycle = store.cycles.keep(made)
    return GoTo(cycle.id, "A copy of the example is yours: look around, change it, delete it when you like.")


def school_name(key: str) -> str:
    """What a cycle's school is called, without opening it."""
    order = order_of(key)
    if order is not None:
        return f"Invented: {PHASE_NAMES[order.phase].lower()} of {order.pupils:,} pupils"
    return next((str(each["name"]) for each in kept_schools() if each["key"] == key), "")


def school_of(cycle: Cycle) -> OpenSchool:
    """The school's data of a cycle, opened. Raises Refused, with the way out, when none is chosen or it is gone."""
    if not cycle.school:
        raise Refused(
            "No school’s data is chosen for this cycle. Choose it under “Name and data”: an invented school, or your "
            "own data that you keep on the provision map page."
        )
    return _schools.open(cycle.school)


_schools = OpenSchools()


def _school_field(now: str = "") -> ChooseOne:
    invented = [
        Option(
            key, f"Invented: {PHASE_NAMES[order.phase].lower()} of {order.pupils:,} pupils", "Nothing in it is real."
        )
        for key, order in PACKAGES.items()
    ]
    own = [
        Option(str(each["key"]), str(each["name"]), "Your own data, kept on this computer.") for each in kept_schools()
    ]
    there = {option.value for option in (*invented, *own)}
    gone = [Option(now, "The data chosen before", "It is no longer here.")] if now and now not in there else []
    return ChooseOne(
        name="school",
        label="Which school’s data?",
        hint="Your own data can be chosen once you keep it on the provision map page. You can choose later.",
        options=(*own, *invented, *gone),
    )
