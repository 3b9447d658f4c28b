"""Staff and training as an Excel workbook: an empty template, all of it going out, and a workbook coming in.

What goes out comes in again without loss. A workbook that comes in is read within the limits of the school's own data
(provision/own_data/), and every mistake in it is told at once; then nothing of it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

from senco_kit.forms.check import errors_of
from senco_kit.plain_text import for_cell
from senco_kit.planning import training
from senco_kit.planning.competences_file import HIGHEST, competences
from senco_kit.planning.model import TICKED, Cycle, Record
from senco_kit.provision.own_data import template as own_template
from senco_kit.provision.own_data.cells import Answer, same
from senco_kit.provision.own_data.check import Checked, check_sheets
from senco_kit.provision.own_data.columns import (
    EXAMPLE,
    PROVISIONS,
    PUPILS,
    Choice,
    Column,
    Day,
    Number,
    SheetPlan,
    Words,
    plain,
)
from senco_kit.provision.own_data.excel import read_workbook
from senco_kit.provision.own_data.files import is_workbook, open_zip
from senco_kit.provision.own_data.grids import Grid, is_empty
from senco_kit.provision.own_data.mistakes import Found, quoted, whole_file
from senco_kit.provision.sensible import Ends
from senco_kit.reports.excel_file import Cell
from senco_kit.schools import codes
from senco_kit.standards.sheet import suggestion
from senco_kit.store.cycles import NewRecord

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_MOST_STAFF, _MOST_TRAININGS, _MOST_LEVELS = 1_000, 8_000, 8_000
_BETWEEN: Final = "; "
_TITLE: Final = "Staff and training"
_EXPLANATION = (
    _TITLE,
    "Fill in the sheets Staff and Training. The sheet Levels may stay empty.",
    "Never write a name. Give each member of staff a label, such as TA 1, and use the same label on every sheet.",
    "The row marked EXAMPLE on each sheet is invented. Delete it; the kit leaves it out if it is still there.",
    "An empty cell changes nothing that the kit has already.",
)
_YES_NO = PUPILS.column("FSMeligible").kind
_NEED = PUPILS.column("SENtype").kind
_ROLE = PROVISIONS.column("role").kind
_LABEL_NOTE = "The label, as on the sheet Staff."


def _area() -> Choice:
    kind = PROVISIONS.column("area").kind
    assert isinstance(kind, Choice)
    return replace(kind, options={**codes.AREAS, "all": "All areas"})


STAFF = SheetPlan(
    "Staff",
    "One row for each member of staff.",
    (
        Column("Label", "label", Words(training.LONGEST_LABEL), "A label of your own, such as TA 1. No name.", EXAMPLE),
        Column("Role", "role", _ROLE, "Choose from the list.", "teaching assistant", required=False),
        Column("Year or class", "year", Words(training.LONGEST_LABEL), "Such as Year 8, or 4B.", "4B", required=False),
        Column("Hours a week", "hours", Number(Ends(0, 60, "hours")), "Hours in the contract.", 25, required=False),
        Column("Started", "started", Day(), "The day they started here.", "1/9/2024", required=False),
        Column("New teacher", "new", _YES_NO, "yes for an early career teacher (ECT).", "no", required=False),
        Column("Leads others", "leads", _YES_NO, "yes for a middle or senior leader.", "no", required=False),
    ),
    unique=("label",),
    most_rows=_MOST_STAFF,
    required=False,
)
TRAINING = SheetPlan(
    "Training",
    "One row for each training of each member of staff.",
    (
        Column("Whose", "staff", Words(training.LONGEST_LABEL), _LABEL_NOTE, EXAMPLE),
        Column("Training", "course", Words(training.LONGEST_LINE), "What it was called.", "Dyslexia: first steps"),
        Column("Provider", "provider", Words(training.LONGEST_LINE), "Who gave it.", "Our own staff", required=False),
        Column(
            "In-house or external",
            "kind",
            Choice(codes.TRAINING_KINDS, also={"specialist": "external"}),
            "in-house, or external for a specialist from outside.",
            "in-house",
            required=False,
        ),
        Column(
            "Date", "date", Day(), "The last day of it. A day to come makes it a plan.", "24/9/2026", required=False
        ),
        Column("Hours", "hours", Number(Ends(0, training.MOST_HOURS, "hours")), "How long it was.", 2, required=False),
        Column(
            "Area of need", "area", _area(), "Choose from the list; all for all areas.", codes.COGNITION, required=False
        ),
        Column(
            "Type of need",
            "need",
            _NEED,
            "The census code, such as SPLD. Empty for a whole area.",
            "SPLD",
            required=False,
        ),
        Column(
            "Level",
            "level",
            Choice(codes.TRAINING_LEVELS),
            "awareness, enhanced or specialist.",
            "awareness",
            required=False,
        ),
        Column(
            "Cost", "cost", Number(Ends(0, training.MOST_COST, "pounds")), "Pounds for this person.", 0, required=False
        ),
        Column("Valid until", "expires", Day(), "Empty if it does not run out.", "24/9/2029", required=False),
        Column(
            "Evidence", "evidence", Words(training.LONGEST_TELLING), "What shows it.", "Certificate", required=False
        ),
        Column(
            "Effect on practice",
            "effect",
            Words(training.LONGEST_TELLING),
            "What has changed.",
            "Word mats in use",
            required=False,
        ),
        Column(
            "Covers",
            "covers",
            Words(500),
            "Competences by id, with semicolons between. May be empty.",
            "independence",
            required=False,
        ),
    ),
    unique=("staff", "course", "date"),
    most_rows=_MOST_TRAININGS,
    required=False,
)


@cache
def _levels_plan() -> SheetPlan:
    """The sheet of levels. Made when it is first needed: its list comes from a file."""
    named = {each.id: each.title for each in competences().values()}
    which = Choice(named, also={title.casefold(): key for key, title in named.items()})
    return SheetPlan(
        "Levels",
        "The level that a member of staff says, in one competence.",
        (
            Column("Whose", "staff", Words(training.LONGEST_LABEL), _LABEL_NOTE, EXAMPLE),
            Column("Competence", "competence", which, "Choose from the list.", next(iter(named))),
            Column(
                "Level from 0",
                "level",
                Number(Ends(0, HIGHEST, "levels", whole=True)),
                "0 not yet, 1 aware, 2 confident, 3 can lead others.",
                1,
            ),
        ),
        unique=("staff", "competence"),
        most_rows=_MOST_LEVELS,
        required=False,
    )


def plans() -> tuple[SheetPlan, ...]:
    """The sheets of the workbook."""
    return STAFF, TRAINING, _levels_plan()


# ----------------------------------------------------------------------------------------------------- out


def template() -> bytes:
    """The empty workbook, with notes, an invented example on each sheet, and lists to choose from."""
    example: dict[str, list[list[Cell]]] = {
        plan.name: [[column.example for column in plan.columns]] for plan in plans()
    }
    return own_template.workbook(_TITLE, _EXPLANATION, plans(), example)


def workbook(cycle: Cycle) -> bytes:
    """All staff and training of a cycle. `problems` says first what cannot come in again as it is."""
    labels = {member.id: member.text("label") for member in cycle.of("staff")}
    return own_template.workbook(
        _TITLE,
        _EXPLANATION,
        plans(),
        {
            STAFF.name: [_row(STAFF, each, {}) for each in cycle.of("staff")],
            TRAINING.name: [
                _row(
                    TRAINING, each, {"staff": labels[each.text("staff")], "covers": _BETWEEN.join(each.ticks("covers"))}
                )
                for each in cycle.of("training")
                if each.text("staff") in labels
            ],
            _levels_plan().name: [
                [labels[each.id], competence, int(level)]
                for each in cycle.of("staff")
                for competence, level in each.under("has").items()
                if competence in competences() and level.isdecimal()
            ],
        },
    )


def _row(plan: SheetPlan, record: Record, known: Mapping[str, str]) -> list[Cell]:
    """A record as a row: numbers as numbers, days as days."""
    cells: list[Cell] = []
    for column in plan.columns:
        if column.name in known:
            cells.append(known[column.name])
        elif isinstance(column.kind, Number):
            cells.append(record.number(column.name))
        elif isinstance(column.kind, Day):
            cells.append(record.day(column.name))
        else:
            cells.append(record.text(column.name))
    return cells


def problems(cycle: Cycle) -> list[tuple[str, str]]:
    """What keeps staff and training from coming in again as they go out: a sentence, and the id of the record."""
    found: list[tuple[str, str]] = []
    labels: dict[str, str] = {}
    for member in cycle.of("staff"):
        label = member.text("label")
        if not label.strip():
            found.append(("A member of staff has no label: write one.", member.id))
        elif same(label) in labels:
            found.append((f"Two members of staff are called {quoted(label)}: give each a label of its own.", member.id))
        labels.setdefault(same(label), member.id)
        found += [(says, member.id) for says in errors_of(training.STAFF.fields, member.values).values()]
    rows: set[tuple[str, ...]] = set()
    for record in cycle.of("training"):
        found += [(says, record.id) for says in _wrong_with(cycle, record)]
        row = _key(record.text("staff"), record.text("course"), record.text("date"))
        if row in rows:
            found.append((f"The training {quoted(record.text('course'))} is there twice: remove one.", record.id))
        rows.add(row)
    return found


def _wrong_with(cycle: Cycle, record: Record) -> Iterable[str]:
    if cycle.find(record.text("staff"), "staff") is None:
        yield "A training belongs to nobody on the staff list: remove it."
    if not record.text("course").strip():
        yield "A training has no title: say what it was."
    start, end = record.day("date"), record.day("expires")
    if start and end and end < start:
        yield f"The training {quoted(record.text('course'))} is valid until a day before it was given: correct one."
    yield from errors_of(training.TRAINING.fields, record.values).values()


def _key(*values: str) -> tuple[str, ...]:
    return tuple(same(value) for value in values)


# ------------------------------------------------------------------------------------------------------ in


@dataclass(frozen=True)
class Brought:
    """What a workbook says: members by label, trainings with their member's label, and levels said."""

    staff: Sequence[Mapping[str, str]]
    trainings: Sequence[tuple[str, Mapping[str, str]]]
    levels: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class Changes:
    """What a workbook changes in a cycle: records to add, and new answers of records that are there, by their ids."""

    new: tuple[NewRecord, ...]
    changed: Mapping[str, Mapping[str, str]]

    @property
    def answers(self) -> int:
        """How many answers of records that are there change."""
        return sum(len(values) for values in self.changed.values())


