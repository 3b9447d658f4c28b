"""The invented school of one's own assignments: its phase is chosen, its seed is drawn once and kept."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from senco_kit.course.exercise import EXERCISE_PHASES, USUAL_PUPILS, can_be_asked_about, school_name
from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import ChooseOne, Option
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import YEARS_OF
from senco_kit.pages.work import work
from senco_kit.schools import keys
from senco_kit.schools.model import Order
from senco_kit.store import Store
from senco_kit.store.course_rows import Assignment

#: The setting that keeps the school's key.
OWN_SCHOOL = "own-school"

#: The phases that assignments are about, to choose from.
PHASE_OPTIONS = tuple(
    Option(phase, phase.capitalize(), f"{YEARS_OF[phase]}, {USUAL_PUPILS[phase]:,} pupils.")
    for phase in EXERCISE_PHASES
)
_PHASE = ChooseOne(name="phase", label="Which phase do you work in, or want to?", required=True, options=PHASE_OPTIONS)


def own_school(store: Store) -> str:
    """The key of the person's own exercise school; "" while none is chosen, or when the kit cannot make it any more."""
    key = store.course.setting(OWN_SCHOOL)
    return key if can_be_asked_about(key) else ""


def name_of(key: str) -> str:
    """A school's name without opening it."""
    order = keys.order_of(key)
    return school_name(order) if order else "An invented school"


def choose(then: str = "", error: str = "") -> View:
    """The choice of the phase; `then` is the module whose assignment is started afterwards."""
    with work() as store:
        key, going = own_school(store), _unmarked(store)
    order = keys.order_of(key)
    html = draw(
        "course/my_school.html",
        field=_PHASE,
        phase=order.phase if order else "",
        key=key,
        name=name_of(key) if key else "",
        going=[each.package.get("title", each.module) for each in going],
        then=then,
        error=error,
    )
    return View("My invented school", html, focus="errors" if error else "")


def set_school(values: Mapping[str, str]) -> GoTo | View:
    """Keep the phase that was chosen; another one than before takes the unmarked assignments with it."""
    then = values.get("then", "")
    try:
        check(_PHASE, values.get("phase", ""))
    except Refused as refusal:
        return choose(then, str(refusal))
    phase = next(each for each in EXERCISE_PHASES if each == values["phase"])
    with work() as store:
        before, going = keys.order_of(own_school(store)), _unmarked(store)
        if before is not None and before.phase == phase:
            return GoTo(then, "Your school stays as it is.")
        if going and values.get("sure") != "yes":
            return choose(then, "Tick the box to say that the answers may go. Nothing was changed.")
        for each in going:
            store.course.remove(each.id)
        # Any school of the phase will do; the number is small, so that people can read it to one another.
        order = Order(phase, USUAL_PUPILS[phase], 1 + secrets.randbelow(99_999))
        store.course.set_setting(OWN_SCHOOL, keys.exercise_key(order))
    return GoTo(then, f"Your school is chosen: {name_of(keys.exercise_key(order))}.")


def _unmarked(store: Store) -> list[Assignment]:
    return [each for each in store.course.assignments() if each.is_own and store.course.result(each.work) is None]
