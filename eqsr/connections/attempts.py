"""Start, repeat and abandon attempts to connect."""

import secrets
import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import Organisation
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import progress, queries
from eqsr.connections.credential_changes import SYSTEM, By
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.core.messages import N_, UserError
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind

# A credential that did not connect is kept this long, so that it can be tried again.
TRIAL_KEPT = timedelta(days=14)
TRIAL_FORGOTTEN = N_(
    "This credential did not connect within 14 days, so it was deleted. Enter it again to go on."
)


class ConnectedMeanwhile(Exception):
    """The run that the caller wanted to repeat has connected meanwhile."""


def begin(
    organisation_id: uuid.UUID,
    client_id: str,
    client_secret: str,
    alert_address: str | None = None,
    by: By = SYSTEM,
    unless_connected_by: int | None = None,
) -> Connection:
    """Have the worker try this credential (see ``connecting``); return the connection.

    An earlier credential stays in use until the new one has passed. SmartRecruiters writes to
    ``alert_address`` about events that it can't deliver. Raises ConnectedMeanwhile if the run
    ``unless_connected_by`` has connected: the caller may only repeat a failed run of its own.
    """
    with transaction() as session:
        # Two forms sent at once must not insert two rows. The lock is weak, because a holder of the
        # connection's row may insert activity rows, which refer to the organisation.
        session.scalar(
            select(Organisation.id)
            .where(Organisation.id == organisation_id)
            .with_for_update(key_share=True)
        )
        connection = queries.of(organisation_id)
        if connection is not None:
            connection = queries.for_update(connection.id)
            if connection.run == unless_connected_by and progress.connected(connection):
                raise ConnectedMeanwhile
        else:
            connection = Connection(
                organisation_id=organisation_id, key=secrets.token_urlsafe(32), run=0
            )
            session.add(connection)
            session.flush()
        connection.encrypted_pending_client_id = vault.encrypt(client_id)
        connection.encrypted_pending_secret = vault.encrypt(client_secret)
        connection.alert_address = alert_address or connection.alert_address
        connection.begun_by, connection.begun_by_id = by.name, by.user_id
        connection.begun_from = by.address
        _start_run(connection)
        activity.log(ActivityKind.CONNECTION_BEGUN, organisation_id, connection_id=connection.id)
    return connection


def try_again(connection_id: uuid.UUID) -> int:
    """Start another run with the latest credential, unless it has connected; return the run.

    Raises UserError if there is no credential.
    """
    with transaction():
        connection = queries.for_update(connection_id)
        if progress.connected(connection):
            return connection.run
        # A disconnected connection's own credential is about to be deleted.
        has_own = (
            connection.encrypted_client_secret is not None
            and connection.state is not ConnectionState.DISCONNECTED
        )
        if not connection.encrypted_pending_secret and not has_own:
            raise UserError("Enter the Client ID and the Client Secret first.")
        _start_run(connection)
        return connection.run


def abandon(connection_id: uuid.UUID, run: int | None, sentence: str) -> None:
    """End this run unless it has connected, and delete the credential that it tries."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.run != run or progress.connected(connection):
            return
        progress.stop(connection, sentence)  # a worker taking its steps notices
        connection.run_until = None
        delete_pending(connection)


def forget_stale() -> int:
    """End trials that nobody went on with for TRIAL_KEPT, and delete their credentials.

    Returns how many. A credential that is in use is not touched.
    """
    stale = select(Connection.id, Connection.run).where(
        Connection.encrypted_pending_secret.is_not(None), Connection.steps_at < now() - TRIAL_KEPT
    )
    found = db.session.execute(stale).all()
    for connection_id, run in found:
        abandon(connection_id, run, TRIAL_FORGOTTEN)
    return len(found)


def delete_pending(connection: Connection) -> None:
    """Delete the credential being tried, and the company it showed, from a locked connection."""
    connection.encrypted_pending_client_id = connection.encrypted_pending_secret = None
    connection.pending_company_name = connection.pending_company_identifier = None


def _start_run(connection: Connection) -> None:
    """Begin the next run of a locked connection."""
    connection.run += 1
    connection.run_until = None
    connection.pending_company_name = connection.pending_company_identifier = None
    connection.steps = progress.initial_steps()
    connection.steps_at = now()
    outbox.enqueue(WorkKind.CONNECT, connection.id, connection_id=connection.id, once=True)
