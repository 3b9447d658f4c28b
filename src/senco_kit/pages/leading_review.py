"""The whole-school SEND review of a cycle: areas, voices, and where voices differ.

Places, after CYCLE/review:

    (nothing)        every area with where it stands, and what each voice says
    area/ID          one area: the SENCO's own view, evidence, what the law asks for, the level
    voices           who has spoken; forms to download, to print and to bring back
    voices/RECORD    the answers of one person, to type in
    form/VOICE       the form of a voice, to print
    differences      where voices differ
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.audit.profile import HeadingProfile
from senco_kit.charts.bars import level_bars
from senco_kit.forms.check import Refused
from senco_kit.forms.draw import draw_field
from senco_kit.forms.screen import Answer, Download, GoTo, Parts, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import take_finding
from senco_kit.pages.leading_forms import ask, ask_ticks
from senco_kit.pages.work import said_on_screen, work
from senco_kit.planning import school_review as review
from senco_kit.planning import school_review_offers as offers
from senco_kit.planning.kinds import as_shown
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.school_review_file import FAMILIES, SENCO, VOICES, Area, Instrument, Prompt, Voice, instruments
from senco_kit.standards import read
from senco_kit.standards.model import Heading, Outcome

if TYPE_CHECKING:
    from senco_kit.provision.own_data.mistakes import Mistakes

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: The part of an area's page that follows from the answers.
_STANDING = "review-standing"
#: So many prompts where staff differ are shown at once; the others are folded away.
_SPREADS_SHOWN = 6


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the review; see the list above."""
    with said_on_screen():
        match rest:
            case []:
                return overview(cycle)
            case ["area", area_id]:
                return one_area(cycle, _area(area_id))
            case ["voices"]:
                return voices(cycle)
            case ["voices", record_id]:
                return one_voice(cycle, record_id)
            case ["form", voice_id]:
                return form_to_print(cycle, _voice(voice_id))
            case ["differences"]:
                return differences(cycle)
            case _:
                raise Refused("There is no such place on this page.")


def _area(area_id: str) -> Area:
    area = review.find_area(area_id)
    if area is None:
        raise Refused("The review has no such area: go back to all areas.")
    return area


def _voice(voice_id: str) -> Voice:
    if voice_id not in VOICES:
        raise Refused("The review asks no such voice: go back to the voices.")
    return VOICES[voice_id]


# ------------------------------------------------------------------------------------------------- all areas


def overview(cycle: Cycle) -> View:
    """Every area with where it stands and what each voice says of it."""
    record = review.own(cycle)
    found = [(instrument, [_row(cycle, area, record) for area in instrument.areas]) for instrument in instruments()]
    heard = any(row["standing"].level or any(each.people for each in row["said"]) for _, rows in found for row in rows)
    html = draw(
        "leading/review.html",
        cycle=cycle,
        own=record,
        instruments=found,
        voices=tuple(VOICES.values()),
        heard=heard,
        bars=_bars([row for _, rows in found for row in rows]) if heard else "",
        differences=review.differences(cycle),
        **_words(),
    )
    return View(f"SEND review: {cycle.name}", html)


def _row(cycle: Cycle, area: Area, record: Record | None) -> dict[str, Any]:
    answered = [prompt for prompt in area.prompts if record and record.text(f"answer/{prompt.id}")]
    return {
        "area": area,
        "standing": review.standing(cycle, area),
        "answered": len(answered),
        "said": review.said_by_all(cycle, area.prompts),
    }


def _bars(rows: list[dict[str, Any]]) -> Markup:
    """How many voices stand at each level in each area; those that have not spoken, or are too few, count as open."""
    profiles = []
    for row in rows:
        middles = [each.middle for each in row["said"]]
        each_voice = tuple(
            Outcome(each.voice.id, row["area"].id, each.voice.title, "", "confirmed") for each in row["said"]
        )
        at_level = {level.number: middles.count(level.number) for level in read.levels()}
        heading = Heading(row["area"].id, f"{row['area'].id}. {row['area'].title}", "", each_voice)
        profiles.append(HeadingProfile(heading, at_level, 0, middles.count(None)))
    return level_bars(profiles, read.levels(), "How many voices stand at each level, by area")


def _words() -> dict[str, Any]:
    """What several templates of the review show in words."""
    return {"basis": offers.basis_in_words, "level": read.level, "in_words": offers.level_in_words}


# ------------------------------------------------------------------------------------------------- one area


