"""All that a file of work holds, the same on its way out and in."""

from __future__ import annotations

from dataclasses import dataclass, field

from senco_kit.audit.model import SelfAudit
from senco_kit.planning.model import Cycle
from senco_kit.store import course_rows, cycles, own_schools, readings, rows, scenarios
from senco_kit.store.course_rows import Kept
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.readings import Reading
from senco_kit.store.scenarios import SavedScenario
from senco_kit.store.work_file import WorkFile

FORMAT = "senco-course-kit work"
VERSION = 4


@dataclass(frozen=True)
class Work:
    """A person's work, or a part of it; each piece of own school data with its content."""

    audits: tuple[SelfAudit, ...] = ()
    scenarios: tuple[SavedScenario, ...] = ()
    own_schools: tuple[tuple[OwnSchool, bytes], ...] = ()
    readings: tuple[Reading, ...] = ()
    course: Kept = field(default_factory=Kept)
    cycles: tuple[Cycle, ...] = ()


def all_work(store: WorkFile) -> Work:
    """All work as it is at one moment. Raises StoreProblem."""
    with store.reading() as connection:
        contents = own_schools.read_data(connection)
        return Work(
            rows.read(connection),
            scenarios.read(connection),
            tuple((one, contents[one.id]) for one in own_schools.read(connection)),
            readings.read(connection),
            course_rows.read(connection),
            cycles.read(connection),
        )
