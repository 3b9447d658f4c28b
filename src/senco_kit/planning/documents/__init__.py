"""The documents of a cycle: what each must hold (file.py), what is there (chain.py), and the whole (whole.py).

Importing this is cheap: every page looks up the kinds of records, and some of them are here.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from senco_kit.planning.documents.file import instrument as instrument
from senco_kit.planning.documents.file import instruments as instruments
from senco_kit.planning.documents.file import principles as principles
from senco_kit.planning.documents.model import Document as Document

if TYPE_CHECKING:
    from senco_kit.planning.documents.figures import SchoolFigures
    from senco_kit.planning.model import Cycle


def build(
    document_id: str, cycle: Cycle, school_figures: SchoolFigures | None, made_on: date | None = None
) -> Document:
    """The document as it stands today, or on `made_on`. Without data of a school, its figures are left out."""
    from senco_kit.planning.documents.whole import whole

    return whole(document_id, cycle, school_figures, made_on or date.today())
