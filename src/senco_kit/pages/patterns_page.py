"""The pattern page: every control of the kit in every state, for people who build pages and for the tests.

What is typed here is kept in memory only and is gone with the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from markupsafe import Markup

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.audit.profile import profile
from senco_kit.charts.bars import level_bars
from senco_kit.forms.check import Refused, check
from senco_kit.forms.draw import draw_form
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Date,
    Field,
    Form,
    LongText,
    Number,
    Option,
    Section,
    ShortText,
    Table,
    Tick,
    Value,
)
from senco_kit.forms.screen import Answer, GoTo, Page, View
from senco_kit.pages.drawing import draw
from senco_kit.standards import read
from senco_kit.standards.model import SPINE

_LEVELS = (
    Option("1", "Starting", "A fuller description stays in view under each choice."),
    Option("2", "Developing", "It says what a visitor would see."),
    Option("3", "Secure", "The choices stand side by side where there is room."),
    Option("4", "Leading", "On a narrow screen they stand one under the other."),
)

_CONTROLS: tuple[Field, ...] = (
    ChooseOne(
        name="standing",
        label="Choose one, ordered",
        hint="A hint helps before the answer.",
        options=_LEVELS,
        aside=(Option("unsure", "I don't know yet"),),
        side_by_side=True,
    ),
    ChooseOne(
        name="phase", label="Choose one", options=(Option("primary", "Primary"), Option("secondary", "Secondary"))
    ),
    ChooseMany(
        name="areas",
        label="Choose many",
        options=(Option("ci", "Communication and interaction"), Option("cl", "Cognition and learning")),
    ),
    Tick(name="matters", label="One tick box"),
    Number(
        name="minutes", label="A number with a unit", unit="minutes", lowest=5, highest=90, whole=True, hint="5 to 90."
    ),
    Date(name="day", label="A date"),
    ShortText(name="short", label="Short text"),
    LongText(name="long", label="Long text"),
    Table(
        name="rows",
        label="Rows that can be added and removed",
        row_label="Row",
        add_label="Add a row",
        columns=(ShortText(name="what", label="What"), Date(name="when", label="When")),
    ),
)

_FILLED: dict[str, Value] = {
    "standing": "3",
    "phase": "primary",
    "areas": ["ci"],
    "matters": "yes",
    "minutes": "45",
    "day": "24 September 2026",
    "short": "A line of text",
    "long": "Two lines\nof text",
    "rows": [{"id": "a1", "what": "First", "when": "24 September 2026"}, {"id": "a2", "what": "Second", "when": ""}],
}


def _form(key: str, title: str, about: str, required: bool) -> Form:
    fields = tuple(replace(asked, name=f"{key}-{asked.name}", required=required) for asked in _CONTROLS)
    return Form(key, (Section(title, fields, about),))


_FORMS = (
    _form("empty", "Empty, optional", "Nothing has been answered.", required=False),
    _form("filled", "Filled", "Everything has been answered.", required=False),
    _form("wrong", "With something to put right", "Each control says what is wrong and what to do.", required=True),
)


class PatternsPage(Page):
    """Shows every control empty, filled and wrong, and the other components; keeps nothing."""

    def view(self, where: str) -> View:
        """All on one page."""
        forms = []
        for form in _FORMS:
            filled = form.key == "filled"
            values = {f"{form.key}-{name}": value for name, value in _FILLED.items()} if filled else {}
            errors = {each.name: _what_is_wrong(each) for each in form.fields()} if form.key == "wrong" else {}
            forms.append(draw_form(form, values, errors))
        return View("Patterns", draw("patterns.html", forms=forms, bars=_example_bars()))

    def save(self, form: str, name: str, value: Value) -> None:
        """Check the answer and forget it."""
        found = next(each for each in _FORMS if each.key == form)
        try:
            check(found.find(name), value)
        except KeyError as unknown:
            raise Refused("This page does not ask for that.") from unknown

    def add_row(self, form: str, table: str, row: str) -> None:
        """Nothing to keep."""

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Nothing to keep."""

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Show what a page says after something was done, and when it could not be done."""
        if action == "well":
            return GoTo("", "It is done. This is how the page says so.")
        raise Refused("It could not be done. This is how the page says why, and what to do.")


def _what_is_wrong(asked: Field) -> str:
    try:
        check(asked, "")
    except Refused as refusal:
        return str(refusal)
    return f"{asked.label}: this is how an error looks."


def _example_bars() -> Markup:
    framework = read.framework(SPINE)
    ratings = {}
    for position, outcome in enumerate(framework.outcomes()):
        standing = position % 6
        ratings[outcome.id] = Rating(outcome.id, level=standing if 1 <= standing <= 4 else None, unsure=standing == 5)
    then = datetime(2026, 9, 1, tzinfo=UTC)
    audit = SelfAudit("example", "Example", SPINE, then, then, ratings=ratings)
    return level_bars(profile(audit, framework), read.levels(), "Example: items at each level, by heading")
