"""What a SEND review offers as findings: the level of an area, a missing statutory element, two voices apart."""

from __future__ import annotations

from datetime import date

from senco_kit.planning.model import Cycle
from senco_kit.planning.plan import HELPS, HINDERS, INSIDE
from senco_kit.planning.school_review import GATE, Difference, Standing, own
from senco_kit.planning.school_review_file import Area, StatutoryElement, Voice
from senco_kit.standards import read
from senco_kit.standards.model import LEVELS_OF_AN_OUTCOME

#: Who says the level of an area, before what the law holds back.
_BASIS = {
    "chosen": "The SENCO puts it at {level}.",
    "answers": "At least half of the SENCO’s own answers reach {level}.",
    "others": "The SENCO has not said yet. At least half of the other voices reach {level}.",
}

#: A finding that is offered, by the names that pages/leading_findings.take_finding reads.
Offer = dict[str, str]


def level_in_words(level: int) -> str:
    """A level as people read it, with its number."""
    return f"{read.level(level).name}, level {level} of {LEVELS_OF_AN_OUTCOME}"


def basis_in_words(standing: Standing) -> str:
    """Who says which level, before what the law holds back; "" while nobody has said anything."""
    return _BASIS[standing.basis].format(level=read.level(standing.claimed).name) if standing.claimed else ""


def of_area(cycle: Cycle, standing: Standing, today: date) -> Offer:
    """The finding that an area stands where it stands; nothing while it stands nowhere."""
    if standing.level is None:
        return {}
    held = f" It cannot stand higher until this is in place: {_listed(standing.held_by)}" if standing.held_by else ""
    record = own(cycle)
    evidence = record.text(f"evidence/{standing.area.id}").strip() if record else ""
    return _offer(
        f"{standing.area.title}: {level_in_words(standing.level)}.{held}",
        f"{_place(standing.area)}. {basis_in_words(standing)}" + (f" Evidence: {evidence}" if evidence else ""),
        HELPS if standing.level >= GATE else HINDERS,
        f"review/area/{standing.area.id}",
        today,
    )


def of_duty(area: Area, duty: StatutoryElement, today: date) -> Offer:
    """The finding that a statutory element is not in place."""
    what = f"A statutory element is not, or not wholly, in place: {duty.says}"
    return _offer(what, f"{_place(area)}, what the law asks for.", HINDERS, f"review/duty/{duty.id}", today)


def of_difference(difference: Difference, today: date) -> Offer:
    """The finding that two voices differ."""
    lower, higher = difference.lower, difference.higher
    asked = difference.prompt.says[lower.voice.id]
    what = (
        f"{lower.voice.called} and {_in_sentence(higher.voice)} see this differently: “{asked}” "
        f"{lower.voice.called}: “{lower.words}”. {higher.voice.called}: “{higher.words}”."
    )
    beside = f"{lower.voice.called} beside {_in_sentence(higher.voice)}"
    place = f"{_place(difference.area)}, prompt {difference.prompt.id}, {beside}."
    return _offer(what, place, HINDERS, f"review/difference/{difference.prompt.id}", today) | {
        "source": difference.source
    }


def _offer(what: str, where_from: str, effect: str, ref: str, today: date) -> Offer:
    return {
        "what": what,
        "source": "review",
        "wherefrom": where_from,
        "foundon": today.isoformat(),
        "area": "all",
        "effect": effect,
        "within": INSIDE,
        "ref": ref,
    }


def _place(area: Area) -> str:
    return f"Whole-school SEND review, area {area.id}: {area.title}"


def _in_sentence(voice: Voice) -> str:
    return voice.several if voice.group else voice.title


def _listed(duties: tuple[StatutoryElement, ...]) -> str:
    return " ".join(duty.says for duty in duties)