def read(data: bytes, labels_here: Iterable[str] = ()) -> Brought:
    """A workbook of staff and training. `labels_here` are the labels that the cycle has already.

    Everything happens in memory. Raises `Mistakes` with every mistake at once, and nothing else, whatever the file is.
    """
    found = Found()
    opened = open_zip(data, "")
    with opened:
        if not is_workbook(opened):
            raise whole_file(
                "This is a zip file, and no Excel workbook. Download the template, fill it in, upload that."
            )
        grids = read_workbook(data, opened, found)
    checked = check_sheets(plans(), grids, found)
    staff, trainings, levels = checked.values()
    _agree(staff, trainings, levels, labels_here, found)
    if not any(each.numbers for each in checked.values()):
        found.add("", None, "", "The file has no row of data. Write at least one row under the headings of Staff.")
    found.stop_if_any([plan.name for plan in plans()])
    by_name = {plain(grid.name): grid for grid in grids}
    raw = {name: _texts(each, by_name.get(plain(name))) for name, each in checked.items()}
    return Brought(
        staff=[_values(row) for row in raw[STAFF.name]],
        trainings=[(str(row["staff"]), _values(row)) for row in raw[TRAINING.name]],
        levels=[(str(row["staff"]), str(row["competence"]), _as_text(row["level"])) for row in raw[levels.plan.name]],
    )


