"""The start of the provision map page: choose a school, make one, bring your own data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from senco_kit.forms.check import errors_of
from senco_kit.forms.fields import ChooseOne, Number, Option
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.provision_map_data import (
    FEWEST_PUPILS,
    MOST_PUPILS,
    PHASE_NAMES,
    YEARS_OF,
    OpenSchools,
    kept_schools,
)
from senco_kit.pages.work import work
from senco_kit.schools.keys import key_of, order_of
from senco_kit.schools.model import PHASES
from senco_kit.schools.package import PACKAGES
from senco_kit.typed_numbers import number_typed

if TYPE_CHECKING:
    from senco_kit.provision.own_data import Mistakes

MAKE_FIELDS = (
    ChooseOne(
        name="phase",
        label="Phase",
        required=True,
        options=tuple(Option(phase, PHASE_NAMES[phase], f"{YEARS_OF[phase]}.") for phase in PHASES),
    ),
    Number(name="pupils", label="Pupils", required=True, lowest=FEWEST_PUPILS, highest=MOST_PUPILS, whole=True),
    Number(
        name="seed",
        label="Seed",
        required=True,
        lowest=0,
        highest=999_999_999,
        whole=True,
        hint="Any number. The same number gives the same school on every computer; another number, other surprises.",
    ),
)
USUAL_ANSWERS = {"phase": "primary", "pupils": "420", "seed": "1"}


def choose(
    schools: OpenSchools,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    mistakes: Mistakes | None = None,
) -> View:
    """The schools to choose from, with what was typed and what is wrong with it or with a file."""
    packages = [
        {"key": key, "title": PHASE_NAMES[order.phase], "pupils": f"{order.pupils:,}", "years": YEARS_OF[order.phase]}
        for key, order in PACKAGES.items()
    ]
    html = draw(
        "provision_map/choose.html",
        packages=packages,
        make_fields=MAKE_FIELDS,
        values=USUAL_ANSWERS | dict(values or {}),
        errors=errors or {},
        mistakes=mistakes,
        own=schools.own,
        kept=kept_schools(),
        scenarios=_scenarios(),
    )
    return View("Provision map", html, focus="errors" if errors else "mistakes" if mistakes else "")


def _scenarios() -> list[dict[str, str]]:
    with work() as store:
        found = store.scenarios.all()
    named = [(each, order_of(each.school)) for each in found]
    # Plans for own data are found again from that data: the kit does not note here whose they are.
    return [
        {
            "id": each.id,
            "name": each.name,
            "school_key": each.school,
            "school_name": f"{PHASE_NAMES[order.phase]} of {order.pupils:,} pupils, invented",
        }
        for each, order in named
        if order is not None
    ]


def order_typed(values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The key of the school that was asked for, or what is wrong with the answers, by field."""
    errors = errors_of(MAKE_FIELDS, values)
    if errors:
        return "", errors
    from senco_kit.schools.model import Order

    pupils, seed = (int(number_typed(values[name])) for name in ("pupils", "seed"))
    return key_of(Order(values["phase"], pupils, seed)), {}  # type: ignore[arg-type]


def make(schools: OpenSchools, values: Mapping[str, str]) -> Answer:
    """Make another invented school and go to it; the form again when an answer does not fit."""
    key, errors = order_typed(values)
    if errors:
        return choose(schools, values, errors)
    schools.open(key)
    return GoTo(key, "Your school is made. It is invented.")
