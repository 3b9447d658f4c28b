"""Tables for leading: cycle, record, record_value, review."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cycle",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("school", sa.String(100), nullable=False, server_default=sa.text("''")),
        sa.Column("started_from", sa.String(32)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="cycle_name_length"),
    )
    op.create_table(
        "record",
        sa.Column("cycle_id", sa.String(32), sa.ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "record_value",
        sa.Column("cycle_id", sa.String(32), primary_key=True),
        sa.Column("record_id", sa.String(32), primary_key=True),
        sa.Column("field", sa.String(200), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["cycle_id", "record_id"], ["record.cycle_id", "record.id"], ondelete="CASCADE", name="record_value_of"
        ),
    )
    op.create_table(
        "review",
        sa.Column("cycle_id", sa.String(32), sa.ForeignKey("cycle.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("about", sa.String(32), nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("as_it_was", sa.Text, nullable=False),
    )
    op.execute(
        "CREATE TRIGGER review_stays BEFORE UPDATE ON review "
        "BEGIN SELECT RAISE(ABORT, 'a review is never changed'); END"
    )
