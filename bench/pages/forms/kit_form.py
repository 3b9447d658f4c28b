"""The form with the kit's own parts, answers kept in the kit's store; the notebook of the page shows `screen()`."""

from __future__ import annotations

from practice import HEADINGS, LEVELS, TITLE, level_of, note_of

from senco_kit.forms.check import check
from senco_kit.forms.draw import draw_form
from senco_kit.forms.fields import ChooseOne, Field, Form, LongText, Option, Section, Value
from senco_kit.forms.screen import Page, Screen, View
from senco_kit.pages.work import work

#: The piece of work under which the store keeps the answers, and the key of the form.
WORK = "bench/practice"


def form() -> Form:
    """Five sections of eight statements."""
    return Form(
        WORK,
        tuple(
            Section(
                title,
                tuple(each for place, statement in enumerate(listed, 1) for each in fields(heading, place, statement)),
            )
            for heading, (title, listed) in enumerate(HEADINGS.items(), start=1)
        ),
    )


def fields(heading: int, place: int, statement: str) -> tuple[Field, Field]:
    """The choice and the note of one statement."""
    name = f"{heading}-{place}"
    options = tuple(Option(str(number), level) for number, level in enumerate(LEVELS, start=1))
    return (
        ChooseOne(name=level_of(name), label=f"{heading}.{place} {statement}", options=options, side_by_side=True),
        LongText(name=note_of(name), label=f"Note for {heading}.{place}", lines=2),
    )


class PracticePage(Page):
    """Shows the form with what is kept, and keeps each answer at once."""

    def __init__(self) -> None:
        self.form = form()

    def view(self, where: str) -> View:
        """The whole form, wherever in the page."""
        with work() as store:
            kept = {name: str(answer) for name, answer in store.course.answers(WORK).items()}
        return View(TITLE, draw_form(self.form, kept))

    def save(self, form: str, name: str, value: Value) -> None:
        """Keep one answer."""
        check(self.form.find(name), value)
        with work() as store:
            store.course.save_answer(WORK, name, str(value))


def screen() -> Screen:
    """The form as a page shows it."""
    return Screen(PracticePage())
