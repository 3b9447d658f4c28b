"""The templates of the charts; Jinja escapes every text."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from senco_kit.charts.effects import IN_WORDS
from senco_kit.in_figures import interval, points, pounds


def draw(template: str, **shown: Any) -> Markup:
    """The HTML of a template in charts/templates/ with these things shown."""
    return Markup(_templates().get_template(template).render(**shown))


@cache
def _templates() -> Environment:
    jinja = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters.update(points=points, pounds=pounds)
    jinja.globals.update(interval=interval, in_words=IN_WORDS, zip=zip, pairwise=itertools.pairwise)
    return jinja
