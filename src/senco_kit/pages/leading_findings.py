"""The findings of a cycle: all of them, one of them, and those that wait in the person's other work.

Places, after CYCLE/findings:

    (nothing), show/GROUPED/SOURCE/AREA/EFFECT    all of them, or some; "any" leaves a filter out
    from-audit, from-audit/AUDIT                  what a self-audit has found
    from-provision                                what the provision map says of the cycle's school
    ID                                            one finding
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, GoTo, View
from senco_kit.pages import leading_findings_offers as offers
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_findings_evidence import Evidence, evidence_of
from senco_kit.pages.leading_forms import ask
from senco_kit.pages.work import work
from senco_kit.planning import kinds
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import AREA, FINDING, HELPS, HINDERS, OBJECTIVE, SOURCES
from senco_kit.planning.swot import quadrant_of

#: What a button says of a finding (its `data-with-*` names arrive without strokes), by the field that it fills.
_SAID: Final = {
    "what": "what",
    "source": "source",
    "wherefrom": "where_from",
    "foundon": "found_on",
    "area": "area",
    "group": "group",
    "years": "years",
    "effect": "effect",
    "within": "within",
    "forparents": "for_parents",
}
ANY: Final = "any"
_NOT_SAID: Final = "not-said"
_AREAS: Final = {option.value: option.label for option in AREA.options}
_EFFECTS: Final = {HELPS: "Helps", HINDERS: "Hinders"}
#: Below so many findings filters only stand in the way.
_FILTERS_FROM: Final = 4


# ------------------------------------------------------------------------------------------- taking findings


def take_finding(cycle: Cycle, values: Mapping[str, str], then: str = "") -> GoTo:
    """Take something that a room shows as a finding; what was taken before is not taken twice.

    `values` are those of `take_button` in templates/leading/findings_parts.html: by the names in `_SAID`, and "ref",
    which says for good what it was taken from ("provision/KEY/PROVISION"). Goes to the finding, or to `then`. Raises
    Refused with a sentence when something does not fit its field.
    """
    ref = values.get("ref", "").strip()
    there = taken_before(cycle, ref)
    if there is not None:
        return GoTo(then or _place(cycle, there.id), "This is among your findings already.")
    said = finding_values(values)
    with work() as store:
        record_id = store.cycles.add(cycle.id, FINDING.id, said, finding_id(ref) if ref else "")
    return GoTo(then or _place(cycle, record_id), "Taken as a finding.")


def finding_values(values: Mapping[str, str]) -> dict[str, str]:
    """What is kept of a finding that is taken. Raises Refused."""
    ref = values.get("ref", "").strip()
    said = {field: kinds.as_kept(FINDING.field(field), values.get(name, "")) for name, field in _SAID.items()}
    if not said["what"].strip():
        raise Refused("There is nothing here to take as a finding. Reload the page.")
    if ref:
        said[f"ref/{_room_of(ref)}"] = kinds.as_kept(FINDING.field(f"ref/{_room_of(ref)}"), ref)
    return said


def taken_before(cycle: Cycle, ref: str) -> Record | None:
    """The finding that was taken from this place, None when there is none."""
    if not ref:
        return None
    return next((one for one in cycle.of(FINDING.id) if ref in one.under("ref").values()), None)


def finding_id(ref: str) -> str:
    """The id of a finding that is taken from a place: always the same, so that two tabs take it once."""
    return hashlib.sha256(f"senco-course-kit finding {ref}".encode()).hexdigest()[:32]


def _room_of(ref: str) -> str:
    room = ref.partition("/")[0]
    if not re.fullmatch("[A-Za-z0-9_.-]+", room):
        raise Refused("The page did not say where this finding comes from. Reload the page.")
    return room


def _place(cycle: Cycle, record_id: str) -> str:
    return f"{cycle.id}/findings/{record_id}"


# ---------------------------------------------------------------------------------------------- what is shown


def show(cycle: Cycle, rest: list[str]) -> View:
    """One place of the findings; see the list above."""
    match rest:
        case []:
            return all_findings(cycle, Chosen())
        case ["show", grouped, source, area, effect]:
            return all_findings(cycle, Chosen(grouped, source, area, effect))
        case ["from-audit", *audit]:
            return offers.from_audit(cycle, *audit[:1])
        case ["from-provision"]:
            return offers.from_provision(cycle)
        case [finding_id]:
            return one(cycle, finding_id)
        case _:
            raise Refused("There is no such place on this page.")


@dataclass(frozen=True)
class Chosen:
    """Which findings are shown, and under which headings."""

    grouped: str = "area"
    source: str = ANY
    area: str = ANY
    effect: str = ANY

    def holds(self, finding: Record) -> bool:
        """Whether a finding is among those chosen."""
        return all(
            wanted in (ANY, finding.text(name) or _NOT_SAID)
            for name, wanted in (("source", self.source), ("area", self.area), ("effect", self.effect))
        )

    def place(self, **other: str) -> str:
        """Where the findings stand that are chosen so, or with something else chosen."""
        each = replace(self, **other)
        return "/".join(("findings/show", each.grouped, each.source, each.area, each.effect))


@dataclass(frozen=True)
class Row:
    """One finding in a list, with what belongs to it."""

    finding: Record
    quadrant: str
    evidence: tuple[Evidence, ...]
    answered_by: tuple[Record, ...]

    @property
    def where_from(self) -> str:
        """Where the finding stands, as a sentence that another one can follow."""
        said = self.finding.text("where_from").strip() or "Where it stands is not said yet."
        return said if said.endswith((".", "!", "?", "…")) else f"{said}."


def all_findings(cycle: Cycle, chosen: Chosen) -> View:
    """The findings that are chosen, under the areas of need or the sources that they belong to."""
    findings = cycle.of(FINDING.id)
    names = SOURCES if chosen.grouped == "source" else _AREAS
    by = "source" if chosen.grouped == "source" else "area"
    shown = [_row(cycle, each) for each in findings if chosen.holds(each)]
    groups = [
        (title, [row for row in shown if (row.finding.text(by) if row.finding.text(by) in names else "") == key])
        for key, title in (*names.items(), ("", "Not said yet"))
    ]
    html = draw(
        "leading/findings.html",
        cycle=cycle,
        chosen=chosen,
        groups=[(title, rows) for title, rows in groups if rows],
        shown=len(shown),
        filters=_filters(findings, chosen) if len(findings) >= _FILTERS_FROM else (),
        findings=findings,
    )
    return View(f"Findings: {cycle.name}", html)


def _filters(findings: tuple[Record, ...], chosen: Chosen) -> list[tuple[str, list[tuple[str, str, int, bool]]]]:
    """The filters by their names: the words of each choice, its place, how many it holds, whether it is the one."""
    found = []
    for title, name, words in (
        ("Where from", "source", SOURCES),
        ("Area of need", "area", _AREAS),
        ("Effect", "effect", _EFFECTS),
    ):
        now = getattr(chosen, name)
        counts = {value: sum(one.text(name) == value for one in findings) for value in words}
        counts[_NOT_SAID] = sum(not one.text(name) for one in findings)
        choices = [("All", chosen.place(**{name: ANY}), len(findings), now == ANY)]
        for value, count in counts.items():
            if count or value == now:
                choices.append((words.get(value, "Not said"), chosen.place(**{name: value}), count, value == now))
        found.append((title, choices))
    return found


def _row(cycle: Cycle, finding: Record) -> Row:
    return Row(
        finding,
        quadrant_of(finding).title,
        evidence_of(cycle, finding),
        tuple(one for one in cycle.ticking(finding, "answers") if one.kind == OBJECTIVE.id),
    )


def one(cycle: Cycle, finding_id: str) -> View:
    """One finding with all that is asked about it."""
    finding = cycle.find(finding_id, FINDING.id)
    if finding is None:
        raise Refused("This finding is no longer here: go back to the findings.")
    html = draw("leading/findings_one.html", cycle=cycle, row=_row(cycle, finding), fields=ask(finding))
    return View(f"Finding: {finding.text('what')[:60] or 'new'}", html)


def standing(cycle: Cycle) -> str:
    """How many findings there are, and how many no objective answers."""
    findings = cycle.of(FINDING.id)
    if not findings:
        return ""
    answered = {each for objective in cycle.of(OBJECTIVE.id) for each in objective.ticks("answers")}
    open_ones = sum(each.id not in answered for each in findings)
    return f"{len(findings)} found, {open_ones} not answered by an objective" if open_ones else f"{len(findings)} found"


# --------------------------------------------------------------------------------------------- what buttons do


def press(cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
    """Take what is offered as a finding, or make an objective that answers a finding."""
    match action:
        case "take":
            return _take(cycle, values)
        case "objective":
            return _objective(cycle, values.get("finding", ""))
        case _:
            raise Refused("This button does nothing here. Reload the page.")


def _take(cycle: Cycle, values: Mapping[str, str]) -> Answer:
    """Take an offer, and show the offers again with the one that was taken in front."""
    went = take_finding(cycle, values)
    with work() as store:
        after = store.cycles.one(cycle.id)
    match values.get("from", "").split("/"):
        case ["audit", audit_id]:
            return offers.from_audit(after, audit_id, taken=values.get("ref", ""))
        case ["provision"]:
            return offers.from_provision(after, taken=values.get("ref", ""))
        case _:
            return went


def _objective(cycle: Cycle, finding_id: str) -> GoTo:
    if cycle.find(finding_id, FINDING.id) is None:
        raise Refused("This finding is no longer here: go back to the findings.")
    with work() as store:
        objective = store.cycles.add(cycle.id, OBJECTIVE.id, {f"answers/{finding_id}": "yes"})
    return GoTo(f"{cycle.id}/plan/{objective}", "An objective is added. It answers this finding already.")
