"""The rooms of a cycle: where each stands in the address, what it is called, and its module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from senco_kit.forms.check import Refused
from senco_kit.forms.screen import Answer, View
from senco_kit.planning.model import Cycle


@dataclass(frozen=True)
class Room:
    """One room. `about` says in a line what it is for."""

    place: str
    title: str
    about: str


#: The rooms in their order, under what they are for.
ROOMS: dict[str, tuple[Room, ...]] = {
    "Look: what is so, and why?": (
        Room("review", "Whole-school SEND review", "Eight areas, several voices, four levels."),
        Room("causes", "Causes behind outcomes", "Gaps in the data, then: why?"),
        Room("voice", "Pupils and parents", "Short forms, and what they say together."),
        Room("observations", "Lessons", "Learning walks and observations, by focus."),
        Room("staff", "Staff and training", "Who is trained in what, and where the gaps are."),
        Room("support", "Support staff", "The week, clashes, session slips."),
        Room("money", "Money", "What is spent on whom, and what else it could buy."),
        Room("inspection", "Inspection", "The evidence you hold, and what is missing."),
    ),
    "Decide: what shall change?": (
        Room("findings", "Findings", "Everything that was found out, with where it comes from."),
        Room("swot", "SWOT", "The findings for one objective on a page."),
        Room("plan", "Development plan", "Objectives, actions, timeline, reviews."),
    ),
    "Tell: what do others read?": (
        Room("documents", "Documents", "Inclusion strategy, SEN information report, governors' report and more."),
    ),
}
_PLACES = {each.place for rooms in ROOMS.values() for each in rooms}


class RoomModule(Protocol):
    """What a room's module holds. One with no buttons has no `press`, one that takes no files no `take_file`.

    It may also hold `changed(cycle_id, record_id, field) -> Parts | None`, what else changes on the screen when an
    answer was kept, and `standing(cycle) -> str`, a short line on what there is in the room, from the records alone.
    """

    def show(self, cycle: Cycle, rest: list[str]) -> View:
        """What to show at a place of the room."""

    def press(self, cycle: Cycle, action: str, values: Mapping[str, str]) -> Answer:
        """Do what a button of the room stands for."""

    def take_file(self, cycle: Cycle, action: str, data: bytes) -> Answer:
        """Take a file that the person chose."""


def room(place: str) -> RoomModule:
    """The module of a room, imported when it is first asked for. Raises Refused when there is none."""
    if place not in _PLACES:
        raise Refused("There is no such place on this page.")
    return cast(RoomModule, import_module(f"senco_kit.pages.leading_{place}"))


def standing(place: str, cycle: Cycle) -> str:
    """What there is in a room, in a line; "" when it does not say."""
    tell = getattr(room(place), "standing", None)
    return str(tell(cycle)) if tell else ""
