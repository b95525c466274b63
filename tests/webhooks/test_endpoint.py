"""What SmartRecruiters, and anybody else, gets from the webhook address."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from eqsr.connections.models import WebhookKey
from eqsr.connections.webhook_keys import CACHE_SECONDS
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.outbox.models import Work
from eqsr.smartrecruiters.signature import TOLERANCE
from eqsr.webhooks import retention
from eqsr.webhooks.models import WebhookEvent
from tests.smartrecruiters.known_signatures import BODY, HEADERS, SECRET_1, TIME, V1_BY_1
from tests.webhooks.deliveries import SIGNED, deliver, events, signed, webhook_key


def works(app) -> int:
    with app.app_context():
        number = len(db.session.scalars(select(Work)).all())
        db.session.remove()
        return number


def test_the_known_answer_is_stored_as_it_came_with_the_work_of_acting_on_it(client, app, mailbox):
    assert deliver(client, mailbox) == 202
    (stored,) = events(app)
    assert stored.body.encode() == BODY
    assert (stored.event_id, stored.name) == (HEADERS["event-id"], HEADERS["event-name"])
    assert works(app) == 1


def test_delivered_again_it_is_acknowledged_and_not_stored_again(client, app, mailbox):
    assert [deliver(client, mailbox) for _ in range(3)] == [202, 202, 202]
    assert (len(events(app)), works(app)) == (1, 1)


@pytest.mark.parametrize("drift", [-400, 400, 3 * 86400])
def test_a_late_redelivery_and_a_wrong_clock_lose_nothing(client, app, mailbox, drift):
    assert deliver(client, mailbox, at=TIME + drift) == 202
    assert (len(events(app)), works(app)) == (1, 1)


def test_a_delivery_that_was_recorded_and_played_back_changes_nothing(client, app, mailbox):
    for days in (0, 1, 20, 29):
        assert deliver(client, mailbox, at=TIME + days * 86400) == 202
    assert (len(events(app)), works(app)) == (1, 1)
    assert deliver(client, mailbox, at=TIME + 31 * 86400) == 401


def test_the_handshake_is_echoed(client, app, mailbox):
    answer = client.post(mailbox, headers={"X-Hook-Secret": "a1b2c3"})
    assert (answer.status_code, answer.headers["X-Hook-Secret"]) == (200, "a1b2c3")
    assert events(app) == []


def test_the_handshake_is_answered_while_the_activation_is_in_flight(story):
    """The sandbox calls us back before it answers our own call, as SmartRecruiters does."""
    (subscription,) = story.box.get(f"companies/{story.company}/subscriptions")
    assert subscription["status"] == "active"
    assert subscription["callbackUrl"].startswith(f"{story.site.url}/webhooks/smartrecruiters/")


def test_nobody_lives_at_another_address(client, mailbox):
    assert deliver(client, f"{mailbox}x") == 404
    answer = client.post(f"{mailbox}x", headers={"X-Hook-Secret": "a1b2c3"})
    assert answer.status_code == 404


CHANGED = {
    "body": (SIGNED, BODY.replace(b"f9c11", b"f9c12")),
    "body, a blank": (SIGNED, BODY + b" "),
    "signature": (SIGNED | {"smartrecruiters-signature": V1_BY_1[:-1] + "1"}, BODY),
    **{
        name: (SIGNED | {name: SIGNED[name][:-1] + chr(ord(SIGNED[name][-1]) ^ 1)}, BODY)
        for name in HEADERS
    },
}


@pytest.mark.parametrize("what", CHANGED)
def test_one_changed_byte_is_refused(client, app, mailbox, what):
    headers, body = CHANGED[what]
    assert deliver(client, mailbox, headers, body) == 401
    assert events(app) == []


@pytest.mark.parametrize("name", [*HEADERS, "smartrecruiters-signature"])
def test_a_missing_header_is_refused(client, app, mailbox, name):
    headers = {key: value for key, value in SIGNED.items() if key != name}
    assert deliver(client, mailbox, headers) == 401
    assert events(app) == []


@pytest.mark.parametrize("way", [-1, 1])
def test_a_delivery_of_another_month_is_refused(client, app, mailbox, way):
    month = TOLERANCE.total_seconds()
    assert deliver(client, mailbox, at=TIME + way * (month + 1)) == 401
    assert deliver(client, mailbox, at=TIME + way * month) == 202


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"job_id": 7}', b"null"])
def test_signed_garbage_is_a_bad_request(client, app, mailbox, body):
    headers = signed(body, "garbage-1", SECRET_1, TIME)
    assert deliver(client, mailbox, headers, body) == 400
    assert events(app) == []


def test_without_redis_it_is_stored_and_acknowledged(client, app, mailbox, redis):
    redis.kill()
    try:
        assert deliver(client, mailbox) == 202
    finally:
        redis.start()
    assert (len(events(app)), works(app)) == (1, 1)


def test_a_replaced_key_is_accepted_for_24_hours(client, app, mailbox, world):
    start = now()
    with app.app_context(), transaction() as session:
        old = session.scalar(select(WebhookKey))
        old.expires_at = start + timedelta(hours=24)
        session.add(webhook_key(old.connection_id, "the-new-key"))

    def by(secret: str, hours: float) -> int:
        at = (start + timedelta(hours=hours)).timestamp()
        headers = signed(BODY, f"{secret}-{hours}", secret, at)
        return deliver(client, mailbox, headers, at=at)

    assert by("the-new-key", 0) == 202
    assert by(SECRET_1, 0) == 202
    assert by(SECRET_1, 23.9) == 202
    forget_reception(mailbox)
    assert by(SECRET_1, 24.1) == 401
    assert by("the-new-key", 24.1) == 202


def forget_reception(mailbox: str) -> None:
    """What is remembered for some seconds of the process's own clock, which no test turns."""
    from eqsr.connections import webhook_keys

    assert CACHE_SECONDS <= 5
    webhook_keys._cache.clear()


def test_an_address_that_no_database_can_be_asked_for_is_nobodys(client, world):
    assert client.post("/webhooks/smartrecruiters/%00", data=b"{}").status_code == 404


def test_events_that_were_acted_on_are_forgotten_after_a_while(client, app, mailbox):
    at = datetime.now(UTC).timestamp()
    for event_id in ("acted-on", "waits"):
        assert deliver(client, mailbox, signed(BODY, event_id, SECRET_1, at), at=at) == 202
    with app.app_context():
        with transaction() as session:
            acted_on = update(WebhookEvent).where(WebhookEvent.event_id == "acted-on")
            session.execute(acted_on.values(processed_at=now()))
        assert retention.delete_old() == 0
        with time_machine.travel(now() + retention.EVENT_RETENTION + timedelta(days=1)):
            assert retention.delete_old() == 1
    assert [event.event_id for event in events(app)] == ["waits"]
