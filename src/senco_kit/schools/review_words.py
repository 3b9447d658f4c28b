"""The sentences from which the reviews of an invented school are composed. They are not by or about anyone.

Each list is crossed with another (an opening and an ending, say), so that a short list gives many texts. A text is
found by place: `place = first * len(second) + second`, which is how reviews.py picks texts for all pupils at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from senco_kit.schools.codes import AREAS, COGNITION, COMMUNICATION, SEMH_AREA, SENSORY


@dataclass(frozen=True)
class Composed:
    """Texts composed of parts: `words` in order of all the parts, `sizes` the length of each part's list."""

    words: tuple[str, ...]
    sizes: tuple[int, ...]


def compose(*parts: Sequence[str]) -> Composed:
    """Every way to join one sentence of each part, the last part changing fastest.

    >>> compose(["A.", "B."], ["c.", "d."]).words
    ('A. c.', 'A. d.', 'B. c.', 'B. d.')
    """
    words = [""]
    for part in parts:
        words = [f"{start} {end}".strip() for start in words for end in part]
    return Composed(tuple(words), tuple(len(part) for part in parts))


def by_case(cases: Sequence[Composed]) -> Composed:
    """The texts of several cases one after the other. All cases have lists of the same lengths."""
    return Composed(tuple(text for case in cases for text in case.words), (len(cases), *cases[0].sizes))


