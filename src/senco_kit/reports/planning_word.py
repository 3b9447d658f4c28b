"""A document of a cycle in Word: what it says is in planning/documents/, how Word is told is in word_file.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from senco_kit.days import in_words
from senco_kit.planning.documents.model import Document, Paragraph, Part, Piece, Points, Section, Source, Table
from senco_kit.reports.words import KIT_NAME

if TYPE_CHECKING:
    from senco_kit.reports.word_file import WordFile

_WHERE_FROM = "Where this comes from"
_TO_BE_WRITTEN = "[Still to be written.]"
_DRAFT, _INVENTED = "DRAFT", "INVENTED SCHOOL: no real pupils"


def word(document: Document, made_on: date | None = None) -> bytes:
    """The document as a Word file (.docx). With anything missing it is marked as a draft and says first what is."""
    from senco_kit.reports.word_file import WordFile

    day = made_on or date.today()
    marks = [_INVENTED] if document.invented else []
    marks += [_DRAFT] if document.missing else []
    page = WordFile(document.title, day, footer=document.title, header=". ".join(marks))
    if document.sideways:
        _lie_down(page)
    notes = Notes(document.sources)
    _front(page, document, day)
    for section in document.sections:
        _section(page, section, notes, document.sideways)
    _where_from(page, notes.texts, document.compact)
    return page.contents()


@dataclass(frozen=True)
class Notes:
    """The numbered notes of a document. Sources that read alike share a number."""

    sources: tuple[Source, ...]

    @property
    def texts(self) -> list[str]:
        """The notes in order."""
        return list(dict.fromkeys(map(_note, self.sources)))

    def marks(self, sources: Iterable[Source]) -> str:
        """What stands behind a text: " [1, 4]"."""
        numbers = sorted({self.texts.index(_note(source)) + 1 for source in sources})
        return f" [{', '.join(map(str, numbers))}]" if numbers else ""


def _note(source: Source) -> str:
    return f"{source.says} {in_words(source.day)}." if source.day else source.says


def _where_from(page: WordFile, notes: list[str], compact: bool) -> None:
    """The notes that the numbers lead to; in one paragraph where all shall stay on one page."""
    if notes and compact:
        said = " ".join(f"[{number}] {note}" for number, note in enumerate(notes, start=1))
        page.text(said, label=_WHERE_FROM)
        _apart(page, -1)
    elif notes:
        page.heading(_WHERE_FROM, 1)
        page.text(f"Numbers in square brackets lead here. Made with the {KIT_NAME}.", keep_with_next=True)
        page.numbered(notes)


def _lie_down(page: WordFile) -> None:
    """Turn the first section on its side."""
    from docx.enum.section import WD_ORIENT

    section = page.document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width


def _front(page: WordFile, document: Document, day: date) -> None:
    page.title(document.title)
    page.subtitle(". ".join(filter(None, (document.school, f"Made on {in_words(day)}"))) + ".")
    if document.invented:
        page.text("This school, its pupils and all its figures are invented. No real child is in them.")
    if document.missing:
        page.heading("Draft: still missing", 1)
        page.text("The next file comes without this list when nothing is missing any more.")
        page.points(document.missing)


def _section(page: WordFile, section: Section, notes: Notes, sideways: bool) -> None:
    parts = [part for part in section.parts if part.pieces or part.missing]
    if not parts:
        return
    page.heading(section.title, 1)
    for part in parts:
        if part.in_line:
            _in_line(page, part, notes)
            continue
        if len(parts) > 1:
            page.heading(part.title, 2)
        if not part.pieces:
            page.text(_TO_BE_WRITTEN)
        for before, piece in zip((None, *part.pieces), part.pieces, strict=False):
            _piece(page, piece, notes, sideways, after_table=isinstance(before, Table))


def _in_line(page: WordFile, part: Part, notes: Notes) -> None:
    said = [piece for piece in part.pieces if isinstance(piece, Paragraph)]
    text = " ".join(_marked(each, notes) for each in said) or _TO_BE_WRITTEN
    page.text(text, label=next((each.label for each in said if each.label), part.title))


def _piece(page: WordFile, piece: Piece, notes: Notes, sideways: bool, *, after_table: bool) -> None:
    there = len(page.document.paragraphs)
    match piece:
        case Paragraph():
            if piece.text or piece.label:
                page.text(_marked(piece, notes), label=piece.label, keep_with_next=not piece.text)
        case Points():
            page.points([_labelled(point, notes) for point in piece.points])
        case Table():
            _table(page, piece, notes, sideways)
    if after_table:
        _apart(page, there)


def _apart(page: WordFile, paragraph: int) -> None:
    """Some room between a table and the paragraph after it."""
    from docx.shared import Pt

    page.document.paragraphs[paragraph].paragraph_format.space_before = Pt(6)


def _marked(piece: Paragraph, notes: Notes) -> str:
    return f"{piece.text}{notes.marks(piece.sources)}".lstrip()


def _labelled(point: Paragraph, notes: Notes) -> str:
    return f"{point.label}: {_marked(point, notes)}" if point.label else _marked(point, notes)


def _table(page: WordFile, table: Table, notes: Notes, sideways: bool) -> None:
    from senco_kit.reports.word_file import SIDEWAYS_CM, UPRIGHT_CM

    room = SIDEWAYS_CM if sideways else UPRIGHT_CM
    widths = [room * width / sum(table.widths) for width in table.widths]
    rows: Sequence[Sequence[str]] = table.rows
    page.table(f"{table.caption}{notes.marks(table.sources)}", table.header, rows, widths)
