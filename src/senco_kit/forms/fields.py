"""A form described by data: what is asked, of which kind, with which options. How it looks is in draw.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from senco_kit.plain_text import LONGEST_TEXT

#: What one control holds: text, the values ticked, or the rows of a table, each row with its own "id".
Value: TypeAlias = str | Sequence[str] | Sequence[Mapping[str, str]]
Values: TypeAlias = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing that is asked. `name` is unique in its form; names of table cells are `table/row/column`."""

    name: str
    label: str
    hint: str = ""
    required: bool = False


@dataclass(frozen=True)
class Option:
    """One answer to choose: the value that is kept, its label, and a fuller description in view beneath it."""

    value: str
    label: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class ChooseOne(Field):
    """Radio buttons in a named group of their own. `aside` options are set apart, after the ordered ones."""

    options: tuple[Option, ...]
    aside: tuple[Option, ...] = ()
    side_by_side: bool = False

    @property
    def every_option(self) -> tuple[Option, ...]:
        """All the options, the ordered ones first."""
        return self.options + self.aside


@dataclass(frozen=True, kw_only=True)
class ChooseMany(Field):
    """Tick boxes in a named group; the value is the list of what is ticked."""

    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Tick(Field):
    """One tick box on its own; the value is "yes" or ""."""


@dataclass(frozen=True, kw_only=True)
class Number(Field):
    """A number, in `unit`, from `lowest` to `highest`."""

    unit: str = ""
    lowest: float | None = None
    highest: float | None = None
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Date(Field):
    """A day, typed as people write it.

    A browser's own date box follows the computer's country and loses a date that is half typed.
    """

    hint: str = "For example 24/9/2026."


@dataclass(frozen=True, kw_only=True)
class ShortText(Field):
    """One line of text."""

    longest: int = 200


@dataclass(frozen=True, kw_only=True)
class LongText(Field):
    """Several lines of text."""

    longest: int = LONGEST_TEXT
    lines: int = 3


@dataclass(frozen=True, kw_only=True)
class Table(Field):
    """Rows that can be added and removed; each row asks the same `columns`. `row_label` names one row: "Action".

    A row of the value may hold, beside its cells, words under "folded": it then stands folded under them.
    """

    columns: tuple[Field, ...]
    row_label: str
    add_label: str


@dataclass(frozen=True)
class PickRow:
    """One row of a table to pick from: the value that is kept, and its cells in words."""

    value: str
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PickRows(Field):
    """A table with a tick box in each row; the value is the list of what is ticked, as for `ChooseMany`.

    `caption` says what the table holds; without one it is called as the field is.
    """

    columns: tuple[str, ...]
    rows: tuple[PickRow, ...]
    caption: str = ""

    @property
    def naming_cells(self) -> int:
        """How many of the first cells it takes to tell all rows apart: they name the tick boxes."""
        for count in range(1, len(self.columns)):
            if len({row.cells[:count] for row in self.rows}) == len(self.rows):
                return count
        return len(self.columns)


@dataclass(frozen=True, kw_only=True)
class PutInOrder(Field):
    """Things to put in order; the value is the list of them all in the person's order, empty when not answered."""

    options: tuple[Option, ...]

    def in_order(self, value: Value) -> tuple[Option, ...]:
        """The options as this value orders them; as they are asked when it does not name each of them once."""
        by_value = {option.value: option for option in self.options}
        if not self.is_given(value):
            return self.options
        return tuple(by_value[str(each)] for each in value)

    def is_given(self, value: Value) -> bool:
        """Whether this value names each of the options once."""
        if isinstance(value, str) or not all(isinstance(each, str) for each in value):
            return False
        return sorted(map(str, value)) == sorted(option.value for option in self.options)


@dataclass(frozen=True, kw_only=True)
class ShareOut(Field):
    """A total to share out over `rows`, for example pounds or hours; a line says how much of it is left.

    The value is a list of `{"id": row, "amount": what was typed}`. Each amount is asked, and saved by itself, as the
    number `NAME/ROW`.
    """

    rows: tuple[Option, ...]
    unit: str
    total: float

    def amount(self, row: Option) -> Number:
        """The number that is asked for a row."""
        return Number(name=f"{self.name}/{row.value}", label=row.label, hint=row.about, unit=self.unit, lowest=0)

    def typed(self, value: Value) -> dict[str, str]:
        """What was typed, by row; rows that are not asked for are left out."""
        rows = {row.value for row in self.rows}
        entries = [] if isinstance(value, str) else [each for each in value if isinstance(each, Mapping)]
        return {each["id"]: each.get("amount", "") for each in entries if each.get("id") in rows}


@dataclass(frozen=True)
class Section:
    """A titled group of fields."""

    title: str
    fields: tuple[Field, ...]
    about: str = ""


@dataclass(frozen=True)
class Form:
    """Sections of fields. `key` names the piece of work that the answers belong to, for example the id of an audit."""

    key: str
    sections: tuple[Section, ...] = field(default=())

    def fields(self) -> Iterator[Field]:
        """Every field, section by section."""
        for section in self.sections:
            yield from section.fields

    def find(self, name: str) -> Field:
        """The field with this name; for a table cell, the field of its column, and for an amount its number.

        Raises KeyError when there is none.
        """
        for asked in self.fields():
            if asked.name == name:
                return asked
            if isinstance(asked, ShareOut):
                for row in asked.rows:
                    if name == f"{asked.name}/{row.value}":
                        return asked.amount(row)
            if isinstance(asked, Table) and name.startswith(asked.name + "/"):
                column_name = name.rsplit("/", 1)[-1]
                for column in asked.columns:
                    if column.name == column_name:
                        return column
        raise KeyError(name)
