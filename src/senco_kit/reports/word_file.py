"""How the kit makes a Word document: real headings, lists and tables in British English, ready for a screen reader."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from senco_kit.plain_text import clean
from senco_kit.reports.words import KIT_NAME

#: How wide text is on an upright page and on one turned on its side, in centimetres.
UPRIGHT_CM, SIDEWAYS_CM = 17.0, 25.7

_FONT = "Arial"
_LANGUAGE = "en-GB"
_DARK_BLUE = RGBColor(0x12, 0x3A, 0x6B)
_BLACK = RGBColor(0x1A, 0x1A, 0x1A)
_PAPER_CM = (21.0, 29.7)
_MARGIN_CM = 2.0
_LONGEST_PROPERTY = 255
# A table with no more text than this, in characters, stays in one piece on a page.
_SHORT_TABLE = 1_000
# A table row stays in one piece on a page, unless a person has written about half a page into one of its cells.
_LONGEST_WHOLE_CELL = 1_200

# What makes a column stand right: numbers, money and shares; "c" stands for a hidden one, a dash for none.
_NUMBER = re.compile(r"−?£?[0-9][0-9,]*(\.[0-9]+)?%?|c|–")

_AFTER_TEXT = 6

# Style: size in points, bold, colour, space before and after in points.
_STYLES = {
    "Normal": (11, False, _BLACK, 0, _AFTER_TEXT),
    "Title": (24, True, _DARK_BLUE, 0, 6),
    "Subtitle": (12, False, _BLACK, 0, 6),
    "Heading 1": (17, True, _DARK_BLUE, 20, 6),
    "Heading 2": (13, True, _DARK_BLUE, 14, 4),
    "Heading 3": (11.5, True, _DARK_BLUE, 12, 3),
    "Caption": (10, True, _BLACK, 8, 4),
    "List Bullet": (11, False, _BLACK, 0, 3),
    "List Number": (11, False, _BLACK, 0, 3),
    "Header": (10, True, _BLACK, 0, 0),
    "Footer": (9, False, _BLACK, 0, 0),
}
_TABLE_TEXT = "Table Text"


class WordFile:
    """A Word document under construction. All text goes in as plain text: nothing becomes a field or a link."""

    def __init__(self, title: str, made_on: date, *, footer: str = "Self-audit", header: str = "") -> None:
        """`footer` says at the foot of every page what this is; `header` stands at the head of every page."""
        self.document = Document()
        self._set_properties(title, made_on)
        self._set_styles()
        self._set_language()
        self._set_page(footer)
        self._set_header(header)

    def title(self, text: str) -> None:
        """The title of the document."""
        self.document.add_paragraph(clean(text), style="Title")

    def subtitle(self, text: str) -> None:
        """A line under the title."""
        self.document.add_paragraph(clean(text), style="Subtitle")

    def heading(self, text: str, level: int) -> None:
        """A heading, 1 (highest) to 3."""
        self.document.add_heading(clean(text), level)

    def text(self, text: str, *, label: str = "", keep_with_next: bool = False) -> None:
        """A paragraph, after a label in bold where there is one."""
        paragraph = self.document.add_paragraph()
        if label:
            paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(clean(text))
        paragraph.paragraph_format.keep_with_next = keep_with_next or None

    def points(self, texts: Sequence[str]) -> None:
        """A list with bullets."""
        added = [self.document.add_paragraph(clean(text), style="List Bullet") for text in texts]
        if added:
            added[-1].paragraph_format.space_after = Pt(_AFTER_TEXT)

    def numbered(self, texts: Sequence[str]) -> None:
        """A numbered list that begins at 1."""
        number_id = self._new_numbering()
        for text in texts:
            paragraph = self.document.add_paragraph(clean(text), style="List Number")
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = number_id

    def picture(self, png: bytes, alt: str, width_cm: float) -> None:
        """A picture with its text alternative, which screen readers say in its place."""
        shape = self.document.add_paragraph().add_run().add_picture(io.BytesIO(png), width=Cm(width_cm))
        shape._inline.docPr.set("descr", clean(alt))

    def table(
        self, caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], widths_cm: Sequence[float]
    ) -> None:
        """A table with a caption over it and a header row that comes again on every page. Numbers stand right."""
        self.document.add_paragraph(clean(caption), style="Caption").paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=0, cols=len(header), style="Table Grid")
        table.alignment = WD_TABLE_ALIGNMENT.LEFT
        table.autofit = False
        _describe(table, clean(caption))
        for column, width in zip(table.columns, widths_cm, strict=True):
            column.width = Cm(width)
        numbers = [all(_NUMBER.fullmatch(row[column]) for row in rows) for column in range(len(header))]
        for row in (header, *rows):
            self._row(table, row, widths_cm, numbers, is_header=row is header)
        is_short = sum(len(text) for row in rows for text in row) <= _SHORT_TABLE
        _keep_together(table.rows[:-1] if is_short else table.rows[:1])

    def turn(self, *, sideways: bool) -> None:
        """Start a new page that lies on its side, or stands upright again."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE if sideways else WD_ORIENT.PORTRAIT
        short, long = (Cm(length) for length in _PAPER_CM)
        section.page_width, section.page_height = (long, short) if sideways else (short, long)

    def contents(self) -> bytes:
        """The finished file."""
        made = io.BytesIO()
        self.document.save(made)
        return made.getvalue()

    def _row(
        self,
        table: Table,
        texts: Sequence[str],
        widths_cm: Sequence[float],
        numbers: Sequence[bool],
        *,
        is_header: bool,
    ) -> None:
        row = table.add_row()  # type: ignore[no-untyped-call]
        if is_header or max(map(len, texts)) <= _LONGEST_WHOLE_CELL:
            _mark(row, "w:cantSplit")
        if is_header:
            _mark(row, "w:tblHeader")
        table_text = self.document.styles[_TABLE_TEXT].style_id
        for cell, text, width, is_number in zip(row.cells, texts, widths_cm, numbers, strict=True):
            cell.width = Cm(width)
            paragraph = cell.paragraphs[0]
            # By its id: python-docx reads through all styles for each paragraph that gets one.
            paragraph._p.style = table_text
            paragraph.add_run(clean(text)).bold = is_header or None
            if is_number:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if is_header:
                _shade(cell, "DBE6F4")

    def _new_numbering(self) -> int:
        """A fresh count for the style List Number, which otherwise goes on counting through the whole document."""
        numbering = self.document.part.numbering_part.element
        style = self.document.styles["List Number"].element
        abstract = numbering.num_having_numId(style.pPr.numPr.numId.val).abstractNumId.val
        number = numbering.add_num(abstract)
        number.add_lvlOverride(0).add_startOverride(1)
        return int(number.numId)

    def _set_properties(self, title: str, made_on: date) -> None:
        properties = self.document.core_properties
        properties.title = clean(title)[:_LONGEST_PROPERTY]
        properties.language = _LANGUAGE
        # The template would name python-docx as the author.
        properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
        properties.created = properties.modified = datetime.combine(made_on, time(12))
        properties.revision = 1

    def _set_styles(self) -> None:
        styles = self.document.styles
        styles.add_style(_TABLE_TEXT, 1).base_style = styles["Normal"]
        for name, (size, bold, colour, before, after) in {
            **_STYLES,
            _TABLE_TEXT: (10, False, _BLACK, 2, 2),
        }.items():
            style = styles[name]
            assert isinstance(style, ParagraphStyle)
            _set_font(style, size, bold, colour)
            layout = style.paragraph_format
            layout.space_before, layout.space_after, layout.line_spacing = Pt(before), Pt(after), 1.15
            layout.widow_control = True
        for name in ("List Bullet", "List Number", "Title"):
            _remove(styles[name].element, "w:contextualSpacing")
        _remove(styles["Title"].element, "w:pBdr")
        _remove(styles["Subtitle"].element, "w:numPr")
        for name in ("Title", "Subtitle"):
            _remove(styles[name].element.rPr, "w:spacing")
        for border in styles["Table Grid"].element.iter(qn("w:tblBorders")):
            for side in border:
                side.set(qn("w:color"), "6B7A8F")

    def _set_language(self) -> None:
        for language in self.document.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), _LANGUAGE)
            language.set(qn("w:eastAsia"), _LANGUAGE)
        settings = self.document.settings.element
        for language in settings.iter(qn("w:themeFontLang")):
            language.set(qn("w:val"), _LANGUAGE)
        for setting in settings.iter(qn("w:compatSetting")):
            # The template asks Word to behave as in 2010, which Word shows as "Compatibility Mode".
            if setting.get(qn("w:name")) == "compatibilityMode":
                setting.set(qn("w:val"), "15")

    def _set_header(self, text: str) -> None:
        if text:
            paragraph = self.document.sections[0].header.paragraphs[0]
            paragraph.add_run(clean(text)).bold = True

    def _set_page(self, said: str) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = (Cm(length) for length in _PAPER_CM)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
        section.header_distance = section.footer_distance = Cm(1)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        footer.add_run(f"{said}, {KIT_NAME}. Page ")
        _add_field(footer, "PAGE")
        footer.add_run(" of ")
        _add_field(footer, "NUMPAGES")


