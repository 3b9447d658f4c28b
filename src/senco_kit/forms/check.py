"""Whether an answer fits the field that asked for it; if not, one sentence that says what to put right."""

from __future__ import annotations

from senco_kit.days import read_day
from senco_kit.forms.fields import ChooseMany, ChooseOne, Date, Field, LongText, Number, ShortText, Tick, Value
from senco_kit.typed_numbers import number_typed


class Refused(Exception):
    """An answer that cannot be kept, with one sentence for the person who gave it."""


def check(asked: Field, value: Value) -> None:
    """Raise `Refused` when the value does not fit the field; an empty value fits every field that is not required.

    Whoever needs the number of a `Number` that fits takes `typed_numbers.number_typed`: float() reads less and more.
    """
    if isinstance(asked, ChooseMany):
        _check_many(asked, value)
        return
    if not isinstance(value, str):
        raise Refused(f"{asked.label}: this answer is not text. Reload the page and answer again.")
    if not value.strip():
        if asked.required:
            raise Refused(_missing(asked))
        return
    match asked:
        case ChooseOne() | Tick():
            allowed = {option.value for option in asked.every_option} if isinstance(asked, ChooseOne) else {"yes"}
            if value not in allowed:
                raise Refused(f"{asked.label}: choose one of the answers shown.")
        case Number():
            _check_number(asked, value)
        case Date():
            try:
                read_day(value)
            except ValueError as problem:
                raise Refused(f"{asked.label}: {_lower_first(str(problem))}") from problem
        case ShortText() | LongText():
            if len(value) > asked.longest:
                raise Refused(
                    f"{asked.label}: this text has {len(value):,} characters. Shorten it to {asked.longest:,} or fewer."
                )


def _missing(asked: Field) -> str:
    verb = "Choose" if isinstance(asked, ChooseOne | ChooseMany | Tick) else "Enter"
    return f"{verb} an answer: {asked.label}."


def _check_many(asked: ChooseMany, value: Value) -> None:
    allowed = {option.value for option in asked.options}
    if isinstance(value, str) or not all(isinstance(each, str) and each in allowed for each in value):
        raise Refused(f"{asked.label}: choose from the answers shown.")
    if asked.required and not value:
        raise Refused(_missing(asked))


def _check_number(asked: Number, value: str) -> None:
    try:
        number = number_typed(value)
    except ValueError as problem:
        example = "12" if asked.whole else "12.5"
        raise Refused(f"{asked.label}: enter a number in figures, such as {example}.") from problem
    if asked.whole and number != int(number):
        raise Refused(f"{asked.label}: enter a whole number.")
    unit = f" {asked.unit}" if asked.unit else ""
    if asked.lowest is not None and number < asked.lowest:
        raise Refused(f"{asked.label}: enter {asked.lowest:g}{unit} or more.")
    if asked.highest is not None and number > asked.highest:
        raise Refused(f"{asked.label}: enter {asked.highest:g}{unit} or less.")


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
