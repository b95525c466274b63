"""Make the keys that sign SmartRecruiters' events, and replace them."""

from eqsr.activity import history as activity_history
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes
from eqsr.connections.models import Connection
from eqsr.connections.stored_keys import holds_key, store_key
from eqsr.core.db import transaction
from eqsr.smartrecruiters.client import SmartRecruiters


def ensure_signing_key(
    client: SmartRecruiters, connection: Connection, subscription_id: str
) -> bool:
    """Make a key that signs the subscription's events, unless we hold one that we can decrypt.

    Call it before the subscription is activated, when events start to arrive. True if a new key
    was made.
    """
    if holds_key(connection.id, subscription_id):
        return False
    store_key(connection.id, subscription_id, client.create_secret_key(subscription_id))
    return True


def rotate_key(client: SmartRecruiters, connection: Connection) -> None:
    """Replace the signing key; the old one stays valid for KEY_OVERLAP.

    The audit entry names the person who asked for it, if one did. Raises SmartRecruitersError.
    """
    if connection.subscription_id is None:
        return
    store_key(
        connection.id,
        connection.subscription_id,
        client.create_secret_key(connection.subscription_id),
    )
    request = activity_history.latest_audited(AuditAction.SIGNING_KEY_ASKED, connection.id)
    by = credential_changes.SYSTEM
    if request is not None:
        by = credential_changes.By(request.facts.get("by", ""), request.user_id, request.address)
    with transaction():
        activity.log(
            ActivityKind.KEY_REPLACED, connection.organisation_id, connection_id=connection.id
        )
        credential_changes.record(AuditAction.SIGNING_KEY_REPLACED, connection, by)
