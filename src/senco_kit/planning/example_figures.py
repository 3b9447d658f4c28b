"""The figures that the texts of the worked example name: each is worked out from the school's data when it is made.

A text says `{provision:Reading fluency sessions:effect}`; what can be named stands in FIGURES. Nothing is rounded here
in a way of its own: in_figures.py writes the figures, the rules of provision/ and planning/ work them out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from senco_kit.in_figures import interval, percent, points, pounds
from senco_kit.planning.model import Cycle
from senco_kit.provision.reasons import for_others
from senco_kit.schools import codes

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.planning.gaps import Gap
    from senco_kit.planning.support_checks import Result
    from senco_kit.provision.data import ProvisionData
    from senco_kit.provision.signals import Signal

#: A figure in a text, without its braces.
IN_BRACES: Final = re.compile(r"\{([^{}]*)\}")

#: The days between which each term of the invented school year lies (its breaks belong to the term before).
TERM_DAYS: Final = {
    "autumn": (date(2025, 9, 1), date(2025, 12, 31)),
    "spring": (date(2026, 1, 1), date(2026, 4, 12)),
    "summer": (date(2026, 4, 13), date(2026, 8, 31)),
}
#: How a look at a lesson is counted, by what is asked of it.
_SEEN = {"seen": ("yes",), "all": ("yes", "partly", "no")}


class NoSuchFigure(Exception):
    """A text names a figure that the data does not give; its text is one sentence."""


class Figures:
    """The figures of one school, each worked out when it is first asked for.

    `cycle` holds the records that are counted: training, observations, and what pupils and parents answered.
    """

    def __init__(self, school: str, data: ProvisionData, tables: Mapping[str, pd.DataFrame], cycle: Cycle) -> None:
        self.school, self.data, self.tables, self.cycle = school, data, tables, cycle

    def fill(self, text: str) -> str:
        """The text with its figures. Raises NoSuchFigure with a sentence when there is one that nothing gives."""
        return IN_BRACES.sub(lambda found: self._one(found[1]), text)

    def _one(self, written: str) -> str:
        name, *parts = written.split(":")
        if name not in FIGURES or len(parts) != FIGURES[name].parts:
            raise NoSuchFigure(f"“{{{written}}}” names no figure: see FIGURES in planning/example_figures.py.")
        try:
            return FIGURES[name].of(self, *parts)
        except (KeyError, ValueError, IndexError, StopIteration, ZeroDivisionError) as problem:
            raise NoSuchFigure(f"“{{{written}}}” asks for a figure that the school's data does not give.") from problem

    # -- what the rules say of the data, each worked out once --------------------------------------------------------

    @cached_property
    def provisions(self) -> Mapping[str, Mapping[str, Any]]:
        """Every provision by its name, with costs, delivery, effect and decision."""
        from senco_kit.provision.whole_map import by_provision

        rows = ({str(name): value for name, value in row.items()} for row in by_provision(self.data).to_dict("records"))
        return {row["name"]: row for row in rows}

    @cached_property
    def signals(self) -> list[Signal]:
        """The questions that the data raises."""
        from senco_kit.provision.signals import signals

        return signals(self.data, self.tables)

    @cached_property
    def gaps(self) -> Mapping[str, Gap]:
        """Every gap between groups of pupils, by its reference."""
        from senco_kit.planning.gaps import look

        return {gap.ref: gap for gap in look(self.data, self.tables).gaps}

    @cached_property
    def week(self) -> Mapping[str, Sequence[Result]]:
        """What the checks of the week of support staff find, by check."""
        from senco_kit.planning.support import contracts, lessons_of, slots_of
        from senco_kit.planning.support_checks import check_all

        return check_all(slots_of(self.cycle), contracts(self.cycle), (), lessons_of(self.cycle))

    def signal(self, kind: str) -> Signal:
        """The one question of a kind. Raises ValueError when there are several, or none."""
        (only,) = (each for each in self.signals if each.kind == kind)
        return only


# ---------------------------------------------------------------------------------------------------- the figures


def _provision(school: Figures, name: str, what: str) -> str:
    row = school.provisions[name]
    match what:
        case "pupils" | "both_scores":
            return f"{int(row[what]):,}"
        case "share":
            return percent(row["share"])
        case "effect":
            return points(abs(row["effect"]), sign=False)
        case "interval":
            return interval(row["effect_low"], row["effect_high"])
        case "cost" | "cost_per_pupil":
            return pounds(row[what])
        case "cost-number":
            return str(round(row["cost"]))
        case "reason":
            return for_others(str(row["reason"]))
        case "id":
            return str(row["provision_id"])
        case "ref":
            return f"provision/{school.school}/{row['provision_id']}"
    raise KeyError(what)


def _sessions(school: Figures, first: str, last: str) -> str:
    """The share of planned sessions that pupils got in targeted and specialist provision that ran between two tests."""
    rows = [
        row
        for row in school.provisions.values()
        if row["tier"] != "universal" and (row["first_term"], row["last_term"]) == (first, last)
    ]
    return percent(sum(row["delivered_sessions"] for row in rows) / sum(row["planned_sessions"] for row in rows))


def _gap(school: Figures, ref: str, what: str) -> str:
    gap = school.gaps[ref]
    match what:
        case "difference":
            return gap.measure.figure(abs(gap.between.difference))
        case "value":
            return gap.measure.figure(gap.value)
        case "other":
            return gap.measure.figure(gap.other_value)
        case "interval":
            low, high = sorted((abs(gap.between.low), abs(gap.between.high)))
            return f"{gap.measure.figure(low)} to {gap.measure.figure(high)}"
        case "words":
            return gap.in_words(for_others=True)
    raise KeyError(what)


def _score_gap(school: Figures, measure: str, term: str) -> str:
    """How many points pupils with SEN support lie below pupils without SEN in the tests of a term."""
    tool = next(tool for tool, tested in _tools().items() if tested == measure)
    scores = school.tables["assessments"]
    scores = scores[(scores["tool"].astype(str) == tool) & (scores["term"].astype(str) == term)]
    status = scores["pupil_id"].map(school.data.pupils.set_index("pupil_id")["SENprovision"].astype(str))
    mean = scores["score"].groupby(status).mean()
    return points(mean["N"] - mean["K"], sign=False)


def _tools() -> Mapping[str, str]:
    from senco_kit.provision.data import MEASURE_OF_TOOL

    return MEASURE_OF_TOOL


def _pupils(school: Figures, status: str) -> str:
    counts = school.data.pupils["SENprovision"].astype(str).value_counts()
    return f"{int(counts.sum() if status == 'all' else counts[status]):,}"


def _need(school: Figures, code: str) -> str:
    """Pupils with SEN whose main type of need it is."""
    pupils = school.data.pupils
    counts = pupils.loc[pupils["SENprovision"].isin(["K", "E"]), "SENtype"].astype(str).value_counts()
    return str(int(counts[code]))


def _trained(school: Figures, code: str, day: str) -> str:
    """Adults with training in a type of need beyond awareness that is valid on a day."""
    from senco_kit.planning.training_needs import is_expired

    codes.SEN_TYPE_NAMES[code]  # KeyError for an unknown need
    on = date.fromisoformat(day)
    deep = [
        each
        for each in school.cycle.of("training")
        if each.text("need") == code and each.text("level") in ("enhanced", "specialist")
    ]
    had = [each for each in deep if (when := each.day("date")) and when <= on and not is_expired(each, on)]
    return str(len({each.text("staff") for each in had}))


def _looks(school: Figures, foci: str, term: str, what: str) -> str:
    """Looks at lessons of a term for one focus or for several ("a+b"): those where it was seen, all, or the share."""
    first, last = TERM_DAYS[term]
    those = [each for each in school.cycle.of("observation") if (day := each.day("day")) and first <= day <= last]
    said = [each.text(f"seen/{focus}") for each in those for focus in foci.split("+")]
    seen, every = (sum(one in _SEEN[which] for one in said) for which in ("seen", "all"))
    return percent(seen / every) if what == "share" else str({"seen": seen, "all": every}[what])


def _signal(school: Figures, kind: str, figure: str) -> str:
    """A figure of the only question of a kind: shares in per cent, times with one decimal, all else as it is."""
    value = school.signal(kind).figures[figure]
    if isinstance(value, float):
        # The questions themselves round shares to the nearest per cent, so a text that quotes one does too.
        return f"{value:.1f}" if figure.startswith("times") else f"{value:.0%}"
    return str(value)


def _signal_ref(school: Figures, kind: str) -> str:
    from senco_kit.planning.taken import questions

    (offer,) = questions(school.school, "", [school.signal(kind)], TERM_DAYS["autumn"][0])
    return offer["ref"]


def _week(school: Figures, check: str, what: str) -> str:
    """What a check of the week of support staff finds: how many, or the reference of the only one."""
    found = school.week[check]
    if what == "ref":
        (only,) = found
        return only.ref
    return str(len(found))


def _budget(school: Figures, line: str) -> str:
    budget = school.data.budget
    if budget is None:
        raise KeyError(line)
    (amount,) = budget.loc[budget["funding_line"].astype(str) == line, "amount"]
    return pounds(amount)


def _parents_took_part(school: Figures, turn: str) -> str:
    """The share of the pupils' reviews of a turn of the year (1 to 3) in which a parent took part."""
    reviews = school.tables["reviews"]
    return percent(reviews.loc[reviews["cycle"] == int(turn), "parent_took_part"].mean())


