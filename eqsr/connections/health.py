"""Check connections, and open and close their problems."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.connections import (
    clock_skew,
    queries,
    scope_checks,
    scope_sentences,
    service,
    signing_keys,
    subscription,
)
from eqsr.connections.clients import NotConnected, client_for
from eqsr.connections.connecting import CREDENTIAL_UNREADABLE
from eqsr.connections.models import Connection, ConnectionState
from eqsr.connections.scope_recheck import current_scopes
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.encryption import DecryptionError
from eqsr.core.messages import N_
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.refusals import HandshakeFailed

log = logging.getLogger(__name__)

CHECK_TIMEOUT = 20.0

# Bounds of the time between two checks of a connection that does not work.
MIN_RECHECK, MAX_RECHECK = timedelta(minutes=1), timedelta(minutes=10)

NO_ANSWER = N_(
    "SmartRecruiters does not answer us. Nothing is lost: we go on trying, and do what is due as "
    "soon as it answers."
)


def check_health(connection_id: uuid.UUID) -> None:
    """Check token, scopes and subscription; restore the subscription if needed.

    Raises a retryable SmartRecruitersError if SmartRecruiters does not answer, and Reschedule while
    another credential is being tried.
    """
    connection = queries.get(connection_id)
    if connection is None or connection.state not in service.WORKING:
        return
    if connection.run_until and connection.run_until > now():
        raise Reschedule(10, "other credentials are being tried")
    try:
        problem = _problem(connection)
    except DecryptionError:
        problem = CREDENTIAL_UNREADABLE
    except NotConnected as error:
        # Waiting for the connection would ask for another check of it, without end.
        problem = error.sentence
    except SmartRecruitersError as error:
        if error.retryable:
            raise
        log.warning("health check: %s", error, extra={"connection": connection_id})
        problem = error.sentence
    if problem:
        service.open_problem(connection_id, problem)
        _note_checked(connection_id)
    else:
        service.close_problem(connection_id)


def on_dead(connection_id: uuid.UUID, sentence: str) -> None:
    """Open a problem: SmartRecruiters did not answer, or could not reach our webhook address."""
    unreachable = sentence == HandshakeFailed.sentence
    service.open_problem(connection_id, sentence if unreachable else NO_ANSWER, tell=False)
    _note_checked(connection_id)


def probe_due() -> None:
    """Request checks of connections that don't work, at growing intervals.

    The interval is a quarter of how long the problem has lasted, between MIN_RECHECK and
    MAX_RECHECK.
    """
    query = select(Connection).where(Connection.state == ConnectionState.NEEDS_ATTENTION)
    for connection in db.session.scalars(query.execution_options(populate_existing=True)).all():
        lasted = now() - (connection.problem_at or now())
        wait = min(MAX_RECHECK, max(MIN_RECHECK, lasted / 4))
        if connection.checked_at is None or now() - connection.checked_at >= wait:
            service.request_check(connection.id)


def rotate_key(connection_id: uuid.UUID) -> None:
    """Replace the signing key of a working connection. Raises SmartRecruitersError."""
    connection = queries.get(connection_id)
    if connection is not None and connection.state in service.WORKING:
        signing_keys.rotate_key(client_for(connection).with_timeouts(CHECK_TIMEOUT), connection)


def _problem(connection: Connection) -> str:
    """Check the connection; return a stored sentence if a person must act, else ''."""
    client = client_for(connection).with_timeouts(CHECK_TIMEOUT)
    client.check_token()
    clock_skew.record(connection.id, client.clock_offset)
    missing = scope_checks.missing(current_scopes(client, connection))
    if not missing:
        subscription.repair(client, connection)
        return ""
    if subscription.WEBHOOK_SCOPE not in missing:  # go on with what is still possible
        try:
            subscription.repair(client, connection)
        except SmartRecruitersError as error:
            # The missing scopes, which a person can fix, are reported all the same.
            log.warning("subscription: %s", error, extra={"connection": connection.id})
    return scope_sentences.missing_sentence(missing)


def _note_checked(connection_id: uuid.UUID) -> None:
    with transaction():
        queries.for_update(connection_id).checked_at = now()
