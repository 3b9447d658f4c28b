"""Causes behind outcomes: the gaps in the data (gaps.py), and the guided "why?" about one of them.

What is asked about a gap stands in audit/causes.yml (causes_file.py); what the data says about each thing that can
stand behind it comes from causes_data.py. An answer says what the school makes of that, and can be taken as a finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from senco_kit.forms.fields import ChooseOne, LongText, Option, ShortText
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning import causes_file, observations
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record
from senco_kit.schools import codes

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.planning.gaps import Gap
    from senco_kit.provision.data import ProvisionData

YES, NO, UNSURE = "yes", "no", "unsure"


def _answer(factor: str) -> ChooseOne:
    options = (
        Option(YES, "Yes, part of it"),
        Option(NO, "No, as far as we can see"),
        Option(UNSURE, "We do not know yet"),
    )
    return ChooseOne(name=_named("answer", factor), label="Does it explain part of the gap?", options=options)


def _note(factor: str) -> LongText:
    return LongText(
        name=_named("note", factor), label="What makes you say so?", lines=2, hint="No names of pupils or staff."
    )


def _evidence(factor: str) -> ShortText:
    hint = "For example: learning walks of the autumn term."
    return ShortText(name=_named("evidence", factor), label="Where does that stand?", hint=hint, longest=LONGEST_TEXT)


def _named(part: str, factor: str) -> str:
    return f"{part}/{_known(factor)}"


def _known(factor: str) -> str:
    """The factor. Raises KeyError for an unknown one."""
    if factor not in causes_file.FACTORS:
        raise KeyError(factor)
    return factor


#: One gap that is asked about. "ref/gap" says which (`Gap.ref`); "what" is the gap in words as it was then.
WHY: Final = Kind(
    id="why",
    one="question why",
    several="questions why",
    place="causes",
    fields=(LongText(name="what", label="The gap as it was when you began to ask", lines=2),),
    patterns={
        "answer": _answer,
        "note": _note,
        "evidence": _evidence,
        "ref": lambda which: ShortText(name=which, label="Which gap", longest=200),
    },
)

KINDS: tuple[Kind, ...] = (WHY,)


def gaps(data: ProvisionData, tables: Mapping[str, pd.DataFrame] | None) -> list[Gap]:
    """Every gap of one school that can be shown; see gaps.py. `tables` are those of an invented school."""
    from senco_kit.planning.gaps import look

    return list(look(data, tables).gaps)


def asked_about(cycle: Cycle, gap_ref: str) -> Record | None:
    """The record of the question why about a gap, None when nobody has asked."""
    return next((record for record in cycle.of(WHY.id) if record.text("ref/gap") == gap_ref), None)


def answered(record: Record) -> tuple[str, ...]:
    """The factors that have an answer, in the order of the file."""
    given = record.under("answer")
    return tuple(factor for factor in causes_file.FACTORS if given.get(factor) in (YES, NO, UNSURE))


def typed_of(cycle: Cycle, gap: Gap | None) -> dict[str, str]:
    """What was typed in other rooms of the cycle and speaks about a factor, a sentence by factor.

    Visits to lessons count for the year of the gap, training beyond awareness for its area of need, where it has one.
    """
    said: dict[str, str] = {}
    year, area = (gap.group.year, gap.group.area) if gap else ("", "")
    found = [each.by_year.get(year) if year else each.looks for each in observations.patterns(cycle)]
    looks = [each for each in found if each is not None]
    if number := sum(each.all for each in looks):
        where = f" in {codes.YEARS[year]}" if year else ""
        seen = sum(each.seen for each in looks)
        said["teaching"] = (
            f"In this cycle’s record of lessons seen{where}, typed or brought in, a focus was fully seen in"
            f" {seen} of {number} {'look' if number == 1 else 'looks'}."
        )
    deep = [one for one in cycle.of("training") if one.text("level") in ("enhanced", "specialist")]
    deep = [one for one in deep if not area or one.text("area") in (area, "all")]
    if deep:
        about = f" in {area}" if area else ""
        trainings = "1 training" if len(deep) == 1 else f"{len(deep)} trainings"
        said["knowledge"] = (
            f"In this cycle’s training record: {trainings} beyond awareness{about}. One adult may have had several, "
            "and some may have run out."
        )
    return said


def gap_finding(gap: Gap, school: str) -> dict[str, str]:
    """What a finding says that is the gap itself, by the names of take_finding; shown to others, so small counts are
    left out."""
    return {
        "what": gap.in_words(for_others=True),
        "source": "data",
        "wherefrom": f"Causes behind outcomes, {gap.measure.name.lower()} ({school})",
        **_about(gap),
        "effect": "hinders" if gap.is_behind else "helps",
        "within": "inside",
        "ref": f"gap/{gap.ref}",
    }


def answer_finding(record: Record, factor: str, gap: Gap | None, evidence: str) -> dict[str, str]:
    """What a finding says that is one answer to the question why. `gap` is None when it is no longer in the data.

    `evidence` is used where nobody typed where it stands. Raises KeyError for an unknown factor.
    """
    about = next(each for each in causes_file.factors() if each.id == _known(factor))
    answer = record.under("answer").get(factor, "")
    begins = {
        YES: f"{about.title} explains part of this gap",
        NO: f"{about.title} does not seem to explain this gap",
    }.get(answer, f"We do not know yet whether this gap has to do with {about.title.lower()}")
    what = f"{begins}: {gap.in_words(for_others=True) if gap else record.text('what')}"
    note = record.under("note").get(factor, "").strip()
    behind = gap is None or gap.is_behind
    return {
        "what": f"{what} {note}".strip(),
        "source": "cause",
        "wherefrom": record.under("evidence").get(factor, "").strip() or evidence,
        **(_about(gap) if gap else {}),
        "effect": ("hinders" if behind else "helps") if answer == YES else "",
        "within": "inside" if answer == YES else "",
        "ref": f"cause/{record.text('ref/gap') or record.id}/{factor}",
    }


def _about(gap: Gap) -> dict[str, str]:
    """Where a finding from a gap counts."""
    year = codes.YEARS.get(gap.group.year, "")
    return {"area": gap.group.area or "all", "group": gap.group.name, "years": year}
