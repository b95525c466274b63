"""For load balancers, operators and Prometheus."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from eqsr.access import public
from eqsr.db import db
from eqsr.outbox import bell

blueprint = Blueprint("health", __name__)

# Written by /readyz: a Redis that is full, or a replica, answers a ping.
READY = "eqsr:ready"


@blueprint.get("/healthz")
@public
def healthz():
    """The process is up."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz():
    """200 when database and Redis take writes and the schema is ours; else 503 and which is not."""
    checks = {
        "database": _works(_assert_writable),
        "redis": _works(lambda: bell.connect().set(READY, 1, ex=60)),
        "migrations": _works(_assert_migrated),
    }
    ready = all(checks.values())
    return {"status": "ready" if ready else "not ready", "checks": checks}, 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics():
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def migrated() -> bool:
    """The database has the schema that this code expects."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    context = MigrationContext.configure(db.session.connection())
    return set(context.get_current_heads()) == set(scripts.get_heads())


def _assert_writable() -> None:
    """A standby after a failover, or a full disk, answers every read."""
    if db.engine.dialect.name == "postgresql":
        if db.session.execute(text("SHOW transaction_read_only")).scalar() == "on":
            raise RuntimeError("the database takes no writes")
        return
    with db.engine.connect().execution_options(sqlite_begin="IMMEDIATE") as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = version_num")
        connection.rollback()


def _assert_migrated() -> None:
    if not migrated():
        raise RuntimeError("the schema is not up to date")


def _works(check) -> bool:
    try:
        check()
    except Exception:
        db.session.rollback()
        return False
    return True
