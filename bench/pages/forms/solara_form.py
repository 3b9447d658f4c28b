"""The form in Solara: `solara run solara_form.py`."""

from __future__ import annotations

import reacton.ipyvuetify as v
import solara
from practice import HEADINGS, LEVELS, TITLE, keep, level_of, note_of


@solara.component
def Asked(name: str, label: str):  # noqa: N802 - Solara's components are written so
    """The choice and the note of one statement."""
    level, set_level = solara.use_state("")
    note, set_note = solara.use_state("")

    def choose(value: str) -> None:
        set_level(value)
        keep(level_of(name), value)

    def write(value: str) -> None:
        set_note(value)
        keep(note_of(name), value)

    choices = [v.Radio(label=each, value=each) for each in LEVELS]
    v.RadioGroup(label=label, v_model=level, on_v_model=choose, children=choices, row=True)
    solara.InputText(f"Note for {label}", value=note, on_value=write)


@solara.component
def Page():  # noqa: N802
    """The whole form."""
    solara.Markdown(f"# {TITLE}")
    for heading, (title, listed) in enumerate(HEADINGS.items(), start=1):
        solara.Markdown(f"## {title}")
        for place, statement in enumerate(listed, start=1):
            Asked(f"{heading}-{place}", f"{heading}.{place} {statement}")
