"""Deliveries become events; what isn't one is refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eqsr.smartrecruiters.events import (
    SUBSCRIBED_EVENTS,
    Event,
    UnreadableEvent,
    handshake_secret,
    parse_event,
)

ON_APPLICATION = {"job_id": "j1", "candidate_id": "c1", "application_id": "a1"}


def headers(name, event_id="e1"):
    return {"Event-Id": event_id, "Event-Name": name, "Event-Version": "1.0.0"}


def parse(name, body):
    return parse_event(headers(name), json.dumps(body).encode())


@pytest.mark.parametrize("name", SUBSCRIBED_EVENTS)
def test_every_event_that_we_subscribe_to(name):
    kind = name.split(".")[0]
    event = parse(name, ON_APPLICATION if kind == "application" else {"id": f"{kind}-1"})
    assert (
        event
        == {
            "application": Event("e1", name, "j1", "c1", "a1"),
            "job": Event("e1", name, "job-1", None, None),
            "candidate": Event("e1", name, None, "candidate-1", None),
        }[kind]
    )


def test_an_application_event_may_lack_the_application_id():
    event = parse("application.created", {"job_id": "j1", "candidate_id": "c1"})
    assert event == Event("e1", "application.created", "j1", "c1", None)


def test_other_events_keep_what_they_tell():
    assert parse("offer.created", {**ON_APPLICATION, "offer_id": "o"}).candidate_id == "c1"
    assert parse("job.ad.created", {"job_id": "j1", "job_ad_id": "x"}).job_id == "j1"
    assert parse("review.created", {"application_id": "a1", "review_id": "r"}).job_id is None


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("application.created", {}),
        ("application.created", {"job_id": "j1"}),
        ("application.created", {"candidate_id": "c1"}),
        ("application.created", {"id": "c1"}),
        ("application.created", {**ON_APPLICATION, "job_id": 7}),
        ("application.created", {**ON_APPLICATION, "job_id": ""}),
        ("application.created", {**ON_APPLICATION, "candidate_id": "../jobs"}),
        ("application.created", {**ON_APPLICATION, "application_id": ["a"]}),
        ("job.created", {"candidate_id": "c1"}),
        ("job.created", {"id": None}),
        ("candidate.deleted", {"candidate_id": "c1"}),
        ("candidate.deleted", []),
        ("candidate.deleted", None),
        ("candidate.deleted", "c1"),
    ],
)
def test_a_body_without_its_ids_is_unreadable(name, body):
    with pytest.raises(UnreadableEvent):
        parse(name, body)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"id": "1"} x'])
def test_a_body_that_is_not_json_is_unreadable(body):
    with pytest.raises(UnreadableEvent, match="not JSON"):
        parse_event(headers("job.created"), body)


@pytest.mark.parametrize("event_id", ["", " ", "a b", "x" * 201, "é", "\x00"])
def test_an_event_needs_an_id(event_id):
    with pytest.raises(UnreadableEvent, match="event-id"):
        parse_event(headers("job.created", event_id), b'{"id": "1"}')
    with pytest.raises(UnreadableEvent, match="event-id"):
        parse_event({"event-name": "job.created"}, b'{"id": "1"}')


@pytest.mark.parametrize("name", ["", "JOB.CREATED", "job created", "x" * 101, "é"])
def test_an_event_needs_a_name(name):
    with pytest.raises(UnreadableEvent, match="event-name"):
        parse_event(headers(name), b'{"id": "1"}')


def test_a_handshake_is_told_by_its_header():
    assert handshake_secret({"x-hook-secret": "random-1"}) == "random-1"
    assert handshake_secret({"X-Hook-Secret": "random-1", "Content-Type": "x"}) == "random-1"
    assert handshake_secret(headers("job.created")) is None


@pytest.mark.parametrize("value", ["", "a\r\nSet-Cookie: x=1", "a b", "é", "x" * 1025])
def test_a_handshake_value_that_can_not_be_sent_back_is_none(value):
    assert handshake_secret({"X-Hook-Secret": value}) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    st.sampled_from([*SUBSCRIBED_EVENTS, "offer.created"]),
    st.dictionaries(
        st.sampled_from(["id", "job_id", "candidate_id", "application_id", "x"]), json_values
    ),
)
def test_any_json_is_an_event_with_its_ids_or_unreadable(name, body):
    try:
        event = parse(name, body)
    except UnreadableEvent:
        return
    if name.startswith("application."):
        assert event.job_id
        assert event.candidate_id
