"""Scenarios of the provision map's planner: each typed change is kept by itself, so that two tabs undo nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, select
from sqlalchemy.dialects.sqlite import insert

from senco_kit.store import answers, rows, tables
from senco_kit.store.problems import NoLongerThere
from senco_kit.store.work_file import WorkFile, now

_TABLE = tables.scenario
_CHANGE = tables.scenario_change


@dataclass(frozen=True)
class SavedScenario:
    """A scenario as it is kept: what was typed, by provision id and then by field, still as text.

    `school` names the data that it is about. What the fields are and mean is the planner's business.
    """

    id: str
    name: str
    school: str
    created_at: datetime
    changed_at: datetime
    changes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Scenarios:
    """The scenarios in one work file; `store.scenarios`. What the methods raise and return stands at WorkFile."""

    def __init__(self, work: WorkFile) -> None:
        self._work = work

    def all(self, school: str | None = None) -> tuple[SavedScenario, ...]:
        """Every scenario, or those of one school, oldest first."""
        with self._work.reading() as connection:
            return read(connection) if school is None else read(connection, _TABLE.c.school == school)

    def one(self, scenario_id: str) -> SavedScenario:
        """The scenario with this id."""
        with self._work.reading() as connection:
            return _the_one(connection, scenario_id)

    def create(self, name: str, school: str, started_from: str | None = None) -> SavedScenario:
        """A new scenario of a school, kept at once; with the changes of another one when it is started from that."""
        moment = now()
        name, school = answers.name(name, "plan"), answers.short_id(school)
        with self._work.writing() as connection:
            changes = _the_one(connection, started_from).changes if started_from is not None else {}
            new = SavedScenario(rows.new_id(), name, school, moment, moment, changes)
            write(connection, [new])
        return new

    def rename(self, scenario_id: str, name: str) -> datetime:
        """Give a scenario another name."""
        name = answers.name(name, "plan")
        with self._work.writing() as connection:
            moment = _touch(connection, scenario_id)
            connection.execute(_TABLE.update().where(_TABLE.c.id == scenario_id).values(name=name))
        return moment

    def delete(self, scenario_id: str) -> None:
        """Delete a scenario with its changes; harmless when it is gone. Earlier copies still hold it."""
        with self._work.writing() as connection:
            connection.execute(_TABLE.delete().where(_TABLE.c.id == scenario_id))

    def save_change(self, scenario_id: str, provision_id: str, field: str, value: str) -> datetime:
        """Save one typed change; all others stay as they are, whoever made them.

        An empty value takes the change back: the field is as the school's data has it.
        """
        value = answers.words(value).strip()
        names = ("provision_id", "field")
        key = dict(zip(names, (answers.short_id(provision_id), answers.short_id(field)), strict=True))
        key["scenario_id"] = scenario_id
        upsert = (
            insert(_CHANGE)
            .values(key | {"value": value})
            .on_conflict_do_update(index_elements=list(key), set_={"value": value})
        )
        removal = _CHANGE.delete().filter_by(**key)
        with self._work.writing() as connection:
            moment = _touch(connection, scenario_id)
            connection.execute(upsert if value else removal)
        return moment

    def leave_out(self, scenario_id: str, provision_id: str) -> datetime:
        """Take back every change of one provision at once; harmless when there is none."""
        with self._work.writing() as connection:
            moment = _touch(connection, scenario_id)
            connection.execute(_CHANGE.delete().filter_by(scenario_id=scenario_id, provision_id=provision_id))
        return moment


def read(connection: Connection, *which: ColumnElement[bool]) -> tuple[SavedScenario, ...]:
    """Every scenario, or those for which all of `which` hold, oldest first. Raises rows.Unreadable."""
    changes: dict[str, dict[str, dict[str, str]]] = {}
    changed = select(_CHANGE).join(_TABLE).where(*which).order_by(*_CHANGE.primary_key.columns)
    for row in connection.execute(changed):
        changes.setdefault(row.scenario_id, {}).setdefault(row.provision_id, {})[row.field] = row.value
    with rows.readable():
        return tuple(
            SavedScenario(
                id=row.id,
                name=row.name,
                school=row.school,
                created_at=row.created_at.replace(tzinfo=UTC),
                changed_at=row.changed_at.replace(tzinfo=UTC),
                changes=changes.get(row.id, {}),
            )
            for row in connection.execute(select(_TABLE).where(*which).order_by(_TABLE.c.created_at, _TABLE.c.id))
        )


def write(connection: Connection, scenarios: Iterable[SavedScenario]) -> None:
    """Add whole scenarios, whose ids must not be there yet."""
    for one in scenarios:
        connection.execute(
            _TABLE.insert().values(
                id=one.id,
                name=one.name,
                school=one.school,
                created_at=rows.as_kept(one.created_at),
                changed_at=rows.as_kept(one.changed_at),
            )
        )
        changes = [
            {"scenario_id": one.id, "provision_id": provision_id, "field": field, "value": value}
            for provision_id, fields in one.changes.items()
            for field, value in fields.items()
        ]
        if changes:
            connection.execute(_CHANGE.insert(), changes)


def _the_one(connection: Connection, scenario_id: str) -> SavedScenario:
    found = read(connection, _TABLE.c.id == scenario_id)
    if not found:
        raise _gone()
    return found[0]


def _touch(connection: Connection, scenario_id: str) -> datetime:
    """Note that the scenario changed now. Raises NoLongerThere."""
    moment = now()
    change = _TABLE.update().where(_TABLE.c.id == scenario_id).values(changed_at=rows.as_kept(moment))
    if connection.execute(change).rowcount == 0:
        raise _gone()
    return moment


def _gone() -> NoLongerThere:
    return NoLongerThere(
        "This plan is no longer here, perhaps it was deleted in another tab; go back to the list of plans."
    )
