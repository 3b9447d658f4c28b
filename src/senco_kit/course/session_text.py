"""The notes for a session as plain text, to print from the command line."""

from __future__ import annotations

import textwrap

from senco_kit.course import markdown
from senco_kit.course.model import Module
from senco_kit.course.run_sheet import run_sheet

_WIDTH = 88


def session_text(module: Module, version_id: str, start: str) -> str:
    """The notes with clock times. Raises ValueError with a sentence for an unknown version or a wrong time."""
    session = module.session
    assert session is not None  # read_module gives every module its session
    known = [version.id for version in session.versions]
    if version_id not in known:
        raise ValueError(f"There is no version “{version_id[:30]}” of the session: choose {', '.join(known)}.")
    version = session.version(version_id)
    lines = [session.title, "=" * len(session.title), f"{version.title}: {version.minutes} minutes", ""]
    lines += ["Aims", *_bullets(session.aims), "", "Room", *_wrapped(session.room), ""]
    lines += ["Materials", *_bullets(session.materials), "", "Run sheet"]
    for line in run_sheet(version, start):
        activity = line.activity
        outcomes = f"  [{', '.join(activity.outcomes)}]" if activity.outcomes else ""
        lines += ["", f"{line.begins}-{line.ends}  {activity.title} ({activity.minutes} min, {activity.who}){outcomes}"]
        lines += _paragraphs(activity.text, "             ")
    for title, text in (
        ("Discussion prompts", session.prompts),
        ("Sticking points", session.sticking_points),
        ("Hand-out", session.hand_out),
    ):
        lines += ["", title, *_paragraphs(text)]
    return "\n".join(lines) + "\n"


def _paragraphs(text: str, indent: str = "  ") -> list[str]:
    """The lines of a Markdown text without its marks; each list item and paragraph is wrapped by itself."""
    wrapped: list[str] = []
    for piece in _pieces(text):
        bullet = "- " if piece.startswith(("- ", "* ")) else ""
        wrapped += _wrapped(bullet + markdown.words(piece), indent, indent + " " * len(bullet))
    return wrapped


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    for line in text.splitlines():
        starts = line.lstrip().startswith(("- ", "* ", "#", "|")) or line.lstrip()[:2].rstrip(".").isdigit()
        if not line.strip():
            pieces.append("")
        elif starts or not pieces or not pieces[-1]:
            pieces.append(line.strip())
        else:
            pieces[-1] += " " + line.strip()
    return [piece for piece in pieces if piece]


def _bullets(texts: tuple[str, ...]) -> list[str]:
    return [line for text in texts for line in _wrapped("- " + markdown.words(text), "  ", "    ")]


def _wrapped(text: str, indent: str = "  ", later: str | None = None) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=indent if later is None else later)
