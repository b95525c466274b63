"""What the calls about webhook subscriptions send, and what they make of the documented answer."""

from datetime import UTC, datetime

import pytest

from eqsr.smartrecruiters.errors.refusals import HandshakeFailed, NotFound, RequestRefused
from eqsr.smartrecruiters.types.webhooks import Callback, Subscription
from tests.smartrecruiters.known import HOOK, HOOKS, SUBSCRIPTION, error_body

SUBSCRIBED = {
    "id": SUBSCRIPTION,
    "callbackUrl": "https://example.org/hook",
    "events": [{"name": "application.created", "version": "v201910"}, "job.created"],
    "status": "inactive",
}


def test_a_subscription_is_created(server, client):
    server.on("POST", HOOKS, server.reply(201, SUBSCRIBED))
    made = client.create_subscription(
        "https://example.org/hook", ("application.created", "job.created"), "ops@example.org"
    )
    assert made == Subscription(
        SUBSCRIPTION,
        "https://example.org/hook",
        ("application.created", "job.created"),
        "inactive",
    )
    assert not made.active
    client.create_subscription("https://example.org/hook", ["job.created"])
    first, second = (seen.json for seen in server.calls(HOOKS))
    assert first == {
        "callbackUrl": "https://example.org/hook",
        "events": ["application.created", "job.created"],
        "alertingEmailAddress": "ops@example.org",
    }
    assert "alertingEmailAddress" not in second


def test_a_subscription_is_read(server, client):
    server.on("GET", HOOK, server.reply(200, {**SUBSCRIBED, "status": "ACTIVE"}), server.reply(404))
    assert client.subscription(SUBSCRIPTION).active
    with pytest.raises(NotFound):
        client.subscription(SUBSCRIPTION)


@pytest.mark.parametrize("status", [204, 409])
def test_activating_what_is_active_is_done(server, client, status):
    server.on("PUT", f"{HOOK}/activation", server.reply(status, error_body("X")))
    client.activate(SUBSCRIPTION)
    assert server.calls(f"{HOOK}/activation")[0].body == b""


@pytest.mark.parametrize(("status", "kind"), [(424, HandshakeFailed), (422, RequestRefused)])
def test_activation_that_fails(server, client, status, kind):
    server.on("PUT", f"{HOOK}/activation", server.reply(status))
    with pytest.raises(kind):
        client.activate(SUBSCRIPTION)


def test_secret_keys(server, client):
    path = f"{HOOK}/secret-key"
    server.on("POST", path, server.reply(201, {"secretKey": "key-2"}))
    server.on("GET", path, server.reply(200, {"secretKey": "key-2"}), server.reply(404))
    assert client.create_secret_key(SUBSCRIPTION) == "key-2"
    assert client.secret_key(SUBSCRIPTION) == "key-2"
    with pytest.raises(NotFound):
        client.secret_key(SUBSCRIPTION)


def test_the_callbacks_log(server, client):
    entry = {
        "status": "failed",
        "timestamp": "2026-05-01T08:00:00.123Z",
        "requestDetails": {
            "url": "https://example.org/hook",
            "body": '{"id":"x"} ',
            "headers": {"Event-Id": "e1", "X-Vendor-Token": "s3cret", "odd": 7},
        },
    }
    link = f'<{HOOK}/callbacks-log?limit=100&page_id=p%3D2>; rel="next"'
    path = f"{HOOK}/callbacks-log"
    server.on("GET", path, server.reply(200, [entry], Link=link), server.reply(200, []))
    after, before = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 2, tzinfo=UTC)
    (found,) = client.callbacks_log(SUBSCRIPTION, after, before, "failed")
    assert found == Callback(
        "failed",
        datetime(2026, 5, 1, 8, 0, 0, 123_000, tzinfo=UTC),
        "https://example.org/hook",
        '{"id":"x"} ',
        {"event-id": "e1", "x-vendor-token": "s3cret"},
    )
    assert "s3cret" not in repr(found)
    filters = {
        "after": ["2026-05-01T00:00:00.000Z"],
        "before": ["2026-05-02T00:00:00.000Z"],
        "callbackStatus": ["failed"],
        "limit": ["100"],
    }
    assert [seen.query for seen in server.calls(path)] == [
        filters,
        {**filters, "page_id": ["p=2"]},
    ]
