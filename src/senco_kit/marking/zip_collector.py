"""How nbgrader's own `zip_collect` reads the name of what a learner sent."""

from __future__ import annotations

from typing import Any

from nbgrader.plugins.zipcollect import FileNameCollectorPlugin

from senco_kit.marking.collecting import as_time


class CollectSent(FileNameCollectorPlugin):  # type: ignore[misc]
    """Writes the time of a name so that nbgrader can read it: of 2026-11-22-10-45-00 it takes 45-00 for a time zone."""

    def collect(self, submitted_file: str) -> Any:
        """What the name of a file says: learner, time, file; None for one that is no part of a submission."""
        found = super().collect(submitted_file)
        return found and found | {"timestamp": as_time(found["timestamp"])}
