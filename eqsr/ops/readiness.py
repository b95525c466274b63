"""Tell whether the database has this code's schema and takes writes."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from eqsr.core.db import db


def migrated() -> bool:
    """True if the database has exactly the schema that this code expects."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    context = MigrationContext.configure(db.session.connection())
    return set(context.get_current_heads()) == set(scripts.get_heads())


def assert_writable() -> None:
    """Raise if the database accepts no writes: on a standby, or with a full disk, reads work."""
    if db.engine.dialect.name == "postgresql":
        if db.session.execute(text("SHOW transaction_read_only")).scalar() == "on":
            raise RuntimeError("the database takes no writes")
        return
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        connection.rollback()


def behind() -> bool:
    """True if the database has an older schema than this code expects.

    False for a newer one, as after a rollback of the code: older code works with it.
    """
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    known = {script.revision for script in scripts.walk_revisions()}
    heads = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    return heads <= known and heads != set(scripts.get_heads())


def assert_migrated() -> None:
    """Raise RuntimeError unless the database has this code's schema."""
    if not migrated():
        raise RuntimeError("the schema is not up to date")
