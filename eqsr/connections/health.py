"""Check connections, open and close their problems, and clean up after disconnecting."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from eqsr.connections import (
    checks,
    credential_changes,
    progress,
    queries,
    service,
    signing_keys,
    subscription,
)
from eqsr.connections.clients import client_for, client_for_cleanup
from eqsr.connections.connecting import CREDENTIAL_UNREADABLE
from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_
from eqsr.core.security import DecryptionError
from eqsr.outbox.handlers import Reschedule
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import HandshakeFailed, SmartRecruitersError
from eqsr.smartrecruiters.scopes import SCOPES

log = logging.getLogger(__name__)

CHECK_TIMEOUT = 20.0
# How long a check of all scopes is valid; token and subscription are checked every time.
SCOPE_CHECK_VALID = timedelta(hours=6)
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


def clean_up(connection_id: uuid.UUID) -> None:
    """Delete a disconnected connection's subscription, then its credential and signing keys.

    Raises a retryable SmartRecruitersError.
    """
    connection = queries.get(connection_id)
    if connection is None or connection.state is not ConnectionState.DISCONNECTED:
        return
    if connection.subscription_id and connection.encrypted_client_secret:
        try:
            client = client_for_cleanup(connection).with_timeouts(CHECK_TIMEOUT)
            client.delete_subscription(connection.subscription_id)
        except (SmartRecruitersError, DecryptionError) as error:
            if getattr(error, "retryable", False):
                raise
            log.warning("subscription left: %s", error, extra={"connection": connection_id})
    delete_credential(connection_id)


def delete_credential(connection_id: uuid.UUID, _reason: str = "") -> None:
    """Delete credential and signing keys of a disconnected connection; idempotent.

    Also deletes a credential that was tried without success.
    """
    with transaction() as session:
        connection = queries.for_update(connection_id)
        if connection.state is not ConnectionState.DISCONNECTED:
            return
        if connection.encrypted_client_secret:
            credential_changes.record(credential_changes.FORGOTTEN, connection)
        connection.client_id = connection.encrypted_client_secret = None
        if not progress.running(connection):
            connection.encrypted_pending_client_id = None
            connection.encrypted_pending_secret = None
        connection.subscription_id = connection.subscription_state = None
        session.execute(delete(WebhookKey).where(WebhookKey.connection_id == connection_id))


def _problem(connection: Connection) -> str:
    """Check the connection; return a stored sentence if a person must act, else ''."""
    client = client_for(connection).with_timeouts(CHECK_TIMEOUT)
    client.check_token()
    missing = checks.missing(_scopes(client, connection))
    if not missing:
        subscription.repair(client, connection)
        return ""
    if subscription.WEBHOOK_SCOPE not in missing:  # go on with what is still possible
        try:
            subscription.repair(client, connection)
        except SmartRecruitersError as error:
            # The missing scopes, which a person can fix, are reported all the same.
            log.warning("subscription: %s", error, extra={"connection": connection.id})
    return checks.missing_sentence(missing)


def _scopes(client: SmartRecruiters, connection: Connection) -> list[dict[str, Any]]:
    """Return the row of each scope, checking those again whose result is old or inconclusive."""
    known = {row["scope"]: row for row in connection.scopes}
    lately = connection.checked_at and now() - connection.checked_at < SCOPE_CHECK_VALID
    fresh = lately and connection.state is ConnectionState.ACTIVE
    to_check = [s for s in SCOPES if not fresh or not _is_conclusive(known.get(s.value))]
    if not to_check:
        return connection.scopes
    found = {scope.value: checks.as_row(checks.prove_scope(client, scope)) for scope in to_check}
    # An inconclusive result does not replace a conclusive one.
    new = {
        name: row
        for name, row in found.items()
        if _is_conclusive(row) or not _is_conclusive(known.get(name))
    }
    with transaction():
        row = queries.for_update(connection.id)
        row.scopes = [(known | new)[scope.value] for scope in SCOPES]
        if not fresh:
            row.checked_at = now()
    return row.scopes


def _is_conclusive(row: dict[str, Any] | None) -> bool:
    return row is not None and row["outcome"] != "unproved"


def _note_checked(connection_id: uuid.UUID) -> None:
    with transaction():
        queries.for_update(connection_id).checked_at = now()
