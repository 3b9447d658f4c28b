"""The texts of the worked example: audit/examples/secondary-1050.yml, read strictly.

The file says what a school typed in a year, with the day of each entry; the school's data are invented (schools/).
No figure that the data gives is typed in it: `{name:...}` stands for one, see example_figures.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final

import yaml

from senco_kit.forms.check import Refused
from senco_kit.forms.check import check as check_answer
from senco_kit.places import KIT
from senco_kit.planning import kinds
from senco_kit.planning.example_figures import FIGURES, IN_BRACES
from senco_kit.planning.plan import REVIEW_FIELDS
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml, suggestion

EXAMPLE: Final = KIT / "audit" / "examples" / "secondary-1050.yml"

#: The school year that everything in the example lies in.
FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 8, 31)

#: What tells of the data, by kind of record: a figure there must be a named one. Years may be typed ("Years 7 and 8").
_TELLS_OF_DATA: Final[Mapping[str, tuple[str, ...]]] = {
    "finding": ("what", "for_parents"),
    "objective": ("baseline",),
    "review": ("measured",),
}
#: The fields that hold the id of another record, by kind: they are said when a record is added, and no form asks them.
_LINKS: Final[Mapping[str, tuple[str, ...]]] = {"action": ("objective",), "training": ("staff",)}
#: Fields that are said when a record is added, and that no form asks for either.
ADDED: Final[Mapping[str, tuple[str, ...]]] = {"evidence": ("shows",)}
#: How a link names one of the invented staff, who come from the school's data: "staff:TA 1".
STAFF: Final = "staff:"
#: A part of a field's name that stands for the id of a record: "activity/@coaching".
MEANT: Final = re.compile(r"@([a-z0-9-]+)")
_YEARS = re.compile(r"Years? \d+(?:(?:, | and | to )\d+)*|\d{4} to \d{4}|\d{1,2} [A-Z][a-z]+ \d{4}")


@dataclass(frozen=True)
class Entry:
    """What was typed of a record on a day. Of a field that holds the id of another record, `links` gives its key;
    `ticks` are the keys of the records that are ticked under a role."""

    on: date
    says: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    ticks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    line: int = 1


@dataclass(frozen=True)
class Written:
    """One record: its first entry, and what was changed later. `key` names it in the file."""

    key: str
    kind: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class WrittenReview:
    """One review of a record on a day."""

    about: str
    on: date
    says: Mapping[str, str]
    line: int = 1


@dataclass(frozen=True)
class Example:
    """Everything that stands in the file."""

    name: str
    started: date
    records: tuple[Written, ...]
    reviews: tuple[WrittenReview, ...]


def read_example(path: Path = EXAMPLE) -> Example:
    """The example. Raises ContentProblem with the first problem."""
    read, problems = _read(path)
    if problems:
        raise ContentProblem(min(problems))
    return read


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the example below `root`, without making its school."""
    return _read(root / EXAMPLE.relative_to(KIT))[1]


def _read(path: Path) -> tuple[Example, list[Problem]]:
    sheet = _ExampleFile(path)
    return sheet.example(), sheet.problems


