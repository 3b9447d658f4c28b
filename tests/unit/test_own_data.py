"""A school's own data: what is read, and how 300 broken uploads are told. All pupils are invented."""

from __future__ import annotations

import contextlib
import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from time import perf_counter
from typing import Any, TypeAlias

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

from senco_kit.provision import own_data
from senco_kit.provision.cost import costs, planning_rates
from senco_kit.provision.own_data import Mistakes, columns, excel
from senco_kit.schools import codes

Sheets: TypeAlias = dict[str, list[list[Any]]]


def whole() -> Sheets:
    """Six pupils in two provisions, with scores and a budget."""
    return {
        "Pupils": [
            ["Pupil", "Year group", "SEN provision", "Main need", "Class", "Free school meals"],
            ["P1", 4, "K", "SLCN", "4A", "yes"],
            ["P2", 4, "K", "SPLD", "4A", "no"],
            ["P3", 5, "E", "ASD", "5A", "no"],
            ["P4", 5, "N", None, "5A", None],
            ["P5", "R", "K", "NSA", "RA", "no"],
            ["P6", 5, "N", None, None, "yes"],
        ],
        "Provisions": [
            [
                *("Code", "Name", "Area of need", "Tier", "Measure", "Group size", "Sessions a week", "Minutes"),
                *("Weeks", "Delivered by", "Hourly cost", "Preparation minutes", "Resources per pupil", "Funding line"),
            ],
            [
                *("READ", "Reading group", "cognition and learning", "targeted", "reading", 3, 3, 30),
                *(12, "teaching assistant", 20, 10, 5, "notional SEN"),
            ],
            [
                *("TALK", "Talk time", "communication and interaction", "targeted", None, 4, 2, 20),
                *(10, "teaching assistant", None, None, None, None),
            ],
        ],
        "Who gets what": [
            [
                *("Pupil", "Provision", "Planned sessions", "Delivered sessions", "Entry score", "Exit score"),
                *("Entry date", "Exit date"),
            ],
            ["P1", "READ", 36, 30, 84, 88, "24/9/2025", "4/2/2026"],
            ["P2", "READ", 36, 33, 79, 85, "24/9/2025", "4/2/2026"],
            ["P3", "READ", None, None, 90, 89, None, None],
            ["P1", "TALK", None, 12, None, None, None, None],
            ["P5", "TALK", None, None, None, None, None, None],
        ],
        "Other scores": [
            ["Pupil", "Measure", "Entry score", "Exit score"],
            ["P4", "reading", 97, 99],
            ["P6", "reading", 101, 98],
            ["P6", "maths", 95, 96],
        ],
        "Tests": [["Measure", "Standard error"], ["reading", 4.2]],
        "Budget": [["Funding line", "Amount"], ["notional SEN", 60000]],
    }


def as_workbook(sheets: Mapping[str, list[list[Any]]]) -> Workbook:
    """The sheets as a workbook that can still be changed."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return workbook


def saved(workbook: Workbook) -> bytes:
    """The workbook as a file."""
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def as_excel(sheets: Mapping[str, list[list[Any]]]) -> bytes:
    """The sheets as an Excel file."""
    return saved(as_workbook(sheets))


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Files by name, in a zip."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return made.getvalue()


def as_text(rows: list[list[Any]], separator: str = ",") -> str:
    """One sheet as the text of a CSV file."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue()


