"""Our webhook subscription at SmartRecruiters: made, signed, activated, looked after, deleted.

Every function may be called again after a crash: a subscription is recognised by our address, so
that there never is a second one for long.
"""

import logging
import uuid
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select, update

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes, queries
from eqsr.connections.models import Connection, WebhookKey
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.extensions import settings, vault
from eqsr.core.security import DecryptionError
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import RequestRefused
from eqsr.smartrecruiters.events import SUBSCRIBED_EVENTS
from eqsr.smartrecruiters.types import Subscription

log = logging.getLogger(__name__)

WEBHOOK_SCOPE = "webhooks_manage"

# SmartRecruiters docs, webhooks: a replaced key goes on signing for 24 hours.
KEY_OVERLAP = timedelta(hours=24)


def address(connection: Connection) -> str:
    """Where SmartRecruiters sends events to; its last part is unguessable."""
    return f"{settings.public_url}/webhooks/smartrecruiters/{connection.key}"


def ours(client: SmartRecruiters, connection: Connection) -> list[Subscription]:
    """Everything of this credential that sends to our address."""
    return [one for one in client.subscriptions() if one.callback_url == address(connection)]


def ensure(
    client: SmartRecruiters, connection: Connection, there: list[Subscription]
) -> Subscription:
    """The one of ``there`` that will do, or a new one, which is still inactive."""
    usable = [one for one in there if set(one.events) == set(SUBSCRIBED_EVENTS)]
    known = [one for one in usable if one.ats_id == connection.subscription_id]
    active = [one for one in usable if one.active]
    for one in (*known, *active, *usable):
        return one
    made = _made(client, connection)
    log.info("subscription made", extra={"connection": connection.id, "subscription": made.ats_id})
    return made


def _made(client: SmartRecruiters, connection: Connection) -> Subscription:
    """A new one. An address for alerts that SmartRecruiters does not take must not keep anybody
    from being connected."""
    where = address(connection)
    if connection.alert_address:
        try:
            return client.create_subscription(where, SUBSCRIBED_EVENTS, connection.alert_address)
        except RequestRefused as refusal:
            log.warning("trying without an address for alerts: %s", refusal)
    return client.create_subscription(where, SUBSCRIBED_EVENTS)


def ensure_signing_key(
    client: SmartRecruiters, connection: Connection, subscription_id: str
) -> bool:
    """Make sure that we hold a key that signs its events, and can read it. Call before
    ``activate``: from then on events arrive. True when a new key was made."""
    if _holds_key(connection.id, subscription_id):
        return False
    _keep_key(connection.id, subscription_id, client.create_secret_key(subscription_id))
    return True


def drop_others(client: SmartRecruiters, there: list[Subscription], kept_id: str) -> None:
    """Delete what else sends to our address, such as a forerunner with other events."""
    for one in there:
        if one.ats_id != kept_id:
            client.delete_subscription(one.ats_id)
            log.info("surplus subscription deleted", extra={"subscription": one.ats_id})


def repair(client: SmartRecruiters, connection: Connection) -> bool:
    """Bring a vanished or inactive subscription back; True when that was needed."""
    there = ours(client, connection)
    found = ensure(client, connection, there)
    restored = found.ats_id != connection.subscription_id or not found.active
    if ensure_signing_key(client, connection, found.ats_id):
        credential_changes.record_once_per_interval(credential_changes.KEY_RENEWED, connection)
    if not found.active:
        _note_inactive(connection.id)
        client.activate(found.ats_id)
    drop_others(client, there, found.ats_id)
    if restored:
        with transaction():
            fresh = queries.for_update(connection.id)
            record_active(fresh, found.ats_id)
            activity.log(
                ActivityKind.SUBSCRIPTION_RESTORED, fresh.organisation_id, connection_id=fresh.id
            )
    return restored


def _note_inactive(connection_id: uuid.UUID) -> None:
    """For the page to say, should it stay so."""
    with transaction():
        queries.for_update(connection_id).subscription_state = "inactive"


def record_active(connection: Connection, subscription_id: str) -> None:
    """It is active and ours (on a locked row); keys of forerunners run out."""
    connection.subscription_id = subscription_id
    connection.subscription_state = "active"
    db.session.execute(
        update(WebhookKey)
        .where(
            WebhookKey.connection_id == connection.id,
            WebhookKey.subscription_id != subscription_id,
            WebhookKey.expires_at.is_(None),
        )
        .values(expires_at=now() + KEY_OVERLAP)
    )


def rotate_key(client: SmartRecruiters, connection: Connection) -> None:
    """Sign with a new key; the old one is accepted for as long as SmartRecruiters uses it too."""
    if connection.subscription_id is None:
        return
    _keep_key(
        connection.id,
        connection.subscription_id,
        client.create_secret_key(connection.subscription_id),
    )
    asked = activity.latest_audited(credential_changes.KEY_ASKED, connection.id)
    by = credential_changes.NOBODY
    if asked is not None:
        by = credential_changes.By(asked.facts.get("by", ""), asked.user_id, asked.address)
    with transaction():
        activity.log(
            ActivityKind.KEY_REPLACED, connection.organisation_id, connection_id=connection.id
        )
        credential_changes.record(credential_changes.KEY_REPLACED, connection, by)


def live_keys(connection: Connection) -> list[str]:
    """The keys that may sign an event that arrives now, newest first; none that was encrypted with
    a key of ours that is gone."""
    query = (
        select(WebhookKey.encrypted_key)
        .where(WebhookKey.connection_id == connection.id)
        .where(WebhookKey.expires_at.is_(None) | (WebhookKey.expires_at > now()))
        .order_by(WebhookKey.created_at.desc())
    )
    return _readable(db.session.scalars(query))


def _holds_key(connection_id: uuid.UUID, subscription_id: str) -> bool:
    query = (
        select(WebhookKey.encrypted_key)
        .where(WebhookKey.connection_id == connection_id)
        .where(WebhookKey.subscription_id == subscription_id, WebhookKey.expires_at.is_(None))
    )
    return bool(_readable(db.session.scalars(query)))


def _readable(locked_keys: Iterable[str]) -> list[str]:
    found = []
    for locked in locked_keys:
        try:
            found.append(vault.decrypt(locked))
        except DecryptionError:
            log.warning("a signing key can't be read with our encryption keys")
    return found


def _keep_key(connection_id: uuid.UUID, subscription_id: str, key: str) -> None:
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
