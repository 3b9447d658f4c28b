"""From a gap to a session: the parts of the course's notes that fit, and a plan for who comes when."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from senco_kit.course import markdown
from senco_kit.days import read_day
from senco_kit.forms.check import Refused, errors_of
from senco_kit.forms.fields import ChooseOne, Date, Field, Number, Option, ShortText, Tick
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import work
from senco_kit.planning import training, training_needs
from senco_kit.planning.competences_file import LEVELS, TEAMS, Competence, competences
from senco_kit.planning.model import Cycle, Record
from senco_kit.schools import codes
from senco_kit.typed_numbers import number_typed

#: Stands for a session of the school's own in an address, where no part of the course's notes is used.
OWN = "own"
#: Minutes of a session of the school's own before anybody says.
_USUAL_MINUTES = 45
_LONGEST_MINUTES = 600


def sessions(cycle: Cycle, competence_id: str) -> View:
    """The parts of the course's sessions that fit a competence, session by session."""
    competence = _competence(competence_id)
    parts = training.session_parts(competence)
    found = [
        (first, [markdown.words(aim) for aim in first.aims], [first, *rest])
        for _, (first, *rest) in groupby(parts, key=lambda part: part.module_id)
    ]
    html = draw("leading/staff_sessions.html", cycle=cycle, competence=competence, found=found, levels=LEVELS, own=OWN)
    return View(f"Sessions on {competence.title}", html)


def plan(
    cycle: Cycle,
    competence_id: str,
    part_id: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> View:
    """The form that plans a session: when, how long, who."""
    competence = _competence(competence_id)
    part = _part(competence, part_id)
    teams, members = _who(cycle)
    fields = _fields()
    usual = {
        "course": f"{part.session}, {part.title}" if part else competence.title,
        "minutes": str(part.minutes if part else _USUAL_MINUTES),
        "level": "awareness",
    }
    html = draw(
        "leading/staff_session.html",
        cycle=cycle,
        competence=competence,
        part=part,
        part_id=part_id,
        aims=[markdown.words(aim) for aim in part.aims] if part else [],
        fields=fields,
        teams=teams,
        members=members,
        values=usual if values is None else values,
        errors=errors or {},
    )
    return View("Plan a session", html, focus="errors" if errors else "")


def add(cycle: Cycle, values: Mapping[str, str]) -> Answer:
    """Add the session to the training record of everyone who is to come."""
    competence = _competence(values.get("competence", ""))
    part_id = values.get("part", OWN)
    errors = errors_of(_fields(), values)
    coming = _chosen(cycle, values)
    if not coming:
        errors["who"] = "Choose who comes: tick a team, or single members of staff."
    if errors:
        return plan(cycle, competence.id, part_id, values, errors)
    day = read_day(values["date"])
    new = {
        "course": values["course"],
        "provider": "Our own staff",
        "date": day.isoformat() if day else "",
        "hours": f"{number_typed(values['minutes']) / 60:.4g}",
        "level": values["level"],
        "area": competence.area,
        "need": competence.needs[0] if len(competence.needs) == 1 else "",
    }
    with work() as store:
        store.cycles.add_many(cycle.id, [training.session_for(each, new, competence.id) for each in coming])
    return GoTo(f"{cycle.id}/staff/training", f"The session is in the training record of {len(coming)} staff.")


def _competence(competence_id: str) -> Competence:
    try:
        return competences()[competence_id]
    except KeyError:
        raise Refused("There is no such competence. Go back to the training gaps and choose one there.") from None


def _part(competence: Competence, part_id: str) -> training.SessionPart | None:
    if part_id == OWN:
        return None
    for part in training.session_parts(competence):
        if f"{part.module_id}.{part.id}" == part_id:
            return part
    raise Refused("The course has no such part of a session for this competence. Choose another one.")


def _fields() -> tuple[Field, ...]:
    level = ChooseOne(name="level", label="How deep will it go?", required=True, options=_levels())
    return (
        ShortText(name="course", label="What is it called?", required=True, longest=training.LONGEST_LINE),
        Date(
            name="date",
            label="On which day?",
            required=True,
            hint="A day to come makes it a plan. It counts from then.",
        ),
        Number(
            name="minutes",
            label="How long?",
            unit="minutes",
            required=True,
            lowest=5,
            highest=_LONGEST_MINUTES,
            whole=True,
        ),
        level,
    )


def _levels() -> tuple[Option, ...]:
    return training.options_of(codes.TRAINING_LEVELS)


def _who(cycle: Cycle) -> tuple[list[Tick], list[Tick]]:
    """A box for each team with members, and one for each member."""
    members = cycle.of("staff")
    counts = {team: sum(1 for each in members if training_needs.team_of(each) == team) for team in TEAMS}
    teams = [Tick(name=f"team-{team}", label=f"{TEAMS[team]} ({count})") for team, count in counts.items() if count]
    single = [Tick(name=f"member-{each.id}", label=each.text("label") or "Without a label") for each in members]
    return teams, single


def _chosen(cycle: Cycle, values: Mapping[str, str]) -> list[Record]:
    return [
        each
        for each in cycle.of("staff")
        if values.get(f"member-{each.id}") == "yes" or values.get(f"team-{training_needs.team_of(each)}") == "yes"
    ]
