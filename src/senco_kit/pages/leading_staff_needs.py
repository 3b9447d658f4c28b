"""What staff need to learn: the matrix of teams and competences, the gaps in order, and the pupils behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from senco_kit.charts import drawing
from senco_kit.charts.bars import Part
from senco_kit.days import in_words
from senco_kit.forms.check import Refused
from senco_kit.forms.screen import View
from senco_kit.pages.drawing import draw
from senco_kit.pages.leading_forms import ask_single
from senco_kit.pages.leading_start import school_of
from senco_kit.planning import training, training_needs
from senco_kit.planning.competences_file import LEVELS, TEAMS, competences
from senco_kit.planning.model import Cycle
from senco_kit.planning.training_needs import TrainingGap
from senco_kit.schools import codes

_UNKNOWN = "Nothing known"
#: How many gaps of a list are shown before the others are folded.
_FIRST_GAPS = 5


@dataclass(frozen=True)
class Pupils:
    """Pupils with SEN by type of need, and by year where the school's data says; `where_from` says it in words."""

    by_need: Mapping[str, int]
    by_year: Mapping[str, Mapping[str, int]]
    where_from: str
    typed: bool


def pupils_of(cycle: Cycle) -> Pupils:
    """The pupils whose needs count: from the school's data, or as typed where it says nothing."""
    try:
        school = school_of(cycle)
    except Refused as refusal:
        return Pupils(training_needs.pupils_typed(cycle), {}, str(refusal), typed=True)
    by_year = training_needs.pupils_by_need_and_year(school.data)
    if not by_year:
        return Pupils(training_needs.pupils_typed(cycle), {}, "The school’s data names no types of need.", typed=True)
    invented = " It is invented." if school.invented else ""
    return Pupils(training_needs.totals(by_year), by_year, f"From the data of {school.name}.{invented}", typed=False)


def gaps(cycle: Cycle) -> View:
    """The gaps in order, with the rule beside them."""
    pupils = pupils_of(cycle)
    found = training_needs.needs_analysis(cycle, pupils.by_need, date.today())
    without = training_needs.without_competence(pupils.by_need, competences().values())
    html = draw(
        "leading/staff_gaps.html",
        cycle=cycle,
        has_staff=bool(cycle.of("staff")),
        pupils=pupils,
        rule=training_needs.RULE,
        lists=[
            ("By type of need", "need", [_offered(each) for each in found if not each.competence.is_general]),
            ("For every pupil with SEN", "general", [_offered(each) for each in found if each.competence.is_general]),
        ],
        without=[(codes.SEN_TYPE_NAMES[need], count) for need, count in without.items()],
        soon_days=training_needs.SOON_DAYS,
        few=_FIRST_GAPS,
    )
    return View("Training gaps", html)


def _offered(gap: TrainingGap) -> tuple[TrainingGap, dict[str, str]]:
    """A gap, and the finding that it can be taken as."""
    today = date.today()
    return gap, {
        "what": gap.as_finding(),
        "source": "training",
        "wherefrom": f"Staff and training, training gaps, as on {in_words(today)}",
        "foundon": today.isoformat(),
        "area": gap.competence.area,
        "group": "pupils with SEN" if gap.competence.is_general else f"pupils whose main need is {_needs(gap)}",
        "effect": "hinders",
        "within": "inside",
        "ref": f"training/{gap.competence.id}/{gap.team}",
    }


def _needs(gap: TrainingGap) -> str:
    names = [codes.SEN_TYPE_NAMES[need] for need in gap.competence.needs]
    return " or ".join(name[:1].lower() + name[1:] for name in names)


def pupils(cycle: Cycle) -> View:
    """The pupils behind the gaps, by type of need and year; a form where there is no data."""
    found = pupils_of(cycle)
    years = [year for year in codes.YEARS if any(year in each for each in found.by_year.values())]
    html = draw(
        "leading/staff_pupils.html",
        cycle=cycle,
        pupils=found,
        years=[codes.YEARS[year] for year in years],
        rows=[
            (codes.SEN_TYPE_NAMES[need], [each.get(year, 0) for year in years], sum(each.values()))
            for need, each in found.by_year.items()
        ],
        form=ask_single(cycle, training.NEED_COUNT, *(f"count/{code}" for code in codes.SEN_TYPE_CODES))
        if found.typed
        else "",
    )
    return View("Pupils behind the gaps", html)


def matrix(cycle: Cycle, team: str = "") -> View:
    """How many members of a team stand at each level in each competence: bars, and the same as a table."""
    rows = training_needs.matrix(cycle, date.today())
    teams = [each for each in TEAMS if any(row.team == each for row in rows)]
    if team and team not in TEAMS:
        raise Refused("There is no such team.")
    here = team or next(iter(teams), "")
    shown = [row for row in rows if row.team == here]
    html = draw(
        "leading/staff_matrix.html",
        cycle=cycle,
        teams=[(each, TEAMS[each]) for each in teams],
        here=here,
        picture=_bars(f"{TEAMS[here]}: members at each level", shown) if shown else "",
        asked=[(row.competence.title, row.asked, LEVELS[row.asked]) for row in shown],
        fewest=training_needs.FEWEST_IN_A_TEAM,
    )
    return View("Team and competence", html)


def _bars(name: str, rows: list[training_needs.MatrixRow]) -> Any:
    words = [f"{level} {each}" for level, each in enumerate(LEVELS)]
    shown = [
        (
            {"title": row.competence.title},
            (
                *(Part(count, words[level], f"level-{level + 1}") for level, count in enumerate(row.at)),
                Part(row.unknown, _UNKNOWN, "unanswered"),
            ),
        )
        for row in rows
    ]
    kinds = [(part.name, part.style) for part in shown[0][1]]
    longest = max(sum(part.count for part in parts) for _, parts in shown)
    return drawing.draw("bars.html", rows=shown, kinds=kinds, longest=longest, name=name)
