"""Runs the migrations on the connection that `senco_kit.store.database.migrate` hands over, in its transaction."""

from __future__ import annotations

from alembic import context

from senco_kit.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a column by rebuilding its table.
    render_as_batch=True,
)
context.run_migrations()
