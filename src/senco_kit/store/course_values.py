"""What may be kept of a person's course work: answers, assignments and marks, read or refused in a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from senco_kit.store.answers import short_id, words
from senco_kit.store.problems import BadValue

#: An answer: text, the ids chosen, or texts by row. Empty ("", [] or {}) is no answer.
CourseAnswer: TypeAlias = str | list[str] | dict[str, str]

#: The begin of the id of a person's own assignment, in the place of a cohort's name.
OWN = "own"
ASSIGNMENT_FORMAT = "senco-assignment"

#: Answers have few parts: no question has so many pupils or rows.
MOST_PARTS = 300
MOST_MARKS = 1000
#: The largest released assignment that is kept, its notebook included, and the most of them together, in bytes.
LARGEST_ASSIGNMENT = 3_000_000
LARGEST_ASSIGNMENTS = 9_000_000

# They stand in addresses and in names of files.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_VERDICTS = ("right", "partly", "not yet", "no answer", "for your facilitator")
_NO_ANSWER = "This answer could not be read; enter it again."
_NO_ASSIGNMENT = "This is not an assignment that the kit released; ask your facilitator for the file again."
_NO_MARK = "These marks could not be read; ask for the file with the feedback again."


def answer(value: object) -> CourseAnswer:
    """An answer as it is kept, cleaned; parts that are empty are left out. Raises BadValue."""
    match value:
        case str():
            text = words(value)
            return text if text.strip() else ""
        case list() if len(value) <= MOST_PARTS and all(isinstance(each, str) for each in value):
            return [short_id(each) for each in value]
        case dict() if len(value) <= MOST_PARTS and all(isinstance(each, str) for each in value):
            parts = {short_id(row): words(text).strip() for row, text in value.items()}
            return {row: text for row, text in parts.items() if text}
    raise BadValue(_NO_ANSWER)


def as_text(value: object) -> str:
    """Anything of JSON as the text that is kept. Raises ValueError for what is not JSON."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    text.encode()  # half a character cannot be kept
    return text


def package(value: object) -> dict[str, Any]:
    """A released assignment, if it is one that can be kept. Raises BadValue."""
    try:
        plain = json.loads(as_text(value)) if isinstance(value, Mapping) else None
    except (ValueError, TypeError, RecursionError) as problem:
        raise BadValue(_NO_ASSIGNMENT) from problem
    if not isinstance(plain, dict) or plain.get("format") != ASSIGNMENT_FORMAT:
        raise BadValue(_NO_ASSIGNMENT)
    if not all(isinstance(plain.get(name), str) for name in ("id", "school", "cohort", "title")):
        raise BadValue(_NO_ASSIGNMENT)
    questions = plain.get("questions")
    if not isinstance(questions, list) or not all(map(_is_question, questions)):
        raise BadValue(_NO_ASSIGNMENT)
    if plain["cohort"] == OWN:
        raise BadValue(f"A cohort cannot be called “{OWN}”; ask your facilitator to give it another name.")
    if not all(_NAME.fullmatch(name) for name in (plain["id"], plain["school"], plain["cohort"] or OWN)):
        raise BadValue(_NO_ASSIGNMENT)
    assignment_id(plain)
    return plain


def _is_question(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("id"), str)


def assignment_id(plain: Mapping[str, Any]) -> str:
    """The id under which a released assignment is kept: its cohort, or "own", and its module. Raises BadValue."""
    made = f"{plain['cohort'] or OWN}-{plain['id']}"
    short_id(work_of(made))
    return made


def work_of(assignment_id: str) -> str:
    """The piece of work that an assignment's answers and marks belong to."""
    return f"assignment/{assignment_id}"


def within_size(text: str, notebook: bytes | None) -> int:
    """The bytes that an assignment takes. Raises BadValue when it is too large to keep."""
    size = len(text.encode()) + len(notebook or b"")
    if size > LARGEST_ASSIGNMENT:
        raise BadValue(
            f"This assignment is larger than {LARGEST_ASSIGNMENT // 1_000_000} MB, which no assignment of the kit is; "
            "ask your facilitator for the file again."
        )
    return size


def marked(value: object) -> dict[str, Any]:
    """What an answer earned, as course.mark.Marked.as_json gives it. Raises BadValue."""
    if not isinstance(value, Mapping) or value.get("verdict") not in _VERDICTS:
        raise BadValue(_NO_MARK)
    lists = {name: value.get(name, []) for name in ("says", "look_again", "misconceptions")}
    for sentences in lists.values():
        if not isinstance(sentences, list | tuple) or len(sentences) > MOST_PARTS:
            raise BadValue(_NO_MARK)
        if not all(isinstance(each, str) for each in sentences):
            raise BadValue(_NO_MARK)
    return {
        **{name: _marks(value.get(name)) for name in ("marks", "out_of")},
        "verdict": value["verdict"],
        **{name: [words(each) for each in sentences] for name, sentences in lists.items()},
    }


def _marks(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST_MARKS:
        raise BadValue(_NO_MARK)
    return float(value)
