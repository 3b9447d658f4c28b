"""The short forms of pupils and parents: what is kept of them, and what they say together.

Nobody is named. A year group may be noted, but answers are never split by it: no table goes below all forms of a kind.
Counts under 5 are hidden, and so is whatever would give one of them away.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from senco_kit.forms.fields import ChooseOne, Field, LongText, Option
from senco_kit.planning.kinds import Kind
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.plan import HELPS, HINDERS, INSIDE
from senco_kit.planning.voice_file import BAD, FORMS, GOOD, MIXED, NONE, VoiceForm, VoiceQuestion, form
from senco_kit.schools import codes

PUPILS, PARENTS = FORMS
#: The kind of record that holds one form.
KIND_OF: Final = {PUPILS: "pupil-view", PARENTS: "parent-view"}
WORDS: Final = {PUPILS: "pupils", PARENTS: "parents and carers"}
NO_ANSWER: Final = "No answer"
#: A question goes well when this part of the answers, or more, counts as good. The kit's own rule.
GOES_WELL: Final = 0.75
#: What more than half say is told from so many forms on. The kit's own rule.
ENOUGH_FOR_MOSTLY: Final = 10
#: The most forms on paper that are typed in at once.
MOST_LINES: Final = 500

YEAR = ChooseOne(
    name="year",
    label="Year group, if you want to note it",
    hint="It shows whom you have reached. Answers are never split by it.",
    options=tuple(Option(year, words) for year, words in codes.YEARS.items()),
)
_DONE = ChooseOne(name="done", label="Is this form finished?", options=(Option("yes", "Yes"),))


def _fields(who: str) -> tuple[Field, ...]:
    # The question itself is in the file of the form: it is read when the page asks it.
    return (YEAR, LongText(name="own_words", label=f"In their own words ({WORDS[who]})", longest=4000), _DONE)


def answer_field(who: str, question_id: str) -> ChooseOne:
    """A question of a form. Raises KeyError when there is none with this id."""
    asked = {question.id: question for question in form(who).questions}[question_id]
    options = tuple(Option(answer.id, answer.label) for answer in form(who).answers)
    return ChooseOne(name=f"answer/{question_id}", label=asked.says, options=options, side_by_side=True)


KINDS: tuple[Kind, ...] = (
    Kind(
        id=KIND_OF[PUPILS],
        one="form",
        several="forms of pupils",
        naming="year",
        place="voice",
        fields=_fields(PUPILS),
        patterns={"answer": lambda which: answer_field(PUPILS, which)},
    ),
    Kind(
        id=KIND_OF[PARENTS],
        one="form",
        several="forms of parents",
        naming="year",
        place="voice",
        fields=_fields(PARENTS),
        patterns={"answer": lambda which: answer_field(PARENTS, which)},
    ),
)


# --------------------------------------------------------------------------------------------- which forms there are


def is_empty(record: Record) -> bool:
    """Whether nothing at all is answered on a form."""
    return not record.under("answer") and not record.text("own_words").strip()


def handed_in(cycle: Cycle, who: str) -> tuple[Record, ...]:
    """The finished forms with an answer: only these count."""
    return tuple(one for one in cycle.of(KIND_OF[who]) if one.text("done") == "yes" and not is_empty(one))


def unfinished(cycle: Cycle, who: str) -> tuple[Record, ...]:
    """The forms that somebody began and did not hand in."""
    return tuple(one for one in cycle.of(KIND_OF[who]) if one.text("done") != "yes")


def count_in_words(cycle: Cycle, who: str) -> str:
    """How many forms are handed in, as others may know it."""
    from senco_kit.small_counts import THRESHOLD, is_small

    forms = len(handed_in(cycle, who))
    return f"fewer than {THRESHOLD}" if is_small(forms) else str(forms)


# ------------------------------------------------------------------------------------------------- what they say


class QuestionSummary(NamedTuple):
    """The counts of one question: for each answer, and for none, a number or small_counts.HIDDEN.

    `mostly` is the answer that more than half of at least ENOUGH_FOR_MOSTLY forms give, "" when there is none. It tells
    no hidden count: more than half and not all is always more than one number.
    """

    question: VoiceQuestion
    counts: tuple[tuple[str, int | str], ...]
    total: int
    mostly: str

    @property
    def is_shown(self) -> bool:
        """Whether no count is hidden."""
        return all(isinstance(count, int) for _, count in self.counts)


def summary(cycle: Cycle, who: str) -> list[QuestionSummary]:
    """What they say together, question by question; nothing while fewer than 5 forms are handed in.

    The number of forms is known to a reader, so it is no total that could be hidden: where a count can only be kept
    from being worked out by hiding that, all counts of the question are hidden.
    """
    from senco_kit.small_counts import is_small

    forms = handed_in(cycle, who)
    if not forms or is_small(len(forms)):
        return []
    return [_of_question(form(who), question, forms) for question in form(who).questions]


def _of_question(asked: VoiceForm, question: VoiceQuestion, forms: tuple[Record, ...]) -> QuestionSummary:
    given = [one.text(f"answer/{question.id}") for one in forms]
    counts = {answer.label: given.count(answer.id) for answer in asked.answers}
    counts[NO_ANSWER] = len(forms) - sum(counts.values())
    enough = len(forms) >= ENOUGH_FOR_MOSTLY
    mostly = next((each.label for each in asked.answers if enough and 2 * counts[each.label] > len(forms)), "")
    return QuestionSummary(question, _hidden_where_small(counts), len(forms), mostly)


def _hidden_where_small(counts: dict[str, int]) -> tuple[tuple[str, int | str], ...]:
    # Imported here because it takes pandas, and kinds are looked up on every page.
    import pandas as pd

    from senco_kit.small_counts import HIDDEN, TOTAL, suppress

    shown = suppress(pd.Series(counts))
    if shown[TOTAL] == HIDDEN:
        return tuple((label, HIDDEN) for label in counts)
    return tuple((label, HIDDEN if shown[label] == HIDDEN else int(shown[label])) for label in counts)


def reached(cycle: Cycle, who: str) -> tuple[tuple[str, int | str], ...]:
    """How many forms there are by year group, small counts hidden; nothing while there are fewer than 5 forms."""
    from senco_kit.small_counts import is_small

    forms = handed_in(cycle, who)
    if not forms or is_small(len(forms)):
        return ()
    given = [one.text("year") for one in forms]
    counts = {option.label: given.count(option.value) for option in YEAR.options if option.value in given}
    counts["Not noted"] = len(forms) - sum(counts.values())
    return _hidden_where_small(counts)


def own_words(cycle: Cycle, who: str) -> tuple[str, ...]:
    """What they wrote in their own words, for the SENCO alone, in an order that says nothing of who wrote it or when.

    Nothing while fewer than 5 forms are handed in.
    """
    from senco_kit.small_counts import is_small

    forms = handed_in(cycle, who)
    if is_small(len(forms)):
        return ()
    in_no_order = sorted(forms, key=lambda one: hashlib.sha256(one.id.encode()).hexdigest())
    return tuple(text for one in in_no_order if (text := one.text("own_words").strip()))


def offer(who: str, line: QuestionSummary, today: date) -> dict[str, str]:
    """A line of the summary as a finding, by the names that pages/leading_findings.take_finding reads."""
    asked, words = f"“{line.question.says}”", WORDS[who]
    if line.is_shown:
        told = ", ".join(f"{count} “{label}”" for label, count in line.counts if count)
        what = f"{line.total} {words} were asked {asked}: {told}."
    elif line.mostly:
        what = f"More than half of {line.total} {words} answer {asked} with “{line.mostly}”."
    else:
        what = f"What {words} say to {asked} needs a closer look. Some counts are too small to be shown."
    return {
        "what": what,
        "source": who,
        "wherefrom": f"Short form for {words}, all {line.total} forms together.",
        "foundon": today.isoformat(),
        "area": "all",
        "effect": _effect(who, line),
        "within": INSIDE,
        "ref": f"voice/{who}/{line.question.id}",
    }


def _effect(who: str, line: QuestionSummary) -> str:
    """Whether it goes well; "" when that is not told or most did not know."""
    if not line.is_shown:
        meaning = next((each.counts_as for each in form(who).answers if each.label == line.mostly), NONE)
        return "" if meaning == NONE else HELPS if meaning == GOOD else HINDERS
    counts = {label: int(count) for label, count in line.counts}
    by_meaning = dict.fromkeys((GOOD, MIXED, BAD, NONE), 0)
    for answer in form(who).answers:
        by_meaning[answer.counts_as] += counts[answer.label]
    said = by_meaning[GOOD] + by_meaning[MIXED] + by_meaning[BAD]
    if 2 * said < line.total:
        return ""
    return HELPS if by_meaning[GOOD] >= GOES_WELL * said else HINDERS


# ----------------------------------------------------------------------------------------------- answers on paper


@dataclass(frozen=True)
class Typed:
    """What was typed of forms on paper: the values of each form, or what is wrong in which line, counted from 1."""

    forms: tuple[dict[str, str], ...] = ()
    wrong: tuple[tuple[int, str], ...] = ()


def read_typed(who: str, text: str, year: str = "") -> Typed:
    """Forms on paper, one a line: the number of the answer to each question, 0 for none, and after a stroke the words.

    "1 2 1 3 1 1 2 4 | More books" is one form. The numbers may also stand without spaces.
    """
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        return Typed(wrong=((lines[MOST_LINES][0], f"Type in {MOST_LINES} forms at most at a time."),))
    forms, wrong = [], []
    for number, line in lines:
        try:
            forms.append(_typed_line(form(who), line) | ({"year": year} if year else {}) | {"done": "yes"})
        except ValueError as problem:
            wrong.append((number, str(problem)))
    return Typed((), tuple(wrong)) if wrong else Typed(tuple(forms))


def _typed_line(asked: VoiceForm, line: str) -> dict[str, str]:
    figures, _, words = line.partition("|")
    numbers = re.sub(r"[\s,;.]", "", figures)
    if not re.fullmatch("[0-9]*", numbers):
        raise ValueError("Write figures only, such as 1 2 1 3, and own words after a stroke: |")
    if len(numbers) != len(asked.questions):
        raise ValueError(f"This line has {len(numbers)} figures; the form has {len(asked.questions)} questions.")
    highest = len(asked.answers)
    if any(int(each) > highest for each in numbers):
        raise ValueError(f"Answers are numbered 1 to {highest}; write 0 where there is none.")
    if len(words.strip()) > 4000:
        raise ValueError("The words after the stroke are too long: shorten them to 4,000 characters.")
    values = {
        f"answer/{question.id}": asked.answers[int(each) - 1].id
        for question, each in zip(asked.questions, numbers, strict=True)
        if each != "0"
    }
    if words.strip():
        values["own_words"] = words.strip()
    if not values:
        raise ValueError("Nothing is answered on this form: leave the line out.")
    return values
