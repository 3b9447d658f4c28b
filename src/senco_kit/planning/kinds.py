"""The kinds of records there are, and what is asked about each: forms, checks, files and documents all go by it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module

from senco_kit.days import in_words, read_day
from senco_kit.forms.check import Refused, check
from senco_kit.forms.fields import Date, Field, Tick

#: Gives the field that is asked under a name such as "answers/ID", from what stands after the stroke.
FieldOf = Callable[[str], Field]

#: The modules of this package that tell of kinds: each has a `KINDS`.
_ROOMS = (
    "plan",
    "school_review",
    "causes",
    "training",
    "observations",
    "support",
    "money",
    "inspection",
    "voice",
    "documents.kinds",
)


@dataclass(frozen=True)
class Kind:
    """One kind of record. `naming` is the field that tells its records apart; `one` and `several` are its words.

    `patterns` are fields whose names have two parts, by the first: "answers" for the ticks "answers/ID". Of a `single`
    kind a cycle has one record at most, made when its first answer is saved. `place` is where its page stands, after
    the cycle in the address.
    """

    id: str
    one: str
    several: str
    fields: tuple[Field, ...]
    naming: str = "what"
    patterns: Mapping[str, FieldOf] = field(default_factory=dict)
    single: bool = False
    place: str = ""

    def field(self, name: str) -> Field:
        """The field with this name. Raises KeyError when the kind asks no such thing."""
        for asked in self.fields:
            if asked.name == name:
                return asked
        first, stroke, rest = name.partition("/")
        if stroke and rest and first in self.patterns:
            return self.patterns[first](rest)
        raise KeyError(name)


def ticks(label: str = "Chosen") -> FieldOf:
    """The fields of a role under which other records are ticked."""
    return lambda which: Tick(name=which, label=label)


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its id."""
    found = [kind for room in _ROOMS for kind in import_module(f"senco_kit.planning.{room}").KINDS]
    return {kind.id: kind for kind in found}


def kind_of(kind_id: str) -> Kind:
    """The kind with this id. Raises Refused when there is none."""
    if kind_id not in kinds():
        raise Refused("This part of the work was made by a newer version of the kit. Update the kit, then try again.")
    return kinds()[kind_id]


def single_id(kind_id: str) -> str:
    """The id of the one record of a single kind: the same in each cycle, so that two tabs make the same record."""
    return hashlib.sha256(f"senco-course-kit {kind_id}".encode()).hexdigest()[:32]


def as_kept(asked: Field, typed: str) -> str:
    """What is kept of an answer. Raises Refused with a sentence when it does not fit the field."""
    # Answers are kept one by one as they are typed: whether one that is needed is missing, the rooms say.
    check(replace(asked, required=False), typed)
    if isinstance(asked, Date):
        day = read_day(typed)
        return day.isoformat() if day else ""
    return typed


def as_shown(asked: Field, kept: str) -> str:
    """A kept answer as a form shows it: days as people write them."""
    if isinstance(asked, Date) and kept:
        try:
            day = read_day(kept)
        except ValueError:
            return kept
        return in_words(day) if day else ""
    return kept
