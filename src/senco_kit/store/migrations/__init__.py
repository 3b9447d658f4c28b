"""Steps from each released shape of the tables to the next; Alembic runs them. Released steps are never edited."""
