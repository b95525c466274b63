"""Store signing keys encrypted, read those that are valid, let others expire."""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update

from eqsr.connections.models import Connection, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.encryption import DecryptionError
from eqsr.core.extensions import vault

log = logging.getLogger(__name__)

# SmartRecruiters goes on signing with a replaced key for 24 hours (docs, webhooks).
KEY_OVERLAP = timedelta(hours=24)


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


def holds_key(connection_id: uuid.UUID, subscription_id: str) -> bool:
    """Do we hold a current key of this subscription that we can decrypt?"""
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


def store_key(connection_id: uuid.UUID, subscription_id: str, key: str) -> None:
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
