"""The uploaded sheets, checked: which sheet and column is which, what each cell says, and whether the sheets agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from senco_kit.provision.own_data.cells import Answer, answer, same
from senco_kit.provision.own_data.columns import (
    EXAMPLE,
    NOTE,
    OTHER_SCORES,
    PROVISIONS,
    PUPILS,
    SHEETS,
    WHO_GETS_WHAT,
    Column,
    SheetPlan,
    plain,
)
from senco_kit.provision.own_data.grids import Grid, Row, Value, column_letter, is_empty
from senco_kit.provision.own_data.mistakes import Found, quoted

_MOST_ROWS_ABOVE_HEADINGS = 10

# Headings of columns that say who a pupil is. The kit needs none of them, so it takes no file that has one.
_WHO = (
    "forename",
    "surname",
    "firstname",
    "lastname",
    "familyname",
    "givenname",
    "pupilname",
    "studentname",
    "childname",
    "childsname",
    "fullname",
    "legalname",
    "preferredname",
    "upn",
    "uniquepupilnumber",
    "uln",
    "nhsnumber",
    "dob",
    "dateofbirth",
    "birthdate",
    "birthday",
    "postcode",
    "address",
    "email",
    "phone",
    "telephone",
    "parent",
    "carer",
    "ethnicity",
)


@dataclass
class Checked:
    """The rows of one sheet that hold data: their numbers and, for each, the answers by column name; None if empty."""

    plan: SheetPlan
    numbers: list[int] = field(default_factory=list)
    rows: list[dict[str, Answer | None]] = field(default_factory=list)
    letters: dict[str, str] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)  # columns with a cell that could not be read

    def column(self, name: str) -> str:
        """A column as a mistake names it: heading and letter."""
        heading = self.plan.column(name).heading
        return f"{heading} ({self.letters[name]})" if name in self.letters else heading


def check(grids: Sequence[Grid], found: Found) -> dict[str, Checked]:
    """Every sheet of the template by its name; what is wrong is noted in `found`."""
    checked = check_sheets(SHEETS, grids, found)
    _agree(checked, found)
    return checked


def check_sheets(sheets: Sequence[SheetPlan], grids: Sequence[Grid], found: Found) -> dict[str, Checked]:
    """Every sheet of any template by its name, each checked by itself; what is wrong is noted in `found`."""
    by_plan = _sheets(sheets, grids, found)
    return {plan.name: _sheet(plan, by_plan.get(plan.name), found) for plan in sheets}


def _sheets(sheets: Sequence[SheetPlan], grids: Sequence[Grid], found: Found) -> dict[str, Grid]:
    plans = {plain(plan.name): plan for plan in sheets}
    by_plan: dict[str, Grid] = {}
    strangers = []
    for grid in grids:
        plan = plans.get(plain(grid.name))
        if plan is None:
            if grid.rows:
                strangers.append(grid.name)
        elif plan.name in by_plan:
            found.add(plan.name, None, "", "There are two sheets of this name. Put all rows on one of them.")
        else:
            by_plan[plan.name] = grid
    missing = [plan for plan in sheets if plan.name not in by_plan]
    for name in strangers:
        near = get_close_matches(plain(name)[:40], [plain(plan.name) for plan in missing], n=1, cutoff=0.6)
        advice = f"Rename it {plans[near[0]].name}." if near else "Delete it, or rename it if it is one of them."
        names = ", ".join(plan.name for plan in sheets)
        found.add(name, None, "", f"The kit does not know a sheet {quoted(name)}. Its sheets are: {names}. {advice}")
    for plan in missing:
        if plan.required:
            found.add(plan.name, None, "", f"There is no sheet {plan.name}. Copy it from the template.")
    return by_plan


def _sheet(plan: SheetPlan, grid: Grid | None, found: Found) -> Checked:
    checked = Checked(plan)
    if grid is None:
        return checked
    header = _header(plan, grid, found)
    if header is None:
        return checked
    places = _places(plan, header, found)
    checked.letters = {name: column_letter(place) for name, place in places.items()}
    rows = [row for row in grid.rows if row.number > header.number and not _is_left_out(plan, row, places, found)]
    if len(rows) > plan.most_rows:
        found.add(
            plan.name,
            None,
            "",
            f"This sheet has {len(rows):,} rows; the most is {plan.most_rows:,}. Upload fewer.",
        )
        return checked
    _no_heading(plan, header, rows, found)
    if plan.required and not rows:
        found.add(plan.name, None, "", "This sheet has no row of data. Write at least one row under the headings.")
    for row in rows:
        checked.numbers.append(row.number)
        checked.rows.append(_answers(plan, row, places, checked, found))
    _unique(checked, found)
    return checked


def _header(plan: SheetPlan, grid: Grid, found: Found) -> Row | None:
    """The row of headings: of the first rows, the one with most of the sheet's headings."""
    headings = {plain(column.heading) for column in plan.columns}

    def known(row: Row) -> int:
        return len({plain(cell) for cell in row.cells if isinstance(cell, str)} & headings)

    first = [row for row in grid.rows if row.number <= _MOST_ROWS_ABOVE_HEADINGS]
    best = max(first, key=known, default=None)
    if best is not None and known(best):
        return best
    if grid.rows or plan.required:
        wanted = ", ".join(column.heading for column in plan.columns)
        found.add(plan.name, None, "", f"The first row must have the template's headings: {wanted}.")
    return None


