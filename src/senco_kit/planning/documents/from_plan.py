"""What findings, objectives, actions and reviews give to documents."""

from __future__ import annotations

import math
from typing import Final

from senco_kit.days import in_words
from senco_kit.in_figures import pounds
from senco_kit.planning.documents.file import principles as all_principles
from senco_kit.planning.documents.given import Chain, Given
from senco_kit.planning.documents.kinds import ACTIVITY
from senco_kit.planning.documents.model import Paragraph, Points, Source, Table
from senco_kit.planning.model import Record, Review, latest
from senco_kit.planning.plan import ACTION, HELPS, HINDERS, PROGRESS

_TIERS: Final = {"universal": "Universal: for every pupil", "targeted": "Targeted: for some pupils"}
_NOT_SAID: Final = "Not said yet"
#: The notional SEN budget is a part of the core budget (fact notional-sen-indicative), so it is counted with it.
_FUND, _CORE, _OTHER = "Inclusive mainstream fund", "Core budget", "Other money"
_MONEY: Final = {"inclusive mainstream fund": _FUND, "core": _CORE, "notional SEN": _CORE}
_PROGRESS_OF_ACTIONS: Final = {
    option.value: option.label
    for option in ACTION.field("progress").options  # type: ignore[attr-defined]
}


def barriers(chain: Chain) -> Given:
    """The findings that hinder."""
    return _findings(chain, HINDERS)


def strengths(chain: Chain) -> Given:
    """The findings that help."""
    return _findings(chain, HELPS)


def findings(chain: Chain) -> Given:
    """All findings, those that help first."""
    helping, hindering = strengths(chain), barriers(chain)
    rest = [one for one in chain.in_words("finding") if one.text("effect") not in (HELPS, HINDERS)]
    parts = (("What helps", helping.pieces), ("What hinders", hindering.pieces), ("Also found", _points(chain, rest)))
    return Given(tuple(piece for label, pieces in parts if pieces for piece in (Paragraph("", label=label), *pieces)))


def evaluation(chain: Chain) -> Given:
    """The findings that come from looking at what provision does, for a report on how it is evaluated."""
    looked = ("provision", "data")
    points = _points(chain, [one for one in chain.in_words("finding") if one.text("source") in looked])
    return Given((Paragraph("", label="What we found when we last looked"), *points) if points else ())


def _findings(chain: Chain, effect: str) -> Given:
    return Given(_points(chain, [one for one in chain.in_words("finding") if one.text("effect") == effect]))


def _points(chain: Chain, records: list[Record]) -> tuple[Points, ...]:
    if not records:
        return ()
    return (Points(tuple(Paragraph(chain.words_of(one), (chain.source_of(one),)) for one in records)),)


def principles(chain: Chain) -> Given:
    """The objectives that serve principles of inclusion, each with those principles."""
    points = []
    for aim in chain.in_words("objective"):
        served = [each.title for each in all_principles() if aim.is_ticked(f"principle/{each.id}")]
        if served:
            said = f"{chain.words_of(aim).rstrip('.')}. Principles: {'; '.join(served)}."
            points.append(Paragraph(said, (chain.source_of(aim),)))
    return Given((Points(tuple(points)),) if points else ())


# ---------------------------------------------------------------------------------------------------- activity


def activity(chain: Chain) -> Given:
    """What is done this year, for whom and at what cost, with the sums by the money that pays; for published plans."""
    actions = [(aim, action) for aim in chain.in_words("objective") for action in chain.cycle.serving(aim)]
    actions = [(aim, action) for aim, action in actions if action.text("progress") != "stopped"]
    told = [(action, _activity_words(chain, action)) for _, action in actions]
    told = [(action, words) for action, words in told if words]
    if not told:
        return Given()
    columns = [_FUND, _CORE, *([_OTHER] if any(_paid_from(action) == _OTHER for action, _ in told) else [])]
    rows = [
        (words, _TIERS.get(action.text("tier"), _NOT_SAID), *(_cost(action, column) for column in columns))
        for action, words in told
    ]
    sums = [math.fsum(_amount(action) for action, _ in told if _paid_from(action) == column) for column in columns]
    rows.append(("Total budgeted", "", *map(pounds, sums)))
    table = Table(
        "What we do this year, and what we have budgeted for it",
        ("Activity", "For whom", *columns),
        tuple(rows),
        (4, 2, *(1.5 for _ in columns)),
        tuple(chain.source_of(action) for action, _ in told),
    )
    lacks = [sentence for action, words in told for sentence in _lacks(action, words)]
    return Given((table,), tuple(lacks))


def _activity_words(chain: Chain, action: Record) -> str:
    own = chain.said.text(f"{ACTIVITY}/{action.id}").strip() if chain.said else ""
    return own or action.text("what").strip()


def _amount(action: Record) -> float:
    return action.number("cost") or 0.0


def _paid_from(action: Record) -> str:
    return _MONEY.get(action.text("funding"), _OTHER if action.text("funding") else "")


def _cost(action: Record, column: str) -> str:
    if _paid_from(action) != column:
        return "–"
    cost = action.number("cost")
    return _NOT_SAID if cost is None else pounds(cost)


