"""Where SmartRecruiters reports: handshake and events."""

import logging

from flask import Blueprint, abort, request
from prometheus_client import Counter

from eqsr.access import by_signature
from eqsr.clock import now
from eqsr.connections.reception import Reception, reception
from eqsr.extensions import csrf, limiter
from eqsr.smartrecruiters.events import HANDSHAKE_HEADER, UnreadableEvent, handshake_secret
from eqsr.smartrecruiters.signature import SignatureProblem, verify
from eqsr.webhooks import service

log = logging.getLogger(__name__)

blueprint = Blueprint("webhooks", __name__)
csrf.exempt(blueprint)
limiter.exempt(blueprint)

RECEIVED = Counter("eqsr_webhooks_total", "Deliveries by what became of them.", ["outcome"])


@blueprint.post("/webhooks/smartrecruiters/<key>")
@by_signature
def receive(key: str):
    """200 for the handshake, 202 for an event that is stored (or was), 401 for a bad signature,
    404 for an unknown connection, 400 for what no event is.

    SmartRecruiters takes only 202 for success, within 5 seconds (docs: receiving webhook
    notifications), so nothing but the inbox row is written here.
    """
    sender = reception(key)
    if sender is None:
        RECEIVED.labels("unknown").inc()
        abort(404)
    secret = handshake_secret(request.headers)
    if secret is not None:
        RECEIVED.labels("handshake").inc()
        log.info("handshake answered", extra={"connection": sender.connection_id})
        return "", 200, {HANDSHAKE_HEADER: secret}
    body = request.get_data(cache=False)
    try:
        _verify(key, sender, body)
        fresh = service.store(sender.connection_id, request.headers, body)
    except SignatureProblem as problem:
        RECEIVED.labels("bad_signature").inc()
        log.warning("signature refused: %s", problem, extra={"connection": sender.connection_id})
        return "", 401
    except UnreadableEvent as problem:
        RECEIVED.labels("unreadable").inc()
        log.warning("unreadable event: %s", problem, extra={"connection": sender.connection_id})
        return "", 400
    RECEIVED.labels("stored" if fresh else "repeated").inc()
    return "", 202


def _verify(key: str, sender: Reception, body: bytes) -> None:
    """Raises SignatureProblem. A key that was made this moment is asked for before refusing."""
    try:
        verify(sender.keys, request.headers, body, now())
    except SignatureProblem as problem:
        if problem.reason not in ("mismatch", "no_secret"):
            raise
        latest = reception(key, afresh=True)
        verify(latest.keys if latest else (), request.headers, body, now())
