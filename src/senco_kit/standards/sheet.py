"""A YAML content file, read strictly and with line numbers: a wrong shape becomes a problem, never a traceback."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from senco_kit.standards.problems import ContentProblem, Problem

# Content files are tens of kilobytes, and nest nine deep at most. Anything far beyond is a mistake or an attack.
LARGEST_FILE = 2_000_000
DEEPEST_NESTING = 30

# libyaml's reader is about ten times faster; where it was not built in, the one in plain Python does the same.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_TAG = "tag:yaml.org,2002:"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WHOLE_NUMBER = re.compile(r"-?\d{1,15}")
_DECIMAL = re.compile(r"-?\d{1,15}\.\d{1,15}")


@dataclass(frozen=True)
class Value:
    """A value in the file, and the line to send a reader to: that of its key, or of its own start in a list."""

    node: yaml.Node
    line: int

    def is_kind(self, *kinds: str) -> bool:
        """Whether YAML takes the value for one of these: str, int, float, bool, null, timestamp."""
        return self.node.tag in {_TAG + kind for kind in kinds}

    @property
    def is_nothing(self) -> bool:
        """Whether nothing stands there, or null."""
        return self.is_kind("null")


def read_text(path: Path) -> str:
    """The text of a content file; ContentProblem when it is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise ContentProblem(
                Problem(path, 1, f"The file is larger than {LARGEST_FILE:,} bytes: split or shorten it.")
            )
        raw = path.read_bytes()
    except OSError as error:
        raise ContentProblem(Problem(path, 1, f"The file cannot be read ({error.strerror or error}).")) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ContentProblem(Problem(path, line, "The file is not UTF-8 text here: save it as UTF-8.")) from error


def read_yaml(path: Path) -> Value:
    """The whole of a YAML file; ContentProblem when it is no YAML, empty, nested too deeply or uses anchors."""
    text = read_text(path)
    try:
        _refuse_traps(path, yaml.parse(text, Loader=_Loader))
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise ContentProblem(Problem(path, _line_of(error), f"This is not valid YAML: {_in_short(error)}")) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ContentProblem(Problem(path, line, "A character here may not stand in YAML: delete it.")) from error
    if node is None:
        raise ContentProblem(Problem(path, 1, "The file is empty."))
    return Value(node, node.start_mark.line + 1)


def _line_of(error: yaml.MarkedYAMLError) -> int:
    """The line to look at: for a quotation mark that is never closed, where it stands and not the end of the file."""
    never_closed = "end of stream" in (error.problem or "")
    marks = (error.context_mark, error.problem_mark) if never_closed else (error.problem_mark, error.context_mark)
    return next((mark.line + 1 for mark in marks if mark), 1)


def _in_short(error: yaml.MarkedYAMLError) -> str:
    return f"{error.problem or error.context}; look at quotation marks, colons and spaces before the line."


