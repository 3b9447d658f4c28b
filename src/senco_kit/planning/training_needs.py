"""What staff need to learn: teams and competences against what the school's pupils need, by a rule that can be read.

Nobody is ranked: gaps are those of teams. Where one member of staff stands is for that person and who leads the team.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from senco_kit.planning.competences_file import HIGHEST, TEAMS, Competence, competences
from senco_kit.planning.model import Cycle, Record
from senco_kit.schools import codes

if TYPE_CHECKING:
    from senco_kit.provision.data import ProvisionData

#: Training that ends within so many days is named as ending soon. The kit's own rule.
SOON_DAYS: Final = 90
#: A smaller team than this is not shown: its figures would tell of one person. The kit's own rule.
FEWEST_IN_A_TEAM: Final = 3
#: The level that training of each depth leads to.
LEVEL_OF_TRAINING: Final = {"awareness": 1, "enhanced": 2, "specialist": 3}
#: What training on a whole area of need leads to at most: it cannot go deep into each type of need.
MOST_FOR_AN_AREA: Final = 1

#: The rule of `needs_analysis`, in the words that people see beside the list.
RULE: Final = (
    "Each line is one competence of one team that is asked for it. Nobody is ranked.",
    "A team of one or two is left out, because its figures would tell of one person. See that member’s own page.",
    "Gap = pupils × levels missing. The widest gap comes first; ties keep the order of the competences.",
    "Pupils: those with SEN support or an EHC plan whose main type of need it is about.",
    "Levels missing: what is asked of the team, less where each member stands and never below 0; the mean of the team.",
    "A member stands where they said. If they said nothing, the highest training that is valid now counts: awareness "
    "as level 1, enhanced as 2, specialist as 3. Training on a whole area of need counts as level 1 at most.",
    "Training that has run out counts as none. Where nothing is known, the level counts as 0 and the list says so.",
    "Competences about every pupil with SEN have a list of their own: by number of pupils they would always lead.",
)


@dataclass(frozen=True)
class TrainingGap:
    """How far one team is from what is asked in one competence.

    `pupils` have the need that it is about; `missing` are all levels missing in the team together. `below` members are
    below what is asked; of `unknown` ones nothing is known; of `expired` ones training has run out, of `soon` ones it
    will within SOON_DAYS.
    """

    competence: Competence
    team: str
    members: int
    asked: int
    pupils: int
    missing: int
    below: int
    unknown: int = 0
    expired: int = 0
    soon: int = 0

    @property
    def levels_missing(self) -> float:
        """Levels missing for each member, on average."""
        return self.missing / self.members

    @property
    def size(self) -> float:
        """The gap: pupils × levels missing on average."""
        return self.pupils * self.levels_missing

    @property
    def team_name(self) -> str:
        """What the team is called."""
        return TEAMS[self.team]

    def as_finding(self) -> str:
        """The gap as a sentence for a plan or a document. It counts no pupils: those counts may be small."""
        unknown = f" Nothing is known of {self.unknown} of them." if self.unknown else ""
        expired = f" Training of {self.expired} has run out." if self.expired else ""
        return (
            f"{self.competence.title}: {self.below} of {self.members} in the team “{self.team_name}” are below the "
            f"level asked ({self.asked} of {HIGHEST}).{unknown}{expired}"
        )


@dataclass(frozen=True)
class Standing:
    """Where one member of staff stands in one competence: the level, 0 to 3, and how that is known.

    `how` is "said", "trained" or "" when nothing is known, in which case the level is 0.
    """

    level: int
    how: str = ""
    expired: bool = False
    soon: bool = False


def team_of(member: Record) -> str:
    """The team of TEAMS that a member of staff is in; "" when no role is given, or one that nobody here trains."""
    if member.is_ticked("leads") or member.text("role") == "SENCO":
        return "leaders"
    if member.text("role") in ("teacher", "specialist teacher"):
        return "new" if member.is_ticked("new") else "teachers"
    assistants = ("higher level teaching assistant", "teaching assistant", "emotional literacy support assistant")
    return "support" if member.text("role") in assistants else ""


def is_expired(training: Record, today: date) -> bool:
    """Whether a training has run out: on the day from which it has to be renewed, it has."""
    end = training.day("expires")
    return end is not None and end <= today


def ends_soon(training: Record, today: date) -> bool:
    """Whether a training runs out within SOON_DAYS."""
    end = training.day("expires")
    return end is not None and today < end <= today + timedelta(days=SOON_DAYS)


def is_planned(training: Record, today: date) -> bool:
    """Whether a training is still to come: it counts from its day."""
    day = training.day("date")
    return day is not None and day > today


def level_for(training: Record, competence: Competence) -> int:
    """The level that a training leads to in a competence, 0 when it is about something else."""
    level = LEVEL_OF_TRAINING.get(training.text("level"), 0)
    if training.is_ticked(f"covers/{competence.id}") or training.text("need") in competence.needs:
        return level
    if not training.text("need") and training.text("area") in competence.areas:
        return min(level, MOST_FOR_AN_AREA)
    return 0


class Staff:
    """The staff of a cycle with their training, looked up once."""

    def __init__(self, cycle: Cycle, today: date) -> None:
        self.cycle, self.today = cycle, today
        self.members = cycle.of("staff")

    @cached_property
    def trainings(self) -> Mapping[str, Sequence[Record]]:
        """The trainings of each member by the member's id, those to come and those run out included."""
        found: dict[str, list[Record]] = {}
        for training in self.cycle.of("training"):
            found.setdefault(training.text("staff"), []).append(training)
        return found

    @cached_property
    def teams(self) -> Mapping[str, Sequence[Record]]:
        """The members of each team, and under "" those of none."""
        found: dict[str, list[Record]] = {team: [] for team in (*TEAMS, "")}
        for member in self.members:
            found[team_of(member)].append(member)
        return found

    def standing(self, member: Record, competence: Competence) -> Standing:
        """Where a member stands in a competence, by RULE."""
        about = [
            (level, training)
            for training in self.trainings.get(member.id, ())
            if (level := level_for(training, competence)) and not is_planned(training, self.today)
        ]
        valid = [(level, each) for level, each in about if not is_expired(each, self.today)]
        expired = len(valid) < len(about)
        soon = any(ends_soon(each, self.today) for _, each in valid)
        said = member.text(f"has/{competence.id}")
        if said in _SAID:
            return Standing(int(said), "said", expired, soon)
        if valid:
            return Standing(max(level for level, _ in valid), "trained", expired, soon)
        return Standing(0, "", expired, soon)


