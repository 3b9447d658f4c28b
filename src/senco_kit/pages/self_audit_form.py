"""What a self-audit asks about one outcome, and the names of its answers.

Names are paths: `A1/standing`, `A1/matters_now`, `A1/note`, `A1/evidence/<row>/what`, `A1/action/<row>/by_when`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from senco_kit.audit.model import UNSURE_IN_WORDS, Action, Rating
from senco_kit.days import in_words
from senco_kit.forms.fields import ChooseOne, Date, LongText, Option, ShortText, Table, Tick, Values
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.standards.model import Level, Outcome

UNSURE = "unsure"


def standing_field(outcome: Outcome, levels: Sequence[Level], last_time: str = "") -> ChooseOne:
    """The four levels of one outcome with their descriptions in view, and "I don't know yet" set apart.

    A framework that describes no levels of its own for an outcome gets the general meaning of each level.
    """
    about = outcome.levels or tuple(level.meaning for level in levels)
    return ChooseOne(
        name=f"{outcome.id}/standing",
        label=f"{outcome.id} {outcome.title}: where does your practice stand now?",
        hint=last_time,
        options=tuple(
            Option(str(level.number), level.name, meaning) for level, meaning in zip(levels, about, strict=True)
        ),
        aside=(Option(UNSURE, UNSURE_IN_WORDS, "A question to follow up. It never counts as a low level."),),
        side_by_side=True,
    )


def matters_field(outcome: Outcome) -> Tick:
    """Whether the outcome matters now: such outcomes come first among the priorities."""
    return Tick(name=f"{outcome.id}/matters_now", label=f"{outcome.id} matters now in my school")


def evidence_field(outcome: Outcome) -> Table:
    """Pieces of evidence: what, where it is kept, and its date. The kit keeps no documents."""
    return Table(
        name=f"{outcome.id}/evidence",
        label=f"Evidence for {outcome.id}",
        hint="Say what shows it and where it is kept. Leave out pupils' names.",
        row_label="Evidence",
        add_label=f"Add evidence for {outcome.id}",
        columns=(
            ShortText(name="what", label="What it is", longest=LONGEST_TEXT),
            ShortText(name="kept_where", label="Where it is kept", longest=LONGEST_TEXT),
            Date(name="dated", label="Date"),
        ),
    )


def note_field(outcome: Outcome) -> LongText:
    """A note for the person's own use; it goes into the report."""
    return LongText(name=f"{outcome.id}/note", label=f"Note for {outcome.id}", hint="Leave out pupils' names.")


def plan_field(outcome: Outcome) -> Table:
    """The rows of the action plan that serve one outcome."""
    return Table(
        name=f"{outcome.id}/action",
        label=f"Actions for {outcome.id} {outcome.title}",
        row_label="Action",
        add_label=f"Add an action of my own for {outcome.id}",
        columns=(
            LongText(name="action", label="What will be done", lines=2),
            LongText(name="success", label="What success looks like", lines=2),
            Date(name="by_when", label="By when"),
            ShortText(name="with_whom", label="With whom", longest=LONGEST_TEXT),
            ShortText(name="evidence", label="What will show it", longest=LONGEST_TEXT),
        ),
    )


def answers(outcome: Outcome, rating: Rating, actions: Sequence[Action] = ()) -> Values:
    """What is kept about one outcome, under the names that the fields above use."""
    standing = UNSURE if rating.unsure else str(rating.level or "")
    return {
        f"{outcome.id}/standing": standing,
        f"{outcome.id}/matters_now": "yes" if rating.matters_now else "",
        f"{outcome.id}/note": rating.note,
        f"{outcome.id}/evidence": [
            {"id": each.id, "what": each.what, "kept_where": each.kept_where, "dated": _written(each.dated)}
            for each in rating.evidence
        ],
        f"{outcome.id}/action": [
            {
                "id": each.id,
                "action": each.action,
                "success": each.success,
                "by_when": _written(each.by_when),
                "with_whom": each.with_whom,
                "evidence": each.evidence,
            }
            for each in actions
        ],
    }


def _written(day: date | None) -> str:
    return in_words(day) if day else ""
