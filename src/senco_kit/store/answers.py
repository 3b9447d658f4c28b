"""What people type into a form, read into what is kept, or refused with one sentence that says what to enter."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from senco_kit.audit.model import HIGHEST_LEVEL, LOWEST_LEVEL
from senco_kit.days import read_day
from senco_kit.plain_text import LONGEST_TEXT, clean
from senco_kit.store.problems import BadValue
from senco_kit.store.tables import LONGEST_NAME

#: What the person's own school data may come as, told by the end of the file's name, without the dot.
OWN_SCHOOL_KINDS = ("xlsx", "csv", "zip")
#: The largest file of own school data that is kept, and the most of them together, in bytes. A file of all work holds
#: them as text, which takes a third more, and must stay below what a page can take in (see portable.LARGEST_FILE).
LARGEST_OWN_SCHOOL = 20_000_000
LARGEST_OWN_SCHOOLS = 30_000_000

_ID = re.compile(r"[0-9a-f]{32}")


def words(value: object) -> str:
    """Free text, cleaned. Raises BadValue when it is too long; it is never cut."""
    if not isinstance(value, str):
        raise BadValue("This answer could not be read; enter it again.")
    text = clean(value)
    if len(text) > LONGEST_TEXT:
        raise BadValue(f"This text has {len(text):,} characters; keep it under {LONGEST_TEXT:,}.")
    return text


def name(value: object, of: str = "audit") -> str:
    """The name of an audit or another thing, on one line. Raises BadValue when it cannot be seen or is too long."""
    text = " ".join(words(value).split())
    if all(unicodedata.category(character)[0] in "CZ" for character in text):
        raise BadValue(f"Enter a name for this {of}.")
    if len(text) > LONGEST_NAME:
        raise BadValue(f"This name has {len(text):,} characters; keep it under {LONGEST_NAME}.")
    return text


def day(value: object) -> date | None:
    """A date as people write it in England; None when empty. Raises BadValue."""
    try:
        return read_day(words(value))
    except BadValue:
        raise
    except ValueError as problem:
        raise BadValue(str(problem)) from problem


def standing(value: object) -> dict[str, object]:
    """Where a person stands, "1" to "4", "unsure" or "" (cleared), as the two columns that keep it. Raises BadValue."""
    if value == "unsure":
        return {"level": None, "unsure": True}
    if value == "":
        return {"level": None, "unsure": False}
    levels = {str(level): level for level in range(LOWEST_LEVEL, HIGHEST_LEVEL + 1)}
    if isinstance(value, str) and value in levels:
        return {"level": levels[value], "unsure": False}
    raise BadValue(f"Choose one of the levels {LOWEST_LEVEL} to {HIGHEST_LEVEL}, or “I don’t know yet”.")


def yes_or_no(value: object) -> bool:
    """A ticked box: "yes", "true" or "on"; an empty one: "", "no", "false" or "off". Raises BadValue."""
    if isinstance(value, str) and value.lower() in ("yes", "true", "on"):
        return True
    if isinstance(value, str) and value.lower() in ("", "no", "false", "off"):
        return False
    raise BadValue("Tick the box or leave it empty.")


def rating(field: str, value: object) -> dict[str, object]:
    """The columns of a rating that one change sets. Raises BadValue, and ValueError for a field that there is not."""
    if field == "standing":
        return standing(value)
    if field == "matters_now":
        return {"matters_now": yes_or_no(value)}
    if field == "note":
        return {"note": words(value)}
    raise ValueError(f"a rating has no field {field!r}")


def evidence(field: str, value: object) -> dict[str, object]:
    """The column of a piece of evidence that one change sets. Raises like `rating`."""
    if field == "dated":
        return {"dated": day(value)}
    if field in ("what", "kept_where"):
        return {field: words(value)}
    raise ValueError(f"evidence has no field {field!r}")


def action(field: str, value: object) -> dict[str, object]:
    """The column of an action that one change sets. Raises like `rating`."""
    if field == "by_when":
        return {"by_when": day(value)}
    if field in ("action", "success", "with_whom", "evidence"):
        return {field: words(value)}
    raise ValueError(f"an action has no field {field!r}")


def own_school_data(kind: str, data: bytes) -> None:
    """Raises BadValue when an uploaded file is not one that can be kept."""
    if kind not in OWN_SCHOOL_KINDS:
        raise ValueError(f"own school data has no kind {kind!r}")
    if not data:
        raise BadValue("This file is empty; choose the file with your school's data.")
    if len(data) > LARGEST_OWN_SCHOOL:
        raise BadValue(
            f"This file is larger than {LARGEST_OWN_SCHOOL // 1_000_000} MB, which is more than the kit keeps; "
            "use it without keeping it, or take out the columns that are not needed."
        )


def row_id(value: str) -> str:
    """The id of a row (a UUID, with or without hyphens) as 32 hexadecimal digits. Raises BadValue."""
    text = value.replace("-", "").lower()
    if not _ID.fullmatch(text):
        raise BadValue("This row could not be recognised; reload the page, then try again.")
    return text


def short_id(value: str) -> str:
    """The id of a framework, an outcome, a school or a provision. Raises BadValue when it cannot be one."""
    if not value.strip() or len(value) > 100 or clean(value) != value:
        raise BadValue("This item could not be recognised; reload the page, then try again.")
    return value
