"""Deliveries to a webhook address, and the events that were stored."""

import hashlib
import hmac
from datetime import UTC, datetime

import time_machine
from sqlalchemy import select

from eqsr.connections.models import WebhookKey
from eqsr.core.db import db
from eqsr.core.extensions import vault
from eqsr.webhooks.models import WebhookEvent
from tests.smartrecruiters.known_signatures import BODY, HEADERS, TIME, V1_BY_1

SIGNED = HEADERS | {"smartrecruiters-signature": V1_BY_1, "content-type": "application/json"}


def webhook_key(connection_id, secret, **times) -> WebhookKey:
    return WebhookKey(
        connection_id=connection_id,
        subscription_id="s",
        encrypted_key=vault.encrypt(secret),
        **times,
    )


def deliver(client, address, headers=SIGNED, body=BODY, at=TIME) -> int:
    """The status that a delivery at this time gets."""
    with time_machine.travel(datetime.fromtimestamp(at, UTC), tick=False):
        return client.post(address, headers=headers, data=body).status_code


def events(app) -> list[WebhookEvent]:
    with app.app_context():
        found = list(db.session.scalars(select(WebhookEvent)))
        db.session.remove()
        return found


def signed(body: bytes, event_id: str, secret: str, at: float) -> dict[str, str]:
    """Headers for another body and key, made by the documented rule."""
    facts = {**HEADERS, "event-id": event_id, "smartrecruiters-timestamp": str(int(at))}
    names = ("event-id", "event-name", "event-version", "link")
    parts = [str(int(at)).encode(), body, *(facts[name].encode() for name in names)]
    digest = hmac.new(secret.encode(), b".".join(parts), hashlib.sha256).hexdigest()
    return facts | {"smartrecruiters-signature": f"v1={digest}"}
