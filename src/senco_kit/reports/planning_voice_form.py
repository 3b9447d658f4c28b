"""The Excel form on which a colleague without the kit answers a SEND review, and reading it when it comes back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from openpyxl.worksheet.datavalidation import DataValidation

from senco_kit.plain_text import LONGEST_TEXT
from senco_kit.planning.school_review import (
    LABEL,
    UNSURE,
    UNSURE_IN_WORDS,
    FilledForm,
    answer_words,
    every_area,
)
from senco_kit.planning.school_review_file import FAMILIES, VOICES, Area, Instrument, Prompt, Voice
from senco_kit.provision.own_data import cells
from senco_kit.provision.own_data.columns import Choice, Day, Words, plain
from senco_kit.provision.own_data.excel import read_workbook
from senco_kit.provision.own_data.files import is_workbook, open_zip
from senco_kit.provision.own_data.grids import Grid, Row, Value, is_empty
from senco_kit.provision.own_data.mistakes import Found, whole_file
from senco_kit.reports.excel_file import ExcelFile
from senco_kit.standards import read

if TYPE_CHECKING:
    from datetime import date

_FORM, _ABOUT = "Form", "About you"
_NUMBER, _ANSWER, _NOTE = "Number", "Your answer", "Anything to add? (no names)"
_COLUMNS: Final = ((_NUMBER, 10), ("Area", 26), ("What we ask", 60), (_ANSWER, 20), (_NOTE, 50))
_VOICE_ROW, _LABEL_ROW, _DAY_ROW = "Whose voice", "A label for you, without a name", "Day"
_ANSWER_PLACE, _NOTE_PLACE = 3, 4
#: More rows than this have no form: somebody put another table in.
_MOST_ROWS = 500
_USE_FORM = "Download the form again, and copy the answers into it."


def file_name(voice: Voice) -> str:
    """What the form of a voice is called."""
    return f"send-review-{voice.id}.xlsx"


def voice_form(instrument: Instrument, voice: Voice) -> bytes:
    """The form of an instrument for one voice: its prompts, with a list of answers to choose from beside each."""
    file = ExcelFile(f"{instrument.title}: {voice.title}")
    asked = [(area, prompt) for area in instrument.areas for prompt in area.asked_of(voice.id)]
    above = _above(instrument, voice)
    rows = [[prompt.id, area.title, prompt.says[voice.id], "", ""] for area, prompt in asked]
    file.sheet(_FORM, list(_COLUMNS), rows, above=above)
    about = [[_VOICE_ROW, voice.title], *([] if voice.id in FAMILIES else [[_LABEL_ROW, ""]]), [_DAY_ROW, ""]]
    file.sheet(_ABOUT, [("What", 36), (_ANSWER, 36)], about)
    choices = DataValidation(
        type="list", formula1=f'"{",".join(_choices(voice))}"', allow_blank=True, showErrorMessage=True
    )
    choices.errorTitle, choices.error = _ANSWER, "Choose one of the answers on the list."
    first = len(above) + 3
    choices.add(f"D{first}:D{first + len(rows) - 1}")
    file.workbook[_FORM].add_data_validation(choices)
    return file.contents()


def _choices(voice: Voice) -> list[str]:
    return [*answer_words(voice), UNSURE_IN_WORDS]


def _above(instrument: Instrument, voice: Voice) -> list[str]:
    levels = [f"{level.name}: {level.meaning}" for level in read.levels()] if voice.levels else []
    return [
        f"{instrument.title}: {voice.title}",
        "Choose an answer in each row of the column “Your answer”. You can leave rows empty.",
        "Write no names, of pupils or of anybody else. Save the file and send it back.",
        *levels,
    ]


def read_voice_form(data: bytes) -> FilledForm:
    """A filled-in form. Raises `Mistakes` with every mistake at once; then nothing of it is to be kept."""
    found = Found()
    opened = open_zip(data, "form.xlsx")
    with opened:
        if not is_workbook(opened):
            raise whole_file(f"This is not an Excel workbook. {_USE_FORM}")
        grids = {plain(grid.name): grid for grid in read_workbook(data, opened, found)}
    if plain(_FORM) not in grids or plain(_ABOUT) not in grids:
        raise whole_file(f"The file needs the sheets “{_FORM}” and “{_ABOUT}” of the form. {_USE_FORM}")
    voice = _voice(grids[plain(_ABOUT)], found)
    values = _about(grids[plain(_ABOUT)], voice, found) if voice else {}
    values |= _answers(grids[plain(_FORM)], voice, found) if voice else {}
    if voice and not found_any(values):
        found.add(
            _FORM, None, _ANSWER, "No row has an answer. Choose the answers, save the file, and bring it in again."
        )
    found.stop_if_any([_ABOUT, _FORM])
    assert voice is not None
    return FilledForm(voice.id, values, hashlib.sha256(data).hexdigest())


def found_any(values: Mapping[str, str]) -> bool:
    """Whether any prompt is answered."""
    return any(name.startswith("answer/") for name in values)


@dataclass(frozen=True)
class _Line:
    """One thing that the sheet about the person asks, and what stands beside it."""

    row: int
    value: Value


def _lines(grid: Grid) -> dict[str, _Line]:
    return {plain(str(row.cells[0])): _Line(row.number, _cell(row, 1)) for row in grid.rows if row.cells}


def _voice(about: Grid, found: Found) -> Voice | None:
    line = _lines(about).get(plain(_VOICE_ROW))
    if line is None or is_empty(line.value):
        found.add(_ABOUT, None, "", f"The row “{_VOICE_ROW}” is missing or empty. {_USE_FORM}")
        return None
    titles = {voice.title: voice for voice in VOICES.values()}
    said = _read(Choice(dict.fromkeys(titles, "")), line.value, _ABOUT, line.row, "B", found)
    return titles.get(str(said))


def _about(grid: Grid, voice: Voice, found: Found) -> dict[str, str]:
    lines, values = _lines(grid), {"role": voice.id}
    label, day = lines.get(plain(_LABEL_ROW)), lines.get(plain(_DAY_ROW))
    if label and voice.id not in FAMILIES and not is_empty(label.value):
        values["label"] = str(_read(Words(LABEL.longest), label.value, _ABOUT, label.row, "B", found))
    if day and not is_empty(day.value):
        answered: str | float | date | None = _read(Day(), day.value, _ABOUT, day.row, "B", found)
        values["day"] = str(answered)
    return values


def _answers(grid: Grid, voice: Voice, found: Found) -> dict[str, str]:
    start = next((place for place, row in enumerate(grid.rows) if plain(str(_cell(row, 0))) == plain(_NUMBER)), None)
    if start is None or plain(str(_cell(grid.rows[start], _ANSWER_PLACE))) != plain(_ANSWER):
        found.add(_FORM, None, "", f"The row with “{_NUMBER}” and “{_ANSWER}” over the columns is gone. {_USE_FORM}")
        return {}
    rows = grid.rows[start + 1 :]
    if len(rows) > _MOST_ROWS:
        found.add(_FORM, None, "", f"The sheet has {len(rows):,} rows, far more than the form. {_USE_FORM}")
        return {}
    values: dict[str, str] = {}
    seen: dict[str, int] = {}
    for row in rows:
        values |= _row(row, voice, seen, found)
    return values


def _row(row: Row, voice: Voice, seen: dict[str, int], found: Found) -> dict[str, str]:
    """The answer and the note of one row, by the names under which a voice keeps them."""
    given, note = _cell(row, _ANSWER_PLACE), _cell(row, _NOTE_PLACE)
    if is_empty(given) and is_empty(note):
        return {}
    prompt = next((prompt for _, prompt in _asked(voice) if plain(prompt.id) == plain(str(_cell(row, 0)))), None)
    if prompt is None:
        found.add(_FORM, row.number, "A", f"The form for this voice has no such number. {_USE_FORM}")
        return {}
    if prompt.id in seen:
        found.add(
            _FORM, row.number, "A", f"Number {prompt.id} stands in row {seen[prompt.id]} already: keep one of them."
        )
        return {}
    seen[prompt.id] = row.number
    values = {}
    if not is_empty(given):
        choices = dict(zip(_choices(voice), [*map(str, range(1, 5)), UNSURE], strict=True))
        # An apostrophe may be typed straight or curly.
        kind = Choice(choices, also={words.replace("’", "'"): words for words in choices if "’" in words})
        answer = _read(kind, given, _FORM, row.number, "D", found)
        values[f"answer/{prompt.id}"] = choices.get(str(answer), "")
    if not is_empty(note):
        values[f"note/{prompt.id}"] = str(_read(Words(LONGEST_TEXT), note, _FORM, row.number, "E", found))
    return values


def _asked(voice: Voice) -> Iterator[tuple[Area, Prompt]]:
    for area in every_area():
        for prompt in area.asked_of(voice.id):
            yield area, prompt


def _cell(row: Row, place: int) -> Value:
    return row.cells[place] if place < len(row.cells) else None


def _read(
    kind: Choice | Words | Day, value: Value, sheet: str, row: int, column: str, found: Found
) -> str | float | date | None:
    """What a cell says; None, with the mistake noted, when it does not fit."""
    try:
        return cells.answer(kind, value)
    except ValueError as problem:
        found.add(sheet, row, column, str(problem))
        return None
