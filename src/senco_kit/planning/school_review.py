"""A whole-school SEND review in several voices: where an area stands, what the law holds back, where voices differ.

A voice is one person's answers. The SENCO's own also says the level of an area, which evidence is held and which
statutory elements are in place. Levels are an order and no amounts, so nothing here is an average: what several people
say together is the highest level that at least half of them reach (their lower middle).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Final

from senco_kit.forms.fields import ChooseOne, Date, Field, LongText, Option, ShortText
from senco_kit.planning.kinds import Kind, single_id, ticks
from senco_kit.planning.model import Cycle, Record
from senco_kit.planning.school_review_file import (
    FAMILIES,
    SENCO,
    STAFF,
    VOICES,
    WHOLE_SCHOOL,
    Area,
    Evidence,
    Prompt,
    StatutoryElement,
    Voice,
    instruments,
)
from senco_kit.standards import read
from senco_kit.standards.model import LEVELS_OF_AN_OUTCOME

UNSURE: Final = "unsure"
UNSURE_IN_WORDS: Final = "I don’t know"
#: How those answer who are asked how often something is so, lowest first.
HOW_OFTEN: Final = ("Hardly ever", "Sometimes", "Most of the time", "Always")
IN_PLACE, NOT_IN_PLACE = "yes", "no"
#: This level and those above it stand only where every statutory element of the area is in place. The kit's own rule.
GATE: Final = 3
#: Voices that are so many levels apart are worth a talk. The kit's own rule.
APART: Final = 2
#: What an area has when it is worth a finding: this level or a lower one.
LOW: Final = 2

#: The id of the SENCO's own voice, the same in each cycle, so that two tabs start the same one.
OWN_ID: Final = single_id("own-voice")

LABEL = ShortText(
    name="label",
    label="A label for this person, without a name",
    hint="For example: Teacher, Year 5. It tells the forms apart.",
    longest=100,
)


# ------------------------------------------------------------------------------------------------- what is asked


def areas(instrument_id: str = WHOLE_SCHOOL) -> tuple[Area, ...]:
    """The areas of an instrument: the eight, unless another one is named. None when there is no such instrument."""
    return next((one.areas for one in instruments() if one.id == instrument_id), ())


def every_area() -> tuple[Area, ...]:
    """The areas of all instruments."""
    return tuple(area for instrument in instruments() for area in instrument.areas)


def find_area(area_id: str) -> Area | None:
    """The area with this id in any instrument."""
    return next((area for area in every_area() if area.id == area_id), None)


def area_of(part_id: str) -> Area | None:
    """The area that a prompt, a duty or a piece of evidence belongs to."""
    for area in every_area():
        ids = {prompt.id for prompt in area.prompts} | {duty.id for duty in area.duties}
        if part_id in ids | {evidence.id for evidence in area.evidence}:
            return area
    return None


def answer_words(voice: Voice) -> tuple[str, ...]:
    """How a voice answers, lowest first: with the names of audit/levels.yml, or how often it is so."""
    return tuple(level.name for level in read.levels()) if voice.levels else HOW_OFTEN


def answer_field(prompt: Prompt, voice: Voice) -> ChooseOne:
    """What a voice is asked by a prompt, in the words that suit it."""
    options = tuple(Option(str(number), words) for number, words in enumerate(answer_words(voice), 1))
    return ChooseOne(
        name=prompt.id,
        label=prompt.says.get(voice.id, prompt.says[SENCO]),
        options=options,
        aside=(Option(UNSURE, UNSURE_IN_WORDS),),
    )


def _answer(which: str) -> Field:
    return replace(answer_field(_parts()[which][0], VOICES[SENCO]), name=f"answer/{which}")


def _note(which: str) -> Field:
    known = _parts()[which][0]
    return LongText(name=f"note/{known.id}", label="Anything to add? (no names)", lines=2)


def _level(which: str) -> Field:
    area = _area(which)
    options = (
        Option(str(level.number), level.name, words) for level, words in zip(read.levels(), area.levels, strict=True)
    )
    return ChooseOne(name=f"level/{which}", label="Which of these is nearest to how it is now?", options=tuple(options))


def _evidence(which: str) -> Field:
    return LongText(
        name=f"evidence/{_area(which).id}",
        label="Where is the evidence, and what does it say?",
        hint="So that anyone can look. No names of pupils.",
    )


def _duty(which: str) -> Field:
    duty = _duties()[which]
    options = (
        Option(IN_PLACE, "In place", "You have looked."),
        Option(NOT_IN_PLACE, "Not in place, or not all of it"),
    )
    return ChooseOne(name=f"duty/{which}", label=duty.says, options=options, side_by_side=True)


def _area(area_id: str) -> Area:
    area = find_area(area_id)
    if area is None:
        raise KeyError(area_id)
    return area


@cache
def _parts() -> dict[str, tuple[Prompt, Area]]:
    return {prompt.id: (prompt, area) for area in every_area() for prompt in area.prompts}


@cache
def _duties() -> dict[str, StatutoryElement]:
    return {duty.id: duty for area in every_area() for duty in area.duties}


VOICE = Kind(
    id="voice",
    one="voice",
    several="voices",
    naming="label",
    place="review",
    fields=(
        ChooseOne(
            name="role", label="Whose voice is it?", options=tuple(Option(one.id, one.title) for one in VOICES.values())
        ),
        LABEL,
        Date(name="day", label="Answered on which day?"),
        # "yes" when a form is finished. Then one of a family is not opened any more.
        ChooseOne(name="done", label="Is this form finished?", options=(Option("yes", "Yes"),)),
        # What tells the file apart that the voice came in, so that the same file is not taken twice.
        ShortText(name="file", label="The file that it came in", longest=100),
    ),
    patterns={
        "answer": _answer,
        "note": _note,
        "level": _level,
        "evidence": _evidence,
        "held": ticks("We hold this"),
        "duty": _duty,
    },
)

KINDS: tuple[Kind, ...] = (VOICE,)


# ------------------------------------------------------------------------------------------------- who has spoken


def own(cycle: Cycle) -> Record | None:
    """The SENCO's own voice, None while there is none."""
    return cycle.find(OWN_ID, "voice") or next(iter(voices_of(cycle, SENCO)), None)


