"""A self-audit as CSV: one row an item, for any spreadsheet or statistics program."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from senco_kit.audit.model import UNSURE_IN_WORDS, SelfAudit
from senco_kit.audit.standing import level_of
from senco_kit.plain_text import clean, for_cell
from senco_kit.reports.words import evidence_in_words, yes_or_no
from senco_kit.standards.model import Framework, Level

COLUMNS = (
    "Standard",
    "Heading",
    "Item",
    "Title",
    "Level",
    "Level name",
    UNSURE_IN_WORDS,
    "Matters now",
    "Note",
    "Evidence",
)


def csv_report(audit: SelfAudit, framework: Framework, levels: Sequence[Level]) -> bytes:
    """The audit as CSV in UTF-8 with a byte order mark, without which Excel takes it for another encoding.

    Pieces of evidence stand on lines of their own in one cell. No cell can start a formula.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in _rows(audit, framework, levels):
        writer.writerow([for_cell(clean(cell)) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _rows(audit: SelfAudit, framework: Framework, levels: Sequence[Level]) -> list[list[str]]:
    rows = []
    for heading in framework.headings:
        for outcome in heading.outcomes:
            rating = audit.rating(outcome.id)
            level = level_of(rating, levels)
            rows.append(
                [
                    framework.title,
                    heading.title,
                    outcome.id,
                    outcome.title,
                    str(level.number) if level else "",
                    level.name if level else "",
                    yes_or_no(rating.unsure),
                    yes_or_no(rating.matters_now),
                    rating.note,
                    "\n".join(evidence_in_words(piece) for piece in rating.evidence),
                ]
            )
    return rows
