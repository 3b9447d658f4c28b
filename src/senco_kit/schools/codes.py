"""The code lists of a school's tables: each code with what it means, in the order in which it is shown.

Codes of the school census (SENprovision, SENtype, NCyearActual, Sex, Language, suspension reasons) are the census' own;
the rest are this kit's words. A Coded column holds a place in such a list: `tuple(LIST)` gives its words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SenType:
    """A type of need of the school census. `area` is one of AREAS, or None where the census type fits no one area."""

    code: str
    name: str
    area: str | None


#: The four broad areas of need of the SEND Code of Practice, 6.28 to 6.35.
COMMUNICATION = "communication and interaction"
COGNITION = "cognition and learning"
SEMH_AREA = "social, emotional and mental health"
SENSORY = "sensory and/or physical"
AREAS: dict[str, str] = {
    COMMUNICATION: "Speech, language and communication needs, and autism.",
    COGNITION: "Learning difficulties, whether moderate, severe, profound or specific (for example dyslexia).",
    SEMH_AREA: "Difficulty with feelings, relationships or mental health that gets in the way of learning.",
    SENSORY: "Hearing, vision, multi-sensory impairment or physical disability.",
}

#: The types of need that the census takes. The areas are our reading of the Code: DS, OTH, NSA belong to no one area.
SEN_TYPES: tuple[SenType, ...] = (
    SenType("SPLD", "Specific learning difficulty", COGNITION),
    SenType("MLD", "Moderate learning difficulty", COGNITION),
    SenType("SLD", "Severe learning difficulty", COGNITION),
    SenType("PMLD", "Profound and multiple learning difficulty", COGNITION),
    SenType("SEMH", "Social, emotional and mental health", SEMH_AREA),
    SenType("SLCN", "Speech, language and communication needs", COMMUNICATION),
    SenType("ASD", "Autistic spectrum disorder", COMMUNICATION),
    SenType("HI", "Hearing impairment", SENSORY),
    SenType("VI", "Vision impairment", SENSORY),
    SenType("MSI", "Multi-sensory impairment", SENSORY),
    SenType("PD", "Physical disability", SENSORY),
    SenType("DS", "Down syndrome", None),
    SenType("OTH", "Other difficulty or disability", None),
    SenType("NSA", "SEN support but no specialist assessment of type of need", None),
)
SEN_TYPE_CODES: tuple[str, ...] = tuple(sen_type.code for sen_type in SEN_TYPES)
#: The name of each type of need by its code.
SEN_TYPE_NAMES: dict[str, str] = {sen_type.code: sen_type.name for sen_type in SEN_TYPES}
#: The broad area of each type of need by its code, None where it belongs to no one area.
SEN_TYPE_AREAS: dict[str, str | None] = {sen_type.code: sen_type.area for sen_type in SEN_TYPES}

SEN_PROVISION: dict[str, str] = {
    "N": "No SEN now (SEN support in the past included)",
    "K": "SEN support",
    "E": "Education, health and care plan (EHC plan)",
}
#: Codes of the schemes before 2014: refused, with what to use instead. They are never in an invented school.
RETIRED_SEN_PROVISION: dict[str, str] = {
    "A": "School Action, which ended in 2014; use K for SEN support",
    "P": "School Action Plus, which ended in 2014; use K for SEN support",
    "S": "a statement of SEN, replaced by the EHC plan; use E",
}
#: Types of need that the census no longer takes.
RETIRED_SEN_TYPES: dict[str, str] = {
    "BESD": "behaviour, emotional and social difficulties, which ended in 2014; use SEMH",
}

#: Year groups, in order: a cohort's `year` is a place in this list.
YEARS: dict[str, str] = {"R": "Reception", **{str(year): f"Year {year}" for year in range(1, 14)}}

PHASES: dict[str, str] = {
    "primary": "Reception to Year 6",
    "secondary": "Year 7 to Year 11",
    "all-through": "Reception to Year 11",
    "special": "A special school, Reception to Year 13",
}
ACADEMIC_YEARS: dict[str, str] = {"2025/26": "September 2025 to July 2026"}
SEXES: dict[str, str] = {"F": "Female", "M": "Male"}
LANGUAGES: dict[str, str] = {
    "ENG": "First language English",
    "OTH": "First language other than English (the pupil has English as an additional language)",
}

#: Terms in which the whole school is tested.
TERMS: dict[str, str] = {
    "autumn": "Tests of late September",
    "spring": "Tests of early February",
    "summer": "Tests of mid-June and results of the end of the year",
}
MEASURES: dict[str, str] = {
    "reading": "Reading, on a standardised test",
    "maths": "Mathematics, on a standardised test",
    "language": "Understanding and use of spoken language, on a standardised test",
    "wellbeing": "Wellbeing, on a standardised questionnaire (higher is better)",
    "engagement": "Engagement in learning, on a standardised scale for special schools",
}
#: The tools of the assessments table. The first five are this kit's invented tests, in the order of MEASURES.
TOOLS: dict[str, str] = {
    "READ": "Invented reading test (standard score, mean 100, standard deviation 15)",
    "MATH": "Invented mathematics test (standard score)",
    "LANG": "Invented spoken language test (standard score)",
    "WELL": "Invented wellbeing questionnaire (standard score, higher is better)",
    "ENGA": "Invented engagement scale for special schools (standard score)",
    "EYFSP": "Early years foundation stage profile, end of Reception: 1 for a good level of development, 0 if not",
    "PHON": "Phonics screening check, Year 1: words read rightly, 0 to 40",
    "MTC": "Multiplication tables check, Year 4: answers right, 0 to 25",
    "KS2": "End of Year 6: 1 for the expected standard in reading, writing and maths together, 0 if not",
    "A8": "Attainment 8, end of Year 11: points, 0 to 90",
}

#: Reasons for a suspension: a part of the census' list.
SUSPENSION_REASONS: dict[str, str] = {
    "DB": "Persistent or general disruptive behaviour",
    "PP": "Physical assault against a pupil",
    "PA": "Physical assault against an adult",
    "VP": "Verbal abuse or threatening behaviour against a pupil",
    "VA": "Verbal abuse or threatening behaviour against an adult",
    "BU": "Bullying",
    "DM": "Damage",
    "TH": "Theft",
    "DA": "Drug and alcohol related",
    "OW": "Use or threat of use of an offensive weapon or prohibited item",
    "MT": "Inappropriate use of social media or online technology",
}
INCIDENT_KINDS: dict[str, str] = {
    "disruption": "Disrupts a lesson",
    "refusal": "Does not start work or follow an instruction",
    "leaving": "Leaves the room or the lesson without permission",
    "verbal": "Verbal abuse or threats",
    "physical": "Hits, kicks or pushes",
    "damage": "Damages things",
    "distress": "Is very distressed; no one else is involved",
}

STAFF_ROLES: dict[str, str] = {
    "teacher": "Teacher of a class or form",
    "SENCO": "Special educational needs co-ordinator",
    "specialist teacher": "Teacher with a specialism in a type of need",
    "higher level teaching assistant": "Teaching assistant with higher level status",
    "teaching assistant": "Teaching assistant",
    "emotional literacy support assistant": "Teaching assistant trained as an ELSA",
    "therapist (bought in)": "Speech and language, occupational or other therapist who is paid by the hour",
}
TRAINING_LEVELS: dict[str, str] = {
    "awareness": "For everyone: knows what the need is",
    "enhanced": "For those who teach or support a pupil with the need",
    "specialist": "For those who assess and advise on the need",
}
TRAINING_KINDS: dict[str, str] = {
    "in-house": "Given by the school's own staff",
    "external": "Given by someone from outside the school",
}
ACTIVITIES: dict[str, str] = {
    "class": "With a class in a lesson",
    "provision": "Giving a provision of the map",
    "pupil": "With one pupil in a lesson",
    "planning": "Planning, preparation and meetings",
    "break duty": "On duty at break or lunch",
}

TIERS: dict[str, str] = {
    "universal": "For every pupil: high-quality teaching and reasonable adjustments",
    "targeted": "For some pupils, for a time, mostly in small groups",
    "specialist": "For a few pupils, mostly one to one or led by a specialist",
}
FUNDING_LINES: dict[str, str] = {
    "core": "The school's core budget, which pays for what every pupil gets",
    "notional SEN": "The part of the core budget meant as a guide for SEN; it is not ring-fenced",
    "top-up": "What the local authority adds for a named pupil beyond the threshold",
    "inclusive mainstream fund": "The fund of 2026 for an inclusion strategy in mainstream schools",
    "pupil premium": "Extra money for disadvantaged pupils",
}
SPENDING_KINDS: dict[str, str] = {
    "staff": "Pay of the school's own staff",
    "resources": "Books, programmes and equipment",
    "training": "Training of staff",
    "bought-in service": "A service from outside, for example a therapist",
    "other": "Anything else",
}
#: Whom money is spent for.
PRIORITY_GROUPS: dict[str, str] = {
    "all pupils": "Every pupil of the school",
    "pupils with SEN support": "Pupils whose SENprovision is K",
    "pupils with EHC plans": "Pupils whose SENprovision is E",
    "disadvantaged pupils": "Pupils with free school meals at any time in the past six years, or in care",
    "pupils with EAL": "Pupils whose first language is other than English",
    "pupils with low attainment": "Pupils well below what is expected for their age, with SEN or not",
}

OUTCOMES: dict[str, str] = {
    "met": "The outcome was reached",
    "partly met": "A part of the outcome was reached",
    "not met": "The outcome was not reached",
}
SUBJECTS: dict[str, str] = {
    "English": "English, reading and phonics included",
    "maths": "Mathematics",
    "science": "Science",
    "humanities": "History, geography or religious education",
    "arts": "Art, music or drama",
    "physical education": "Physical education",
    "computing": "Computing or design and technology",
}
OBSERVATION_FOCUSES: dict[str, str] = {
    "clear explanations": "New learning is explained in small steps, with models",
    "scaffolding": "Support is given where it is needed and taken away in time",
    "checking understanding": "The teacher finds out who has understood, and acts on it",
    "use of the adult": "Teaching assistants add to the teacher's work and do not replace it",
    "access": "Seating, print, sound and tasks suit the pupils with SEN in the class",
    "talk": "Pupils with SEN take part in the talk of the lesson",
}
SEEN: dict[str, str] = {
    "yes": "Seen",
    "partly": "Seen in part",
    "no": "Not seen",
}


def place(words: dict[str, str], word: str) -> int:
    """Where a word stands in a code list, from 0. ValueError if it is not in it.

    >>> place(SEN_PROVISION, "E")
    2
    """
    return list(words).index(word)


def sen_type(code: str) -> int:
    """The place of a type of need in SEN_TYPES, from 0. ValueError if there is none.

    >>> sen_type("SLCN")
    5
    """
    return SEN_TYPE_CODES.index(code)