def voices_of(cycle: Cycle, voice: str) -> tuple[Record, ...]:
    """The records of one voice, those without an answer included."""
    return tuple(record for record in cycle.of("voice") if record.text("role") == voice)


def has_spoken(record: Record) -> bool:
    """Whether a voice has answered anything at all, "I don't know" included."""
    return any(record.under("answer").values())


def number(record: Record, prompt_id: str) -> int | None:
    """The level that a person answered, None when they did not know or did not answer."""
    said = record.text(f"answer/{prompt_id}")
    return int(said) if said in _LEVELS else None


_LEVELS = tuple(str(level) for level in range(1, LEVELS_OF_AN_OUTCOME + 1))


def lower_middle(numbers: Iterable[int]) -> int | None:
    """The highest level that at least half of the answers reach.

    >>> lower_middle([1, 2, 4]), lower_middle([1, 4]), lower_middle([])
    (2, 1, None)
    """
    ordered = sorted(numbers)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


@dataclass(frozen=True)
class Said:
    """What the people of one voice say to some prompts.

    `middle` is None when nobody answered, or when too few pupils or parents did (then `hidden`). `lowest` and `highest`
    are told of staff only: those of families could tell what one child or parent said.
    """

    voice: Voice
    people: int
    middle: int | None
    hidden: bool = False
    lowest: int | None = None
    highest: int | None = None

    @property
    def words(self) -> str:
        """The answer in the words in which it was given."""
        return answer_words(self.voice)[self.middle - 1] if self.middle is not None else ""

    @property
    def steps(self) -> int:
        """How many levels lie between the lowest and the highest answer of staff, 0 when it is not told."""
        return self.highest - self.lowest if self.lowest is not None and self.highest is not None else 0

    @property
    def spread(self) -> str:
        """From which answer to which staff answered, "" when all say the same or it is not told."""
        if self.lowest is None or self.highest is None or not self.steps:
            return ""
        words = answer_words(self.voice)
        return f"from “{words[self.lowest - 1]}” to “{words[self.highest - 1]}”"


