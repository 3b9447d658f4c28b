"""The shape that a file's content must have, entry by entry."""

from __future__ import annotations

import re
from base64 import b64decode
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Field,
    ValidationError,
    model_validator,
)

from senco_kit.audit.model import HIGHEST_LEVEL, LOWEST_LEVEL, UNSURE_IN_WORDS, Action, Evidence, Rating, SelfAudit
from senco_kit.days import EARLIEST_YEAR, LATEST_YEAR
from senco_kit.store import answers
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.portable.problem import Wrong
from senco_kit.store.portable.work import Work
from senco_kit.store.problems import BadValue
from senco_kit.store.readings import Reading
from senco_kit.store.scenarios import SavedScenario


def _read_day(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(BadValue):
            return answers.day(value)
    raise Wrong(f"this is not a date from {EARLIEST_YEAR} to {LATEST_YEAR}")


def _read_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise Wrong(f"this is not a date and time from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return moment.astimezone(UTC)


def _read_id(value: str) -> str:
    if not re.fullmatch("[0-9a-f]{32}", value):
        raise Wrong("the kit gives no such id")
    return value


def _whole(value: str) -> str:
    """JSON can write half of a character pair (\\ud83d), which no file can hold."""
    if re.search("[\ud800-\udfff]", value):
        raise Wrong("this text holds half of a character")
    return value


def _read_words(value: str) -> str:
    with suppress(BadValue):
        return answers.words(_whole(value))
    raise Wrong("this text is longer than the kit keeps")


def _read_name(value: str) -> str:
    with suppress(BadValue):
        return answers.name(_whole(value))
    raise Wrong("this name is empty or too long")


def _read_short(value: str) -> str:
    with suppress(BadValue):
        return answers.short_id(_whole(value))
    raise Wrong("this entry is empty or too long")


def _read_answer(value: str) -> str:
    answer = _read_words(value)
    if not answer or answer != answer.strip():
        raise Wrong("this answer is empty or begins or ends with a space")
    return answer


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


_Text = Annotated[str, AfterValidator(_whole)]
_Words = Annotated[str, AfterValidator(_read_words)]
_Name = Annotated[str, AfterValidator(_read_name)]
_Short = Annotated[str, AfterValidator(_read_short)]
_Answer = Annotated[str, AfterValidator(_read_answer)]
_Day = Annotated[date | None, BeforeValidator(_read_day)]
_Moment = Annotated[datetime, BeforeValidator(_read_moment)]
_Id = Annotated[str, AfterValidator(_read_id)]


_Row = TypeVar("_Row")
# One error is told, so the first ends the reading.
_Rows = Annotated[list[_Row], FailFast()]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class _Evidence(_Part):
    id: _Id
    what: _Words
    kept_where: _Words
    dated: _Day


class _Rating(_Part):
    level: Annotated[int, Field(ge=LOWEST_LEVEL, le=HIGHEST_LEVEL)] | None
    unsure: bool
    matters_now: bool
    note: _Words
    evidence: _Rows[_Evidence]

    @model_validator(mode="after")
    def _level_or_unsure(self) -> _Rating:
        if self.unsure and self.level is not None:
            raise Wrong(f"a level and “{UNSURE_IN_WORDS}” cannot stand together")
        return self

    def as_rating(self, outcome_id: str) -> Rating:
        """The rating as the rest of the kit knows it."""
        shown = tuple(Evidence(**dict(one)) for one in self.evidence)
        return Rating(outcome_id, self.level, self.unsure, self.matters_now, self.note, shown)


class _Action(_Part):
    id: _Id
    outcome_id: _Text
    action: _Words
    success: _Words
    by_when: _Day
    with_whom: _Words
    evidence: _Words


class _Audit(_Part):
    id: _Id
    name: _Name
    framework_id: _Text
    created_at: _Moment
    changed_at: _Moment
    started_from: _Id | None
    ratings: dict[_Text, _Rating]
    actions: _Rows[_Action]

    def as_audit(self) -> SelfAudit:
        """The audit as the rest of the kit knows it."""
        ratings = {outcome_id: rating.as_rating(outcome_id) for outcome_id, rating in self.ratings.items()}
        actions = tuple(Action(**dict(line)) for line in self.actions)
        return SelfAudit(**dict(self) | {"ratings": ratings, "actions": actions})


class _Change(_Part):
    provision_id: _Short
    field: _Short
    value: _Answer


class _Scenario(_Part):
    id: _Id
    name: _Name
    school: _Short
    created_at: _Moment
    changed_at: _Moment
    changes: _Rows[_Change]

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


class _OwnSchool(_Part):
    id: _Id
    name: _Name
    kind: Annotated[str, AfterValidator(_read_kind)]
    kept_at: _Moment
    data: Annotated[bytes, BeforeValidator(_read_data)]

    def as_own_school(self) -> tuple[OwnSchool, bytes]:
        """The school data as the store knows it."""
        return OwnSchool(self.id, self.name, self.kind, self.kept_at, len(self.data)), self.data


class _Reading(_Part):
    school: _Short
    question: _Short
    answer: _Answer
    changed_at: _Moment


class WorkOfVersion1(_Part):
    """The content of a file as the first release wrote it."""

    format: str
    version: int
    made_at: _Moment
    audits: _Rows[_Audit]

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return Work(audits=tuple(audit.as_audit() for audit in self.audits))


class WorkOfVersion2(WorkOfVersion1):
    """The content of a file as it is written now."""

    scenarios: _Rows[_Scenario]
    own_schools: _Rows[_OwnSchool]
    readings: _Rows[_Reading]

    def as_work(self) -> Work:
        """The work as the store knows it."""
        return replace(
            super().as_work(),
            scenarios=tuple(one.as_scenario() for one in self.scenarios),
            own_schools=tuple(one.as_own_school() for one in self.own_schools),
            readings=tuple(Reading(**dict(one)) for one in self.readings),
        )


#: What each version of the file must look like.
VERSIONS: dict[int, type[WorkOfVersion1]] = {1: WorkOfVersion1, 2: WorkOfVersion2}

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
