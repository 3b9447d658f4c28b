"""The shape of a framework file: headings with outcomes, and what an outcome needs before anyone can be rated by it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast, get_args

import yaml

from senco_kit.standards.content import LONG_ID, SHORT_ID, Content
from senco_kit.standards.model import (
    LEVELS_OF_AN_OUTCOME,
    SPINE,
    CheckStatus,
    Duty,
    Framework,
    FrameworkStatus,
    Heading,
    Outcome,
)
from senco_kit.standards.sheet import Sheet, Value, read_yaml

LONGEST_TITLE = 60

_FRAMEWORK_FIELDS = ("id", "title", "short_title", "issuer", "status", "source", "about", "headings")
_DATES_IN_FORCE = ("in_force_from", "in_force_to")
_OUTCOME_FIELDS = ("id", "title", "statement", "wording", "duty")
# What an outcome needs before anyone can rate themselves by it. A framework that is only browsed may leave it out.
_RATING_FIELDS = ("why_today", "levels", "evidence", "next_steps")


def read_framework(path: Path) -> Content[Framework]:
    """A framework file. ContentProblem when it is no YAML at all."""
    return _FrameworkFile(path).content()


class _FrameworkFile(Sheet):
    """The parts of a framework file, each read by one method."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.lines: dict[tuple[str, ...], int] = {}
        self.to_be_rated = False

    def content(self) -> Content[Framework]:
        fields = self.fields(read_yaml(self.path), "The framework", _FRAMEWORK_FIELDS, _DATES_IN_FORCE)
        framework_id = self.framework_id(fields)
        self.to_be_rated = framework_id == SPINE
        texts = {name: self.text(fields[name], f'"{name}"') for name in _FRAMEWORK_FIELDS[1:] if _is_text(name, fields)}
        days = {name: self.day(fields[name], f'"{name}"') for name in _DATES_IN_FORCE if name in fields}
        self.lines |= {(name,): value.line for name, value in fields.items()}
        start, end = days.get("in_force_from"), days.get("in_force_to")
        if start and end and end < start:
            self.wrong(self.lines["in_force_to",], f'"in_force_to" ({end}) is before "in_force_from" ({start}).')
        status = self.choice(fields["status"], '"status"', get_args(FrameworkStatus)) if "status" in fields else ""
        framework = Framework(
            id=framework_id,
            title=texts.get("title", ""),
            short_title=texts.get("short_title", ""),
            issuer=texts.get("issuer", ""),
            status=cast(FrameworkStatus, status),
            in_force_from=start,
            in_force_to=end,
            source=texts.get("source", ""),
            about=texts.get("about", ""),
            headings=self.headings(fields["headings"]) if "headings" in fields else (),
        )
        return Content(self.path, framework, tuple(self.problems), self.lines)

    def framework_id(self, fields: Mapping[str, Value]) -> str:
        if "id" not in fields:
            return ""
        framework_id = self.id(fields["id"], '"id"', LONG_ID, "my-school-standards")
        if framework_id and framework_id != self.path.stem:
            self.wrong(
                fields["id"].line, f'The id is "{framework_id}": name the file {framework_id}.yml, or change the id.'
            )
        return framework_id

    def headings(self, value: Value) -> tuple[Heading, ...]:
        items = self.items(value, '"headings"', if_empty="a framework has at least one heading with an outcome.")
        return tuple(self.heading(item) for item in items)

    def heading(self, value: Value) -> Heading:
        fields = self.fields(value, "A heading", ("id", "title", "about", "outcomes"))
        heading_id = self.new_id(fields, "heading")
        what = f"heading {heading_id}"
        none_yet = "add an outcome, or delete the heading."
        outcomes = self.items(fields["outcomes"], f'"outcomes" of {what}', none_yet) if "outcomes" in fields else []
        return Heading(
            id=heading_id,
            title=self.text_of(fields, "title", what),
            about=self.text_of(fields, "about", what),
            outcomes=tuple(self.outcome(item, heading_id) for item in outcomes),
        )

    def outcome(self, value: Value, heading_id: str) -> Outcome:
        required = _OUTCOME_FIELDS + _RATING_FIELDS if self.to_be_rated else _OUTCOME_FIELDS
        fields = self.fields(value, _name_for_now(value), required, _RATING_FIELDS)
        outcome_id = self.new_id(fields, "outcome")
        what = f"outcome {outcome_id}"
        wording = (
            self.choice(fields["wording"], f'"wording" of {what}', get_args(CheckStatus)) if "wording" in fields else ""
        )
        title = self.text_of(fields, "title", what)
        if len(title) > LONGEST_TITLE:
            self.wrong(
                fields["title"].line, f'"title" of {what} has {len(title)} characters: use {LONGEST_TITLE} at most.'
            )
        levels = self.texts_of(fields, "levels", what, (LEVELS_OF_AN_OUTCOME,))
        return Outcome(
            id=outcome_id,
            heading_id=heading_id,
            title=title,
            statement=self.text_of(fields, "statement", what),
            wording=cast(CheckStatus, wording),
            why_today=self.text_of(fields, "why_today", what),
            duty=self.duty(fields["duty"], outcome_id) if "duty" in fields else None,
            levels=levels,
            evidence=self.texts_of(fields, "evidence", what, (2, 3, 4), needed=bool(levels)),
            next_steps=self.texts_of(fields, "next_steps", what, (2,), needed=bool(levels)),
        )

    def duty(self, value: Value, outcome_id: str) -> Duty | None:
        if value.is_nothing:
            return None
        what = f"the duty of outcome {outcome_id}"
        fields = self.fields(value, _sentence(what), ("says", "facts"))
        none_named = "name the fact that says so."
        facts = self.items(fields["facts"], f'"facts" of {what}', none_named) if "facts" in fields else []
        named = []
        for item in facts:
            if fact_id := self.id(item, f"A fact of {what}", LONG_ID, "code-6-36"):
                self.lines[outcome_id, fact_id] = item.line
                named.append(fact_id)
        return Duty(self.text_of(fields, "says", what), tuple(named))

    def new_id(self, fields: Mapping[str, Value], kind: str) -> str:
        """The id of a heading or outcome, which no other heading or outcome of the file may have."""
        if "id" not in fields:
            return ""
        new = self.id(fields["id"], f"The id of the {kind}", SHORT_ID, "A1")
        part = (new,) if kind == "outcome" else ("heading", new)
        if new and part in self.lines:
            self.wrong(
                fields["id"].line, f'There is already {kind} "{new}" on line {self.lines[part]}: give it another id.'
            )
        elif new:
            self.lines[part] = fields["id"].line
        return new

    def text_of(self, fields: Mapping[str, Value], name: str, what: str) -> str:
        return self.text(fields[name], f'"{name}" of {what}') if name in fields else ""

    def texts_of(
        self, fields: Mapping[str, Value], name: str, what: str, counts: tuple[int, ...], needed: bool = False
    ) -> tuple[str, ...]:
        """A list with one of the counts of texts. It may be left out where nobody can be rated without levels."""
        may_be_empty = not (needed or self.to_be_rated)
        if name not in fields:
            if needed and not self.to_be_rated:
                self.wrong(
                    fields["levels"].line, f'{_sentence(what)} has levels but no "{name}": add {_counted(counts)}.'
                )
            return ()
        before = len(self.problems)
        texts = self.texts(fields[name], f'"{name}" of {what}')
        right = len(texts) in counts or (may_be_empty and not texts)
        if not right and len(self.problems) == before:
            self.wrong(fields[name].line, f'"{name}" of {what} has {len(texts)}: it needs {_counted(counts)}.')
        return texts


def _is_text(name: str, fields: Mapping[str, Value]) -> bool:
    return name in fields and name not in ("status", "headings")


def _name_for_now(value: Value) -> str:
    """How to speak of an outcome whose id has not been read yet."""
    pairs = value.node.value if isinstance(value.node, yaml.MappingNode) else []
    return next((f"Outcome {node.value}" for key, node in pairs if key.value == "id"), "An outcome")


def _sentence(what: str) -> str:
    """The words with a capital first letter, as a sentence begins."""
    return what[:1].upper() + what[1:]


def _counted(counts: tuple[int, ...]) -> str:
    return f"exactly {counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
