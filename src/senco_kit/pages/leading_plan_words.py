"""How the pages of the plan, and the home page, show how far an objective is: in words, with a shape, in a colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import PROGRESS
from senco_kit.planning.progress import latest_progress
from senco_kit.standards.problems import ContentProblem

if TYPE_CHECKING:
    from senco_kit.planning.documents.file import Principle


@dataclass(frozen=True)
class Progress:
    """What a tag shows: the words, a shape that tells them apart without colour, and the style of the tag."""

    words: str
    shape: str
    style: str


_SHAPES: Final = {
    "": ("○", "unclear"),
    "on-track": ("●", "keep"),
    "at-risk": ("▲", "to-check"),
    "off-track": ("■", "stop"),
    "met": ("✔", "current"),
    "ended": ("✕", "historic"),
}


def shown(progress: str) -> Progress:
    """How a key of PROGRESS is shown; "" is an objective without a review."""
    key = progress if progress in _SHAPES else ""
    return Progress(PROGRESS.get(key, "Not reviewed yet"), *_SHAPES[key])


def progress_of(cycle: Cycle, objective: Record) -> Progress:
    """How far an objective is by its newest review."""
    return shown(latest_progress(cycle, objective))


def principles() -> tuple[Principle, ...]:
    """The principles of inclusion; none when their file cannot be read, which `senco check` reports."""
    from senco_kit.planning.documents.file import principles as read_principles

    try:
        return tuple(read_principles())
    except ContentProblem:
        return ()
