"""The sheets and columns of the template: what each holds, which values fit, and the note that says so.

The template, the reading and the checks all go by this list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from senco_kit.provision import sensible
from senco_kit.provision.sensible import Ends
from senco_kit.schools import codes


@dataclass(frozen=True)
class OwnCode:
    """A short code that the user gives to a pupil or a provision. A pupil's is never shown in a message."""

    of_pupil: bool


@dataclass(frozen=True)
class Choice:
    """One of a list of codes. `also`: other ways of writing them; `retired`: what an old code was, and what to use."""

    options: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    retired: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_writing(self) -> dict[str, str]:
        """The code that each way of writing stands for, in small letters."""
        return {**{plain.casefold(): code for plain, code in self.also.items()}, **self.by_code}

    @cached_property
    def by_code(self) -> dict[str, str]:
        """The codes themselves by their small letters."""
        return {code.casefold(): code for code in self.options}

    @cached_property
    def retired_by_writing(self) -> dict[str, str]:
        """What an old code was, by its small letters."""
        return {code.casefold(): says for code, says in self.retired.items()}


@dataclass(frozen=True)
class Number:
    """A number between sensible ends."""

    ends: Ends


@dataclass(frozen=True)
class Words:
    """A short text."""

    longest: int = 80


@dataclass(frozen=True)
class Day:
    """A day."""


Kind: TypeAlias = OwnCode | Choice | Number | Words | Day


@dataclass(frozen=True)
class Column:
    """A column: its heading, its name in the data, what fits, what to write, and an invented example."""

    heading: str
    name: str
    kind: Kind
    note: str
    example: str | int
    required: bool = True


@dataclass(frozen=True)
class SheetPlan:
    """A sheet: what it is for and its columns. `unique` are the columns that together name a row once."""

    name: str
    purpose: str
    columns: tuple[Column, ...]
    unique: tuple[str, ...]
    most_rows: int
    required: bool = True

    def column(self, name: str) -> Column:
        """The column of this name in the data."""
        return next(column for column in self.columns if column.name == name)


#: What the first cell of the example row says. A row that still says so is left out.
EXAMPLE = "EXAMPLE (delete this row)"
#: What the first cell of the row of notes begins with. It is left out too.
NOTE = "What to write:"

_SEN_PROVISION = Choice(
    codes.SEN_PROVISION,
    also={
        "no sen": "N",
        "none": "N",
        "sen support": "K",
        "ehcp": "E",
        "ehc plan": "E",
        "education health and care plan": "E",
    },
    retired={
        **codes.RETIRED_SEN_PROVISION,
        "School Action": codes.RETIRED_SEN_PROVISION["A"],
        "SA": codes.RETIRED_SEN_PROVISION["A"],
        "School Action Plus": codes.RETIRED_SEN_PROVISION["P"],
        "School Action +": codes.RETIRED_SEN_PROVISION["P"],
        "SA+": codes.RETIRED_SEN_PROVISION["P"],
        "Statement": codes.RETIRED_SEN_PROVISION["S"],
        "Statemented": codes.RETIRED_SEN_PROVISION["S"],
    },
)
_MAIN_NEED = Choice(
    codes.SEN_TYPE_NAMES,
    also={
        **{name.casefold(): code for code, name in codes.SEN_TYPE_NAMES.items()},
        "autism": "ASD",
        "asc": "ASD",
        "dyslexia": "SPLD",
    },
    retired={
        **codes.RETIRED_SEN_TYPES,
        "EBD": codes.RETIRED_SEN_TYPES["BESD"],
        "School Action": "a level of support, not a need, and ended in 2014; write the main type of need",
        "School Action Plus": "a level of support, not a need, and ended in 2014; write the main type of need",
    },
)
_YEAR_GROUP = Choice(
    codes.YEARS,
    also={
        **{name.casefold(): code for code, name in codes.YEARS.items()},
        **{f"y{code}".casefold(): code for code in codes.YEARS},
        **{f"yr{code}".casefold(): code for code in codes.YEARS},
        **{f"yr {code}".casefold(): code for code in codes.YEARS},
        "0": "R",
        "rec": "R",
        "year r": "R",
    },
)
_AREA = Choice(
    codes.AREAS,
    also={
        "c&i": codes.COMMUNICATION,
        "c&l": codes.COGNITION,
        "semh": codes.SEMH_AREA,
        "s/p": codes.SENSORY,
        "sensory and physical": codes.SENSORY,
        "sensory or physical": codes.SENSORY,
    },
)
_TIER = Choice(codes.TIERS, also={"wave 1": "universal", "wave 2": "targeted", "wave 3": "specialist"})
_YES_NO = Choice(
    {"yes": "Yes", "no": "No"}, also={"y": "yes", "n": "no", "true": "yes", "false": "no", "1": "yes", "0": "no"}
)
_MEASURE = Choice(codes.MEASURES, also={"math": "maths", "mathematics": "maths"})
_ROLE = Choice(
    codes.STAFF_ROLES,
    also={
        "ta": "teaching assistant",
        "hlta": "higher level teaching assistant",
        "elsa": "emotional literacy support assistant",
        "therapist": "therapist (bought in)",
        "senco": "SENCO",
    },
)
_FUNDING_LINE = Choice(codes.FUNDING_LINES, also={"imf": "inclusive mainstream fund", "pp": "pupil premium"})

