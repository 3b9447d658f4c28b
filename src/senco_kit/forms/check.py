"""Whether an answer fits the field that asked for it; if not, one sentence that says what to put right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from senco_kit.days import read_day
from senco_kit.forms.fields import (
    ChooseMany,
    ChooseOne,
    Date,
    Field,
    LongText,
    Number,
    PickRows,
    PutInOrder,
    ShareOut,
    ShortText,
    Tick,
    Value,
)
from senco_kit.typed_numbers import number_typed


class Refused(Exception):
    """An answer that cannot be kept, with one sentence for the person who gave it."""


def check(asked: Field, value: Value) -> None:
    """Raise `Refused` when the value does not fit the field; an empty value fits every field that is not required.

    Whoever needs the number of a `Number` that fits takes `typed_numbers.number_typed`: float() reads less and more.
    """
    match asked:
        case ChooseMany():
            _check_many(asked, {option.value for option in asked.options}, value)
            return
        case PickRows():
            _check_many(asked, {row.value for row in asked.rows}, value)
            return
        case PutInOrder():
            _check_order(asked, value)
            return
        case ShareOut():
            _check_shares(asked, value)
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


def errors_of(fields: Iterable[Field], values: Mapping[str, Value]) -> dict[str, str]:
    """What is wrong with the values of a form, by the name of the field; a value that is not there counts as empty."""
    errors = {}
    for asked in fields:
        try:
            check(asked, values.get(asked.name, ""))
        except Refused as refusal:
            errors[asked.name] = str(refusal)
    return errors


def _missing(asked: Field) -> str:
    verb = "Enter" if isinstance(asked, Number | Date | ShortText | LongText | ShareOut) else "Choose"
    return f"{verb} an answer: {asked.label}."


def _check_many(asked: Field, allowed: set[str], value: Value) -> None:
    ticked = [] if value == "" else value
    if isinstance(ticked, str) or not all(isinstance(each, str) and each in allowed for each in ticked):
        raise Refused(f"{asked.label}: choose from the answers shown.")
    if asked.required and not ticked:
        raise Refused(_missing(asked))


def _check_order(asked: PutInOrder, value: Value) -> None:
    if not value:
        if asked.required:
            raise Refused(f"Choose an order: {asked.label}.")
        return
    if not asked.is_given(value):
        raise Refused(f"{asked.label}: put each of the {len(asked.options)} shown in its place, once.")


def _check_shares(asked: ShareOut, value: Value) -> None:
    entries = [] if value == "" else value
    if isinstance(entries, str) or not all(_is_share(asked, entry) for entry in entries):
        raise Refused(f"{asked.label}: enter amounts for the rows shown.")
    typed = asked.typed(entries)
    for row in asked.rows:
        check(asked.amount(row), typed.get(row.value, ""))
    if asked.required and not any(amount.strip() for amount in typed.values()):
        raise Refused(_missing(asked))


def _is_share(asked: ShareOut, entry: object) -> bool:
    """Whether this names one of the rows and holds a text as its amount."""
    if not isinstance(entry, Mapping) or not isinstance(entry.get("amount", ""), str):
        return False
    return entry.get("id") in [row.value for row in asked.rows]


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
