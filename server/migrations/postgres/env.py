"""Alembic's entry: runs on the connection that :mod:`server.migrations.run` hands in."""

from alembic import context

from server.platform.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
