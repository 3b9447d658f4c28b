"""The pattern page: every control of the kit in every state, for people who build pages and for the tests.

What is typed here is kept in memory only and is gone with the page.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from markupsafe import Markup

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.audit.profile import profile
from senco_kit.charts.bars import level_bars
from senco_kit.forms.check import Refused, check, errors_of
from senco_kit.forms.draw import draw_form, left_part
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Date,
    Field,
    Form,
    LongText,
    Number,
    Option,
    PickRow,
    PickRows,
    PutInOrder,
    Section,
    ShareOut,
    ShortText,
    Table,
    Tick,
    Value,
)
from senco_kit.forms.screen import Answer, GoTo, Page, Parts, View
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
    PickRows(
        name="pick",
        label="Pick rows of a table",
        hint="Tick every row that fits.",
        caption="Four invented pupils",
        columns=("Pupil", "Year", "Sessions missed", "Reading score in autumn", "Reading score in summer"),
        rows=(
            PickRow("12", ("12", "Year 4", "31 of 310", "84", "88")),
            PickRow("15", ("15", "Year 4", "12 of 310", "97", "99")),
            PickRow("21", ("21", "Year 5", "64 of 310", "91", "90")),
            PickRow("33", ("33", "Year 6", "9 of 310", "102", "104")),
        ),
    ),
    PutInOrder(
        name="order",
        label="Put in order",
        hint="The first comes first.",
        options=(
            Option("review", "Review"),
            Option("assess", "Assess"),
            Option("do", "Do", "A description stays in view."),
            Option("plan", "Plan"),
        ),
    ),
    ShareOut(
        name="share",
        label="Share out a budget",
        hint="A line says what is left.",
        rows=(
            Option("group", "Reading group"),
            Option("training", "Training", "For three adults."),
            Option("books", "Books"),
        ),
        unit="pounds",
        total=1000,
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
    "pick": ["12", "21"],
    "order": ["assess", "plan", "do", "review"],
    "share": [{"id": "group", "amount": "450"}, {"id": "training", "amount": "1,200"}],
}

#: How long the example of long work takes, in seconds, and in how many pieces.
_LONG_WORK, _PIECES = 2.0, 10


def _form(key: str, title: str, about: str, required: bool) -> Form:
    fields = tuple(replace(asked, name=f"{key}-{asked.name}", required=required) for asked in _CONTROLS)
    return Form(key, (Section(title, fields, about),))


_FORMS = (
    _form("empty", "Empty, optional", "Nothing has been answered.", required=False),
    _form("filled", "Filled", "Everything has been answered.", required=False),
    _form("wrong", "With something to put right", "Each control says what is wrong and what to do.", required=True),
)


class PatternsPage(Page):
    """Shows every control empty, filled and wrong, and the other components; keeps nothing once it is closed."""

    def __init__(self) -> None:
        self._shares = {form.key: _filled_shares(form.key) for form in _FORMS}

    def view(self, where: str) -> View:
        """All on one page."""
        forms = []
        for form in _FORMS:
            filled = form.key == "filled"
            values = {f"{form.key}-{name}": value for name, value in _FILLED.items()} if filled else {}
            errors = _everything_wrong(form) if form.key == "wrong" else {}
            forms.append(draw_form(form, values, errors))
        return View("Patterns", draw("patterns.html", forms=forms, bars=_example_bars()))

    def save(self, form: str, name: str, value: Value) -> Parts | None:
        """Check the answer and forget it, but for the amounts: they say what is left."""
        found = next(each for each in _FORMS if each.key == form)
        try:
            check(found.find(name), value)
        except KeyError as unknown:
            raise Refused("This page does not ask for that.") from unknown
        shares = next(each for each in found.fields() if isinstance(each, ShareOut))
        if not name.startswith(shares.name + "/") or not isinstance(value, str):
            return None
        amounts = self._shares[form]
        amounts[name.removeprefix(shares.name + "/")] = value
        return left_part(shares, [{"id": row, "amount": amount} for row, amount in amounts.items()])

    def add_row(self, form: str, table: str, row: str) -> None:
        """Nothing to keep."""

    def remove_row(self, form: str, table: str, row: str) -> None:
        """Nothing to keep."""

    def press(self, action: str, values: Mapping[str, str]) -> Answer:
        """Show what a page says after something was done, and when it could not be done."""
        if action == "long":
            for piece in range(_PIECES):
                self.tell(piece, _PIECES, f"{piece} of {_PIECES} pieces are done.")
                time.sleep(_LONG_WORK / _PIECES)
        if action in ("well", "long"):
            return GoTo("", "It is done. This is how the page says so.")
        raise Refused("It could not be done. This is how the page says why, and what to do.")


def _filled_shares(form: str) -> dict[str, str]:
    filled = _FILLED["share"] if form == "filled" else ()
    return {each["id"]: each["amount"] for each in filled if isinstance(each, Mapping)}


def _everything_wrong(form: Form) -> dict[str, str]:
    fields = tuple(form.fields())
    return {each.name: f"{each.label}: this is how an error looks." for each in fields} | errors_of(fields, {})


def _example_bars() -> Markup:
    framework = read.framework(SPINE)
    ratings = {}
    for position, outcome in enumerate(framework.outcomes()):
        standing = position % 6
        ratings[outcome.id] = Rating(outcome.id, level=standing if 1 <= standing <= 4 else None, unsure=standing == 5)
    then = datetime(2026, 9, 1, tzinfo=UTC)
    audit = SelfAudit("example", "Example", SPINE, then, then, ratings=ratings)
    return level_bars(profile(audit, framework), read.levels(), "Example: items at each level, by heading")
