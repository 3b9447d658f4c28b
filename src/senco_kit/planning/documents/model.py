"""A document as it stands: its sections, where every piece of it comes from, and what is still missing.

How it looks on a page is in pages/leading_documents.py, and in Word in reports/planning_word.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

#: What documents say of a piece that stands in the plan.
DEVELOPMENT_PLAN: Final = "The school’s development plan."


@dataclass(frozen=True)
class Source:
    """Where a piece comes from. `says` is the sentence for a reader, `day` when it was so.

    `place` is where it stands in the cycle, after the cycle's id in the address. `record` is the id of the record or
    review whose words and numbers it holds, `figures` the name of the table of the school's figures: by one of them
    every number can be followed back.
    """

    says: str
    place: str = ""
    day: date | None = None
    record: str = ""
    figures: str = ""


@dataclass(frozen=True)
class Paragraph:
    """Some sentences. Without a source they are the person's own, typed for this document; `label` stands in front."""

    text: str
    sources: tuple[Source, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Points:
    """A list with bullets."""

    points: tuple[Paragraph, ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where any of its points comes from, each once."""
        return tuple(dict.fromkeys(source for point in self.points for source in point.sources))


@dataclass(frozen=True)
class Table:
    """Rows under a header; the first cell of a row names it. `widths` are shares of the page, in the same order."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    sources: tuple[Source, ...] = ()


Piece: TypeAlias = Paragraph | Points | Table


@dataclass(frozen=True)
class Part:
    """One item of a section: what is said there, and what is missing, as sentences that say what to do.

    What is `in_line` stands beside its title, all else under it.
    """

    id: str
    title: str
    pieces: tuple[Piece, ...]
    required: bool
    missing: tuple[str, ...] = ()
    in_line: bool = False

    @property
    def is_there(self) -> bool:
        """Whether nothing is missing of it."""
        return not self.missing


@dataclass(frozen=True)
class Section:
    """A heading with its parts."""

    id: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Document:
    """One document. `published` ones are for parents, in words chosen for them; `sideways` ones lie on their side.
    Of `compact` ones every line counts: they have to stay on a page or two.

    `look_again` are sentences about texts in which a number of pupils under 5 may stand.
    """

    id: str
    title: str
    for_whom: str
    sections: tuple[Section, ...]
    published: bool = False
    sideways: bool = False
    compact: bool = False
    invented: bool = False
    school: str = ""
    look_again: tuple[str, ...] = field(default=())

    @property
    def parts(self) -> Iterator[Part]:
        """Every part, in order."""
        return (part for section in self.sections for part in section.parts)

    @property
    def missing(self) -> tuple[str, ...]:
        """What is missing, as sentences."""
        return tuple(sentence for part in self.parts for sentence in part.missing)

    @property
    def required(self) -> tuple[Part, ...]:
        """The parts without which the document is a draft."""
        return tuple(part for part in self.parts if part.required)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Where its pieces come from, each once, in the order in which a reader meets them."""
        found = (source for part in self.parts for piece in part.pieces for source in piece.sources)
        return tuple(dict.fromkeys(found))
