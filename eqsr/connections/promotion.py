"""The last step of connecting: a tried credential replaces the connection's own."""

import logging
from typing import Any

from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes, credential_steps, progress, subscription
from eqsr.connections.clients import client_for_cleanup
from eqsr.connections.credential_changes import By
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.clock import now
from eqsr.core.encryption import DecryptionError
from eqsr.outbox import retries
from eqsr.outbox import service as outbox
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.types.webhooks import Subscription

log = logging.getLogger(__name__)

# Seconds per call.
CLEANUP_TIMEOUT = 8.0


def drop_old_subscription(connection: Connection, current: Subscription) -> None:
    """Delete the old credential's subscription, which the new credential may not see."""
    old_id = connection.subscription_id
    if not old_id or old_id == current.ats_id or not connection.encrypted_client_secret:
        return
    try:
        old = client_for_cleanup(connection).with_timeouts(CLEANUP_TIMEOUT)
        old.delete_subscription(old_id)
    except (SmartRecruitersError, DecryptionError) as error:
        # Harmless: it went with its credential, or its events are dropped as duplicates.
        log.warning("old subscription left: %s", error, extra={"connection": connection.id})


def promote(connection: Connection, current: Subscription) -> None:
    """Make the tried credential the connection's own; unpark work, start mirroring jobs."""
    first = connection.connected_at is None or not connection.encrypted_client_secret
    pending = credential_steps.pending_credential(connection)
    if pending:
        connection.client_id = pending[0]
        connection.encrypted_client_secret = connection.encrypted_pending_secret
        connection.encrypted_pending_client_id = connection.encrypted_pending_secret = None
        _promote_company(connection)
        by = By(connection.begun_by or "", connection.begun_by_id, connection.begun_from or "")
        action = AuditAction.CREDENTIAL_CONNECTED if first else AuditAction.CREDENTIAL_REPLACED
        credential_changes.record(action, connection, by, client_id=connection.client_id)
    subscription.record_active(connection, current.ats_id)
    connection.scopes = _scopes(connection)
    connection.checked_at = connection.connected_at = now()
    connection.state = ConnectionState.ACTIVE
    connection.problem = connection.problem_at = None
    ours, company = connection.organisation_id, connection.company_name
    company = company or connection.organisation.name
    activity.log(ActivityKind.CONNECTION_MADE, ours, connection_id=connection.id, company=company)
    activity.log(ActivityKind.SUBSCRIPTION_MADE, ours, connection_id=connection.id)
    retries.unpark(connection.id)
    outbox.enqueue(WorkKind.MIRROR_JOBS, connection.id, connection_id=connection.id, once=True)


def _promote_company(connection: Connection) -> None:
    """Store the company that this run saw, if any, as the connection's."""
    if connection.pending_company_name or connection.pending_company_identifier:
        connection.company_name = connection.pending_company_name
        connection.company_identifier = connection.pending_company_identifier
    connection.pending_company_name = connection.pending_company_identifier = None


def _scopes(connection: Connection) -> list[dict[str, Any]]:
    """The run's scope checks, as Connection.scopes holds them."""
    return [
        {
            "scope": step["name"].removeprefix(progress.SCOPE_STEP),
            "outcome": step["outcome"],
            "sentence": step["sentence"],
        }
        for step in connection.steps
        if step["name"].startswith(progress.SCOPE_STEP)
    ]