def one_area(cycle: Cycle, area: Area) -> View:
    """One area, with the SENCO's own view of it to fill in."""
    record = review.own(cycle)
    every = review.every_area()
    place = every.index(area)
    html = draw(
        "leading/review_area.html",
        cycle=cycle,
        area=area,
        own=record,
        prompts=[(prompt, _asked(record, prompt, VOICES[SENCO])) for prompt in area.prompts] if record else (),
        level_field=ask(record, f"level/{area.id}") if record else "",
        evidence_text=ask(record, f"evidence/{area.id}") if record else "",
        evidence=_evidence(record, area) if record else "",
        duties=[(duty, ask(record, f"duty/{duty.id}")) for duty in area.duties] if record else (),
        standing_html=_standing(cycle, area),
        standing_id=_STANDING,
        said=[(prompt, review.said_by_all(cycle, [prompt])) for prompt in area.prompts],
        levels=read.levels(),
        notes=review.notes(cycle, area),
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
    )
    return View(f"{area.title}: {cycle.name}", html)


def _asked(record: Record, prompt: Prompt, voice: Voice) -> tuple[Markup, Markup, bool]:
    """A prompt in a voice's words, the note beside it, and whether there is a note already."""
    name = f"answer/{prompt.id}"
    asked = replace(review.answer_field(prompt, voice), name=f"{record.id}/{name}", side_by_side=True)
    return (
        draw_field(asked, record.text(name)),
        ask(record, f"note/{prompt.id}"),
        bool(record.text(f"note/{prompt.id}")),
    )


def _evidence(record: Record, area: Area) -> Markup:
    choices = [(each.id, each.says, "") for each in area.evidence]
    return ask_ticks(record, "held", "Which of this do you hold?", "Tick what you could show somebody today.", choices)


def _standing(cycle: Cycle, area: Area) -> Markup:
    """Where an area stands and why, with what can be taken as a finding."""
    record, today = review.own(cycle), date.today()
    standing = review.standing(cycle, area)
    return draw(
        "leading/review_standing.html",
        cycle=cycle,
        area=area,
        standing=standing,
        offer=offers.of_area(cycle, standing, today),
        missing=[
            (duty, offers.of_duty(area, duty, today))
            for duty in area.duties
            if review.duty_answer(record, duty) == review.NOT_IN_PLACE
        ],
        not_looked=[duty for duty in area.duties if not review.duty_answer(record, duty)],
        evidence=review.missing_evidence(cycle, area) if record else (),
        **_words(),
    )


def changed(cycle_id: str, record_id: str, field: str) -> Parts | None:
    """Where the area stands, after the SENCO has answered something in it."""
    role, _, which = field.partition("/")
    area = review.find_area(which) if role in ("level", "evidence") else review.area_of(which)
    if area is None:
        return None
    with work() as store:
        cycle = store.cycles.one(cycle_id)
    record = review.own(cycle)
    return {_STANDING: _standing(cycle, area)} if record and record.id == record_id else None


# ------------------------------------------------------------------------------------------------- voices


def voices(cycle: Cycle, mistakes: Mistakes | None = None) -> View:
    """Who has spoken, the forms, and the way to bring filled-in forms back."""
    rows = []
    for voice in VOICES.values():
        people = [one for one in review.voices_of(cycle, voice.id) if one.id != review.OWN_ID]
        spoken = sum(review.has_spoken(one) for one in review.voices_of(cycle, voice.id))
        asked = sum(len(area.asked_of(voice.id)) for area in review.every_area())
        rows.append({"voice": voice, "people": people, "spoken": spoken, "asked": asked, "few": _few(voice, spoken)})
    html = draw(
        "leading/review_voices.html",
        cycle=cycle,
        rows=rows,
        own=review.own(cycle),
        families=FAMILIES,
        instruments=instruments(),
        mistakes=mistakes,
        as_shown=lambda record: as_shown(review.VOICE.field("day"), record.text("day")),
    )
    return View(f"Voices: {cycle.name}", html, focus="mistakes-box" if mistakes else "")


def _few(voice: Voice, spoken: int) -> bool:
    from senco_kit.small_counts import is_small

    return voice.id in FAMILIES and is_small(spoken)


def one_voice(cycle: Cycle, record_id: str) -> View:
    """The answers of one person, to type in. Those of a family are not opened again once they are finished."""
    record = cycle.find(record_id, "voice")
    if record is None:
        raise Refused("This voice is no longer here: go back to the voices.")
    voice = _voice(record.text("role"))
    if record.id == review.OWN_ID:
        return overview(cycle)
    if voice.id in FAMILIES and (record.text("done") or record.text("file")):
        raise Refused("This form is finished. Forms of pupils and parents are not opened again, only read together.")
    asked = [(area, [_asked(record, each, voice) for each in area.asked_of(voice.id)]) for area in review.every_area()]
    html = draw(
        "leading/review_voice.html",
        cycle=cycle,
        record=record,
        voice=voice,
        family=voice.id in FAMILIES,
        about=ask(record, "day") if voice.id in FAMILIES else ask(record, "label", "day"),
        areas=[(area, prompts) for area, prompts in asked if prompts],
        levels=read.levels(),
    )
    return View(f"{voice.title}: {cycle.name}", html)


