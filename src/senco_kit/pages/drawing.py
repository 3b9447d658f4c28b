"""The templates of the pages, with what all of them need: dates in words, names of levels, facts with their sources."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from senco_kit.audit.model import UNANSWERED_IN_WORDS, UNSURE_IN_WORDS, Rating, SelfAudit
from senco_kit.audit.standing import standing
from senco_kit.course.facts_in_words import in_a_sentence
from senco_kit.days import in_words
from senco_kit.forms.draw import environment
from senco_kit.pages import provision_map_words
from senco_kit.standards import read
from senco_kit.standards.model import Fact, Outcome, UnknownId


def draw(template: str, **shown: Any) -> Markup:
    """The HTML of a template in pages/templates/ with these things shown; every text is escaped."""
    return Markup(_templates().get_template(template).render(**shown))


def standing_in_words(rating: Rating) -> str:
    """Where a rating stands, with the names of audit/levels.yml."""
    return standing(rating, read.levels())


def standing_style(rating: Rating) -> str:
    """The style that shows where a rating stands."""
    if rating.level is not None:
        return f"level-{rating.level}"
    return "unsure" if rating.unsure else "unanswered"


def standing_at(outcomes: Iterable[Outcome], audit: SelfAudit, words: str) -> list[Outcome]:
    """The outcomes whose answer in this audit reads like that."""
    return [outcome for outcome in outcomes if standing_in_words(audit.rating(outcome.id)) == words]


def facts_of(ids: Iterable[str]) -> tuple[Fact, ...]:
    """The facts with these ids; one that the register does not have is left out, and reported by `senco check`."""
    found = []
    for fact_id in ids:
        try:
            found.append(read.fact(fact_id))
        except UnknownId:
            continue
    return tuple(found)


def is_doubtful(fact: Fact) -> bool:
    """Whether a fact must not be shown as certain today."""
    return fact.to_be_checked(date.today())


def figure_of(fact: Fact) -> str:
    """The figure or the day of a fact in words; "" for one whose meaning says it all, such as a section of a law."""
    return "" if isinstance(fact.value, str) else in_a_sentence(fact)


def is_invented(school: str) -> bool:
    """Whether this is the key of an invented school."""
    # Imported here because it brings NumPy with it, which most pages do without.
    from senco_kit.schools.keys import order_of

    return order_of(school) is not None


@cache
def _templates() -> Environment:
    jinja = environment(Path(__file__).parent / "templates")
    jinja.filters.update(day=in_words, standing=standing_in_words, style=standing_style)
    jinja.filters.update(standing_at=standing_at, is_doubtful=is_doubtful)
    jinja.filters.update(provision_map_words.FILTERS)
    jinja.globals.update(interval=provision_map_words.interval, decision_styles=provision_map_words.DECISIONS)
    jinja.globals.update(facts_of=facts_of, figure_of=figure_of, is_invented=is_invented)
    jinja.globals.update(unsure=UNSURE_IN_WORDS, unanswered=UNANSWERED_IN_WORDS)
    return jinja
