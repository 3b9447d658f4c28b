"""What the tables of an invented school hold: each field's type, unit, codes and meaning, and how it is checked.

This is the one source of the data dictionary, of each package's datapackage.json, and of the checks. Field names and
codes are the school census' own where it has them (NCyearActual, SENprovision, SENtype and so on); the code lists
are in codes.py. Importing this module loads pandera, so the pages do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pandera.pandas as pa

from senco_kit.schools import codes

#: In what a field's metadata says its type to be: the words of the Data Package standard.
TYPES = ("integer", "number", "boolean", "string", "date")


def _field(kind: str, dtype: Any, says: str, *checks: pa.Check, missing: bool = False, **more: Any) -> pa.Column:
    metadata = {"type": kind, **{name: value for name, value in more.items() if value is not None}}
    return pa.Column(dtype, list(checks), nullable=missing, description=says, metadata=metadata)


def _limits(lowest: float | None, highest: float | None) -> list[pa.Check]:
    checks = [] if lowest is None else [pa.Check.ge(lowest)]
    return checks if highest is None else [*checks, pa.Check.le(highest)]


def whole(
    says: str, lowest: int | None = 0, highest: int | None = None, *, unit: str | None = None, missing: bool = False
) -> pa.Column:
    """A whole number; where it may be missing, frames keep it as a float, because NaN is one."""
    checks = _limits(lowest, highest)
    if missing:
        checks.append(pa.Check(lambda column: column % 1 == 0, error="not a whole number"))
    more = {"unit": unit, "minimum": lowest, "maximum": highest}
    return _field("integer", "float64" if missing else "int64", says, *checks, missing=missing, **more)


def number(
    says: str, lowest: float | None = 0, highest: float | None = None, *, unit: str | None = None, missing: bool = False
) -> pa.Column:
    """A number that may have a fraction."""
    more = {"unit": unit, "minimum": lowest, "maximum": highest}
    return _field("number", "float64", says, *_limits(lowest, highest), missing=missing, **more)


def yes_no(says: str) -> pa.Column:
    """True or false."""
    return _field("boolean", "bool", says)


def day(says: str, *, missing: bool = False) -> pa.Column:
    """A date without a time."""
    return _field("date", "datetime64[s]", says, missing=missing)


def code(says: str, words: Mapping[str, str], *, missing: bool = False) -> pa.Column:
    """A word from a list; `words` gives each one's meaning."""
    return _field("string", "category", says, pa.Check.isin(list(words)), missing=missing, codes=dict(words))


def text(says: str, *, missing: bool = False) -> pa.Column:
    """Words that are not from a fixed list."""
    return _field("string", "category", says, missing=missing)


@dataclass(frozen=True)
class Link:
    """`field` of this table holds values of the field of the same name in `table`."""

    field: str
    table: str


def _table(
    title: str,
    says: str,
    key: tuple[str, ...],
    links: tuple[Link, ...],
    columns: dict[str, pa.Column],
    checks: Mapping[str, Any] | None = None,
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns,
        [pa.Check(rule, error=broken) for broken, rule in (checks or {}).items()],
        strict=True,
        ordered=True,
        unique=list(key) or None,
        title=title,
        description=says,
        metadata={"key": key, "links": links},
    )


SCHOOL = Link("school_id", "schools")
PUPIL = Link("pupil_id", "pupils")
STAFF = Link("staff_id", "staff")
PROVISION = Link("provision_id", "provisions")


def _school() -> pa.Column:
    return whole("The school: 1000 and the school's number.", 1001)


def _pupil(says: str = "The pupil.", *, missing: bool = False) -> pa.Column:
    return whole(says, 100_100_001, missing=missing)


def _standard_score(says: str) -> pa.Column:
    return number(f"{says} Missing where not tested.", 40, 160, unit="points of standard score", missing=True)