class _ExampleFile(Sheet):
    """The parts of the file, each read by one method."""

    def example(self) -> Example:
        fields = self.fields(read_yaml(self.path), "The file", ("name", "started", "records", "reviews"), ("tables",))
        records = [self.record(item) for item in self.listed(fields, "records")]
        for item in self.listed(fields, "tables"):
            records += self.table(item)
        reviews = [self.review(item) for item in self.listed(fields, "reviews")]
        self.look_over(records, reviews)
        return Example(
            name=self.text(fields["name"], '"name"') if "name" in fields else "",
            started=self.on(fields["started"]) if "started" in fields else FIRST_DAY,
            records=tuple(records),
            reviews=tuple(reviews),
        )

    def listed(self, fields: Mapping[str, Value], name: str) -> list[Value]:
        return self.items(fields[name], f'"{name}"') if name in fields else []

    def on(self, value: Value) -> date:
        day = self.day(value, "The day")
        if day and not FIRST_DAY <= day <= LAST_DAY:
            self.wrong(value.line, f"{day} is not in the school year of the example: {FIRST_DAY} to {LAST_DAY}.")
        return day or FIRST_DAY

    # -- records ---------------------------------------------------------------------------------------------------

    def record(self, item: Value) -> Written:
        required, optional = ("key", "kind", "on", "says"), ("links", "ticks", "later")
        fields = self.fields(item, "A record", required, optional)
        kind = self.choice(fields["kind"], '"kind"', kinds.kinds()) if "kind" in fields else ""
        entries = [self.entry(kind, fields, item.line, first=True)]
        for change in self.listed(fields, "later"):
            more = self.fields(change, "A later entry", ("on", "says"), ("links", "ticks"))
            entries.append(self.entry(kind, more, change.line))
            if entries[-1].on < entries[-2].on:
                self.wrong(change.line, "This entry stands after a later one: put them in the order of their days.")
        return Written(self.key(fields), kind, tuple(entries))

    def key(self, fields: Mapping[str, Value]) -> str:
        return self.id(fields["key"], '"key"', LONG_ID, "reading-gap") if "key" in fields else ""

    def entry(self, kind: str, fields: Mapping[str, Value], line: int, *, first: bool = False) -> Entry:
        says = self.answers(fields["says"], kind, first) if "says" in fields else {}
        links = dict(self.pairs(fields["links"], '"links"')) if "links" in fields else {}
        ticks = {
            role: self.texts(value, f'"{role}"')
            for role, value in (self.pairs_of(fields["ticks"], '"ticks"') if "ticks" in fields else ())
        }
        self.links_of(kind, links, line)
        for name in (f"{role}/{each}" for role, keys in ticks.items() for each in keys):
            self.field_of(kind, name, line)
        return Entry(self.on(fields["on"]) if "on" in fields else FIRST_DAY, says, links, ticks, line)

    def table(self, item: Value) -> Iterator[Written]:
        """Many records of a kind, one in a row: the fields stand once, at the top."""
        fields = self.fields(item, "A table", ("key", "kind", "on", "fields", "rows"), ("links",))
        kind = self.choice(fields["kind"], '"kind"', kinds.kinds()) if "kind" in fields else ""
        names = self.texts(fields["fields"], '"fields"') if "fields" in fields else ()
        links = dict(self.pairs(fields["links"], '"links"')) if "links" in fields else {}
        self.links_of(kind, links, item.line)
        for name in names:
            self.field_of(kind, name, fields["fields"].line)
        for number, row in enumerate(self.listed(fields, "rows"), 1):
            cells = [_written(cell) for cell in self.items(row, f"Row {number}")]
            if len(cells) != len(names):
                self.wrong(row.line, f"Row {number} has {len(cells)} values for {len(names)} fields.")
            says = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
            for name, cell in says.items():
                self.answer(kind, name, cell, row.line)
            on = self.on(fields["on"]) if "on" in fields else FIRST_DAY
            yield Written(f"{self.key(fields)}-{number}", kind, (Entry(on, says, links, line=row.line),))

    def review(self, item: Value) -> WrittenReview:
        fields = self.fields(item, "A review", ("about", "on", "says"))
        says = dict(self.pairs(fields["says"], '"says"')) if "says" in fields else {}
        known = {each.name: each for each in REVIEW_FIELDS}
        for name, value in self.pairs_of(fields["says"], '"says"') if "says" in fields else ():
            if name not in known:
                self.wrong(value.line, f'A review does not ask for "{name}": {suggestion(name, list(known))}')
            else:
                self.fits(value.line, lambda name=name: check_answer(known[name], says[name]), says[name])
                self.no_typed_figures("review", name, says[name], value.line)
        about = self.text(fields["about"], '"about"') if "about" in fields else ""
        return WrittenReview(about, self.on(fields["on"]) if "on" in fields else FIRST_DAY, says, item.line)

    # -- answers ---------------------------------------------------------------------------------------------------

    def answers(self, value: Value, kind: str, first: bool) -> dict[str, str]:
        """What is typed. A later entry may take an answer away: `name: ~`."""
        found = {}
        for name, written in self.pairs_of(value, '"says"'):
            text = _written(written)
            if not text and (first or not written.is_nothing):
                self.wrong(written.line, f'"{name}" is empty: write it, or delete the line.')
            self.answer(kind, name, text, written.line)
            found[name] = text
        return found

    def pairs(self, value: Value, what: str) -> Iterator[tuple[str, str]]:
        for name, written in self.pairs_of(value, what):
            yield name, _written(written)

    def pairs_of(self, value: Value, what: str) -> Iterator[tuple[str, Value]]:
        if not isinstance(value.node, yaml.MappingNode):
            self.wrong(value.line, f"{what} must be a block of `name: value` lines.")
            return
        seen = set()
        for name, node in value.node.value:
            if str(name.value) in seen:
                self.wrong(name.start_mark.line + 1, f'"{name.value}" stands here twice: keep one.')
            seen.add(str(name.value))
            yield str(name.value), Value(node, name.start_mark.line + 1)

    def field_of(self, kind: str, name: str, line: int) -> bool:
        if kind not in kinds.kinds() or name in ADDED.get(kind, ()):
            return False
        try:
            kinds.kind_of(kind).field(name)
        except KeyError:
            names = [each.name for each in kinds.kind_of(kind).fields]
            self.wrong(line, f'"{kind}" does not ask for "{name}": {suggestion(name, names)}')
            return False
        return True

    def links_of(self, kind: str, links: Mapping[str, str], line: int) -> None:
        for name in links:
            if name not in (known := _LINKS.get(kind, ())):
                self.wrong(line, f'"{kind}" has no link "{name}": {suggestion(name, known) if known else "delete it."}')

    def answer(self, kind: str, name: str, text: str, line: int) -> None:
        if self.field_of(kind, name, line):
            asked = kinds.kind_of(kind).field(name)
            self.fits(line, lambda: kinds.as_kept(asked, text), text)
            self.no_typed_figures(kind, name, text, line)

    def fits(self, line: int, kept: object, text: str) -> None:
        """Whether a value fits its field. One with a figure in it is looked at when the figure is known."""
        named = IN_BRACES.findall(text)
        for figure in named:
            name, *parts = figure.split(":")
            if name not in FIGURES:
                self.wrong(line, f'There is no figure "{name}": {suggestion(name, list(FIGURES))}')
            elif len(parts) != FIGURES[name].parts:
                self.wrong(line, f'The figure "{name}" is written {FIGURES[name].written}.')
        if not named and callable(kept):
            try:
                kept()
            except Refused as problem:
                self.wrong(line, f'"{text[:40]}" does not fit: {problem}')

    def no_typed_figures(self, kind: str, name: str, text: str, line: int) -> None:
        if name in _TELLS_OF_DATA.get(kind, ()) and re.search(r"\d", _YEARS.sub("", IN_BRACES.sub("", text))):
            self.wrong(line, f'"{name}" has a figure that was typed: name the figure, so that it follows the data.')

    # -- the whole -------------------------------------------------------------------------------------------------

    def look_over(self, records: Sequence[Written], reviews: Sequence[WrittenReview]) -> None:
        """Keys that stand twice, links that lead nowhere, reviews of what was not there yet."""
        first: dict[str, Entry] = {}
        for one in records:
            if one.key in first:
                self.wrong(one.entries[0].line, f'There is already a record "{one.key}" on line {first[one.key].line}.')
            first.setdefault(one.key, one.entries[0])
        for one in records:
            for entry in one.entries:
                for key in _keys_in(entry):
                    if key not in first:
                        self.wrong(entry.line, f'There is no record "{key}": {suggestion(key, list(first))}')
                    elif first[key].on > entry.on:
                        self.wrong(entry.line, f'The record "{key}" was not there yet on {entry.on}.')
        for review in reviews:
            if review.about not in first:
                self.wrong(review.line, f'There is no record "{review.about}": {suggestion(review.about, list(first))}')
            elif first[review.about].on >= review.on:
                self.wrong(review.line, f'The record "{review.about}" was not there before {review.on}.')


def _keys_in(entry: Entry) -> Iterator[str]:
    """The keys of the records that an entry names, but for the staff, who come from the school's data."""
    yield from (key for key in entry.links.values() if not key.startswith(STAFF))
    for keys in entry.ticks.values():
        yield from keys
    for name in entry.says:
        yield from MEANT.findall(name)


def _written(value: Value) -> str:
    """A value as it stands in the file: `yes` and 2026-01-15 are texts here, as a person typed them."""
    return str(value.node.value).strip() if isinstance(value.node, yaml.ScalarNode) and not value.is_nothing else ""
