"""What can be wrong with a file of work: one sentence that names the place in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from senco_kit.plain_text import clean
from senco_kit.store.problems import StoreProblem

#: In bytes; not more than a page can send (`LARGEST_PART` times `MOST_PARTS` of senco_kit.forms.screen). Kept school
#: data takes 40 million of them at most (`LARGEST_OWN_SCHOOLS` of answers.py, a third more as text).
LARGEST_FILE = 64_000_000

# The reader is a teacher, who cannot mend the file: whatever is wrong with it, the way on is the same.
NOT_OURS = "This is not a file that the kit made, or it was changed since"
CUT_SHORT = "This is not a file that the kit made, or it was cut short"
UPDATE = "update the kit, then choose the file again"
_CHOOSE = "choose the file that “Download all my work” saved"


class ImportProblem(StoreProblem):
    """A file cannot be imported, and nothing was changed. The message is one sentence that names the place in it."""


class Wrong(ValueError):
    """An entry that the kit would not have written. The message says what is wrong with it."""


def refuse(wrong: str, detail: str = "") -> NoReturn:
    """Raises ImportProblem for the file as a whole."""
    raise ImportProblem(f"{wrong}{f' ({detail})' if detail else ''}; {_CHOOSE}.")


def refuse_place(path: Iterable[str | int], reason: str) -> NoReturn:
    """Raises ImportProblem for a place in the file."""
    refuse(NOT_OURS, f"{place(path)}: {reason}")


# Names of entries that are not words yet.
_NAMES = {
    "by_when": "by when",
    "brought_at": "brought in",
    "changed_at": "last changed",
    "created_at": "started",
    "done_at": "done",
    "framework_id": "standard",
    "handed_in_as": "handed in as",
    "handed_in_at": "handed in",
    "kept_at": "kept",
    "kept_where": "where it is kept",
    "made_at": "made",
    "look_again": "look again",
    "marked_at": "marked on",
    "matters_now": "matters now",
    "out_of": "out of",
    "outcome_id": "item",
    "own_schools": "school data",
    "provision_id": "provision",
    "readings": "answers about schools",
    "sections_done": "sections done",
    "started_from": "started from",
    "with_whom": "with whom",
}


def place(path: Iterable[str | int]) -> str:
    """A place in the file as a person would say it.

    >>> place(("audits", 1, "ratings", "A1", "level"))
    'audits, number 2, item A1, level'
    """
    said: list[str] = []
    for step in path:
        if isinstance(step, int):
            said.append(f"number {step + 1}")
        elif step == "[key]":  # pydantic's word for the name of an entry; the step before is that name
            continue
        elif said and said[-1] == "ratings":
            said[-1] = f"item {short(step)}"
        else:
            said.append(_NAMES.get(step, short(step)))
    return ", ".join(said) or "the file"


def short(name: str) -> str:
    """A name from the file, on one line and not too long for a sentence."""
    text = " ".join(clean(name).split())
    return text if len(text) <= 40 else text[:40] + "…"