def form_to_print(cycle: Cycle, voice: Voice) -> View:
    """The form of a voice on paper."""
    html = draw(
        "leading/review_form.html",
        cycle=cycle,
        voice=voice,
        family=voice.id in FAMILIES,
        instruments=instruments(),
        answers=[*review.answer_words(voice), review.UNSURE_IN_WORDS],
        levels=read.levels() if voice.levels else (),
    )
    return View(f"Form to print: {voice.title}", html)


def differences(cycle: Cycle) -> View:
    """Where voices differ, with what can be taken as a finding, and how far staff differ among themselves."""
    today = date.today()
    found = [(each, offers.of_difference(each, today)) for each in review.differences(cycle)]
    every = review.staff_spreads(cycle)
    spreads = [one for one in every if one.said.steps >= review.APART]
    few = [voice for voice in VOICES.values() if _few(voice, len(_spoken(cycle, voice)))]
    html = draw(
        "leading/review_differences.html",
        cycle=cycle,
        found=found,
        spreads=spreads,
        shown=_SPREADS_SHOWN,
        smaller=len(every) - len(spreads),
        few=few,
    )
    return View(f"Where voices differ: {cycle.name}", html)


def _spoken(cycle: Cycle, voice: Voice) -> list[Record]:
    return [one for one in review.voices_of(cycle, voice.id) if review.has_spoken(one)]


# ------------------------------------------------------------------------------------------------- what buttons do


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Start the SENCO's own review, finish somebody's form, make a form, or take a finding."""
    match action:
        case "own":
            return _start_own(cycle, values.get("area", ""))
        case "finish":
            return _finish(cycle, values.get("record", ""))
        case "form":
            return _form(_voice(values.get("voice", "")), values.get("review", ""))
        case "take":
            return take_finding(cycle, values)
        case _:
            raise Refused("This button does nothing here. Reload the page.")


def _start_own(cycle: Cycle, area_id: str) -> GoTo:
    area = review.find_area(area_id) or review.every_area()[0]
    if review.own(cycle) is None:
        with work() as store:
            said = {"role": SENCO, "label": VOICES[SENCO].title, "day": date.today().isoformat()}
            store.cycles.add(cycle.id, "voice", said, review.OWN_ID)
    return GoTo(f"{cycle.id}/review/area/{area.id}", "Your own review is started. Everything you answer is saved.")


def _finish(cycle: Cycle, record_id: str) -> GoTo:
    record = cycle.find(record_id, "voice")
    if record is None or not review.has_spoken(record):
        raise Refused("No question is answered yet: answer one, or remove the form.")
    with work() as store:
        store.cycles.save(cycle.id, record.id, "done", "yes")
    return GoTo(f"{cycle.id}/review/voices", "This form is finished.")


def _form(voice: Voice, instrument_id: str) -> Download:
    """The Excel form of a voice."""
    from senco_kit.reports.planning_voice_form import file_name, voice_form

    with said_on_screen():
        data = voice_form(_instrument(instrument_id), voice)
    name = file_name(voice)
    return Download(name, _EXCEL, data, f"{name} is made. Look in your browser’s downloads, and send it on.")


def _instrument(instrument_id: str) -> Instrument:
    return next((one for one in instruments() if one.id == instrument_id), instruments()[0])


def take_file(cycle: Cycle, action: str, data: bytes) -> Answer:
    """Bring a filled-in form back: all of it, or a list of what is wrong with it and nothing."""
    from senco_kit.provision.own_data.mistakes import Mistakes
    from senco_kit.reports.planning_voice_form import read_voice_form

    if action != "bring":
        raise Refused("This page takes no such file. Reload the page.")
    try:
        filled = read_voice_form(data)
    except Mistakes as wrong:
        return voices(cycle, wrong)
    title = VOICES[filled.voice].title
    there = review.already_here(cycle, filled)
    if there is not None:
        raise Refused(f"This form ({title}) is here already, so it was not taken again.")
    same = review.says_the_same(cycle, filled)
    with work() as store:
        store.cycles.add(cycle.id, "voice", {**filled.values, "file": filled.file, "done": "yes"})
    more = " It answers exactly as another form does: if it is the same person’s, remove one." if same else ""
    return GoTo(f"{cycle.id}/review/voices", f"The form is brought in: {title}.{more}")


def standing(cycle: Cycle) -> str:
    """How many areas have a level, and how many voices have spoken."""
    if not cycle.of("voice"):
        return ""
    areas = review.every_area()
    levels = sum(review.standing(cycle, area).level is not None for area in areas)
    spoken = {record.text("role") for record in cycle.of("voice") if review.has_spoken(record)}
    return f"{levels} of {len(areas)} areas have a level, {len(spoken)} of {len(VOICES)} voices heard"
