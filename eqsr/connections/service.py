"""A customer's SmartRecruiters account, as the other rooms see it."""

import uuid

from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes, progress, queries
from eqsr.connections.attempts import ConnectedMeanwhile, abandon, begin, delete_pending, try_again
from eqsr.connections.mirror_outcome import mirrored, not_mirrored
from eqsr.connections.mirror_requests import (
    mirror_is_older_than,
    request_everything,
    request_mirror,
    request_refresh,
)
from eqsr.connections.models import ConnectionState
from eqsr.connections.problems import (
    close_problem,
    is_inactive,
    open_problem,
    report,
    request_check,
)
from eqsr.connections.queries import WORKING, by_key, get, of, of_each, working_ids
from eqsr.connections.stored_keys import live_keys
from eqsr.core.db import transaction
from eqsr.core.messages import N_
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind

__all__ = [
    "WORKING",
    "ConnectedMeanwhile",
    "abandon",
    "begin",
    "by_key",
    "close_problem",
    "disconnect",
    "get",
    "is_inactive",
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

DISCONNECTED_MEANWHILE = N_(
    "Somebody disconnected SmartRecruiters meanwhile. To connect it all the same, enter the "
    "credential again."
)


def request_key(
    connection_id: uuid.UUID, by: credential_changes.By = credential_changes.SYSTEM
) -> None:
    """Have the worker replace the key that signs events; audit who asked for it."""
    with transaction():
        organisation_id = queries.for_update(connection_id).organisation_id
        activity.audit(
            AuditAction.SIGNING_KEY_ASKED,
            organisation_id,
            by.user_id,
            connection_id,
            by.address,
            by=by.name,
        )
        outbox.enqueue(WorkKind.ROTATE_KEY, connection_id, connection_id=connection_id, once=True)


def disconnect(
    connection_id: uuid.UUID, user_id: uuid.UUID | None, user_name: str, address: str = ""
) -> None:
    """Disconnect: nobody is invited any more, all history stays.

    A credential being tried is deleted at once. The worker then deletes the subscription and the
    connection's own credential.
    """
    with transaction():
        connection = queries.for_update(connection_id)
        if connection.state not in WORKING:
            return
        connection.state = ConnectionState.DISCONNECTED
        connection.problem = connection.problem_at = None
        delete_pending(connection)
        if progress.stop(connection, DISCONNECTED_MEANWHILE):  # a worker notices
            connection.run_until = None
        organisation_id = connection.organisation_id
        activity.log(
            ActivityKind.CONNECTION_ENDED,
            organisation_id,
            connection_id=connection.id,
            user=user_name,
        )
        by = credential_changes.By(user_name, user_id, address)
        credential_changes.record(AuditAction.DISCONNECTED, connection, by)
        outbox.enqueue(WorkKind.DISCONNECT, connection.id, connection_id=connection.id, once=True)