def _set_font(style: ParagraphStyle, size: float, bold: bool, colour: RGBColor) -> None:
    font = style.font
    font.size, font.bold, font.italic, font.color.rgb = Pt(size), bold, False, colour
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    # Names from the theme would win over the name set here.
    fonts.attrib.clear()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), _FONT)


def _remove(element: BaseOxmlElement, tag: str) -> None:
    for found in list(element.iter(qn(tag))):
        found.getparent().remove(found)


def _mark(row: _Row, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


def _keep_together(rows: Sequence[_Row]) -> None:
    """Keep each of the rows on the page of the row after it."""
    for row in rows:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _describe(table: Table, caption: str) -> None:
    """The name of the table for screen readers."""
    described = OxmlElement("w:tblCaption")
    described.set(qn("w:val"), caption)
    table._tbl.tblPr.append(described)


def _add_field(paragraph: Paragraph, instruction: str) -> None:
    """A field that Word fills in, such as the page number. Only the footer has fields."""
    for kind in ("begin", "instruction", "separate", "value", "end"):
        run = paragraph.add_run("1" if kind == "value" else "")
        if kind == "instruction":
            told = OxmlElement("w:instrText")
            told.set(qn("xml:space"), "preserve")
            told.text = f" {instruction} "
            run._r.append(told)
        elif kind != "value":
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