def _agree(staff: Checked, trainings: Checked, levels: Checked, labels_here: Iterable[str], found: Found) -> None:
    """Note where the sheets do not fit one another, and days in the wrong order."""
    known = {same(label) for label in labels_here} | {same(str(row["label"])) for row in staff.rows if row["label"]}
    for sheet in (trainings, levels):
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            if row["staff"] is not None and same(str(row["staff"])) not in known:
                says = f"{quoted(row['staff'])} is not on the sheet Staff. Add the label there, or correct it here."
                found.add(sheet.plan.name, number, sheet.column("staff"), says)
    first: dict[tuple[str, ...], int] = {}
    for number, row in zip(trainings.numbers, trainings.rows, strict=True):
        _covers(trainings, number, row, found)
        start, end = row["date"], row["expires"]
        if isinstance(start, date) and isinstance(end, date) and end < start:
            says = "It is valid until a day before it was given. Correct one of the two."
            found.add(TRAINING.name, number, trainings.column("expires"), says)
        key = _key(str(row["staff"]), str(row["course"]))
        # Rows with a date are told apart by own_data's check.
        if row["staff"] and row["course"] and start is None and "date" not in trainings.wrong:
            if key in first:
                says = f"The same training without a date is already in row {first[key]}. Keep one, or add the dates."
                found.add(TRAINING.name, number, trainings.column("date"), says)
            first.setdefault(key, number)