def _refuse_traps(path: Path, events: Iterator[yaml.Event]) -> None:
    """Refuse aliases (a few lines of them can unfold into gigabytes) and deep nesting, before anything is built."""
    depth = 0
    for event in events:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise ContentProblem(
                Problem(path, line, "Anchors (&) and aliases (*) are not used here: write it out, or quote it.")
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST_NESTING:
            raise ContentProblem(Problem(path, line, f"This is nested more than {DEEPEST_NESTING} deep."))


class Sheet:
    """A file being read: each method notes what is wrong with a value, and gives a usable one either way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problems: list[Problem] = []

    def wrong(self, line: int, says: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(self.path, line, says))

    def fields(
        self, value: Value, what: str, required: Collection[str], optional: Collection[str] = ()
    ) -> dict[str, Value]:
        """The values of a block of `name: value` lines by name; unknown, repeated and missing names are problems."""
        if not isinstance(value.node, yaml.MappingNode):
            self.wrong(value.line, f"{what} must be a block of `name: value` lines.")
            return {}
        found: dict[str, Value] = {}
        known = list(dict.fromkeys([*required, *optional]))
        meant = set()
        for key, node in value.node.value:
            name, line = str(key.value) if isinstance(key, yaml.ScalarNode) else "?", key.start_mark.line + 1
            if name in found:
                self.wrong(line, f'{what} has "{name}" twice (first on line {found[name].line}): keep one.')
            elif name not in known:
                self.wrong(line, f'{what} has "{name}", which is not a field: {suggestion(name, known)}')
                meant |= set(get_close_matches(name, known, n=1))
            else:
                found[name] = Value(node, line)
        for name in required:
            if name not in found and name not in meant:
                self.wrong(value.line, f'{what} has no "{name}": add it.')
        return found

    def items(self, value: Value, what: str, if_empty: str = "") -> list[Value]:
        """The items of a list. `if_empty` is what is wrong with an empty one; without it, it may be empty."""
        if not isinstance(value.node, yaml.SequenceNode) and not value.is_nothing:
            self.wrong(value.line, f'{what} must be a list, each item on a line that begins with "- ".')
            return []
        nodes = [] if value.is_nothing else value.node.value
        if if_empty and not nodes:
            self.wrong(value.line, f"{what} is empty: {if_empty}")
        return [Value(node, node.start_mark.line + 1) for node in nodes]

    def text(self, value: Value, what: str) -> str:
        """Text that is not empty, without spaces at its ends."""
        if value.is_kind("str") and isinstance(value.node, yaml.ScalarNode):
            if text := str(value.node.value).strip():
                return text
            self.wrong(value.line, f"{what} is empty: write it.")
        elif value.is_nothing:
            self.wrong(value.line, f"{what} is empty: write it.")
        else:
            self.wrong(value.line, f"{what} must be text: put quotation marks around it.")
        return ""

    def texts(self, value: Value, what: str) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(
            self.text(item, f"Item {number} of {what}") for number, item in enumerate(self.items(value, what), 1)
        )

    def id(self, value: Value, what: str, pattern: re.Pattern[str], example: str) -> str:
        """An id of the given form: it ends up in web pages, file names and other files."""
        text = self.text(value, what)
        if text and not pattern.fullmatch(text):
            self.wrong(value.line, f'{what} "{text}" has characters an id cannot have: write it like "{example}".')
            return ""
        return text

    def choice(self, value: Value, what: str, choices: Collection[str]) -> str:
        """One of a few words."""
        text = self.text(value, what)
        if text and text not in choices:
            self.wrong(value.line, f'{what} is "{text}": {suggestion(text, choices)}')
        return text

    def day(self, value: Value, what: str) -> date | None:
        """A day such as 2026-11-21, or None where nothing or null stands."""
        if value.is_nothing:
            return None
        written = str(value.node.value)
        if value.is_kind("timestamp") and _DAY.fullmatch(written):
            try:
                return date.fromisoformat(written)
            except ValueError:
                self.wrong(value.line, f"{what} is {written}, a day that no calendar has.")
                return None
        self.wrong(value.line, f"{what} must be a day such as 2026-11-21 without quotation marks, or null.")
        return None

    def whole_number(self, value: Value, what: str) -> int | None:
        """A whole number written in digits; None when it is none."""
        if value.is_kind("int") and _WHOLE_NUMBER.fullmatch(str(value.node.value)):
            return int(value.node.value)
        self.wrong(value.line, f"{what} must be a whole number in digits.")
        return None

    def figure(self, value: Value, what: str) -> str | int | float | date:
        """A text, a number or a day."""
        if value.is_kind("int"):
            return self.whole_number(value, what) or 0
        if value.is_kind("float"):
            if _DECIMAL.fullmatch(str(value.node.value)):
                return float(value.node.value)
            self.wrong(value.line, f"{what} must be a plain number such as 12.1.")
            return math.nan
        if value.is_kind("timestamp"):
            return self.day(value, what) or ""
        return self.text(value, what)


def suggestion(written: str, known: Collection[str]) -> str:
    """What to write instead: the nearest known word, else the whole list when it is short.

    >>> suggestion("curent", ["historic", "current"])
    'did you mean "current"?'
    """
    if near := get_close_matches(written, known, n=1):
        return f'did you mean "{near[0]}"?'
    if len(known) <= 12:
        return "use one of " + ", ".join(f'"{word}"' for word in known) + "."
    return "check the spelling."
