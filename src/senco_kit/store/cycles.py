"""The cycles of one work file: each answer is kept by itself, so that two tabs undo nothing; reviews are only added."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select
from sqlalchemy.dialects.sqlite import insert

from senco_kit.planning.model import DRAFT, Cycle, Record, Review
from senco_kit.store import answers, rows, tables
from senco_kit.store.problems import BadValue, NoLongerThere
from senco_kit.store.work_file import WorkFile, now

#: More records than this are not kept in one cycle: a large school's training records of many years are far fewer.
MOST_RECORDS = 20_000

_FIELD = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+){0,3}")

Values = Mapping[str, str]


@dataclass(frozen=True)
class NewRecord:
    """A record to be added, with what is known of it already. Its id is made when none is given."""

    kind: str
    values: Values
    id: str = ""


class Cycles:
    """The cycles in one work file; `store.cycles`. What the methods raise and return stands at WorkFile.

    What may be answered in which field is the business of planning/kinds.py; here a value is text under a name.
    """

    def __init__(self, work: WorkFile) -> None:
        self._work = work

    # -- cycles ------------------------------------------------------------------------------------------------

    def all(self) -> tuple[Cycle, ...]:
        """Every cycle with all that is in it, newest first."""
        with self._work.reading() as connection:
            return read(connection)

    def one(self, cycle_id: str) -> Cycle:
        """The cycle with this id, with all that is in it."""
        with self._work.reading() as connection:
            return _the_one(connection, cycle_id)

    def create(self, name: str, school: str = "", started_from: str | None = None) -> Cycle:
        """A new cycle, kept at once; started from an earlier one it has that one's records, and none of its reviews."""
        moment = now()
        name, school = answers.name(name, "cycle"), answers.short_id(school) if school else ""
        with self._work.writing() as connection:
            records = _the_one(connection, started_from).records if started_from is not None else ()
            new = Cycle(rows.new_id(), name, school, moment, moment, started_from, records)
            write(connection, [new])
        return new

    def keep(self, cycle: Cycle) -> Cycle:
        """Keep a whole cycle that was made elsewhere, such as the finished example, under a new id."""
        new = as_copy(cycle, answers.name(cycle.name, "cycle"))
        with self._work.writing() as connection:
            write(connection, [new])
        return new

    def rename(self, cycle_id: str, name: str) -> datetime:
        """Give a cycle another name."""
        return self._change(cycle_id, name=answers.name(name, "cycle"))

    def set_school(self, cycle_id: str, school: str) -> datetime:
        """Say which school's data the cycle is about; "" for none."""
        return self._change(cycle_id, school=answers.short_id(school) if school else "")

    def delete(self, cycle_id: str) -> None:
        """Delete a cycle with all that is in it; harmless when it is gone. Earlier copies still hold it."""
        with self._work.writing() as connection:
            connection.execute(tables.cycle.delete().where(tables.cycle.c.id == cycle_id))

    def _change(self, cycle_id: str, **columns: object) -> datetime:
        with self._work.writing() as connection:
            moment = _touch(connection, cycle_id)
            connection.execute(tables.cycle.update().where(tables.cycle.c.id == cycle_id).values(**columns))
        return moment

    # -- records -----------------------------------------------------------------------------------------------

    def kind_of(self, cycle_id: str, record_id: str) -> str | None:
        """The kind of a record, None when it is not there."""
        asked = select(tables.record.c.kind).filter_by(cycle_id=cycle_id, id=record_id)
        with self._work.reading() as connection:
            return connection.scalars(asked).one_or_none()

    def add(self, cycle_id: str, kind: str, values: Values | None = None, record_id: str = "") -> str:
        """Add a record, with values if there are any, and return its id; the same id again changes nothing."""
        return self.add_many(cycle_id, [NewRecord(kind, values or {}, record_id)])[0]

    def add_many(
        self, cycle_id: str, new: Iterable[NewRecord], changed: Mapping[str, Values] | None = None
    ) -> tuple[str, ...]:
        """Add all of these records or none, and return their ids; a record whose id is there already is left alone.

        `changed` are answers of records that are there, by their ids: they are kept with the new records, or none is.
        """
        added = [_checked(one) for one in new]
        answers_given = [
            (answers.row_id(record_id), field_name(name), answers.words(value))
            for record_id, values in (changed or {}).items()
            for name, value in values.items()
        ]
        with self._work.writing() as connection:
            moment = _touch(connection, cycle_id)
            there = select(tables.record.c.id).where(tables.record.c.cycle_id == cycle_id)
            here = set(connection.scalars(there))
            fresh = [Record(one.id, one.kind, moment, moment, one.values) for one in added if one.id not in here]
            if len(here) + len(fresh) > MOST_RECORDS:
                raise BadValue(f"A cycle holds {MOST_RECORDS:,} records at most: start a new cycle for what is new.")
            _write_records(connection, cycle_id, fresh, _next_position(connection, cycle_id))
            for record_id, name, text in answers_given:
                _touch_record(connection, cycle_id, record_id, moment)
                _put(connection, {"cycle_id": cycle_id, "record_id": record_id, "field": name}, text)
        return tuple(one.id for one in added)

    def save(self, cycle_id: str, record_id: str, field: str, value: str, single: str = "") -> datetime:
        """Save one answer; all others stay as they are, whoever gave them. An empty value takes the answer away.

        A record of a kind of which there is one only is made by its first answer: then `single` is that kind.
        """
        key = {"cycle_id": cycle_id, "record_id": answers.row_id(record_id), "field": field_name(field)}
        text = answers.words(value)
        with self._work.writing() as connection:
            moment = _touch(connection, cycle_id)
            if single:
                _make_single(connection, cycle_id, Record(key["record_id"], single, moment, moment))
            _touch_record(connection, cycle_id, key["record_id"], moment)
            _put(connection, key, text)
        return moment

    def remove(self, cycle_id: str, *record_ids: str) -> datetime:
        """Remove records, all or none; harmless for those that are gone. Raises BadValue for one that was reviewed."""
        ids = [answers.row_id(record_id) for record_id in record_ids]
        reviewed = select(tables.review.c.id).filter_by(cycle_id=cycle_id).where(tables.review.c.about.in_(ids))
        removal = tables.record.delete().filter_by(cycle_id=cycle_id).where(tables.record.c.id.in_(ids))
        with self._work.writing() as connection:
            if connection.execute(reviewed.limit(1)).first():
                raise BadValue("This has been reviewed, so it stays in the history: say in a review that it ended.")
            moment = _touch(connection, cycle_id)
            connection.execute(removal)
        return moment

    # -- reviews -----------------------------------------------------------------------------------------------

    def add_review(self, cycle_id: str, about: str, values: Values) -> Review:
        """Add a review of a record, with what the plan says at this moment; what was typed of it as a draft goes."""
        said = {field_name(name): answers.words(value) for name, value in values.items() if value.strip()}
        if not said:
            raise BadValue("Say what has changed before you add the review.")
        with self._work.writing() as connection:
            moment = _touch(connection, cycle_id)
            cycle = _the_one(connection, cycle_id)
            record = cycle.find(about)
            if record is None:
                raise _record_gone()
            new = Review(rows.new_id(), about, moment, said, cycle.as_it_is(record))
            _write_reviews(connection, cycle_id, [new])
            draft = tables.record_value.c.field.startswith(DRAFT, autoescape=True)
            connection.execute(tables.record_value.delete().filter_by(cycle_id=cycle_id, record_id=about).where(draft))
        return new


