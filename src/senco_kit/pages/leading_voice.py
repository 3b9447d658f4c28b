"""What pupils and parents think: short forms on the screen and on paper, and what they say together.

Places, after CYCLE/voice (WHO is "pupils" or "parents"):

    (nothing)          both forms: how many are handed in, and how to ask
    WHO                what they say together
    WHO/fill/RECORD    one form, to be filled in on the screen
    WHO/print          the form on paper
    WHO/paper          typing in answers from paper
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from markupsafe import Markup, escape

from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import LongText, Option
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings import take_finding
from senco_kit.pages.work import said_on_screen, work
from senco_kit.planning import voice
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.voice_file import FORMS, AnswerChoice, form
from senco_kit.store.cycles import NewRecord

_TITLES = {voice.PUPILS: "Pupils", voice.PARENTS: "Parents and carers"}
_LINES = LongText(
    name="lines",
    label="The answers, one form on each line",
    hint="The number of the answer to each question, 0 for none. After a stroke | what they wrote.",
    required=True,
    longest=400_000,
    lines=8,
)


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the room; see the list above."""
    with said_on_screen():
        match rest:
            case []:
                return start(cycle)
            case [who] if who in FORMS:
                return together(cycle, who)
            case [who, "fill", record_id] if who in FORMS:
                return fill_in(cycle, who, record_id)
            case [who, "print"] if who in FORMS:
                return to_print(cycle, who)
            case [who, "paper"] if who in FORMS:
                return from_paper(cycle, who, {}, ())
            case _:
                raise Refused("There is no such place on this page.")


def start(cycle: Cycle) -> View:
    """Both forms, with how many are handed in."""
    forms = [
        {"who": who, "title": _TITLES[who], "form": form(who), "handed_in": voice.count_in_words(cycle, who)}
        for who in FORMS
    ]
    return View(f"Pupils and parents: {cycle.name}", draw("leading/voice.html", cycle=cycle, forms=forms))


def together(cycle: Cycle, who: str) -> View:
    """What they say together, the ways to ask more of them, and what they wrote."""
    today = date.today()
    html = draw(
        "leading/voice_together.html",
        cycle=cycle,
        who=who,
        title=_TITLES[who],
        words=voice.WORDS[who],
        handed_in=voice.count_in_words(cycle, who),
        lines=[(line, voice.offer(who, line, today)) for line in voice.summary(cycle, who)],
        reached=voice.reached(cycle, who),
        own_words=voice.own_words(cycle, who),
        asked=form(who).own_words,
        unfinished=voice.unfinished(cycle, who),
        year=voice.YEAR,
    )
    return View(f"{_TITLES[who]}: {cycle.name}", html)


# -------------------------------------------------------------------------------------------------- filling in


def fill_in(cycle: Cycle, who: str, record_id: str) -> View:
    """One form to be filled in: one question to a section, with pictures where the form has them."""
    record = cycle.find(record_id, voice.KIND_OF[who])
    if record is None:
        raise Refused("This form is no longer here: start another one.")
    if record.text("done"):
        raise Refused("This form is handed in. It is not opened again, so that nobody can be told apart.")
    html = draw(
        "leading/voice_fill.html",
        cycle=cycle,
        who=who,
        form=form(who),
        record=record,
        questions=[(question, _asked(who, record, question.id)) for question in form(who).questions],
        own_words=_own_words(who, record),
        next_label="Done, next pupil" if who == voice.PUPILS else "Done, next form",
    )
    return View(form(who).title, html)


def _asked(who: str, record: Record, question_id: str) -> Markup:
    asked = voice.answer_field(who, question_id)
    options = tuple(Option(answer.id, _with_face(answer)) for answer in form(who).answers)
    shown = replace(asked, name=f"{record.id}/{asked.name}", options=options)
    return draw_field(shown, record.text(asked.name), legend_level=3)


def _with_face(answer: AnswerChoice) -> str:
    """The words of an answer, with its face before them where it has one; the face says nothing that they do not."""
    if not answer.face:
        return answer.label
    return draw("leading/voice_picture.html", face=answer.face, picture="") + Markup(" ") + escape(answer.label)


