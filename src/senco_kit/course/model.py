"""What a course module is made of: lesson sections with their blocks, questions, and the notes for a session."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args

QuestionType = Literal["choose-one", "choose-many", "number", "pick-pupils", "put-in-order", "share-out", "free-text"]
QUESTION_TYPES: tuple[str, ...] = get_args(QuestionType)

#: A value of a question: written in the file, or the name of a function of the module's answers.py that works it out.
Computed: TypeAlias = str

BlockKind = Literal[
    "prose",
    "decision",
    "in-2009",
    "in-2026",
    "example",
    "show",
    "try",
    "check",
    "reflection",
    "key-points",
    "read-on",
]
BLOCK_KINDS: tuple[str, ...] = get_args(BlockKind)


@dataclass(frozen=True)
class Option:
    """One answer to choose, or one thing to order or to share out to.

    `says` is the feedback when a wrong one is chosen, or when a right one of several is missed. `worth` is the part
    of the marks that a partly right one earns.
    """

    id: str
    text: str
    right: bool = False
    says: str = ""
    misconception: str = ""
    worth: float = 0.0
    look_again: str = ""


@dataclass(frozen=True)
class Slip:
    """A wrong answer that is known, with its feedback: a number, ids, amounts by id, or the name of a function."""

    answer: Computed | float | tuple[str, ...] | Mapping[str, float]
    says: str
    misconception: str = ""
    worth: float = 0.0
    look_again: str = ""


@dataclass(frozen=True)
class ShareRule:
    """What a sharing-out must keep to: the sum over `rows` (empty: all) is `at_least` or `at_most` so much."""

    says: str
    worth: float
    rows: tuple[str, ...] = ()
    at_least: Computed | float | None = None
    at_most: Computed | float | None = None
    misconception: str = ""
    look_again: str = ""


@dataclass(frozen=True)
class Criterion:
    """One line of a rubric. `look_for` is for the person who marks."""

    id: str
    text: str
    marks: int
    look_for: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question, once: the form, the notebook cells and the feedback are made from it.

    `options`, `answer`, `table` and `total` may be the name of a function that works them out from the school.
    `marks` is 0 for a quick check.
    """

    id: str
    type: QuestionType
    title: str
    prompt: str
    outcomes: tuple[str, ...]
    marks: int = 0
    scene: str = ""
    hint: str = ""
    show: tuple[str, ...] = ()
    look_again: str = ""
    explains: str = ""
    otherwise: str = ""
    options: tuple[Option, ...] | Computed = ()
    answer: Computed | float | None = None
    unit: str = ""
    tolerance: str = "0"
    whole: bool = False
    table: Computed = ""
    total: Computed | float = 0.0
    rules: tuple[ShareRule, ...] = ()
    rubric: tuple[Criterion, ...] = ()
    words: int = 0
    slips: tuple[Slip, ...] = ()
    line: int = 0

    @property
    def is_on_data(self) -> bool:
        """Whether the right answer is worked out from a school."""
        return isinstance(self.answer, str) or any(
            isinstance(bound, str) for rule in self.rules for bound in (rule.at_least, rule.at_most)
        )

    @property
    def is_marked_by_a_person(self) -> bool:
        """Whether a person marks it, by a rubric."""
        return self.type == "free-text"

    @property
    def out_of(self) -> int:
        """The marks that a full answer earns."""
        return sum(criterion.marks for criterion in self.rubric) if self.rubric else self.marks


@dataclass(frozen=True, kw_only=True)
class Block:
    """One piece of a section. `text` is Markdown; `names` are what it refers to: an exhibit, checks, a reflection."""

    kind: BlockKind
    text: str = ""
    title: str = ""
    names: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    minutes: int = 0
    on_data: bool = False
    line: int = 0


@dataclass(frozen=True)
class Section:
    """A part of a lesson that fits between two lessons."""

    id: str
    title: str
    minutes: int
    outcomes: tuple[str, ...]
    blocks: tuple[Block, ...]
    line: int = 0

    def checks(self) -> tuple[str, ...]:
        """The ids of the quick checks asked here."""
        return tuple(name for block in self.blocks if block.kind == "check" for name in block.names)

    def reflections(self) -> tuple[Block, ...]:
        """The reflections asked for here."""
        return tuple(block for block in self.blocks if block.kind == "reflection")


@dataclass(frozen=True)
class Activity:
    """One line of a run sheet."""

    id: str
    title: str
    minutes: int
    outcomes: tuple[str, ...]
    who: str
    text: str
    line: int = 0


@dataclass(frozen=True)
class Version:
    """One way to run a session: full, twilight or half-day."""

    id: str
    title: str
    minutes: int
    activities: tuple[Activity, ...]
    line: int = 0


@dataclass(frozen=True, kw_only=True)
class Session:
    """What a facilitator needs to run a session on a module. Texts are Markdown."""

    title: str
    aims: tuple[str, ...]
    room: str
    materials: tuple[str, ...]
    versions: tuple[Version, ...]
    prompts: str
    sticking_points: str
    hand_out: str

    def version(self, version_id: str) -> Version:
        """The version with this id. Raises KeyError."""
        for version in self.versions:
            if version.id == version_id:
                return version
        raise KeyError(version_id)


@dataclass(frozen=True)
class Misconception:
    """A belief that questions are built on, and what is the case."""

    id: str
    belief: str
    in_fact: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Objective:
    """What a learner can do afterwards, beginning with a verb that can be seen."""

    text: str
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """Where to read on, and why."""

    what: str
    why: str
    fact: str = ""


@dataclass(frozen=True, kw_only=True)
class Module:
    """One heading of the National Award as a course module. `folder` holds its files."""

    id: str
    heading: str
    title: str
    about: str
    folder: Path
    objectives: tuple[Objective, ...]
    misconceptions: tuple[Misconception, ...]
    key_points: tuple[str, ...]
    read_on: tuple[Reading, ...]
    lesson_school: str
    assignment_title: str
    assignment_about: str
    assignment_minutes: int
    sections: tuple[Section, ...] = ()
    checks: tuple[Question, ...] = ()
    assignment: tuple[Question, ...] = ()
    session: Session | None = field(default=None)

    @property
    def number(self) -> int:
        """Its place in the course, from 1."""
        return int(self.id.split("-", 1)[0])

    @property
    def minutes(self) -> int:
        """The minutes of the lesson."""
        return sum(section.minutes for section in self.sections)

    def questions(self) -> Iterator[Question]:
        """Every question, checks first."""
        yield from self.checks
        yield from self.assignment

    def section(self, section_id: str) -> Section:
        """The section with this id. Raises KeyError."""
        for section in self.sections:
            if section.id == section_id:
                return section
        raise KeyError(section_id)

    def check(self, question_id: str) -> Question:
        """The quick check with this id. Raises KeyError."""
        for question in self.checks:
            if question.id == question_id:
                return question
        raise KeyError(question_id)
