"""The work of a file added to the work that is here, which is never changed by it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from senco_kit.audit.model import Rating, SelfAudit
from senco_kit.planning.model import Cycle
from senco_kit.store import answers, cycles, own_schools, readings, rows, scenarios, tables
from senco_kit.store.own_schools import OwnSchool
from senco_kit.store.portable import bringing_in_course
from senco_kit.store.portable.problem import ImportProblem
from senco_kit.store.portable.reading import read_work
from senco_kit.store.portable.tally import Tally
from senco_kit.store.readings import Reading
from senco_kit.store.scenarios import SavedScenario
from senco_kit.store.tables import LONGEST_NAME
from senco_kit.store.work_file import WorkFile

_COPY = " (imported)"


@dataclass(frozen=True)
class ImportResult:
    """What an import did, by kind."""

    audits: Tally
    scenarios: Tally
    own_schools: Tally
    readings: Tally
    cycles: Tally
    course: tuple[Tally, ...] = ()

    @property
    def sentence(self) -> str:
        """The result in one sentence for the person."""
        tallies = (self.audits, self.scenarios, self.own_schools, self.readings, self.cycles, *self.course)
        told = [part for tally in tallies for part in tally.told()]
        return ("; ".join(told) or "The file holds no work, so nothing was added") + "."


def import_work(store: WorkFile, data: bytes, known: Mapping[str, Collection[str]]) -> ImportResult:
    """Add the work of an exported file to the store: all of it, or none when anything is wrong.

    `known` gives the outcome ids of each framework id. What is here is never changed: a thing that is here with the
    same content is passed over; one that is here with other content is added as a copy under another name; an answer
    about an invented school, and what belongs to the course, is left out when there is another one here.
    Raises ImportProblem for the file, StoreProblem for the store.
    """
    work = read_work(data, known)
    with store.writing() as connection:
        return ImportResult(
            _add_audits(connection, work.audits),
            _add_scenarios(connection, work.scenarios),
            _add_own_schools(connection, work.own_schools),
            _add_readings(connection, work.readings),
            _add_cycles(connection, work.cycles),
            bringing_in_course.add(connection, work.course),
        )


# -- audits


def _add_audits(connection: Connection, audits: Collection[SelfAudit]) -> Tally:
    here = {audit.id: audit for audit in rows.read(connection)}
    new = [audit for audit in audits if audit.id not in here]
    copies = {audit.id: _as_copy(audit) for audit in audits if audit.id in here and not _is_here(audit, here)}
    # An audit that was started from one that is now a copy was started from that copy.
    ids = {old: copy.id for old, copy in copies.items()}
    added = [*_with_free_ids(connection, new), *copies.values()]
    rows.write(
        connection, [replace(one, started_from=ids.get(one.started_from or "", one.started_from)) for one in added]
    )
    return Tally(("audit", "audits"), len(new), len(audits) - len(new) - len(copies), len(copies))


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
    return replace(rows.with_new_ids(audit), name=_name_of_copy(audit.name))


def _name_of_copy(name: str) -> str:
    if len(name + _COPY) > LONGEST_NAME:
        name = name[: LONGEST_NAME - len(_COPY) - 1] + "…"
    return name + _COPY


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


# -- scenarios, cycles, own school data, answers


@dataclass(frozen=True)
class _Thing:
    """What has an id and a name; `content` is what the person made of it."""

    id: str
    name: str
    content: object


def _new_and_copies(found: Collection[_Thing], here: Iterable[_Thing]) -> tuple[set[str], dict[str, str]]:
    """The ids of the things that are not here; and of those that are here with other content, with a name for a copy.

    What was brought in as a copy before is here too.
    """
    there = {one.id: one for one in here}
    contents = [(one.name, one.content) for one in there.values()]
    new = {one.id for one in found if one.id not in there}
    changed = [one for one in found if one.id in there and one != there[one.id]]
    copies = {one.id: _name_of_copy(one.name) for one in changed}
    return new, {one.id: copies[one.id] for one in changed if (copies[one.id], one.content) not in contents}


def _add_scenarios(connection: Connection, found: Collection[SavedScenario]) -> Tally:
    def things(those: Iterable[SavedScenario]) -> list[_Thing]:
        return [_Thing(one.id, one.name, (one.school, one.changes)) for one in those]

    new, copies = _new_and_copies(things(found), things(scenarios.read(connection)))
    scenarios.write(connection, [one for one in found if one.id in new])
    scenarios.write(
        connection, [replace(one, id=rows.new_id(), name=copies[one.id]) for one in found if one.id in copies]
    )
    return Tally(("plan", "plans"), len(new), len(found) - len(new) - len(copies), len(copies))


def _add_cycles(connection: Connection, found: Collection[Cycle]) -> Tally:
    def things(those: Iterable[Cycle]) -> list[_Thing]:
        return [_Thing(one.id, one.name, _said_in(one)) for one in those]

    new, copies = _new_and_copies(things(found), things(cycles.read(connection)))
    cycles.write(connection, [one for one in found if one.id in new])
    cycles.write(connection, [cycles.as_copy(one, copies[one.id]) for one in found if one.id in copies])
    return Tally(("cycle", "cycles"), len(new), len(found) - len(new) - len(copies), len(copies))


def _said_in(cycle: Cycle) -> object:
    """What the person put into a cycle: not when it was last changed."""
    records = [(one.id, one.kind, dict(one.values)) for one in cycle.records]
    return cycle.school, records, cycle.reviews


def _add_own_schools(connection: Connection, found: Collection[tuple[OwnSchool, bytes]]) -> Tally:
    def things(those: Iterable[tuple[OwnSchool, bytes]]) -> list[_Thing]:
        return [_Thing(one.id, one.name, (one.kind, data)) for one, data in those]

    contents = own_schools.read_data(connection)
    here = [(one, contents[one.id]) for one in own_schools.read(connection)]
    new, copies = _new_and_copies(things(found), things(here))
    added = [(one, data) for one, data in found if one.id in new]
    added += [(replace(one, id=rows.new_id(), name=copies[one.id]), data) for one, data in found if one.id in copies]
    if not own_schools.has_room(connection, sum(len(data) for _, data in added)):
        raise ImportProblem(
            f"The kit keeps {answers.LARGEST_OWN_SCHOOLS // 1_000_000} MB of school data in all, and the file would "
            "bring more; delete school data that you kept before, then choose the file again."
        )
    own_schools.write(connection, added)
    words = ("set of school data", "sets of school data")
    return Tally(words, len(new), len(found) - len(new) - len(copies), len(copies))


def _add_readings(connection: Connection, found: Collection[Reading]) -> Tally:
    here = {(one.school, one.question): one.answer for one in readings.read(connection)}
    new = [one for one in found if (one.school, one.question) not in here]
    same = sum(here.get((one.school, one.question)) == one.answer for one in found)
    readings.write(connection, new)
    words = ("answer about an invented school", "answers about invented schools")
    return Tally(words, len(new), same, left_out=len(found) - len(new) - same)
