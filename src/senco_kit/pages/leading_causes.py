"""Causes behind outcomes: the gaps in the school's data, and the guided "why?" about one of them.

Places after CYCLE/causes:

    (nothing)     what is worth asking about, and the first measure
    MEASURE       the gaps on this measure ("reading", "attendance" ...)
    RECORD        the question why about one gap
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages import leading_findings
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.pages.work import work
from senco_kit.planning import causes, causes_file
from senco_kit.planning.model import Cycle, Record
from senco_kit.standards.problems import ContentProblem

if TYPE_CHECKING:
    from senco_kit.planning.causes_data import Said
    from senco_kit.planning.gaps import Gap, Looked

_RECORD = re.compile("[0-9a-f]{32}")


def show(cycle: Cycle, rest: list[str]) -> View:
    """The gaps, or the question why about one."""
    match rest:
        case []:
            return _gaps(cycle, "")
        case [record_id] if _RECORD.fullmatch(record_id):
            return _why(cycle, record_id)
        case [measure]:
            return _gaps(cycle, measure)
        case _:
            raise Refused("There is no such place on this page.")


def standing(cycle: Cycle) -> str:
    """How many gaps are asked about, and how many answers there are."""
    asked = cycle.of(causes.WHY.id)
    answers = sum(len(causes.answered(record)) for record in asked)
    if not asked:
        return ""
    return (
        f"{len(asked)} {'gap' if len(asked) == 1 else 'gaps'} asked about, {answers} "
        f"{'answer' if answers == 1 else 'answers'}"
    )


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Begin to ask about a gap, or take a gap or an answer as a finding."""
    match action:
        case "ask":
            return _ask(cycle, values.get("gap", ""))
        case "take":
            return leading_findings.take_finding(cycle, {"foundon": date.today().isoformat(), **values})
        case "take-answer":
            return _take_answer(cycle, values.get("record", ""), values.get("factor", ""))
        case _:
            raise Refused("This button is not known. Reload the page.")


# ---------------------------------------------------------------------------------------------------------- gaps


@lru_cache(maxsize=3)
def _look(school: OpenSchool) -> Looked:
    from senco_kit.planning.gaps import look

    return look(school.data, school.tables)


def _gaps(cycle: Cycle, measure_id: str) -> View:
    asked = [(record, causes.answered(record)) for record in cycle.of(causes.WHY.id)]
    school, problem = _school(cycle)
    looked = _look(school) if school else None
    if looked is None or not looked.gaps:
        html = draw("leading/causes_none.html", cycle=cycle, asked=asked, problem=problem, looked=looked)
        return View("Causes behind outcomes", html)
    measures = list(dict.fromkeys(gap.measure for gap in looked.gaps))
    if measure_id and measure_id not in {each.id for each in measures}:
        raise Refused("The data of this cycle has no such measure.")
    first = next((gap.measure for gap in looked.gaps if gap.worth_asking), measures[0])
    measure = next((each for each in measures if each.id == measure_id), first)
    here = [gap for gap in looked.gaps if gap.measure == measure]
    html = draw(
        "leading/causes.html",
        cycle=cycle,
        school=school,
        asked=asked,
        measure=measure,
        picture=_picture(cycle, here),
        measures=[(each, _worth_asking(looked, each)) for each in measures],
        counted=[gap for gap in looked.gaps if gap.is_fair and not gap.is_few],
        worth=[gap for gap in looked.gaps if gap.worth_asking],
        unfair=[gap for gap in here if not gap.is_fair],
        at_a_glance=_at_a_glance(looked),
        too_few=_too_few(looked),
        missing=looked.missing,
    )
    return View(f"Causes: {measure.name}", html)


def _school(cycle: Cycle) -> tuple[OpenSchool | None, str]:
    """The school of a cycle, or the sentence that says why there is none."""
    try:
        return school_of(cycle), ""
    except Refused as problem:
        return None, str(problem)


def _worth_asking(looked: Looked, measure: Any) -> int:
    return sum(gap.worth_asking for gap in looked.gaps if gap.measure == measure)


def _picture(cycle: Cycle, here: list[Gap]) -> Markup:
    from senco_kit.charts.gaps_chart import gaps_chart

    ways_on = {
        gap.ref: draw("leading/causes_way_on.html", cycle=cycle, gap=gap, record=causes.asked_about(cycle, gap.ref))
        for gap in here
    }
    return gaps_chart(here, ways_on)


