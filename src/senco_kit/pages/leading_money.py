"""Money: what is spent on whom, and the same sum spent two ways.

Places after CYCLE/money:

    (nothing)     spending by group and funding line, what it makes one ask, threshold and notional budget
    two-ways      the same sum as targeted provision, and as training and coaching of teachers
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.fields import ChooseOne, Option
from senco_kit.forms.screen import Answer, Parts, View
from senco_kit.in_figures import pounds
from senco_kit.pages import leading_findings
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask_single
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool, Row
from senco_kit.pages.work import work
from senco_kit.planning import money
from senco_kit.planning.kinds import single_id
from senco_kit.planning.model import Cycle

if TYPE_CHECKING:
    from senco_kit.planning.money import Spend

#: The element that holds what the two ways come to: it changes while figures are typed.
_RESULT = "two-ways-result"


def show(cycle: Cycle, rest: list[str]) -> View:
    """What is spent, or the two ways."""
    match rest:
        case []:
            return _overview(cycle)
        case ["two-ways"]:
            return _two_ways(cycle)
        case _:
            raise Refused("There is no such place on this page.")


def standing(cycle: Cycle) -> str:
    """Whether a sum was compared."""
    return "A sum compared two ways" if cycle.single(money.TWO_WAYS.id) else ""


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Take a question, or what the two ways come to, as a finding."""
    if action == "take":
        return leading_findings.take_finding(cycle, {"foundon": date.today().isoformat(), **values})
    raise Refused("This button is not known. Reload the page.")


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """What the two ways come to, after a figure was typed."""
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    school, _ = _school(cycle)
    return {_RESULT: _result(cycle, school)} if school else None


# ------------------------------------------------------------------------------------------------------ spending


@lru_cache(maxsize=3)
def _spend(school: OpenSchool) -> Spend:
    return money.spend(school.data, school.tables)


def _overview(cycle: Cycle) -> View:
    school, problem = _school(cycle)
    if school is None:
        return View("Money", draw("leading/money_none.html", cycle=cycle, problem=problem))
    found = _spend(school)
    questions = money.questions(found, school.signals)
    html = draw(
        "leading/money.html",
        cycle=cycle,
        school=school,
        found=found,
        picture=_picture(found),
        questions=[(each, money.finding_of(each, school.name)) for each in questions],
        low=money.LOW,
    )
    return View("Money", html)


def _school(cycle: Cycle) -> tuple[OpenSchool | None, str]:
    """The school of a cycle, or the sentence that says why there is none."""
    try:
        return school_of(cycle), ""
    except Refused as problem:
        return None, str(problem)


def _picture(found: Spend) -> Markup:
    """Pounds a pupil by group, as bars."""
    from senco_kit.course.exercise import Bar, Bars
    from senco_kit.course.exhibits import html

    groups = [(each, each.per_pupil) for each in found.groups if each.per_pupil is not None]
    says = "; ".join(f"{group.group} {pounds(amount)}" for group, amount in groups)
    word = "Planned on the provision map" if found.booked is None else "Booked"
    bars = tuple(Bar(f"{group.group[:1].upper()}{group.group[1:]}", round(amount)) for group, amount in groups)
    return html(Bars(f"{word} for each pupil of a group", bars, "pounds a pupil", f"{says}."), "money")


# ------------------------------------------------------------------------------------------------------ two ways


def _two_ways(cycle: Cycle) -> View:
    school, problem = _school(cycle)
    if school is None:
        return View("Money", draw("leading/money_none.html", cycle=cycle, problem=problem))
    record = cycle.single(money.TWO_WAYS.id)
    chosen = record.text("provision") if record else ""
    html = draw(
        "leading/money_two_ways.html",
        cycle=cycle,
        school=school,
        provision=_provision_field(school),
        chosen=chosen,
        other_sum=ask_single(cycle, money.TWO_WAYS, "sum"),
        assumed=[
            (each, ask_single(cycle, money.TWO_WAYS, each.field.name, f"from/{each.field.name}"))
            for each in money.assumptions(school.data)
        ],
        result=_result(cycle, school),
        result_id=_RESULT,
    )
    return View("The same sum, two ways", html)


def _provision_field(school: OpenSchool) -> ChooseOne:
    """The provisions beyond ordinary teaching, the dearest first."""
    options = tuple(
        Option(str(row["provision_id"]), f"{row['name']} ({pounds(row['cost_with_preparation'])})")
        for row in school.provisions
        if row["tier"] != "universal"
    )
    name = f"{single_id(money.TWO_WAYS.id)}/provision"
    return ChooseOne(name=name, label="Which provision’s cost?", options=options)


def _chosen(cycle: Cycle, school: OpenSchool) -> Row | None:
    record = cycle.single(money.TWO_WAYS.id)
    chosen = record.text("provision") if record else ""
    return next((row for row in school.provisions if str(row["provision_id"]) == chosen), None)


def _result(cycle: Cycle, school: OpenSchool) -> Markup:
    """Both ways side by side."""
    record, provision = cycle.single(money.TWO_WAYS.id), _chosen(cycle, school)
    amount = money.sum_of(record, provision)
    shown: dict[str, Any] = {"targeted": None, "teaching": None, "finding": None}
    if amount is not None:
        figure = money.figures(record, money.assumptions(school.data))
        shown["targeted"] = money.targeted(provision, amount) if provision else None
        shown["teaching"] = money.teaching(amount, figure, school.data)
        shown["finding"] = money.two_ways_finding(amount, shown["targeted"], shown["teaching"], school.name)
    return draw("leading/money_result.html", cycle=cycle, school=school, amount=amount, provision=provision, **shown)
