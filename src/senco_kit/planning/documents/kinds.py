"""What the documents ask that stands nowhere else in a cycle: one record for each document, a field for each item."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from senco_kit.forms.fields import Date, Field, LongText, ShortText, Tick
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning.documents.file import Instrument, Item, instruments
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record

#: How the kind of a document's record begins: "document-inclusion-strategy".
PREFIX: Final = "document-"
#: Under "activity/ACTION" stands how an action is said to parents, where its own words do not suit them.
ACTIVITY: Final = "activity"


def _field(item: Item) -> Field:
    match item.asks:
        case "long":
            return LongText(name=item.id, label=item.label, hint=item.hint, lines=4)
        case "day":
            asked = Date(name=item.id, label=item.label)
            return replace(asked, hint=item.hint) if item.hint else asked
        case "tick":
            return Tick(name=item.id, label=item.label, hint=item.hint)
        case _:
            return ShortText(name=item.id, label=item.label, hint=item.hint, longest=LONGEST_TEXT)


def _in_other_words(action_id: str) -> Field:
    return LongText(name=action_id, label="How would you say it to parents?", lines=2)


def _kind(document: Instrument) -> Kind:
    return Kind(
        id=f"{PREFIX}{document.id}",
        one=document.title[:1].lower() + document.title[1:] if not document.title.startswith("SEN") else document.title,
        several=document.title,
        fields=tuple(_field(item) for item in document.items if item.asks),
        naming=document.id,
        patterns={ACTIVITY: _in_other_words} if document.principles else {},
        single=True,
        place="documents",
    )


KINDS: tuple[Kind, ...] = tuple(_kind(document) for document in instruments())


def school_typed(cycle: Cycle, first: Record | None = None) -> str:
    """The name of the school as somebody typed it for a document, `first` before all others; "" when nobody did."""
    documents = [record for record in cycle.records if record.kind.startswith(PREFIX)]
    said = [record.text("school").strip() for record in (*([first] if first else []), *documents)]
    return next(filter(None, said), "")
