"""``webhooks-api/v201907``: subscriptions, activation, secret keys and the callbacks log."""

import contextlib
import ipaddress
import re
import secrets
import uuid
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request

from .candidates_api import json_body
from .clock import iso
from .errors import ApiError
from .events import EVENT_NAMES
from .gate import Caller, documented, needs, world
from .paging import plain_array, read_moment
from .sending import handshake
from .state import SecretKey, Subscription

blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks-api/v201907/subscriptions")

READ = ("webhooks_manage", "webhooks_read")
WRITE = ("webhooks_manage", "webhooks_write")
DELETE = ("webhooks_manage", "webhooks_delete")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
MAX_SUBSCRIPTIONS = 20
MAX_SECRET_KEYS = 16
KEY_OVERLAP_SECONDS = 24 * 3600
CALLBACK_LOG_SECONDS = 30 * 24 * 3600


@blueprint.post("")
@needs(*WRITE)
def create(caller: Caller) -> tuple[Response, int]:
    """Create an inactive subscription; event names are strings here and objects in answers."""
    _need_administrator(caller)
    wish = json_body()
    if "callbackUrl" not in wish or not isinstance(wish.get("events"), list):
        raise ApiError(400, "INVALID_REQUEST_BODY", "callbackUrl and events are required.")
    _check_callback_url(wish["callbackUrl"])
    names = wish["events"]
    if not names or not all(isinstance(name, str) for name in names):
        raise ApiError(400, "INVALID_REQUEST_BODY", "events must name at least one event.")
    if len(set(names)) != len(names) or set(names) - EVENT_NAMES:
        raise ApiError(422, "INVALID_EVENT_NAME", "An event is unknown or named twice.")
    _check_alert_address(wish.get("alertingEmailAddress"))
    _check_authentication(wish.get("callbackAuthentication"))
    if len(_own(caller)) >= MAX_SUBSCRIPTIONS:
        message = f"At most {MAX_SUBSCRIPTIONS} subscriptions."
        raise ApiError(403, "SUBSCRIPTIONS_LIMIT_EXCEEDED", message)
    subscription = Subscription(
        id=str(uuid.uuid4()),
        company_id=caller.company.id,
        credential_id=caller.credential.id,
        callback_url=wish["callbackUrl"],
        events=list(names),
        created_on=world().clock.now(),
        alerting_email=wish.get("alertingEmailAddress"),
        authentication=wish.get("callbackAuthentication"),
    )
    caller.company.subscriptions[subscription.id] = subscription
    return jsonify(_shape(subscription)), 201


def _need_administrator(caller: Caller) -> None:
    if caller.credential.role != "Administrator":
        message = "The credential's role may not manage webhooks."
        raise ApiError(403, "NO_PERMISSION_TO_MANAGE_WEBHOOKS", message)


def _check_callback_url(url: Any) -> None:
    """Raise unless the URL is https; plain http is allowed on this machine only."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        parts, host = urlsplit(""), ""
    local = host == "localhost"
    with contextlib.suppress(ValueError):  # a host name, not an IP address
        local = local or ipaddress.ip_address(host).is_loopback
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ApiError(422, "INVALID_CALLBACK_URL", "callbackUrl must be an https address.")


def _check_alert_address(address: Any) -> None:
    if address is None or not documented():
        return
    if not isinstance(address, str) or not _ADDRESS.fullmatch(address):
        message = "alertingEmailAddress is not an email address."
        raise ApiError(400, "INVALID_ALERTING_EMAIL_ADDRESS", message)


def _check_authentication(wish: Any) -> None:
    if wish is None:
        return
    fields = {
        "basic": ("username", "password"),
        "header": ("headerName", "headerValue"),
        "oauth2": ("clientId", "clientSecret", "tokenServiceUrl"),
    }
    kind = wish.get("type") if isinstance(wish, dict) else None
    good = kind in fields and all(isinstance(wish.get(name), str) for name in fields[kind])
    if good and kind == "header":
        good = bool(re.match(r"^[Xx]-[A-Za-z0-9-]+$", wish["headerName"]))
    if not good:
        message = "callbackAuthentication is none of basic, header and oauth2."
        raise ApiError(400, "INVALID_CALLBACK_AUTHENTICATION", message)


def _own(caller: Caller) -> list[Subscription]:
    """Return the credential's subscriptions (the limit is per user or client)."""
    return [
        subscription
        for subscription in caller.company.subscriptions.values()
        if subscription.credential_id == caller.credential.id
    ]


