"""Does a connection still work? Problems open and close themselves here."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.connections import checks, credential_changes, progress, queries, service, subscription
from eqsr.connections.clients import client_for, client_for_cleanup
from eqsr.connections.connecting import LOST_KEY
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
# How long an all-scopes check counts; token and subscription are looked at every time.
SCOPES_COUNT = timedelta(hours=6)
# Between two checks of a connection that does not work.
PROBE_AT_FIRST, PROBE_AT_LAST = timedelta(minutes=1), timedelta(minutes=10)

AWAY = N_(
    "SmartRecruiters does not answer us. Nothing is lost: we go on trying, and do what is due as "
    "soon as it answers."
)


def check_health(connection_id: uuid.UUID) -> None:
    """Check token, scopes and subscription; bring the subscription back if need be.

    Raises SmartRecruitersError(retryable) when SmartRecruiters does not answer, and Reschedule
    while other credentials are being tried.
    """
    connection = queries.get(connection_id)
    if connection is None or connection.state not in service.WORKING:
        return
    if connection.run_until and connection.run_until > now():
        raise Reschedule(10, "other credentials are being tried")
    try:
        problem = _problem(connection)
    except DecryptionError:
        problem = LOST_KEY
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
    """SmartRecruiters did not answer for a while, or got no answer from us."""
    unreachable = sentence == HandshakeFailed.sentence
    service.open_problem(connection_id, sentence if unreachable else AWAY, tell=False)
    _note_checked(connection_id)


def probe_due() -> None:
    """Have connections that don't work checked again: a minute after the last check at first, then
    more and more rarely, down to what every connection gets."""
    query = select(Connection).where(Connection.state == ConnectionState.NEEDS_ATTENTION)
    for connection in db.session.scalars(query.execution_options(populate_existing=True)).all():
        lasted = now() - (connection.problem_at or now())
        wait = min(PROBE_AT_LAST, max(PROBE_AT_FIRST, lasted / 4))
        if connection.checked_at is None or now() - connection.checked_at >= wait:
            service.request_check(connection.id)


def rotate_key(connection_id: uuid.UUID) -> None:
    """Replace the signing key. Raises SmartRecruitersError."""
    connection = queries.get(connection_id)
    if connection is not None and connection.state in service.WORKING:
        subscription.rotate_key(client_for(connection).with_timeouts(CHECK_TIMEOUT), connection)


def forget(connection_id: uuid.UUID) -> None:
    """After disconnecting: delete the subscription, then the credential and the keys.

    Raises SmartRecruitersError(retryable).
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
    wipe(connection_id)


def wipe(connection_id: uuid.UUID, _reason: str = "") -> None:
    """Forget the credential of a disconnected connection, and one that was tried in vain."""
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
        session.execute(
            WebhookKey.__table__.delete().where(WebhookKey.connection_id == connection_id)
        )


def _problem(connection: Connection) -> str:
    client = client_for(connection).with_timeouts(CHECK_TIMEOUT)
    client.check_token()
    missing = checks.missing(_scopes(client, connection))
    if not missing:
        subscription.repair(client, connection)
        return ""
    if subscription.WEBHOOK_SCOPE not in missing:  # what can still be done goes on
        try:
            subscription.repair(client, connection)
        except SmartRecruitersError as error:
            # It must not keep us from telling what a person can mend.
            log.warning("subscription: %s", error, extra={"connection": connection.id})
    return checks.missing_sentence(missing)


def _scopes(client: SmartRecruiters, connection: Connection) -> list[dict]:
    """What was told of each scope, asked anew where that is long ago or where nothing was told."""
    known = {row["scope"]: row for row in connection.scopes}
    lately = connection.checked_at and now() - connection.checked_at < SCOPES_COUNT
    fresh = lately and connection.state is ConnectionState.ACTIVE
    asked = [scope for scope in SCOPES if not fresh or not _told(known.get(scope.value))]
    if not asked:
        return connection.scopes
    found = {scope.value: checks.as_row(checks.prove_scope(client, scope)) for scope in asked}
    # An answer that tells nothing leaves standing what another one told.
    new = {name: row for name, row in found.items() if _told(row) or not _told(known.get(name))}
    with transaction():
        row = queries.for_update(connection.id)
        row.scopes = [(known | new)[scope.value] for scope in SCOPES]
        if not fresh:
            row.checked_at = now()
    return row.scopes


def _told(row: dict | None) -> bool:
    return row is not None and row["outcome"] != "unproved"


def _note_checked(connection_id: uuid.UUID) -> None:
    with transaction():
        queries.for_update(connection_id).checked_at = now()
