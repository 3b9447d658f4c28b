"""Notes for a session: what it is for, what it needs, and a run sheet with clock times."""

from __future__ import annotations

import re
from collections.abc import Mapping

from senco_kit.course.markdown import html, inline_html
from senco_kit.course.model import Module, Session
from senco_kit.course.run_sheet import USUAL_START, minutes_of, run_sheet
from senco_kit.forms.check import Refused
from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import ChooseOne, Option, ShortText
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.facilitator_cohorts import module_numbered

_START = ShortText(name="start", label="When does it start?", hint="For example 15:45.", longest=5, required=True)


def session(number: str, version_id: str = "full", start: str = USUAL_START, error: str = "") -> View:
    """The notes of a session, in one version, from a start. Raises Refused."""
    module, notes = _notes(number)
    known = [version.id for version in notes.versions]
    if version_id not in known:
        raise Refused(f"This session has no version “{version_id[:30]}”.")
    version = notes.version(version_id)
    lines = run_sheet(version, USUAL_START if error else start)
    shown = draw(
        "facilitator/session.html",
        module=module,
        session=notes,
        version=version,
        lines=lines,
        choose=draw_field(_which(notes), version_id),
        start=draw_field(_START, start, error),
        error=error,
        aims=[inline_html(each) for each in notes.aims],
        room=inline_html(notes.room),
        materials=[inline_html(each) for each in notes.materials],
        texts={line.activity.id: html(line.activity.text, heading=5) for line in lines},
        prompts=html(notes.prompts, heading=4),
        sticking_points=html(notes.sticking_points, heading=4),
    )
    return View(notes.title, shown, focus="f-start" if error else "")


def choose(values: Mapping[str, str]) -> Answer:
    """Go to the version and the start that were chosen."""
    number, version, typed = values.get("number", ""), values.get("version", "full"), values.get("start", "")
    try:
        minutes = minutes_of(typed)
    except ValueError as problem:
        return session(number, version, typed[:20], str(problem))
    return GoTo(f"session/{number}/{version}/{minutes // 60:02}{minutes % 60:02}", "The run sheet has these times.")


def start_of(clock: str) -> str:
    """The start in an address: "1545" is 15:45. Raises Refused."""
    found = re.fullmatch(r"([0-9]{2})([0-9]{2})", clock, re.ASCII)
    start = f"{found[1]}:{found[2]}" if found else clock
    try:
        minutes_of(start)
    except ValueError as problem:
        raise Refused(str(problem)) from problem
    return start


def hand_out(number: str) -> View:
    """The hand-out of a session, to print."""
    module, notes = _notes(number)
    shown = draw("facilitator/hand_out.html", module=module, session=notes, text=html(notes.hand_out, heading=3))
    return View(f"Hand-out: {module.title}", shown)


def _notes(number: str) -> tuple[Module, Session]:
    module = module_numbered(number)
    if module.session is None:
        raise Refused("There are no notes for this session.")
    return module, module.session


def _which(notes: Session) -> ChooseOne:
    options = tuple(
        Option(version.id, f"{version.title.removesuffix(' version')}, {version.minutes} minutes")
        for version in notes.versions
    )
    return ChooseOne(name="version", label="Which version?", options=options, side_by_side=True, required=True)
