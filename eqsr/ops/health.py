"""For load balancers, operators and Prometheus."""

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text

from eqsr.core.db import db
from eqsr.invitations import email_retry
from eqsr.outbox import breakers, queue
from eqsr.web.access import public

mail_server = Gauge(
    "eqsr_mail_paused", "1 while the mail server takes none of our mail.", ["fault"]
)
mail_waiting = Gauge("eqsr_mail_waiting", "Mails that wait until the mail server takes one.")
mail_failed = Gauge("eqsr_mail_failed", "Mails that failed, and no address is to blame.")

blueprint = Blueprint("health", __name__)

# Written by /readyz: a Redis that is full, or a replica, answers a ping.
READY = "eqsr:ready"

PARKED = Gauge(
    "eqsr_breakers_open",
    "Connections whose calls SmartRecruiters does not answer, read from the database.",
    ["manner"],
)


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
        "redis": _works(lambda: queue.connect().set(READY, 1, ex=60)),
        "migrations": _works(_assert_migrated),
    }
    ready = all(checks.values())
    return {"status": "ready" if ready else "not ready", "checks": checks}, 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics():
    """This process's own figures, and what all processes share: breakers and waiting email. While
    the database is away there are none of the latter."""
    PARKED.clear()
    _works(_count_breakers)
    _works(_count_mail)
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


def behind() -> bool:
    """The database has an older schema than this code expects. After a rollback of the code it has
    a newer one, which this code does not know and can work with."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    known = {script.revision for script in scripts.walk_revisions()}
    heads = set(MigrationContext.configure(db.session.connection()).get_current_heads())
    return heads <= known and heads != set(scripts.get_heads())


def _assert_migrated() -> None:
    if not migrated():
        raise RuntimeError("the schema is not up to date")


def _count_breakers() -> None:
    hangs = [breaker.reason == "timeout" for breaker in breakers.opened()]
    PARKED.labels("hangs").set(sum(hangs))
    PARKED.labels("fails").set(len(hangs) - sum(hangs))


def _count_mail() -> None:
    standing = email_retry.queue_state()
    mail_server.labels("ours").set(bool(standing.pause and standing.pause.ours))
    mail_server.labels("away").set(bool(standing.pause and not standing.pause.ours))
    mail_waiting.set(standing.waiting)
    mail_failed.set(standing.failed)


def _works(check) -> bool:
    try:
        check()
    except Exception:
        db.session.rollback()
        return False
    return True
