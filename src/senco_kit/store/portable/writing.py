"""Work written into a file."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from senco_kit.audit.model import SelfAudit
from senco_kit.planning.model import Cycle
from senco_kit.store.course_rows import Assignment, Kept
from senco_kit.store.course_values import as_text
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.portable.work import FORMAT, VERSION, Work, all_work
from senco_kit.store.scenarios import SavedScenario
from senco_kit.store.work_file import WorkFile


def export_work(store: WorkFile) -> bytes:
    """All work as a JSON file (UTF-8), kept school data included. Raises StoreProblem."""
    return _export(all_work(store))


def export_audit(audit: SelfAudit) -> bytes:
    """One audit as a JSON file of the same kind."""
    return _export(Work(audits=(audit,)))


def _export(work: Work) -> bytes:
    content = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "audits": [_audit(audit) for audit in work.audits],
        "scenarios": [_scenario(one) for one in work.scenarios],
        "own_schools": [_own_school(one, data) for one, data in work.own_schools],
        "readings": [asdict(one) for one in work.readings],
        "course": _course(work.course),
        "cycles": [_cycle(one) for one in work.cycles],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1, default=_date_as_text) + "\n").encode()


def _audit(audit: SelfAudit) -> dict[str, Any]:
    content = asdict(replace(audit, ratings=dict(audit.ratings)))
    for rating in content["ratings"].values():
        del rating["outcome_id"]  # it is the key
    return content


def _scenario(one: SavedScenario) -> dict[str, Any]:
    changes = [
        {"provision_id": provision_id, "field": field, "value": value}
        for provision_id, fields in one.changes.items()
        for field, value in fields.items()
    ]
    return {**vars(one), "changes": changes}


def _own_school(one: OwnSchool, data: bytes) -> dict[str, Any]:
    content = asdict(one) | {"data": b64encode(data).decode()}
    del content["size"]  # the data has it
    return content


def _course(kept: Kept) -> dict[str, Any]:
    return {
        "answers": [vars(one) for one in kept.answers],
        "sections_done": [vars(one) for one in kept.sections_done],
        "assignments": [_assignment(one) for one in kept.assignments],
        "marks": [vars(one) for one in kept.marks],
        "settings": [{"name": name, "value": value} for name, value in kept.settings.items()],
    }


def _assignment(one: Assignment) -> dict[str, Any]:
    # What was released goes out letter for letter, so that it comes back as it was.
    notebook = b64encode(one.notebook).decode() if one.notebook is not None else None
    return {**vars(one), "package": as_text(one.package), "notebook": notebook}


def _cycle(one: Cycle) -> dict[str, Any]:
    return {
        **vars(one),
        "records": [vars(each) for each in one.records],
        "reviews": [vars(each) for each in one.reviews],
    }


def _date_as_text(value: object) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in the file")
