"""Runs the migrations on the connection that service.db.migrate hands over."""

from alembic import context

from service.db import tables
from service.db.migrate import CONNECTION

context.configure(
    connection=context.config.attributes[CONNECTION],
    target_metadata=tables.METADATA,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
