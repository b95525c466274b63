"""What we stopped ourselves (our job, its stage, the connection) invites and reminds nobody.

A job that was stopped in SmartRecruiters: tests/invitations/test_stopped_jobs.py.
"""

import pytest
import time_machine
from sqlalchemy import update

from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, StageLink
from tests.invitations.dates import working_day
from tests.invitations.reminders import look, reminders


def close_here(story) -> None:
    with story.world.app.app_context():
        jobs.close_job(db.session.get_one(Job, story.job_id))


def disconnect_stage(story) -> None:
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(StageLink).values(ended_at=now()))


def disconnect_all(story) -> None:
    with story.world.app.app_context():
        connections.disconnect(story.connection_id, None, "Alice")


ENDS = {
    "the job is closed here": close_here,
    "its stage was disconnected meanwhile": disconnect_stage,
    "SmartRecruiters is disconnected": disconnect_all,
}


@pytest.mark.parametrize(("why", "end"), ENDS.items())
def test_an_invitation_not_sent_yet_is_called_off_when_we_stop(story, why, end):
    story.moves(story.applies())
    story.work("webhook_event")
    end(story)
    story.work()
    assert story.mails("ada@example.org") == []
    assert f"Not invited: {why}." in story.activity()


@pytest.mark.parametrize("end", [close_here, disconnect_all])
def test_nobody_is_reminded_once_we_stopped(story, invited, end):
    end(story)
    story.work()
    with time_machine.travel(working_day(4)):
        look(story)
    assert reminders(story) == []