def as_csv(sheets: Mapping[str, list[list[Any]]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """The sheets as a zip of CSV files."""
    return as_zip({f"{name}.csv": as_text(rows, separator).encode(encoding) for name, rows in sheets.items()})


def with_cell(sheet: str, row: int, heading: str, value: Any) -> Sheets:
    """The whole school with one cell written over; rows are counted as the spreadsheet shows them."""
    sheets = whole()
    sheets[sheet][row - 1][sheets[sheet][0].index(heading)] = value
    return sheets


def with_heading(sheet: str, heading: str, other: str) -> Sheets:
    sheets = whole()
    sheets[sheet][0][sheets[sheet][0].index(heading)] = other
    return sheets


def with_column(sheet: str, heading: str) -> Sheets:
    sheets = whole()
    sheets[sheet] = [[*row, heading if number == 0 else "x"] for number, row in enumerate(sheets[sheet])]
    return sheets


def with_row(sheet: str, row: list[Any]) -> Sheets:
    sheets = whole()
    sheets[sheet].append(row)
    return sheets


def without(sheet: str, *, row: int | None = None, heading: str | None = None) -> Sheets:
    sheets = whole()
    if heading is not None:
        place = sheets[sheet][0].index(heading)
        sheets[sheet] = [[cell for at, cell in enumerate(line) if at != place] for line in sheets[sheet]]
    elif row is not None:
        del sheets[sheet][row - 1]
    else:
        del sheets[sheet]
    return sheets


#: One wrong cell each: sheet, row, column, what stands there, and a part of what must be said.
WRONG_CELLS: list[tuple[str, int, str, Any, str]] = [
    ("Pupils", 2, "Pupil", None, "empty"),
    ("Pupils", 2, "Pupil", "Zoë Smith", "looks like a name"),
    ("Pupils", 2, "Pupil", "Smith, Zoë", "looks like a name"),
    ("Pupils", 2, "Pupil", "zoe@school.invalid", "looks like a name"),
    ("Pupils", 2, "Pupil", "A123456789012", "looks like a UPN"),
    ("Pupils", 2, "Pupil", "P" * 21, "21 characters"),
    ("Pupils", 2, "Pupil", datetime(2025, 1, 2), "made this a date"),
    ("Pupils", 2, "Pupil", time(1, 2), "made this a time"),
    ("Pupils", 3, "Pupil", "P1", "already in row 2"),
    ("Pupils", 3, "Pupil", " p1 ", "already in row 2"),
    ("Pupils", 2, "Year group", None, "empty"),
    ("Pupils", 2, "Year group", "N2", "not on the list"),
    ("Pupils", 2, "Year group", 14, "not on the list"),
    ("Pupils", 2, "Year group", -1, "not on the list"),
    ("Pupils", 2, "Year group", 4.5, "not on the list"),
    ("Pupils", 2, "Year group", "four", "not on the list"),
    ("Pupils", 2, "Year group", date(2026, 4, 1), "made this a date (1 April 2026)"),
    ("Pupils", 2, "SEN provision", None, "empty"),
    ("Pupils", 2, "SEN provision", "A", "School Action, which ended in 2014"),
    ("Pupils", 2, "SEN provision", "P", "School Action Plus, which ended in 2014"),
    ("Pupils", 2, "SEN provision", "S", "use E"),
    ("Pupils", 2, "SEN provision", " s ", "use E"),
    ("Pupils", 2, "SEN provision", "School Action", "use K"),
    ("Pupils", 2, "SEN provision", "school action plus", "use K"),
    ("Pupils", 2, "SEN provision", "Statement", "use E"),
    ("Pupils", 2, "SEN provision", "X", "N, K, E"),
    ("Pupils", 2, "SEN provision", 1, "not on the list"),
    ("Pupils", 2, "SEN provision", "#N/A", "error #N/A"),
    ("Pupils", 2, "Main need", "BESD", "use SEMH"),
    ("Pupils", 2, "Main need", "besd", "use SEMH"),
    ("Pupils", 2, "Main need", "EBD", "use SEMH"),
    ("Pupils", 2, "Main need", "School Action", "a level of support"),
    ("Pupils", 2, "Main need", "SLCM", "Did you mean SLCN?"),
    ("Pupils", 2, "Main need", "<script>alert(1)</script>", "not on the list"),
    ("Pupils", 2, "Main need", "x" * 5000, "not on the list"),
    ("Pupils", 2, "Class", "a very long story about the class, its teacher and all", "Shorten"),
    ("Pupils", 2, "Class", datetime(2026, 2, 4), "made this a date"),
    ("Pupils", 2, "Free school meals", "perhaps", "yes, no"),
    ("Provisions", 2, "Code", None, "empty"),
    ("Provisions", 3, "Code", "read", "already in row 2"),
    ("Provisions", 2, "Code", "the reading group of Year 4", "20 or fewer"),
    ("Provisions", 2, "Name", None, "empty"),
    ("Provisions", 2, "Name", "n" * 81, "81 characters"),
    ("Provisions", 2, "Area of need", "literacy", "; cognition and learning"),
    ("Provisions", 2, "Area of need", None, "empty"),
    ("Provisions", 2, "Tier", "wave 4", "universal, targeted, specialist"),
    ("Provisions", 2, "Tier", "targetted", "Did you mean targeted?"),
    ("Provisions", 2, "Measure", "spelling", "not on the list"),
    ("Provisions", 2, "Group size", None, "empty"),
    ("Provisions", 2, "Group size", 0, "from 1 to 500"),
    ("Provisions", 2, "Group size", -4, "from 1 to 500"),
    ("Provisions", 2, "Group size", 4.5, "a whole number"),
    ("Provisions", 2, "Group size", "four", "is not a number"),
    ("Provisions", 2, "Group size", "3-4", "is not a number"),
    ("Provisions", 2, "Group size", datetime(2026, 4, 3), "made this a date (3 April 2026)"),
    ("Provisions", 2, "Group size", True, "TRUE, not a number"),
    ("Provisions", 2, "Group size", 1e300, "cannot be right"),
    ("Provisions", 2, "Group size", "1e3", "is not a number"),
    ("Provisions", 2, "Group size", "٤", "is not a number"),
    ("Provisions", 2, "Group size", "nan", "is not a number"),
    ("Provisions", 2, "Sessions a week", 500, "from 0.1 to 25"),
    ("Provisions", 2, "Sessions a week", "daily", "is not a number"),
    ("Provisions", 2, "Minutes", 1, "from 5 to 400"),
    ("Provisions", 2, "Minutes", time(0, 30), "made this a time"),
    ("Provisions", 2, "Minutes", "half an hour", "is not a number"),
    ("Provisions", 2, "Weeks", 53, "from 1 to 52"),
    ("Provisions", 2, "Weeks", "one term", "is not a number"),
    ("Provisions", 2, "Delivered by", None, "empty"),
    ("Provisions", 2, "Delivered by", "Mrs Jones", "not on the list"),
    ("Provisions", 2, "Hourly cost", "12,50", "is not a number"),
    ("Provisions", 2, "Hourly cost", "£-5", "cannot be right"),
    ("Provisions", 2, "Hourly cost", "$12", "is not a number"),
    ("Provisions", 2, "Hourly cost", 20_000, "from 0 to 250"),
    ("Provisions", 2, "Hourly cost", "#REF!", "error #REF!"),
    ("Provisions", 2, "Preparation minutes", 1000, "from 0 to 240"),
    ("Provisions", 2, "Resources per pupil", "1.2.3", "is not a number"),
    ("Provisions", 2, "Resources per pupil", "lots", "is not a number"),
    ("Provisions", 2, "Funding line", "Lottery", "not on the list"),
    ("Who gets what", 2, "Pupil", "P99", "not on the sheet Pupils"),
    ("Who gets what", 2, "Pupil", None, "empty"),
    ("Who gets what", 2, "Provision", "REED", "“REED” is not on the sheet Provisions"),
    ("Who gets what", 2, "Provision", None, "empty"),
    ("Who gets what", 3, "Pupil", "P1", "already in row 2"),
    ("Who gets what", 2, "Planned sessions", -3, "from 1 to 1,000"),
    ("Who gets what", 2, "Planned sessions", "all", "is not a number"),
    ("Who gets what", 2, "Delivered sessions", 900, "more than twice the 36 planned"),
    ("Who gets what", 4, "Delivered sessions", 300, "more than twice the 36 planned"),
    ("Who gets what", 2, "Delivered sessions", 2.5, "a whole number"),
    ("Who gets what", 2, "Entry score", 12, "from 40 to 160"),
    ("Who gets what", 2, "Exit score", 1000, "from 40 to 160"),
    ("Who gets what", 2, "Exit score", "absent", "is not a number"),
    ("Who gets what", 2, "Exit score", "85%", "is not a number"),
    ("Who gets what", 5, "Entry score", 90, "has no measure"),
    ("Who gets what", 2, "Entry date", "45924", "Excel's own count of days"),
    ("Who gets what", 2, "Entry date", 45924, "24/9/2025"),
    ("Who gets what", 2, "Entry date", "24.9.25", "four figures"),
    ("Who gets what", 2, "Entry date", "September", "Enter a date"),
    ("Who gets what", 2, "Entry date", "31/6/2025", "Enter a date"),
    ("Who gets what", 2, "Entry date", "9/24/2025", "Enter a date"),
    ("Who gets what", 2, "Entry date", date(1900, 1, 1), "from 1950 to 2100"),
    ("Who gets what", 2, "Entry date", True, "not a date"),
    ("Who gets what", 2, "Exit date", "1/9/2025", "before the entry date"),
    ("Other scores", 2, "Pupil", "P99", "not on the sheet Pupils"),
    ("Other scores", 2, "Entry score", None, "empty"),
    ("Other scores", 2, "Exit score", "A*", "is not a number"),
    ("Tests", 2, "Standard error", 0, "from 0.5 to 15"),
    ("Budget", 2, "Funding line", "school", "not on the list"),
    ("Budget", 2, "Amount", "sixty thousand", "is not a number"),
    ("Budget", 2, "Amount", -1, "from 0 to"),
]

#: Sheets that are wrong as a whole, with a part of what must be said.
WRONG_SHEETS: dict[str, tuple[Sheets, str]] = {
    "no pupils sheet": (without("Pupils"), "There is no sheet Pupils"),
    "no provisions sheet": (without("Provisions"), "There is no sheet Provisions"),
    "no one gets anything": (without("Who gets what"), "There is no sheet Who gets what"),
    "nothing at all": ({"Sheet1": [["a"]]}, "does not know a sheet “Sheet1”"),
    "an empty workbook": ({"Sheet1": []}, "There is no sheet Pupils"),
    "nearly the name": ({**without("Pupils"), "Pupil list": whole()["Pupils"]}, "Rename it Pupils"),
    "a stranger": ({**whole(), "Staff absence": [["Who"], ["x"]]}, "does not know a sheet"),
    "no rows": ({**whole(), "Pupils": whole()["Pupils"][:1]}, "no row of data"),
    "no headings": ({**whole(), "Provisions": whole()["Provisions"][1:]}, "must have the template's headings"),
    "column missing": (without("Pupils", heading="SEN provision"), "This column is missing"),
    "column misspelt": (with_heading("Pupils", "SEN provision", "SEN provison"), "Did you mean SEN provision?"),
    "column twice": (with_column("Pupils", "Class"), "two columns of this name"),
    "column without heading": (with_column("Pupils", ""), "has no heading"),
    "column unknown": (with_column("Who gets what", "Notes"), "takes only what it needs"),
    "forenames": (with_column("Pupils", "Forename"), "Leave names out"),
    "legal surnames": (with_column("Pupils", "Legal Surname"), "Leave names out"),
    "names": (with_column("Pupils", "Name"), "Leave names out"),
    "names again": (with_column("Who gets what", "Pupil name"), "Leave names out"),
    "UPNs": (with_column("Pupils", "UPN"), "Leave names out"),
    "birthdays": (with_column("Pupils", "Date of birth"), "Leave names out"),
    "postcodes": (with_column("Pupils", "Home postcode"), "Leave names out"),
    "example changed": (with_row("Pupils", ["EXAMPLE (delete this row)", 9, "E"]), "still marked as the example"),
    "too many provisions": (
        {**whole(), "Provisions": [whole()["Provisions"][0], *([["X"]] * 501)]},
        "the most is 500",
    ),
    "a pupil twice": (with_row("Pupils", ["P1", 4, "K"]), "This pupil is already in row 2"),
    "a score twice": (
        with_row("Other scores", ["p6", "maths", 95, 96]),
        "This pupil with this measure is already",
    ),
    "a budget line twice": (with_row("Budget", ["notional sen", 5]), "already in row 2"),
}


_WHOLE_CSV = {f"{name}.csv": as_text(rows).encode() for name, rows in whole().items()}
WHOLE_WORKBOOK = as_excel(whole())


def _changed(change: Callable[[Workbook], object]) -> bytes:
    workbook = as_workbook(whole())
    change(workbook)
    return saved(workbook)


def _hide(workbook: Workbook) -> None:
    workbook.create_sheet("Old list").append(["secret"])
    workbook["Old list"].sheet_state = "veryHidden"


def _hide_pupils(workbook: Workbook) -> None:
    workbook["Pupils"].sheet_state = "hidden"


def _formula(workbook: Workbook) -> None:
    workbook["Provisions"]["F2"] = "=1+2"


def _far_down(workbook: Workbook) -> None:
    workbook["Pupils"].cell(1_048_576, 1, "P9")


def _with_part(name: str, content: bytes) -> bytes:
    """The workbook with one part of the zip put in or replaced."""
    return as_zip({**_parts(), name: content})


def _parts() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(WHOLE_WORKBOOK)) as packed:
        return {part: packed.read(part) for part in packed.namelist()}


def _zip_bomb() -> bytes:
    return as_zip(
        {**{f"{name}.csv": as_text(rows).encode() for name, rows in whole().items()}, "x.csv": bytes(50 << 20)}
    )


def _locked_zip() -> bytes:
    """A zip whose parts say that they have a password."""
    data = bytearray(as_csv(whole()))
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def _one_part_twice() -> bytes:
    """A zip in which two parts have one name, so that only the second can be read."""
    return as_csv(whole()).replace(b"Budget.csv", b"Pupils.csv")


def _pupils_in(part: str, content: bytes) -> bytes:
    """The workbook with its sheet Pupils in a part of another name."""
    parts = {name: data for name, data in _parts().items() if name != "xl/worksheets/sheet1.xml"}
    rels = parts["xl/_rels/workbook.xml.rels"].replace(b"/xl/worksheets/sheet1.xml", b"/" + part.encode())
    assert rels != parts["xl/_rels/workbook.xml.rels"]
    return as_zip({**parts, "xl/_rels/workbook.xml.rels": rels, part: content})


def _hostile_workbooks() -> dict[str, tuple[bytes, str]]:
    """Workbooks that would take minutes or hours to read, with a part of what must be said."""
    sheet = "xl/worksheets/sheet1.xml"
    many = b"<sheetData>%b</sheetData>"
    return {
        "rows opened": (_with_part(sheet, b"<row " * 600_000), "far more cells"),
        "merges opened": (_with_part(sheet, b"<worksheet><sheetData/>" + b"<mergeCell " * 100_000), "damaged"),
        "long comment": (_with_part(sheet, b"<x><!--" + b"<a>" * 200_000 + b"--></x>"), "no workbook needs"),
        "comment without end": (_with_part("xl/other", b"\n<x><!-- <a>"), "no workbook needs"),
        "long instruction": (_with_part(sheet, b"<x><?" + b"<a>" * 200_000 + b"?></x>"), "no workbook needs"),
        "long tag": (_with_part(sheet, b"<x a='" + b">" * 600_000 + b"'/>"), "no workbook needs"),
        "a few sheets of many tags": (_with_part("xl/other", b"<x/>" * 1_700_000), "far more cells"),
        "sheet of another name": (_pupils_in("xl/sheet1.dat", many % (b"<c/>" * 200_001)), "far more cells"),
        "entities under another name": (_pupils_in("xl/sheet1.dat", _ENTITIES), "no workbook needs"),
        "tabs in tags": (_with_part(sheet, many % (b"<c\t/>" * 200_001)), "far more cells"),
        "prefix": (_with_part(sheet, many % (b"<a-b.c:c/>" * 200_001)), "far more cells"),
        "UTF-16": (_with_part(sheet, (many % (b"<c/>" * 200_001)).decode().encode("utf-16")), "far more cells"),
        "tags of no kind": (as_zip({"[Content_Types].xml": b"", "xl/x": b"<x/>" * 2_000_001}), "far more cells"),
        "number format": (
            _with_part("xl/styles.xml", b'<styleSheet><numFmts><numFmt formatCode="' + b"[" * 200_000),
            "no workbook needs",
        ),
        "one part for all sheets": (
            _with_part("xl/workbook.xml", re.sub(rb'r:id="rId[0-9]+"', b'r:id="rId1"', _parts()["xl/workbook.xml"])),
            "damaged",
        ),
        "many sheets": (as_excel({f"s{number}": [["a"]] for number in range(31)}), "The file has 31 sheets"),
        "one long text in every cell": (_changed(_long_text), "far more cells or text"),
    }


def _long_text(workbook: Workbook) -> None:
    for row in range(8, 400):
        workbook["Pupils"].cell(row, 1, " " * 32_000)


_ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

#: Files that are wrong as files, with a part of what must be said.
WRONG_FILES: dict[str, tuple[str, bytes, str]] = {
    "200 MB": ("a.xlsx", bytes(200 << 20), "200 MB; the most is 20 MB"),
    "zeros": ("a.xlsx", bytes(5000), "The file is empty"),
    "empty": ("a.xlsx", b"", "The file is empty"),
    "spaces": ("a.csv", b" \r\n \r\n", "The file is empty"),
    "PDF": ("a.xlsx", b"%PDF-1.7\n...", "This is a PDF"),
    "picture": ("a.xlsx", b"\x89PNG\r\n\x1a\n...", "This is a picture"),
    "photo": ("a.xlsx", b"\xff\xd8\xff\xe0...", "This is a picture"),
    "old Excel": ("a.xls", _OLE, "before Excel 2007"),
    "old Excel renamed": ("a.xlsx", _OLE, "before Excel 2007"),
    "password": ("a.xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), "has a password"),
    "zip with a password": ("a.zip", _locked_zip(), "has a password"),
    "web page as Excel": ("a.xls", b"<html><table><tr><td>P1</td></tr></table></html>", "web page"),
    "XML": ("a.xml", b"<?xml version='1.0'?><a/>", "web page or XML"),
    "JSON": ("a.json", b'{"format": "senco"}', "JSON"),
    "rich text": ("a.rtf", b"{\\rtf1 hello}", "text document"),
    "gzip": ("a.gz", b"\x1f\x8b\x08...", "gzip"),
    "RAR": ("a.rar", b"Rar!\x1a\x07", "RAR"),
    "7z": ("a.7z", b"7z\xbc\xaf\x27\x1c", "7z"),
    "Parquet": ("a.parquet", b"PAR1....PAR1", "Parquet"),
    "database": ("a.db", b"SQLite format 3\x00", "database"),
    "one CSV": ("Pupils.csv", _WHOLE_CSV["Pupils.csv"], "one table only"),
    "text as Excel": ("a.xlsx", b"P1,4,K", "is called “.xlsx” but is not one"),
    "unknown": ("a.dat", b"hello", "cannot tell what this file is"),
    "no ending": ("a", b"hello", "cannot tell what this file is"),
    "half a workbook": ("a.xlsx", as_excel(whole())[:3000], "damaged"),
    "zip header only": ("a.xlsx", b"PK\x03\x04", "damaged"),
    "empty zip": ("a.zip", as_zip({}), "The zip file is empty"),
    "zip without CSV": ("a.zip", as_zip({"a.txt": b"x"}), "holds no CSV file"),
    "workbook in a zip": ("a.zip", as_zip({"a.xlsx": as_excel(whole())}), "Take it out of the zip"),
    "Word": ("a.docx", as_zip({"word/document.xml": b"<a/>"}), "Word document"),
    "PowerPoint": ("a.pptx", as_zip({"ppt/presentation.xml": b"<a/>"}), "PowerPoint"),
    "OpenDocument": ("a.ods", as_zip({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), ".ods"),
    "Numbers": ("a.numbers", as_zip({"Index/Document.iwa": b"x"}), "Apple Numbers"),
    "binary workbook": ("a.xlsb", as_zip({"[Content_Types].xml": b"", "xl/workbook.bin": b"x"}), ".xlsb"),
    "zip bomb": ("a.zip", _zip_bomb(), "unpacks to far more"),
    "many parts": ("a.zip", as_zip({f"{number}.csv": b"" for number in range(501)}), "unpacks to far more"),
    "XML bomb": ("a.xlsx", _with_part("xl/sharedStrings.xml", _ENTITIES), "no workbook needs"),
    "XML bomb in UTF-16": (
        "a.xlsx",
        _with_part("xl/worksheets/sheet1.xml", _ENTITIES.decode().encode("utf-16")),
        "no workbook needs",
    ),
    "no styles": ("a.xlsx", _with_part("xl/styles.xml", b"<a"), "damaged"),
    "no sheet": ("a.xlsx", _with_part("xl/worksheets/sheet1.xml", b""), "damaged"),
    "half a sheet": ("a.xlsx", _with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"), "damaged"),
    "not a workbook": ("a.xlsx", _with_part("xl/workbook.xml", b"<a/>"), "There is no sheet Pupils"),
    "merged": ("a.xlsx", _changed(lambda book: book["Pupils"].merge_cells("B2:B4")), "B2 to B4 are merged"),
    "merged headings": ("a.xlsx", _changed(lambda book: book["Provisions"].merge_cells("A1:B1")), "are merged"),
    "hidden sheet": ("a.xlsx", _changed(_hide), "This sheet is hidden"),
    "hidden pupils": ("a.xlsx", _changed(_hide_pupils), "This sheet is hidden"),
    "formula": ("a.xlsx", _changed(_formula), "has no value yet"),
    "a million rows": ("a.xlsx", _changed(_far_down), "Copy your rows into"),
    "sheets twice": ("a.zip", as_zip({**_WHOLE_CSV, "old/pupils.csv": b"Pupil\r\nP1"}), "two sheets of this name"),
    "letters of no kind": (
        "a.zip",
        as_zip({**_WHOLE_CSV, "Pupils.csv": b"Pupil,\x81\x00\xff"}),
        "letters cannot be read",
    ),
    "binary as CSV": ("a.zip", as_zip({**_WHOLE_CSV, "Pupils.csv": bytes(range(256)) * 9}), "letters cannot be read"),
    "a lost quotation mark": (
        "a.zip",
        as_zip({**_WHOLE_CSV, "Pupils.csv": _WHOLE_CSV["Pupils.csv"].replace(b"4A", b'"4A', 1)}),
        "has no partner",
    ),
    "one long line": ("a.zip", as_zip({**_WHOLE_CSV, "Pupils.csv": b"Pupil," * 9000}), "characters"),
    "too many cells": ("a.zip", as_zip({**_WHOLE_CSV, "Pupils.csv": (b"," * 700 + b"\n") * 300}), "far more columns"),
    "too many formatted cells": (
        "a.xlsx",
        _with_part("xl/worksheets/sheet1.xml", b"<sheetData>" + b'<c s="1"/>' * 200_001 + b"</sheetData>"),
        "far more cells",
    ),
    **{f"hostile {name}": ("a.xlsx", data, says) for name, (data, says) in _hostile_workbooks().items()},
    "200 CSV files": ("a.zip", as_zip({f"{number}.csv": b"a,b" for number in range(200)}), "The file has 200 sheets"),
    "one CSV file twice": ("a.zip", _one_part_twice(), "damaged"),
    "too many lines": ("a.zip", as_zip({**_WHOLE_CSV, "Pupils.csv": b"Pupil\n" * 30_000}), "more than 20,000 lines"),
}


def told(data: bytes, file_name: str) -> Mistakes:
    """The mistakes of a file that must have some, clear and in bounded time."""
    begun = perf_counter()
    with pytest.raises(Mistakes) as raised:
        own_data.read(data, file_name)
    # Well under a second on a free computer; the bound leaves room for a busy one.
    assert perf_counter() - begun < 5
    mistakes = raised.value
    assert mistakes.mistakes
    assert len(mistakes.mistakes) <= 200
    for mistake in mistakes.mistakes:
        assert mistake.where
        assert mistake.says[-1] in ".?"
        assert 20 < len(mistake.says) < 700
        assert not re.search(r"[\x00-\x1f]|Traceback|Error\b|Exception|None", mistake.says)
    return mistakes


def test_whole_data_are_read_alike_from_every_kind_of_file() -> None:
    read = [
        own_data.read(as_excel(whole()), "my data.xlsx"),
        *(own_data.read(as_csv(whole(), encoding), "a.zip") for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252")),
        own_data.read(as_csv(whole(), separator=";"), "a.zip"),
        own_data.read(as_csv(whole(), separator="\t"), "A.ZIP"),
    ]
    for data in read:
        for table in ("pupils", "provisions", "enrolments", "scores", "budget"):
            pd.testing.assert_frame_equal(getattr(data, table), getattr(read[0], table))
        assert data.standard_errors == {"reading": 4.2}
        assert not data.invented
    data = read[0]
    assert data.pupils["year_group"].tolist() == ["4", "4", "5", "5", "R", "5"]
    assert data.pupils["area"].tolist()[:3] == [codes.COMMUNICATION, codes.COGNITION, codes.COMMUNICATION]
    assert data.provisions["hourly_cost"].tolist() == [20, planning_rates()["teaching assistant"]]
    assert data.enrolments["planned_sessions"].tolist() == [36, 36, 36, 20, 20]
    assert data.enrolments["delivered_sessions"].isna().tolist() == [False, False, True, False, True]
    assert data.scores is not None
    assert sorted(zip(data.scores["pupil_id"], data.scores["measure"], strict=True)) == [
        *((1, "reading"), (2, "reading"), (3, "reading"), (4, "reading"), (6, "maths"), (6, "reading"))
    ]
    assert costs(data)["cost"].tolist()[0] == 20 * 18 + 3 * 5


def test_what_is_not_given_is_missing() -> None:
    sheets = {name: rows for name, rows in whole().items() if name not in ("Other scores", "Tests", "Budget")}
    sheets["Who gets what"] = [row[:2] for row in sheets["Who gets what"]]
    sheets["Pupils"] = [row[:3] for row in sheets["Pupils"]]
    data = own_data.read(as_excel(sheets), "a.xlsx")
    assert data.scores is None
    assert data.budget is None
    assert data.standard_errors == {}
    assert data.pupils[["SENtype", "class_name", "FSMeligible", "area"]].isna().all(axis=None)
    assert data.enrolments["delivered_sessions"].isna().all()


def test_ways_of_writing_are_tolerated() -> None:
    sheets = whole()
    sheets["Pupils"][1] = [" p1", "Year 4", "sen support", "Speech, language and communication needs", "4A", "Y"]
    sheets["Provisions"][1][10:13] = ["£20.00 ", "10", "5.00"]
    sheets["WHO  GETS_WHAT"] = sheets.pop("Who gets what")
    sheets["WHO  GETS_WHAT"][1] = ["P 1", "read", "36", 30.0, " 84", "88", "24 Sept 2025", date(2026, 2, 4)]
    sheets["Budget"][1] = ["Notional SEN", "£60,000"]
    sheets["Pupils"].insert(0, ["Our pupils"])
    data = own_data.read(as_excel(sheets), "a.xlsx")
    expected = own_data.read(as_excel(whole()), "a.xlsx")
    for table in ("enrolments", "scores", "budget"):
        pd.testing.assert_frame_equal(getattr(data, table), getattr(expected, table))
    pd.testing.assert_frame_equal(data.pupils.drop(columns="code"), expected.pupils.drop(columns="code"))
    assert data.provisions["hourly_cost"].tolist() == expected.provisions["hourly_cost"].tolist()


@pytest.mark.parametrize(("make", "name"), [(own_data.template_excel, "t.xlsx"), (own_data.template_csv, "t.zip")])
def test_the_template_is_empty_and_works_once_filled_in_under_its_example(make: Callable[[], bytes], name: str) -> None:
    assert {(one.sheet, one.row, one.says[:30]) for one in told(make(), name).mistakes} == {
        (sheet, None, "This sheet has no row of data.") for sheet in ("Pupils", "Provisions", "Who gets what")
    }
    if name.endswith("xlsx"):
        workbook = load_workbook(io.BytesIO(make()))
        for sheet, rows in whole().items():
            for row in rows[1:]:
                workbook[sheet].append(row)
        filled = saved(workbook)
    else:
        with zipfile.ZipFile(io.BytesIO(make())) as packed:
            parts = {part: packed.read(part) for part in packed.namelist()}
        more = {f"{sheet}.csv": as_text(rows[1:]).encode() for sheet, rows in whole().items()}
        filled = as_zip({part: data + more.get(part, b"") for part, data in parts.items()})
    data = own_data.read(filled, name)
    pd.testing.assert_frame_equal(data.enrolments, own_data.read(as_excel(whole()), "a.xlsx").enrolments)


def test_the_template_says_what_to_write_and_offers_the_codes() -> None:
    workbook = load_workbook(io.BytesIO(own_data.template_excel()))
    assert workbook.sheetnames[0] == "Read me"
    for plan in columns.SHEETS:
        sheet = workbook[plan.name]
        notes = [cell.value for cell in sheet[2]]
        assert all(isinstance(note, str) and len(note) >= 10 for note in notes)
        rules = {str(rule.sqref).split(":")[0] for rule in sheet.data_validations.dataValidation}
        for place, column in enumerate(plan.columns, 1):
            if isinstance(column.kind, columns.Choice):
                assert f"{get_column_letter(place)}3" in rules
                offered = [cell.value for cell in _offered(workbook, column.heading)]
                assert offered == list(column.kind.options)
    assert "Never a name" in workbook["Pupils"]["A2"].value
    assert "EXAMPLE" in workbook["Pupils"]["A3"].value
    assert own_data.template_csv() == own_data.template_csv()


def _offered(workbook: Workbook, heading: str) -> list[Any]:
    column = next(column for column in workbook["Lists"].iter_cols() if column[0].value == heading)
    return [cell for cell in column[1:] if cell.value is not None]


@pytest.mark.parametrize("wrong", WRONG_CELLS, ids=lambda wrong: f"{wrong[0]}-{wrong[2]}-{str(wrong[3])[:20]}")
def test_one_wrong_cell_is_told_with_its_place(wrong: tuple[str, int, str, Any, str]) -> None:
    sheet, row, heading, value, says = wrong
    # A CSV file holds text only: dates, times, yes-or-no and numbers out of range come from Excel.
    sheets, is_text = with_cell(sheet, row, heading, value), value is None or isinstance(value, str)
    mistakes = told(as_csv(sheets) if is_text else as_excel(sheets), "a.zip").mistakes
    found = [one for one in mistakes if (one.sheet, one.row, one.column.split(" (")[0]) == (sheet, row, heading)]
    assert len(found) == 1, mistakes
    assert says in found[0].says
    # Nothing else is wrong, except where rows speak of a pupil or provision whose own code was the mistake.
    assert len(mistakes) == 1 or heading in ("Pupil", "Code")
    if heading == "Pupil" and isinstance(value, str):
        assert value.strip() not in " ".join(one.says for one in mistakes).replace("such as P01", "")


@pytest.mark.parametrize("name", WRONG_SHEETS)
def test_wrong_sheets_and_columns_are_told(name: str) -> None:
    sheets, says = WRONG_SHEETS[name]
    data = as_excel(sheets) if name == "an empty workbook" else as_csv(sheets)
    assert any(says in one.says for one in told(data, "a.xlsx").mistakes)


@pytest.mark.parametrize("name", WRONG_FILES)
def test_wrong_files_are_told(name: str) -> None:
    file_name, data, says = WRONG_FILES[name]
    assert any(says in one.says for one in told(data, file_name).mistakes)


def test_all_mistakes_are_told_at_once_in_order_and_one_column_does_not_hide_the_rest() -> None:
    sheets = whole()
    sheets["Pupils"] += [[f"Q{number}", 4, "A", "BESD"] for number in range(100)]
    sheets["Provisions"][1][5] = "four"
    sheets["Budget"][1][1] = "lots"
    mistakes = told(as_excel(sheets), "a.xlsx").mistakes
    assert [one.says for one in mistakes if one.row is None] == [
        "80 more rows have a mistake here. The first are listed below."
    ] * 2
    assert [one.where for one in mistakes if one.row is not None][:3] == [
        "Sheet Pupils, row 8, column SEN provision (C)",
        "Sheet Pupils, row 8, column Main need (D)",
        "Sheet Pupils, row 9, column SEN provision (C)",
    ]
    assert [one.sheet for one in mistakes][-2:] == ["Provisions", "Budget"]


def test_more_mistakes_than_can_be_listed_are_counted() -> None:
    wrong = [[f"Q{number}", "x", "x", "x", "y" * 31, "x"] for number in range(60)]
    sheets = {**whole(), "Pupils": [*whole()["Pupils"], *wrong]}
    sheets["Who gets what"] += [[f"Z{number}", "NO", "x", "x", "x", "x", "x", "x"] for number in range(60)]
    mistakes = told(as_excel(sheets), "a.xlsx")
    assert len(mistakes.mistakes) == 200
    assert mistakes.more > 50
    # What ends up in a log says nothing of the file.
    assert str(mistakes) == f"{200 + mistakes.more} mistakes in the uploaded file."


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own_data.read(as_excel(whole()), "a.xlsx")
    told(_with_part("xl/styles.xml", b"<a"), "a.xlsx")
    assert list(tmp_path.iterdir()) == []


SMALL = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
BEGINNINGS = [b"", b"PK\x03\x04", b"\xff\xfe", b"Pupil,Year group\r\n", b"\xd0\xcf\x11\xe0", b"\xef\xbb\xbf"]


def test_any_bytes_are_told_as_mistakes() -> None:
    seen = set()

    @SMALL
    @given(
        start=st.sampled_from(BEGINNINGS),
        data=st.binary(max_size=300),
        name=st.sampled_from(["a.xlsx", "a.csv", "a.zip", "a", "", "a.xls"]),
    )
    def tell(start: bytes, data: bytes, name: str) -> None:
        told(start + data, name)
        seen.add(start + data)

    tell()
    assert len(seen) >= 45


def test_any_bytes_as_a_table_are_told_as_mistakes() -> None:
    seen = set()

    @SMALL
    @given(data=st.binary(max_size=300), sheet=st.sampled_from(["Pupils", "Provisions", "Who gets what"]))
    def tell(data: bytes, sheet: str) -> None:
        told(as_zip({**_WHOLE_CSV, f"{sheet}.csv": data}), "a.zip")
        seen.add((sheet, data))

    tell()
    assert len(seen) >= 45


@SMALL
@given(cut=st.integers(60, 8000), flip=st.integers(0, 7999), by=st.integers(1, 255))
def test_a_workbook_with_a_changed_byte_or_a_lost_end_is_read_or_told(cut: int, flip: int, by: int) -> None:
    data = bytearray(WHOLE_WORKBOOK)
    data[flip % len(data)] ^= by
    with contextlib.suppress(Mistakes):
        own_data.read(bytes(data), "a.xlsx")
    told(bytes(data[: cut % len(data)]), "a.xlsx")


_CELL = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"), max_size=30),
    st.integers(-(10**16), 10**16),
    st.floats(allow_nan=True),
    st.booleans(),
    st.dates(min_value=date(1900, 3, 1)),
    st.sampled_from(["A", "P", "S", "BESD", "=1", "'", "£", ",", "-", "24/9/2025", "1e5", "P1", "READ"]),
)


@SMALL
@given(
    changes=st.lists(
        st.tuples(st.sampled_from(list(whole())), st.integers(0, 6), st.integers(0, 15), _CELL), min_size=1, max_size=5
    ),
    as_file=st.sampled_from([as_csv] * 7 + [as_excel]),
)
def test_any_change_of_cells_is_read_or_told(
    changes: list[tuple[str, int, int, Any]], as_file: Callable[[Sheets], bytes]
) -> None:
    sheets = whole()
    for name, row, column, value in changes:
        cells = sheets[name][row % len(sheets[name])]
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = value
    file_name = "a.xlsx" if as_file is as_excel else "a.zip"
    try:
        data = as_file(sheets)
    except (ValueError, IllegalCharacterError):  # what no program could have written
        return
    try:
        read = own_data.read(data, file_name)
    except Mistakes:
        told(data, file_name)
    else:
        assert costs(read)["cost"].notna().all()
        assert (read.provisions["group_size"] >= 1).all()


def test_a_cell_that_fits_no_column_is_told_at_its_row() -> None:
    seen = set()
    cells = [
        (plan.name, row, column.heading)
        for plan in columns.SHEETS
        for row in range(2, len(whole()[plan.name]) + 1)
        for column in plan.columns
        if not isinstance(column.kind, columns.Words)
    ]

    @SMALL
    @given(cell=st.sampled_from(cells), nonsense=st.text("qxzQXZ?%&", min_size=21, max_size=40))
    def tell(cell: tuple[str, int, str], nonsense: str) -> None:
        sheet, row, heading = cell
        mistakes = told(as_csv(with_cell(sheet, row, heading, nonsense)), "a.zip").mistakes
        assert any((one.sheet, one.row, one.column.split(" (")[0]) == cell for one in mistakes)
        seen.add((*cell, nonsense))

    tell()
    assert len(seen) >= 45


def test_there_are_at_least_300_broken_uploads() -> None:
    by_hand = len(WRONG_CELLS) + len(WRONG_SHEETS) + len(WRONG_FILES)
    assert by_hand + 3 * 45 >= 300  # three of the property tests make broken files only


def test_no_pattern_runs_over_the_next_tag() -> None:
    begun = perf_counter()
    for tag in (b"<row ", b"<mergeCell ", b"<a:mergeCell ref=", b"<! ", b"<f", b"<c"):
        for pattern in (excel._DANGEROUS, excel._MERGED, excel._FORMULA, excel._CELL, excel._ROW, excel._SHEET):
            pattern.findall(tag * 50_000)
    assert perf_counter() - begun < 5  # half a second on a free computer; minutes where a pattern runs on
