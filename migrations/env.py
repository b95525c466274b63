"""Alembic's environment: our models, the app's engine."""

from alembic import context
from flask import current_app

from eqsr.core.columns import UTCDateTime
from eqsr.ops.migrations import with_lock_retries

database = current_app.extensions["migrate"].db


def plain_types(kind, item, _context):
    """Migrations must not depend on our classes of today."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UTCDateTime) else False
    )


def migrate(connection) -> None:
    options = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=plain_types,
        # Locks are held for one migration only, and two never wait for each other's tables.
        transaction_per_migration=True,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with_lock_retries(database.engine, migrate)
