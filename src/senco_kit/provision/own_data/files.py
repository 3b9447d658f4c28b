"""What an uploaded file is, whatever it is called, and its parts; files that could do harm are refused unread.

Nothing is written to disk: zip files are opened in memory, within limits that are checked before anything is unpacked.
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

from senco_kit.provision.own_data.mistakes import Mistakes, quoted, whole_file

#: The largest upload, and the most that a zip or workbook may unpack to, in bytes. A school's file has well under 5 MB.
LARGEST: Final = 20 * 1024 * 1024
LARGEST_UNPACKED: Final = 40 * 1024 * 1024
MOST_PARTS: Final = 500

_MEGABYTE: Final = 1024 * 1024
_USE_TEMPLATE = "Download the template, put your data in it and upload that."
_SAVE_AGAIN = "Open it in Excel, choose File, Save As, Excel Workbook (.xlsx), and upload that file."
_DAMAGED = f"This file is damaged or was not copied whole. {_SAVE_AGAIN}"
_PASSWORD = (
    "This file has a password. In Excel choose File, Info, Protect Workbook, Encrypt with Password, empty the box, "
    "save it and upload it again. The kit keeps the file on this computer."
)

# How files of other kinds begin, and what to say.
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", f"This is a PDF, which is made for reading and holds no table. {_USE_TEMPLATE}"),
    (b"\x89PNG", f"This is a picture. {_USE_TEMPLATE}"),
    (b"\xff\xd8\xff", f"This is a picture. {_USE_TEMPLATE}"),
    (b"GIF8", f"This is a picture. {_USE_TEMPLATE}"),
    (b"{\\rtf", f"This is a text document. {_USE_TEMPLATE}"),
    (b"{", f"This is a JSON file, such as the kit's own copies. {_USE_TEMPLATE}"),
    (b"\x1f\x8b", f"This is a compressed file of another kind (gzip). {_USE_TEMPLATE}"),
    (b"7z\xbc\xaf", "This is a 7z file. Make a zip of the CSV files instead, or use the Excel template."),
    (b"Rar!", "This is a RAR file. Make a zip of the CSV files instead, or use the Excel template."),
    (b"SQLite format 3", f"This is a database. {_USE_TEMPLATE}"),
    (b"PAR1", f"This is a Parquet file. {_USE_TEMPLATE}"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# A zip holds this part: what the file then is.
_KINDS_OF_ZIP: tuple[tuple[str, str], ...] = (
    ("xl/workbook.bin", f"This is an Excel binary workbook (.xlsb). {_SAVE_AGAIN}"),
    ("word/document.xml", f"This is a Word document. {_USE_TEMPLATE}"),
    ("ppt/presentation.xml", f"This is a PowerPoint file. {_USE_TEMPLATE}"),
    (
        "Index/Document.iwa",
        "This is an Apple Numbers file. In Numbers choose File, Export To, Excel, and upload that file.",
    ),
)


def open_zip(data: bytes, file_name: str) -> zipfile.ZipFile:
    """The upload as a zip whose parts may be read, as every Excel workbook is. Raises `Mistakes` with one sentence."""
    if len(data) > LARGEST:
        raise whole_file(
            f"The file has {len(data) // _MEGABYTE:,} MB; the most is {LARGEST // _MEGABYTE} MB. Keep only the "
            "template's sheets, take out pictures, and upload it again."
        )
    if not data.strip(b"\x00 \t\r\n"):
        raise whole_file("The file is empty. Save it again in Excel, close Excel, and upload it again.")
    if not data.startswith(b"PK"):
        raise whole_file(_not_a_zip(data, file_name))
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
        parts = opened.infolist()
    except Exception as problem:  # a hostile file can make the standard library raise nearly anything
        raise whole_file(_DAMAGED) from problem
    _check_size(parts)
    names = {part.filename for part in parts}
    for part_name, says in _KINDS_OF_ZIP:
        if part_name in names:
            raise whole_file(says)
    if "mimetype" in names and b"opendocument" in read_part(opened, "mimetype"):
        raise whole_file(
            f"This is an OpenDocument file (.ods). In LibreOffice: {_SAVE_AGAIN[len('Open it in Excel, ') :]}"
        )
    return opened


def is_workbook(opened: zipfile.ZipFile) -> bool:
    """Whether the zip is an Excel workbook."""
    return "[Content_Types].xml" in opened.namelist() and any(name.startswith("xl/") for name in opened.namelist())


def read_part(opened: zipfile.ZipFile, name: str) -> bytes:
    """One part of the zip. Raises `Mistakes` when it cannot be unpacked."""
    try:
        # What is read ends at the size that the zip gives for the part, which has been checked.
        return opened.read(name)
    except Exception as problem:
        raise whole_file(_DAMAGED) from problem


def damaged() -> Mistakes:
    """The one mistake of a workbook that cannot be read."""
    return whole_file(_DAMAGED)


def _check_size(parts: list[zipfile.ZipInfo]) -> None:
    if not parts:
        raise whole_file(f"The zip file is empty. {_USE_TEMPLATE}")
    if any(part.flag_bits & 1 for part in parts):
        raise whole_file(_PASSWORD)
    if len({part.filename for part in parts}) < len(parts):
        raise whole_file(_DAMAGED)  # only the last part of a name can be read, so the sizes of the others say nothing
    unpacked = sum(part.file_size for part in parts)
    if unpacked > LARGEST_UNPACKED or len(parts) > MOST_PARTS:
        raise whole_file(
            "The file unpacks to far more than a school's data, so it was not opened. Copy your rows into a new copy "
            "of the template and upload that."
        )


def _not_a_zip(data: bytes, file_name: str) -> str:
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(_OLD_OFFICE):
        # An encrypted workbook is wrapped in the old format, with a part of this name in UTF-16.
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _PASSWORD
        return f"This is a file of an old kind (.xls, before Excel 2007). {_SAVE_AGAIN}"
    for begins, says in _OTHER_KINDS:
        if start.startswith(begins):
            return says
    if start[:1] == b"<":
        return f"This is a web page or XML file, perhaps under another name. {_SAVE_AGAIN}"
    ending = file_name.rpartition(".")[2].casefold() if "." in file_name else ""
    if ending in ("xlsx", "xlsm", "zip"):
        return f"The file is called {quoted('.' + ending)} but is not one, or it is damaged. {_SAVE_AGAIN}"
    if ending in ("csv", "txt", "tsv"):
        return (
            "This is one table only. Put Pupils.csv, Provisions.csv and Who gets what.csv together in one zip file (in "
            "Windows: select them, right-click, Send to, Compressed folder), or use the Excel template."
        )
    return f"The kit cannot tell what this file is. {_USE_TEMPLATE}"
