"""Findings that wait in the person's other work: each is taken with one press."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.self_audit_views import framework_of
from senco_kit.pages.work import work
from senco_kit.planning import taken as rules
from senco_kit.planning.model import Cycle
from senco_kit.planning.taken import Offer
from senco_kit.standards import read

_Groups = list[tuple[str, str, Sequence[Offer]]]


def from_audit(cycle: Cycle, audit_id: str = "", taken: str = "") -> View:
    """What a self-audit has found, the newest when none is named; `taken` is the reference of what was just taken."""
    with work() as store:
        audits = store.audits()
    audit = next((each for each in audits if each.id == audit_id), None) if audit_id else next(iter(audits), None)
    if audit_id and audit is None:
        raise Refused("This self-audit is no longer here: go back to the findings.")
    groups: _Groups = []
    if audit is not None:
        framework, levels = framework_of(audit), read.levels()
        groups = [
            (
                "To work on",
                "Every item below Secure, and those marked “matters now”, in the order of the audit’s priorities.",
                rules.gaps_of_audit(audit, framework, levels),
            ),
            ("Strengths", "Items at Secure or Leading.", rules.strengths_of_audit(audit, framework, levels)),
        ]
    return _view(cycle, "From my self-audit", f"audit/{audit.id}" if audit else "", groups, taken, audits, audit)


def from_provision(cycle: Cycle, taken: str = "") -> View:
    """What the provision map says of each provision of the cycle's school, and what it asks of the data."""
    school, today = school_of(cycle), date.today()
    name = f"{school.name} (invented)" if school.invented else school.name
    order = ("stop", "adapt", "keep", "not enough evidence")
    provisions = sorted(school.provisions, key=lambda each: order.index(str(each["decision"])))
    groups: _Groups = [
        (
            "Provision",
            "What the rule of the provision map says, and why; to stop and to adapt come first. You decide.",
            rules.verdicts(school.key, name, provisions, today),
        ),
        (
            "Questions worth asking",
            "Each may have a harmless reason: take it once you have looked. Questions about one pupil stay on the map.",
            rules.questions(school.key, name, school.signals, today),
        ),
    ]
    return _view(cycle, "From the provision map", "provision", groups, taken, school=school)


def _view(
    cycle: Cycle,
    title: str,
    comes_from: str,
    groups: _Groups,
    taken: str,
    audits: Sequence[object] = (),
    audit: object = None,
    school: object = None,
) -> View:
    offered = [offer["ref"] for _, _, offers in groups for offer in offers]
    html = draw(
        "leading/findings_offers.html",
        cycle=cycle,
        title=title,
        comes_from=comes_from,
        groups=groups,
        places={ref: f"offer-{number}" for number, ref in enumerate(offered)},
        audits=audits,
        audit=audit,
        school=school,
    )
    focus = f"offer-{offered.index(taken)}" if taken in offered else ""
    return View(f"{title}: {cycle.name}", html, focus)
