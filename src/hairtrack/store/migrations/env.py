"""Alembic runs the revisions here, on the connection that the catalogue gives it."""

from __future__ import annotations

from alembic import context

from hairtrack.store.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA
)
context.run_migrations()