_SAID = tuple(str(level) for level in range(HIGHEST + 1))


def needs_analysis(cycle: Cycle, pupils_by_need: Mapping[str, int], today: date | None = None) -> list[TrainingGap]:
    """The gaps of every team in every competence asked of it, by RULE; without gaps of 0 and teams too small.

    `pupils_by_need` are pupils with SEN by the code of their main type of need. Gaps about every pupil with SEN are in
    the same list (`competence.is_general`), to be shown apart. `today` is the day by which training is valid.
    """
    staff = Staff(cycle, today or date.today())
    gaps = [
        gap
        for competence in competences().values()
        for team, asked in competence.asked_of.items()
        if (gap := _gap(staff, competence, team, asked, pupils_by_need)) is not None
    ]
    return sorted((gap for gap in gaps if gap.size > 0), key=lambda gap: -gap.size)


def _gap(
    staff: Staff, competence: Competence, team: str, asked: int, pupils_by_need: Mapping[str, int]
) -> TrainingGap | None:
    standings = [staff.standing(member, competence) for member in staff.teams[team]]
    if len(standings) < FEWEST_IN_A_TEAM:
        return None
    short = [max(0, asked - each.level) for each in standings]
    return TrainingGap(
        competence=competence,
        team=team,
        members=len(standings),
        asked=asked,
        pupils=pupils_for(competence, pupils_by_need),
        missing=sum(short),
        below=sum(1 for each in short if each),
        unknown=sum(1 for each in standings if not each.how),
        expired=sum(1 for each in standings if each.expired),
        soon=sum(1 for each in standings if each.soon),
    )


def pupils_for(competence: Competence, pupils_by_need: Mapping[str, int]) -> int:
    """How many pupils a competence is about."""
    if competence.is_general:
        return sum(pupils_by_need.values())
    return sum(pupils_by_need.get(need, 0) for need in competence.needs)


@dataclass(frozen=True)
class MatrixRow:
    """One team in one competence: how many members stand at each level, and of how many nothing is known."""

    competence: Competence
    team: str
    at: tuple[int, ...]
    unknown: int
    asked: int


def matrix(cycle: Cycle, today: date) -> list[MatrixRow]:
    """Counts of members at each level, for each competence and each team asked for it.

    A team of fewer than FEWEST_IN_A_TEAM is left out."""
    staff = Staff(cycle, today)
    rows = []
    for competence in competences().values():
        for team, asked in competence.asked_of.items():
            standings = [staff.standing(member, competence) for member in staff.teams[team]]
            if len(standings) >= FEWEST_IN_A_TEAM:
                at = Counter(each.level for each in standings if each.how)
                unknown = sum(1 for each in standings if not each.how)
                counts = tuple(at[level] for level in range(HIGHEST + 1))
                rows.append(MatrixRow(competence, team, counts, unknown, asked))
    return rows


# ------------------------------------------------------------------------------------- what the pupils need


def pupils_by_need_and_year(data: ProvisionData) -> dict[str, dict[str, int]]:
    """Pupils with SEN support or an EHC plan: of each type of need, how many in each year group."""
    pupils = data.pupils
    with_sen = pupils[pupils["SENprovision"].isin(["K", "E"]) & pupils["SENtype"].notna()]
    found: dict[str, dict[str, int]] = {}
    for need, year in zip(with_sen["SENtype"].astype(str), with_sen["year_group"].astype(str), strict=True):
        years = found.setdefault(need, {})
        years[year] = years.get(year, 0) + 1
    return {code: found[code] for code in codes.SEN_TYPE_CODES if code in found}


def totals(by_year: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """The same over all years."""
    return {need: sum(years.values()) for need, years in by_year.items()}


def pupils_typed(cycle: Cycle) -> dict[str, int]:
    """Pupils by type of need as somebody typed them, for a school without data."""
    typed = cycle.single("need-count")
    if typed is None:
        return {}
    numbers = {code: typed.number(f"count/{code}") for code in codes.SEN_TYPE_CODES}
    return {code: int(number) for code, number in numbers.items() if number is not None and number >= 1}


def without_competence(pupils_by_need: Mapping[str, int], among: Iterable[Competence]) -> dict[str, int]:
    """The types of need of pupils that no competence is about: only the general ones serve them."""
    covered = {need for competence in among for need in competence.needs}
    return {need: count for need, count in pupils_by_need.items() if need not in covered}
