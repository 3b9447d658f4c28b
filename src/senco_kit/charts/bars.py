"""How many items stand at each level, as HTML bars made of real text, with the same counts as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from senco_kit.audit.model import UNANSWERED_IN_WORDS, UNSURE_IN_WORDS
from senco_kit.audit.profile import HeadingProfile
from senco_kit.standards.model import Level


@dataclass(frozen=True)
class Part:
    """One part of a bar: how many items, what they have in common, and the style that shows it."""

    count: int
    name: str
    style: str


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def parts_of(profile: HeadingProfile, levels: Sequence[Level]) -> tuple[Part, ...]:
    """The parts of one heading's bar in their order; parts with no items are there with a count of 0."""
    rated = [Part(profile.at_level[level.number], level.name, f"level-{level.number}") for level in levels]
    return (
        *rated,
        Part(profile.unsure, UNSURE_IN_WORDS, "unsure"),
        Part(profile.unanswered, UNANSWERED_IN_WORDS, "unanswered"),
    )


def level_bars(profiles: Sequence[HeadingProfile], levels: Sequence[Level], name: str) -> Markup:
    """A bar for each heading, one part a level, and the counts as a table. `name` is the figure's own name.

    Bars of all headings share one scale: the longest heading fills the width.
    """
    rows = [(profile.heading, parts_of(profile, levels)) for profile in profiles]
    longest = max((profile.total for profile in profiles), default=1)
    kinds = [(part.name, part.style) for part in rows[0][1]] if rows else []
    return Markup(_templates().get_template("bars.html").render(rows=rows, longest=longest, kinds=kinds, name=name))