def _one(caller: Caller, subscription_id: str) -> Subscription:
    found = next((each for each in _own(caller) if each.id == subscription_id), None)
    if found is None:
        raise ApiError(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription.")
    return found


def _shape(subscription: Subscription) -> dict[str, Any]:
    version = world().settings.event_version
    return {
        "id": subscription.id,
        "callbackUrl": subscription.callback_url,
        "events": [{"name": name, "version": version} for name in subscription.events],
        "status": subscription.status,
    }


@blueprint.get("")
@needs(*READ)
def list_all(caller: Caller) -> Response:
    """List the caller's subscriptions as a plain array."""
    return plain_array(_own(caller), lambda subscription: subscription.id, _shape)


@blueprint.get("/<subscription_id>")
@needs(*READ)
def read(caller: Caller, subscription_id: str) -> Response:
    """Return one subscription."""
    return jsonify(_shape(_one(caller, subscription_id)))


@blueprint.delete("/<subscription_id>")
@needs(*DELETE)
def delete(caller: Caller, subscription_id: str) -> tuple[str, int]:
    """Delete a subscription and drop its pending redeliveries."""
    subscription = _one(caller, subscription_id)
    subscription.status, subscription.deleted = "inactive", True
    del caller.company.subscriptions[subscription.id]
    return "", 204


@blueprint.put("/<subscription_id>/activation")
@needs(*WRITE, locked=False)
def activate(caller: Caller, subscription_id: str) -> tuple[str, int]:
    """Send the handshake during this call, and activate the subscription if it is answered."""
    with world().lock:
        subscription = _one(caller, subscription_id)
        if subscription.status == "active":
            raise ApiError(409, "SUBSCRIPTION_ALREADY_ACTIVE", "The subscription is active.")
    if not handshake(subscription.callback_url, world().settings.handshake_timeout_seconds):
        message = "The callback URL did not answer the handshake."
        raise ApiError(424, "HANDSHAKE_FAILED", message)
    with world().lock:
        if subscription.deleted:
            raise ApiError(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription.")
        subscription.status, subscription.suspended = "active", False
    return "", 204


@blueprint.post("/<subscription_id>/secret-key")
@needs(*WRITE)
def create_secret_key(caller: Caller, subscription_id: str) -> tuple[Response, int]:
    """Create a new key; earlier keys keep signing for 24 hours."""
    subscription, now = _one(caller, subscription_id), world().clock.now()
    live = subscription.live_keys(now)
    if len(live) >= MAX_SECRET_KEYS:
        message = f"At most {MAX_SECRET_KEYS} secret keys."
        raise ApiError(403, "SECRET_KEYS_LIMIT_EXCEEDED", message)
    for key in live:
        key.expires_on = key.expires_on or now + KEY_OVERLAP_SECONDS
    fresh = SecretKey(secrets.token_urlsafe(24), now)
    subscription.keys = [*live, fresh]
    return jsonify({"secretKey": fresh.value}), 201


@blueprint.get("/<subscription_id>/secret-key")
@needs(*READ)
def read_secret_key(caller: Caller, subscription_id: str) -> Response:
    """Return the latest key."""
    subscription = _one(caller, subscription_id)
    if not subscription.keys:
        raise ApiError(404, "SECRET_KEY_NOT_FOUND", "There is no secret key yet.")
    return jsonify({"secretKey": subscription.keys[-1].value})


@blueprint.get("/<subscription_id>/callbacks-log")
@needs(*READ)
def callbacks_log(caller: Caller, subscription_id: str) -> Response:
    """List the attempts of at most the last 30 days, newest first."""
    subscription = _one(caller, subscription_id)
    wanted = request.args.get("callbackStatus")
    if wanted not in (None, "successful", "failed"):
        raise ApiError(400, "INVALID_CALLBACK_STATUS", "callbackStatus has an unknown value.")
    oldest = world().clock.now() - CALLBACK_LOG_SECONDS
    after, before = read_moment("after"), read_moment("before")
    found = [
        entry
        for entry in reversed(subscription.callbacks)
        if entry["at"] >= oldest
        and (after is None or entry["at"] > after)
        and (before is None or entry["at"] < before)
        and (wanted is None or entry["status"] == wanted)
    ]
    return plain_array(found, lambda entry: entry["id"], _callback)


def _callback(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": entry["status"],
        "timestamp": iso(entry["at"]),
        "requestDetails": {
            "url": entry["url"],
            "body": entry["body"],
            "headers": entry["headers"],
        },
    }
