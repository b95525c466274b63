"""Our webhook subscription in SmartRecruiters: create, activate, repair, delete surplus ones.

Every function may be repeated after a crash: a subscription is recognised by our address, so that
no second one stays for long.
"""

import logging
import uuid

from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.connections import credential_changes, queries, signing_keys, stored_keys
from eqsr.connections.models import Connection
from eqsr.core.db import transaction
from eqsr.core.extensions import settings
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.refusals import RequestRefused
from eqsr.smartrecruiters.events import SUBSCRIBED_EVENTS
from eqsr.smartrecruiters.types.webhooks import Subscription

log = logging.getLogger(__name__)

WEBHOOK_SCOPE = "webhooks_manage"


def address(connection: Connection) -> str:
    """Return our webhook address for this connection; its last part is unguessable."""
    return f"{settings.public_url}/webhooks/smartrecruiters/{connection.key}"


def ours(client: SmartRecruiters, connection: Connection) -> list[Subscription]:
    """Return this credential's subscriptions that send to our address."""
    return [one for one in client.subscriptions() if one.callback_url == address(connection)]


def ensure(
    client: SmartRecruiters, connection: Connection, there: list[Subscription]
) -> Subscription:
    """Return a usable subscription of ``there``, or create one, which is inactive at first."""
    usable = [one for one in there if set(one.events) == set(SUBSCRIBED_EVENTS)]
    known = [one for one in usable if one.ats_id == connection.subscription_id]
    active = [one for one in usable if one.active]
    for one in (*known, *active, *usable):
        return one
    created = _create(client, connection)
    facts = {"connection": connection.id, "subscription": created.ats_id}
    log.info("subscription made", extra=facts)
    return created


def _create(client: SmartRecruiters, connection: Connection) -> Subscription:
    """Create a subscription, without the alert address if SmartRecruiters refuses that."""
    where = address(connection)
    if connection.alert_address:
        try:
            return client.create_subscription(where, SUBSCRIBED_EVENTS, connection.alert_address)
        except RequestRefused as refusal:
            log.warning("trying without an address for alerts: %s", refusal)
    return client.create_subscription(where, SUBSCRIBED_EVENTS)


def drop_others(client: SmartRecruiters, there: list[Subscription], current_id: str) -> None:
    """Delete other subscriptions to our address, such as an older one with other events."""
    for one in there:
        if one.ats_id != current_id:
            client.delete_subscription(one.ats_id)
            log.info("surplus subscription deleted", extra={"subscription": one.ats_id})


def repair(client: SmartRecruiters, connection: Connection) -> bool:
    """Restore a missing or inactive subscription; True if that was needed."""
    there = ours(client, connection)
    found = ensure(client, connection, there)
    restored = found.ats_id != connection.subscription_id or not found.active
    if signing_keys.ensure_signing_key(client, connection, found.ats_id):
        credential_changes.record_once_per_interval(AuditAction.SIGNING_KEY_RENEWED, connection)
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
    """Store the state for the connection page, in case activation fails."""
    with transaction():
        queries.for_update(connection_id).subscription_state = "inactive"


def record_active(connection: Connection, subscription_id: str) -> None:
    """Store the active subscription on a locked connection; keys of earlier ones expire."""
    connection.subscription_id = subscription_id
    connection.subscription_state = "active"
    stored_keys.expire_others(connection.id, subscription_id)
