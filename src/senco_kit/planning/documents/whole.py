"""A document of a cycle: the person's words and what the cycle gives, item by item, with what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from senco_kit.days import in_words
from senco_kit.planning.documents.chain import GIVES
from senco_kit.planning.documents.figures import SchoolFigures
from senco_kit.planning.documents.file import Instrument, Item, instrument
from senco_kit.planning.documents.given import Chain, Given
from senco_kit.planning.documents.kinds import PREFIX
from senco_kit.planning.documents.model import Document, Paragraph, Part, Piece, Points, Section, Table
from senco_kit.planning.model import Cycle, Record
from senco_kit.small_counts import THRESHOLD

_BULLET: Final = re.compile(r"^\s*(?:[-•*–]|\d+[.)])\s+")
_PARAGRAPHS: Final = re.compile(r"\n\s*\n")
_PEOPLE: Final = "pupils?|children|child|boys?|girls?|students?|learners?"
#: A count of pupils under 5 in a text: a figure or a number word, with up to two words between it and the pupils.
_SMALL_COUNT: Final = re.compile(rf"\b(?:[1-4]|one|two|three|four)(?:\s+[\w’'-]+){{0,2}}\s+(?:{_PEOPLE})\b", re.I)


def whole(document_id: str, cycle: Cycle, school_figures: SchoolFigures | None, made_on: date) -> Document:
    """The document as it stands on a day. Without data of a school, its figures are left out."""
    asked = instrument(document_id)
    said = cycle.single(f"{PREFIX}{document_id}")
    chain = Chain(cycle, school_figures, asked, said, made_on)
    sections = tuple(
        Section(group.id, group.title, tuple(_part(item, chain) for item in group.items)) for group in asked.sections
    )
    return Document(
        id=asked.id,
        title=asked.title,
        for_whom=asked.for_whom,
        sections=sections,
        published=asked.published,
        sideways=asked.sideways,
        compact=asked.sideways,
        invented=school_figures is not None and school_figures.invented,
        school=chain.school,
        look_again=tuple(_look_again(asked, sections)),
    )


def _part(item: Item, chain: Chain) -> Part:
    words = own_words(item, chain.said)
    given = GIVES[item.chain](chain) if item.chain else Given()
    there = {
        "words": bool(words),
        "chain": bool(given.pieces),
        "either": bool(words or given.pieces),
        "nothing": True,
    }[item.needs]
    # A tick stands for a piece of the chain: the words themselves are not shown.
    pieces = given.pieces if item.asks == "tick" else (*words, *given.pieces)
    missing = () if there else (f"{item.title}: {item.to_do}",)
    in_line = item.asks in ("short", "day", "tick")
    return Part(item.id, item.title, pieces, item.required, (*missing, *given.lacks), in_line)


def own_words(item: Item, said: Record | None) -> tuple[Piece, ...]:
    """What the person typed for an item: days in words; blank lines part paragraphs; lines with a dash are a list."""
    if not item.asks or said is None or not said.text(item.id).strip():
        return ()
    if item.asks == "day":
        day = said.day(item.id)
        return (Paragraph(in_words(day)),) if day else ()
    return tuple(_typed(said.text(item.id)))


def _typed(text: str) -> Iterator[Piece]:
    for block in _PARAGRAPHS.split(text.strip()):
        lines = [line.strip() for line in block.splitlines() if line.strip()]
        if lines and all(_BULLET.match(line) for line in lines):
            yield Points(tuple(Paragraph(_BULLET.sub("", line)) for line in lines))
        elif lines:
            yield Paragraph("\n".join(lines))


def _look_again(asked: Instrument, sections: tuple[Section, ...]) -> Iterator[str]:
    """Sentences about texts in which a count of pupils under 5 seems to stand: a person decides what it means."""
    for section in sections:
        for part in section.parts:
            for found in dict.fromkeys(match[0] for piece in part.pieces for match in _small_counts(piece)):
                yield f"{part.title}: “{found}” may count fewer than {THRESHOLD} pupils. Say it without a number."


def _small_counts(piece: Piece) -> Iterator[re.Match[str]]:
    """Tables of figures have their small counts hidden already, and the cells of other tables are texts."""
    match piece:
        case Paragraph():
            texts = [piece.text]
        case Points():
            texts = [point.text for point in piece.points]
        case Table():
            texts = [] if any(source.figures for source in piece.sources) else [c for row in piece.rows for c in row]
    for text in texts:
        yield from _SMALL_COUNT.finditer(text)
