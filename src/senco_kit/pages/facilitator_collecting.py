"""Collecting what learners handed in: from a file, from the exchange folder, from a path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer
from senco_kit.pages import facilitator_modules
from senco_kit.pages.facilitator_cohorts import Tell

if TYPE_CHECKING:
    from senco_kit.marking.cohort import Cohort


def from_file(opened: Cohort, data: bytes, tell: Tell) -> Answer:
    """Take in one zip: of one learner, or a learning platform's download of many."""
    return _collect(opened, data, tell)


def from_exchange(opened: Cohort, tell: Tell) -> Answer:
    """Take in what lies in the exchange folder."""
    return _collect(opened, None, tell)


def from_path(opened: Cohort, typed: str, tell: Tell) -> Answer:
    """Take in a folder or a file on this computer."""
    if not typed.strip():
        raise Refused("Type the path of a folder or a zip first.")
    return _collect(opened, Path(typed.strip().strip('"')).expanduser(), tell)


def _collect(opened: Cohort, source: Path | bytes | None, tell: Tell) -> Answer:
    return facilitator_modules.cohort(opened, collected=opened.collect(source, tell))
