"""session.md: what a facilitator needs for a session, with the activities of three versions."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from markdown_it.token import Token

from senco_kit.course.lesson_file import heading_attributes
from senco_kit.course.markdown import parser
from senco_kit.course.model import Activity, Session, Version
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_text, suggestion

#: The versions that every session has, and the titles of its other parts.
VERSIONS = ("full", "twilight", "half-day")
PARTS = ("Discussion prompts", "Sticking points", "Hand-out")


def read_session(sheet: Sheet) -> Session:
    """The session notes. ContentProblem when the file or its front matter cannot be read at all."""
    front, lines = _front_matter(sheet)
    fields = sheet.fields(front, "The front matter", ("title", "aims", "room", "materials"))
    tokens = [token for token in parser().parse("\n".join(lines)) if token.level == 0 and token.map]
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"]
    versions: list[Version] = []
    parts: dict[str, str] = {}
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        head, line = tokens[start], _first_line(tokens[start])
        title = lines[line].lstrip("# ").strip()
        if title in PARTS:
            parts[title] = _text(lines, tokens[start + 1 : end])
        elif "id" in head.attrs:
            versions.append(_version(sheet, lines, head, title, tokens[start + 1 : end]))
        else:
            sheet.wrong(line + 1, f'"{title}" is no part of the notes: {suggestion(title, PARTS)}')
    found = tuple(version.id for version in versions)
    if found != VERSIONS:
        sheet.wrong(1, f"The versions are {', '.join(found) or 'none'}: there must be {', '.join(VERSIONS)}, so named.")
    for part in PARTS:
        if not parts.get(part):
            sheet.wrong(len(lines), f'There is no part "## {part}", or nothing in it: write it.')
    return Session(
        title=sheet.text(fields["title"], '"title"') if "title" in fields else "",
        aims=sheet.texts(fields["aims"], '"aims"') if "aims" in fields else (),
        room=sheet.text(fields["room"], '"room"') if "room" in fields else "",
        materials=sheet.texts(fields["materials"], '"materials"') if "materials" in fields else (),
        versions=tuple(versions),
        prompts=parts.get(PARTS[0], ""),
        sticking_points=parts.get(PARTS[1], ""),
        hand_out=parts.get(PARTS[2], ""),
    )


def _front_matter(sheet: Sheet) -> tuple[Value, list[str]]:
    """The front matter, and the lines of the file with those of the front matter left empty, so that numbers hold."""
    lines = read_text(sheet.path).splitlines()
    ends = [number for number, line in enumerate(lines) if line.strip() == "---"]
    if len(ends) < 2 or ends[0] != 0:
        raise ContentProblem(Problem(sheet.path, 1, "The file must begin with front matter between two lines of ---."))
    try:
        node = yaml.compose("\n".join(["", *lines[1 : ends[1]]]), Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContentProblem(Problem(sheet.path, line, "The front matter is not valid YAML.")) from error
    if node is None:
        raise ContentProblem(Problem(sheet.path, 1, "The front matter is empty."))
    return Value(node, 2), [*("" for _ in lines[: ends[1] + 1]), *lines[ends[1] + 1 :]]


def _version(sheet: Sheet, lines: Sequence[str], head: Token, title: str, tokens: Sequence[Token]) -> Version:
    version_id, minutes, _ = heading_attributes(sheet, head)
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h3"]
    activities = []
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        activity_head = tokens[start]
        activity_id, activity_minutes, outcomes = heading_attributes(sheet, activity_head)
        line = _first_line(activity_head)
        activities.append(
            Activity(
                activity_id,
                lines[line].lstrip("# ").strip(),
                activity_minutes,
                outcomes,
                str(activity_head.attrs.get("who", "everyone")),
                _text(lines, tokens[start + 1 : end]),
                line + 1,
            )
        )
    adds_up = sum(activity.minutes for activity in activities)
    if adds_up != minutes:
        line = _first_line(head) + 1
        sheet.wrong(line, f'"{title}" takes {minutes} minutes, but its activities add up to {adds_up}.')
    return Version(version_id, title, minutes, tuple(activities), _first_line(head) + 1)


def _text(lines: Sequence[str], tokens: Sequence[Token]) -> str:
    """The Markdown of a part, from its first line to its last."""
    places = [token.map for token in tokens if token.map]
    if not places:
        return ""
    return "\n".join(lines[min(place[0] for place in places) : max(place[1] for place in places)]).strip()


def _first_line(token: Token) -> int:
    return token.map[0] if token.map else 0
