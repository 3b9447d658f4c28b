"""The worked example: a whole cycle of the invented secondary school, from the first review to the published documents.

Its texts stand in audit/examples/secondary-1050.yml, its figures are worked out from the school's data when it is made,
and what the data holds itself (staff, training, lessons seen, the week of support staff) is brought in as the rooms
bring it in. Two calls make the same cycle: ids and moments follow from what stands in the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final

from senco_kit.planning import kinds, school_review
from senco_kit.planning.example_figures import Figures
from senco_kit.planning.example_file import ADDED, MEANT, STAFF, Example, Written, WrittenReview, read_example
from senco_kit.planning.model import TICKED, Cycle, Record, Review
from senco_kit.planning.plan import REVIEW_FIELDS
from senco_kit.planning.school_review_file import SENCO

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.provision.data import ProvisionData
    from senco_kit.store.cycles import NewRecord

    Tables = Mapping[str, pd.DataFrame]

SCHOOL: Final = "secondary-1050"
YEAR_NAME: Final = "2025 to 2026"

#: The hour of every entry: after the last lesson.
_HOUR = time(15, 45, tzinfo=UTC)


def example_cycle(data: ProvisionData, tables: Tables) -> Cycle:
    """The finished cycle of the invented school, whose data and tables these are; equal for equal data.

    Raises NoSuchFigure when a text names a figure that the data does not give, KeyError when it names no such member of
    staff, ContentProblem when the file of texts cannot be used, Refused when a text does not fit its field.
    """
    written = read_example()
    ids = {one.key: _id_of(one) for one in written.records}
    brought_in = list(_brought_in(tables, written.started))
    ids |= {f"{STAFF}{one.text('label')}": one.id for one in brought_in if one.kind == "staff"}
    untold = [_record(one, ids, None) for one in written.records]
    brought_in += _week(data, tables, _cycle(written, [*brought_in, *untold]))
    figures = Figures(SCHOOL, data, tables, _cycle(written, [*brought_in, *untold]))
    records = [_record(one, ids, figures) for one in written.records]
    reviews = [_review(each, written, ids, figures) for each in written.reviews]
    return _cycle(written, [*records, *brought_in], reviews)


def _cycle(written: Example, records: Iterable[Record], reviews: Iterable[Review] = ()) -> Cycle:
    records, reviews = tuple(records), tuple(sorted(reviews, key=lambda each: (each.made_at, each.id)))
    moments = [*(each.changed_at for each in records), *(each.made_at for each in reviews)]
    first = _moment(written.started)
    name = f"{written.name}: {YEAR_NAME}"
    return Cycle(_hash("cycle"), name, SCHOOL, first, max(moments, default=first), None, records, reviews)


# ---------------------------------------------------------------------------------------- what stands in the file


def _record(one: Written, ids: Mapping[str, str], figures: Figures | None) -> Record:
    """A record as it stands at the end of the year; without figures while they are not known yet."""
    first, last = one.entries[0], one.entries[-1]
    values = _values(one, ids, figures)
    return Record(ids[one.key], one.kind, _moment(first.on), _moment(last.on), values)


def _values(
    one: Written, ids: Mapping[str, str], figures: Figures | None, before: date | None = None
) -> dict[str, str]:
    """What a record says after all its entries, or after those of the days before one."""
    values: dict[str, str] = {}
    for entry in one.entries:
        if before is None or entry.on < before:
            values |= {MEANT.sub(lambda found: ids[found[1]], name): text for name, text in entry.says.items()}
            values |= {name: ids[key] for name, key in entry.links.items()}
            values = {
                name: text for name, text in values.items() if text
            }  # nothing was typed: the answer was taken away
            values |= {f"{role}/{ids[key]}": TICKED for role, keys in entry.ticks.items() for key in keys}
    if figures is None:
        return values
    kind = kinds.kind_of(one.kind)
    said_when_added = {*(name for entry in one.entries for name in entry.links), *ADDED.get(one.kind, ())}
    return {
        name: value if name in said_when_added else kinds.as_kept(kind.field(name), figures.fill(value))
        for name, value in values.items()
    }


def _review(each: WrittenReview, written: Example, ids: Mapping[str, str], figures: Figures) -> Review:
    """A review with what the plan said before its day: what changed on the day changed because of it."""
    fields = {asked.name: asked for asked in REVIEW_FIELDS}
    said = {name: kinds.as_kept(fields[name], figures.fill(value)) for name, value in each.says.items()}
    as_it_was = {
        ids[one.key]: _values(one, ids, figures, each.on)
        for one in written.records
        if one.entries[0].on < each.on
        and (one.key == each.about or one.entries[0].links.get("objective") == each.about)
    }
    made_at = _moment(each.on)
    return Review(_hash(f"review {each.about} {each.on}"), ids[each.about], made_at, said, as_it_was)


def _id_of(one: Written) -> str:
    """The id of a record: of those of which there is one in every cycle, the one that the rooms look for."""
    if kinds.kind_of(one.kind).single:
        return kinds.single_id(one.kind)
    if one.kind == school_review.VOICE.id and one.entries[0].says.get("role") == SENCO:
        return school_review.OWN_ID
    return _hash(f"{one.kind} {one.key}")


def _hash(name: str) -> str:
    return hashlib.sha256(f"senco-course-kit example {SCHOOL} {name}".encode()).hexdigest()[:32]


def _moment(day: date) -> datetime:
    return datetime.combine(day, _HOUR)


# ---------------------------------------------------------------------------------- what the school's data holds


def _brought_in(tables: Tables, started: date) -> Iterator[Record]:
    """The staff, training and observations of the school's tables as records, each noted on its own day."""
    from senco_kit.planning.observations import observation_records
    from senco_kit.planning.training import staff_records

    for new in (*staff_records(tables, SCHOOL), *observation_records(tables["observations"], SCHOOL)):
        yield _noted(new, started)


def _noted(new: NewRecord, started: date) -> Record:
    """A record as it was noted: on the day that it tells of, or when the cycle began if that is later."""
    record = Record(new.id, new.kind, _moment(started), _moment(started), new.values)
    day = record.day("day") or record.day("date") or started
    moment = _moment(max(day, started))
    return Record(new.id, new.kind, moment, moment, new.values)


def _week(data: ProvisionData, tables: Tables, cycle: Cycle) -> Iterator[Record]:
    """The week of support staff, as the room takes it from the school's timetable."""
    from senco_kit.planning.support import half_of, lessons_of
    from senco_kit.planning.support_week import adults_of_school, from_deployment, planned

    adults = adults_of_school(tables, SCHOOL, cycle)
    plan = planned(data, half_of(cycle), {number: adult.label for number, adult in adults.items()})
    week = from_deployment(tables["deployment"], adults, tables["pupils"], plan, lessons_of(cycle))
    for place, slot in enumerate(week.slots):
        yield Record(_hash(f"slot {place}"), "slot", cycle.created_at, cycle.created_at, slot.values())