_PUPIL_NOTE = "Your own code for the pupil, such as P01. Never a name, a UPN or a date of birth."
_SCORE = Number(Ends(40, 160, "points"))


def _pupil(note: str) -> Column:
    return Column("Pupil", "pupil", OwnCode(of_pupil=True), note, EXAMPLE)


PUPILS = SheetPlan(
    "Pupils",
    "Every pupil who is in a provision, and other pupils of the same years if you have scores to compare with.",
    (
        _pupil(_PUPIL_NOTE),
        Column("Year group", "year_group", _YEAR_GROUP, "R for Reception, or 1 to 13.", 4),
        Column("SEN provision", "SENprovision", _SEN_PROVISION, "N no SEN, K SEN support, E EHC plan.", "K"),
        Column(
            "Main need",
            "SENtype",
            _MAIN_NEED,
            "The census code of the main type of need, such as SLCN. Empty if there is none.",
            "SLCN",
            required=False,
        ),
        Column("Class", "class_name", Words(30), "The class, such as 4B. May be empty.", "4B", required=False),
        Column("Free school meals", "FSMeligible", _YES_NO, "yes or no. May be empty.", "no", required=False),
    ),
    unique=("pupil",),
    most_rows=3_000,
)
PROVISIONS = SheetPlan(
    "Provisions",
    "What the school provides: one row for each provision that has its own group size, time or adult.",
    (
        Column("Code", "provision", OwnCode(of_pupil=False), "Your own short code, such as READ1.", EXAMPLE),
        Column("Name", "name", Words(), "What the school calls it. No names of pupils or adults.", "Reading group"),
        Column("Area of need", "area", _AREA, "The broad area of need. Choose from the list.", codes.COGNITION),
        Column("Tier", "tier", _TIER, "universal, targeted or specialist.", "targeted"),
        Column(
            "Measure",
            "measure",
            _MEASURE,
            "What your test measures. Empty if there is no test; then no effect is worked out.",
            "reading",
            required=False,
        ),
        Column("Group size", "group_size", Number(sensible.GROUP_SIZE), "Pupils in one group.", 4),
        Column("Sessions a week", "sessions_per_week", Number(sensible.SESSIONS_PER_WEEK), "0.5: every other week.", 3),
        Column("Minutes", "minutes", Number(sensible.MINUTES), "Length of one session in minutes.", 30),
        Column("Weeks", "weeks", Number(sensible.WEEKS), "How many weeks it runs in the year.", 12),
        Column("Delivered by", "role", _ROLE, "The role of the adult. Choose from the list.", "teaching assistant"),
        Column(
            "Hourly cost",
            "hourly_cost",
            Number(sensible.HOURLY_COST),
            "Pounds an hour, with pension and National Insurance. Empty: the kit's own estimate from 2025 pay.",
            18,
            required=False,
        ),
        Column(
            "Preparation minutes",
            "preparation_minutes",
            Number(sensible.PREPARATION_MINUTES),
            "Minutes to prepare one session. Empty counts as 0.",
            10,
            required=False,
        ),
        Column(
            "Resources per pupil",
            "resources_per_pupil",
            Number(sensible.RESOURCES_PER_PUPIL),
            "Pounds for books, licences and the like, for each pupil. Empty counts as 0.",
            5,
            required=False,
        ),
        Column(
            "Funding line",
            "funding_line",
            _FUNDING_LINE,
            "Which budget pays. Choose from the list. May be empty.",
            "notional SEN",
            required=False,
        ),
    ),
    unique=("provision",),
    most_rows=500,
)
WHO_GETS_WHAT = SheetPlan(
    "Who gets what",
    "One row for each pupil in each provision.",
    (
        _pupil("The pupil's code, as on the sheet Pupils."),
        Column("Provision", "provision", OwnCode(of_pupil=False), "The code, as on the sheet Provisions.", EXAMPLE),
        Column(
            "Planned sessions",
            "planned_sessions",
            Number(Ends(1, 1_000, "sessions", whole=True)),
            "Sessions planned for this pupil. Empty: sessions a week times weeks.",
            36,
            required=False,
        ),
        Column(
            "Delivered sessions",
            "delivered_sessions",
            Number(Ends(0, 1_000, "sessions", whole=True)),
            "Sessions this pupil was really given. Empty: not known, and delivery is not judged.",
            30,
            required=False,
        ),
        Column(
            "Entry score",
            "entry_score",
            _SCORE,
            "Standard score (mean 100) before, on the provision's measure. May be empty.",
            84,
            required=False,
        ),
        Column("Exit score", "exit_score", _SCORE, "Standard score after. May be empty.", 88, required=False),
        Column("Entry date", "entry_date", Day(), "The day of the first test. May be empty.", "24/9/2025", False),
        Column("Exit date", "exit_date", Day(), "The day of the second test. May be empty.", "4/2/2026", False),
    ),
    unique=("pupil", "provision"),
    most_rows=6_000,
)
OTHER_SCORES = SheetPlan(
    "Other scores",
    "Scores of pupils who did not get the provision, to compare with. Without them no effect is worked out.",
    (
        _pupil("The pupil's code, as on the sheet Pupils."),
        Column("Measure", "measure", _MEASURE, "What the test measures. Choose from the list.", "reading"),
        Column("Entry score", "entry_score", _SCORE, "Standard score on about the same day as the others.", 97),
        Column("Exit score", "exit_score", _SCORE, "Standard score on about the same day as the others.", 99),
    ),
    unique=("pupil", "measure"),
    most_rows=8_000,
    required=False,
)
TESTS = SheetPlan(
    "Tests",
    "How exact each test is, from its manual. Without it the kit takes 4.5 points, a good reading test: that may be "
    "too exact for yours.",
    (
        Column("Measure", "measure", _MEASURE, "What the test measures. Choose from the list.", EXAMPLE),
        Column(
            "Standard error",
            "standard_error",
            Number(Ends(0.5, 15, "points")),
            "The standard error of measurement in points of standard score, from the test's manual.",
            5,
        ),
    ),
    unique=("measure",),
    most_rows=20,
    required=False,
)
BUDGET = SheetPlan(
    "Budget",
    "What the school has for provision in the year. Leave the sheet empty if you do not want to compare with it.",
    (
        Column("Funding line", "funding_line", _FUNDING_LINE, "Choose from the list.", EXAMPLE),
        Column("Amount", "amount", Number(Ends(0, 50_000_000, "pounds")), "Pounds for the year.", 60000),
    ),
    unique=("funding_line",),
    most_rows=20,
    required=False,
)

SHEETS: tuple[SheetPlan, ...] = (PUPILS, PROVISIONS, WHO_GETS_WHAT, OTHER_SCORES, TESTS, BUDGET)
READ_ME, LISTS = "Read me", "Lists"
#: Sheets of the template that hold no data.
NOT_DATA = (READ_ME, LISTS)


def plain(text: str) -> str:
    """A heading or sheet name without what does not matter: case, spaces, signs.

    >>> plain(" Who gets WHAT? ") == plain("who_gets_what")
    True
    """
    return "".join(letter for letter in text.casefold() if letter.isalnum())
