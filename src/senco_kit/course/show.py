"""The blocks of a lesson that ask nothing, as HTML."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from senco_kit.course import exhibits
from senco_kit.course.answers import work_out
from senco_kit.course.exercise import open_exercise
from senco_kit.course.markdown import html, inline_html
from senco_kit.course.model import Block, Module
from senco_kit.standards import read

#: What stands above a block, by kind; its own title follows.
LABELS = {
    "decision": "A decision for you",
    "in-2009": "What the award taught in 2009",
    "in-2026": "What holds in 2026",
    "example": "Worked example",
    "try": "Try it",
    "key-points": "Key points",
    "read-on": "Where to read on",
}


def label(block: Block) -> str:
    """What stands above a block.

    >>> label(Block(kind="try", title="Count again", minutes=5))
    'Try it (5 minutes): Count again'
    """
    minutes = f" ({block.minutes} minutes)" if block.minutes else ""
    return f"{LABELS[block.kind]}{minutes}{': ' if block.title else ''}{block.title}"


def block_html(module: Module, block: Block) -> Markup:
    """The HTML of a block of a section. Blocks that ask (check, reflection) are the page's own; they give nothing.

    Raises ContentProblem and NoSuchSchool when what is to be shown cannot be worked out.
    """
    match block.kind:
        case "prose":
            return html(block.text)
        case "show":
            return Markup("").join([*shown(module, block), html(block.text)])
        case "check" | "reflection":
            return Markup("")
        case "key-points":
            return _box(block, _list(inline_html(point) for point in module.key_points))
        case "read-on":
            return _box(block, _list(_reading(module, place) for place in range(len(module.read_on))))
        case _:
            return _box(block, html(block.text, heading=4))


def shown(module: Module, block: Block) -> list[Markup]:
    """The exhibits of a block, on the lesson's own invented school."""
    school = open_exercise(module.lesson_school)
    return [exhibits.html(work_out(module, name, school)) for name in block.names]


def _box(block: Block, inside: Markup) -> Markup:
    heading = Markup("<h3>{}</h3>").format(label(block))
    return Markup('<div class="lesson-box {}">{}{}</div>').format(block.kind, heading, inside)


def _list(items: Iterable[Markup]) -> Markup:
    return Markup("<ul>{}</ul>").format(Markup("").join(Markup("<li>{}</li>").format(each) for each in items))


def _reading(module: Module, place: int) -> Markup:
    reading = module.read_on[place]
    source = Markup("")
    if reading.fact:
        source = Markup(' <span class="quiet">{}</span>').format(escape(read.fact(reading.fact).source))
    return Markup("<strong>{}</strong>: {}{}").format(inline_html(reading.what), inline_html(reading.why), source)