def _views(school: Figures, who: str, question: str, answer: str) -> str:
    """How many pupils or parents gave an answer to a question of their form, or answered it at all ("any")."""
    said = [one.text(f"answer/{question}") for one in school.cycle.of(_FORMS[who])]
    count = sum(bool(each) for each in said) if answer == "any" else sum(each in answer.split("+") for each in said)
    return str(count)


_FORMS = {"pupils": "pupil-view", "parents": "parent-view"}


@dataclass(frozen=True)
class Figure:
    """A figure that a text can name: how many parts follow its name, how it is written, and what it is."""

    of: Callable[..., str]
    written: str
    about: str

    @property
    def parts(self) -> int:
        """How many parts stand after the name."""
        return self.written.count(":")


FIGURES: Final[Mapping[str, Figure]] = {
    "provision": Figure(
        _provision,
        "{provision:NAME:WHAT}",
        "pupils, both_scores, share (given of planned), effect (points beside similar pupils), interval, cost, "
        "cost_per_pupil, cost-number, reason, id, or ref of a provision",
    ),
    "sessions": Figure(
        _sessions, "{sessions:TERM:TERM}", "share of planned sessions given in provision between the tests of two terms"
    ),
    "gap": Figure(_gap, "{gap:GROUP.MEASURE:WHAT}", "difference, value, other, interval or words of a gap"),
    "score-gap": Figure(_score_gap, "{score-gap:MEASURE:TERM}", "points that SEN support lies below no SEN"),
    "pupils": Figure(_pupils, "{pupils:STATUS}", "pupils on roll: all, N, K or E"),
    "need": Figure(_need, "{need:CODE}", "pupils with SEN whose main need it is"),
    "trained": Figure(_trained, "{trained:CODE:DAY}", "adults trained in a need beyond awareness on a day"),
    "looks": Figure(_looks, "{looks:FOCUS+FOCUS:TERM:WHAT}", "seen, all or share of looks at lessons"),
    "signal": Figure(_signal, "{signal:KIND:FIGURE}", "a figure of a question that the data raises"),
    "signal-ref": Figure(_signal_ref, "{signal-ref:KIND}", "the reference of that question"),
    "week": Figure(_week, "{week:CHECK:WHAT}", "count or ref of what a check of the week of support staff finds"),
    "budget": Figure(_budget, "{budget:LINE}", "what a funding line holds"),
    "parents-took-part": Figure(_parents_took_part, "{parents-took-part:TURN}", "share of pupils' reviews"),
    "views": Figure(_views, "{views:WHO:QUESTION:ANSWER}", "how many pupils or parents gave an answer (or any)"),
}
