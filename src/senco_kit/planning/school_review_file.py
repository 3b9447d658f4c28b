"""The instruments of a whole-school SEND review, as audit/reviews/*.yml hold them, read strictly, with line numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import FACTS, KIT
from senco_kit.standards import read
from senco_kit.standards.content import LONG_ID, SHORT_ID, Content
from senco_kit.standards.model import LEVELS_OF_AN_OUTCOME
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml, suggestion

REVIEWS: Final = KIT / "audit" / "reviews"
#: The instrument with the eight areas. Other files of the folder add areas of their own after it.
WHOLE_SCHOOL: Final = "whole-school"

MOST_PROMPTS, FEWEST_PROMPTS = 7, 4


@dataclass(frozen=True)
class Voice:
    """Whose voice it is. A `group` has several people who are not told apart; `levels` says they answer with levels."""

    id: str
    title: str
    several: str
    group: bool
    levels: bool

    @property
    def called(self) -> str:
        """What they are called when it is said what they say: "Teachers", but "SENCO"."""
        return f"{self.several[:1].upper()}{self.several[1:]}" if self.group else self.title


#: Who is asked, in the order in which they are shown.
VOICES: Final = {
    voice.id: voice
    for voice in (
        Voice("senco", "SENCO", "SENCOs", group=False, levels=True),
        Voice("head", "Head teacher", "head teachers", group=False, levels=True),
        Voice("governor", "Governor", "governors", group=False, levels=True),
        Voice("teacher", "Teacher", "teachers", group=True, levels=False),
        Voice("support", "Support staff", "support staff", group=True, levels=False),
        Voice("parent", "Parent or carer", "parents and carers", group=True, levels=False),
        Voice("pupil", "Pupil", "pupils", group=True, levels=False),
    )
}
SENCO: Final = "senco"
#: Their answers are never shown one by one, and not at all while there are few of them.
FAMILIES: Final = ("parent", "pupil")
#: Support and teaching staff: what they say together is "staff's views".
STAFF: Final = ("teacher", "support")


@dataclass(frozen=True)
class Prompt:
    """One thing that is asked: in the words for each voice that it suits."""

    id: str
    says: Mapping[str, str]


@dataclass(frozen=True)
class Evidence:
    """One thing to hold that shows how an area stands."""

    id: str
    says: str


@dataclass(frozen=True)
class StatutoryElement:
    """What the law asks for in an area, with the ids of the facts that say so."""

    id: str
    says: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Area:
    """One area of a review. `levels` are four descriptions, lowest first, in the order of audit/levels.yml."""

    id: str
    title: str
    question: str
    prompts: tuple[Prompt, ...]
    evidence: tuple[Evidence, ...]
    levels: tuple[str, ...]
    duties: tuple[StatutoryElement, ...]

    def asked_of(self, voice: str) -> tuple[Prompt, ...]:
        """The prompts that suit a voice."""
        return tuple(prompt for prompt in self.prompts if voice in prompt.says)


@dataclass(frozen=True)
class Instrument:
    """One file: a set of areas. `facts` are the ids of facts about where the set comes from."""

    id: str
    title: str
    about: str
    source: str
    facts: tuple[str, ...]
    areas: tuple[Area, ...]


def read_instrument(path: Path) -> Content[Instrument]:
    """An instrument. ContentProblem when the file is no YAML at all. Lines: (id of a part,) and (id, fact)."""
    return _File(path).content()


def instruments(folder: Path = REVIEWS) -> tuple[Instrument, ...]:
    """Every instrument, the one with the eight areas first. Raises ContentProblem when a file has anything wrong."""
    return _instruments(folder)


@cache
def _instruments(folder: Path) -> tuple[Instrument, ...]:
    found = [read_instrument(path).trusted() for path in _paths(folder)]
    return tuple(sorted(found, key=lambda one: (one.id != WHOLE_SCHOOL, one.id)))


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the instruments below `root`, files named from there."""
    folder = root / REVIEWS.relative_to(KIT)
    problems: list[Problem] = []
    if not (folder / f"{WHOLE_SCHOOL}.yml").is_file():
        problems.append(Problem(folder / f"{WHOLE_SCHOOL}.yml", 1, "The file is missing: it holds the eight areas."))
    known = _known_facts(root)
    first: dict[str, str] = {}
    for path in _paths(folder):
        try:
            content = read_instrument(path)
        except ContentProblem as error:
            problems.append(error.problem)
            continue
        problems += content.problems
        problems += _unknown_facts(content, known)
        problems += _repeated(content, first)
    return sorted({problem.seen_from(root) for problem in problems})


