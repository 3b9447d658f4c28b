"""Staff and their training: what is asked about each, and the records of an invented school."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from senco_kit.forms.fields import ChooseOne, Date, Field, LongText, Number, Option, ShortText, Tick
from senco_kit.in_figures import known
from senco_kit.planning.competences_file import LEVELS, Competence, competences
from senco_kit.planning.kinds import Kind, ticks
from senco_kit.planning.model import TICKED, Record
from senco_kit.planning.plan import AREA
from senco_kit.planning.training_needs import TrainingGap as TrainingGap
from senco_kit.planning.training_needs import needs_analysis as needs_analysis
from senco_kit.schools import codes

if TYPE_CHECKING:
    import pandas as pd

    from senco_kit.store.cycles import NewRecord

LONGEST_LABEL: Final = 60
#: The longest text of one line, and of one that tells more.
LONGEST_LINE, LONGEST_TELLING = 200, 2_000
MOST_HOURS, MOST_COST = 2_000, 100_000


def options_of(words: Mapping[str, str]) -> tuple[Option, ...]:
    """A list of codes as options, each with what it means beneath it."""
    return tuple(Option(code, code[:1].upper() + code[1:], about) for code, about in words.items())


def _level(competence_id: str) -> Field:
    """The question where a member stands in a competence. Raises KeyError for an unknown one."""
    competence = competences()[competence_id]
    options = tuple(
        Option(str(level), f"{level}: {LEVELS[level]}", about) for level, about in enumerate(competence.levels)
    )
    return ChooseOne(name=f"has/{competence_id}", label=competence.title, options=options)


def _count(code: str) -> Field:
    return Number(
        name=f"count/{code}", label=codes.SEN_TYPE_NAMES[code], unit="pupils", lowest=0, highest=100_000, whole=True
    )


STAFF = Kind(
    id="staff",
    one="member of staff",
    several="staff",
    naming="label",
    place="staff",
    fields=(
        ShortText(
            name="label",
            label="What do you call this member of staff here?",
            hint="A label, not a name. For example TA 1, or Teacher 4B.",
            longest=LONGEST_LABEL,
        ),
        ChooseOne(name="role", label="Role", options=options_of(codes.STAFF_ROLES)),
        ShortText(name="year", label="Year or class", hint="For example Year 8, or 4B.", longest=LONGEST_LABEL),
        Number(name="hours", label="Hours a week", unit="hours", lowest=0, highest=60),
        Date(name="started", label="When did they start here?"),
        Tick(name="new", label="A new teacher", hint="In the early years of teaching (ECT)."),
        Tick(name="leads", label="Leads others", hint="A middle or senior leader. The SENCO is counted as one."),
    ),
    # "has/COMPETENCE" is the level, 0 to 3, that the member says.
    patterns={"has": _level},
)

TRAINING = Kind(
    id="training",
    one="training",
    several="trainings",
    naming="course",
    place="staff",
    fields=(
        ShortText(name="course", label="What was it?", longest=LONGEST_LINE),
        ShortText(name="provider", label="Who gave it?", hint="A role or an organisation.", longest=LONGEST_LINE),
        ChooseOne(
            name="kind",
            label="In-house or specialist?",
            options=(
                Option("in-house", "In-house", codes.TRAINING_KINDS["in-house"]),
                Option("external", "Specialist, from outside", codes.TRAINING_KINDS["external"]),
            ),
        ),
        Date(name="date", label="On which day?", hint="The last day of it. A day to come makes it a plan."),
        Number(name="hours", label="How long was it?", unit="hours", lowest=0, highest=MOST_HOURS),
        AREA,
        ChooseOne(
            name="need",
            label="About one type of need?",
            hint="Leave it open when it was about the whole area, or about all pupils.",
            options=tuple(Option(each.code, each.name) for each in codes.SEN_TYPES),
        ),
        ChooseOne(name="level", label="How deep did it go?", options=options_of(codes.TRAINING_LEVELS)),
        Number(name="cost", label="Cost for this person", unit="pounds", lowest=0, highest=MOST_COST),
        Date(name="expires", label="Until when is it valid?", hint="Leave it open if it does not run out."),
        ShortText(name="evidence", label="What shows it?", hint="For example a certificate.", longest=LONGEST_TELLING),
        LongText(name="effect", label="What has changed in practice?", lines=2, longest=LONGEST_TELLING),
    ),
    # "covers/COMPETENCE" ticks what it was about, for competences that are about no one type of need. The id of
    # the member whose training it is stands in "staff": said when it is added.
    patterns={"covers": ticks("This competence")},
)

#: How many pupils have each type of need, where there is no data.
NEED_COUNT = Kind(
    id="need-count",
    one="count of pupils",
    several="counts of pupils",
    fields=(),
    single=True,
    place="staff",
    patterns={"count": _count},
)

KINDS = (STAFF, TRAINING, NEED_COUNT)


# ------------------------------------------------------------------------------ an invented school's records


def staff_records(tables: Mapping[str, pd.DataFrame], school: str) -> list[NewRecord]:
    """The staff and training tables of an invented school as records; the same school gives the same ids."""
    from senco_kit.store.cycles import NewRecord

    labels = _labels(tables["staff"])
    members = [
        NewRecord("staff", _member(row, labels[row["staff_id"]]), _id(school, "staff", row["staff_id"]))
        for row in tables["staff"].to_dict("records")
    ]
    trainings = [
        NewRecord(
            "training",
            {"staff": _id(school, "staff", row["staff_id"]), **_training(row)},
            _id(school, "training", place),
        )
        for place, row in enumerate(tables["training"].to_dict("records"))
    ]
    return members + trainings


_SHORT = {
    "teacher": "Teacher",
    "SENCO": "SENCO",
    "specialist teacher": "Specialist teacher",
    "higher level teaching assistant": "HLTA",
    "teaching assistant": "TA",
    "emotional literacy support assistant": "ELSA",
    "therapist (bought in)": "Therapist",
}


def _labels(staff: pd.DataFrame) -> dict[Any, str]:
    """A label for each adult, without a name: role and running number."""
    counts: dict[str, int] = {}
    labels = {}
    for row in staff.to_dict("records"):
        short = _SHORT[str(row["role"])]
        counts[short] = counts.get(short, 0) + 1
        labels[row["staff_id"]] = short if short == "SENCO" else f"{short} {counts[short]}"
    return labels


def _id(school: str, kind: str, number: object) -> str:
    return hashlib.sha256(f"senco-course-kit {school} {kind} {number}".encode()).hexdigest()[:32]


def _member(row: Mapping[Any, Any], label: str) -> dict[str, str]:
    return _given(
        label=label,
        role=row["role"],
        year=row["class_name"],
        hours=row["weekly_hours"],
        started=f"{row['start_year']}-09-01",
    )


def _training(row: Mapping[Any, Any]) -> dict[str, str]:
    need = row["SENtype"] if known(row["SENtype"]) else ""
    about = codes.SEN_TYPE_NAMES.get(str(need), str(row["area"]).capitalize())
    in_house = row["kind"] == "in-house"
    return _given(
        course=f"{about}, {row['level']}",
        provider="Our own staff" if in_house else "From outside the school",
        kind=row["kind"],
        date=_day(row["date"]),
        hours=row["hours"],
        area=row["area"],
        need=need,
        level=row["level"],
        cost=row["cost"],
        expires=_day(row["expires"]),
    )


def _day(value: Any) -> str:
    return value.date().isoformat() if known(value) else ""


def _given(**values: Any) -> dict[str, str]:
    """What there is, as text; whole numbers without a decimal point."""
    texts = {
        name: f"{value:.12g}" if isinstance(value, float) else str(value)
        for name, value in values.items()
        if known(value)
    }
    return {name: text for name, text in texts.items() if text}


# -------------------------------------------------------------------------------------------- a new training


def session_for(member: Record, values: Mapping[str, str], competence_id: str) -> NewRecord:
    """An in-house training of a member, as the session planner makes it."""
    from senco_kit.store.cycles import NewRecord

    known_values = {name: value for name, value in values.items() if value}
    return NewRecord(
        "training", {"staff": member.id, "kind": "in-house", f"covers/{competence_id}": TICKED, **known_values}
    )


@dataclass(frozen=True)
class SessionPart:
    """A part of the course's notes for a session that fits a competence: where it stands, and how long it takes."""

    module_id: str
    module_number: int
    session: str
    aims: tuple[str, ...]
    version_id: str
    version: str
    id: str
    title: str
    minutes: int


def session_parts(competence: Competence) -> tuple[SessionPart, ...]:
    """The parts of the course's sessions that serve an outcome of the competence, in the order of the course."""
    from senco_kit.course.read import modules

    return tuple(
        SessionPart(
            module.id,
            module.number,
            module.session.title,
            module.session.aims,
            version.id,
            version.title,
            activity.id,
            activity.title,
            activity.minutes,
        )
        for module in modules()
        if module.session
        for version in module.session.versions
        for activity in version.activities
        if set(activity.outcomes) & set(competence.outcomes)
    )
