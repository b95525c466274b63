"""The endpoints for load balancers, operators and Prometheus."""

import hmac
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from werkzeug.datastructures import WWWAuthenticate

from eqsr.connections import clock_skew
from eqsr.core.address_checks import is_loopback
from eqsr.core.db import db
from eqsr.core.extensions import settings
from eqsr.core.version import VERSION
from eqsr.invitations import email_retry
from eqsr.mail import restore_pause
from eqsr.ops.readiness import assert_migrated, assert_writable
from eqsr.outbox import breaker_state, redis_client
from eqsr.web.access import public

MAIL_PAUSED = Gauge(
    "eqsr_mail_paused", "1 while the mail server accepts none of our email.", ["fault"]
)

MAIL_WAITING = Gauge("eqsr_mail_waiting", "Emails that wait until the mail server accepts one.")
MAIL_FAILED = Gauge("eqsr_mail_failed", "Emails that failed for other reasons than their address.")

blueprint = Blueprint("health", __name__)

# Headers by which a proxy says for whom it asks.
PASSED_ON = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")

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
    """Answer 200 and the version: the process is up."""
    return {"status": "ok", "version": VERSION}


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Answer 200 if database and Redis accept writes and the schema is current, else 503.

    Operators read which of them is not. A wrong clock is named to them too (seconds ahead of
    SmartRecruiters'), but makes nobody unready.
    """
    checks = {
        "database": _works(assert_writable),
        "redis": _works(lambda: redis_client.connect().set(PROBE_KEY, 1, ex=60)),
        "migrations": _works(assert_migrated),
    }
    ready = all(checks.values())
    answer: dict[str, Any] = {"status": "ready" if ready else "not ready"}
    if _asked_by_operator():
        answer |= {"checks": checks} | _clock_warning()
    return answer, 200 if ready else 503


@blueprint.get("/metrics")
@public
def metrics() -> ResponseReturnValue:
    """Return this process's metrics, and breakers and waiting email from the database.

    While the database is away, the latter are missing or old. Only for operators.
    """
    if not _asked_by_operator():
        sentence = "Send METRICS_TOKEN as a bearer token, or ask from the machine itself.\n"
        refused = Response(sentence, 401, content_type="text/plain; charset=utf-8")
        refused.www_authenticate = WWWAuthenticate("bearer")
        return refused
    OPEN_BREAKERS.clear()
    _works(_count_breakers)
    _works(_count_mail)
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _asked_by_operator() -> bool:
    """Did somebody ask who has METRICS_TOKEN, or who is on this machine?

    A request that a proxy passes on comes from elsewhere, whatever PROXIES says.
    """
    given = request.authorization
    token = (given.token if given and given.type == "bearer" else None) or ""
    if settings.metrics_token and hmac.compare_digest(
        token.encode(), settings.metrics_token.encode()
    ):
        return True
    passed_on = any(one in request.headers for one in PASSED_ON)
    return is_loopback(request.remote_addr or "") and not passed_on


def _count_breakers() -> None:
    hangs = [breaker.reason == "timeout" for breaker in breaker_state.opened()]
    OPEN_BREAKERS.labels("hangs").set(sum(hangs))
    OPEN_BREAKERS.labels("fails").set(len(hangs) - sum(hangs))


def _count_mail() -> None:
    state = email_retry.queue_state()
    MAIL_PAUSED.labels("ours").set(bool(state.pause and state.pause.ours))
    MAIL_PAUSED.labels("away").set(bool(state.pause and not state.pause.ours))
    MAIL_PAUSED.labels("restored").set(restore_pause.current() is not None)
    MAIL_WAITING.set(state.waiting + restore_pause.waiting())
    MAIL_FAILED.set(state.failed)


def _clock_warning() -> dict[str, int]:
    try:
        offset = clock_skew.worst()
    except Exception:
        db.session.rollback()
        return {}
    return {"clock_offset_seconds": offset} if offset else {}


def _works(check: Callable[[], object]) -> bool:
    try:
        check()
    except Exception:
        db.session.rollback()
        return False
    return True
