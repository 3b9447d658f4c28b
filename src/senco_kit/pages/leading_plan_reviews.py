"""The reviews of an objective: one that is being written, those that were added, and what came of the objective."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from senco_kit.charts.impact import impact_chart
from senco_kit.days import in_words
from senco_kit.forms.check import errors_of
from senco_kit.forms.draw import draw_field
from senco_kit.forms.screen import GoTo, View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_plan_words import principles, progress_of, shown
from senco_kit.pages.work import work
from senco_kit.planning import progress as rules
from senco_kit.planning.kinds import as_shown
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, OBJECTIVE, REVIEW_FIELDS


def show(cycle: Cycle, objective: Record, errors: dict[str, str] | None = None) -> View:
    """The reviews of an objective; `errors` say what is wrong with the one that is being written."""
    draft, errors = objective.under("draft"), errors or {}
    names = {each.id: each.title for each in principles()}
    fields = [
        draw_field(
            replace(asked, name=_name(objective, asked.name)),
            as_shown(asked, draft.get(asked.name, "")),
            errors.get(asked.name, ""),
        )
        for asked in REVIEW_FIELDS
    ]
    history = [
        {
            "review": each,
            "progress": shown(each.text("progress")),
            "said": [
                (asked.label, as_shown(asked, each.text(asked.name)))
                for asked in REVIEW_FIELDS
                if asked.name != "progress" and each.text(asked.name)
            ],
            "plan": [
                (
                    "The objective" if record_id == each.about else f"Action: {values.get('what', '')}",
                    rules.said(cycle, OBJECTIVE if record_id == each.about else ACTION, values, names),
                )
                for record_id, values in each.as_it_was.items()
            ],
            "changes": rules.changes_since(cycle, each, names),
        }
        for each in reversed(cycle.reviews_of(objective.id))
    ]
    measured = rules.measured(cycle, objective)
    html = draw(
        "leading/plan_reviews.html",
        cycle=cycle,
        objective=objective,
        progress=progress_of(cycle, objective),
        fields=fields,
        errors={_name(objective, name): says for name, says in errors.items()},
        history=history,
        measured=measured,
        chart=impact_chart(measured, "From where it stood to where it shall stand"),
    )
    title = f"Reviews: {objective.text('what')[:60] or 'an objective'}"
    return View(title, html, focus="errors" if errors else "")


def add(cycle: Cycle, objective: Record) -> GoTo | View:
    """Add the review that is being written, and note when the next one is."""
    draft = objective.under("draft")
    errors = errors_of(REVIEW_FIELDS, draft) | _wrong_day(draft)
    if errors:
        return show(cycle, objective, errors)
    is_last = draft["progress"] in rules.OVER
    with work() as store:
        # First the day: should the kit be killed in between, the draft is still there to be added.
        store.cycles.save(cycle.id, objective.id, "next_review", "" if is_last else draft["next_review"])
        store.cycles.add_review(cycle.id, objective.id, draft)
    says = "It needs no further review." if is_last else f"The next one is on {in_words_of(draft['next_review'])}."
    return GoTo(f"{cycle.id}/plan/{objective.id}/reviews", f"The review is added. {says}")


def _wrong_day(draft: dict[str, str]) -> dict[str, str]:
    """What is wrong with the day of the next review: it must be there, unless this was the last, and lie ahead."""
    if draft.get("progress") in rules.OVER:
        return {}
    try:
        day = date.fromisoformat(draft.get("next_review", ""))
    except ValueError:
        return {"next_review": "Enter the day of the next review, or say that the objective is met or has ended."}
    if day <= date.today():
        return {"next_review": f"The next review must lie ahead: {in_words(day)} does not. Enter a later day."}
    return {}


def in_words_of(kept: str) -> str:
    """A day that is kept, as people write it."""
    return in_words(date.fromisoformat(kept))


def _name(objective: Record, field: str) -> str:
    return f"{objective.id}/draft/{field}"
