"""An answer as its learner would read it: the texts of what was chosen, in the order given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def answer_in_words(question: Mapping[str, Any], answer: object) -> tuple[str, ...]:
    """The answer as lines of text; none when there is no answer."""
    match question["type"], answer:
        case "choose-one", str(chosen) if chosen:
            return (_texts(question).get(chosen, ""),)
        case (("choose-many" | "put-in-order"), list(chosen)):
            texts = _texts(question)
            return tuple(texts[each] for each in chosen if isinstance(each, str) and each in texts)
        case "pick-pupils", list(chosen):
            rows = {str(row_id): " · ".join(map(str, cells)) for row_id, cells in question["table"]["rows"]}
            return tuple(text for row_id, text in rows.items() if row_id in chosen)
        case "share-out", dict(amounts):
            unit = question["unit"]
            return tuple(
                f"{text}: {amounts[row]} {unit}"
                for row, text in _texts(question).items()
                if str(amounts.get(row, "")).strip()
            )
        case "number", str(typed) if typed.strip():
            return (f"{typed} {question['unit']}".strip(),)
        case _, str(text) if text.strip():
            return tuple(text.splitlines())
    return ()


def _texts(question: Mapping[str, Any]) -> dict[str, str]:
    return {str(option["id"]): str(option["text"]) for option in question["options"]}
