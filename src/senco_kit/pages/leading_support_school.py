"""What the support room needs of the school's data: the provisions that are planned, their names, the adults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from senco_kit.forms.check import Refused
from senco_kit.pages.leading_start import school_of
from senco_kit.pages.provision_map_data import OpenSchool
from senco_kit.planning import support, support_checks, support_week
from senco_kit.planning.model import Cycle
from senco_kit.planning.support_checks import Planned, Result


@dataclass(frozen=True)
class SupportSchool:
    """The planned provisions of a cycle's school; `why_not` is a sentence where there are none to be had.

    `adults` are an invented school's own, by their numbers in its tables.
    """

    plan: tuple[Planned, ...] = ()
    why_not: str = ""
    school: OpenSchool | None = None
    adults: Mapping[int, support_week.Adult] = field(default_factory=dict)

    @property
    def has_timetable(self) -> bool:
        """Whether the data holds a timetable of adults: only invented schools do."""
        return self.school is not None and self.school.tables is not None

    @property
    def names(self) -> dict[str, str]:
        """The names of provisions by their ids."""
        return {each.id: each.name for each in self.plan}


def support_school(cycle: Cycle, half: str | None = None) -> SupportSchool:
    """The school of a cycle, with the provisions of the half of the year that its week is for (or of `half`)."""
    try:
        school = school_of(cycle)
    except Refused as refusal:
        return SupportSchool(why_not=str(refusal))
    adults = support_week.adults_of_school(school.tables, cycle.school, cycle) if school.tables else {}
    labels = {number: adult.label for number, adult in adults.items()}
    plan = support_week.planned(school.data, half or support.half_of(cycle), labels)
    return SupportSchool(tuple(plan), "", school, adults)


def results(cycle: Cycle, slots: list[support.Slot], known: SupportSchool) -> dict[str, list[Result]]:
    """What every check finds in the week of a cycle."""
    return support_checks.check_all(slots, support.contracts(cycle), known.plan, support.lessons_of(cycle))
