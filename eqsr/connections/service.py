"""A customer's SmartRecruiters account, as the other rooms see it."""

import logging
import secrets
import uuid
from datetime import timedelta

from sqlalchemy import func, select

from eqsr.accounts.models import Organisation
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import alerts, credential_changes, progress, queries
from eqsr.connections.mirror_requests import (
    mirror_is_older_than,
    request_everything,
    request_mirror,
    request_refresh,
)
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.connections.queries import WORKING, by_key, get, of, of_each, working_ids
from eqsr.connections.subscription import live_keys
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.extensions import vault
from eqsr.core.messages import N_, UserError, store_plural
from eqsr.outbox import breakers
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.errors import CredentialsRefused, NoAccess

log = logging.getLogger(__name__)

# A scope that was proved this lately is not proved again because a call was refused.
JUST_CHECKED = timedelta(seconds=20)


ENDED = N_(
    "Somebody disconnected SmartRecruiters meanwhile. To connect it all the same, enter the "
    "credential again."
)


class ConnectedMeanwhile(Exception):
    """The run that this credential was to follow has connected."""


def begin(
    organisation_id: uuid.UUID,
    client_id: str,
    client_secret: str,
    alert_address: str | None = None,
    by: credential_changes.By = credential_changes.NOBODY,
    unless_connected_by: int | None = None,
) -> Connection:
    """Try this credential (the worker does, see ``connecting``). An earlier one goes on working
    until the new one has proved itself. ``alert_address`` is told of events that don't arrive.

    Raises ConnectedMeanwhile when the run ``unless_connected_by`` has connected: the caller may
    only repeat a run of its own that failed.
    """
    with transaction() as session:
        # Two forms sent at once must not make two rows. A weak lock: who holds the connection's
        # row meanwhile may write into the ledger, which refers to the organisation.
        session.scalar(
            select(Organisation.id)
            .where(Organisation.id == organisation_id)
            .with_for_update(key_share=True)
        )
        connection = of(organisation_id)
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
        _log(ActivityKind.CONNECTION_BEGUN, connection)
    return connection


def try_again(connection_id: uuid.UUID) -> int:
    """Take the steps again with the credential entered last, unless they have been taken; the
    number of the run. Raises UserError without a credential."""
    with transaction():
        connection = queries.for_update(connection_id)
        if progress.connected(connection):
            return connection.run
        # A disconnected one's own is about to be forgotten.
        kept = connection.state is not ConnectionState.DISCONNECTED
        if not (
            connection.encrypted_pending_secret or (kept and connection.encrypted_client_secret)
        ):
            raise UserError("Enter the Client ID and the Client Secret first.")
        _start_run(connection)
        return connection.run


