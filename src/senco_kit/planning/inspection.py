"""Evidence for inspection: what is held, what is missing, what is oldest, and a story on two pages to speak from.

Nothing here says which grade a school would get.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from senco_kit.days import in_words
from senco_kit.forms.fields import Date, Field, LongText, ShortText
from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning.documents.kinds import school_typed
from senco_kit.planning.documents.model import (
    DEVELOPMENT_PLAN,
    Document,
    Paragraph,
    Part,
    Piece,
    Points,
    Section,
    Source,
    Table,
)
from senco_kit.planning.inspection_file import REVIEW, Expected, Factor, Rule, inspection
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record

if TYPE_CHECKING:
    from senco_kit.planning.documents.figures import SchoolFigures

#: Records of these kinds are answers of single persons: few of them are not counted out loud.
_ANSWERS: Final = ("voice", "pupil-view", "parent-view")
#: About how many words of the story about one factor fit, with all the others, on two pages; and pieces of evidence.
WORDS_FOR_A_FACTOR: Final = 90
_MOST_PIECES: Final = 3
#: The part of the story that comes before the factors.
SCHOOL: Final = "school"

EVIDENCE = Kind(
    id="evidence",
    one="piece of evidence",
    several="evidence",
    place="inspection",
    fields=(
        ShortText(name="what", label="What is it?", longest=LONGEST_TEXT),
        ShortText(name="where", label="Where is it kept?", hint="So that anyone finds it.", longest=LONGEST_TEXT),
        Date(name="dated", label="From which day is it?"),
    ),
    # What it shows stands in "shows": "FACTOR.PIECE", said when it is added.
)


def _story_fields() -> tuple[Field, ...]:
    hint = f"About {WORDS_FOR_A_FACTOR} words, in the first person: you will say this to somebody. No names."
    return (
        LongText(name=SCHOOL, label="Who are your pupils, and what does your school want for them?", hint=hint),
        *(
            LongText(name=factor.id, label="What do you do, and how do you know that it works?", hint=hint)
            for factor in inspection().factors
        ),
    )


STORY = Kind(
    id="inspection-story",
    one="story for inspection",
    several="stories for inspection",
    place="inspection",
    naming=SCHOOL,
    fields=_story_fields(),
    single=True,
)

KINDS: tuple[Kind, ...] = (EVIDENCE, STORY)


@dataclass(frozen=True)
class FromCycle:
    """Evidence that a rule finds in the cycle: how many records, and from when to when. `shown` says it in words."""

    rule: Rule
    count: int
    oldest: date
    newest: date

    @property
    def shown(self) -> str:
        """What it is, how many there are, and of when the newest is; few answers are not counted."""
        # Imported here because it takes numpy, and kinds are looked up on every page.
        from senco_kit.small_counts import is_small

        counted = "fewer than 5" if self.rule.kind in _ANSWERS and is_small(self.count) else str(self.count)
        return f"{self.rule.says.rstrip('.')}: {counted}, newest {in_words(self.newest)}."


@dataclass(frozen=True)
class Holding:
    """One expected kind of evidence with what there is of it: typed in, and found in the cycle."""

    factor: Factor
    expected: Expected
    typed: tuple[Record, ...]
    from_cycle: tuple[FromCycle, ...]

    @property
    def shows(self) -> str:
        """How records of evidence name it."""
        return shows(self.factor, self.expected)

    @property
    def is_held(self) -> bool:
        """Whether there is any of it."""
        return bool(self.typed or self.from_cycle)


def shows(factor: Factor, expected: Expected) -> str:
    """What stands in the field "shows" of a piece of evidence: FACTOR.PIECE."""
    return f"{factor.id}.{expected.id}"


def holdings(cycle: Cycle, factor: Factor) -> tuple[Holding, ...]:
    """What there is of each kind of evidence of a factor."""
    said = [one for one in cycle.of(EVIDENCE.id) if one.text("what").strip()]
    return tuple(
        Holding(
            factor,
            expected,
            tuple(one for one in said if one.text("shows") == shows(factor, expected)),
            tuple(found for rule in expected.by if (found := _found(cycle, rule))),
        )
        for expected in factor.evidence
    )


def all_holdings(cycle: Cycle) -> tuple[Holding, ...]:
    """The same for all factors."""
    return tuple(holding for factor in inspection().factors for holding in holdings(cycle, factor))


def oldest(held: tuple[Holding, ...]) -> tuple[Record, date] | None:
    """The piece of evidence with the earliest day, of those typed in with a day."""
    dated = [(one, day) for holding in held for one in holding.typed if (day := one.day("dated"))]
    return min(dated, key=lambda each: each[1], default=None)


def _found(cycle: Cycle, rule: Rule) -> FromCycle | None:
    days = list(_days(cycle, rule))
    return FromCycle(rule, len(days), min(days), max(days)) if days else None


def _days(cycle: Cycle, rule: Rule) -> Iterator[date]:
    """The day of each record or review that the rule counts."""
    if rule.kind == REVIEW:
        yield from (review.made_at.astimezone().date() for review in cycle.reviews)
        return
    for record in cycle.of(rule.kind):
        if not rule.field or record.text(rule.field) in rule.values:
            yield (record.day(rule.day) if rule.day else None) or record.changed_at.astimezone().date()


# ---------------------------------------------------------------------------------------------------- the story


def story(cycle: Cycle, figures: SchoolFigures | None) -> Document:
    """What the SENCO can say, on about two pages: own words, the newest evidence for each factor, and the plan."""
    said = cycle.single(STORY.id)
    first = Section(SCHOOL, "Our school", (_told(SCHOOL, "Our pupils", said, _status(figures)),))
    factors = tuple(_section(cycle, factor, said) for factor in inspection().factors)
    return Document(
        id="inspection-story",
        title="Inclusion at our school",
        for_whom="Inspectors, told by the SENCO",
        sections=(first, *factors, Section("next", "What we do next", (_next(cycle),))),
        compact=True,
        invented=figures is not None and figures.invented,
        school=school_typed(cycle) or (figures.name if figures else ""),
    )


def _told(part_id: str, title: str, said: Record | None, pieces: tuple[Piece, ...]) -> Part:
    words = said.text(part_id).strip() if said else ""
    missing = () if words else (f"{title}: tell it in your own words.",)
    return Part(part_id, title, (*((Paragraph(words),) if words else ()), *pieces), True, missing)


def _status(figures: SchoolFigures | None) -> tuple[Piece, ...]:
    table = figures.table("status") if figures else None
    if table is None:
        return ()
    says = "; ".join(f"{name} {count}" for name, count in table.rows)
    return (Paragraph(f"{says}.", (Source(table.says, "name", figures="status"),), label="Pupils"),)


def _section(cycle: Cycle, factor: Factor, said: Record | None) -> Section:
    held = [holding for holding in holdings(cycle, factor) if holding.is_held]
    points = [point for holding in held for point in _points(holding)][:_MOST_PIECES]
    pieces: tuple[Piece, ...] = (Paragraph("", label="We can show"), Points(tuple(points))) if points else ()
    return Section(factor.id, factor.title, (_told(factor.id, factor.title, said, pieces),))


def _points(holding: Holding) -> Iterator[Paragraph]:
    """The newest first; what is typed in goes before what the cycle holds by itself."""
    for one in sorted(holding.typed, key=lambda each: each.day("dated") or date.min, reverse=True):
        day, where = one.day("dated"), one.text("where").strip()
        about = "; ".join(filter(None, (f"kept: {where}" if where else "", in_words(day) if day else "")))
        source = Source("Evidence held.", f"inspection/{holding.factor.id}", day, one.id)
        yield Paragraph(one.text("what").strip() + (f" ({about})" if about else ""), (source,))
    for found in holding.from_cycle:
        yield Paragraph(found.shown, (Source(found.rule.says, found.rule.place, found.newest),))


def _next(cycle: Cycle) -> Part:
    aims = [one for one in cycle.of("objective") if one.text("what").strip()][:5]
    points = tuple(
        Paragraph(
            one.text("what").strip() + (f" By {in_words(day)}." if (day := one.day("by")) else ""),
            (Source(DEVELOPMENT_PLAN, f"plan/{one.id}", record=one.id),),
        )
        for one in aims
    )
    missing = () if points else ("What we do next: write at least one objective in the room Development plan.",)
    return Part("next", "What we do next", (Points(points),) if points else (), True, missing)


def holdings_table(cycle: Cycle) -> Table:
    """Every expected kind of evidence, whether it is held, and of when the newest is: for the page and for a file."""
    rows = []
    for holding in all_holdings(cycle):
        days = [day for one in holding.typed if (day := one.day("dated"))]
        days += [found.newest for found in holding.from_cycle]
        newest = in_words(max(days)) if days else "No day" if holding.is_held else "–"
        held = "Held" if holding.is_held else "Missing"
        rows.append((holding.expected.title, holding.factor.title, held, newest))
    header = ("Evidence", "Factor", "Held?", "Newest")
    return Table("Evidence for inclusion", header, tuple(rows), (4, 3, 1.5, 2))