def _paths(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _known_facts(root: Path) -> set[str] | None:
    """The ids of the register; None when it cannot be read, which is told elsewhere."""
    try:
        return set(read.facts(root / FACTS.relative_to(KIT)))
    except ContentProblem:
        return None


def _unknown_facts(content: Content[Instrument], known: set[str] | None) -> Iterator[Problem]:
    named = [("", fact) for fact in content.holds.facts]
    named += [(duty.id, fact) for area in content.holds.areas for duty in area.duties for fact in duty.facts]
    for part, fact in named:
        if known is not None and fact not in known:
            says = f'This names fact "{fact}", which is not in the register: {suggestion(fact, sorted(known))}'
            yield Problem(content.path, content.line(part, fact), says)


def _repeated(content: Content[Instrument], first: dict[str, str]) -> Iterator[Problem]:
    """Ids that another file has: answers are kept by the id alone, so it may be used only once in the folder."""
    for (part, *more), line in content.lines.items():
        if not more and first.setdefault(part, content.path.name) != content.path.name:
            yield Problem(content.path, line, f'The id "{part}" is in {first[part]} already: give this another one.')


class _File(Sheet):
    """The parts of an instrument, each read by one method."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.lines: dict[tuple[str, ...], int] = {}

    def content(self) -> Content[Instrument]:
        names = ("id", "title", "about", "source", "facts", "areas")
        fields = self.fields(read_yaml(self.path), "The review", names)
        review_id = self.id(fields["id"], '"id"', LONG_ID, "whole-school") if "id" in fields else ""
        if review_id and review_id != self.path.stem:
            self.wrong(fields["id"].line, f'The id is "{review_id}": name the file {review_id}.yml, or change the id.')
        instrument = Instrument(
            id=review_id,
            title=self.words(fields, "title"),
            about=self.words(fields, "about"),
            source=self.words(fields, "source"),
            facts=self.facts(fields, ""),
            areas=tuple(self.area(item) for item in self.each(fields, "areas", "a review has at least one area.")),
        )
        return Content(self.path, instrument, tuple(self.problems), self.lines)

    def area(self, value: Value) -> Area:
        names = ("id", "title", "question", "prompts", "evidence", "levels", "duties")
        fields = self.fields(value, "An area", names)
        area = Area(
            id=self.new_id(fields, "1"),
            title=self.words(fields, "title"),
            question=self.words(fields, "question"),
            prompts=tuple(self.prompt(item) for item in self.each(fields, "prompts", "ask something.")),
            evidence=tuple(self.evidence(item) for item in self.each(fields, "evidence", "say what shows it.")),
            levels=self.texts(fields["levels"], '"levels"') if "levels" in fields else (),
            duties=tuple(self.duty(item) for item in self.each(fields, "duties", "")),
        )
        if "prompts" in fields and not FEWEST_PROMPTS <= len(area.prompts) <= MOST_PROMPTS:
            says = f"Area {area.id} has {len(area.prompts)} prompts: it needs {FEWEST_PROMPTS} to {MOST_PROMPTS}."
            self.wrong(fields["prompts"].line, says)
        if "levels" in fields and len(area.levels) != LEVELS_OF_AN_OUTCOME:
            says = f"Area {area.id} has {len(area.levels)} levels: describe {LEVELS_OF_AN_OUTCOME}, lowest first."
            self.wrong(fields["levels"].line, says)
        return area

    def prompt(self, value: Value) -> Prompt:
        fields = self.fields(value, "A prompt", ("id", "says"))
        others = [voice for voice in VOICES if voice != SENCO]
        said = self.fields(fields["says"], '"says"', (SENCO,), others) if "says" in fields else {}
        return Prompt(
            self.new_id(fields, "1a"), {voice: self.text(words, f'"{voice}"') for voice, words in said.items()}
        )

    def evidence(self, value: Value) -> Evidence:
        fields = self.fields(value, "Evidence", ("id", "says"))
        return Evidence(self.new_id(fields, "1-progress"), self.words(fields, "says"))

    def duty(self, value: Value) -> StatutoryElement:
        fields = self.fields(value, "A duty", ("id", "says", "facts"))
        duty_id = self.new_id(fields, "2-senco")
        return StatutoryElement(duty_id, self.words(fields, "says"), self.facts(fields, duty_id))

    def facts(self, fields: Mapping[str, Value], part: str) -> tuple[str, ...]:
        found = []
        for item in self.each(fields, "facts", "name the fact that says so."):
            fact_id = self.id(item, "A fact", LONG_ID, "cfa-s66")
            self.lines[part, fact_id] = item.line
            found.append(fact_id)
        return tuple(found)

    def each(self, fields: Mapping[str, Value], name: str, if_empty: str) -> list[Value]:
        return self.items(fields[name], f'"{name}"', if_empty) if name in fields else []

    def words(self, fields: Mapping[str, Value], name: str) -> str:
        return self.text(fields[name], f'"{name}"') if name in fields else ""

    def new_id(self, fields: Mapping[str, Value], example: str) -> str:
        """The id of a part, which no other part of the file may have."""
        if "id" not in fields:
            return ""
        new = self.id(fields["id"], '"id"', SHORT_ID, example)
        if (new,) in self.lines:
            self.wrong(fields["id"].line, f'The id "{new}" is on line {self.lines[new,]} already: give another one.')
        elif new:
            self.lines[new,] = fields["id"].line
        return new
