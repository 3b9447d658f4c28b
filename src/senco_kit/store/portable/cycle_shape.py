"""The shape that a cycle must have in a file: what its answers mean is not judged here, see planning/model.py."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, model_validator

from senco_kit.planning.model import Cycle, Record, Review
from senco_kit.store import cycles
from senco_kit.store.portable.entries import Id, Moment, Name, Part, Rows, Short, Words
from senco_kit.store.portable.problem import Wrong
from senco_kit.store.problems import BadValue


def _read_field(name: str) -> str:
    try:
        return cycles.field_name(name)
    except BadValue:
        raise Wrong("the kit gives no question such a name") from None


def _read_school(key: str) -> str:
    if len(key) > 100:
        raise Wrong("this entry is too long")
    return key


Field = Annotated[str, AfterValidator(_read_field)]
Values = dict[Field, Words]


class _Record(Part):
    id: Id
    kind: Short
    created_at: Moment
    changed_at: Moment
    values: Values


class _Review(Part):
    id: Id
    about: Id
    made_at: Moment
    values: Values
    as_it_was: dict[Id, Values]


class CycleShape(Part):
    """One cycle with all that is in it."""

    id: Id
    name: Name
    school: Annotated[Words, AfterValidator(_read_school)]
    created_at: Moment
    changed_at: Moment
    started_from: Id | None
    records: Rows[_Record]
    reviews: Rows[_Review]

    @model_validator(mode="after")
    def _sound(self) -> CycleShape:
        for ids in ([one.id for one in self.records], [one.id for one in self.reviews]):
            if len(set(ids)) < len(ids):
                raise Wrong("an id stands twice in a cycle")
        if len(self.records) > cycles.MOST_RECORDS:
            raise Wrong(f"a cycle holds {cycles.MOST_RECORDS:,} records at most")
        return self

    def as_cycle(self) -> Cycle:
        """The cycle as the rest of the kit knows it."""
        return Cycle(
            **dict(self)
            | {
                "records": tuple(Record(**dict(one)) for one in self.records),
                "reviews": tuple(Review(**dict(one)) for one in self.reviews),
            }
        )