SCHOOLS = _table(
    "Schools",
    "One row for each invented school.",
    ("school_id",),
    (),
    {
        "school_id": _school(),
        "school_name": text("An invented name that says so."),
        "phase": code("The kind of school.", codes.PHASES),
        "academic_year": code("The school year that the data is about.", codes.ACADEMIC_YEARS),
        "census_date": day("The day of the spring school census: the third Thursday of January."),
        "seed": whole("The number from which the school was made: the same seed makes the same school."),
        "pupils": whole("Pupils on roll.", 1, unit="pupils"),
    },
)

PUPILS = _table(
    "Pupils",
    "One row for each pupil on roll on the census day. There are no names, no unique pupil numbers, no dates of birth "
    "and no ethnicity: no exercise needs them.",
    ("pupil_id",),
    (SCHOOL,),
    {
        "school_id": _school(),
        "pupil_id": _pupil("The pupil: school_id × 100,000 and a running number."),
        "NCyearActual": code("Year group in which the pupil is taught.", codes.YEARS),
        "Sex": code("Sex.", codes.SEXES),
        "birth_month": whole("Month of birth, 1 for January. September is the oldest in a year group.", 1, 12),
        "Language": code("First language.", codes.LANGUAGES),
        "FSMeligible": yes_no("Eligible for free school meals on the census day."),
        "fsm_ever_six": yes_no("Eligible for free school meals at any time in the past six years."),
        "in_care": yes_no("Looked after by a local authority."),
        "service_child": yes_no("Has a parent in the armed forces."),
        "young_carer": yes_no("Known to the school as a young carer."),
        "social_worker": yes_no("Has a social worker."),
        "SENprovision": code("SEN provision on the census day.", codes.SEN_PROVISION),
        "ResourcedProvisionIndicator": yes_no("Has a place in a resourced provision or SEN unit of the school."),
        "TopupFunding": yes_no("The local authority pays top-up funding for the pupil."),
        "class_name": text("The class, or the form in a secondary school."),
    },
)

NEEDS = _table(
    "Types of need",
    "One or two rows for each pupil with SEN (SENprovision K or E): the primary and the secondary type of need.",
    ("pupil_id", "SENtypeRank"),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "pupil_id": _pupil(),
        "SENtypeRank": whole("1 for the primary type of need, 2 for the secondary.", 1, 2),
        "SENtype": code("Type of need, as the school census has it.", codes.SEN_TYPE_NAMES),
    },
)

ATTENDANCE = _table(
    "Attendance",
    "One row for each pupil and half-term. A session is half a school day.",
    ("pupil_id", "half_term"),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "pupil_id": _pupil(),
        "half_term": whole("Half-term, 1 for the first of autumn to 6 for the second of summer.", 1, 6),
        "sessions_possible": whole("Sessions that the pupil could have attended.", 1, unit="sessions"),
        "sessions_attended": whole("Sessions attended.", unit="sessions"),
        "sessions_authorised": whole("Sessions of absence that the school authorised.", unit="sessions"),
        "sessions_unauthorised": whole("Sessions of absence that it did not.", unit="sessions"),
    },
    {
        "attended and absent sessions do not add up to those possible": lambda table: (
            table["sessions_attended"] + table["sessions_authorised"] + table["sessions_unauthorised"]
            == table["sessions_possible"]
        )
    },
)

ASSESSMENTS = _table(
    "Assessments",
    "One row for each score of a pupil. What each tool measures, and how surely, stands in the table of tools.",
    ("pupil_id", "tool", "term"),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "pupil_id": _pupil(),
        "tool": code("The test, questionnaire or national assessment.", codes.TOOLS),
        "term": code("The term of the assessment.", codes.TERMS),
        "date": day("The day of the assessment."),
        "score": number("The score, on the tool's own scale.", 0, 160, unit="points of the tool's scale"),
    },
)

