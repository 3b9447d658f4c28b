"""All of a person's work as one JSON file, and back again without loss.

The file may have been through other hands: an import checks everything before it changes anything.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Annotated, Any, NoReturn, TypeVar

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
from sqlalchemy import Connection, select

from senco_kit.audit.model import HIGHEST_LEVEL, LOWEST_LEVEL, UNSURE_IN_WORDS, Action, Evidence, Rating, SelfAudit
from senco_kit.days import EARLIEST_YEAR, LATEST_YEAR
from senco_kit.plain_text import clean
from senco_kit.store import answers, rows, tables
from senco_kit.store.problems import BadValue, StoreProblem
from senco_kit.store.work import Store

FORMAT = "senco-course-kit work"
VERSION = 1
LARGEST_FILE = 20_000_000

#: The most entries in one group, so that a file made to be hard to read cannot be: no framework has so many items.
MOST_ENTRIES = 500

_COPY = " (imported)"

# The reader is a teacher, who cannot mend the file: whatever is wrong with it, the way on is the same.
_NOT_OURS = "This is not a file that the kit made, or it was changed since"
_CUT_SHORT = "This is not a file that the kit made, or it was cut short"
_CHOOSE = "choose the file that “Download all my work” saved"
_UPDATE = "update the kit, then choose the file again"


class ImportProblem(StoreProblem):
    """A file cannot be imported, and nothing was changed. The message is one sentence that names the place in it."""


@dataclass(frozen=True)
class ImportResult:
    """What an import did: audits added, audits that were here already, and audits added as a copy beside another."""

    added: int
    already_here: int
    as_copy: int

    @property
    def sentence(self) -> str:
        """The result in one sentence for the person."""
        told = []
        if self.added:
            told.append(f"{_audits(self.added)} added")
        if self.already_here:
            told.append(f"{_audits(self.already_here)} already here and not changed")
        if self.as_copy:
            told.append(f"{_audits(self.as_copy)} added as a copy, because the one here has other content")
        return ("; ".join(told) or "The file holds no audits, so nothing was added") + "."


def _audits(number: int) -> str:
    return "1 audit was" if number == 1 else f"{number} audits were"


# -- out


def export_work(store: Store) -> bytes:
    """All work as a JSON file (UTF-8). Raises StoreProblem."""
    return _export(store.audits())


def export_audit(audit: SelfAudit) -> bytes:
    """One audit as a JSON file of the same kind."""
    return _export([audit])


def _export(audits: Iterable[SelfAudit]) -> bytes:
    work = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "audits": [_as_json(audit) for audit in audits],
    }
    return (json.dumps(work, ensure_ascii=False, indent=1, default=_date_as_text) + "\n").encode()


def _as_json(audit: SelfAudit) -> dict[str, Any]:
    content = asdict(replace(audit, ratings=dict(audit.ratings)))
    for rating in content["ratings"].values():
        del rating["outcome_id"]  # it is the key
    return content


def _date_as_text(value: object) -> str:
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    raise TypeError(f"{value!r} has no place in the file")


# -- in


def import_work(store: Store, data: bytes, known: Mapping[str, Collection[str]]) -> ImportResult:
    """Add the audits of an exported file to the store: all of them, or none when anything is wrong.

    `known` gives the outcome ids of each framework id. What is here is never changed: an audit that is here with the
    same content is passed over; one that is here with other content is added as a copy under another name.
    Raises ImportProblem for the file, StoreProblem for the store.
    """
    audits = read_work(data, known)
    with store.writing() as connection:
        here = {audit.id: audit for audit in rows.read(connection)}
        new = [audit for audit in audits if audit.id not in here]
        copies = {audit.id: _as_copy(audit) for audit in audits if audit.id in here and not _is_here(audit, here)}
        # An audit that was started from one that is now a copy was started from that copy.
        ids = {old: copy.id for old, copy in copies.items()}
        added = [*_with_free_ids(connection, new), *copies.values()]
        rows.write(
            connection, [replace(one, started_from=ids.get(one.started_from or "", one.started_from)) for one in added]
        )
    return ImportResult(len(new), len(audits) - len(new) - len(copies), len(copies))


def _is_here(audit: SelfAudit, here: Mapping[str, SelfAudit]) -> bool:
    """Whether an audit whose id is here has the same content, or was brought in as a copy before."""
    if _content(audit) == _content(here[audit.id]):
        return True
    copy = _without_ids(_as_copy(audit))
    return any(_without_ids(other) == copy for other in here.values())


def _content(audit: SelfAudit) -> SelfAudit:
    """What the person said: not when it was last changed, and no answers that are empty."""
    ratings = {key: rating for key, rating in audit.ratings.items() if rating != Rating(key)}
    return replace(audit, changed_at=audit.created_at, ratings=ratings)


def _without_ids(audit: SelfAudit) -> SelfAudit:
    content = _content(audit)
    ratings = {
        key: replace(rating, evidence=tuple(replace(one, id="") for one in rating.evidence))
        for key, rating in content.ratings.items()
    }
    actions = tuple(replace(line, id="") for line in content.actions)
    return replace(content, id="", started_from=None, ratings=ratings, actions=actions)


def _as_copy(audit: SelfAudit) -> SelfAudit:
    name = audit.name + _COPY
    if len(name) > tables.LONGEST_NAME:
        name = audit.name[: tables.LONGEST_NAME - len(_COPY) - 1] + "…" + _COPY
    return replace(rows.with_new_ids(audit), name=name)


def _with_free_ids(connection: Connection, audits: list[SelfAudit]) -> list[SelfAudit]:
    """The audits, with new ids for the rows of those that hold an id which another audit here uses already."""
    evidence = {*connection.scalars(select(tables.evidence.c.id))}
    actions = {*connection.scalars(select(tables.action.c.id))}
    return [
        audit
        if evidence.isdisjoint(_evidence_ids(audit)) and actions.isdisjoint(line.id for line in audit.actions)
        else replace(rows.with_new_ids(audit), id=audit.id)
        for audit in audits
    ]


def _evidence_ids(audit: SelfAudit) -> list[str]:
    return [one.id for rating in audit.ratings.values() for one in rating.evidence]


# -- the file as text


def read_work(data: bytes, known: Mapping[str, Collection[str]]) -> list[SelfAudit]:
    """The audits of an exported file, fully checked. Raises ImportProblem."""
    content = _parse(data)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        _refuse(_NOT_OURS)
    version = content.get("version")
    if type(version) is int and version > VERSION:
        raise ImportProblem("This file was made by a newer version of the kit: update the kit, then import again.")
    if type(version) is not int or version != VERSION:
        _refuse_place(["version"], f"this is not the number {VERSION}")
    try:
        work = _Work.model_validate(content)
    except ValidationError as error:
        _refuse_place(*_first_error(error))
    audits = [audit.as_audit() for audit in work.audits]
    _check_known(audits, known)
    _check_ids(audits)
    return audits


def _refuse(wrong: str, detail: str = "") -> NoReturn:
    raise ImportProblem(f"{wrong}{f' ({detail})' if detail else ''}; {_CHOOSE}.")


def _refuse_place(place: Iterable[str | int], reason: str) -> NoReturn:
    _refuse(_NOT_OURS, f"{_place(place)}: {reason}")


class _Twice(dict[str, object]):
    """A group of entries in which a name stands twice."""

    name = ""


def _parse(data: bytes) -> object:
    """The content of a JSON file. Raises ImportProblem for what is not JSON, or is JSON that two readers may read
    differently (names that stand twice, NaN)."""
    if len(data) > LARGEST_FILE:
        _refuse(f"This file is larger than {LARGEST_FILE // 1_000_000} MB, which no file of the kit is")
    if not data.strip():
        _refuse("This file is empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        _refuse(_NOT_OURS, "another program saved it again")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        _refuse(_NOT_OURS)
    try:
        content = json.loads(text, object_pairs_hook=_group, parse_constant=_no_number, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            _refuse(_CUT_SHORT, f"line {error.lineno:,}")
        _refuse(_NOT_OURS, f"line {error.lineno:,}")
    except RecursionError:
        _refuse(_NOT_OURS, "parts inside parts, too many to read")
    _check_names_once(content)
    return content


def _group(entries: list[tuple[str, object]]) -> dict[str, object]:
    if len(entries) > MOST_ENTRIES:
        _refuse(_NOT_OURS, f"{len(entries):,} entries in one part")
    group = dict(entries)
    if len(group) == len(entries):
        return group
    names = [name for name, _ in entries]
    twice = _Twice(group)
    twice.name = next(name for name in names if names.count(name) > 1)
    return twice


def _no_number(constant: str) -> NoReturn:
    _refuse(_NOT_OURS, f"it holds {constant}, which is not a number")


def _whole_number(digits: str) -> int:
    if len(digits) > 18:
        _refuse(_NOT_OURS, f"it holds a number of {len(digits):,} digits")
    return int(digits)


def _check_names_once(content: object) -> None:
    """Raises ImportProblem for the first group with a name twice. No recursion: the content may be nested deeply."""
    place: list[str | int] = []
    open_parts: list[Iterator[tuple[str | int, object]]] = [iter([("", content)])]
    while open_parts:
        del place[len(open_parts) - 1 :]
        entry = next(open_parts[-1], None)
        if entry is None:
            open_parts.pop()
            continue
        step, part = entry
        place.append(step)
        if isinstance(part, _Twice):
            _refuse_place([*place[1:], part.name], "this entry stands twice")
        if isinstance(part, dict):
            open_parts.append(iter(part.items()))
        if isinstance(part, list):
            open_parts.append(iter(enumerate(part)))


# -- the shape of the content


class _Wrong(ValueError):
    """An entry that the kit would not have written. The message says what is wrong with it."""


def _read_day(value: object) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        with suppress(BadValue):
            return answers.day(value)
    raise _Wrong(f"this is not a date from {EARLIEST_YEAR} to {LATEST_YEAR}")


def _read_moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise _Wrong(f"this is not a date and time from {EARLIEST_YEAR} to {LATEST_YEAR}")
    return moment.astimezone(UTC)


def _read_id(value: str) -> str:
    if not re.fullmatch("[0-9a-f]{32}", value):
        raise _Wrong("the kit gives no such id")
    return value


def _whole(value: str) -> str:
    """JSON can write half of a character pair (\\ud83d), which no file can hold."""
    if re.search("[\ud800-\udfff]", value):
        raise _Wrong("this text holds half of a character")
    return value


def _read_words(value: str) -> str:
    with suppress(BadValue):
        return answers.words(_whole(value))
    raise _Wrong("this text is longer than the kit keeps")


def _read_name(value: str) -> str:
    with suppress(BadValue):
        return answers.name(_whole(value))
    raise _Wrong("this name is empty or too long")


_Text = Annotated[str, AfterValidator(_whole)]
_Words = Annotated[str, AfterValidator(_read_words)]
_Name = Annotated[str, AfterValidator(_read_name)]
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
            raise _Wrong(f"a level and “{UNSURE_IN_WORDS}” cannot stand together")
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


class _Work(_Part):
    format: str
    version: int
    made_at: _Moment
    audits: _Rows[_Audit]


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


def _first_error(error: ValidationError) -> tuple[tuple[str | int, ...], str]:
    """The place of the first mistake, and what is wrong there."""
    first = error.errors(include_url=False, include_input=False)[0]
    meaning = _MEANINGS.get(first["type"], "this is not what the kit puts here")
    reason = first.get("ctx", {}).get("error")
    return first["loc"], str(reason) if isinstance(reason, _Wrong) else meaning


# Names of entries that are not words yet.
_NAMES = {
    "by_when": "by when",
    "changed_at": "last changed",
    "created_at": "started",
    "framework_id": "standard",
    "kept_where": "where it is kept",
    "made_at": "made",
    "matters_now": "matters now",
    "outcome_id": "item",
    "started_from": "started from",
    "with_whom": "with whom",
}


def _place(path: Iterable[str | int]) -> str:
    """A place in the file as a person would say it.

    >>> _place(("audits", 1, "ratings", "A1", "level"))
    'audits, number 2, item A1, level'
    """
    said: list[str] = []
    for step in path:
        if isinstance(step, int):
            said.append(f"number {step + 1}")
        elif step == "[key]":  # pydantic's word for the name of an entry; the step before is that name
            continue
        elif said and said[-1] == "ratings":
            said[-1] = f"item {_short(step)}"
        else:
            said.append(_NAMES.get(step, _short(step)))
    return ", ".join(said) or "the file"


def _short(name: str) -> str:
    text = " ".join(clean(name).split())
    return text if len(text) <= 40 else text[:40] + "…"


def _check_known(audits: list[SelfAudit], known: Mapping[str, Collection[str]]) -> None:
    """Raises ImportProblem for the first framework or outcome that this kit does not have.

    Such a file may well be one that a newer kit made, so its sentence does not say otherwise.
    """
    for number, audit in enumerate(audits):
        outcomes = known.get(audit.framework_id)
        if outcomes is None:
            place = _place(("audits", number, "framework_id"))
            raise ImportProblem(f"{place}: this kit has no standard “{_short(audit.framework_id)}”; {_UPDATE}.")
        steps = [("ratings", outcome_id) for outcome_id in audit.ratings]
        lines = [("actions", line, "outcome_id") for line in range(len(audit.actions))]
        named = [*audit.ratings, *(line.outcome_id for line in audit.actions)]
        for outcome_id, step in zip(named, [*steps, *lines], strict=True):
            if outcome_id not in outcomes:
                place = _place(("audits", number, *step))
                raise ImportProblem(f"{place}: the standard has no item “{_short(outcome_id)}”; {_UPDATE}.")


def _check_ids(audits: list[SelfAudit]) -> None:
    """Raises ImportProblem for the first id that stands twice."""
    seen: set[tuple[str, str]] = set()
    for number, audit in enumerate(audits):
        ids = [("an audit", audit.id), *(("a piece of evidence", one) for one in _evidence_ids(audit))]
        for one in (*ids, *(("an action", line.id) for line in audit.actions)):
            if one in seen:
                _refuse_place(["audits", number], f"the id of {one[0]} stands twice in the file")
            seen.add(one)
