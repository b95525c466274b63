"""Somebody else holds SQLite's lock: SmartRecruiters is told to come again, and does."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import event, select

from eqsr.core.db import db
from eqsr.webhooks.models import WebhookEvent
from tests.services.processes import eventually


@pytest.fixture
def with_timeouts(app) -> Iterator[None]:
    """A lock is waited for for a moment instead of 20 s; by this test alone, not by all that share
    the application."""
    with app.app_context():
        engine = db.engine

    def wait_less(held, *_):
        held.execute("PRAGMA busy_timeout=100")

    event.listen(engine, "checkout", wait_less)
    yield
    event.remove(engine, "checkout", wait_less)


@pytest.mark.sqlite
def test_a_locked_database_answers_503_and_the_event_comes_again(story, with_timeouts):
    path = story.site.settings.database_url.removeprefix("sqlite:///")
    ada = story.applies(quiet=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        move = {"candidateId": ada["id"], "jobId": story.ats_job, "status": "IN_REVIEW"}
        story.box.post(f"companies/{story.company}/moves", move | {"subStatus": "Assessment"})
        assert eventually(lambda: attempts(story), 30) == [503]
        other.execute("ROLLBACK")
    assert stored(story) == 0
    # SmartRecruiters tries again a minute later.
    story.box.post("clock", {"advance_seconds": 61, "skew_seconds": -61})
    story.told()
    assert stored(story) == 1
    story.work()
    assert len(story.mails()) == 1


def attempts(story) -> list[int]:
    (delivery,) = story.box.get("deliveries", event="application.status.updated")
    return [attempt["status"] for attempt in delivery["attempts"]]


def stored(story) -> int:
    with story.world.app.app_context():
        number = len(db.session.scalars(select(WebhookEvent)).all())
        db.session.remove()
        return number
