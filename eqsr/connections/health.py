"""Does a connection still work? Problems open and close themselves here."""

import logging
import uuid
from datetime import timedelta

from eqsr.clock import now
from eqsr.connections import checks, progress, rows, service, subscription
from eqsr.connections.clients import client_for, client_to_clear_up
from eqsr.connections.connecting import LOST_KEY
from eqsr.connections.models import Connection, ConnectionState, WebhookKey
from eqsr.db import transaction
from eqsr.outbox.handlers import PutBack
from eqsr.plain import N_
from eqsr.security import LostKey
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import HandshakeFailed, SmartRecruitersError

log = logging.getLogger(__name__)

PATIENCE = 30.0
# How long an all-scopes check counts; token and subscription are looked at every time.
SCOPES_COUNT = timedelta(hours=6)

AWAY = N_(
    "SmartRecruiters does not answer us. Nothing is lost: we go on trying, and do what is due as "
    "soon as it answers."
)


def check_health(connection_id: uuid.UUID) -> None:
    """Check token, scopes and subscription; bring the subscription back if need be.

    Raises SmartRecruitersError(retryable) when SmartRecruiters does not answer, and PutBack while
    other credentials are being tried.
    """
    connection = rows.get(connection_id)
    if connection is None or connection.state not in service.WORKING:
        return
    if connection.run_until and connection.run_until > now():
        raise PutBack(10, "other credentials are being tried")
    try:
        problem = _problem(connection)
    except LostKey:
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


def gave_up(connection_id: uuid.UUID, sentence: str) -> None:
    """SmartRecruiters did not answer for a while, or got no answer from us."""
    unreachable = sentence == HandshakeFailed.sentence
    service.open_problem(connection_id, sentence if unreachable else AWAY)
    _note_checked(connection_id)


def rotate_key(connection_id: uuid.UUID) -> None:
    """Replace the signing key. Raises SmartRecruitersError."""
    connection = rows.get(connection_id)
    if connection is not None and connection.state in service.WORKING:
        subscription.rotate_key(client_for(connection).impatient(PATIENCE), connection)


def forget(connection_id: uuid.UUID) -> None:
    """After disconnecting: delete the subscription, then the credential and the keys.

    Raises SmartRecruitersError(retryable).
    """
    connection = rows.get(connection_id)
    if connection is None or connection.state is not ConnectionState.DISCONNECTED:
        return
    if connection.subscription_id and connection.locked_client_secret:
        try:
            client = client_to_clear_up(connection).impatient(PATIENCE)
            client.delete_subscription(connection.subscription_id)
        except (SmartRecruitersError, LostKey) as error:
            if getattr(error, "retryable", False):
                raise
            log.warning("subscription left: %s", error, extra={"connection": connection_id})
    wipe(connection_id)


def wipe(connection_id: uuid.UUID, _reason: str = "") -> None:
    """Forget the credential of a disconnected connection, and one that was tried in vain."""
    with transaction() as session:
        connection = rows.for_update(connection_id)
        if connection.state is not ConnectionState.DISCONNECTED:
            return
        connection.client_id = connection.locked_client_secret = None
        if not progress.running(connection):
            connection.candidate_client_id = connection.locked_candidate_secret = None
        connection.subscription_id = connection.subscription_state = None
        session.execute(
            WebhookKey.__table__.delete().where(WebhookKey.connection_id == connection_id)
        )


def _problem(connection: Connection) -> str:
    client = client_for(connection).impatient(PATIENCE)
    client.check_token()
    missing = checks.missing(_scopes(client, connection))
    if subscription.SCOPE not in missing:  # what can still be done goes on
        subscription.tend(client, connection)
    return checks.missing_sentence(missing) if missing else ""


def _scopes(client: SmartRecruiters, connection: Connection) -> list[dict]:
    fresh = connection.checked_at and now() - connection.checked_at < SCOPES_COUNT
    if fresh and connection.state is ConnectionState.ACTIVE:
        return connection.scopes
    found = [checks.as_row(check) for check in checks.scopes(client)]
    with transaction():
        row = rows.for_update(connection.id)
        row.scopes = found
        row.checked_at = now()
    return found


def _note_checked(connection_id: uuid.UUID) -> None:
    with transaction():
        rows.for_update(connection_id).checked_at = now()
