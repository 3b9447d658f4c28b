"""A file of work read and fully checked, before anything is done with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from pydantic import ValidationError

from senco_kit.audit.model import SelfAudit
from senco_kit.store.portable.parsing import parse
from senco_kit.store.portable.problem import NOT_OURS, UPDATE, ImportProblem, place, refuse, refuse_place, short
from senco_kit.store.portable.shape import VERSIONS, first_error
from senco_kit.store.portable.work import FORMAT, VERSION, Work


def read_work(data: bytes, known: Mapping[str, Collection[str]]) -> Work:
    """The work in an exported file, fully checked. `known` gives the outcome ids of each framework id.

    Raises ImportProblem.
    """
    content = parse(data)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        refuse(NOT_OURS)
    version = content.get("version")
    if type(version) is int and version > VERSION:
        raise ImportProblem("This file was made by a newer version of the kit: update the kit, then import again.")
    if type(version) is not int or version not in VERSIONS:
        refuse_place(["version"], f"this is not a number from 1 to {VERSION}")
    try:
        work = VERSIONS[version].model_validate(content).as_work()
    except ValidationError as error:
        refuse_place(*first_error(error))
    _check_known(work.audits, known)
    _check_ids(work)
    return work


def _check_known(audits: Iterable[SelfAudit], known: Mapping[str, Collection[str]]) -> None:
    """Raises ImportProblem for the first framework or outcome that this kit does not have.

    Such a file may well be one that a newer kit made, so its sentence does not say otherwise.
    """
    for number, audit in enumerate(audits):
        outcomes = known.get(audit.framework_id)
        if outcomes is None:
            where = place(("audits", number, "framework_id"))
            raise ImportProblem(f"{where}: this kit has no standard “{short(audit.framework_id)}”; {UPDATE}.")
        steps = [("ratings", outcome_id) for outcome_id in audit.ratings]
        lines = [("actions", line, "outcome_id") for line in range(len(audit.actions))]
        named = [*audit.ratings, *(line.outcome_id for line in audit.actions)]
        for outcome_id, step in zip(named, [*steps, *lines], strict=True):
            if outcome_id not in outcomes:
                where = place(("audits", number, *step))
                raise ImportProblem(f"{where}: the standard has no item “{short(outcome_id)}”; {UPDATE}.")


def _check_ids(work: Work) -> None:
    """Raises ImportProblem for the first id that stands twice."""
    seen: set[object] = set()
    for path, kind, key in _ids(work):
        if (kind, key) in seen:
            refuse_place(path, f"the id of {kind} stands twice in the file")
        seen.add((kind, key))


def _ids(work: Work) -> Iterator[tuple[tuple[str | int, ...], str, object]]:
    """Every id in the file, with its place and what it is the id of."""
    for number, audit in enumerate(work.audits):
        place_of_audit = ("audits", number)
        yield place_of_audit, "an audit", audit.id
        for one in (one for rating in audit.ratings.values() for one in rating.evidence):
            yield place_of_audit, "a piece of evidence", one.id
        for line in audit.actions:
            yield place_of_audit, "an action", line.id
    for number, scenario in enumerate(work.scenarios):
        yield ("scenarios", number), "a plan", scenario.id
    for number, (school, _) in enumerate(work.own_schools):
        yield ("own_schools", number), "school data", school.id
    for number, reading in enumerate(work.readings):
        yield ("readings", number), "an answer", (reading.school, reading.question)
    for number, cycle in enumerate(work.cycles):
        yield ("cycles", number), "a cycle", cycle.id
    for number, answer in enumerate(work.course.answers):
        yield ("course", "answers", number), "a course answer", (answer.work, answer.question)
    for number, section in enumerate(work.course.sections_done):
        yield ("course", "sections_done", number), "a section", (section.module, section.section)
    for number, assignment in enumerate(work.course.assignments):
        yield ("course", "assignments", number), "an assignment", assignment.id
    for number, mark in enumerate(work.course.marks):
        yield ("course", "marks", number), "a mark", (mark.work, mark.question)
