"""SmartRecruiters answers nothing but 503 for a while: no dead work, and no alarm that stays."""

from collections import Counter
from contextlib import nullcontext
from datetime import timedelta

import pytest
import requests
import time_machine
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.connections import queries
from eqsr.connections import service as connections
from eqsr.connections.limits import SharedLimits
from eqsr.connections.models import ConnectionState
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.ops.doctor import examine
from eqsr.outbox.models import WorkState
from eqsr.reconciling import history
from eqsr.reconciling import service as reconciling
from eqsr.screens.connection.problems import issues
from tests.services.processes import eventually
from tests.story import STAGE


@pytest.fixture(autouse=True)
def without_limits(story, monkeypatch):
    """These tests let hours pass in seconds; limits count by clocks that nobody moves."""
    story.box.post("settings", {"limits": False})
    monkeypatch.setattr(SharedLimits, "acquire", lambda *_: nullcontext())


def away(story) -> None:
    story.box.post("faults", {"kind": "503"})


def back(story) -> None:
    requests.delete(f"{story.box.url}/sandbox/api/faults", timeout=30).raise_for_status()


def dead(story) -> Counter:
    return Counter(row.kind for row in story.work.rows() if row.state is WorkState.DEAD)


def alarms(story) -> list[str]:
    """What the connection page and doctor say."""
    with story.world.app.app_context():
        connection = queries.get(story.connection_id)
        # Redis and SmartRecruiters keep the time that it is.
        told = [one for one in issues(connection, [story.job_id]) if "clock" not in one]
        away = ("Redis", "clock")
        told += [str(one) for one in examine(lambda: True) if not (one.well or one.subject in away)]
        return told + ([connection.problem] if connection.problem else [])


def let_pass(story, start, minutes: int, step: int = 1) -> None:
    """Do what is due, minute by minute, as the clock would have it."""
    for minute in range(0, minutes, step):
        with time_machine.travel(start + timedelta(minutes=minute)):
            story.work.by_clock()
            story.work()


def test_a_minute_of_it_at_a_health_check(story):
    away(story)
    start = now()
    with story.world.app.app_context():
        connections.request_check(story.connection_id, thorough=True)
    for seconds in range(0, 60, 5):
        with time_machine.travel(start + timedelta(seconds=seconds)):
            story.work.hurry()
            story.work("check_health")
    assert dead(story) == {}
    back(story)
    with time_machine.travel(start + timedelta(minutes=3)):
        story.work.by_clock()
        story.work()
        story.work.hurry()
        story.work()
        assert alarms(story) == []


@pytest.mark.slow
def test_an_hour_of_it(story):
    away(story)
    start = now()
    with story.world.app.app_context():
        connections.request_everything(story.connection_id)
        connections.request_key(story.connection_id)
        reconciling.begin(story.connection_id, thorough=True)
    let_pass(story, start, 60)
    assert dead(story) == {}
    back(story)
    let_pass(story, start + timedelta(minutes=61), 90, step=5)
    with time_machine.travel(start + timedelta(minutes=152)):
        assert alarms(story) == []
        with story.world.app.app_context():
            connection = queries.get(story.connection_id)
            assert connection.state is ConnectionState.ACTIVE
            assert connection.reconciled_at > start + timedelta(minutes=61)
            compared = history.latest(story.connection_id)
    assert dead(story) == {}
    assert compared["ended_at"] > start + timedelta(minutes=61)


def test_events_that_were_missed_before_it_are_found_after_it(story):
    """A sweep of the callbacks log that was given up must not count as one that has ended."""
    story.box.post("faults", {"kind": "wrong_signature"})
    story.applies(**STAGE)
    assert eventually(lambda: story.box.get("deliveries")[0]["attempts"])
    away(story)
    start = now()
    with time_machine.travel(start + timedelta(minutes=20)):
        story.work.by_clock()
        for _again in range(12):
            story.work.hurry()
            story.work()
    back(story)
    story.box.post("faults", {"kind": "drop"})  # it is not delivered again
    assert dead(story) == {}
    for minutes in (60, 80, 100):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            story.work.by_clock()
            story.work.settle()
    assert [one.email for one in story.invitations()] == ["ada@example.org"]


def test_disconnecting_meanwhile_still_deletes_our_subscription(story):
    away(story)
    start = now()
    with story.world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == story.world.alice))
        connections.disconnect(story.connection_id, alice.id, "Alice")
    let_pass(story, start, 60, step=3)
    back(story)
    let_pass(story, start + timedelta(minutes=70), 130, step=10)
    assert story.box.get(f"companies/{story.company}/subscriptions") == []
    assert dead(story) == {}
