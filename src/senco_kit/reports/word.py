"""A self-audit as a Word report for a line manager: what it says, part by part. How Word is told is in word_file.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from senco_kit.audit.comparison import compare, movements
from senco_kit.audit.model import HIGHEST_LEVEL, UNSURE_IN_WORDS, SelfAudit
from senco_kit.audit.priorities import RULE, Priority, priorities
from senco_kit.audit.profile import SECURE, profile, strengths, to_find_out
from senco_kit.audit.standing import level_of, standing
from senco_kit.charts.bars import parts_of
from senco_kit.charts.levels_picture import WIDTH_CM, levels_picture
from senco_kit.days import in_words
from senco_kit.reports.words import (
    CHECK_THE_SOURCE,
    KIT_NAME,
    counted,
    description,
    evidence_in_words,
    facts_behind,
    item_name,
    item_names,
    state_of,
    yes_or_no,
)
from senco_kit.standards.model import Fact, Framework, Level, Outcome

if TYPE_CHECKING:
    from senco_kit.reports.word_file import WordFile

_AT_A_GLANCE = 3


@dataclass(frozen=True)
class _Told:
    """Everything that the report is made from."""

    audit: SelfAudit
    framework: Framework
    levels: Sequence[Level]
    facts: Mapping[str, Fact]
    earlier: SelfAudit | None
    made_on: date


def word_report(
    audit: SelfAudit,
    framework: Framework,
    levels: Sequence[Level],
    facts: Mapping[str, Fact],
    earlier: SelfAudit | None,
    made_on: date,
) -> bytes:
    """The audit as a Word document (.docx).

    Raises ValueError when the audits are not both of this framework.
    """
    from senco_kit.reports.word_file import WordFile

    told = _Told(audit, framework, levels, facts, earlier, made_on)
    page = WordFile(audit.name, made_on)
    _front(page, told)
    _at_a_glance(page, told)
    _where_you_stand(page, told)
    _strengths(page, told)
    _priorities(page, told)
    _to_find_out(page, told)
    _what_moved(page, told)
    _action_plan(page, told)
    _every_item(page, told)
    return page.contents()


def _front(page: WordFile, told: _Told) -> None:
    page.title(told.audit.name)
    page.subtitle(f"{told.framework.title}. {state_of(told.framework)}")
    page.subtitle(f"Self-audit report made on {in_words(told.made_on)} with the {KIT_NAME}.")
    page.text(
        "This is a SENCO’s own view of their practice; “you” is that SENCO. Levels are an order and not marks, so the "
        "report counts items and gives no average."
    )


def _at_a_glance(page: WordFile, told: _Told) -> None:
    audit, framework = told.audit, told.framework
    first = priorities(audit, framework)[:_AT_A_GLANCE]
    page.heading("At a glance", 1)
    page.text(_answered(told), label="Answered")
    page.text(_strong(told), label="Strengths")
    page.text(_open_questions(told), label="To find out")
    if told.earlier is not None:
        page.text(f"{_movement_counts(told, told.earlier)}.", label="What moved")
    if first:
        page.text("", label="First priorities", keep_with_next=True)
        page.numbered([f"{item_name(one.outcome)}: {standing(one.rating, told.levels)}" for one in first])
    else:
        page.text("nothing yet.", label="First priorities")


def _answered(told: _Told) -> str:
    counts = profile(told.audit, told.framework)
    answered, unsure = sum(one.answered for one in counts), sum(one.unsure for one in counts)
    items = counted(sum(one.total for one in counts), "item", "items")
    return f"{answered} of {items}" + (f", {unsure} of them with “{UNSURE_IN_WORDS}”." if unsure else ".")


def _strong(told: _Told) -> str:
    held = strengths(told.audit, told.framework)
    if not held:
        return "nothing yet."
    by_level = [
        f"{sum(rating.level == level.number for _, rating in held)} at {level.name}"
        for level in reversed(told.levels)
        if level.number >= SECURE
    ]
    return f"{counted(len(held), 'item', 'items')} ({', '.join(by_level)})."


def _open_questions(told: _Told) -> str:
    open_items = to_find_out(told.audit, told.framework)
    return "; ".join(item_name(outcome) for outcome, _ in open_items) + "." if open_items else "nothing yet."


def _movement_counts(told: _Told, earlier: SelfAudit) -> str:
    counts = movements(compare(earlier, told.audit, told.framework))
    return "; ".join(f"{kind.value}: {count}" for kind, count in counts.items() if count)


def _where_you_stand(page: WordFile, told: _Told) -> None:
    page.heading("Where you stand", 1)
    counts = profile(told.audit, told.framework)
    picture = levels_picture(counts, told.levels)
    page.picture(picture.png, picture.alt, WIDTH_CM)
    parts = [parts_of(one, told.levels) for one in counts]
    names = [part.name for part in parts[0]] if parts else []
    rows = [
        [one.heading.title, *(str(part.count) for part in row), str(one.total)]
        for one, row in zip(counts, parts, strict=True)
    ]
    header = ["Heading", *names, "Items"]
    narrow = [_width_for(name) for name in header[1:]]
    page.table("How many items stand at each level", header, rows, [WIDTH_CM - sum(narrow), *narrow])


def _width_for(name: str) -> float:
    """How wide a column must be, in centimetres, so that no word of its name is broken."""
    return 0.5 + 0.2 * max(map(len, name.split()))


def _strengths(page: WordFile, told: _Told) -> None:
    page.heading("Strengths", 1)
    held = strengths(told.audit, told.framework)
    if not held:
        page.text("Nothing yet: no item stands at Secure or Leading.")
        return
    for level in reversed(told.levels):
        items = [item_name(outcome) for outcome, rating in held if rating.level == level.number]
        if items:
            page.heading(f"{level.name} (level {level.number} of {HIGHEST_LEVEL})", 2)
            page.points(items)


def _priorities(page: WordFile, told: _Told) -> None:
    page.heading("Priorities", 1)
    page.text("The order follows this rule:", keep_with_next=True)
    page.points(RULE)
    found = priorities(told.audit, told.framework)
    if not found:
        page.text("Nothing yet: no answer so far makes an item a priority.")
    for priority in found:
        _priority(page, told, priority)


def _priority(page: WordFile, told: _Told, priority: Priority) -> None:
    outcome = priority.outcome
    page.heading(f"{priority.place}. {item_name(outcome)}", 2)
    page.text(" ".join(priority.reasons(told.levels)), label="Why it stands here")
    following = next((level for level in told.levels if level.number == priority.level + 1), None)
    if following is not None:
        page.text(description(outcome, following), label=f"What {following.name} looks like")
    if outcome.duty is not None:
        behind = facts_behind(outcome.duty, told.facts, told.made_on)
        page.text(outcome.duty.says, label="The legal duty", keep_with_next=bool(behind))
        page.points(behind)


def _to_find_out(page: WordFile, told: _Told) -> None:
    page.heading("Things to find out", 1)
    found = to_find_out(told.audit, told.framework)
    if not found:
        page.text(f"Nothing yet: no item was answered “{UNSURE_IN_WORDS}”.")
        return
    page.text(
        f"You answered “{UNSURE_IN_WORDS}” here. These are questions to follow up, not low levels.", keep_with_next=True
    )
    page.points([f"{item_name(outcome)}: {outcome.statement}" for outcome, _ in found])


def _what_moved(page: WordFile, told: _Told) -> None:
    page.heading("What moved", 1)
    if told.earlier is None:
        page.text("Nothing yet: this report compares with no earlier audit.")
        return
    page.text(f"Compared with the audit started on {in_words(told.earlier.created_at)}: {told.earlier.name}")
    page.text(f"{_movement_counts(told, told.earlier)}.", label="In short", keep_with_next=True)
    page.table(
        "Each item then and now",
        ["Item", "Then", "Now", "Movement"],
        [
            [
                item_name(change.outcome),
                standing(change.earlier, told.levels),
                standing(change.later, told.levels),
                change.movement.value,
            ]
            for change in compare(told.earlier, told.audit, told.framework)
        ],
        [6.8, 3.2, 3.2, 3.8],
    )


def _action_plan(page: WordFile, told: _Told) -> None:
    actions = told.audit.actions
    if not actions:
        page.heading("Action plan", 1)
        page.text("Nothing yet: no actions are planned.")
        return
    names = item_names(told.framework)
    page.turn(sideways=True)
    page.heading("Action plan", 1)
    page.table(
        "What will be done, and how anyone will know that it worked",
        ["Item", "Action", "Success looks like", "By when", "With whom", "Evidence"],
        [
            [
                names.get(action.outcome_id, action.outcome_id),
                action.action,
                action.success,
                in_words(action.by_when) if action.by_when else "No date yet",
                action.with_whom,
                action.evidence,
            ]
            for action in actions
        ],
        [3.7, 6.2, 6.0, 2.6, 3.2, 4.0],
    )
    page.turn(sideways=False)


def _every_item(page: WordFile, told: _Told) -> None:
    page.heading("Appendix: every item", 1)
    for heading in told.framework.headings:
        page.heading(heading.title, 2)
        for outcome in heading.outcomes:
            _item(page, told, outcome)


def _item(page: WordFile, told: _Told, outcome: Outcome) -> None:
    rating = told.audit.rating(outcome.id)
    level = level_of(rating, told.levels)
    page.heading(item_name(outcome), 3)
    checked = "" if outcome.wording == "confirmed" else f" [{CHECK_THE_SOURCE}]"
    page.text(f"{outcome.statement}{checked}")
    if level is not None:
        label = f"You stand at {level.name} (level {level.number} of {HIGHEST_LEVEL})"
        page.text(description(outcome, level), label=label)
    else:
        page.text(f"{standing(rating, told.levels)}.", label="Level")
    page.text(f"{yes_or_no(rating.matters_now)}.", label="Matters now")
    if rating.evidence:
        page.text("", label="Evidence", keep_with_next=True)
        page.points([evidence_in_words(piece) for piece in rating.evidence])
    else:
        page.text("none noted yet.", label="Evidence", keep_with_next=True)
    page.text(rating.note or "none yet.", label="Note")
