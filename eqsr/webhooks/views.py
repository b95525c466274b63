"""The webhook address: answers the handshake and receives events."""

import logging

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from eqsr.connections.webhook_keys import endpoint
from eqsr.core.extensions import csrf, limiter
from eqsr.smartrecruiters.events import HANDSHAKE_HEADER, UnreadableEvent, handshake_secret
from eqsr.smartrecruiters.signature import SignatureProblem
from eqsr.web.access import by_signature
from eqsr.webhooks import service
from eqsr.webhooks.metrics import RECEIVED, REPEATED, STORED

log = logging.getLogger(__name__)

blueprint = Blueprint("webhooks", __name__)
csrf.exempt(blueprint)
limiter.exempt(blueprint)


@blueprint.post("/webhooks/smartrecruiters/<key>")
@by_signature
def receive(key: str) -> ResponseReturnValue:
    """Answer the handshake with 200, an event with 202 once it is stored (a repeated one too).

    401 for a bad signature, 404 for an unknown connection, 400 for an unreadable event.
    SmartRecruiters counts only a 202 within 5 seconds as success (docs: receiving webhook
    notifications), so only the inbox row is written here. A valid event arrives here only if the
    fast path (webhooks.fast_path) could not store it.
    """
    sender = endpoint(key)
    if sender is None:
        RECEIVED.labels("unknown").inc()
        abort(404)
    facts = {"connection": sender.connection_id}
    secret = handshake_secret(dict(request.headers))
    if secret is not None:
        RECEIVED.labels("handshake").inc()
        log.info("handshake answered", extra=facts)
        return "", 200, {HANDSHAKE_HEADER: secret}
    body = request.get_data(cache=False)
    try:
        fresh = service.receive(key, dict(request.headers), body)
    except SignatureProblem as problem:
        RECEIVED.labels("bad_signature").inc()
        log.warning("signature refused: %s", problem, extra=facts)
        return "", 401
    except UnreadableEvent as problem:
        RECEIVED.labels("unreadable").inc()
        log.warning("unreadable event: %s", problem, extra=facts)
        return "", 400
    (STORED if fresh else REPEATED).inc()
    return "", 202
