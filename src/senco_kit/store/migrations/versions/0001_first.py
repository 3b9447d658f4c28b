"""The first released tables: audit, rating, evidence, action."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "audit",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("framework_id", sa.String(100), nullable=False),
        sa.Column("started_from", sa.String(32)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name="audit_name_length"),
    )
    op.create_table(
        "rating",
        sa.Column("audit_id", sa.String(32), sa.ForeignKey("audit.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("outcome_id", sa.String(100), primary_key=True),
        sa.Column("level", sa.Integer),
        sa.Column("unsure", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("matters_now", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("note", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.CheckConstraint("level BETWEEN 1 AND 4", name="rating_level"),
        sa.CheckConstraint("unsure IN (0, 1)", name="rating_unsure"),
        sa.CheckConstraint("matters_now IN (0, 1)", name="rating_matters_now"),
        sa.CheckConstraint("NOT (unsure AND level IS NOT NULL)", name="rating_level_or_unsure"),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("audit_id", sa.String(32), sa.ForeignKey("audit.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("outcome_id", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("what", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("kept_where", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("dated", sa.Date),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("audit_id", sa.String(32), sa.ForeignKey("audit.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("outcome_id", sa.String(100), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("success", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("by_when", sa.Date),
        sa.Column("with_whom", sa.Text, nullable=False, server_default=sa.text("''")),
        sa.Column("evidence", sa.Text, nullable=False, server_default=sa.text("''")),
    )
