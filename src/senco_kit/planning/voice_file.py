"""The short forms for pupils and parents, as audit/voice/*.yml hold them, read strictly and with line numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from senco_kit.places import KIT
from senco_kit.standards.content import LONG_ID, Content
from senco_kit.standards.problems import ContentProblem, Problem
from senco_kit.standards.sheet import Sheet, Value, read_yaml

VOICE: Final = KIT / "audit" / "voice"
#: The forms there are: nobody else is asked in this way.
FORMS: Final = ("pupils", "parents")

#: How an answer is read in a summary.
GOOD, MIXED, BAD, NONE = "good", "mixed", "bad", "none"
#: The drawings there are, in pages/templates/leading/voice_pictures.html.
FACES: Final = ("happy", "so-so", "sad", "not-sure")
PICTURES: Final = ("book", "teacher", "puzzle", "friends", "calm", "talk", "ladder", "school")

FEWEST_QUESTIONS, MOST_QUESTIONS = 6, 9
FEWEST_ANSWERS, MOST_ANSWERS = 3, 5


@dataclass(frozen=True)
class AnswerChoice:
    """One answer to choose. `face` is a drawing that stands beside its words, "" for none."""

    id: str
    label: str
    counts_as: str
    face: str = ""


@dataclass(frozen=True)
class VoiceQuestion:
    """One question, and the drawing that stands beside it, "" for none."""

    id: str
    says: str
    picture: str = ""


@dataclass(frozen=True)
class VoiceForm:
    """A short form: the same answers to each question, and one question that is answered in own words."""

    id: str
    title: str
    about: str
    answers: tuple[AnswerChoice, ...]
    questions: tuple[VoiceQuestion, ...]
    own_words: str


def read_form(path: Path) -> Content[VoiceForm]:
    """A form. ContentProblem when the file is no YAML at all."""
    return _File(path).content()


@cache
def form(who: str, folder: Path = VOICE) -> VoiceForm:
    """The form for "pupils" or "parents". Raises ContentProblem when anything in its file is wrong."""
    return read_form(folder / f"{who}.yml").trusted()


def check(root: Path = KIT) -> list[Problem]:
    """Everything wrong with the forms below `root`, files named from there."""
    problems: list[Problem] = []
    for who in FORMS:
        try:
            problems += read_form(root / VOICE.relative_to(KIT) / f"{who}.yml").problems
        except ContentProblem as error:
            problems.append(error.problem)
    return sorted({problem.seen_from(root) for problem in problems})


class _File(Sheet):
    """The parts of a form, each read by one method."""

    def content(self) -> Content[VoiceForm]:
        names = ("id", "title", "about", "answers", "questions", "own_words")
        fields = self.fields(read_yaml(self.path), "The form", names)
        form_id = self.id(fields["id"], '"id"', LONG_ID, "pupils") if "id" in fields else ""
        if form_id and form_id != self.path.stem:
            self.wrong(fields["id"].line, f'The id is "{form_id}": name the file {form_id}.yml, or change the id.')
        answers = tuple(self.answer(item) for item in self.each(fields, "answers", FEWEST_ANSWERS, MOST_ANSWERS))
        questions = tuple(
            self.question(item) for item in self.each(fields, "questions", FEWEST_QUESTIONS, MOST_QUESTIONS)
        )
        for name, ids in (("answers", [one.id for one in answers]), ("questions", [one.id for one in questions])):
            for repeated in sorted({one for one in ids if ids.count(one) > 1}):
                self.wrong(fields[name].line, f'The id "{repeated}" stands twice in "{name}": give each its own.')
        title, about, own_words = (self.words(fields, name) for name in ("title", "about", "own_words"))
        return Content(self.path, VoiceForm(form_id, title, about, answers, questions, own_words), tuple(self.problems))

    def answer(self, value: Value) -> AnswerChoice:
        fields = self.fields(value, "An answer", ("id", "label", "counts_as"), ("face",))
        counts_as = fields.get("counts_as")
        return AnswerChoice(
            id=self.short_id(fields),
            label=self.words(fields, "label"),
            counts_as=self.choice(counts_as, '"counts_as"', (GOOD, MIXED, BAD, NONE)) if counts_as else "",
            face=self.choice(fields["face"], '"face"', FACES) if "face" in fields else "",
        )

    def question(self, value: Value) -> VoiceQuestion:
        fields = self.fields(value, "A question", ("id", "says"), ("picture",))
        picture = self.choice(fields["picture"], '"picture"', PICTURES) if "picture" in fields else ""
        return VoiceQuestion(self.short_id(fields), self.words(fields, "says"), picture)

    def short_id(self, fields: Mapping[str, Value]) -> str:
        return self.id(fields["id"], '"id"', LONG_ID, "not-sure") if "id" in fields else ""

    def words(self, fields: Mapping[str, Value], name: str) -> str:
        return self.text(fields[name], f'"{name}"') if name in fields else ""

    def each(self, fields: Mapping[str, Value], name: str, fewest: int, most: int) -> list[Value]:
        found = self.items(fields[name], f'"{name}"') if name in fields else []
        if name in fields and not fewest <= len(found) <= most:
            self.wrong(fields[name].line, f'"{name}" has {len(found)}: it needs {fewest} to {most}.')
        return found