def said(cycle: Cycle, voice: Voice, prompts: Iterable[Prompt]) -> Said:
    """What a voice says to these prompts together."""
    # Imported here because the module needs NumPy, and kinds are looked up on every page.
    from senco_kit.small_counts import is_small

    asked = [prompt.id for prompt in prompts if voice.id in prompt.says]
    people = voices_of(cycle, voice.id)
    own_voice = own(cycle) if voice.id == SENCO else None
    heard = [own_voice] if own_voice else people  # a second SENCO's answers stand beside, not inside, the school's own
    answers = [[level for which in asked if (level := number(one, which)) is not None] for one in heard]
    given = [each for each in answers if each]
    if voice.id in FAMILIES and is_small(len(given)):
        return Said(voice, len(given), None, hidden=True)
    every = [level for each in given for level in each]
    result = Said(voice, len(given), lower_middle(every))
    if voice.id in STAFF and every:
        return replace(result, lowest=min(every), highest=max(every))
    return result


def said_by_all(cycle: Cycle, prompts: Iterable[Prompt]) -> tuple[Said, ...]:
    """What every voice says to these prompts together, for the voices that are asked any of them."""
    prompts, cycle = tuple(prompts), _voices_only(cycle)
    asked = [voice for voice in VOICES.values() if any(voice.id in prompt.says for prompt in prompts)]
    return tuple(said(cycle, voice, prompts) for voice in asked)


# ---------------------------------------------------------------------------------------------- where an area stands


def _voices_only(cycle: Cycle) -> Cycle:
    """The cycle without its other records, of which there may be thousands, so that each look at it is quick."""
    return replace(cycle, records=cycle.of(VOICE.id))


@dataclass(frozen=True)
class Note:
    """What somebody added to a prompt."""

    voice: Voice
    prompt: Prompt
    says: str


def notes(cycle: Cycle, area: Area) -> tuple[Note, ...]:
    """What people added to the prompts of an area, in an order that says nothing of who wrote it or when.

    Those of pupils and of parents are left out while fewer than 5 of them have answered.
    """
    from senco_kit.small_counts import is_small

    found = []
    for voice in VOICES.values():
        people = [one for one in voices_of(cycle, voice.id) if has_spoken(one)]
        if voice.id in FAMILIES and is_small(len(people)):
            continue
        for prompt in area.asked_of(voice.id):
            written = [(one.id, one.text(f"note/{prompt.id}").strip()) for one in people]
            found += [Note(voice, prompt, says) for _, says in sorted(written, key=_shuffled) if says]
    return tuple(found)


def _shuffled(written: tuple[str, str]) -> str:
    return hashlib.sha256("".join(written).encode()).hexdigest()


@dataclass(frozen=True)
class Standing:
    """Where an area stands.

    `claimed` is the level before the law is asked and `basis` who says so: "chosen" by the SENCO, "answers" of the
    SENCO, "others" (the middle of the other voices), "" for nobody yet. `held_by` are the statutory elements without
    which a higher level cannot stand; `level` is what is left.
    """

    area: Area
    level: int | None
    claimed: int | None
    basis: str
    held_by: tuple[StatutoryElement, ...] = ()


def standing(cycle: Cycle, area: Area) -> Standing:
    """Where an area stands, and why no higher."""
    claimed, basis = _claimed(cycle, area)
    if claimed is None or claimed < GATE:
        return Standing(area, claimed, claimed, basis)
    record = own(cycle)
    held_by = tuple(duty for duty in area.duties if duty_answer(record, duty) != IN_PLACE)
    return Standing(area, GATE - 1 if held_by else claimed, claimed, basis, held_by)


def standing_of(cycle: Cycle, area_id: str) -> int | None:
    """The level of an area, 1 to 4, after the statutory gate; None while nobody has said anything."""
    area = find_area(area_id)
    return standing(cycle, area).level if area else None


