"""lesson.md: the sections of a lesson, each with its minutes, outcomes and blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from markdown_it.token import Token

from senco_kit.course.markdown import parser
from senco_kit.course.model import BLOCK_KINDS, Block, BlockKind, Section
from senco_kit.standards.content import LONG_ID
from senco_kit.standards.sheet import Sheet, read_text, suggestion

_FENCE = re.compile(r"\{([a-z0-9-]+)\}\s*(.*)")
_OPTION = re.compile(r":(minutes|outcomes|outcome|data):\s*(.*)")

#: Blocks whose argument is names, not a title.
_NAMING = ("show", "check", "reflection")


def read_lesson(sheet: Sheet) -> tuple[Section, ...]:
    """The sections. ContentProblem when the file cannot be read at all."""
    lines = read_text(sheet.path).splitlines()
    tokens = [token for token in parser().parse("\n".join(lines)) if token.level == 0 and token.map]
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    for token in tokens[: starts[0] if starts else len(tokens)]:
        if token.map:
            sheet.wrong(token.map[0] + 1, "Text stands before the first section: put it below a heading (##).")
            break
    ends = [*starts[1:], len(tokens)]
    return tuple(_section(sheet, lines, tokens[start:end]) for start, end in zip(starts, ends, strict=True))


def _section(sheet: Sheet, lines: Sequence[str], tokens: Sequence[Token]) -> Section:
    head = tokens[0]
    line = _line(head)
    section_id, minutes, outcomes = heading_attributes(sheet, head)
    title = lines[line - 1].lstrip("# ").strip()
    return Section(section_id, title, minutes, outcomes, tuple(_blocks(sheet, lines, tokens[1:])), line)


def heading_attributes(sheet: Sheet, head: Token) -> tuple[str, int, tuple[str, ...]]:
    """The id, minutes and outcomes that the line above a heading gives."""
    line = _line(head)
    found = str(head.attrs.get("id", ""))
    if not LONG_ID.fullmatch(found):
        sheet.wrong(line, 'The heading has no id above it: write a line like {#before-break minutes="10"}.')
    minutes = str(head.attrs.get("minutes", ""))
    if not minutes.isdecimal():
        sheet.wrong(line, 'The heading has no minutes: write minutes="10" in the line above it.')
    return found, int(minutes) if minutes.isdecimal() else 0, tuple(str(head.attrs.get("outcomes", "")).split())


def _blocks(sheet: Sheet, lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Block]:
    prose: list[Token] = []
    for token in tokens:
        if token.type != "colon_fence":
            prose.append(token)
            continue
        yield from _prose(lines, prose)
        prose = []
        block = _fence(sheet, token)
        if block:
            yield block
    yield from _prose(lines, prose)


def _prose(lines: Sequence[str], tokens: Sequence[Token]) -> Iterator[Block]:
    places = [token.map for token in tokens if token.map]
    if places:
        first, last = min(place[0] for place in places), max(place[1] for place in places)
        text = "\n".join(lines[first:last]).strip()
        if text:
            yield Block(kind="prose", text=text, line=first + 1)


def _fence(sheet: Sheet, token: Token) -> Block | None:
    line = _line(token)
    found = _FENCE.fullmatch(token.info.strip())
    if found is None or found[1] not in BLOCK_KINDS or found[1] == "prose":
        kinds = [kind for kind in BLOCK_KINDS if kind != "prose"]
        sheet.wrong(line, f'There is no block "{token.info.strip()}": {suggestion(found[1] if found else "", kinds)}')
        return None
    kind, argument = cast(BlockKind, found[1]), found[2].strip()
    options, text = _options(token.content)
    minutes = options.get("minutes", "0")
    if not minutes.isdecimal():
        sheet.wrong(line, ":minutes: must be a whole number.")
    return Block(
        kind=kind,
        text=text,
        title="" if kind in _NAMING else argument,
        names=tuple(argument.split()) if kind in _NAMING else (),
        outcomes=tuple(f"{options.get('outcomes', '')} {options.get('outcome', '')}".split()),
        minutes=int(minutes) if minutes.isdecimal() else 0,
        on_data=options.get("data", "no") == "yes",
        line=line,
    )


def _options(content: str) -> tuple[dict[str, str], str]:
    """The options in the first lines of a block, and the rest."""
    options: dict[str, str] = {}
    lines = content.strip("\n").split("\n")
    while lines and (found := _OPTION.fullmatch(lines[0].strip())):
        options[found[1]] = found[2].strip()
        lines.pop(0)
    return options, "\n".join(lines).strip()


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