def _lacks(action: Record, words: str) -> list[str]:
    """What an activity still lacks: cost, money and tier are parts of the template."""
    name = f"“{words[:60].strip()}{'…' if len(words) > 60 else ''}”"
    return [
        f"Activity {name}: {to_do}"
        for lacks, to_do in (
            (action.number("cost") is None, "give its cost in the plan; 0 if it costs nothing."),
            (not action.text("funding"), "say in the plan which money pays."),
            (action.text("tier") not in _TIERS, "say in the plan whether it is universal or targeted."),
        )
        if lacks
    ]


def outcomes(chain: Chain) -> Given:
    """What shall be different, how people will know, and by when."""
    aims = chain.in_words("objective")
    if not aims:
        return Given()
    rows = tuple(
        (chain.words_of(aim), aim.text("success").strip() or _NOT_SAID, _day(aim, "by") or _NOT_SAID) for aim in aims
    )
    lacks = [
        f"Outcome “{chain.words_of(aim)[:60].strip()}”: {to_do}"
        for aim in aims
        for is_lacking, to_do in (
            (not aim.text("success").strip(), "say in the plan what people will see when it has worked."),
            (aim.day("by") is None, "say in the plan by when."),
        )
        if is_lacking
    ]
    table = Table(
        "What will be different, and how we will know",
        ("What we want", "We will know by this", "By"),
        rows,
        (3, 4, 1.5),
        tuple(map(chain.source_of, aims)),
    )
    return Given((table,), tuple(lacks))


def _day(record: Record, name: str) -> str:
    day = record.day(name)
    return in_words(day) if day else ""


# ---------------------------------------------------------------------------------------------------- progress


def progress(chain: Chain) -> Given:
    """How far each aim has come by its newest review; only those that were reviewed."""
    reviewed = [(aim, newest) for aim in chain.in_words("objective") if (newest := _newest(chain, aim))]
    if not reviewed:
        return Given()
    rows = tuple((chain.words_of(aim), _how_far(review), in_words(review.made_at)) for aim, review in reviewed)
    return Given(
        (
            Table(
                "What we wanted, and how far we are",
                ("What we want", "How far it is", "Reviewed on"),
                rows,
                (5, 2, 2),
                tuple(source for aim, review in reviewed for source in (chain.source_of(aim), _source(review))),
            ),
        )
    )


def _newest(chain: Chain, aim: Record) -> Review | None:
    return latest(chain.cycle.reviews_of(aim.id))


def _how_far(review: Review | None) -> str:
    return PROGRESS.get(review.text("progress"), _NOT_SAID) if review else "Not reviewed yet"


def _source(review: Review) -> Source:
    return Source("Review of the objective.", f"plan/{review.about}", review.made_at.astimezone().date(), review.id)


# ------------------------------------------------------------------------------------ for use inside the school


def objectives(chain: Chain) -> Given:
    """Every objective with its measure, who leads, and how far it is."""
    aims = chain.in_words("objective")
    if not aims:
        return Given()
    rows, sources = [], []
    for place, aim in enumerate(aims, start=1):
        newest = _newest(chain, aim)
        change = " → ".join(said for name in ("baseline", "target") if (said := aim.text(name).strip()))
        rows.append(
            (
                f"{place}. {chain.words_of(aim)}",
                change or _NOT_SAID,
                _day(aim, "by") or _NOT_SAID,
                aim.text("lead").strip() or _NOT_SAID,
                _how_far(newest),
            )
        )
        sources += [chain.source_of(aim), *([_source(newest)] if newest else [])]
    header = ("Objective", "From → to", "By", "Lead", "How far it is")
    return Given((Table("Objectives", header, tuple(rows), (3.6, 3, 1.7, 1.7, 2), tuple(sources)),))


def actions(chain: Chain) -> Given:
    """Every action of every objective: what, who, from when to when, cost, and how far it is."""
    aims = chain.in_words("objective")
    number = {aim.id: place for place, aim in enumerate(aims, start=1)}
    found = [(aim, one) for aim in aims for one in chain.cycle.serving(aim) if one.text("what").strip()]
    if not found:
        return Given()
    rows = tuple(
        (
            one.text("what").strip(),
            str(number[aim.id]),
            one.text("lead").strip() or _NOT_SAID,
            " to ".join(day for name in ("start", "end") if (day := _day(one, name))) or _NOT_SAID,
            _with_money(one),
            _PROGRESS_OF_ACTIONS.get(one.text("progress"), _NOT_SAID),
        )
        for aim, one in found
    )
    header = ("Action", "Objective", "Lead", "When", "Cost", "How far it is")
    sources = tuple(chain.source_of(one) for _, one in found)
    return Given((Table("Actions, by objective", header, rows, (5.2, 1.3, 1.9, 2.2, 2, 1.3), sources),))


def _with_money(action: Record) -> str:
    cost = action.number("cost")
    line = action.text("funding")
    return (pounds(cost) + (f", {line}" if line else "")) if cost is not None else _NOT_SAID
