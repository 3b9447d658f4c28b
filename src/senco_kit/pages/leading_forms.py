"""How records are asked about on the Leading page: the fields of a kind under the names that the page keeps them by."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from markupsafe import Markup

from senco_kit.forms.draw import draw_field
from senco_kit.forms.fields import Table, Tick
from senco_kit.pages.drawing import draw
from senco_kit.planning.kinds import Kind, as_shown, kind_of, single_id
from senco_kit.planning.model import Cycle, Record


def ask(record: Record, *names: str) -> Markup:
    """The fields of a record with these names (all of its kind when none is named), each saved as it is answered.

    To stand inside an element with `data-form="CYCLE"` and one with `data-item`.
    """
    kind = kind_of(record.kind)
    return Markup("").join(_one(record.id, name, kind, record) for name in names or _all(kind))


def ask_single(cycle: Cycle, kind: Kind, *names: str) -> Markup:
    """The same for the one record of a single kind, which may not be there yet."""
    record = cycle.single(kind.id)
    return Markup("").join(_one(single_id(kind.id), name, kind, record) for name in names or _all(kind))


def ask_ticks(
    record: Record, role: str, legend: str, hint: str, choices: Iterable[tuple[str, str, str]], others: str = ""
) -> Markup:
    """A group of boxes, one for each choice (id, label, a line about it), each kept by itself under "ROLE/ID".

    With `others`, those that are ticked come first, and the rest are folded under these words.
    """
    first: list[Markup] = []
    folded: list[Markup] = []
    for which, label, about in choices:
        value = record.text(f"{role}/{which}")
        box = draw_field(Tick(name=f"{record.id}/{role}/{which}", label=label, hint=about), value)
        (folded if others and not value else first).append(box)
    return draw("leading/ticks.html", legend=legend, hint=hint, boxes=first, folded=folded, others=others)


def ask_rows(
    cycle: Cycle,
    kind: Kind,
    label: str,
    add_label: str,
    parent: tuple[str, str] | None = None,
    *names: str,
    fold: Callable[[Record], str] = lambda record: "",
) -> Markup:
    """A table whose rows are the records of a kind: all of them, or those that say `parent`, a field and an id.

    A row is folded under the words that `fold` gives for its record; one without words stands open.
    """
    columns = tuple(kind.field(name) for name in names) if names else kind.fields
    name = "/".join((kind.id, *(parent or ())))
    records = [one for one in cycle.of(kind.id) if parent is None or one.text(parent[0]) == parent[1]]
    table = Table(name=name, label=label, columns=columns, row_label=kind.one.capitalize(), add_label=add_label)
    rows = [
        {"id": one.id, "folded": fold(one), **{each.name: as_shown(each, one.text(each.name)) for each in columns}}
        for one in records
    ]
    return draw_field(table, rows)


def _all(kind: Kind) -> list[str]:
    return [each.name for each in kind.fields]


def _one(record_id: str, name: str, kind: Kind, record: Record | None) -> Markup:
    asked, value = kind.field(name), record.text(name) if record else ""
    return draw_field(replace(asked, name=f"{record_id}/{name}"), as_shown(asked, value))
