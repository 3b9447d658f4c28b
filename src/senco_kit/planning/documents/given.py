"""What a document takes from is a cycle and its school's figures; what it gets is pieces, and what they still lack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from senco_kit.planning.documents.figures import SchoolFigures
from senco_kit.planning.documents.file import Instrument
from senco_kit.planning.documents.model import Piece, Source
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import SOURCES


@dataclass(frozen=True)
class Given:
    """Pieces for one item. `lacks` are sentences that say what must still be done in the cycle."""

    pieces: tuple[Piece, ...] = ()
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """Where the pieces of a document come from. `said` holds what the person typed for it, None for nothing yet."""

    cycle: Cycle
    figures: SchoolFigures | None
    document: Instrument
    said: Record | None
    made_on: date

    def words_of(self, record: Record) -> str:
        """A finding or objective in words for whom the document is: published ones have none without `for_parents`."""
        return record.text("for_parents" if self.document.published else "what").strip()

    def in_words(self, kind: str) -> tuple[Record, ...]:
        """The findings or objectives that this document may tell of."""
        return tuple(record for record in self.cycle.of(kind) if self.words_of(record))

    def source_of(self, record: Record) -> Source:
        """Where a finding, an objective or an action stands. A published document does not say what stands inside."""
        match record.kind:
            case "finding":
                says = f"Finding: {SOURCES.get(record.text('source'), 'source not said')}"
                if record.text("where_from").strip() and not self.document.published:
                    says += f", {record.text('where_from').strip().rstrip('.')}"
                return Source(f"{says}.", f"findings/{record.id}", record.day("found_on"), record.id)
            case "action":
                place = record.text("objective") or record.id
                return Source("Development plan: action.", f"plan/{place}", record.changed_at.date(), record.id)
            case _:
                says = "Development plan: objective."
                return Source(says, f"plan/{record.id}", record.changed_at.date(), record.id)


#: Gives what stands in a document under one name.
Gives: TypeAlias = Callable[[Chain], Given]
