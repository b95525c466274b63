"""The signed API for other assessment platforms. What it takes and gives: openapi.json."""

import json
import logging
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from eqsr.core.clock import now
from eqsr.core.encryption import DecryptionError
from eqsr.core.extensions import csrf, limiter, settings, vault
from eqsr.core.messages import UserError
from eqsr.core.tokens import new_token
from eqsr.extras.partner_api import body, events, scale_fields, service, signing
from eqsr.extras.partner_api.signing import SIGNATURE_HEADER, TIMESTAMP_HEADER, BadSignature
from eqsr.extras.partners import keys
from eqsr.extras.partners.models import Platform, PlatformKey
from eqsr.invitations import links
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.web.access import by_signature, public
from eqsr.web.error_pages import problem

log = logging.getLogger(__name__)

blueprint = Blueprint("elsewhere", __name__, url_prefix="/api/elsewhere/v1")
csrf.exempt(blueprint)

LARGEST_BODY = 256 * 1024
DESCRIPTION = Path(__file__).with_name("openapi.json")
# Compared against for an unknown key, so that both answers take the same time.
NOBODY = new_token()


@blueprint.get("/openapi.json")
@public
def openapi() -> ResponseReturnValue:
    """The description, with this installation's address."""
    found = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    found["servers"] = [{"url": settings.public_url}]
    return jsonify(found)


def signed(view: Callable) -> Callable:
    """Call the view with the platform that signed the request; the body is read only after that."""

    @by_signature
    @limiter.limit("1200 per minute")
    @wraps(view)
    def guarded(key: str, **kwargs: Any) -> ResponseReturnValue:
        request.max_content_length = LARGEST_BODY
        raw = request.get_data(cache=True)
        try:
            platform = _signer(key, raw)
        except BadSignature as refused:
            log.warning("signature refused: %s", refused)
            return problem(401, "The signature does not fit, or is too old.")
        try:
            return view(platform, **kwargs)
        except UserError as refused:
            return problem(refused.status, refused.sentence)

    return guarded


@blueprint.get("/<key>/invitations")
@signed
def invitations(platform: Platform) -> ResponseReturnValue:
    """List the invitations after ``after``, page by page: those in ``state``, or still open."""
    states: tuple[InvitationState, ...] = service.UNDECIDED
    after = None
    if "state" in request.args:
        if request.args["state"] not in list(InvitationState):
            return problem(422, "state is not one of those that invitations have.")
        states = (InvitationState(request.args["state"]),)
    if "after" in request.args:
        after = body.as_uuid(request.args["after"])
        if after is None:
            return problem(422, "after must be what an earlier answer said.")
    listed = service.invitations_for(platform, states, after)
    return jsonify(
        invitations=[_shown(one) for one in listed.invitations],
        after=listed.after and str(listed.after),
    )


@blueprint.get("/<key>/invitations/<uuid:invitation_id>")
@signed
def invitation(platform: Platform, invitation_id: UUID) -> ResponseReturnValue:
    """Describe one invitation."""
    return jsonify(_shown(service.invitation_for(platform, invitation_id)))


@blueprint.post("/<key>/invitations/<uuid:invitation_id>/events")
@signed
def take(platform: Platform, invitation_id: UUID) -> ResponseReturnValue:
    """Take an event: 400 if it is not JSON, 422 if it does not match openapi.json."""
    raw = request.get_data()
    try:
        event = body.read(raw)
    except body.NotJson:
        return problem(400, "The body is not JSON in UTF-8.")
    except scale_fields.InvalidBody as invalid:
        return problem(422, f"{invalid}.")
    return jsonify(_shown(events.apply_event(platform, invitation_id, event, raw)))


def _signer(key: str, raw: bytes) -> Platform:
    """The platform whose key signed the request. Raises BadSignature."""
    found = keys.working_key(key) if len(key) <= 60 and key.isascii() else None
    query = request.query_string.decode("latin-1")
    signing.check(
        _secret(found),
        request.headers.get(TIMESTAMP_HEADER, ""),
        request.headers.get(SIGNATURE_HEADER, ""),
        request.method,
        request.path + (f"?{query}" if query else ""),
        raw,
        now(),
    )
    if found is None:
        raise BadSignature("unknown key")
    keys.record_use(found)
    return found.platform


def _secret(found: PlatformKey | None) -> str:
    try:
        return vault.decrypt(found.encrypted_secret) if found else NOBODY
    except DecryptionError:
        raise BadSignature("the secret can't be read with our keys") from None


def _shown(one: Invitation) -> dict:
    candidate = one.application.candidate
    return {
        "id": str(one.id),
        "state": one.state.value,
        "job": one.job.title,
        "first_name": "" if one.erased else candidate.first_name,
        "last_name": "" if one.erased else candidate.last_name,
        "email": one.email,
        "expires_at": one.expires_at.isoformat(),
        "link": links.take_url(one),
    }
