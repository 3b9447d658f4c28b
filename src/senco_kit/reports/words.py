"""The words that all reports share: where a rating stands, evidence, the state of a standard, facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from senco_kit.audit.model import Evidence
from senco_kit.days import in_words
from senco_kit.standards.model import Duty, Fact, Framework, Level, Outcome

KIT_NAME = "SENCO Course Kit"
CHECK_THE_SOURCE = "check the source"


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "item", "items")
    '1 item'
    """
    return f"{number} {one if number == 1 else many}"


def yes_or_no(answer: bool) -> str:
    """Yes or No."""
    return "Yes" if answer else "No"


def item_name(outcome: Outcome) -> str:
    """The id and the short title of an item, such as "A1 Law and policy"."""
    return f"{outcome.id} {outcome.title}"


def item_names(framework: Framework) -> dict[str, str]:
    """The name of every item by its id."""
    return {outcome.id: item_name(outcome) for outcome in framework.outcomes()}


def description(outcome: Outcome, level: Level) -> str:
    """What a level looks like for an item; the level's general meaning where the item does not describe it."""
    return outcome.levels[level.number - 1] if outcome.levels else level.meaning


def evidence_in_words(piece: Evidence) -> str:
    """One piece of evidence with where it is kept and its date, as far as they are known."""
    known = []
    if piece.kept_where:
        known.append(f"kept: {piece.kept_where}")
    if piece.dated:
        known.append(f"date: {in_words(piece.dated)}")
    what = piece.what or "Evidence not described yet"
    return f"{what} ({'; '.join(known)})" if known else what


def state_of(framework: Framework) -> str:
    """Whether the standard is in force, as one sentence."""
    if framework.status == "historic":
        if framework.in_force_to:
            return f"This standard is historic: it was in force until {in_words(framework.in_force_to)}."
        return "This standard is historic: it is no longer in force."
    if framework.status == "proposed":
        return "This standard is a proposal: it is not in force."
    return "This standard is current."


def facts_behind(duty: Duty, facts: Mapping[str, Fact], made_on: date) -> list[str]:
    """Each fact behind a duty as a sentence with its source.

    "Check the source" stands beside a fact that nobody has looked up, or whose date is over. An id that the register
    does not have is left out here; `senco check` reports it.
    """
    return [_fact_in_words(facts[fact_id], made_on) for fact_id in duty.facts if fact_id in facts]


def _fact_in_words(fact: Fact, made_on: date) -> str:
    value = in_words(fact.value) if isinstance(fact.value, date) else str(fact.value)
    value = f"{value} {fact.unit}" if fact.unit else value
    # A legal reference is its own source; only figures and dates need saying as well.
    said = "" if value in fact.source else f" ({value})"
    mark = f" [{CHECK_THE_SOURCE}]" if fact.to_be_checked(made_on) else ""
    year = "" if str(fact.year) in fact.source else f", {fact.year}"
    return f"{fact.means.rstrip('.')}{said}. Source: {fact.source.rstrip('.')}{year}.{mark}"
