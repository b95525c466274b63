"""Open and close a connection's problem, and request checks of its health."""

import logging
import uuid
from datetime import timedelta

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import alerts, queries
from eqsr.connections.models import ConnectionState
from eqsr.connections.queries import WORKING
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.outbox import probing, retries
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.errors.access import CredentialsRefused, NoAccess

log = logging.getLogger(__name__)

# A refused call does not make us check the scopes again if they were checked this recently.
SCOPES_FRESH = timedelta(seconds=20)


def report(connection_id: uuid.UUID, error: Exception) -> None:
    """Report an error that work met and that concerns the whole connection (``error.fault``).

    Refused credentials open a problem at once; anything else requests a health check. A connection
    known not to work is not checked again for each error: ``health.probe_due`` does that.
    """
    if isinstance(error, CredentialsRefused):
        open_problem(connection_id, error.sentence)
    elif not is_inactive(connection_id):
        connection = queries.get(connection_id)
        checked = connection.checked_at if connection else None
        lately = checked is not None and now() - checked < SCOPES_FRESH
        request_check(connection_id, thorough=_may_be_a_scope(error) and not lately)


def is_inactive(connection_id: uuid.UUID) -> bool:
    """Is this connection known not to work at present?"""
    connection = queries.get(connection_id)
    return connection is not None and connection.state is not ConnectionState.ACTIVE


def _may_be_a_scope(error: Exception) -> bool:
    """May a missing scope have caused this refusal? Only checking the scopes can tell.

    Denied access to a single candidate or job has its own code (SmartRecruiters' OpenAPI, status
    history).
    """
    if not isinstance(error, NoAccess) or error.status != 403:
        return False
    return not any(code.startswith("NO_ACCESS_TO_") for code in error.codes)


def open_problem(connection_id: uuid.UUID, sentence: str, *, tell: bool = True) -> None:
    """Record that the connection does not work; ``sentence`` says why and what to do.

    ``tell``: email the admins about a new problem, because they can fix it.
    """
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        is_new = connection.problem != sentence
        if is_new:
            activity.log(
                ActivityKind.CONNECTION_TROUBLE,
                connection.organisation_id,
                connection_id=connection.id,
                reason=sentence,
            )
            connection.problem_at = now()
        connection.problem = sentence
        connection.state = ConnectionState.NEEDS_ATTENTION
        if is_new and tell:
            alerts.queue(connection)
    log.warning("connection needs attention: %s", sentence, extra={"connection": connection_id})


def close_problem(connection_id: uuid.UUID) -> None:
    """Record that the connection works, and make the work that waited for it due."""
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        if connection.state is ConnectionState.NEEDS_ATTENTION:
            activity.log(
                ActivityKind.CONNECTION_RECOVERED,
                connection.organisation_id,
                connection_id=connection.id,
            )
        connection.state = ConnectionState.ACTIVE
        connection.problem = connection.problem_at = None
        retries.unpark(connection.id)


def request_check(connection_id: uuid.UUID, *, thorough: bool = False) -> None:
    """Have the worker check the connection. ``thorough``: check every scope again, and at once."""
    with transaction():
        connection = queries.for_update(connection_id)
        if thorough:
            connection.checked_at = None
            probing.probe_now(connection_id)
        outbox.enqueue(WorkKind.CHECK_HEALTH, connection.id, connection_id=connection.id, once=True)