def _at_a_glance(looked: Looked) -> dict[str, Any]:
    """All gaps as one table: groups down, measures across."""
    measures = list(dict.fromkeys(gap.measure for gap in looked.gaps))
    groups = list(dict.fromkeys(gap.group for gap in looked.gaps))
    return {"measures": measures, "groups": groups, "gaps": {(gap.group, gap.measure): gap for gap in looked.gaps}}


def _too_few(looked: Looked) -> dict[str, list[str]]:
    """The groups with too few pupils, by measure."""
    found: dict[str, list[str]] = {}
    for group, measure in looked.too_few:
        found.setdefault(measure.name, []).append(group.name)
    return found


def _ask(cycle: Cycle, gap_ref: str) -> GoTo:
    """Begin to ask why about a gap, or go on with it."""
    there = causes.asked_about(cycle, gap_ref)
    if there is not None:
        return GoTo(f"{cycle.id}/causes/{there.id}")
    gap = _gap(cycle, gap_ref)
    if gap is None:
        raise Refused("This gap is no longer in the data. Reload the page.")
    # The same id in every tab, so that two tabs begin the same question.
    record_id = hashlib.sha256(f"senco-course-kit why {gap_ref}".encode()).hexdigest()[:32]
    # In the words for others, because a finding repeats them when the gap is no longer in the data.
    with work() as store:
        said = {"what": gap.in_words(for_others=True), "ref/gap": gap_ref}
        store.cycles.add(cycle.id, causes.WHY.id, said, record_id)
    return GoTo(f"{cycle.id}/causes/{record_id}", "Now ask why, one thing after the other. Every answer is saved.")


def _gap(cycle: Cycle, gap_ref: str) -> Gap | None:
    school, _ = _school(cycle)
    if school is None or not gap_ref:
        return None
    return next((gap for gap in _look(school).gaps if gap.ref == gap_ref), None)


# ----------------------------------------------------------------------------------------------------------- why


def _why(cycle: Cycle, record_id: str) -> View:
    record = _the_record(cycle, record_id)
    try:
        factors = causes_file.factors()
    except ContentProblem as problem:
        raise Refused(str(problem)) from problem
    school, _ = _school(cycle)
    gap = _gap(cycle, record.text("ref/gap"))
    said, typed = _said(cycle, gap), causes.typed_of(cycle, gap)
    html = draw(
        "leading/causes_why.html",
        cycle=cycle,
        record=record,
        ask=ask,
        school=school,
        gap=gap,
        as_it_was=record.text("what") if gap and record.text("what") != gap.in_words(for_others=True) else "",
        gap_finding=causes.gap_finding(gap, school.name) if gap and school else None,
        factors=[(factor, said.get(factor.id, ()), typed.get(factor.id, "")) for factor in factors],
        places=causes_file.PLACES,
        address=_addresses(cycle),
        ref_of=lambda factor: causes.answer_finding(record, factor, gap, "")["ref"],
    )
    return View("Why?", html)


def _the_record(cycle: Cycle, record_id: str) -> Record:
    record = cycle.find(record_id, causes.WHY.id)
    if record is None:
        raise Refused("This question is no longer here, perhaps it was removed in another tab.")
    return record


def _said(cycle: Cycle, gap: Gap | None) -> dict[str, tuple[Said, ...]]:
    """What the data says of each factor; nothing for a gap that is not in the data."""
    if gap is None:
        return {}
    from senco_kit.planning.causes_data import said_of

    school = school_of(cycle)
    return said_of(gap, school.data, school.tables, school.signals)


def _addresses(cycle: Cycle) -> dict[str, str]:
    """Where each place of causes_file.PLACES is; parts of the provision map only where there is data."""
    map_of_school = f"/provision-map#/{cycle.school}"
    parts = {"map": "", "map-provisions": "/provisions", "map-pupils": "/pupils"}
    rooms = {place: f"#/{cycle.id}/{place}" for place in causes_file.PLACES if place not in parts}
    return rooms | ({place: map_of_school + part for place, part in parts.items()} if cycle.school else {})


def _take_answer(cycle: Cycle, record_id: str, factor: str) -> GoTo:
    record = _the_record(cycle, record_id)
    if factor not in causes.answered(record):
        raise Refused("Answer first whether it explains part of the gap: then there is something to take.")
    gap = _gap(cycle, record.text("ref/gap"))
    said = _said(cycle, gap).get(factor, ())
    # Not a question of the map: that may name a pupil by number.
    evidence = next((each.says for each in said if not each.is_missing and not each.asks), "Asking why about a gap")
    found = causes.answer_finding(record, factor, gap, evidence)
    return leading_findings.take_finding(cycle, {"foundon": date.today().isoformat(), **found})
