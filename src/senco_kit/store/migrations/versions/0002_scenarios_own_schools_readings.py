"""Tables for the provision map: scenario, scenario_change, own_school; and reading, for invented schools."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "scenario",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("school", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="scenario_name_length"),
    )
    op.create_table(
        "scenario_change",
        sa.Column("scenario_id", sa.String(32), sa.ForeignKey("scenario.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("provision_id", sa.String(100), primary_key=True),
        sa.Column("field", sa.String(100), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "own_school",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("kept_at", sa.DateTime, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="own_school_name_length"),
    )
    op.create_table(
        "reading",
        sa.Column("school", sa.String(100), primary_key=True),
        sa.Column("question", sa.String(100), primary_key=True),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
