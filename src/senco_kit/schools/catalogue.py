"""The provisions that an invented school may choose from, and what its adults cost, as data.

Every name is generic and every effect is INVENTED: nothing here says how well a real product or approach works. Group
sizes, minutes and weeks are of the size that schools use (small groups of 3 to 8, two to five short sessions a week,
10 to 28 weeks); see datasets/README.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from senco_kit.schools.codes import COGNITION, COMMUNICATION, SEMH_AREA, SENSORY
from senco_kit.schools.model import Phase

TEACHER, SENCO, SPECIALIST = "teacher", "SENCO", "specialist teacher"
HIGHER, ASSISTANT = "higher level teaching assistant", "teaching assistant"
LITERACY, THERAPIST = "emotional literacy support assistant", "therapist (bought in)"

#: What an hour of each role costs an invented school, from and to, in pounds with on-costs. These are assumptions for
#: invented schools in 2025/26, near the planning figures that schools work with; the rates that the kit offers to a
#: real school are in the facts register and do not come from here.
HOURLY_COST: dict[str, tuple[float, float]] = {
    TEACHER: (50.0, 56.0),
    SENCO: (54.0, 60.0),
    SPECIALIST: (53.0, 58.0),
    HIGHER: (22.0, 25.0),
    ASSISTANT: (18.0, 21.0),
    LITERACY: (19.0, 22.0),
    THERAPIST: (60.0, 75.0),
}

#: Who gives a provision when the school has nobody of the role that usually does.
STAND_INS: tuple[str, ...] = (ASSISTANT, HIGHER, LITERACY, TEACHER, SENCO)


@dataclass(frozen=True)
class Offer:
    """A provision on offer.

    `years` are the first and last year group (0 is Reception); `measure` is None where no test fits; `weeks` over 15
    run from the autumn test to the summer test; `preparation` is minutes a session, `resources` pounds a pupil and
    `effect` the lowest and highest full effect in points of standard score. An `outlier` is offered only where a cost
    outlier is planted.
    """

    name: str
    area: str
    tier: str
    measure: str | None
    years: tuple[int, int]
    group_size: int
    sessions: int
    minutes: int
    weeks: int
    role: str
    preparation: int
    resources: float
    effect: tuple[float, float]
    outlier: bool = False

    @property
    def may_be_popular(self) -> bool:
        """Whether many pupils can be in it, so that a truth about it can be found: small groups, a test."""
        return self.tier == "targeted" and self.measure is not None and 3 <= self.group_size <= 8


_TARGETED, _SPECIALIST, _UNIVERSAL = "targeted", "specialist", "universal"
_NONE = (0.0, 0.0)

_PRIMARY = (
    Offer("Reading fluency group", COGNITION, _TARGETED, "reading", (2, 6), 4, 3, 20, 12, ASSISTANT, 5, 6, (2, 5)),
    Offer("Phonics catch-up group", COGNITION, _TARGETED, "reading", (1, 3), 4, 4, 20, 14, ASSISTANT, 5, 8, (2, 5)),
    Offer("Reading and talking group", COGNITION, _TARGETED, "reading", (3, 6), 6, 2, 30, 12, HIGHER, 10, 5, (2, 5)),
    Offer("Reading with an adult", COGNITION, _TARGETED, "reading", (1, 6), 1, 3, 15, 10, ASSISTANT, 0, 4, (1, 4)),
    Offer("Spelling practice group", COGNITION, _TARGETED, None, (2, 6), 5, 3, 20, 12, ASSISTANT, 5, 5, _NONE),
    Offer("Number sense group", COGNITION, _TARGETED, "maths", (1, 4), 4, 3, 30, 12, ASSISTANT, 10, 8, (2, 5)),
    Offer("Times tables group", COGNITION, _TARGETED, "maths", (2, 6), 6, 3, 15, 10, ASSISTANT, 5, 3, (1, 4)),
    Offer("Maths models group", COGNITION, _TARGETED, "maths", (2, 6), 5, 2, 30, 14, HIGHER, 10, 6, (2, 5)),
    Offer("Daily number practice", COGNITION, _SPECIALIST, "maths", (1, 6), 1, 5, 10, 14, ASSISTANT, 2, 6, (2, 5)),
    Offer("Daily word practice", COGNITION, _SPECIALIST, "reading", (1, 6), 1, 5, 10, 14, ASSISTANT, 2, 6, (2, 5)),
    Offer("Early talk group", COMMUNICATION, _TARGETED, "language", (0, 2), 4, 3, 30, 14, ASSISTANT, 10, 9, (2, 5)),
    Offer("Storytelling group", COMMUNICATION, _TARGETED, "language", (1, 6), 5, 2, 30, 14, ASSISTANT, 10, 6, (2, 5)),
    Offer(
        "Sentence building group", COMMUNICATION, _TARGETED, "language", (0, 4), 3, 3, 15, 12, ASSISTANT, 5, 5, (2, 4)
    ),
    Offer(
        "Making friends group", COMMUNICATION, _TARGETED, "wellbeing", (2, 6), 4, 1, 45, 14, ASSISTANT, 10, 6, (1, 4)
    ),
    Offer("Building together", COMMUNICATION, _TARGETED, "wellbeing", (1, 6), 3, 1, 45, 12, ASSISTANT, 10, 12, (1, 4)),
    Offer("Speech sounds plan", COMMUNICATION, _SPECIALIST, "language", (0, 4), 1, 3, 15, 14, ASSISTANT, 5, 6, (2, 5)),
    Offer(
        "Therapist's language work",
        COMMUNICATION,
        _SPECIALIST,
        "language",
        (0, 6),
        2,
        1,
        30,
        14,
        THERAPIST,
        10,
        5,
        (2, 5),
    ),
    Offer(
        "Shared attention group",
        COMMUNICATION,
        _SPECIALIST,
        "language",
        (0, 2),
        4,
        4,
        15,
        14,
        ASSISTANT,
        10,
        12,
        (1, 4),
    ),
    Offer(
        "Feelings and friends group", SEMH_AREA, _TARGETED, "wellbeing", (1, 6), 5, 1, 40, 12, LITERACY, 10, 6, (2, 5)
    ),
    Offer("Calm start to the day", SEMH_AREA, _TARGETED, "wellbeing", (0, 6), 8, 5, 15, 28, ASSISTANT, 5, 4, (1, 4)),
    Offer("Friendship club", SEMH_AREA, _TARGETED, "wellbeing", (1, 6), 10, 2, 30, 28, ASSISTANT, 5, 4, (1, 3)),
    Offer("Check-in and check-out", SEMH_AREA, _TARGETED, "wellbeing", (2, 6), 1, 10, 5, 12, ASSISTANT, 0, 1, (1, 3)),
    Offer(
        "Emotional literacy sessions",
        SEMH_AREA,
        _SPECIALIST,
        "wellbeing",
        (0, 6),
        1,
        1,
        40,
        10,
        LITERACY,
        15,
        5,
        (2, 5),
    ),
    Offer("Nurture mornings", SEMH_AREA, _SPECIALIST, "wellbeing", (0, 4), 8, 3, 90, 24, HIGHER, 20, 20, (2, 5)),
    Offer("Sensory circuits", SENSORY, _TARGETED, None, (0, 6), 6, 5, 15, 28, ASSISTANT, 5, 6, _NONE),
    Offer("Fine motor group", SENSORY, _TARGETED, None, (0, 4), 5, 2, 25, 12, ASSISTANT, 5, 8, _NONE),
    Offer("Movement plan", SENSORY, _SPECIALIST, None, (0, 6), 1, 3, 15, 28, ASSISTANT, 2, 10, _NONE),
    Offer("Hearing or vision visits", SENSORY, _SPECIALIST, None, (0, 6), 1, 1, 40, 14, SPECIALIST, 15, 12, _NONE),
    Offer(
        "Vocabulary in every lesson",
        COMMUNICATION,
        _UNIVERSAL,
        "language",
        (0, 6),
        30,
        3,
        15,
        28,
        TEACHER,
        10,
        2,
        (0.3, 2),
    ),
    Offer("Daily shared reading", COGNITION, _UNIVERSAL, "reading", (1, 6), 30, 4, 20, 28, TEACHER, 5, 6, (0.3, 2)),
    Offer(
        "Naming feelings in class", SEMH_AREA, _UNIVERSAL, "wellbeing", (0, 6), 30, 2, 15, 28, TEACHER, 5, 1, (0.3, 2)
    ),
    Offer("Visual timetables in class", COMMUNICATION, _UNIVERSAL, None, (0, 6), 30, 5, 5, 28, TEACHER, 5, 1, _NONE),
    Offer("Morning movement", SENSORY, _UNIVERSAL, None, (0, 6), 30, 5, 10, 28, TEACHER, 0, 1, _NONE),
    Offer(
        "One-to-one reading lessons",
        COGNITION,
        _SPECIALIST,
        "reading",
        (1, 6),
        1,
        2,
        30,
        22,
        SPECIALIST,
        15,
        25,
        (1, 3),
        outlier=True,
    ),
    Offer(
        "One-to-one maths lessons",
        COGNITION,
        _SPECIALIST,
        "maths",
        (1, 6),
        1,
        2,
        30,
        22,
        SPECIALIST,
        15,
        25,
        (1, 3),
        outlier=True,
    ),
)

_SECONDARY = (
    Offer("Reading fluency sessions", COGNITION, _TARGETED, "reading", (7, 9), 5, 3, 25, 12, ASSISTANT, 5, 6, (2, 5)),
    Offer("Reading seminar", COGNITION, _TARGETED, "reading", (7, 10), 6, 2, 40, 14, HIGHER, 10, 6, (2, 5)),
    Offer("Phonics for older readers", COGNITION, _TARGETED, "reading", (7, 9), 4, 4, 25, 14, ASSISTANT, 5, 10, (2, 5)),
    Offer("Reading mentor", COGNITION, _TARGETED, "reading", (7, 9), 1, 2, 20, 12, ASSISTANT, 0, 5, (1, 4)),
    Offer("Writing workshop", COGNITION, _TARGETED, None, (7, 11), 6, 2, 30, 12, ASSISTANT, 5, 4, _NONE),
    Offer("Number foundations group", COGNITION, _TARGETED, "maths", (7, 9), 5, 3, 30, 14, ASSISTANT, 10, 6, (2, 5)),
    Offer("Maths catch-up tutorials", COGNITION, _TARGETED, "maths", (7, 11), 4, 2, 40, 12, HIGHER, 10, 6, (2, 5)),
    Offer("Exam maths workshop", COGNITION, _TARGETED, "maths", (10, 11), 8, 1, 50, 14, TEACHER, 15, 8, (1, 4)),
    Offer("Number practice", COGNITION, _SPECIALIST, "maths", (7, 11), 1, 3, 20, 12, ASSISTANT, 2, 6, (2, 5)),
    Offer("Word reading practice", COGNITION, _SPECIALIST, "reading", (7, 11), 1, 3, 20, 12, ASSISTANT, 2, 6, (2, 5)),
    Offer("Subject words group", COMMUNICATION, _TARGETED, "language", (7, 10), 6, 2, 30, 14, ASSISTANT, 10, 5, (2, 5)),
    Offer(
        "Language for learning group", COMMUNICATION, _TARGETED, "language", (7, 9), 5, 2, 30, 12, HIGHER, 10, 6, (2, 5)
    ),
    Offer("Conversation group", COMMUNICATION, _TARGETED, "wellbeing", (7, 10), 5, 1, 50, 14, ASSISTANT, 10, 5, (1, 4)),
    Offer("Getting organised group", COMMUNICATION, _TARGETED, None, (7, 11), 6, 2, 20, 12, ASSISTANT, 5, 3, _NONE),
    Offer(
        "Conversation sessions", COMMUNICATION, _SPECIALIST, "language", (7, 11), 1, 1, 40, 12, ASSISTANT, 5, 5, (1, 4)
    ),
    Offer(
        "Therapist's language sessions",
        COMMUNICATION,
        _SPECIALIST,
        "language",
        (7, 11),
        2,
        1,
        40,
        14,
        THERAPIST,
        10,
        5,
        (2, 5),
    ),
    Offer("Managing feelings group", SEMH_AREA, _TARGETED, "wellbeing", (7, 10), 6, 1, 50, 12, LITERACY, 10, 5, (2, 5)),
    Offer("Back to school group", SEMH_AREA, _TARGETED, "wellbeing", (7, 11), 5, 2, 30, 14, LITERACY, 10, 4, (1, 4)),
    Offer(
        "Tutor room before lessons", SEMH_AREA, _TARGETED, "wellbeing", (7, 9), 8, 5, 15, 28, ASSISTANT, 5, 3, (1, 4)
    ),
    Offer("Quiet room at lunch", SEMH_AREA, _TARGETED, "wellbeing", (7, 11), 12, 5, 40, 28, ASSISTANT, 0, 3, (1, 3)),
    Offer("Mentoring", SEMH_AREA, _TARGETED, "wellbeing", (7, 11), 1, 1, 30, 14, HIGHER, 5, 3, (1, 3)),
    Offer(
        "Emotional literacy meetings",
        SEMH_AREA,
        _SPECIALIST,
        "wellbeing",
        (7, 11),
        1,
        1,
        45,
        10,
        LITERACY,
        15,
        4,
        (2, 5),
    ),
    Offer(
        "Counselling (bought in)", SEMH_AREA, _SPECIALIST, "wellbeing", (7, 11), 1, 1, 45, 12, THERAPIST, 10, 0, (2, 5)
    ),
    Offer("Touch typing group", SENSORY, _TARGETED, None, (7, 9), 8, 3, 20, 12, ASSISTANT, 2, 6, _NONE),
    Offer("Physiotherapy plan", SENSORY, _SPECIALIST, None, (7, 11), 1, 3, 15, 28, ASSISTANT, 2, 8, _NONE),
    Offer("Sensory support visits", SENSORY, _SPECIALIST, None, (7, 11), 1, 1, 40, 14, SPECIALIST, 15, 12, _NONE),
    Offer(
        "Reading aloud in tutor time", COGNITION, _UNIVERSAL, "reading", (7, 9), 30, 3, 20, 28, TEACHER, 5, 6, (0.3, 2)
    ),
    Offer(
        "Subject words in every lesson",
        COMMUNICATION,
        _UNIVERSAL,
        "language",
        (7, 9),
        30,
        5,
        10,
        28,
        TEACHER,
        10,
        1,
        (0.3, 2),
    ),
    Offer("Clear slides and print", SENSORY, _UNIVERSAL, None, (7, 11), 30, 5, 5, 28, TEACHER, 5, 1, _NONE),
    Offer("Calm corridors and starts", SEMH_AREA, _UNIVERSAL, None, (7, 11), 30, 5, 5, 28, TEACHER, 0, 1, _NONE),
    Offer(
        "One-to-one reading tutor",
        COGNITION,
        _SPECIALIST,
        "reading",
        (7, 9),
        1,
        2,
        30,
        22,
        SPECIALIST,
        15,
        25,
        (1, 3),
        outlier=True,
    ),
    Offer(
        "One-to-one maths tutor",
        COGNITION,
        _SPECIALIST,
        "maths",
        (7, 11),
        1,
        2,
        30,
        22,
        SPECIALIST,
        15,
        25,
        (1, 3),
        outlier=True,
    ),
)

_SPECIAL = (
    Offer(
        "Symbols for talking group",
        COMMUNICATION,
        _TARGETED,
        "engagement",
        (0, 13),
        3,
        4,
        20,
        14,
        ASSISTANT,
        10,
        15,
        (2, 5),
    ),
    Offer(
        "Attention and listening group",
        COMMUNICATION,
        _TARGETED,
        "engagement",
        (0, 9),
        4,
        4,
        15,
        14,
        ASSISTANT,
        10,
        12,
        (2, 5),
    ),
    Offer("Sensory story group", COGNITION, _TARGETED, "engagement", (0, 13), 4, 2, 30, 14, ASSISTANT, 10, 18, (2, 5)),
    Offer(
        "Learning through play group", COGNITION, _TARGETED, "engagement", (0, 8), 4, 3, 30, 12, HIGHER, 10, 15, (2, 5)
    ),
    Offer("Everyday number group", COGNITION, _TARGETED, "maths", (2, 13), 4, 3, 20, 12, ASSISTANT, 10, 8, (2, 4)),
    Offer("Everyday reading group", COGNITION, _TARGETED, "reading", (2, 13), 4, 3, 20, 12, ASSISTANT, 10, 8, (2, 4)),
    Offer(
        "Music and turn-taking group",
        COMMUNICATION,
        _TARGETED,
        "engagement",
        (0, 13),
        5,
        1,
        40,
        14,
        HIGHER,
        10,
        10,
        (1, 4),
    ),
    Offer(
        "Talking together group", COMMUNICATION, _TARGETED, "language", (0, 13), 4, 2, 30, 14, ASSISTANT, 10, 8, (2, 4)
    ),
    Offer("Independence and travel", COGNITION, _TARGETED, None, (9, 13), 3, 1, 60, 24, ASSISTANT, 15, 20, _NONE),
    Offer(
        "Knowing my feelings group", SEMH_AREA, _TARGETED, "wellbeing", (2, 13), 4, 2, 30, 12, LITERACY, 10, 8, (2, 4)
    ),
    Offer("Calming and alerting", SENSORY, _TARGETED, "engagement", (0, 13), 4, 5, 15, 28, ASSISTANT, 5, 12, (1, 4)),
    Offer("Responsive play", COMMUNICATION, _SPECIALIST, "engagement", (0, 13), 1, 3, 15, 14, ASSISTANT, 5, 8, (2, 5)),
    Offer(
        "Speech and language therapy",
        COMMUNICATION,
        _SPECIALIST,
        "language",
        (0, 13),
        2,
        1,
        30,
        24,
        THERAPIST,
        15,
        5,
        (2, 4),
    ),
    Offer("Feelings one to one", SEMH_AREA, _SPECIALIST, "wellbeing", (2, 13), 1, 1, 40, 12, LITERACY, 15, 6, (2, 4)),
    Offer("Standing and moving plan", SENSORY, _SPECIALIST, None, (0, 13), 1, 4, 15, 28, ASSISTANT, 5, 15, _NONE),
    Offer("Water movement", SENSORY, _SPECIALIST, None, (0, 13), 2, 1, 40, 14, HIGHER, 10, 20, _NONE),
    Offer("Objects of reference", COMMUNICATION, _UNIVERSAL, None, (0, 13), 9, 5, 10, 28, TEACHER, 5, 4, _NONE),
    Offer(
        "Choosing through the day",
        COMMUNICATION,
        _UNIVERSAL,
        "engagement",
        (0, 13),
        9,
        5,
        10,
        28,
        TEACHER,
        5,
        3,
        (0.3, 2),
    ),
    Offer(
        "One-to-one learning lessons",
        COGNITION,
        _SPECIALIST,
        "engagement",
        (0, 13),
        1,
        2,
        30,
        28,
        SPECIALIST,
        15,
        30,
        (1, 3),
        outlier=True,
    ),
)

_BY_PHASE: dict[Phase, tuple[Offer, ...]] = {
    "primary": _PRIMARY,
    "secondary": _SECONDARY,
    "all-through": _PRIMARY + _SECONDARY,
    "special": _SPECIAL,
}


@lru_cache
def offers(phase: Phase) -> tuple[Offer, ...]:
    """What a school of this phase may choose from, cost outliers included."""
    return _BY_PHASE[phase]
