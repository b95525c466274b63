"""Work that waits for a connection does not wait for ever."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from eqsr.connections import service as connections
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.outbox import retention, retries
from eqsr.outbox.models import Work, WorkState
from eqsr.results import service as results
from eqsr.results.models import WriteBackState


@pytest.fixture
def waiting(app, story):
    """Ada's invitation, whose write-back waits as SmartRecruiters was disconnected."""
    story.moves(story.applies())
    story.work()
    (invitation,) = story.invitations()
    with app.app_context():
        connections.disconnect(story.connection_id, None, "Alice")
        story.work()
        with transaction():
            invitations.request_write_back(invitations.load(invitation.id))
    story.work()
    (row,) = [one for one in story.work.rows("write_back") if one.state is WorkState.WAITING]
    return invitation.id, row.id


def test_what_waited_for_90_days_is_given_up_told_and_can_be_retried(app, story, waiting):
    invitation_id, work_id = waiting
    for days, state in ((89, WorkState.WAITING), (91, WorkState.DEAD)):
        with time_machine.travel(now() + timedelta(days=days), tick=True), app.app_context():
            assert retention.end_waiting() == (state is WorkState.DEAD)
            row = db.session.get(Work, work_id, populate_existing=True)
            assert row.state is state
            db.session.remove()
    assert row.last_error == "It waited 90 days for SmartRecruiters to be connected again."
    assert "It waited 90 days" in story.activity()[-1]
    with app.app_context():
        assert results.of_invitation(invitation_id).state is WriteBackState.FAILED
        assert retention.end_waiting() == 0
        assert retries.retry(work_id)


def test_a_credential_that_never_connected_is_deleted_after_14_days(app, world, work):
    with app.app_context():
        begun = connections.begin(world.acme, "an-id", "a-secret")
        with transaction() as session:
            session.execute(update(Work).values(state=WorkState.DONE))
        for days, kept in ((13, True), (15, False)):
            with time_machine.travel(now() + timedelta(days=days), tick=True):
                work.by_clock()
                found = db.session.get(Connection, begun.id, populate_existing=True)
                assert (found.encrypted_pending_secret is not None) == kept
                assert (found.encrypted_pending_client_id is not None) == kept
                db.session.remove()
        steps = db.session.get(Connection, begun.id, populate_existing=True).steps
        assert "did not connect within 14 days" in next(
            step["sentence"] for step in steps if step["state"] == "failed"
        )
