"""Where the evidence of a finding can be looked at: links into the rooms and pages that it was taken from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from senco_kit.forms.check import Refused
from senco_kit.pages.work import work
from senco_kit.planning.model import Cycle, Record
from senco_kit.standards import read
from senco_kit.standards.model import UnknownId

#: The rooms of a cycle in which a reference that begins so was made, and what they are called.
_ROOMS: Final = {
    "review": ("review", "SEND review"),
    "voice": ("voice", "Pupils and parents"),
    "pupils": ("voice", "Pupils and parents"),
    "parents": ("voice", "Pupils and parents"),
    "cause": ("causes", "Causes behind outcomes"),
    "causes": ("causes", "Causes behind outcomes"),
    "data": ("causes", "Causes behind outcomes"),
    "gap": ("causes", "Causes behind outcomes"),
    "why": ("causes", "Causes behind outcomes"),
    "observation": ("observations", "Lessons"),
    "observations": ("observations", "Lessons"),
    "staff": ("staff", "Staff and training"),
    "training": ("staff", "Staff and training"),
    "support": ("support", "Support staff"),
    "money": ("money", "Money"),
    "inspection": ("inspection", "Inspection"),
}


@dataclass(frozen=True)
class Evidence:
    """A place to look at, and what it is called."""

    href: str
    words: str


def evidence_of(cycle: Cycle, record: Record) -> tuple[Evidence, ...]:
    """Where what a record was taken from can be looked at; what is no longer there is left out.

    Each place is told once, however many references lead to it.
    """
    found = (_place(cycle, ref.split("/")) for ref in record.under("ref").values())
    return tuple(dict.fromkeys(each for each in found if each is not None))


def _place(cycle: Cycle, ref: list[str]) -> Evidence | None:
    match ref:
        case ["audit", audit_id, outcome_id, *_]:
            return _in_audit(audit_id, outcome_id)
        case ["provision", key, provision_id]:
            return Evidence(f"/provision-map#/{quote(key)}/provision/{quote(provision_id)}", "Provision map")
        case ["signal", key, *_]:
            return Evidence(f"/provision-map#/{quote(key)}", "Provision map")
        case ["review", "area", area, *_]:
            return Evidence(f"#/{cycle.id}/review/area/{quote(area)}", f"SEND review, area {area}")
        case [first, *_] if first in _ROOMS:
            room, words = _ROOMS[first]
            return Evidence(f"#/{cycle.id}/{room}", words)
        case _:
            return None


def _in_audit(audit_id: str, outcome_id: str) -> Evidence | None:
    """The item of a self-audit; none when the audit was deleted, or its standard taken away."""
    try:
        with work() as store:
            audit = store.audit(audit_id)
        outcome = read.framework(audit.framework_id).outcome(outcome_id)
    except (Refused, UnknownId):
        return None
    return Evidence(
        f"/self-audit#/{quote(audit_id)}/heading/{quote(outcome.heading_id)}/{quote(outcome.id)}",
        f"Self-audit, {outcome.id}",
    )
