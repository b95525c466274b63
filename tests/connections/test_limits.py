"""Limits that all workers share, kept in a real Redis."""

from contextlib import ExitStack

import pytest

from eqsr.connections.limits import MID_WORK_PATIENCE, SharedLimits
from eqsr.outbox import redis_client
from eqsr.smartrecruiters.errors.outages import Throttled
from tests.services.processes import eventually

FIRST, NEXT = "GET /first", "GET /next"


@pytest.fixture(autouse=True)
def context(app):
    with app.app_context():
        yield


def take(endpoint: str, limits: SharedLimits | None = None) -> float:
    """Seconds until there is a turn; 0 when one was granted."""
    try:
        with (limits or SharedLimits()).acquire("credential", endpoint):
            return 0.0
    except Throttled as throttled:
        return throttled.retry_after


def blocked() -> list[bytes]:
    return redis_client.connect().keys("eqsr:limits:*:blocked")


def test_the_eleventh_turn_of_a_second_is_refused_to_every_worker():
    assert [take(FIRST) for _ in range(10)] == [0.0] * 10
    assert take(FIRST) > 0
    assert take(NEXT) == 0.0


def test_remaining_0_counts_only_when_others_use_the_credential_too():
    for _ in range(10):
        take(FIRST)
    SharedLimits().observe("credential", FIRST, {"X-RateLimit-Remaining": "0"})
    assert not blocked(), "counting our own turns is enough"
    take(NEXT)
    SharedLimits().observe("credential", NEXT, {"X-RateLimit-Remaining": "0"})
    assert len(blocked()) == 1
    assert 0 < take(NEXT) <= 1


def test_eight_places_at_once_are_shared_by_all_endpoints():
    with ExitStack() as stack:
        for number in range(8):
            stack.enter_context(SharedLimits().acquire("credential", f"GET /{number}"))
        assert take(NEXT) > 0
    assert take(NEXT) == 0.0


def test_midway_a_worker_waits_for_a_moment_rather_than_start_over():
    for _ in range(10):
        take(NEXT)
    midway = SharedLimits()
    take(FIRST, midway)
    assert take(NEXT, midway) > MID_WORK_PATIENCE, "nobody waits for most of a second"
    # Others are still refused when the one who is midway gets the turn.
    assert eventually(lambda: 0 < take(NEXT) < MID_WORK_PATIENCE / 2)
    assert take(NEXT, midway) == 0.0
