"""What the school's data, its training records and its people's views give to documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from senco_kit.planning import voice
from senco_kit.planning.documents.figures import HOW_HIDDEN, FigureTable
from senco_kit.planning.documents.given import Chain, Given, Gives
from senco_kit.planning.documents.kinds import school_typed
from senco_kit.planning.documents.model import Paragraph, Piece, Points, Source, Table
from senco_kit.planning.model import Record
from senco_kit.reports.words import CHECK_THE_SOURCE, counted
from senco_kit.schools import codes
from senco_kit.small_counts import HIDDEN, THRESHOLD
from senco_kit.standards import read
from senco_kit.standards.model import Fact

#: The share of the page for each table's columns.
_WIDTHS = {
    "needs": (4, 1.5, 1.5, 1.5),
    "suspensions": (4, 1.5, 1.5),
    "status": (4, 1.5),
    "attendance": (4, 1.5),
    "provisions": (3, 2, 4, 1.5, 2.5),
}


#: What governors should know of the notional SEN budget; special schools have none.
_NOTIONAL = ("notional-sen-indicative", "notional-sen-no-allocation", "notional-sen-not-codes")
_PART_OF_CORE = (
    "The notional SEN budget is a part of the core budget. What is spent from it stands in its own row: the row of the "
    "core budget holds other spending on inclusion."
)
#: What a reader must know to read a table of figures.
_HOW_TO_READ = {
    "scores": "The middle of all pupils of an age is 100. The scores come from tests and questionnaires.",
    "provisions": "Effect: how many points more pupils gained than similar pupils without the provision. The range in "
    "brackets holds the true effect in about 95 of 100 cases; when it goes from below 0 to above 0, there may be none.",
}
#: Names of the census that parents would not use.
_PLAINLY = {codes.SEN_TYPE_NAMES["ASD"]: "Autism"}
#: Types that name no need.
_NO_NEED = (codes.SEN_TYPE_NAMES["NSA"], codes.SEN_TYPE_NAMES["OTH"])


#: Who says where an area of the review stands.
_BASIS = {
    "chosen": "The SENCO’s own judgement.",
    "answers": "The middle of the SENCO’s own answers.",
    "others": "The middle of the other voices; the SENCO has not said.",
    "": "",
}


def school_name(chain: Chain) -> Given:
    """The name of the school, from its data; a name typed for the document stands in its place."""
    if (chain.said and chain.said.text("school").strip()) or not chain.school:
        return Given()
    if school_typed(chain.cycle):
        return Given((Paragraph(chain.school),))
    return Given((Paragraph(chain.school, (Source("The school’s data.", "name", figures="name"),)),))


def figures(table_id: str) -> Gives:
    """A table of the school's figures; nothing when it may not be shown or there are no data."""

    def give(chain: Chain) -> Given:
        table = chain.figures.table(table_id) if chain.figures else None
        return Given(_pieces(table) if table else ())

    return give


def _pieces(table: FigureTable) -> tuple[Piece, ...]:
    source = Source(table.says, "name", figures=table.id)
    widths = _WIDTHS.get(table.id) or (3, *(1.5 for _ in table.header[1:]))
    drawn = Table(table.caption, table.header, table.rows, widths, (source,))
    read_so = [_HOW_TO_READ.get(table.id, ""), HOW_HIDDEN if table.hides_some else ""]
    return (drawn, *(Paragraph(says) for says in read_so if says))


def money(chain: Chain) -> Given:
    """Budget and spending by funding line, with what the notional SEN budget is and is not."""
    table = figures("money")(chain)
    if not table.pieces or chain.figures is None or chain.figures.special:
        return table
    first = Paragraph("", label="What the notional SEN budget is, and what it is not")
    facts = [read.fact(fact_id) for fact_id in _NOTIONAL]
    points = [Paragraph(_PART_OF_CORE), *(_told(fact, chain.made_on) for fact in facts)]
    return Given((*table.pieces, first, Points(tuple(points))))


def _told(fact: Fact, made_on: date) -> Paragraph:
    """What a fact of the register means, with its source as the note; a doubtful one says so."""
    doubt = f" [{CHECK_THE_SOURCE}]" if fact.to_be_checked(made_on) else ""
    return Paragraph(f"{fact.means}{doubt}", (Source(f"{fact.source.rstrip('.')} ({fact.year})."),))


def kinds_of_need(chain: Chain) -> Given:
    """The main needs that 5 pupils or more have, the most common first, by name and without counts: for parents."""
    table = chain.figures.table("needs") if chain.figures else None
    if table is None:
        return Given()
    counts = {row[0]: int(row[-1].replace(",", "")) for row in table.rows[:-1] if row[-1] != HIDDEN}
    needs = [name for name in codes.SEN_TYPE_NAMES.values() if name not in _NO_NEED]
    named = [name for name in needs if counts.get(name, 0) >= THRESHOLD]
    named.sort(key=lambda name: -counts[name])
    if not named:
        return Given()
    source = Source(table.says, "name", figures="needs")
    first = Paragraph("", (source,), label="The main needs of our pupils at the moment, the most common first")
    return Given((first, Points(tuple(Paragraph(_PLAINLY.get(name, name)) for name in named))))