def _covers(sheet: Checked, number: int, row: Mapping[str, Answer | None], found: Found) -> None:
    for each in _listed(row["covers"]):
        if each not in competences():
            says = f"{quoted(each)} is no competence of the kit: {suggestion(each[:60], list(competences()))}"
            found.add(sheet.plan.name, number, sheet.column("covers"), says)


def _listed(value: Answer | None) -> list[str]:
    return [each.strip() for each in str(value or "").split(_BETWEEN.strip()) if each.strip()]


def _texts(checked: Checked, grid: Grid | None) -> list[dict[str, Answer | None]]:
    """The checked rows, with each text exactly as it stands in its cell: reading for checks evens out spaces."""
    cells = {row.number: row.cells for row in grid.rows} if grid else {}
    letters = {name: _place(letter) for name, letter in checked.letters.items()}
    rows = []
    for number, row in zip(checked.numbers, checked.rows, strict=True):
        exact = dict(row)
        for column in checked.plan.columns:
            if isinstance(column.kind, Words) and column.name in letters:
                place = letters[column.name]
                cell = cells[number][place] if place < len(cells[number]) else None
                if isinstance(cell, str) and not is_empty(cell):
                    exact[column.name] = _as_typed(cell)
        rows.append(exact)
    return rows


def _place(letter: str) -> int:
    """A column's place from 0 by its letter; no more than 40 are read, so two letters at most."""
    place = 0
    for each in letter:
        place = 26 * place + ord(each) - ord("A") + 1
    return place - 1


def _as_typed(cell: str) -> str:
    """A text without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith("'") and for_cell(cell[1:]) == cell else cell


def _values(row: Mapping[str, Answer | None]) -> dict[str, str]:
    """A row as the values of a record. "no" stays as "no", so that it can take a tick away."""
    values: dict[str, str] = {}
    for name, answer in row.items():
        if name in ("staff", "covers") or answer is None:
            continue
        values[name] = _as_text(answer)
    return values | {f"covers/{each}": TICKED for each in _listed(row.get("covers"))}


def _as_text(answer: Answer | None) -> str:
    """An answer as it is kept: days as 2026-09-24, whole numbers without a decimal point."""
    if isinstance(answer, date):
        return answer.isoformat()
    return f"{answer:.12g}" if isinstance(answer, float) else str(answer or "")


def changes(cycle: Cycle, brought: Brought, new_id: Callable[[], str]) -> Changes:
    """What to add and to save so that a cycle says what a workbook says; whatever it does not name stays."""
    members = {same(each.text("label")): each for each in cycle.of("staff") if each.text("label")}
    ids = {label: each.id for label, each in members.items()}
    new: dict[str, NewRecord] = {}
    changed: dict[str, dict[str, str]] = {}
    for values in brought.staff:
        label = same(values["label"])
        if label in members:
            _note_changes(changed, members[label], values)
        else:
            ids[label] = new_id()
            new[ids[label]] = NewRecord("staff", _ticks_only(values), ids[label])
    for label, competence, level in brought.levels:
        record_id, field = ids[same(label)], f"has/{competence}"
        if record_id in new:
            new[record_id] = replace(new[record_id], values={**new[record_id].values, field: level})
        else:
            _note_changes(changed, members[same(label)], {field: level})
    here = {_key(one.text("staff"), one.text("course"), one.text("date")): one for one in cycle.of("training")}
    for label, values in brought.trainings:
        staff = ids[same(label)]
        there = here.get(_key(staff, values["course"], values.get("date", "")))
        if there is not None:
            _note_changes(changed, there, values)
        else:
            record_id = new_id()
            new[record_id] = NewRecord("training", {"staff": staff, **values}, record_id)
    return Changes(tuple(new.values()), changed)


_TICK_BOXES = ("new", "leads")


def _ticks_only(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if not (name in _TICK_BOXES and value == "no")}


def _note_changes(changed: dict[str, dict[str, str]], record: Record, values: Mapping[str, str]) -> None:
    """Note the values that a record does not have yet; a number that is written in another way is the same."""
    for name, value in values.items():
        wanted = "" if name in _TICK_BOXES and value == "no" else value
        number = record.number(name)
        if record.text(name) != wanted and not (number is not None and _as_text(number) == wanted):
            changed.setdefault(record.id, {})[name] = wanted
