"""Findings, objectives and actions: what is asked about each."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from senco_kit.forms.fields import ChooseOne, Date, Field, LongText, Number, Option, ShortText
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning.kinds import Kind, ticks
from senco_kit.schools import codes

#: Where a finding comes from: the value that is kept, and its words.
SOURCES: Final = {
    "review": "SEND review",
    "audit": "Self-audit",
    "data": "School data",
    "provision": "Provision map",
    "cause": "Asking why",
    "observation": "Lessons seen",
    "training": "Staff training",
    "support": "Support staff’s week",
    "money": "Money",
    "pupils": "Pupils’ views",
    "parents": "Parents’ views",
    "staff": "Staff’s views",
    "inspection": "Inspection evidence",
    "other": "Something else",
}
HELPS, HINDERS, INSIDE, OUTSIDE = "helps", "hinders", "inside", "outside"

AREA = ChooseOne(
    name="area",
    label="Which area of need?",
    options=(
        *(Option(area, area.capitalize(), about) for area, about in codes.AREAS.items()),
        Option("all", "All areas"),
    ),
)

#: Where the money comes from: the funding lines of the school's data, with the inclusive mainstream fund.
FUNDING: Final = (*codes.FUNDING_LINES, "other")

#: Where a record came from, as a machine finds it again: "review/AREA", "provision/KEY/PROVISION", "audit/ID/B2" ...
#: Kept so that the same thing is not taken twice, and so that a document can lead back to its evidence.
_REFS = {"ref": lambda which: ShortText(name=which, label="Where it was taken from", longest=200)}


def _draft(which: str) -> Field:
    """What is typed of a review before it is added: nothing of it is required until then."""
    for asked in REVIEW_FIELDS:
        if asked.name == which:
            return replace(asked, required=False)
    raise KeyError(which)


FINDING = Kind(
    id="finding",
    one="finding",
    several="findings",
    place="findings",
    fields=(
        LongText(name="what", label="What is so?", hint="One thing, as plainly as you can. No names."),
        ChooseOne(
            name="source",
            label="How do you know?",
            options=tuple(Option(value, words) for value, words in SOURCES.items()),
        ),
        ShortText(
            name="where_from", label="Where does that stand?", longest=LONGEST_TEXT, hint="So that anyone can look."
        ),
        Date(name="found_on", label="As on which day?"),
        AREA,
        ShortText(
            name="group", label="For which pupils?", hint="For example: pupils with SEN support.", longest=LONGEST_TEXT
        ),
        ShortText(name="years", label="In which years?", hint="For example: Years 7 and 8.", longest=LONGEST_TEXT),
        ChooseOne(
            name="effect",
            label="Does it help or hinder?",
            options=(Option(HELPS, "It helps"), Option(HINDERS, "It hinders")),
        ),
        ChooseOne(
            name="within",
            label="Inside or outside the school?",
            options=(
                Option(INSIDE, "Inside", "The school can change it."),
                Option(OUTSIDE, "Outside", "The school can only respond to it."),
            ),
        ),
        LongText(
            name="for_parents",
            label="How would you say it to parents?",
            hint="Published documents use these words. Leave it empty to keep the finding out of them.",
        ),
    ),
    patterns=_REFS,
)

OBJECTIVE = Kind(
    id="objective",
    one="objective",
    several="objectives",
    place="plan",
    fields=(
        LongText(name="what", label="What shall be different?", lines=2),
        LongText(name="measure", label="How will it be measured?", lines=2),
        ShortText(name="baseline", label="Where it stands now", longest=LONGEST_TEXT),
        ShortText(name="target", label="Where it shall stand", longest=LONGEST_TEXT),
        Date(name="by", label="By when?"),
        LongText(name="success", label="What will people see when it has worked?", lines=2),
        ShortText(name="lead", label="Who leads?", hint="A role, not a name.", longest=LONGEST_TEXT),
        LongText(name="school_plan", label="Which part of the school’s own plan does it serve?", lines=1),
        ShortText(name="monitor_who", label="Who will look whether it works?", hint="A role.", longest=LONGEST_TEXT),
        LongText(name="monitor_how", label="How will they look?", lines=2),
        Date(name="next_review", label="When is the next review?"),
        LongText(
            name="for_parents",
            label="How would you say it to parents?",
            hint="Published documents use these words. Leave it empty to keep the objective out of them.",
        ),
    ),
    # "answers/FINDING" ticks the findings that it answers; "principle/ID" the principles of inclusion that it serves;
    # "draft/..." holds what is typed of a review before it is added.
    patterns={
        "answers": ticks("This finding"),
        "principle": ticks("This principle"),
        "draft": _draft,
        **_REFS,
    },
)

ACTION = Kind(
    id="action",
    one="action",
    several="actions",
    place="plan",
    fields=(
        LongText(name="what", label="What will be done", lines=2),
        LongText(name="lead", label="Who leads?", hint="A role, not a name.", lines=1),
        LongText(name="support", label="Who helps?", lines=1),
        Date(name="start", label="Starts"),
        Date(name="end", label="Ends"),
        Number(name="cost", label="Cost", unit="pounds", lowest=0, highest=100_000_000),
        ChooseOne(
            name="funding",
            label="Which money pays?",
            options=tuple(Option(line, line[:1].upper() + line[1:]) for line in FUNDING),
        ),
        ChooseOne(
            name="tier",
            label="For whom is it?",
            options=(
                Option("universal", "Universal", "For every pupil."),
                Option("targeted", "Targeted", "For some pupils."),
            ),
        ),
        ChooseOne(
            name="progress",
            label="How far is it?",
            options=(
                Option("not-started", "Not started"),
                Option("under-way", "Under way"),
                Option("done", "Done"),
                Option("stopped", "Stopped"),
            ),
        ),
        LongText(name="milestone", label="First sign that it works", lines=1),
    ),
    # The objective that it serves is said when it is added.
    patterns=_REFS,
)

#: How far an objective has come, by a review: the value that is kept, and its words.
PROGRESS: Final = {
    "on-track": "On track",
    "at-risk": "At risk",
    "off-track": "Off track",
    "met": "Met",
    "ended": "Ended without being met",
}

#: What a review of an objective says. A review is added whole, and never changed after that.
REVIEW_FIELDS: Final = (
    LongText(name="what_changed", label="What has changed, and how do you know?", required=True),
    ChooseOne(
        name="progress",
        label="How far is it?",
        required=True,
        options=tuple(Option(value, words) for value, words in PROGRESS.items()),
    ),
    ShortText(name="measured", label="What does the measure say now?", longest=LONGEST_TEXT),
    LongText(name="next", label="What happens next?", lines=2),
    Date(name="next_review", label="When is the next review?"),
)

KINDS = (FINDING, OBJECTIVE, ACTION)