def _claimed(cycle: Cycle, area: Area) -> tuple[int | None, str]:
    record = own(cycle)
    if record is not None:
        chosen = record.text(f"level/{area.id}")
        if chosen in _LEVELS:
            return int(chosen), "chosen"
        numbers = [level for prompt in area.prompts if (level := number(record, prompt.id)) is not None]
        if 2 * len(numbers) >= len(area.prompts):
            return lower_middle(numbers), "answers"
    others = [each.middle for each in said_by_all(cycle, area.prompts) if each.voice.id != SENCO]
    together = lower_middle(level for level in others if level is not None)
    return together, "others" if together is not None else ""


def duty_answer(record: Record | None, duty: StatutoryElement) -> str:
    """IN_PLACE, NOT_IN_PLACE, or "" when nobody has looked."""
    answer = record.text(f"duty/{duty.id}") if record else ""
    return answer if answer in (IN_PLACE, NOT_IN_PLACE) else ""


def missing_evidence(cycle: Cycle, area: Area) -> tuple[Evidence, ...]:
    """The evidence of an area that is not ticked as held."""
    record = own(cycle)
    return tuple(each for each in area.evidence if record is None or not record.is_ticked(f"held/{each.id}"))


# ------------------------------------------------------------------------------------------------ where voices differ


@dataclass(frozen=True)
class Difference:
    """Two voices that answer the same prompt at least APART levels apart."""

    area: Area
    prompt: Prompt
    lower: Said
    higher: Said

    @property
    def apart(self) -> int:
        """How many levels lie between them."""
        return (self.higher.middle or 0) - (self.lower.middle or 0)

    @property
    def source(self) -> str:
        """Where a finding from this comes from: from staff when it is staff who see it less well, else the review."""
        return "staff" if self.lower.voice.id in STAFF else "review"


def differences(cycle: Cycle) -> tuple[Difference, ...]:
    """Where voices differ, the widest first. Of each prompt, the two voices that are furthest apart."""
    cycle = _voices_only(cycle)
    found = [each for area in every_area() for prompt in area.prompts for each in _difference(cycle, area, prompt)]
    return tuple(sorted(found, key=lambda each: -each.apart))


def _difference(cycle: Cycle, area: Area, prompt: Prompt) -> Iterator[Difference]:
    heard = [each for each in said_by_all(cycle, [prompt]) if each.middle is not None]
    pairs = [Difference(area, prompt, lower, higher) for lower, higher in product(heard, heard)]
    widest = max(pairs, key=lambda pair: pair.apart, default=None)
    if widest is not None and widest.apart >= APART:
        yield widest


@dataclass(frozen=True)
class Spread:
    """A prompt that the people of one voice of staff do not all answer alike."""

    prompt: Prompt
    said: Said


def staff_spreads(cycle: Cycle) -> tuple[Spread, ...]:
    """Where staff of one voice differ among themselves, by one level or more, the widest first."""
    cycle, every_prompt = _voices_only(cycle), [prompt for area in every_area() for prompt in area.prompts]
    found = [Spread(prompt, each) for prompt in every_prompt for each in said_by_all(cycle, [prompt]) if each.steps]
    return tuple(sorted(found, key=lambda one: -one.said.steps))


# ------------------------------------------------------------------------------------------------ voices from files


@dataclass(frozen=True)
class FilledForm:
    """A form that came back in a file: whose voice, its values as a record keeps them, and which very file it was."""

    voice: str
    values: Mapping[str, str]
    file: str


def already_here(cycle: Cycle, filled: FilledForm) -> Record | None:
    """The voice that came in this very file, or that has the same label and the same answers."""
    for record in voices_of(cycle, filled.voice):
        same_person = record.text("label") and record.text("label") == filled.values.get("label", "")
        if record.text("file") == filled.file or (same_person and _answers(record.values) == _answers(filled.values)):
            return record
    return None


def says_the_same(cycle: Cycle, filled: FilledForm) -> bool:
    """Whether somebody of this voice answers exactly the same, whatever their label."""
    answers = _answers(filled.values)
    return any(_answers(record.values) == answers for record in voices_of(cycle, filled.voice))


def _answers(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if name.startswith(("answer/", "note/"))}
