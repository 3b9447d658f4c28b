"""The week of support staff as an Excel workbook: the entries, the adults' hours, what the checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from senco_kit.planning.support import ACTIVITIES, DAYS, WITH_PUPILS, Slot, adults_of, clock
from senco_kit.planning.support_checks import CHECKS, Result, busy_minutes
from senco_kit.reports.excel_file import ExcelFile

_CODES = "Holds pupils’ codes: for the school’s own staff only."


def planning_week(
    name: str,
    slots: Sequence[Slot],
    contracts: Mapping[str, float],
    provisions: Mapping[str, str],
    found: Mapping[str, Sequence[Result]],
) -> bytes:
    """The workbook. `contracts` are hours a week by adult, `provisions` names by id, `found` results by check."""
    book = ExcelFile(f"Support staff’s week: {name}")
    title = f"Support staff’s week: {name}"
    _week(book, title, slots, provisions)
    _adults(book, title, slots, contracts)
    _checks(book, title, found)
    return book.contents()


def _week(book: ExcelFile, title: str, slots: Sequence[Slot], provisions: Mapping[str, str]) -> None:
    order = {adult: place for place, adult in enumerate(adults_of(slots, ()))}
    rows = [
        (
            slot.adult,
            DAYS[slot.day - 1],
            clock(slot.start),
            clock(slot.end),
            slot.minutes,
            slot.week or "every",
            ACTIVITIES[slot.activity],
            slot.class_name,
            provisions.get(slot.provision, slot.provision),
            slot.group,
            ", ".join(slot.pupils),
            slot.misses,
        )
        for slot in sorted(slots, key=lambda slot: (order[slot.adult], slot.day, slot.start, slot.id))
    ]
    columns = (
        ("Adult", 24),
        ("Day", 12),
        ("From", 8),
        ("To", 8),
        ("Minutes", 9),
        ("Week", 8),
        ("What", 34),
        ("Class", 10),
        ("Provision", 30),
        ("Group", 8),
        ("Pupils (codes)", 30),
        ("Lesson missed", 18),
    )
    book.sheet("Week", columns, rows, above=(title, _CODES), nothing="The week is empty.")


def _adults(book: ExcelFile, title: str, slots: Sequence[Slot], contracts: Mapping[str, float]) -> None:
    in_week = busy_minutes(slots)
    with_pupils = busy_minutes(slot for slot in slots if slot.activity in WITH_PUPILS)
    rows = [
        (adult, in_week[adult] / 60, with_pupils.get(adult, 0) / 60, contracts.get(adult))
        for adult in adults_of(slots, ())
    ]
    columns = (("Adult", 24), ("Hours in the week", 18), ("With pupils", 14), ("Hours in the contract", 20))
    book.sheet("Adults", columns, rows, above=(title,), nothing="The week is empty.", formats=("", "0.0", "0.0", "0.0"))


def _checks(book: ExcelFile, title: str, found: Mapping[str, Sequence[Result]]) -> None:
    rows = [(check.several.capitalize(), each.says) for check in CHECKS for each in found.get(check.key, ())]
    columns = (("Check", 34), ("What was found, and what to do", 110))
    book.sheet("Checks", columns, rows, above=(title, _CODES), nothing="Nothing was found.")
