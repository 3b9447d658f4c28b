"""A self-audit as an Excel workbook: what stands on each sheet. How a sheet is made is in excel_file.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from senco_kit.audit.comparison import compare
from senco_kit.audit.model import SelfAudit
from senco_kit.audit.priorities import priorities
from senco_kit.audit.profile import HeadingProfile, profile
from senco_kit.audit.standing import level_of, standing
from senco_kit.charts.bars import parts_of
from senco_kit.days import in_words
from senco_kit.reports.words import (
    KIT_NAME,
    description,
    facts_behind,
    state_of,
    yes_or_no,
)
from senco_kit.standards.model import Fact, Framework, Level, Outcome

if TYPE_CHECKING:
    from senco_kit.reports.excel_file import Cell


def excel_report(
    audit: SelfAudit,
    framework: Framework,
    levels: Sequence[Level],
    facts: Mapping[str, Fact],
    earlier: SelfAudit | None,
    made_on: date,
) -> bytes:
    """The audit as an Excel workbook; sheet "What moved" is there when there is an earlier audit.

    Raises ValueError when the audits are not both of this framework.
    """
    from senco_kit.reports.excel_file import ExcelFile

    book = ExcelFile(audit.name)
    counts = profile(audit, framework)
    names = [part.name for part in parts_of(counts[0], levels)] if counts else []
    book.sheet(
        "Summary",
        (("Heading", 48), *((name, 14) for name in names), ("Items", 10)),
        _summary(counts, levels),
        above=(
            audit.name,
            framework.title,
            state_of(framework),
            f"Made on {in_words(made_on)} with the {KIT_NAME}.",
            "The cells count items. Levels are an order and not marks, so there is no average.",
        ),
        total=_total(counts, levels),
    )
    book.sheet("Items", _ITEMS, _items(audit, framework, levels, facts, made_on))
    book.sheet("Evidence", _EVIDENCE, _evidence(audit, framework), nothing="No evidence noted yet.")
    book.sheet("Action plan", _ACTIONS, _actions(audit, framework), nothing="No actions planned yet.")
    if earlier is not None:
        book.sheet("What moved", _MOVED, _moved(audit, framework, levels, earlier))
    return book.contents()


# The columns of each sheet: name and width in characters.
_ITEMS = (
    ("Heading", 26),
    ("Item", 8),
    ("Title", 28),
    ("Statement", 44),
    ("Level", 8),
    ("Answer", 18),
    ("What this level looks like", 50),
    ("Matters now", 10),
    ("Place among priorities", 12),
    ("Legal duty", 44),
    ("Facts behind the duty", 50),
    ("Note", 50),
    ("Pieces of evidence", 11),
)
_EVIDENCE = (("Item", 8), ("Title", 32), ("Evidence", 60), ("Where it is kept", 40), ("Date", 14))
_ACTIONS = (
    ("Item", 8),
    ("Title", 28),
    ("Action", 46),
    ("Success looks like", 46),
    ("By when", 14),
    ("With whom", 26),
    ("Evidence", 36),
)
_MOVED = (
    ("Item", 8),
    ("Title", 32),
    ("Level then", 10),
    ("Then", 18),
    ("Level now", 10),
    ("Now", 18),
    ("Movement", 20),
)


def _summary(counts: Sequence[HeadingProfile], levels: Sequence[Level]) -> list[list[Cell]]:
    return [[one.heading.title, *(part.count for part in parts_of(one, levels)), one.total] for one in counts]


def _total(counts: Sequence[HeadingProfile], levels: Sequence[Level]) -> list[Cell]:
    by_part = zip(*([part.count for part in parts_of(one, levels)] for one in counts), strict=True)
    return ["All headings", *(sum(numbers) for numbers in by_part), sum(one.total for one in counts)]


def _items(
    audit: SelfAudit, framework: Framework, levels: Sequence[Level], facts: Mapping[str, Fact], made_on: date
) -> list[list[Cell]]:
    places = {priority.outcome.id: priority.place for priority in priorities(audit, framework)}
    rows: list[list[Cell]] = []
    for heading in framework.headings:
        for outcome in heading.outcomes:
            rating = audit.rating(outcome.id)
            level = level_of(rating, levels)
            duty = outcome.duty
            rows.append(
                [
                    heading.title,
                    outcome.id,
                    outcome.title,
                    outcome.statement,
                    rating.level,
                    standing(rating, levels),
                    description(outcome, level) if level else None,
                    yes_or_no(rating.matters_now),
                    places.get(outcome.id),
                    duty.says if duty else None,
                    "\n".join(facts_behind(duty, facts, made_on)) if duty else None,
                    rating.note,
                    len(rating.evidence),
                ]
            )
    return rows


def _evidence(audit: SelfAudit, framework: Framework) -> list[list[Cell]]:
    return [
        [outcome.id, outcome.title, piece.what, piece.kept_where, piece.dated]
        for outcome in framework.outcomes()
        for piece in audit.rating(outcome.id).evidence
    ]


def _actions(audit: SelfAudit, framework: Framework) -> list[list[Cell]]:
    titles = _titles(framework.outcomes())
    return [
        [
            action.outcome_id,
            titles.get(action.outcome_id, ""),
            action.action,
            action.success,
            action.by_when,
            action.with_whom,
            action.evidence,
        ]
        for action in audit.actions
    ]


def _moved(audit: SelfAudit, framework: Framework, levels: Sequence[Level], earlier: SelfAudit) -> list[list[Cell]]:
    return [
        [
            change.outcome.id,
            change.outcome.title,
            change.earlier.level,
            standing(change.earlier, levels),
            change.later.level,
            standing(change.later, levels),
            change.movement.value,
        ]
        for change in compare(earlier, audit, framework)
    ]


def _titles(outcomes: Sequence[Outcome]) -> dict[str, str]:
    return {outcome.id: outcome.title for outcome in outcomes}
