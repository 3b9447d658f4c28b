"""The mistakes of an upload, all at once, each with its place and a sentence that says what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from senco_kit.plain_text import clean

#: How many mistakes are told in full; how many more there are is told too.
MOST_TOLD = 200
#: How many are told of one column, so that one column filled in wrongly does not hide the rest.
MOST_TOLD_OF_ONE_COLUMN = 20

_LONGEST_QUOTE = 30


@dataclass(frozen=True)
class Mistake:
    """What is wrong and what to do about it.

    `row` is the row's number as the spreadsheet shows it, None for the whole column or sheet; `column` is the column's
    name and its letter, "" for the whole row or sheet; `sheet` is "" for the whole file. `says` may quote a short piece
    of the file, which is for a page to escape. The code of a pupil is never quoted: the row says which it is.
    """

    sheet: str
    row: int | None
    column: str
    says: str

    @property
    def where(self) -> str:
        """The place in words.

        >>> Mistake("Pupils", 7, "Year group (B)", "").where
        'Sheet Pupils, row 7, column Year group (B)'
        """
        if not self.sheet:
            return "The file"
        row = f", row {self.row}" if self.row is not None else ""
        return f"Sheet {self.sheet}{row}" + (f", column {self.column}" if self.column else "")


class Mistakes(Exception):
    """An upload that cannot be used: `mistakes` in the order of the sheets, and how many `more` are not listed."""

    def __init__(self, mistakes: Sequence[Mistake], more: int = 0) -> None:
        self.mistakes = tuple(mistakes)
        self.more = more
        count = len(self.mistakes) + more
        # The mistakes themselves may quote the file, and an exception's text ends up in logs.
        super().__init__(f"{count:,} {'mistake' if count == 1 else 'mistakes'} in the uploaded file.")


def whole_file(says: str) -> Mistakes:
    """The one mistake of a file that cannot be read at all."""
    return Mistakes([Mistake("", None, "", says)])


def too_many_sheets(count: int, most: int) -> Mistakes:
    """The one mistake of a file with more sheets, or CSV files, than are read."""
    return whole_file(
        f"The file has {count:,} sheets; the most is {most}. Keep only the template's and upload it again."
    )


class Found:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self._kept: list[Mistake] = []
        self._of_column: Counter[tuple[str, str]] = Counter()

    def add(self, sheet: str, row: int | None, column: str, says: str) -> None:
        """Note one mistake."""
        place = (sheet, column)
        self._of_column[place] += 1
        if row is None or self._of_column[place] <= MOST_TOLD_OF_ONE_COLUMN:
            self._kept.append(Mistake(sheet, row, column, says))

    def is_full(self, sheet: str, column: str) -> bool:
        """Whether no more mistakes of this column will be told."""
        return self._of_column[sheet, column] >= MOST_TOLD_OF_ONE_COLUMN

    def stop_if_any(self, sheets: Sequence[str] = ()) -> None:
        """Raise `Mistakes` if there are any, in the order of `sheets` and then of rows."""
        if not self._kept:
            return
        for (sheet, column), count in self._of_column.items():
            if count > MOST_TOLD_OF_ONE_COLUMN:
                more = count - MOST_TOLD_OF_ONE_COLUMN
                rows = "1 more row has" if more == 1 else f"{more:,} more rows have"
                self._kept.append(Mistake(sheet, None, column, f"{rows} a mistake here. The first are listed below."))
        order = {name: place for place, name in enumerate(sheets, 1)}
        told = sorted(self._kept, key=lambda mistake: (order.get(mistake.sheet, 0), mistake.row or 0))
        raise Mistakes(told[:MOST_TOLD], max(0, len(told) - MOST_TOLD))


def quoted(value: object) -> str:
    """A piece of the file as a sentence can show it: one line, short.

    >>> quoted("a" * 50)
    '“aaaaaaaaaaaaaaaaaaaaaaaaaaaaa…”'
    """
    text = " ".join(clean(str(value)).split())
    return f"“{text[: _LONGEST_QUOTE - 1] + '…' if len(text) > _LONGEST_QUOTE else text}”"