def _own_words(who: str, record: Record) -> Markup:
    kind = next(each for each in voice.KINDS if each.id == voice.KIND_OF[who])
    asked = replace(kind.field("own_words"), name=f"{record.id}/own_words", label=form(who).own_words)
    return draw_field(asked, record.text("own_words"))


def to_print(cycle: Cycle, who: str) -> View:
    """The form on paper."""
    html = draw("leading/voice_print.html", cycle=cycle, who=who, title=_TITLES[who], form=form(who))
    return View(f"Form to print: {_TITLES[who]}", html)


def from_paper(cycle: Cycle, who: str, values: Mapping[str, str], wrong: tuple[tuple[int, str], ...]) -> View:
    """Typing in answers from paper, with what is wrong in what was typed."""
    html = draw(
        "leading/voice_paper.html",
        cycle=cycle,
        who=who,
        title=_TITLES[who],
        form=form(who),
        lines=_LINES,
        year=voice.YEAR,
        values=values,
        wrong=wrong,
    )
    return View(f"Answers on paper: {_TITLES[who]}", html, focus="errors" if wrong else "")


# --------------------------------------------------------------------------------------------- what buttons do


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Start a form, hand one in, type in those on paper, or take a line as a finding."""
    who = values.get("who", "")
    if action == "take":
        return take_finding(cycle, values)
    if who not in FORMS:
        raise Refused("The page did not say whose form it is. Reload the page.")
    match action:
        case "start":
            return _new(cycle, who, values.get("year", ""))
        case "next":
            record = _hand_in(cycle, who, values.get("record", ""))
            return _new(cycle, who, record.text("year"), "Thank you! The next form is ready.")
        case "finish":
            _hand_in(cycle, who, values.get("record", ""))
            return GoTo(f"{cycle.id}/voice/{who}", "The form is handed in.")
        case "stop":
            return _stop(cycle, who, values.get("record", ""))
        case "paper":
            return _take_paper(cycle, who, values)
        case _:
            raise Refused("This button does nothing here. Reload the page.")


def _new(cycle: Cycle, who: str, year: str, says: str = "") -> GoTo:
    check(voice.YEAR, year)
    with work() as store:
        record_id = store.cycles.add(cycle.id, voice.KIND_OF[who], {"year": year})
    return GoTo(f"{cycle.id}/voice/{who}/fill/{record_id}", says)


def _hand_in(cycle: Cycle, who: str, record_id: str) -> Record:
    record = cycle.find(record_id, voice.KIND_OF[who])
    if record is None:
        raise Refused("This form is no longer here: start another one.")
    if voice.is_empty(record):
        raise Refused("Nothing is answered yet. Answer one question first.")
    with work() as store:
        store.cycles.save(cycle.id, record.id, "done", "yes")
    return record


def _stop(cycle: Cycle, who: str, record_id: str) -> GoTo:
    """Leave a form: one without an answer goes."""
    record = cycle.find(record_id, voice.KIND_OF[who])
    if record is not None and voice.is_empty(record):
        with work() as store:
            store.cycles.remove(cycle.id, record.id)
    return GoTo(f"{cycle.id}/voice/{who}")


def _take_paper(cycle: Cycle, who: str, values: Mapping[str, str]) -> Answer:
    """Keep all forms that were typed, or none and say what is wrong in which line."""
    year = values.get("year", "")
    check(voice.YEAR, year)
    check(_LINES, values.get("lines", ""))
    typed = voice.read_typed(who, values["lines"], year)
    if typed.wrong:
        return from_paper(cycle, who, values, typed.wrong)
    with work() as store:
        store.cycles.add_many(cycle.id, [NewRecord(voice.KIND_OF[who], each) for each in typed.forms])
    count = len(typed.forms)
    return GoTo(f"{cycle.id}/voice/{who}", f"{count} {'form is' if count == 1 else 'forms are'} taken from paper.")


def standing(cycle: Cycle) -> str:
    """How many forms are handed in."""
    told = [f"{voice.WORDS[who]}: {voice.count_in_words(cycle, who)}" for who in FORMS if voice.handed_in(cycle, who)]
    return f"Forms of {', '.join(told)}" if told else ""
