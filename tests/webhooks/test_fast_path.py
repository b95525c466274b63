"""The short way in: what it takes, and what it leaves to the view."""

import io

import pytest
from sqlalchemy.exc import OperationalError

from eqsr.webhooks import inbox, views
from tests.smartrecruiters.known_signatures import BODY
from tests.webhooks.deliveries import SIGNED, deliver, events


@pytest.fixture
def view_alone(monkeypatch):
    """What comes as far as the view."""
    seen = []
    real = views.endpoint
    monkeypatch.setattr(views, "endpoint", lambda key: seen.append(key) or real(key))
    return seen


def test_an_event_in_order_never_reaches_the_view(client, mailbox, view_alone):
    assert [deliver(client, mailbox), deliver(client, mailbox)] == [202, 202]
    assert view_alone == []
    assert len(events(client.application)) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"smartrecruiters-signature": "v1=00"}, 401),
        ({"event-name": "no name"}, 401),
        ({"X-Hook-Secret": "s3cret"}, 200),
    ],
)
def test_all_else_is_answered_by_the_view(client, mailbox, view_alone, changes, status):
    assert deliver(client, mailbox, SIGNED | changes) == status
    assert len(view_alone) == 1


def test_what_could_not_be_stored_at_first_is_tried_by_the_view(
    client,
    mailbox,
    view_alone,
    monkeypatch,
):
    real, failures = inbox._insert, [OperationalError("INSERT", {}, Exception("away"))]

    def insert(arrivals):
        if failures:
            raise failures.pop()
        return real(arrivals)

    monkeypatch.setattr(inbox, "_insert", insert)
    assert deliver(client, mailbox) == 202
    assert len(view_alone) == len(events(client.application)) == 1


def test_a_body_beyond_the_limit_is_not_read(client, mailbox, view_alone):
    most = client.application.config["MAX_CONTENT_LENGTH"]
    assert client.post(mailbox, headers=SIGNED, data=b"x" * (most + 1)).status_code == 413


def test_a_body_without_a_length_is_left_to_the_view(client, mailbox):
    environ = {"wsgi.input": io.BytesIO(BODY), "CONTENT_LENGTH": ""}
    assert client.post(mailbox, headers=SIGNED, environ_overrides=environ).status_code == 401
