"""Inspection: what the inclusion area looks at, the evidence held and missing, and a story to speak from.

Places, after CYCLE/inspection:

    (nothing)       the factors, what is held and missing, what is oldest
    story           the story on two pages
    FACTOR          one factor: what may be asked, and its evidence
"""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from senco_kit.forms.check import Refused
from senco_kit.forms.draw import element_id
from senco_kit.forms.screen import Answer, Parts, View
from senco_kit.pages import leading_figures
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_documents import top, word_file
from senco_kit.pages.leading_forms import ask_rows, ask_single
from senco_kit.pages.work import work
from senco_kit.planning import inspection as rules
from senco_kit.planning.inspection import EVIDENCE, SCHOOL, STORY
from senco_kit.planning.inspection_file import Factor, inspection
from senco_kit.planning.kinds import single_id
from senco_kit.planning.model import Cycle


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room; see the list above."""
    match rest:
        case []:
            return _overview(cycle)
        case ["story"]:
            return _story(cycle)
        case [factor_id]:
            return _factor(cycle, factor_id)
        case _:
            raise Refused("There is no such place on this page.")


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Make the story as a Word file."""
    if action != "word":
        raise Refused("This button does nothing here. Reload the page.")
    return word_file(rules.story(cycle, leading_figures.of(cycle)))


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """What the story will say, or what is held for a factor, after an answer was saved."""
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    if record_id == single_id(STORY.id):
        return {f"story-{field}": _preview(cycle, field), **_top(cycle)}
    record = cycle.find(record_id, EVIDENCE.id)
    shown = record.text("shows") if record else ""
    holding = next((each for each in rules.all_holdings(cycle) if each.shows == shown), None)
    return {_held_id(shown): _held(cycle, holding)} if holding else None


def standing(cycle: Cycle) -> str:
    """How many of the expected kinds of evidence are held."""
    held = rules.all_holdings(cycle)
    there = sum(each.is_held for each in held)
    return f"{there} of {len(held)} kinds of evidence held" if there else ""


# ------------------------------------------------------------------------------------------------ what is shown


def _overview(cycle: Cycle) -> View:
    held = rules.all_holdings(cycle)
    html = draw(
        "leading/inspection.html",
        cycle=cycle,
        about=inspection(),
        factors=[(factor, rules.holdings(cycle, factor)) for factor in inspection().factors],
        missing=[each for each in held if not each.is_held],
        oldest=rules.oldest(held),
        table=rules.holdings_table(cycle),
    )
    return View(f"Inspection: {cycle.name}", html)


def _factor(cycle: Cycle, factor_id: str) -> View:
    factor = next((each for each in inspection().factors if each.id == factor_id), None)
    if factor is None:
        raise Refused("There is no such place on this page.")
    pieces = [
        (
            holding,
            _held_id(holding.shows),
            _held(cycle, holding),
            ask_rows(cycle, EVIDENCE, "What you hold", "Add evidence", ("shows", holding.shows)),
        )
        for holding in rules.holdings(cycle, factor)
    ]
    factors = inspection().factors
    after = factors[(factors.index(factor) + 1) % len(factors)]
    html = draw("leading/inspection_factor.html", cycle=cycle, factor=factor, pieces=pieces, after=after)
    return View(f"{factor.title}: {cycle.name}", html)


def _held_id(shows: str) -> str:
    return f"held-{shows.replace('.', '-')}"


def _held(cycle: Cycle, holding: rules.Holding) -> Markup:
    return draw("leading/inspection_held.html", cycle=cycle, holding=holding)


def _story(cycle: Cycle) -> View:
    places: list[tuple[str, str, Factor | None]] = [(SCHOOL, "Our school", None)]
    places += [(factor.id, factor.title, factor) for factor in inspection().factors]
    parts = [
        (place, title, factor, ask_single(cycle, STORY, place), _preview(cycle, place))
        for place, title, factor in places
    ]
    first = _top(cycle)
    html = draw(
        "leading/inspection_story.html",
        cycle=cycle,
        parts=parts,
        state=first["document-state"],
        missing=first["document-missing"],
    )
    return View(f"Story for inspection: {cycle.name}", html)


def _preview(cycle: Cycle, place: str) -> Markup:
    document = rules.story(cycle, leading_figures.of(cycle))
    section = next(each for each in document.sections if each.id == place)
    return draw("leading/documents_section.html", cycle=cycle, section=section)


def _top(cycle: Cycle) -> dict[str, Markup]:
    """How complete the story is, and what is missing: fields of this page, but for what comes next, which is a plan."""
    document, record = rules.story(cycle, leading_figures.of(cycle)), single_id(STORY.id)
    asked = {field.name for field in STORY.fields}
    missing = [
        (f"#{element_id(f'{record}/{part.id}')}" if part.id in asked else f"#/{cycle.id}/plan", sentence)
        for part in document.parts
        for sentence in part.missing
    ]
    return top(document, missing)