def _places(plan: SheetPlan, header: Row, found: Found) -> dict[str, int]:
    """Where each column stands, by its name in the data."""
    columns = {plain(column.heading): column for column in plan.columns}
    places: dict[str, int] = {}
    strangers: list[tuple[int, str]] = []
    for place, cell in enumerate(header.cells):
        if is_empty(cell):
            continue
        column = columns.get(plain(str(cell)))
        if column is None:
            strangers.append((place, str(cell)))
        elif column.name in places:
            found.add(
                plan.name,
                header.number,
                f"{column.heading} ({column_letter(place)})",
                "There are two columns of this name. Delete one of them.",
            )
        else:
            places[column.name] = place
    missing = [column for column in plan.columns if column.name not in places]
    for place, heading in strangers:
        found.add(plan.name, header.number, column_letter(place), _stranger(plan, heading, missing))
    for column in missing:
        if column.required:
            found.add(plan.name, header.number, column.heading, "This column is missing. Copy it from the template.")
    return places


def _stranger(plan: SheetPlan, heading: str, missing: Sequence[Column]) -> str:
    written = plain(heading)
    if any(who in written for who in _WHO) or (plan is not PROVISIONS and written in ("name", "names")):
        return (
            f"Leave names out: delete the column {quoted(heading)}. The kit needs no names, UPNs, dates of birth or "
            "addresses, only a code of your own for each pupil."
        )
    near = get_close_matches(written[:40], [plain(column.heading) for column in missing], n=1, cutoff=0.6)
    if near:
        wanted = next(column.heading for column in missing if plain(column.heading) == near[0])
        return f"The kit does not know the column {quoted(heading)}. Did you mean {wanted}? Then rename it."
    return f"The kit does not know the column {quoted(heading)}. Delete it: the kit takes only what it needs."


def _no_heading(plan: SheetPlan, header: Row, rows: Sequence[Row], found: Found) -> None:
    """Note the columns that hold something but have no heading: nobody knows what, and it could be names."""
    told: set[int] = set()
    for row in rows:
        for place, cell in enumerate(row.cells):
            has_heading = place < len(header.cells) and not is_empty(header.cells[place])
            if not has_heading and place not in told and not is_empty(cell):
                told.add(place)
                says = "This column has no heading. Delete what is in it, or write the template's heading over it."
                found.add(plan.name, row.number, column_letter(place), says)


def _is_left_out(plan: SheetPlan, row: Row, places: dict[str, int], found: Found) -> bool:
    """Whether a row is the template's row of notes or its example; an example that was changed is told."""
    first = row.cells[places.get(plan.columns[0].name, 0)] if row.cells else None
    if not isinstance(first, str):
        return False
    if plain(first).startswith(plain(NOTE)):
        return True
    if plain(first) != plain(EXAMPLE):
        return False
    for column in plan.columns:
        cell = _cell(row, places, column.name)
        if not is_empty(cell) and same(str(cell)) != same(str(column.example)):
            found.add(
                plan.name,
                row.number,
                "",
                "This row was changed but is still marked as the example. Write your own code in its first cell, or "
                "delete the row.",
            )
            break
    return True


def _cell(row: Row, places: dict[str, int], name: str) -> Value:
    place = places.get(name)
    return row.cells[place] if place is not None and place < len(row.cells) else None