def place_for_name(chain: Chain) -> Given:
    """The place in the Word file for the one name that the law asks for; the kit keeps no names."""
    if chain.said is None or not chain.said.is_ticked("senco-name"):
        return Given()
    return Given((Paragraph("[write the name here before you publish]", label="Our SENCO"),))


# ---------------------------------------------------------------------------------------------------- training


def training(chain: Chain) -> Given:
    """How many staff have had training in each area, and how deep: the records up to the day of the document."""
    records = [one for one in chain.cycle.of("training") if (day := one.day("date")) and day <= chain.made_on]
    if not records:
        return Given()
    areas = {**{area: area.capitalize() for area in codes.AREAS}, "all": "All areas"}
    rows = []
    for area, name in areas.items():
        cells = [_members(records, area, level) for level in codes.TRAINING_LEVELS]
        if any(cells):
            rows.append((name, *map(str, cells)))
    if not rows:
        return Given()
    table = Table(
        "Staff who have had training, by area of need and how deep it went",
        ("Area of need", *(level.capitalize() for level in codes.TRAINING_LEVELS)),
        tuple(rows),
        (4, 1.5, 1.5, 1.5),
        (Source("Training records.", "staff", max(filter(None, (one.day("date") for one in records)))),),
    )
    return Given((table,))


def _members(records: Iterable[Record], area: str, level: str) -> int:
    """How many members of staff have had such training, each once."""
    return len({one.text("staff") for one in records if one.text("area") == area and one.text("level") == level})


# ------------------------------------------------------------------------------------------------------- voice


#: One and several of those who are asked.
_PEOPLE = {"pupils": ("pupil", "pupils"), "parents": ("parent", "parents")}


def heard(who: str) -> Gives:
    """How many pupils or parents answered the short form, for a published document; nothing while they are few."""

    def give(chain: Chain) -> Given:
        answers = len(voice.handed_in(chain.cycle, who))
        if answers < THRESHOLD:
            return Given()
        told = f"{counted(answers, *_PEOPLE[who])} answered our questions about school and help this year."
        return Given((Paragraph(told, (_source_of(chain, who),)),))

    return give


def answers(who: str) -> Gives:
    """What pupils or parents answered: only the questions of which no count has to be hidden."""

    def give(chain: Chain) -> Given:
        asked = voice.summary(chain.cycle, who)
        if not asked:
            return Given()
        source = _source_of(chain, who)
        shown = [each for each in asked if each.is_shown]
        told = f"{counted(asked[0].total, *_PEOPLE[who])} answered."
        if len(shown) < len(asked):
            told += f" Questions to which fewer than {THRESHOLD} gave one of the answers are left out."
        first = Paragraph(told, (source,))
        if not shown:
            return Given((first,))
        return Given((first, _answers_table(who, shown, source)))

    return give


def _answers_table(who: str, shown: Sequence[voice.QuestionSummary], source: Source) -> Table:
    """A row for each question, a column for each answer that anybody gave."""
    columns = list(zip(*(each.counts for each in shown), strict=True))
    given = [number for number, column in enumerate(columns) if any(count for _, count in column)]
    labels = [shown[0].counts[number][0] for number in given]
    rows = tuple((each.question.says, *(str(each.counts[number][1]) for number in given)) for each in shown)
    return Table(
        f"What {who} answered, in numbers of {who}",
        ("Question", *labels),
        rows,
        (4, *(1.5 for _ in labels)),
        (source,),
    )


def _source_of(chain: Chain, who: str) -> Source:
    newest = max(one.changed_at for one in voice.handed_in(chain.cycle, who))
    says = "Pupils’ views." if who == "pupils" else "Parents’ views."
    return Source(says, f"voice/{who}", newest.date())


# ------------------------------------------------------------------------------------------------------ review


def review_areas(chain: Chain) -> Given:
    """Where the school stands in the areas of the SEND review, and who says so."""
    from senco_kit.planning.school_review import areas, standing

    names = {level.number: level.name for level in read.levels()}
    standings = [standing(chain.cycle, area) for area in areas()]
    if not any(each.level for each in standings):
        return Given()
    rows = []
    for each in standings:
        level = f"{names[each.level]} (level {each.level} of {len(names)})" if each.level else "Nobody has said yet"
        held = f" Held back by what the law asks for: {counted(len(each.held_by), 'element', 'elements')}."
        rows.append((each.area.title, level, _BASIS[each.basis] + (held if each.held_by else "")))
    source = Source(
        "Whole-school SEND review.", "review", max(one.changed_at for one in chain.cycle.of("voice")).date()
    )
    header = ("Area", "Where it stands", "Who says so")
    return Given((Table("Where the school stands in the eight areas", header, tuple(rows), (3, 3, 4), (source,)),))
