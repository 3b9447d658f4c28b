"""A section of a lesson: its blocks, its quick checks with feedback in place, its reflections, and what is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from markupsafe import Markup

from senco_kit.course import ask, read
from senco_kit.course.mark import VERDICT_WORDS
from senco_kit.course.markdown import html, inline_html
from senco_kit.course.model import Block, Module, Section
from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import LongText, Value
from senco_kit.forms.screen import GoTo, Parts, View
from senco_kit.pages import course_answers
from senco_kit.pages.course_answers import NOT_ASKED, Question
from senco_kit.pages.course_progress import checks_of, reflections_of
from senco_kit.pages.drawing import draw
from senco_kit.pages.work import latest, work
from senco_kit.standards import read as standards
from senco_kit.standards.model import SPINE
from senco_kit.store import Store

#: How much of a reflection goes into the audit, in characters: enough to know it again.
_BEGINNING = 280


@dataclass(frozen=True)
class Part:
    """One thing in a section: HTML as it is, a quick check, or a reflection."""

    kind: str
    html: Markup
    id: str = ""
    title: str = ""
    control: Markup = field(default_factory=Markup)
    hint: Markup = field(default_factory=Markup)
    feedback: Markup = field(default_factory=Markup)
    note: Markup = field(default_factory=Markup)


def section(module_id: str, section_id: str, focus: str = "", notes: Mapping[str, Markup] | None = None) -> View:
    """A section with the answers given so far; `notes` say something under a reflection."""
    module = read.module(module_id)
    here = _section_of(module, section_id)
    with work() as store:
        done = store.course.done(module.id)
        parts = parts_of(module, here, here.blocks, store, notes or {})
    ids = [each.id for each in module.sections]
    place = ids.index(here.id)
    shown = draw(
        "course/section.html",
        module=module,
        section=here,
        parts=parts,
        number=place + 1,
        done=done.get(here.id),
        before=module.sections[place - 1] if place else None,
        after=module.sections[place + 1] if place + 1 < len(ids) else None,
        checks=checks_of(module.id),
        reflections=reflections_of(module.id),
    )
    return View(f"{here.title}: {module.title}", shown, focus)


def _section_of(module: Module, section_id: str) -> Section:
    try:
        return module.section(section_id)
    except KeyError as problem:
        raise Refused("There is no such section in this module.") from problem


def parts_of(
    module: Module, here: Section, blocks: Iterable[Block], store: Store, notes: Mapping[str, Markup]
) -> list[Part]:
    """What stands in these blocks of a section, with the answers given so far and the feedback on them."""
    from senco_kit.course.show import block_html

    answers, result = store.course.answers(checks_of(module.id)), store.course.result(checks_of(module.id))
    texts = store.course.answers(reflections_of(module.id))
    parts: list[Part] = []
    for block in blocks:
        match block.kind:
            case "check":
                for name in block.names:
                    answer = answers.get(name, "")
                    marked = result.marked[name] if result and name in result.marked else None
                    is_for_it = result is not None and result.answers.get(name) == answer
                    parts.append(_check(module, here, name, answer, marked if is_for_it else None))
            case "reflection":
                parts.append(_reflection(block, texts.get(block.names[0], ""), notes))
            case _:
                parts.append(Part("html", block_html(module, block)))
    return parts


# -------------------------------------------------------------------------------------------------------- quick checks


@lru_cache(maxsize=200)
def _released(module_id: str, question_id: str) -> Question:
    """A quick check as a learner may see it, on the lesson's own school. Raises Refused."""
    from senco_kit.course.assignment import released
    from senco_kit.course.exercise import open_exercise

    module = read.module(module_id)
    try:
        question = module.check(question_id)
    except KeyError as problem:
        raise Refused("There is no such quick check in this module.") from problem
    return released(module, question, open_exercise(module.lesson_school))


def _check(module: Module, here: Section, name: str, answer: object, marked: Mapping[str, Any] | None) -> Part:
    question = _released(module.id, name)
    feedback = _feedback(module, here, question, answer, marked) if marked else Markup("")
    return Part(
        "check",
        ask.question_html(question),
        name,
        str(question["title"]),
        course_answers.drawn(question, answer),
        html(str(question["hint"])) if question["hint"] else Markup(""),
        feedback,
    )


def _feedback(module: Module, here: Section, question: Question, answer: object, marked: Mapping[str, Any]) -> Markup:
    """What is said of an answer: the verdict in words, what to think of, and where to look again."""
    again = links_to(module, marked["look_again"])
    return draw(
        "course/feedback_of_one.html",
        module_id=module.id,
        question=question,
        verdict=marked["verdict"],
        words=VERDICT_WORDS,
        says=[inline_html(each) for each in marked["says"]],
        again=[each for each in again if each.id != here.id],
        above=here in again,
        typed=answer if question["type"] == "number" else "",
    )


def links_to(module: Module, section_ids: object) -> list[Section]:
    """The sections to look at again; one that the lesson does not have is left out."""
    wanted = set(section_ids) if isinstance(section_ids, list | tuple) else set()
    return [each for each in module.sections if each.id in wanted]