TOOLS = _table(
    "Assessment tools",
    "One row for each tool and school: its scale and its measurement error. The same for every school.",
    ("school_id", "tool"),
    (SCHOOL,),
    {
        "school_id": _school(),
        "tool": code("The tool, as in the assessments.", codes.TOOLS),
        "name": text("What the tool is called. The standardised tests are invented."),
        "measures": text("What it measures: one of the five measures, or a national standard."),
        "scale": text("How its scale is read."),
        "lowest": number("The lowest score there can be.", unit="points of the tool's scale"),
        "highest": number("The highest score there can be.", unit="points of the tool's scale"),
        "mean": number("The mean of pupils of the same age.", unit="points of the tool's scale", missing=True),
        "standard_deviation": number("The spread of their scores.", unit="points of the tool's scale", missing=True),
        "reliability": number("The share of the spread that is not chance, 0 to 1.", 0, 1, missing=True),
        "standard_error": number(
            "Standard error of measurement: how far a score lies from the pupil's true standing by chance alone; "
            "standard deviation × √(1 − reliability).",
            unit="points of the tool's scale",
            missing=True,
        ),
    },
)
SUSPENSIONS = _table(
    "Suspensions",
    "One row for each suspension.",
    (),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "pupil_id": _pupil(),
        "start_date": day("First day of the suspension."),
        "sessions_lost": whole("Sessions that the pupil was suspended for.", 1, unit="sessions"),
        "reason": code("Main reason, as the school census has it.", codes.SUSPENSION_REASONS),
    },
)

INCIDENTS = _table(
    "Behaviour incidents",
    "One row for each incident that the school logged.",
    ("incident_id",),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "incident_id": whole("The incident."),
        "pupil_id": _pupil(),
        "date": day("The day of the incident."),
        "period": whole("Lesson of the day.", 1, 6),
        "kind": code("What happened.", codes.INCIDENT_KINDS),
        "class_name": text("The class in which it happened.", missing=True),
    },
)

STAFF_TABLE = _table(
    "Staff",
    "One row for each adult who teaches or supports pupils. There are no names.",
    ("staff_id",),
    (SCHOOL,),
    {
        "school_id": _school(),
        "staff_id": whole("The adult: school_id × 1,000 and a running number."),
        "role": code("What the adult is employed as.", codes.STAFF_ROLES),
        "class_name": text("The class that the adult works with; missing for adults of no one class.", missing=True),
        "weekly_hours": number("Hours a week in the contract.", unit="hours a week"),
        "hourly_cost": number("Cost of an hour to the school, on-costs included.", unit="pounds an hour"),
        "start_year": whole("Calendar year in which the adult came to the school.", 1970, 2026),
    },
)

TRAINING = _table(
    "Training",
    "One row for each training that an adult has had.",
    (),
    (SCHOOL, STAFF),
    {
        "school_id": _school(),
        "staff_id": whole("The adult."),
        "area": code("Broad area of need that the training is about.", codes.AREAS),
        "SENtype": code("Type of need, where the training is about one.", codes.SEN_TYPE_NAMES, missing=True),
        "level": code("How deep the training goes.", codes.TRAINING_LEVELS),
        "kind": code("Who gave it.", codes.TRAINING_KINDS),
        "date": day("The day on which it ended."),
        "hours": number("Length.", unit="hours"),
        "cost": number("What the school paid for this adult's place.", unit="pounds"),
        "expires": day("The day from which it has to be renewed; missing where it does not end.", missing=True),
    },
)

DEPLOYMENT = _table(
    "Timetable of adults",
    "One row for each adult and lesson of a usual week: where the adult is.",
    (),
    (SCHOOL, STAFF, PROVISION, PUPIL),
    {
        "school_id": _school(),
        "staff_id": whole("The adult."),
        "weekday": whole("Day of the week, 1 for Monday.", 1, 5),
        "period": whole("Lesson of the day.", 1, 6),
        "activity": code("What the adult does then.", codes.ACTIVITIES),
        "class_name": text("The class, where the adult is with one.", missing=True),
        "provision_id": whole("The provision, where the adult gives one.", missing=True),
        "pupil_id": _pupil("The pupil, where the adult is with one.", missing=True),
    },
)

