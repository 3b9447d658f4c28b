"""The start of the facilitator's page, and the form that makes a cohort."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from senco_kit.forms.check import errors_of
from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import ChooseOne, Number, ShortText
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.course_school import PHASE_OPTIONS
from senco_kit.pages.drawing import draw
from senco_kit.pages.facilitator_cohorts import OpenCohort, Tell, listed, modules_with_broken
from senco_kit.typed_numbers import number_typed

_LARGEST_SEED = 999_999_999
_FIELDS = (
    ShortText(
        name="name",
        label="The cohort's name",
        hint="Small letters, digits and hyphens, for example autumn-2026. Learners see it.",
        longest=40,
        required=True,
    ),
    ChooseOne(
        name="phase",
        label="The phase of its invented school",
        required=True,
        options=PHASE_OPTIONS,
    ),
    Number(
        name="learners",
        label="How many learners",
        hint="Each gets a code: L01, L02 and so on.",
        lowest=1,
        highest=500,
        whole=True,
        required=True,
    ),
    Number(
        name="seed",
        label="The number of the school",
        hint="Leave it empty, and the kit draws one. The same number makes the same school, with the same answers.",
        lowest=0,
        highest=_LARGEST_SEED,
        whole=True,
    ),
)


def start() -> View:
    """What to do here, the cohorts, the sessions."""
    modules, broken = modules_with_broken()
    html = draw("facilitator/start.html", cohorts=listed(), modules=modules, broken=broken)
    return View("For facilitators", html)


def new(values: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None, problem: str = "") -> View:
    """The form for a new cohort, with what was typed and what is wrong with it."""
    typed, wrong = values or {}, errors or {}
    fields = [draw_field(field, typed.get(field.name, ""), wrong.get(field.name, "")) for field in _FIELDS]
    html = draw("facilitator/new.html", fields=fields, errors=wrong, problem=problem)
    return View("Make a cohort", html, focus="errors" if wrong or problem else "")


def make(values: Mapping[str, str], opened: OpenCohort, tell: Tell) -> Answer:
    """Make the cohort, and go to it."""
    errors = errors_of(_FIELDS, values)
    if errors:
        return new(values, errors)
    from senco_kit.marking.cohort import create_cohort
    from senco_kit.marking.problems import MarkingProblem

    typed = values.get("seed", "").strip()
    # The number is small when the kit draws it, so that people can read it to one another.
    seed = int(number_typed(typed)) if typed else 1 + secrets.randbelow(99_999)
    tell(0, 0, "The kit makes the school and the list of learners.")
    try:
        made = create_cohort(
            values["name"].strip(),
            seed=seed,
            school=values["phase"],
            learners=int(number_typed(values["learners"])),
        )
    except MarkingProblem as problem:
        return new(values, problem=str(problem))
    codes = opened.keep(made).learners
    return GoTo(f"cohort/{made.name}", f"The cohort {made.name} is made. Its learners are {codes[0]} to {codes[-1]}.")
