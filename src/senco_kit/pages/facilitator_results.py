"""The results of a cohort: marks by learner, and by outcome with small groups hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from senco_kit.course import read
from senco_kit.course.exercise import Bar, Bars
from senco_kit.course.exhibits import html as exhibit_html
from senco_kit.forms.screen import Answer, Download, View
from senco_kit.pages.drawing import draw
from senco_kit.standards import read as standards
from senco_kit.standards.model import SPINE

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort
    from senco_kit.marking.results import OutcomeResult


def results(opened: Cohort) -> View:
    """Marks by learner, results by outcome, and which outcomes need another session."""
    from senco_kit.marking.results import RULE
    from senco_kit.small_counts import THRESHOLD

    found = opened.results()
    rows = [_row(each) for each in found.outcomes]
    html = draw(
        "facilitator/results.html",
        name=opened.name,
        titles={module_id: read.module(module_id).title for module_id in found.modules},
        learners=found.learners,
        modules=found.modules,
        rows=rows,
        again=[row for row in rows if row["result"].needs_another_session],
        hidden=[row for row in rows if row["result"].per_cent is None],
        judged=any(row["result"].per_cent is not None for row in rows),
        picture=_picture(opened.name, found.outcomes),
        rule=RULE,
        threshold=THRESHOLD,
    )
    return View(f"Results: cohort {opened.name}", html)


def _row(result: OutcomeResult) -> dict[str, Any]:
    outcome = standards.framework(SPINE).outcome(result.outcome)
    headings = "ABCDE"
    return {"result": result, "title": outcome.title, "session": headings.index(result.outcome[0]) + 1}


def _picture(name: str, outcomes: tuple[OutcomeResult, ...]) -> Markup:
    """The share of marks by outcome as bars; outcomes with so few learners that they are hidden are not in it."""
    bars = tuple(
        Bar(f"{each.outcome} {_row(each)['title']}", round(each.per_cent, 1))
        for each in outcomes
        if each.per_cent is not None
    )
    if not bars:
        return Markup("")
    low, high = min(bars, key=lambda bar: bar.value), max(bars, key=lambda bar: bar.value)
    says = (
        f"Least was earned in {low.label}: {low.value:.0f} per cent. Most in {high.label}: {high.value:.0f} per cent."
    )
    return exhibit_html(Bars(f"Marks that cohort {name} earned, by outcome", bars, "per cent of marks", says))


def download(opened: Cohort, action: str) -> Answer:
    """The marks by learner, or the results by outcome, as CSV."""
    found = opened.results()
    what, data = ("marks", found.csv()) if action == "results-csv" else ("outcomes", found.outcomes_csv())
    name = f"{opened.name}-{what}.csv"
    return Download(name, "text/csv", data, f"{name} is made. Look in your browser's downloads.")
