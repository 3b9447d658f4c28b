"""The form in Panel: `panel serve panel_form.py`."""

from __future__ import annotations

from functools import partial

import panel as pn
from practice import HEADINGS, LEVELS, TITLE, keep, level_of, note_of

pn.extension()


def asked(name: str, label: str) -> list[object]:
    """The choice and the note of one statement."""
    level = pn.widgets.RadioBoxGroup(name=label, options=list(LEVELS), value=None, inline=True)
    note = pn.widgets.TextInput(name=f"Note for {label}")
    level.param.watch(partial(changed, level_of(name)), "value")
    note.param.watch(partial(changed, note_of(name)), "value")
    return [pn.pane.Markdown(label), level, note]


def changed(name: str, event: object) -> None:
    """Keep one answer at once."""
    keep(name, event.new)


page = pn.Column(f"# {TITLE}")
for heading, (title, listed) in enumerate(HEADINGS.items(), start=1):
    page.append(f"## {title}")
    for place, statement in enumerate(listed, start=1):
        page.extend(asked(f"{heading}-{place}", f"{heading}.{place} {statement}"))
page.servable(title=TITLE)
