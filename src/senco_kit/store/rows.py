"""Self-audits read from the tables and written to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Table, select

from senco_kit.audit.model import Action, Evidence, Rating, SelfAudit
from senco_kit.store import tables

_EVIDENCE = ("id", "what", "kept_where", "dated")
_ACTION = ("id", "outcome_id", "action", "success", "by_when", "with_whom", "evidence")


class Unreadable(Exception):
    """A row that holds something which is not what its column is for, such as a date that is none."""


@contextmanager
def readable() -> Iterator[None]:
    """Raises Unreadable when a row that is read inside the block holds what its column is not for."""
    try:
        yield
    except (ValueError, TypeError, AttributeError) as error:
        raise Unreadable(str(error)) from error


def new_id() -> str:
    """A new id: a random UUID as 32 hexadecimal digits."""
    return uuid4().hex


def as_kept(moment: datetime) -> datetime:
    """A moment as the tables keep it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def read(connection: Connection, audit_id: str | None = None) -> tuple[SelfAudit, ...]:
    """All audits, newest first, or the one with the id (none when it is not there). Raises Unreadable."""
    with readable():
        return _read(connection, audit_id)


def _read(connection: Connection, audit_id: str | None) -> tuple[SelfAudit, ...]:
    audits = select(tables.audit).order_by(tables.audit.c.created_at.desc(), tables.audit.c.id)
    if audit_id is not None:
        audits = audits.where(tables.audit.c.id == audit_id)
    found = connection.execute(audits).all()
    ratings = _by_audit(connection, tables.rating, "outcome_id", audit_id)
    evidence = _by_audit(connection, tables.evidence, "position", audit_id)
    actions = _by_audit(connection, tables.action, "position", audit_id)
    return tuple(
        SelfAudit(
            id=row.id,
            name=row.name,
            framework_id=row.framework_id,
            created_at=row.created_at.replace(tzinfo=UTC),
            changed_at=row.changed_at.replace(tzinfo=UTC),
            started_from=row.started_from,
            ratings=_ratings(ratings.get(row.id, []), evidence.get(row.id, [])),
            actions=tuple(
                Action(**{name: getattr(line, name) for name in _ACTION}) for line in actions.get(row.id, [])
            ),
        )
        for row in found
    )


def _by_audit(connection: Connection, table: Table, order: str, audit_id: str | None) -> dict[str, list[Row[Any]]]:
    rows = select(table).order_by(table.c[order], *table.primary_key.columns)
    if audit_id is not None:
        rows = rows.where(table.c.audit_id == audit_id)
    grouped: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(rows):
        grouped.setdefault(row.audit_id, []).append(row)
    return grouped


def _ratings(rated: list[Row[Any]], evidence: list[Row[Any]]) -> dict[str, Rating]:
    ratings = {
        row.outcome_id: Rating(row.outcome_id, row.level, row.unsure, row.matters_now, row.note) for row in rated
    }
    for row in evidence:
        one = Evidence(**{name: getattr(row, name) for name in _EVIDENCE})
        before = ratings.get(row.outcome_id) or Rating(row.outcome_id)
        ratings[row.outcome_id] = replace(before, evidence=(*before.evidence, one))
    return ratings


def write(connection: Connection, audits: Iterable[SelfAudit]) -> None:
    """Add whole audits. Their ids, and those of their rows, must not be there yet."""
    for audit in audits:
        connection.execute(
            tables.audit.insert().values(
                id=audit.id,
                name=audit.name,
                framework_id=audit.framework_id,
                started_from=audit.started_from,
                created_at=as_kept(audit.created_at),
                changed_at=as_kept(audit.changed_at),
            )
        )
        rated = [
            {
                "audit_id": audit.id,
                "outcome_id": rating.outcome_id,
                "level": rating.level,
                "unsure": rating.unsure,
                "matters_now": rating.matters_now,
                "note": rating.note,
            }
            for rating in audit.ratings.values()
        ]
        shown = [(rating.outcome_id, one) for rating in audit.ratings.values() for one in rating.evidence]
        evidence = [
            {"audit_id": audit.id, "outcome_id": outcome_id, "position": position}
            | {name: getattr(one, name) for name in _EVIDENCE}
            for position, (outcome_id, one) in enumerate(shown)
        ]
        actions = [
            {"audit_id": audit.id, "position": position} | {name: getattr(line, name) for name in _ACTION}
            for position, line in enumerate(audit.actions)
        ]
        for table, rows in ((tables.rating, rated), (tables.evidence, evidence), (tables.action, actions)):
            if rows:
                connection.execute(table.insert(), rows)


def with_new_ids(audit: SelfAudit) -> SelfAudit:
    """The audit under a new id, its evidence and actions too."""
    ratings = {
        outcome_id: replace(rating, evidence=tuple(replace(one, id=new_id()) for one in rating.evidence))
        for outcome_id, rating in audit.ratings.items()
    }
    actions = tuple(replace(line, id=new_id()) for line in audit.actions)
    return replace(audit, id=new_id(), ratings=ratings, actions=actions)
