"""The bytes of a file read as JSON, however they were made: a long or odd file is refused, and nothing hangs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NoReturn

from senco_kit.store.portable.problem import CUT_SHORT, LARGEST_FILE, NOT_OURS, refuse, refuse_place

#: The most entries in one group, so that a file made to be hard to read cannot be: no framework has so many items.
MOST_ENTRIES = 500


class _Twice(dict[str, object]):
    """A group of entries in which a name stands twice."""

    name = ""


def parse(data: bytes) -> object:
    """The content of a JSON file. Raises ImportProblem for what is not JSON, or is JSON that two readers may read
    differently (names that stand twice, NaN)."""
    if len(data) > LARGEST_FILE:
        refuse(f"This file is larger than {LARGEST_FILE // 1_000_000} MB, which no file of the kit is")
    if not data.strip():
        refuse("This file is empty")
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        refuse(NOT_OURS, "another program saved it again")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        refuse(NOT_OURS)
    try:
        content = json.loads(text, object_pairs_hook=_group, parse_constant=_no_number, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            refuse(CUT_SHORT, f"line {error.lineno:,}")
        refuse(NOT_OURS, f"line {error.lineno:,}")
    except RecursionError:
        refuse(NOT_OURS, "parts inside parts, too many to read")
    _check_names_once(content)
    return content


def _group(entries: list[tuple[str, object]]) -> dict[str, object]:
    if len(entries) > MOST_ENTRIES:
        refuse(NOT_OURS, f"{len(entries):,} entries in one part")
    group = dict(entries)
    if len(group) == len(entries):
        return group
    names = [name for name, _ in entries]
    twice = _Twice(group)
    twice.name = next(name for name in names if names.count(name) > 1)
    return twice


def _no_number(constant: str) -> NoReturn:
    refuse(NOT_OURS, f"it holds {constant}, which is not a number")


def _whole_number(digits: str) -> int:
    if len(digits) > 18:
        refuse(NOT_OURS, f"it holds a number of {len(digits):,} digits")
    return int(digits)


def _check_names_once(content: object) -> None:
    """Raises ImportProblem for the first group with a name twice. No recursion: the content may be nested deeply."""
    path: list[str | int] = []
    open_parts: list[Iterator[tuple[str | int, object]]] = [iter([("", content)])]
    while open_parts:
        del path[len(open_parts) - 1 :]
        entry = next(open_parts[-1], None)
        if entry is None:
            open_parts.pop()
            continue
        step, part = entry
        path.append(step)
        if isinstance(part, _Twice):
            refuse_place([*path[1:], part.name], "this entry stands twice")
        if isinstance(part, dict):
            open_parts.append(iter(part.items()))
        if isinstance(part, list):
            open_parts.append(iter(enumerate(part)))
