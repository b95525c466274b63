"""The endpoints for load balancers, operators and Prometheus."""

from collections.abc import Callable

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text

from eqsr.core.db import db
from eqsr.invitations import email_retry
from eqsr.outbox import breakers, queue
from eqsr.web.access import public

MAIL_PAUSED = Gauge(
    "eqsr_mail_paused", "1 while the mail server accepts none of our email.", ["fault"]
)
MAIL_WAITING = Gauge("eqsr_mail_waiting", "Emails that wait until the mail server accepts one.")
MAIL_FAILED = Gauge("eqsr_mail_failed", "Emails that failed for other reasons than their address.")

blueprint = Blueprint("health", __name__)

# The Redis key that /readyz writes, because a full Redis or a replica still answers a ping.
PROBE_KEY = "eqsr:ready"

OPEN_BREAKERS = Gauge(
    "eqsr_breakers_open",
    "Connections whose calls SmartRecruiters does not answer, read from the database.",
    ["manner"],
)


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Answer 200: the process is up."""
    return {"status": "ok"}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Answer 200 if database and Redis accept writes and the schema is current, else 503."""
    checks = {
        "database": _works(_assert_writable),
        "redis": _works(lambda: queue.connect().set(PROBE_KEY, 1, ex=60)),
        "migrations": _works(_assert_migrated),
    }
    ready = all(checks.values())
    return {"status": "ready" if ready else "not ready", "checks": checks}, 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Return this process's metrics, and breakers and waiting email from the database.

    While the database is away, the latter are missing or old.
    """
    OPEN_BREAKERS.clear()
    _works(_count_breakers)
    _works(_count_mail)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def migrated() -> bool:
    """True if the database has exactly the schema that this code expects."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    context = MigrationContext.configure(db.session.connection())
    return set(context.get_current_heads()) == set(scripts.get_heads())


def _assert_writable() -> None:
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


def _assert_migrated() -> None:
    if not migrated():
        raise RuntimeError("the schema is not up to date")


def _count_breakers() -> None:
    hangs = [breaker.reason == "timeout" for breaker in breakers.opened()]
    OPEN_BREAKERS.labels("hangs").set(sum(hangs))
    OPEN_BREAKERS.labels("fails").set(len(hangs) - sum(hangs))


def _count_mail() -> None:
    state = email_retry.queue_state()
    MAIL_PAUSED.labels("ours").set(bool(state.pause and state.pause.ours))
    MAIL_PAUSED.labels("away").set(bool(state.pause and not state.pause.ours))
    MAIL_WAITING.set(state.waiting)
    MAIL_FAILED.set(state.failed)


def _works(check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:
        db.session.rollback()
        return False
    return True