def abandon(connection_id: uuid.UUID, run: int | None, sentence: str) -> None:
    """End this run, if it is still under way, and forget the credential that it tries."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.run != run or progress.connected(connection):
            return
        progress.stop(connection, sentence)  # a worker that is at it notices
        connection.run_until = None
        _forget_candidate(connection)


def _forget_candidate(connection: Connection) -> None:
    connection.encrypted_pending_client_id = connection.encrypted_pending_secret = None
    connection.candidate_company_name = connection.candidate_company_identifier = None


def _start_run(connection: Connection) -> None:
    connection.run += 1
    connection.run_until = None
    connection.candidate_company_name = connection.candidate_company_identifier = None
    connection.steps = progress.initial_steps()
    connection.steps_at = now()
    outbox.enqueue(WorkKind.CONNECT, connection.id, connection_id=connection.id, once=True)


def mirrored(connection_id: uuid.UUID) -> None:
    """Jobs and stages were read; the first time, that is the last step of connecting."""
    with transaction() as session:
        connection = queries.for_update(connection_id)
        if not progress.connected(connection):
            return
        here = select(func.count()).where(
            AtsJob.connection_id == connection_id, AtsJob.gone_at.is_(None)
        )
        number = session.scalar(here)
        sentence = store_plural(
            "%(number)s job was read.", "%(number)s jobs were read.", number, number=number
        )
        progress.put(connection, progress.JOBS, progress.StepOutcome(progress.OK, sentence))


def not_mirrored(connection_id: uuid.UUID) -> None:
    """Reading jobs and stages was given up for now; the schedule tries again."""
    sentence = N_(
        "SmartRecruiters did not let us read all jobs yet. We'll keep trying automatically."
    )
    with transaction():
        connection = queries.for_update(connection_id)
        if progress.connected(connection):
            outcome = progress.StepOutcome(progress.WARNING, sentence)
            progress.put(connection, progress.JOBS, outcome)


def report(connection_id: uuid.UUID, error: Exception) -> None:
    """Somebody met trouble that is the connection's (``error.fault``): refused credentials are a
    problem at once, anything else is looked into by a check. What is known already is not looked
    into again for each piece of work that meets it: ``health.probe_due`` does that."""
    if isinstance(error, CredentialsRefused):
        open_problem(connection_id, error.sentence)
    elif not is_ailing(connection_id):
        connection = queries.get(connection_id)
        checked = connection.checked_at if connection else None
        lately = checked is not None and now() - checked < JUST_CHECKED
        request_check(connection_id, thorough=_may_be_a_scope(error) and not lately)


def is_ailing(connection_id: uuid.UUID) -> bool:
    """It is known not to work at present."""
    connection = queries.get(connection_id)
    return connection is not None and connection.state is not ConnectionState.ACTIVE


def _may_be_a_scope(error: Exception) -> bool:
    """Refused for want of a scope, perhaps: only the scopes' own check can tell. One candidate or
    job that is out of reach has a code of its own (SmartRecruiters' OpenAPI, status history)."""
    if not isinstance(error, NoAccess) or error.status != 403:
        return False
    return not any(code.startswith("NO_ACCESS_TO_") for code in error.codes)


def open_problem(connection_id: uuid.UUID, sentence: str, *, tell: bool = True) -> None:
    """The connection does not work; ``sentence`` says why and what to do. ``tell``: admins can
    mend it, so they are emailed, once."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        is_new = connection.problem != sentence
        if is_new:
            _log(ActivityKind.CONNECTION_TROUBLE, connection, reason=sentence)
            connection.problem_at = now()
        connection.problem = sentence
        connection.state = ConnectionState.NEEDS_ATTENTION
        if is_new and tell:
            alerts.queue(connection)
    log.warning("connection needs attention: %s", sentence, extra={"connection": connection_id})


def close_problem(connection_id: uuid.UUID) -> None:
    """The connection works: what waited for it is due now."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        if connection.state is ConnectionState.NEEDS_ATTENTION:
            _log(ActivityKind.CONNECTION_RECOVERED, connection)
        connection.state = ConnectionState.ACTIVE
        connection.problem = connection.problem_at = None
        outbox.unpark(connection.id)


def request_check(connection_id: uuid.UUID, *, thorough: bool = False) -> None:
    """Have the worker check it. ``thorough``: every scope again, now."""
    with transaction():
        connection = queries.for_update(connection_id)
        if thorough:
            connection.checked_at = None
            breakers.probe_now(connection_id)
        outbox.enqueue(WorkKind.CHECK_HEALTH, connection.id, connection_id=connection.id, once=True)


def request_key(
    connection_id: uuid.UUID, by: credential_changes.By = credential_changes.NOBODY
) -> None:
    """Have the worker replace the key that signs events."""
    with transaction():
        organisation_id = queries.for_update(connection_id).organisation_id
        name = {"by": by.name}
        activity.audit(
            credential_changes.KEY_ASKED,
            organisation_id,
            by.user_id,
            connection_id,
            by.address,
            **name,
        )
        outbox.enqueue(WorkKind.ROTATE_KEY, connection_id, connection_id=connection_id, once=True)


def disconnect(
    connection_id: uuid.UUID, user_id: uuid.UUID | None, user_name: str, address: str = ""
) -> None:
    """Nobody is invited any more; all history stays. Another credential that is being tried is
    forgotten at once; the worker then deletes the subscription and forgets the connection's own."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        connection.state = ConnectionState.DISCONNECTED
        connection.problem = connection.problem_at = None
        _forget_candidate(connection)
        if progress.stop(connection, ENDED):  # a worker that is at it notices
            connection.run_until = None
        _log(ActivityKind.CONNECTION_ENDED, connection, user=user_name)
        by = credential_changes.By(user_name, user_id, address)
        credential_changes.record(credential_changes.DISCONNECTED, connection, by)
        outbox.enqueue(WorkKind.DISCONNECT, connection.id, connection_id=connection.id, once=True)


def _log(kind: ActivityKind, connection: Connection, **facts: str) -> None:
    organisation_id = connection.organisation_id
    activity.log(kind, organisation_id, connection_id=connection.id, **facts)


__all__ = [
    "WORKING",
    "ConnectedMeanwhile",
    "abandon",
    "begin",
    "by_key",
    "close_problem",
    "disconnect",
    "get",
    "is_ailing",
    "live_keys",
    "mirror_is_older_than",
    "mirrored",
    "not_mirrored",
    "of",
    "of_each",
    "open_problem",
    "report",
    "request_check",
    "request_everything",
    "request_key",
    "request_mirror",
    "request_refresh",
    "try_again",
    "working_ids",
]
