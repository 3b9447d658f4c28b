"""Tables for the course: course_answer, section_done, assignment, course_mark, course_setting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "course_answer",
        sa.Column("work", sa.String(200), primary_key=True),
        sa.Column("question", sa.String(100), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "section_done",
        sa.Column("module", sa.String(100), primary_key=True),
        sa.Column("section", sa.String(100), primary_key=True),
        sa.Column("done_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "assignment",
        sa.Column("id", sa.String(150), primary_key=True),
        sa.Column("package", sa.Text, nullable=False),
        sa.Column("notebook", sa.LargeBinary),
        sa.Column("learner", sa.String(200), nullable=False, server_default=sa.text("''")),
        sa.Column("brought_at", sa.DateTime, nullable=False),
        sa.Column("handed_in_at", sa.DateTime),
        sa.Column("handed_in_as", sa.Text, nullable=False, server_default=sa.text("''")),
    )
    op.create_table(
        "course_mark",
        sa.Column("work", sa.String(200), primary_key=True),
        sa.Column("question", sa.String(100), primary_key=True),
        sa.Column("marked", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("marked_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "course_setting",
        sa.Column("name", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
