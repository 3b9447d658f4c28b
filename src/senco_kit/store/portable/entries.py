"""What single entries of a file may hold, and what pydantic's errors about them mean to a person."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast

from senco_kit.days import EARLIEST_YEAR, LATEST_YEAR
from senco_kit.store import answers
from senco_kit.store.portable.problem import Wrong
from senco_kit.store.problems import BadValue


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


def whole(value: str) -> str:
    """JSON can write half of a character pair (\\ud83d), which no file can hold."""
    if re.search("[\ud800-\udfff]", value):
        raise Wrong("this text holds half of a character")
    return value


def _read_words(value: str) -> str:
    with suppress(BadValue):
        return answers.words(whole(value))
    raise Wrong("this text is longer than the kit keeps")


def _read_name(value: str) -> str:
    with suppress(BadValue):
        return answers.name(whole(value))
    raise Wrong("this name is empty or too long")


def _read_short(value: str) -> str:
    with suppress(BadValue):
        return answers.short_id(whole(value))
    raise Wrong("this entry is empty or too long")


def _read_answer(value: str) -> str:
    answer = _read_words(value)
    if not answer or answer != answer.strip():
        raise Wrong("this answer is empty or begins or ends with a space")
    return answer


Text = Annotated[str, AfterValidator(whole)]
Words = Annotated[str, AfterValidator(_read_words)]
Name = Annotated[str, AfterValidator(_read_name)]
Short = Annotated[str, AfterValidator(_read_short)]
Answer = Annotated[str, AfterValidator(_read_answer)]
Day = Annotated[date | None, BeforeValidator(_read_day)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
Id = Annotated[str, AfterValidator(_read_id)]


Row = TypeVar("Row")
# One error is told, so the first ends the reading.
Rows = Annotated[list[Row], FailFast()]


class Part(BaseModel):
    """A group of entries: each there, none besides, and of its kind."""

    model_config = ConfigDict(strict=True, extra="forbid")
