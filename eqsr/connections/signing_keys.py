"""The secret keys that sign SmartRecruiters' events: made, replaced, expired, read."""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes
from eqsr.connections.models import Connection, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import vault
from eqsr.core.security import DecryptionError
from eqsr.smartrecruiters.client import SmartRecruiters

log = logging.getLogger(__name__)

# SmartRecruiters goes on signing with a replaced key for 24 hours (docs, webhooks).
KEY_OVERLAP = timedelta(hours=24)


def ensure_signing_key(
    client: SmartRecruiters, connection: Connection, subscription_id: str
) -> bool:
    """Make a key that signs the subscription's events, unless we hold one that we can decrypt.

    Call it before the subscription is activated, when events start to arrive. True if a new key
    was made.
    """
    if _holds(connection.id, subscription_id):
        return False
    _store(connection.id, subscription_id, client.create_secret_key(subscription_id))
    return True


def rotate_key(client: SmartRecruiters, connection: Connection) -> None:
    """Replace the signing key; the old one stays valid for KEY_OVERLAP.

    The audit entry names the person who asked for it, if one did. Raises SmartRecruitersError.
    """
    if connection.subscription_id is None:
        return
    _store(
        connection.id,
        connection.subscription_id,
        client.create_secret_key(connection.subscription_id),
    )
    request = activity.latest_audited(credential_changes.KEY_ASKED, connection.id)
    by = credential_changes.SYSTEM
    if request is not None:
        by = credential_changes.By(request.facts.get("by", ""), request.user_id, request.address)
    with transaction():
        activity.log(
            ActivityKind.KEY_REPLACED, connection.organisation_id, connection_id=connection.id
        )
        credential_changes.record(credential_changes.KEY_REPLACED, connection, by)


def live_keys(connection: Connection) -> list[str]:
    """Return the keys that may sign an event arriving now, newest first.

    Skips keys that our encryption keys can no longer decrypt.
    """
    query = (
        select(WebhookKey.encrypted_key)
        .where(WebhookKey.connection_id == connection.id)
        .where(WebhookKey.expires_at.is_(None) | (WebhookKey.expires_at > now()))
        .order_by(WebhookKey.created_at.desc())
    )
    return _decrypted(db.session.scalars(query))


def expire_others(connection_id: uuid.UUID, subscription_id: str) -> None:
    """Let the keys of the connection's other subscriptions expire after KEY_OVERLAP."""
    db.session.execute(
        update(WebhookKey)
        .where(
            WebhookKey.connection_id == connection_id,
            WebhookKey.subscription_id != subscription_id,
            WebhookKey.expires_at.is_(None),
        )
        .values(expires_at=now() + KEY_OVERLAP)
    )


def _holds(connection_id: uuid.UUID, subscription_id: str) -> bool:
    query = (
        select(WebhookKey.encrypted_key)
        .where(WebhookKey.connection_id == connection_id)
        .where(WebhookKey.subscription_id == subscription_id, WebhookKey.expires_at.is_(None))
    )
    return bool(_decrypted(db.session.scalars(query)))


def _decrypted(encrypted_keys: Iterable[str]) -> list[str]:
    found = []
    for encrypted in encrypted_keys:
        try:
            found.append(vault.decrypt(encrypted))
        except DecryptionError:
            log.warning("a signing key can't be read with our encryption keys")
    return found


def _store(connection_id: uuid.UUID, subscription_id: str, key: str) -> None:
    """Store a new key; earlier keys of the subscription expire after KEY_OVERLAP."""
    with transaction() as session:
        session.execute(
            update(WebhookKey)
            .where(WebhookKey.connection_id == connection_id, WebhookKey.expires_at.is_(None))
            .where(WebhookKey.subscription_id == subscription_id)
            .values(expires_at=now() + KEY_OVERLAP)
        )
        session.add(
            WebhookKey(
                connection_id=connection_id,
                subscription_id=subscription_id,
                encrypted_key=vault.encrypt(key),
            )
        )
