"""The HTML of fields and forms, made in one place by Jinja, which escapes every text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from senco_kit.forms.fields import Field, Form, PickRows, Section, ShareOut, Table, Value, Values
from senco_kit.typed_numbers import number_typed

#: The kind of output that a page draws itself: what `Screen.drawing` gives.
SCREEN_MIME = "application/vnd.senco.screen+json"
#: Stands for the row's id in the empty row that the browser copies when a row is added.
NEW_ROW = "NEW-ROW"


def element_id(name: str) -> str:
    """An id for the element of a field, made from the field's name.

    >>> element_id("A1/evidence/42/what")
    'f-A1-evidence-42-what'
    """
    return "f-" + re.sub(r"[^A-Za-z0-9_-]", "-", name)


def environment(folder: Path) -> Environment:
    """A Jinja environment over a folder of templates, with the field macros at hand as `fields.html`."""
    jinja = Environment(
        loader=FileSystemLoader([folder, Path(__file__).parent / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.globals.update(element_id=element_id, NEW_ROW=NEW_ROW, draw_field=draw_field, draw_section=draw_section)
    jinja.filters["kind"] = lambda thing: type(thing).__name__
    jinja.filters["left"] = left_in_words
    jinja.filters["named"] = lambda asked, name: replace(asked, name=name)
    return jinja


@cache
def _own() -> Environment:
    return environment(Path(__file__).parent / "templates")


def _empty(asked: Field) -> Value:
    return () if isinstance(asked, Table | PickRows | ShareOut) else ""


def draw_field(asked: Field, value: Value | None = None, error: str = "", legend_level: int = 0) -> Markup:
    """The HTML of one field with its present value and, if any, the sentence that says what is wrong with it.

    `legend_level` 2 to 6 makes the legend of a group a heading of that level.
    """
    macros = _own().get_template("fields.html").module
    shown = _empty(asked) if value is None else value
    return Markup(macros.field(asked, shown, error, legend_level))  # type: ignore[attr-defined]


def draw_section(section: Section, values: Values, errors: Mapping[str, str]) -> Markup:
    """The HTML of a titled group of fields."""
    return Markup(_own().get_template("section.html").render(section=section, values=values, errors=errors))


def draw_form(form: Form, values: Values, errors: Mapping[str, str] | None = None) -> Markup:
    """The HTML of a whole form, which saves each change by itself."""
    return Markup(_own().get_template("form.html").render(form=form, values=values, errors=errors or {}))


def draw_screen(data: Mapping[str, Any]) -> Markup:
    """The HTML of a whole screen for the page that holds it, from what a `Screen` tells of itself (`SCREEN_MIME`)."""
    html = Markup(data["html"])
    return Markup(_own().get_template("screen.html").render({**data, "html": html}))


def draw_screen_parts(html: Markup | None = None) -> Markup:
    """What stands inside a screen: its banner, notices and progress, and the view with this HTML in it."""
    return Markup(_own().get_template("screen_parts.html").render(html=html or Markup("")))


def left_in_words(asked: ShareOut, value: Value) -> str:
    """How much of the total is left to share out. An amount that is no number counts as nothing."""
    left = round(asked.total - sum(_number(amount) for amount in asked.typed(value).values()), 2)
    if left < 0:
        return f"Too much: {_figures(-left)} {asked.unit} more than the {_figures(asked.total)} there are."
    if left == 0:
        return f"Nothing is left: all {_figures(asked.total)} {asked.unit} are shared out."
    return f"Left to share out: {_figures(left)} of {_figures(asked.total)} {asked.unit}."


def left_part(asked: ShareOut, value: Value) -> dict[str, Markup]:
    """The line of what is left, as a part that `Page.save` can return when an amount of this field was saved."""
    return {f"{element_id(asked.name)}-left": Markup.escape(left_in_words(asked, value))}


def _number(typed: str) -> float:
    try:
        return number_typed(typed)
    except ValueError:
        return 0


def _figures(number: float) -> str:
    return f"{number:,.2f}".removesuffix(".00")