PROVISIONS = _table(
    "Provisions",
    "One row for each entry of the school's provision map: what is given beyond and within lessons, by whom, how much.",
    ("provision_id",),
    (SCHOOL, STAFF),
    {
        "school_id": _school(),
        "provision_id": whole("The provision: school_id × 1,000 and a running number."),
        "name": text("What it is called."),
        "area": code("Broad area of need that it is for.", codes.AREAS),
        "tier": code("For whom it is.", codes.TIERS),
        "measure": code("What should get better; missing where no test suits.", codes.MEASURES, missing=True),
        "staff_id": whole("The adult who gives it."),
        "group_size": whole("Pupils in a group at most.", 1, unit="pupils"),
        "sessions_per_week": number("Sessions that a group should have in a week.", unit="sessions a week"),
        "minutes": whole("Length of a session.", 1, unit="minutes"),
        "weeks": whole("Weeks that it runs.", 1, unit="weeks"),
        "preparation_minutes": whole("Preparation for a session, beside its own time.", unit="minutes a session"),
        "resources_per_pupil": number("Materials and licences.", unit="pounds a pupil"),
        "first_term": code("Term of the test before it.", codes.TERMS),
        "last_term": code("Term of the test after it.", codes.TERMS),
        "start_date": day("First day."),
        "end_date": day("Last day."),
        "funding_line": code("Budget line that pays for it.", codes.FUNDING_LINES),
    },
    {
        "ends before it starts": lambda table: table["end_date"] >= table["start_date"],
        "the test before it is not before the test after it": lambda table: (
            _places(table["first_term"]) < _places(table["last_term"])
        ),
    },
)

ENROLMENTS = _table(
    "Enrolments",
    "One row for each pupil in a provision.",
    ("enrolment_id",),
    (SCHOOL, PROVISION, PUPIL),
    {
        "school_id": _school(),
        "enrolment_id": whole("The enrolment."),
        "provision_id": whole("The provision."),
        "pupil_id": _pupil(),
        "group": whole("The group of the provision in which the pupil is, from 1.", 1),
        "planned_sessions": whole("Sessions that the pupil should have had.", unit="sessions"),
        "delivered_sessions": whole("Sessions that the pupil was really given.", unit="sessions"),
        "entry_date": day("The pupil's first day in the provision."),
        "entry_score": _standard_score("Score on the provision's measure before it."),
        "exit_date": day("The pupil's last day in the provision."),
        "exit_score": _standard_score("Score on the provision's measure after it."),
    },
    {
        "more sessions delivered than planned": lambda table: table["delivered_sessions"] <= table["planned_sessions"],
        "leaves before entering": lambda table: table["exit_date"] >= table["entry_date"],
    },
)
REVIEWS = _table(
    "Reviews",
    "One row for each turn of assess, plan, do, review for a pupil with SEN. All texts are composed, not written by "
    "or about anyone.",
    ("review_id",),
    (SCHOOL, PUPIL),
    {
        "school_id": _school(),
        "review_id": whole("The review."),
        "pupil_id": _pupil(),
        "cycle": whole("Which turn of the year it is.", 1, 3),
        "date": day("The day of the review meeting."),
        "assess": text("What was found out about the pupil's need."),
        "plan": text("What was planned, and towards what."),
        "do": text("What was done."),
        "review": text("How it went, and what is next."),
        "outcome": code("Whether the outcome was reached.", codes.OUTCOMES),
        "pupil_view": text("What the pupil said.", missing=True),
        "parent_view": text("What the parent or carer said.", missing=True),
        "parent_took_part": yes_no("A parent or carer took part in the review."),
    },
)

OBSERVATIONS = _table(
    "Lesson observations",
    "One row for each look at one point of teaching in a lesson.",
    ("observation_id",),
    (SCHOOL,),
    {
        "school_id": _school(),
        "observation_id": whole("The observation."),
        "date": day("The day of the lesson."),
        "class_name": text("The class."),
        "subject": code("The subject.", codes.SUBJECTS),
        "focus": code("What was looked for.", codes.OBSERVATION_FOCUSES),
        "seen": code("Whether it was seen.", codes.SEEN),
        "note": text("A note by the observer.", missing=True),
    },
)