def _answers(
    plan: SheetPlan, row: Row, places: dict[str, int], checked: Checked, found: Found
) -> dict[str, Answer | None]:
    answers: dict[str, Answer | None] = {}
    for column in plan.columns:
        answers[column.name] = None
        value = _cell(row, places, column.name)
        if is_empty(value):
            if column.required and column.name in places:
                found.add(plan.name, row.number, checked.column(column.name), f"This cell is empty. {column.note}")
            continue
        try:
            full = found.is_full(plan.name, checked.column(column.name))
            answers[column.name] = answer(column.kind, value, suggest=not full)
        except ValueError as problem:
            checked.wrong.add(column.name)
            found.add(plan.name, row.number, checked.column(column.name), str(problem))
    return answers


def _key(checked: Checked, answers: dict[str, Answer | None]) -> tuple[str, ...] | None:
    values = [answers[name] for name in checked.plan.unique]
    return None if any(value is None for value in values) else tuple(same(str(value)) for value in values)


def _unique(checked: Checked, found: Found) -> None:
    first_row: dict[tuple[str, ...], int] = {}
    for number, answers in zip(checked.numbers, checked.rows, strict=True):
        key = _key(checked, answers)
        if key is None:
            continue
        if key in first_row:
            found.add(
                checked.plan.name,
                number,
                checked.column(checked.plan.unique[0]),
                f"{_twice(checked.plan)} is already in row {first_row[key]}. Keep one row, or correct the code.",
            )
        else:
            first_row[key] = number


def _twice(plan: SheetPlan) -> str:
    what = {
        ("pupil",): "This pupil",
        ("provision",): "This provision's code",
        ("pupil", "provision"): "This pupil with this provision",
        ("pupil", "measure"): "This pupil with this measure",
    }
    return what.get(plan.unique, "The same line")


def _agree(checked: dict[str, Checked], found: Found) -> None:
    """Note where the sheets do not fit one another."""
    pupils, provisions = (
        {same(str(row[name])): row for row in checked[plan.name].rows if row[name] is not None}
        for plan, name in ((PUPILS, "pupil"), (PROVISIONS, "provision"))
    )
    for sheet in (checked[WHO_GETS_WHAT.name], checked[OTHER_SCORES.name]):
        for number, row in zip(sheet.numbers, sheet.rows, strict=True):
            if row["pupil"] is not None and same(str(row["pupil"])) not in pupils and pupils:
                says = "This code is not on the sheet Pupils. Add the pupil there, or correct the code here."
                found.add(sheet.plan.name, number, sheet.column("pupil"), says)
    sheet = checked[WHO_GETS_WHAT.name]
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        if row["provision"] is None or not provisions:
            continue
        provision = provisions.get(same(str(row["provision"])))
        if provision is None:
            says = f"{quoted(row['provision'])} is not on the sheet Provisions. Add it there, or correct the code here."
            found.add(sheet.plan.name, number, sheet.column("provision"), says)
        else:
            _fits(sheet, number, row, provision, found)
            measure_known = provision["measure"] is not None or "measure" in checked[PROVISIONS.name].wrong
            if not measure_known and (row["entry_score"] is not None or row["exit_score"] is not None):
                says = "There is a score, but the provision has no measure. Write its measure on the sheet Provisions."
                found.add(sheet.plan.name, number, sheet.column("entry_score"), says)


def _fits(
    sheet: Checked, number: int, row: dict[str, Answer | None], provision: dict[str, Answer | None], found: Found
) -> None:
    """Note what cannot be so in one pupil's provision."""
    delivered = row["delivered_sessions"]
    planned = row["planned_sessions"] or planned_sessions(provision)
    if isinstance(delivered, float) and isinstance(planned, float) and delivered > 2 * planned + 5:
        found.add(
            sheet.plan.name,
            number,
            sheet.column("delivered_sessions"),
            f"{delivered:,.0f} delivered sessions are more than twice the {planned:,.0f} planned. Correct one.",
        )
    entry_date, exit_date = row["entry_date"], row["exit_date"]
    if entry_date is not None and exit_date is not None and str(exit_date) < str(entry_date):
        says = "The exit date is before the entry date. Correct one of the two."
        found.add(sheet.plan.name, number, sheet.column("exit_date"), says)


def planned_sessions(provision: dict[str, Answer | None]) -> float | None:
    """The sessions of one run of a provision: sessions a week times weeks, to the nearest whole one."""
    a_week, weeks = provision["sessions_per_week"], provision["weeks"]
    if not isinstance(a_week, float) or not isinstance(weeks, float):
        return None
    return float(max(1, round(a_week * weeks)))