def read(connection: Connection, cycle_id: str | None = None) -> tuple[Cycle, ...]:
    """Every cycle, newest first, or the one with the id (none when it is not there). Raises rows.Unreadable."""
    with rows.readable():
        return _read(connection, cycle_id)


def _read(connection: Connection, cycle_id: str | None) -> tuple[Cycle, ...]:
    found = select(tables.cycle).order_by(tables.cycle.c.created_at.desc(), tables.cycle.c.id)
    if cycle_id is not None:
        found = found.where(tables.cycle.c.id == cycle_id)
    cycles = connection.execute(found).all()
    values: dict[tuple[str, str], dict[str, str]] = {}
    for row in _rows(connection, tables.record_value, cycle_id, "field"):
        values.setdefault((row.cycle_id, row.record_id), {})[row.field] = row.value
    records: dict[str, list[Record]] = {}
    for row in _rows(connection, tables.record, cycle_id, "position"):
        records.setdefault(row.cycle_id, []).append(
            Record(row.id, row.kind, _utc(row.created_at), _utc(row.changed_at), values.get((row.cycle_id, row.id), {}))
        )
    reviews: dict[str, list[Review]] = {}
    for row in _rows(connection, tables.review, cycle_id, "made_at"):
        reviews.setdefault(row.cycle_id, []).append(
            Review(row.id, row.about, _utc(row.made_at), json.loads(row.said), json.loads(row.as_it_was))
        )
    return tuple(
        Cycle(
            id=row.id,
            name=row.name,
            school=row.school,
            created_at=_utc(row.created_at),
            changed_at=_utc(row.changed_at),
            started_from=row.started_from,
            records=tuple(records.get(row.id, ())),
            reviews=tuple(reviews.get(row.id, ())),
        )
        for row in cycles
    )


