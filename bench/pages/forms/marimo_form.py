"""The form in marimo: `marimo run marimo_form.py`."""

import marimo

app = marimo.App()


@app.cell
def form():
    from functools import partial

    import marimo as mo
    from practice import HEADINGS, LEVELS, TITLE, keep, level_of, note_of

    parts = [mo.md(f"# {TITLE}")]
    asked = []
    for heading, (title, listed) in enumerate(HEADINGS.items(), start=1):
        parts.append(mo.md(f"## {title}"))
        for place, statement in enumerate(listed, start=1):
            name, label = f"{heading}-{place}", f"{heading}.{place} {statement}"
            level = mo.ui.radio(list(LEVELS), label=label, inline=True, on_change=partial(keep, level_of(name)))
            note = mo.ui.text(label=f"Note for {label}", on_change=partial(keep, note_of(name)))
            asked += [level, note]
            parts += [level, note]
    # A form's parts must be known by name in the cell, or their answers do not arrive.
    by_place = mo.ui.array(asked)
    mo.vstack([part if part not in asked else by_place[asked.index(part)] for part in parts])
    return


if __name__ == "__main__":
    app.run()