_FOUND = {
    COMMUNICATION: (
        "Understands short instructions; longer ones get lost.",
        "Has much to say, but finds it hard to put the words in order.",
        "Finds group talk hard to follow and joins in little.",
        "Uses key words well; linking words are still new.",
        "Copes better when the day goes as the timetable says.",
        "Understands what is said word for word; hints are missed.",
        "Starts conversations, and finds it hard to keep them going.",
    ),
    COGNITION: (
        "Reads common words at sight; new words take a long time.",
        "Understands a text that is read aloud better than one read alone.",
        "Remembers new facts in the lesson, less a week later.",
        "Works well with objects and pictures; numbers alone are harder.",
        "Writes good ideas in very short texts.",
        "Needs new steps one at a time, each practised before the next.",
        "Spells by sound; words that break the pattern are hard.",
    ),
    SEMH_AREA: (
        "Settles well with an adult who is known; changes of adult are hard.",
        "Finds break times harder than lessons.",
        "Can name feelings afterwards, not yet while they are strong.",
        "Worries about getting things wrong and so starts late.",
        "Gets on well with two or three others; larger groups are hard.",
        "Leaves the task when it feels too big.",
        "Is calmer after movement or a quiet start.",
    ),
    SENSORY: (
        "Tires quickly when a lesson needs much writing.",
        "Hears well face to face; a noisy room is hard.",
        "Reads print of 18 points with ease; smaller print is slow.",
        "Moves around the school safely, and needs time on the stairs.",
        "Noise and bright light make it hard to attend.",
        "Holds a pencil with effort; typing is easier.",
        "Uses the equipment well when it is set up in time.",
    ),
}
_FOUND_BY = (
    "Seen in two lessons and in work.",
    "The class teacher and the parent say the same.",
    "This is from the last test and from work in books.",
    "Noted over three weeks by the adults in class.",
    "This fits with what the pupil says.",
    "A specialist has looked at it with us.",
)
_PLANNED = {
    COMMUNICATION: (
        "To follow an instruction of three parts with a picture list.",
        "To tell a short story or event in the right order.",
        "To ask for help in words or with a card.",
        "To use ten new subject words in talk each week.",
        "To take a turn in a group of four without a prompt.",
        "To cope with one change a day that is told in advance.",
    ),
    COGNITION: (
        "To read 20 more words from the class list at sight.",
        "To read a page aloud and say what it is about.",
        "To know the number bonds to 20 without counting.",
        "To write three sentences alone with a word bank.",
        "To show each step of a sum with objects, then on paper.",
        "To remember last lesson's main point with one prompt.",
    ),
    SEMH_AREA: (
        "To use the calm place before feelings get too strong.",
        "To start a task within two minutes with a first step given.",
        "To stay in lessons for a whole morning.",
        "To say how the day is going at two set times.",
        "To settle a disagreement with an adult nearby.",
        "To join one activity at break three times a week.",
    ),
    SENSORY: (
        "To type a paragraph at ten words a minute.",
        "To say when the seat or the sound does not suit.",
        "To take two short breaks from writing in each lesson.",
        "To get to each lesson in time, with five minutes' start.",
        "To set up the equipment alone.",
        "To use the enlarged sheets in every subject.",
    ),
}
_PLANNED_HOW = (
    "In class, with a check by the teacher each Friday.",
    "In a small group, and used again in class the same day.",
    "With an adult at first, then less and less.",
    "The teacher plans it, the assistant practises it.",
    "At home too, five minutes at a time.",
    "With the same pictures and words in every lesson.",
)
_DONE = (
    (  # most sessions
        "Nearly all that was planned took place.",
        "The sessions were regular.",
        "Given as planned, with one change of adult.",
    ),
    (  # some sessions
        "About two sessions in three took place.",
        "Some weeks were missed because adults were needed elsewhere.",
        "Absence meant that some sessions were lost.",
    ),
    (  # few sessions
        "Less than half of what was planned took place.",
        "It began late and stopped often.",
        "Most sessions were lost.",
    ),
    (  # nothing but class teaching
        "This was done in class, by the teacher.",
        "All lessons were adapted; nothing was given outside class.",
        "The class adults did this as part of lessons.",
    ),
)
_DONE_TOO = (
    "Tasks were cut into steps, with an example.",
    "Seating was changed.",
    "The teacher went over new words before lessons.",
    "There were fewer prompts each week.",
    "Work was shown to others in class.",
    "Ten minutes a day were kept for practice.",
)
_WENT = {
    "met": (
        "The outcome was reached.",
        "This is now secure in lessons.",
        "Goes well without a prompt.",
        "Reached earlier than planned.",
    ),
    "partly met": (
        "A part of it was reached.",
        "Goes well in the small group, less in class.",
        "Better on most days, not on all.",
        "There is progress, with help.",
    ),
    "not met": (
        "The outcome was not reached.",
        "There is little change so far.",
        "It was too big a step.",
        "We know more now about what makes it hard.",
    ),
}
_NEXT = {
    "met": (
        "Next: the same in other lessons.",
        "Next: a new outcome, and less help.",
        "Next: stop this and look again in six weeks.",
        "Next: keep it going in class only.",
    ),
    "partly met": (
        "Next: the same outcome, with practice in class.",
        "Next: keep on, and make sure that sessions take place.",
        "Next: a smaller step.",
        "Next: the teacher and the assistant plan it together.",
    ),
    "not met": (
        "Next: change the approach.",
        "Next: ask a specialist.",
        "Next: a smaller step and another way to practise.",
        "Next: look at attendance and at sessions first.",
    ),
}
_NEXT_IN_AREA = {
    COMMUNICATION: ("Pictures and short sentences stay.", "Time to answer stays.", "We will find a talk partner."),
    COGNITION: ("Objects and examples stay.", "Reading aloud at home goes on.", "Old learning is met again each week."),
    SEMH_AREA: ("The calm place stays.", "The same adult says hello each morning.", "Break times are planned."),
    SENSORY: ("The equipment stays.", "The seat near the front stays.", "Breaks from writing stay."),
}
_PUPIL_YOUNG = {
    "met": (
        "I can do it now.",
        "I did it by myself.",
        "I'm proud of my work.",
        "It's easy now.",
        "My group was fun and I got better.",
    ),
    "partly met": (
        "I can do some of it.",
        "It's OK when someone helps me.",
        "I'm better at it than I was.",
        "I like it but it's tricky.",
        "I can do it in my group.",
    ),
    "not met": (
        "It's still hard.",
        "I don't like it when I get stuck.",
        "I want to do it another way.",
        "I forget how.",
        "It goes too fast for me.",
    ),
}
_PUPIL_YOUNG_WISH = (
    "I like it when there are pictures.",
    "I want to sit with my friends.",
    "Please tell me before things change.",
    "I like the quiet table.",
    "I like showing my teacher.",
    "I want more time.",
)
_PUPIL_OLDER = {
    "met": (
        "I can do this on my own now.",
        "It helped, and I don't need it as much.",
        "I feel more sure of myself in lessons.",
        "I've noticed the difference.",
        "I'm pleased with how it went.",
    ),
    "partly met": (
        "It's getting better, slowly.",
        "It works in some lessons, not in all.",
        "It helps when it actually happens.",
        "I understand it, but I'm slow.",
        "Some days are fine.",
    ),
    "not met": (
        "It isn't really working for me.",
        "I still get lost in lessons.",
        "I'd rather try something else.",
        "I don't like leaving lessons for it.",
        "Nothing much has changed.",
    ),
}
_PUPIL_OLDER_WISH = (
    "I'd like the notes before the lesson.",
    "I don't want everyone to see that I get help.",
    "I work better with a friend.",
    "Ask me first, please.",
    "I want to do the same work as the others.",
    "A few minutes more would help.",
)
_PARENT = {
    "met": (
        "We see the difference at home.",
        "Much happier about school now.",
        "Very pleased with this.",
        "This has been a good few months.",
    ),
    "partly met": (
        "It is better, but homework is still hard.",
        "We see some change.",
        "Good weeks and bad weeks.",
        "Going the right way, we think.",
    ),
    "not met": (
        "We don't see any change yet.",
        "We are worried and would like more help.",
        "Mornings before school are still hard.",
        "We expected more by now.",
    ),
}
_PARENT_WISH = (
    "We can practise at home if you show us how.",
    "Please tell us earlier when something changes.",
    "We would like to know what happens in the sessions.",
    "Thank you for listening.",
    "We would like to see the work.",
    "Short notes home would help.",
)
_NOTES = {
    "yes": (
        "Clear, and all pupils with SEN in the class could do it.",
        "Done without fuss, as a habit.",
        "Pupils said that it helps.",
        "Worth sharing with other staff.",
        "The pupil's plan was used.",
    ),
    "partly": (
        "Good at the start, then lost in the main task.",
        "Works for some pupils with SEN, not for all.",
        "The assistant did it, not yet the teacher.",
        "Planned, but time ran out.",
        "Seen once; could be a habit.",
    ),
    "no": (
        "The task was the same for all and several pupils were stuck.",
        "The assistant gave the answers.",
        "The teacher did not see who had not understood.",
        "Instructions were long and were not repeated.",
        "The pupil's plan was not used.",
    ),
}
_OUTCOMES = ("met", "partly met", "not met")