BUDGET = _table(
    "Budget",
    "One row for each budget line of the school year.",
    ("school_id", "funding_line"),
    (SCHOOL,),
    {
        "school_id": _school(),
        "funding_line": code("The budget line.", codes.FUNDING_LINES),
        "amount": number("What the line holds for the year.", unit="pounds"),
        "meant_for": text("Whom the line is meant for."),
    },
)

SPENDING = _table(
    "Spending",
    "One row for each spending on inclusion in the school year.",
    ("spending_id",),
    (SCHOOL, PROVISION),
    {
        "school_id": _school(),
        "spending_id": whole("The spending."),
        "date": day("The day on which it was booked."),
        "funding_line": code("The budget line that paid.", codes.FUNDING_LINES),
        "amount": number("What was spent.", unit="pounds"),
        "kind": code("What was bought.", codes.SPENDING_KINDS),
        "provision_id": whole("The provision it was for, where there is one.", missing=True),
        "spent_for": code("Whom it was spent for.", codes.PRIORITY_GROUPS),
    },
)

#: The tables of a school by name, in the order in which they are written and shown.
TABLES: dict[str, pa.DataFrameSchema] = {
    "schools": SCHOOLS,
    "pupils": PUPILS,
    "needs": NEEDS,
    "attendance": ATTENDANCE,
    "assessments": ASSESSMENTS,
    "tools": TOOLS,
    "suspensions": SUSPENSIONS,
    "incidents": INCIDENTS,
    "staff": STAFF_TABLE,
    "training": TRAINING,
    "deployment": DEPLOYMENT,
    "provisions": PROVISIONS,
    "enrolments": ENROLMENTS,
    "reviews": REVIEWS,
    "observations": OBSERVATIONS,
    "budget": BUDGET,
    "spending": SPENDING,
}


def faults(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """What is wrong with the tables of one or more schools, a sentence each; empty when all is as the schema says."""
    says = [f"There is no table '{name}'." for name in TABLES if name not in frames]
    says += [f"'{name}' is not a table of a school." for name in frames if name not in TABLES]
    for name, frame in frames.items():
        if name in TABLES:
            says += _faults_of_one(name, frame)
    return says + [f"{name}: {link.field} is not always in {link.table}." for name, link in _broken_links(frames)]


def _faults_of_one(name: str, frame: pd.DataFrame) -> list[str]:
    try:
        TABLES[name].validate(frame.reset_index(drop=True), lazy=True)  # pandera needs rows told apart
    except pa.errors.SchemaErrors as problem:
        cases = problem.failure_cases
        found = cases.groupby(["column", "check"], dropna=False, sort=False)["failure_case"]
        return [
            f"{name}: {column}: {check}: {values.iloc[0]} ({len(values)} times)." for (column, check), values in found
        ]
    return []


def _broken_links(frames: Mapping[str, pd.DataFrame]) -> list[tuple[str, Link]]:
    return [
        (name, link)
        for name, schema in TABLES.items()
        for link in links_of(schema)
        if name in frames and link.table in frames and link.field in frames[name] and link.field in frames[link.table]
        if not frames[name][link.field].dropna().isin(frames[link.table][link.field]).all()
    ]


def links_of(schema: pa.DataFrameSchema) -> tuple[Link, ...]:
    """Which fields of a table hold values of another table's."""
    links: tuple[Link, ...] = (schema.metadata or {})["links"]
    return links


def key_of(schema: pa.DataFrameSchema) -> tuple[str, ...]:
    """The fields that together tell the rows of a table apart; empty where none do."""
    key: tuple[str, ...] = (schema.metadata or {})["key"]
    return key


def _places(terms: pd.Series[Any]) -> pd.Series[Any]:
    return terms.astype(str).map({term: place for place, term in enumerate(codes.TERMS)})