def check_answer(module_id: str, section_id: str, question_id: str) -> View:
    """Mark the answer that is kept to a quick check, and show the section with the feedback."""
    mark_check(module_id, question_id)
    return section(module_id, section_id, focus=f"feedback-{question_id}")


def mark_check(module_id: str, question_id: str) -> None:
    """Mark the answer that is kept to a quick check, and keep the mark. Raises Refused when there is no answer."""
    from senco_kit.course.assignment import key
    from senco_kit.course.exercise import open_exercise
    from senco_kit.course.mark import mark

    module = read.module(module_id)
    question = _released(module.id, question_id)
    with work() as store:
        answer = store.course.answers(checks_of(module.id)).get(question_id, "")
        if not ask.answered(question, answer):
            raise Refused(f"Answer “{question['title']}” first, then check it.")
        marked = mark(key(module, module.check(question_id), open_exercise(module.lesson_school)), answer)
        store.course.save_mark(checks_of(module.id), question_id, marked.as_json(), answer)


def save_check(module_id: str, name: str, value: Value) -> Parts:
    """Keep the answer to a quick check; the feedback on an earlier one goes."""
    question_id, _, row = name.partition("/")
    parts = course_answers.save(checks_of(module_id), _released(module_id, question_id), row, value)
    return {**parts, f"feedback-{question_id}": Markup("")}


# --------------------------------------------------------------------------------------------------------- reflections


def _reflection(block: Block, text: object, notes: Mapping[str, Markup]) -> Part:
    name = block.names[0]
    label = f"Your thoughts: {block.title}" if block.title else "Your thoughts"
    asked = LongText(name=name, label=label, hint="Leave real names out. Saved as you type.", lines=5)
    typed = text if isinstance(text, str) else ""
    return Part(
        "reflection",
        html(block.text, heading=4),
        name,
        block.title or "Think it over",
        draw_field(asked, typed),
        note=notes.get(name, Markup("")),
    )


def _find_reflection(module: Module, name: str) -> tuple[Section, Block]:
    for here in module.sections:
        for block in here.reflections():
            if block.names[0] == name:
                return here, block
    raise Refused(NOT_ASKED)


def save_reflection(module_id: str, name: str, value: Value) -> None:
    """Keep the text of a reflection as it is typed."""
    module = read.module(module_id)
    _find_reflection(module, name)
    if not isinstance(value, str):
        raise Refused(NOT_ASKED)
    check(LongText(name=name, label="Your thoughts"), value)
    with work() as store:
        store.course.save_answer(reflections_of(module.id), name, value)


def send_as_evidence(module_id: str, name: str) -> View:
    """Send a reflection to the self-audit, and show its section again with what was done."""
    here, _ = _find_reflection(read.module(module_id), name)
    note = put_into_audit(module_id, name)
    return section(module_id, here.id, focus=f"note-{name}", notes={name: note})


def put_into_audit(module_id: str, name: str) -> Markup:
    """Put the beginning of a reflection into the newest self-audit, as evidence for its outcome; says what was done.

    Sent again, it takes the place of what was sent before. Raises Refused when nothing is written yet.
    """
    module = read.module(module_id)
    here, block = _find_reflection(module, name)
    with work() as store:
        text = store.course.answers(reflections_of(module.id)).get(name, "")
        if not isinstance(text, str) or not text.strip():
            raise Refused("Write your thoughts first, then send them.")
        audit = latest(store.audits(), SPINE)
        outcome = standards.framework(SPINE).outcome(block.outcomes[0]) if block.outcomes else None
        if audit is not None and outcome is not None:
            row = uuid5(NAMESPACE_URL, f"{audit.id}/{module.id}/{name}").hex
            store.add_evidence(audit.id, outcome.id, row)
            store.save_evidence(row, "what", f"Reflection in the course, “{module.title}”: {_beginning(text)}")
            store.save_evidence(row, "kept_where", f"SENCO Course Kit, Course, section “{here.title}”")
            store.save_evidence(row, "dated", date.today().isoformat())
    return draw("course/sent.html", audit=audit, outcome=outcome, heading=outcome.id[0] if outcome else "")


def _beginning(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _BEGINNING else line[:_BEGINNING].rsplit(" ", 1)[0] + "…"


# -------------------------------------------------------------------------------------------------------- what is done


def done(module_id: str, section_id: str) -> GoTo:
    """Note a section as done and go on to the next one, or after the last one to the module."""
    module = read.module(module_id)
    here = _section_of(module, section_id)
    with work() as store:
        store.course.mark_done(module.id, here.id)
        left = [each for each in module.sections if each.id not in store.course.done(module.id)]
    place = module.sections.index(here) + 1
    says = f"“{here.title}” is marked as done."
    if place < len(module.sections):
        return GoTo(f"{module.id}/{module.sections[place].id}", says)
    return GoTo(module.id, says if left else f"{says} You have done every section of this module.")


def not_done(module_id: str, section_id: str) -> GoTo:
    """Note a section as not done."""
    module = read.module(module_id)
    here = _section_of(module, section_id)
    with work() as store:
        store.course.forget_done(module.id, here.id)
    return GoTo(f"{module.id}/{here.id}", f"“{here.title}” is no longer marked as done.")