@lru_cache(maxsize=1)
def assess() -> Composed:
    """By area: what was found, and how."""
    return by_case([compose(_FOUND[area], _FOUND_BY) for area in AREAS])


@lru_cache(maxsize=1)
def plan() -> Composed:
    """By area: the outcome that is hoped for, and how it is worked on."""
    return by_case([compose(_PLANNED[area], _PLANNED_HOW) for area in AREAS])


@lru_cache(maxsize=1)
def do() -> Composed:
    """By how much of it took place (most, some, few, in class only): what was done, and what else."""
    return by_case([compose(done, _DONE_TOO) for done in _DONE])


@lru_cache(maxsize=1)
def review() -> Composed:
    """By outcome and area (the area changing faster): how it went, what is next, and what stays."""
    cases = [compose(_WENT[out], _NEXT[out], _NEXT_IN_AREA[area]) for out in _OUTCOMES for area in AREAS]
    return by_case(cases)


@lru_cache(maxsize=1)
def pupil_view() -> Composed:
    """By outcome, first of younger and then of older pupils: what the pupil said, and wishes."""
    younger = [compose(_PUPIL_YOUNG[out], _PUPIL_YOUNG_WISH) for out in _OUTCOMES]
    return by_case(younger + [compose(_PUPIL_OLDER[out], _PUPIL_OLDER_WISH) for out in _OUTCOMES])


@lru_cache(maxsize=1)
def parent_view() -> Composed:
    """By outcome: what the parent or carer said, and wishes."""
    return by_case([compose(_PARENT[out], _PARENT_WISH) for out in _OUTCOMES])


@lru_cache(maxsize=1)
def notes() -> Composed:
    """By what was seen in a lesson (yes, partly, no): the observer's note."""
    return by_case([compose(_NOTES[seen]) for seen in ("yes", "partly", "no")])
