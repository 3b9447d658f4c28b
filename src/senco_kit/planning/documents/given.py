"""What a document takes from is a cycle and its school's figures; what it gets is pieces, and what they still lack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from senco_kit.planning.documents.figures import SchoolFigures
from senco_kit.planning.documents.file import Instrument
from senco_kit.planning.documents.kinds import school_typed
from senco_kit.planning.documents.model import DEVELOPMENT_PLAN, Piece, Source
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

    @property
    def school(self) -> str:
        """The name of the school: as typed for this document, else for another one, else as its data have it."""
        typed = school_typed(self.cycle, self.said)
        return typed or (self.figures.name if self.figures else "")

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
                where_from = "" if self.document.published else record.text("where_from").strip().rstrip(".")
                kind = record.text("source")
                said = where_from or (SOURCES.get(kind, "source not said") if kind != "other" else "")
                return Source(
                    f"Finding: {said}." if said else "Finding.",
                    f"findings/{record.id}",
                    record.day("found_on"),
                    record.id,
                )
            case "action":
                # Objectives and actions have no day of their own: all share one note.
                return Source(DEVELOPMENT_PLAN, f"plan/{record.text('objective') or record.id}", record=record.id)
            case _:
                return Source(DEVELOPMENT_PLAN, f"plan/{record.id}", record=record.id)


#: Gives what stands in a document under one name.
Gives: TypeAlias = Callable[[Chain], Given]
