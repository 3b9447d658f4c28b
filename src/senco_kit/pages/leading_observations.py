"""Lessons: learning walks and observations by focus, what they say together, and a blank form to print."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import groupby

from markupsafe import Markup

from senco_kit.charts import drawing
from senco_kit.charts.bars import Part
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, GoTo, Parts, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import take_finding
from senco_kit.pages.leading_forms import ask, ask_ticks
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.work import work
from senco_kit.planning import observations
from senco_kit.planning.competences_file import competences
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.observations import FocusPattern, Looks
from senco_kit.planning.observations_file import Focus, foci
from senco_kit.schools import codes
from senco_kit.schools.keys import order_of

#: How many visits are shown before the others are folded.
_NEWEST = 10
_KINDS = {"walk": "Learning walk", "lesson": "Lesson observation"}


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room."""
    match rest:
        case []:
            return _list(cycle)
        case ["patterns"]:
            return _patterns(cycle)
        case ["blank"]:
            return _blank(cycle)
        case [record_id]:
            return _one(cycle, record_id)
        case _:
            raise Refused("There is no such place on this page.")


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """What a button of the room stands for."""
    match action:
        case "invented":
            return _invented(cycle)
        case "take":
            return take_finding(cycle, values)
        case _:
            raise Refused("The page sent something that the kit does not know. Reload the page.")


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """The questions on the chosen foci, after one was chosen or left out."""
    if not field.startswith("focus/"):
        return None
    with work() as store:
        record = store.cycles.one(cycle_id).find(record_id, "observation")
    return {"looks": _looks_form(record)} if record else None


def standing(cycle: Cycle) -> str:
    """How many observations there are."""
    count = len(cycle.of("observation"))
    return f"{count} {'visit' if count == 1 else 'visits'} to lessons" if count else ""


def _list(cycle: Cycle) -> View:
    seen = sorted(cycle.of("observation"), key=lambda one: one.text("day"), reverse=True)
    rows = [
        (one, _day(one) or "No day yet", _subject(one), _KINDS.get(one.text("kind"), ""), _looks_in(one))
        for one in seen
    ]
    looked = [each for each in observations.patterns(cycle) if each.looks.all]
    html = draw(
        "leading/observations.html",
        cycle=cycle,
        newest=rows[:_NEWEST],
        others=rows[_NEWEST:],
        picture=_bars(looked) if looked else "",
        ends=observations.least_and_most(looked),
        is_invented=order_of(cycle.school) is not None,
    )
    return View("Lessons", html)


def _day(record: Record) -> str:
    day = record.day("day")
    return in_words(day) if day else ""


def _subject(record: Record) -> str:
    subject = record.text("subject")
    return f"{subject[:1].upper()}{subject[1:]}"


def _looks_in(record: Record) -> int:
    said = record.under("seen").values()
    return sum(1 for each in said if each in (observations.YES, observations.PARTLY, observations.NO))


# ---------------------------------------------------------------------------------------------- one visit


def _one(cycle: Cycle, record_id: str) -> View:
    record = cycle.find(record_id, "observation")
    if record is None:
        raise Refused("This visit is no longer here, perhaps it was removed in another tab. Go back to Lessons.")
    name = ", ".join(each for each in (record.text("year"), _day(record)) if each) or "A new visit"
    html = draw(
        "leading/observations_one.html",
        cycle=cycle,
        record=record,
        name=name,
        about=ask(record, "day", "year", "subject", "kind"),
        choose=[
            ask_ticks(record, "focus", group, "", [(each.id, each.title, "") for each in those])
            for group, those in _groups()
        ],
        looks=_looks_form(record),
    )
    return View(f"Lesson: {name}", html)


def _groups() -> list[tuple[str, list[Focus]]]:
    return [(group, list(those)) for group, those in groupby(foci().values(), key=lambda focus: focus.group)]


def _looks_form(record: Record) -> Markup:
    asked = [ask(record, f"seen/{focus.id}", f"note/{focus.id}") for focus in observations.looked_for(record)]
    return Markup("").join(asked)


def _blank(cycle: Cycle) -> View:
    html = draw("leading/observations_blank.html", cycle=cycle, groups=_groups())
    return View("A blank form for a visit", html)


# ------------------------------------------------------------------------------------------------ patterns


def _patterns(cycle: Cycle) -> View:
    found = observations.patterns(cycle)
    looked = [each for each in found if each.looks.all]
    html = draw(
        "leading/observations_patterns.html",
        cycle=cycle,
        visits=len(cycle.of("observation")),
        picture=_bars(looked) if looked else "",
        rows=[(each, _finding(each), [competences()[one] for one in each.focus.competences]) for each in looked],
        groups=[
            ("By year", "Year", [(each.focus, _named(each.by_year, codes.YEARS)) for each in looked]),
            ("By subject", "Subject", [(each.focus, _named(each.by_subject, _SUBJECTS)) for each in looked]),
        ],
        not_looked=[each.focus.title for each in found if not each.looks.all],
        rule=observations.RULE,
        not_enough=observations.NOT_ENOUGH,
    )
    return View("Patterns in lessons", html)


_SUBJECTS = {subject: subject[:1].upper() + subject[1:] for subject in (*codes.SUBJECTS, "other")}


def _named(looks: Mapping[str, Looks], names: Mapping[str, str]) -> list[tuple[str, Looks]]:
    return [(names[group], each) for group, each in looks.items()]


def _bars(patterns: list[FocusPattern]) -> Markup:
    rows = [
        (
            {"title": each.focus.title},
            (
                Part(each.looks.seen, "Seen", "level-4"),
                Part(each.looks.partly, "In part", "level-2"),
                Part(each.looks.not_seen, "Not seen", "unanswered"),
            ),
        )
        for each in patterns
    ]
    kinds = [(part.name, part.style) for part in rows[0][1]]
    longest = max(each.looks.all for each in patterns)
    return drawing.draw("bars.html", rows=rows, kinds=kinds, longest=longest, name="Looks at each focus")


def _finding(pattern: FocusPattern) -> dict[str, str]:
    """What a pattern is as a finding; nothing when there are too few looks to say."""
    if not pattern.looks.are_enough:
        return {}
    today = date.today()
    return {
        "what": pattern.as_finding(),
        "source": "observation",
        "wherefrom": f"Lessons, patterns by focus, as on {in_words(today)}",
        "foundon": today.isoformat(),
        "area": "all",
        "group": "pupils with SEN",
        "effect": {"few": "hinders", "most": "helps"}.get(pattern.looks.side, ""),
        "within": "inside",
        "ref": f"observations/{pattern.focus.id}",
    }


def _invented(cycle: Cycle) -> GoTo:
    school = school_of(cycle)
    if school.tables is None:
        raise Refused("The data of this cycle has no observations. Add your own visits, one by one.")
    records = observations.observation_records(school.tables["observations"], cycle.school)
    with work() as store:
        store.cycles.add_many(cycle.id, records)
    return GoTo(f"{cycle.id}/observations", f"{len(records)} invented visits to lessons are here.")
