"""A cycle's plan as an Excel workbook for leaders: findings, objectives, actions, reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from senco_kit.days import in_words
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import ACTION, FINDING, OBJECTIVE, PROGRESS, REVIEW_FIELDS
from senco_kit.planning.progress import is_over, latest_progress
from senco_kit.planning.swot import quadrant_of
from senco_kit.planning.timeline import status
from senco_kit.reports.words import KIT_NAME

if TYPE_CHECKING:
    from senco_kit.reports.excel_file import Cell, ExcelFile

_POUNDS = "£#,##0"


def excel_plan(cycle: Cycle, made_on: date, principles: Mapping[str, str]) -> bytes:
    """The workbook. `principles` are the titles of the principles of inclusion by their ids."""
    from senco_kit.reports.excel_file import ExcelFile

    book = ExcelFile(f"Development plan: {cycle.name}")
    _findings(book, cycle, made_on)
    _objectives(book, cycle, principles)
    _actions(book, cycle, made_on)
    _reviews(book, cycle)
    return book.contents()


def _findings(book: ExcelFile, cycle: Cycle, made_on: date) -> None:
    columns = (
        ("Finding", 60),
        ("How we know", 20),
        ("Where it stands", 40),
        ("As on", 14),
        ("Area of need", 24),
        ("Pupils", 20),
        ("Years", 16),
        ("SWOT", 16),
        ("Answered by", 50),
    )
    rows = [
        [
            one.text("what"),
            _chosen(FINDING, one, "source"),
            one.text("where_from"),
            _day(one, "found_on"),
            _chosen(FINDING, one, "area"),
            one.text("group"),
            one.text("years"),
            quadrant_of(one).title,
            _listed(each.text("what") for each in cycle.ticking(one, "answers") if each.kind == OBJECTIVE.id),
        ]
        for one in cycle.of(FINDING.id)
    ]
    above = (f"Findings: {cycle.name}", f"Made on {in_words(made_on)} with the {KIT_NAME}.")
    book.sheet("Findings", columns, rows, above=above, nothing="No findings yet.")


def _objectives(book: ExcelFile, cycle: Cycle, principles: Mapping[str, str]) -> None:
    columns = (
        ("Objective", 50),
        ("Progress", 18),
        ("Measured by", 30),
        ("Now", 20),
        ("Target", 20),
        ("By", 14),
        ("Success", 40),
        ("Lead", 18),
        ("School’s plan", 26),
        ("Who looks", 18),
        ("How they look", 30),
        ("Next review", 14),
        ("Answers", 50),
        ("Principles", 34),
    )
    rows = [
        [
            one.text("what"),
            PROGRESS.get(latest_progress(cycle, one), "Not reviewed yet"),
            one.text("measure"),
            one.text("baseline"),
            one.text("target"),
            _day(one, "by"),
            one.text("success"),
            one.text("lead"),
            one.text("school_plan"),
            one.text("monitor_who"),
            one.text("monitor_how"),
            "" if is_over(cycle, one) else _day(one, "next_review"),
            _listed(each.text("what") for each in cycle.ticked(one, "answers")),
            _listed(principles.get(each, each) for each in one.ticks("principle")),
        ]
        for one in cycle.of(OBJECTIVE.id)
    ]
    book.sheet("Objectives", columns, rows, above=(f"Objectives: {cycle.name}",), nothing="No objectives yet.")


def _actions(book: ExcelFile, cycle: Cycle, made_on: date) -> None:
    columns = (
        ("Action", 50),
        ("Serves", 44),
        ("Lead", 18),
        ("Support", 18),
        ("Starts", 14),
        ("Ends", 14),
        ("Cost", 12),
        ("Paid from", 22),
        ("For whom", 14),
        ("First sign", 30),
        (f"How far, on {in_words(made_on)}", 34),
    )
    rows: list[list[Cell]] = []
    costs = []
    for one in cycle.of(ACTION.id):
        objective = cycle.find(one.text("objective"), OBJECTIVE.id)
        cost = one.number("cost")
        costs.append(cost or 0.0)
        rows.append(
            [
                one.text("what"),
                objective.text("what") if objective else "No objective",
                one.text("lead"),
                one.text("support"),
                _day(one, "start"),
                _day(one, "end"),
                one.text("cost") if cost is None else cost,
                _chosen(ACTION, one, "funding"),
                _chosen(ACTION, one, "tier"),
                one.text("milestone"),
                status(one, made_on),
            ]
        )
    total = ("All actions", "", "", "", None, None, sum(costs)) if rows else ()
    formats = ("", "", "", "", "", "", _POUNDS)
    above = (f"Actions: {cycle.name}", "A cost that nobody has written counts as nothing in the sum.")
    book.sheet("Actions", columns, rows, above=above, total=total, nothing="No actions yet.", formats=formats)


def _reviews(book: ExcelFile, cycle: Cycle) -> None:
    columns = (("Objective", 44), ("Reviewed on", 14), *((asked.label, 34) for asked in REVIEW_FIELDS))
    rows: list[list[Cell]] = []
    for one in sorted(cycle.reviews, key=lambda each: each.made_at):
        objective = cycle.find(one.about, OBJECTIVE.id)
        if objective is None:
            continue
        said: list[Cell] = [
            PROGRESS.get(one.text(asked.name), "") if asked.name == "progress" else one.text(asked.name)
            for asked in REVIEW_FIELDS[:-1]
        ]
        following = Record("", "", one.made_at, one.made_at, one.values)
        rows.append([objective.text("what"), one.made_at.astimezone().date(), *said, _day(following, "next_review")])
    above = (f"Reviews: {cycle.name}", "Reviews are added and never changed.")
    book.sheet("Reviews", columns, rows, above=above, nothing="No reviews yet.")


def _day(record: Record, name: str) -> date | str:
    """The day in a field; what stands there, where it is none."""
    return record.day(name) or record.text(name)


def _chosen(kind: Kind, record: Record, name: str) -> str:
    """The words of what was chosen."""
    value = record.text(name)
    return next((each.label for each in getattr(kind.field(name), "options", ()) if each.value == value), value)


def _listed(texts: Iterable[str]) -> str:
    return "\n".join(text for text in texts if text)
