"""What a plan can take over from the person's other work: findings and objectives, with where each comes from.

Nothing here is kept: these are offers, as the buttons of the findings room and the development plan show them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from senco_kit.audit.model import HIGHEST_LEVEL, Action, Evidence, Rating, SelfAudit
from senco_kit.audit.priorities import priorities
from senco_kit.audit.profile import strengths
from senco_kit.days import in_words
from senco_kit.planning.plan import AREA, HELPS, HINDERS, INSIDE
from senco_kit.provision.reasons import for_others
from senco_kit.standards.model import Framework, Level, Outcome

if TYPE_CHECKING:
    from senco_kit.provision.signals import Signal

#: A finding that is offered, by the names that pages/leading_findings.take_finding reads.
Offer = dict[str, str]

_AREAS = {option.value for option in AREA.options}
_EFFECTS = {"keep": HELPS, "adapt": HINDERS, "stop": HINDERS}
#: Kinds of questions whose words name one pupil (see provision/signals.py).
_ABOUT_ONE_PUPIL = {"attached-adult"}
_VERDICTS = {
    "keep": "keep it",
    "adapt": "adapt it",
    "stop": "stop it",
    "not enough evidence": "not enough evidence yet",
}


def reference(*parts: str) -> str:
    """Where something was taken from, as it is kept: "audit/ID/B2"."""
    return "/".join(parts)


# -- from a self-audit ---------------------------------------------------------------------------------------------


def gaps_of_audit(audit: SelfAudit, framework: Framework, levels: Sequence[Level]) -> list[Offer]:
    """A finding for each item to work on, in the order of the audit's priorities, with its evidence."""
    return [_of_outcome(audit, each.outcome, each.rating, levels, HINDERS) for each in priorities(audit, framework)]


def strengths_of_audit(audit: SelfAudit, framework: Framework, levels: Sequence[Level]) -> list[Offer]:
    """A finding for each item at Secure or Leading that has not been marked “matters now”."""
    return [
        _of_outcome(audit, outcome, rating, levels, HELPS)
        for outcome, rating in strengths(audit, framework)
        if not rating.matters_now
    ]


def _of_outcome(audit: SelfAudit, outcome: Outcome, rating: Rating, levels: Sequence[Level], effect: str) -> Offer:
    evidence = "; ".join(_evidence(each) for each in rating.evidence if each.what.strip())
    return {
        "what": f"{outcome.id} {outcome.title}: the SENCO’s self-audit puts it at {_level(rating, levels)}.",
        "source": "audit",
        "wherefrom": f"Self-audit “{audit.name}”, item {outcome.id}. "
        + (f"Evidence: {evidence}." if evidence else "No evidence is noted there."),
        "foundon": audit.changed_at.astimezone().date().isoformat(),
        "area": "all",
        "effect": effect,
        "within": INSIDE,
        "ref": reference("audit", audit.id, outcome.id),
    }


def _evidence(evidence: Evidence) -> str:
    more = [evidence.kept_where.strip(), in_words(evidence.dated) if evidence.dated else ""]
    return evidence.what.strip() + (f" ({', '.join(filter(None, more))})" if any(more) else "")


def _level(rating: Rating, levels: Sequence[Level]) -> str:
    if rating.level is None:
        return "a level not known yet"
    name = next((each.name for each in levels if each.number == rating.level), "")
    return f"{name}, level {rating.level} of {HIGHEST_LEVEL}" if name else f"level {rating.level} of {HIGHEST_LEVEL}"


@dataclass(frozen=True)
class PlanFromAudit:
    """The actions that a self-audit plans for one outcome, as an objective: its values without their ids.

    `ref` stands for the objective; `actions` are values of actions by what each stands for; `finding` is the finding
    that the objective answers.
    """

    outcome: Outcome
    ref: str
    values: Mapping[str, str]
    actions: Mapping[str, Mapping[str, str]]
    finding: Offer


def plans_of_audit(audit: SelfAudit, framework: Framework, levels: Sequence[Level]) -> list[PlanFromAudit]:
    """An objective for each outcome for which the audit plans an action in words, in the order of the standard."""
    found = []
    for outcome in framework.outcomes():
        actions = [each for each in audit.actions if each.outcome_id == outcome.id and each.action.strip()]
        if actions:
            found.append(_plan(audit, outcome, actions, levels))
    return found


def _plan(audit: SelfAudit, outcome: Outcome, actions: Sequence[Action], levels: Sequence[Level]) -> PlanFromAudit:
    rating, ref = audit.rating(outcome.id), reference("audit", audit.id, outcome.id)
    days = [each.by_when for each in actions if each.by_when]
    effect = HELPS if rating.level is not None and rating.level == HIGHEST_LEVEL else HINDERS
    values = {
        "what": outcome.title,
        "measure": f"The level of item {outcome.id} in the self-audit, 1 to {HIGHEST_LEVEL}",
        "baseline": f"Level {rating.level}" if rating.level is not None else "",
        "by": max(days).isoformat() if days else "",
        "success": _lines(each.success for each in actions),
        "lead": "SENCO",
        "monitor_how": _lines(f"Evidence: {each.evidence.strip()}" for each in actions if each.evidence.strip()),
        "ref/audit": ref,
    }
    return PlanFromAudit(
        outcome,
        ref,
        {name: value for name, value in values.items() if value},
        {reference(ref, each.id): _action(each, reference(ref, each.id)) for each in actions},
        _of_outcome(audit, outcome, rating, levels, effect),
    )


def _action(action: Action, ref: str) -> dict[str, str]:
    values = {
        "what": action.action,
        "lead": "SENCO",
        "support": action.with_whom,
        "end": action.by_when.isoformat() if action.by_when else "",
        "milestone": " ".join(action.success.split()),
        "ref/audit": ref,
    }
    return {name: value for name, value in values.items() if value.strip()}


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text.strip() for text in texts if text.strip()))


# -- from the provision map ----------------------------------------------------------------------------------------


def verdicts(key: str, school: str, provisions: Iterable[Mapping[str, Any]], today: date) -> list[Offer]:
    """A finding for each provision, with what the rule of the provision map says of it and why, as others may read it.

    `provisions` are rows with name, provision_id, area, decision and reason; `key` is the school's.
    """
    return [
        {
            "what": f"{each['name']}: {_VERDICTS.get(str(each['decision']), str(each['decision']))}. "
            f"{for_others(str(each['reason']))}",
            "source": "provision",
            "wherefrom": f"Provision map of {school}: {each['name']}, by the map’s own rule.",
            "foundon": today.isoformat(),
            "area": str(each.get("area")) if str(each.get("area")) in _AREAS else "",
            "effect": _EFFECTS.get(str(each["decision"]), ""),
            "within": INSIDE,
            "ref": reference("provision", key, str(each["provision_id"])),
        }
        for each in provisions
    ]


def questions(key: str, school: str, signals: Iterable[Signal], today: date) -> list[Offer]:
    """A finding for each question that the provision map asks of the data: it helps or hinders once it is answered.

    A question about one pupil is left out: a finding goes into plans and documents.
    """
    return [
        {
            "what": each.says,
            "source": "data",
            "wherefrom": f"Provision map of {school}, questions worth asking. What else it could be: {each.what_else}",
            "foundon": today.isoformat(),
            "area": "all",
            "within": INSIDE,
            "ref": reference("signal", key, each.kind, hashlib.sha256(each.says.encode()).hexdigest()[:12]),
        }
        for each in signals
        if each.kind not in _ABOUT_ONE_PUPIL
    ]