def _rows(connection: Connection, table: Any, cycle_id: str | None, order: str) -> Iterable[Row[Any]]:
    found = select(table).order_by(table.c[order], *table.primary_key.columns)
    return connection.execute(found if cycle_id is None else found.where(table.c.cycle_id == cycle_id))


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)


def write(connection: Connection, cycles: Iterable[Cycle]) -> None:
    """Add whole cycles, whose ids must not be there yet."""
    for one in cycles:
        connection.execute(
            tables.cycle.insert().values(
                id=one.id,
                name=one.name,
                school=one.school,
                started_from=one.started_from,
                created_at=rows.as_kept(one.created_at),
                changed_at=rows.as_kept(one.changed_at),
            )
        )
        _write_records(connection, one.id, one.records, 0)
        _write_reviews(connection, one.id, one.reviews)


def as_copy(cycle: Cycle, name: str) -> Cycle:
    """The cycle under a new id and another name; its records keep their ids, which are its own."""
    return replace(cycle, id=rows.new_id(), name=name)


def _write_records(connection: Connection, cycle_id: str, records: Iterable[Record], first: int) -> None:
    new, values = [], []
    for position, one in enumerate(records, start=first):
        moments = {"created_at": rows.as_kept(one.created_at), "changed_at": rows.as_kept(one.changed_at)}
        new.append({"cycle_id": cycle_id, "id": one.id, "kind": one.kind, "position": position, **moments})
        values += [
            {"cycle_id": cycle_id, "record_id": one.id, "field": field, "value": value}
            for field, value in one.values.items()
            if value.strip()
        ]
    for table, added in ((tables.record, new), (tables.record_value, values)):
        if added:
            connection.execute(table.insert(), added)


def _write_reviews(connection: Connection, cycle_id: str, reviews: Iterable[Review]) -> None:
    added = [
        {
            "cycle_id": cycle_id,
            "id": one.id,
            "about": one.about,
            "made_at": rows.as_kept(one.made_at),
            "said": json.dumps(dict(one.values), ensure_ascii=False),
            "as_it_was": json.dumps({key: dict(values) for key, values in one.as_it_was.items()}, ensure_ascii=False),
        }
        for one in reviews
    ]
    if added:
        connection.execute(tables.review.insert(), added)


def _checked(new: NewRecord) -> NewRecord:
    values = {field_name(name): answers.words(value) for name, value in new.values.items() if value.strip()}
    return NewRecord(answers.short_id(new.kind), values, answers.row_id(new.id) if new.id else rows.new_id())


def field_name(name: str) -> str:
    """The name of a field of a record. Raises BadValue when it cannot be one."""
    if len(name) > 200 or not _FIELD.fullmatch(name):
        raise BadValue("This question could not be recognised; reload the page, then try again.")
    return name


def _next_position(connection: Connection, cycle_id: str) -> int:
    last = select(func.coalesce(func.max(tables.record.c.position), -1)).filter_by(cycle_id=cycle_id)
    return int(connection.scalars(last).one()) + 1


def _put(connection: Connection, key: dict[str, str], text: str) -> None:
    """Keep an answer in place of the one before, or take it away when it is empty."""
    if text.strip():
        kept = insert(tables.record_value).values(**key, value=text)
        connection.execute(kept.on_conflict_do_update(index_elements=list(key), set_={"value": text}))
    else:
        connection.execute(tables.record_value.delete().filter_by(**key))


def _make_single(connection: Connection, cycle_id: str, record: Record) -> None:
    there = select(tables.record.c.id).filter_by(cycle_id=cycle_id, id=record.id)
    if connection.execute(there).first() is None:
        _write_records(connection, cycle_id, [record], _next_position(connection, cycle_id))


def _touch_record(connection: Connection, cycle_id: str, record_id: str, moment: datetime) -> None:
    change = tables.record.update().filter_by(cycle_id=cycle_id, id=record_id)
    if connection.execute(change.values(changed_at=rows.as_kept(moment))).rowcount == 0:
        raise _record_gone()


def _the_one(connection: Connection, cycle_id: str) -> Cycle:
    found = read(connection, cycle_id)
    if not found:
        raise _gone()
    return found[0]


def _touch(connection: Connection, cycle_id: str) -> datetime:
    """Note that the cycle changed now. Raises NoLongerThere."""
    moment = now()
    change = tables.cycle.update().where(tables.cycle.c.id == cycle_id).values(changed_at=rows.as_kept(moment))
    if connection.execute(change).rowcount == 0:
        raise _gone()
    return moment


def _gone() -> NoLongerThere:
    return NoLongerThere(
        "This cycle is no longer here, perhaps it was deleted in another tab; go back to the list of cycles."
    )


def _record_gone() -> NoLongerThere:
    return NoLongerThere("This is no longer here, perhaps it was removed in another tab; reload the page.")
