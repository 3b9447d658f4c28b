"""The shape that a file's content must have, entry by entry."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator

from senco_kit.audit.model import HIGHEST_LEVEL, LOWEST_LEVEL, UNSURE_IN_WORDS, Action, Evidence, Rating, SelfAudit
from senco_kit.store import answers
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.portable.course_shape import CourseShape
from senco_kit.store.portable.cycle_shape import CycleShape
from senco_kit.store.portable.entries import Answer, Day, Id, Moment, Name, Part, Rows, Short, Text, Words
from senco_kit.store.portable.problem import Wrong
from senco_kit.store.portable.work import Work
from senco_kit.store.readings import Reading
from senco_kit.store.scenarios import SavedScenario


def _read_kind(value: str) -> str:
    if value not in answers.OWN_SCHOOL_KINDS:
        raise Wrong("the kit keeps no school data of this kind")
    return value


def _read_data(value: object) -> bytes:
    try:
        data = b64decode(value, validate=True) if isinstance(value, str) else b""
    except ValueError:
        data = b""
    if not data:
        raise Wrong("this school data is not whole")
    if len(data) > answers.LARGEST_OWN_SCHOOL:
        raise Wrong(
            f"this school data is larger than the {answers.LARGEST_OWN_SCHOOL // 1_000_000} MB that the kit keeps"
        )
    return data


class _Evidence(Part):
    id: Id
    what: Words
    kept_where: Words
    dated: Day


class _Rating(Part):
    level: Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL)] | None
    unsure: bool
    matters_now: bool
    note: Words
    evidence: Rows[_Evidence]

    @model_validator(mode="after")
    def _level_or_unsure(self) -> _Rating:
        if self.unsure and self.level is not None:
            raise Wrong(f"a level and “{UNSURE_IN_WORDS}” cannot stand together")
        return self

    def as_rating(self, outcome_id: str) -> Rating:
        """The rating as the rest of the kit knows it."""
        shown = tuple(Evidence(**dict(one)) for one in self.evidence)
        return Rating(outcome_id, self.level, self.unsure, self.matters_now, self.note, shown)


class _Action(Part):
    id: Id
    outcome_id: Text
    action: Words
    success: Words
    by_when: Day
    with_whom: Words
    evidence: Words


class _Audit(Part):
    id: Id
    name: Name
    framework_id: Text
    created_at: Moment
    changed_at: Moment
    started_from: Id | None
    ratings: dict[Text, _Rating]
    actions: Rows[_Action]

    def as_audit(self) -> SelfAudit:
        """The audit as the rest of the kit knows it."""
        ratings = {outcome_id: rating.as_rating(outcome_id) for outcome_id, rating in self.ratings.items()}
        actions = tuple(Action(**dict(line)) for line in self.actions)
        return SelfAudit(**dict(self) | {"ratings": ratings, "actions": actions})


class _Change(Part):
    provision_id: Short
    field: Short
    value: Answer


class _Scenario(Part):
    id: Id
    name: Name
    school: Short
    created_at: Moment
    changed_at: Moment
    changes: Rows[_Change]

    @model_validator(mode="after")
    def _each_once(self) -> _Scenario:
        if len({(one.provision_id, one.field) for one in self.changes}) < len(self.changes):
            raise Wrong("a change stands twice")
        return self

    def as_scenario(self) -> SavedScenario:
        """The scenario as the store knows it."""
        changes: dict[str, dict[str, str]] = {}
        for one in self.changes:
            changes.setdefault(one.provision_id, {})[one.field] = one.value
        return SavedScenario(**dict(self) | {"changes": changes})


class _OwnSchool(Part):
    id: Id
    name: Name
    kind: Annotated[str, AfterValidator(_read_kind)]
    kept_at: Moment
    data: Annotated[bytes, BeforeValidator(_read_data)]

    def as_own_school(self) -> tuple[OwnSchool, bytes]:
        """The school data as the store knows it."""
        return OwnSchool(self.id, self.name, self.kind, self.kept_at, len(self.data)), self.data


class _Reading(Part):
    school: Short
    question: Short
    answer: Answer
    changed_at: Moment


class WorkOfVersion1(Part):
    """The content of a file as the first release wrote it."""

    format: str
    version: int
    made_at: Moment
    audits: Rows[_Audit]

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return Work(audits=tuple(audit.as_audit() for audit in self.audits))


class WorkOfVersion2(WorkOfVersion1):
    """The content of a file as the release with the provision map wrote it."""

    scenarios: Rows[_Scenario]
    own_schools: Rows[_OwnSchool]
    readings: Rows[_Reading]

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return replace(
            super().as_work(),
            scenarios=tuple(one.as_scenario() for one in self.scenarios),
            own_schools=tuple(one.as_own_school() for one in self.own_schools),
            readings=tuple(Reading(**dict(one)) for one in self.readings),
        )


class WorkOfVersion3(WorkOfVersion2):
    """The content of a file as the release with the course wrote it."""

    course: CourseShape

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return replace(super().as_work(), course=self.course.as_kept())


class WorkOfVersion4(WorkOfVersion3):
    """The content of a file as it is written now."""

    cycles: Rows[CycleShape]

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return replace(super().as_work(), cycles=tuple(one.as_cycle() for one in self.cycles))


#: What each version of the file must look like.
VERSIONS: dict[int, type[WorkOfVersion1]] = {
    1: WorkOfVersion1,
    2: WorkOfVersion2,
    3: WorkOfVersion3,
    4: WorkOfVersion4,
}

_NO_LEVEL = f"this is not a level from {LOWEST_LEVEL} to {HIGHEST_LEVEL}"

# What pydantic calls an error, and what it means to a person (https://docs.pydantic.dev/latest/errors/validation_errors/).
_MEANINGS = {
    "missing": "this entry is missing",
    "extra_forbidden": "the kit does not know this entry",
    "int_type": _NO_LEVEL,
    "greater_than_equal": _NO_LEVEL,
    "less_than_equal": _NO_LEVEL,
    "bool_type": "this is neither yes nor no",
    "string_type": "this is not text",
    "string_unicode": "this text holds half of a character",
    "list_type": "this is not a list",
}


def first_error(error: ValidationError) -> tuple[tuple[str | int, ...], str]:
    """The place of the first mistake, and what is wrong there."""
    first = error.errors(include_url=False, include_input=False)[0]
    meaning = _MEANINGS.get(first["type"], "this is not what the kit puts here")
    reason = first.get("ctx", {}).get("error")
    return first["loc"], str(reason) if isinstance(reason, Wrong) else meaning
