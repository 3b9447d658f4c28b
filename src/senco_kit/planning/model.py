"""A cycle of improvement: its records (findings, objectives, actions and all else), and its reviews.

Everything that a person puts into a cycle is a record of some kind; kinds.py says which kinds there are and what is
asked about each. What one record says of another (an objective answers a finding) is a tick in it, named "ROLE/ID".

A cycle may come from a file that has been through other hands, and its texts are what somebody typed: whoever reads a
value here gets text, or a day, a number or nothing when the text is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from senco_kit.days import read_day
from senco_kit.typed_numbers import number_typed

TICKED = "yes"
#: What is typed of a review before it is added stands in the record that it is about, under names that begin so.
DRAFT = "draft/"


@dataclass(frozen=True)
class Record:
    """One finding, objective, action, training and so on: what was typed about it, by the name of the field.

    Days are kept as 2026-09-24, everything else as it was typed. A field without an answer has no value.
    """

    id: str
    kind: str
    created_at: datetime
    changed_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed in a field, "" when nothing was."""
        return self.values.get(name, "")

    def day(self, name: str) -> date | None:
        """The day in a field, None when there is none."""
        try:
            return read_day(self.text(name))
        except ValueError:
            return None

    def number(self, name: str) -> float | None:
        """The number in a field, None when there is none."""
        try:
            return number_typed(self.text(name)) if self.text(name) else None
        except ValueError:
            return None

    def is_ticked(self, name: str) -> bool:
        """Whether a box is ticked."""
        return self.text(name) == TICKED

    def ticks(self, role: str) -> tuple[str, ...]:
        """What is ticked under a role: of "answers/ID" for each ticked finding, the ids."""
        return tuple(
            name.partition("/")[2]
            for name, value in self.values.items()
            if value == TICKED and name.startswith(f"{role}/")
        )

    def under(self, prefix: str) -> dict[str, str]:
        """The values whose names begin with "PREFIX/", by the rest of their names."""
        start = f"{prefix}/"
        return {name.removeprefix(start): value for name, value in self.values.items() if name.startswith(start)}


@dataclass(frozen=True)
class Review:
    """What was said of a record on a day, with all that the plan said then. Never changed once it is there.

    `as_it_was` holds the values of the record that it is about and of the records that serve it, by their ids.
    """

    id: str
    about: str
    made_at: datetime
    values: Mapping[str, str] = field(default_factory=dict)
    as_it_was: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """What was typed in a field, "" when nothing was."""
        return self.values.get(name, "")


@dataclass(frozen=True)
class Cycle:
    """One turn of review, plan, do and review of a school, mostly a school year.

    `school` is the key of the school's data: an invented school ("secondary-1050"), own data that is kept on this
    computer ("own-ID"), or "" while none is chosen. Records stand in the order in which they were added, reviews too.
    """

    id: str
    name: str
    school: str
    created_at: datetime
    changed_at: datetime
    started_from: str | None = None
    records: tuple[Record, ...] = ()
    reviews: tuple[Review, ...] = ()

    def of(self, kind: str) -> tuple[Record, ...]:
        """The records of a kind."""
        return tuple(record for record in self.records if record.kind == kind)

    def find(self, record_id: str, kind: str | None = None) -> Record | None:
        """The record with this id, if it is there and of this kind."""
        return next((record for record in self.records if record.id == record_id and kind in (None, record.kind)), None)

    def single(self, kind: str) -> Record | None:
        """The one record of a kind of which a cycle has one at most."""
        return next(iter(self.of(kind)), None)

    def ticked(self, record: Record, role: str) -> tuple[Record, ...]:
        """The records that are ticked in a record under a role; those that were removed since are left out."""
        ids = set(record.ticks(role))
        return tuple(one for one in self.records if one.id in ids)

    def ticking(self, record: Record, role: str) -> tuple[Record, ...]:
        """The records that have this one ticked under a role."""
        return tuple(one for one in self.records if one.is_ticked(f"{role}/{record.id}"))

    def serving(self, objective: Record) -> tuple[Record, ...]:
        """The actions that serve an objective."""
        return tuple(one for one in self.of("action") if one.text("objective") == objective.id)

    def as_it_is(self, objective: Record) -> dict[str, dict[str, str]]:
        """What the plan says of an objective and its actions now, by their ids; what is only drafted is left out."""
        return {
            one.id: {name: value for name, value in one.values.items() if not name.startswith(DRAFT)}
            for one in (objective, *self.serving(objective))
        }

    def reviews_of(self, record_id: str) -> tuple[Review, ...]:
        """The reviews of a record, oldest first."""
        return tuple(review for review in self.reviews if review.about == record_id)


def latest(reviews: Iterable[Review]) -> Review | None:
    """The newest of some reviews, None when there are none."""
    return max(reviews, key=lambda review: review.made_at, default=None)
