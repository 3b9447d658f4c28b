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
    """Rows that can be added and removed; each row asks the same `columns`. `row_label` names one row: "Action"."""

    columns: tuple[Field, ...]
    row_label: str
    add_label: str


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
        """The field with this name; for a table cell, the field of its column. Raises KeyError when there is none."""
        for asked in self.fields():
            if asked.name == name:
                return asked
            if isinstance(asked, Table) and name.startswith(asked.name + "/"):
                column_name = name.rsplit("/", 1)[-1]
                for column in asked.columns:
                    if column.name == column_name:
                        return column
        raise KeyError(name)
