"""Control API: subscriptions and deliveries."""

from collections import Counter

from flask import Response, jsonify, request

from .clock import iso
from .control_api import blueprint, number, wish
from .control_companies import company_of
from .errors import ApiError
from .gate import world
from .state import Subscription

MAX_TIMES = 1000


@blueprint.get("/companies/<company_id>/subscriptions")
def list_subscriptions(company_id: str) -> Response:
    """List subscriptions with status, keys and counts."""
    with world().lock:
        found = list(company_of(company_id).subscriptions.values())
    return jsonify([_subscription(each) for each in found])


def _subscription(found: Subscription) -> dict[str, object]:
    return {
        "id": found.id,
        "credentialId": found.credential_id,
        "callbackUrl": found.callback_url,
        "events": found.events,
        "status": found.status,
        "suspended": found.suspended,
        "alertingEmailAddress": found.alerting_email,
        "createdOn": iso(found.created_on),
        "liveKeys": len(found.live_keys(world().clock.now())),
        "callbacks": len(found.callbacks),
    }


@blueprint.post("/companies/<company_id>/subscriptions/<subscription_id>/suspend")
def suspend_subscription(company_id: str, subscription_id: str) -> Response:
    """Suspend a subscription, as repeated failures do: it becomes inactive."""
    with world().lock:
        found = company_of(company_id).subscriptions.get(subscription_id)
        if found is None:
            raise ApiError(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription.")
        found.status, found.suspended = "inactive", True
        return jsonify(_subscription(found))


@blueprint.delete("/companies/<company_id>/subscriptions/<subscription_id>")
def remove_subscription(company_id: str, subscription_id: str) -> tuple[str, int]:
    """Remove a subscription without a request from its owner."""
    with world().lock:
        found = company_of(company_id).subscriptions.pop(subscription_id, None)
        if found is None:
            raise ApiError(404, "SUBSCRIPTION_NOT_FOUND", "There is no such subscription.")
        found.status, found.deleted = "inactive", True
    return "", 204


@blueprint.get("/deliveries")
def list_deliveries() -> Response:
    """List deliveries with each attempt.

    Filters: ``company``, ``state``, ``event``, ``limit`` (newest).
    """
    args = request.args
    found = [
        each
        for each in world().deliveries.list()
        if args.get("company") in (None, each.subscription.company_id)
        and args.get("state") in (None, each.state)
        and args.get("event") in (None, each.name)
    ]
    limit = args.get("limit", "")
    if limit.isdigit() and int(limit):
        found = found[-int(limit) :]
    return jsonify([each.as_json() for each in found])


@blueprint.get("/deliveries/summary")
def count_deliveries() -> Response:
    """Count deliveries by state: pending, delivered, failed, abandoned, dropped."""
    company = request.args.get("company")
    states = Counter({"pending": 0, "delivered": 0, "failed": 0, "abandoned": 0, "dropped": 0})
    states.update(
        each.state
        for each in world().deliveries.list()
        if company in (None, each.subscription.company_id)
    )
    return jsonify(states)


@blueprint.post("/deliveries/<event_id>/redeliver")
def redeliver(event_id: str) -> tuple[Response, int]:
    """Send a callback again with the same event-id: ``{"times": 1, "concurrently": false}``."""
    body = wish()
    times = int(number(body, "times", 1))
    if not 1 <= times <= MAX_TIMES:
        raise ApiError(400, "INVALID_NUMBER", f"times must be between 1 and {MAX_TIMES}.")
    if not world().deliveries.redeliver(event_id, times, bool(body.get("concurrently"))):
        raise ApiError(404, "DELIVERY_NOT_FOUND", "There is no such delivery.")
    return jsonify({"eventId": event_id, "times": times}), 202
