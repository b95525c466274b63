"""Delete what is left of a disconnected connection, here and in SmartRecruiters."""

import logging
import uuid

from sqlalchemy import delete

from eqsr.activity.actions import AuditAction
from eqsr.connections import credential_changes, progress, queries
from eqsr.connections.clients import client_for_cleanup
from eqsr.connections.health import CHECK_TIMEOUT
from eqsr.connections.models import ConnectionState, WebhookKey
from eqsr.core.db import transaction
from eqsr.core.encryption import DecryptionError
from eqsr.smartrecruiters.errors.base import SmartRecruitersError

log = logging.getLogger(__name__)


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
            credential_changes.record(AuditAction.CREDENTIAL_FORGOTTEN, connection)
        connection.client_id = connection.encrypted_client_secret = None
        if not progress.running(connection):
            connection.encrypted_pending_client_id = None
            connection.encrypted_pending_secret = None
        connection.subscription_id = connection.subscription_state = None
        session.execute(delete(WebhookKey).where(WebhookKey.connection_id == connection_id))
