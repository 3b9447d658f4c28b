"""The modules of the course are complete, and `senco check` names what would be missing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from senco_kit.course import check, read
from senco_kit.course.coverage import COLUMNS, coverage
from senco_kit.course.model import QUESTION_TYPES, Block, Module, Option, Section
from senco_kit.course.reading_age import lesson_texts, reading_age

MODULES = read.modules()
IDS = [module.id for module in MODULES]


def test_there_is_a_module_for_each_heading() -> None:
    assert [module.heading for module in MODULES] == ["A", "B", "C", "D", "E"]
    assert [module.number for module in MODULES] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_nothing_is_wrong_with_a_module(module: Module) -> None:
    assert check.check_module(module) == []


def test_every_outcome_is_in_every_column() -> None:
    covered = coverage(MODULES)
    assert len(covered) == 19
    assert [line.outcome for line in covered if line.gaps] == []


def test_a_gap_is_found() -> None:
    without = [replace(module, session=None) for module in MODULES]
    assert {line.gaps for line in coverage(without)} == {("session activities",)}
    assert {line.gaps for line in coverage([replace(each, assignment=()) for each in MODULES])} == {("graded",)}
    assert set(coverage([])[0].gaps) == set(COLUMNS) - {"audited"}


def test_each_type_of_question_is_asked_at_least_three_times() -> None:
    types = [question.type for module in MODULES for question in module.questions()]
    assert {kind: types.count(kind) for kind in QUESTION_TYPES if types.count(kind) < 3} == {}


@pytest.mark.parametrize("module", MODULES, ids=IDS)
def test_a_lesson_can_be_read_at_fifteen(module: Module) -> None:
    assert reading_age("\n".join(lesson_texts(module))) < 15


def test_the_reading_age_grows_with_words_and_sentences() -> None:
    easy, hard = (
        "The cat sat. It was fat.",
        "Notwithstanding contemporaneous considerations, implementation necessitates deliberation",
    )
    assert reading_age(easy) < 8 < 20 < reading_age(hard)


def _sections(module: Module, change: Callable[[Section], Section]) -> Module:
    return replace(module, sections=(change(module.sections[0]), *module.sections[1:]))


def _blocks(module: Module, *blocks: Block) -> Module:
    return _sections(module, lambda section: replace(section, blocks=(*section.blocks, *blocks)))


def _first_check(module: Module, **changed: Any) -> Module:
    return replace(module, checks=(replace(module.checks[0], **changed), *module.checks[1:]))


WRONG: dict[str, tuple[Callable[[Module], Module], str]] = {
    "an objective that nobody sees": (
        lambda m: replace(m, objectives=(replace(m.objectives[0], text="Understand the law"),)),
        "verb that can be seen",
    ),
    "a long section": (lambda m: _sections(m, lambda s: replace(s, minutes=13)), "12 at most"),
    "a long lesson": (lambda m: replace(m, sections=m.sections * 2), "60 to 90 fit"),
    "an unknown outcome": (lambda m: _sections(m, lambda s: replace(s, outcomes=("Z9",))), '"Z9" is no outcome'),
    "no decision": (
        lambda m: _sections(m, lambda s: replace(s, blocks=tuple(b for b in s.blocks if b.kind != "decision"))),
        "one decision",
    ),
    "2009 without 2026": (lambda m: _blocks(m, Block(kind="in-2009", text="So.")), "in pairs"),
    "an outside link": (lambda m: _blocks(m, Block(kind="prose", text="[x](https://other)")), "leads out of the kit"),
    "an unknown fact": (lambda m: _blocks(m, Block(kind="prose", text="{fact}`no-such`")), '"no-such" is no fact'),
    "an unknown exhibit": (lambda m: _blocks(m, Block(kind="show", names=("no_such",))), 'no function "no_such"'),
    "an unknown check": (lambda m: _blocks(m, Block(kind="check", names=("no-such",))), "no quick check"),
    "a reflection for nothing": (lambda m: _blocks(m, Block(kind="reflection", names=("x",))), "one :outcome:"),
    "few checks": (lambda m: replace(m, checks=m.checks[:7]), "8 at least"),
    "few graded questions": (lambda m: replace(m, assignment=m.assignment[:7]), "8 to 12 fit"),
    "no free text": (
        lambda m: replace(m, assignment=tuple(q for q in m.assignment if q.type != "free-text")),
        "free text with a rubric",
    ),
    "little on data": (
        lambda m: replace(m, assignment=tuple(replace(q, answer=1.0, rules=()) for q in m.assignment)),
        "on the school's data",
    ),
    "a check with marks": (lambda m: _first_check(m, marks=2), "no marks"),
    "a check that is never asked": (lambda m: _first_check(m, id="another"), "0 times"),
    "two right options": (
        lambda m: _first_check(
            m, type="choose-one", answer=None, options=(Option("a", "A", right=True), Option("b", "B", right=True))
        ),
        "2 right options",
    ),
    "a wrong option that says nothing": (
        lambda m: _first_check(m, type="choose-many", options=(Option("a", "A", right=True), Option("b", "B"))),
        'without "says"',
    ),
    "no misconception": (lambda m: _first_check(m, options=(), slips=(), rules=()), "names no misconception"),
    "an unknown section": (lambda m: _first_check(m, look_again="no-such"), "no section of the lesson"),
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said(wrong: str) -> None:
    spoil, says = WRONG[wrong]
    found = [problem.says for problem in check.check_module(spoil(MODULES[0]))]
    assert any(says in sentence for sentence in found), found
