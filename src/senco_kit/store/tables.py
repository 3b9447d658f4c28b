"""The tables that keep a person's work, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    false,
    text,
)

#: The longest name of an audit, a scenario or a kept school, in characters.
LONGEST_NAME = 200

metadata = MetaData()


def _words(name: str) -> Column[str]:
    """A column of free text that is empty until something is typed."""
    return Column(name, Text, nullable=False, server_default=text("''"))


def _yes_or_no(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _whose() -> tuple[Column[str], Column[str]]:
    """The audit and the outcome that a row is about; the rows go when the audit goes."""
    return (
        Column("audit_id", String(32), ForeignKey("audit.id", ondelete="CASCADE"), nullable=False, index=True),
        Column("outcome_id", String(100), nullable=False),
    )


#: Times are kept in UTC. `started_from` is no foreign key: the earlier audit may have been deleted since.
audit = Table(
    "audit",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("framework_id", String(100), nullable=False),
    Column("started_from", String(32)),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="audit_name_length"),
)

rating = Table(
    "rating",
    metadata,
    Column("audit_id", String(32), ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True),
    Column("outcome_id", String(100), primary_key=True),
    Column("level", Integer),
    _yes_or_no("unsure"),
    _yes_or_no("matters_now"),
    _words("note"),
    CheckConstraint("level BETWEEN 1 AND 4", name="rating_level"),
    CheckConstraint("unsure IN (0, 1)", name="rating_unsure"),
    CheckConstraint("matters_now IN (0, 1)", name="rating_matters_now"),
    # "I don't know yet" is a question to follow up, never a level.
    CheckConstraint("NOT (unsure AND level IS NOT NULL)", name="rating_level_or_unsure"),
)

#: `position` is the order in which the rows of an audit were added.
evidence = Table(
    "evidence",
    metadata,
    Column("id", String(32), primary_key=True),
    *_whose(),
    Column("position", Integer, nullable=False),
    _words("what"),
    _words("kept_where"),
    Column("dated", Date),
)

action = Table(
    "action",
    metadata,
    Column("id", String(32), primary_key=True),
    *_whose(),
    Column("position", Integer, nullable=False),
    _words("action"),
    _words("success"),
    Column("by_when", Date),
    _words("with_whom"),
    _words("evidence"),
)

#: A plan for a school's provision, kept beside what the school's data says. `school` names that data: an invented
#: school in the kit ("secondary-1050"), one made from a seed ("secondary-1050-7"), or the person's own, by what the
#: file holds ("file-" and 32 hexadecimal digits), so that the plans are found again when the same file is opened.
scenario = Table(
    "scenario",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("school", String(100), nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="scenario_name_length"),
)

#: One typed change of a scenario, as it was typed. There is no row for what stays as the school has it.
scenario_change = Table(
    "scenario_change",
    metadata,
    Column("scenario_id", String(32), ForeignKey("scenario.id", ondelete="CASCADE"), primary_key=True),
    Column("provision_id", String(100), primary_key=True),
    Column("field", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

#: The person's own school data, real pupils' data, kept only when the person says so: the file as it was uploaded,
#: without its name. `kind` is "xlsx", "csv" or "zip".
own_school = Table(
    "own_school",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("kept_at", DateTime, nullable=False),
    Column("data", LargeBinary, nullable=False),
    CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="own_school_name_length"),
)

#: What a learner read from the data of an invented school: an answer to a question about it.
reading = Table(
    "reading",
    metadata,
    Column("school", String(100), primary_key=True),
    Column("question", String(100), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("changed_at", DateTime, nullable=False),
)

#: One answer to a question of the course, as JSON: text, a list of ids, or texts by row. `work` says where it was
#: asked: "checks/3-coordinating-provision", "reflections/3-coordinating-provision", or "assignment/" and its id.
course_answer = Table(
    "course_answer",
    metadata,
    Column("work", String(200), primary_key=True),
    Column("question", String(100), primary_key=True),
    Column("answer", Text, nullable=False),
    Column("changed_at", DateTime, nullable=False),
)

#: A section of a lesson that the person marked as done.
section_done = Table(
    "section_done",
    metadata,
    Column("module", String(100), primary_key=True),
    Column("section", String(100), primary_key=True),
    Column("done_at", DateTime, nullable=False),
)

#: An assignment to do: one's own, or one that a facilitator released. `package` is what was released, as JSON text;
#: `notebook` the released notebook, that goes back with the answers.
assignment = Table(
    "assignment",
    metadata,
    Column("id", String(150), primary_key=True),
    Column("package", Text, nullable=False),
    Column("notebook", LargeBinary),
    Column("learner", String(LONGEST_NAME), nullable=False, server_default=text("''")),
    Column("brought_at", DateTime, nullable=False),
    Column("handed_in_at", DateTime),
    _words("handed_in_as"),
)

#: What one answer earned, with its feedback, as JSON; and the answer that it was given for, as JSON.
course_mark = Table(
    "course_mark",
    metadata,
    Column("work", String(200), primary_key=True),
    Column("question", String(100), primary_key=True),
    Column("marked", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("marked_at", DateTime, nullable=False),
)

#: A choice that holds for the whole course, such as the school of one's own assignments.
course_setting = Table(
    "course_setting",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("value", Text, nullable=False),
)

#: One turn of review, plan, do and review of a school. `school` names the school's data as a page's address does: an
#: invented school ("secondary-1050") or kept data of the person's own ("own-ID"); empty while none is chosen.
#: `started_from` is no foreign key: the earlier cycle may have been deleted since.
cycle = Table(
    "cycle",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(LONGEST_NAME), nullable=False),
    Column("school", String(100), nullable=False, server_default=text("''")),
    Column("started_from", String(32)),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    CheckConstraint(f"length(name) BETWEEN 1 AND {LONGEST_NAME}", name="cycle_name_length"),
)

#: A finding, an objective, an action or anything else in a cycle. An id is unique in its cycle: a cycle that was
#: started from another keeps the ids, so that an objective can be followed through the years.
record = Table(
    "record",
    metadata,
    Column("cycle_id", String(32), ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("kind", String(100), nullable=False),
    Column("position", Integer, nullable=False),
    Column("created_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
)

#: One answer in a record. There is no row for what was not answered.
record_value = Table(
    "record_value",
    metadata,
    Column("cycle_id", String(32), primary_key=True),
    Column("record_id", String(32), primary_key=True),
    Column("field", String(200), primary_key=True),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(
        ["cycle_id", "record_id"], ["record.cycle_id", "record.id"], ondelete="CASCADE", name="record_value_of"
    ),
)

#: What was said of a record on a day, and what the plan said then, both as JSON. A trigger refuses to change one.
#: `about` is no foreign key, but a record with reviews is not removed.
review = Table(
    "review",
    metadata,
    Column("cycle_id", String(32), ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("about", String(32), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("said", Text, nullable=False),
    Column("as_it_was", Text, nullable=False),
)

#: Every table, the ones that others point to first.
IN_ORDER = (
    *(audit, rating, evidence, action, scenario, scenario_change, own_school, reading),
    *(course_answer, section_done, assignment, course_mark, course_setting),
    *(cycle, record, record_value, review),
)
