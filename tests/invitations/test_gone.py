"""Who is gone from SmartRecruiters is not invited; merged profiles: tests/merges."""

from datetime import timedelta

import pytest
import requests
import time_machine

from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import InvitationState as State
from eqsr.outbox.models import WorkState


def test_a_deleted_candidate_is_written_in_the_activity_log_and_not_mailed(story):
    ada = story.applies()
    story.moves(ada)
    story.work("webhook_event")
    story.box._call("DELETE", f"companies/{story.company}/candidates/{ada['id']}")
    story.told()
    story.work("webhook_event")
    story.work()
    assert story.mails() == []
    assert [invitation.state for invitation in story.invitations()] == [State.CANCELLED]
    assert "The candidate is no longer in SmartRecruiters." in story.activity()


@pytest.mark.parametrize("answers", [{}, {"gone_status": 403}, {"answers": "assumed"}])
@pytest.mark.parametrize("gone", [True, False])
def test_a_move_of_somebody_who_is_gone_or_out_of_reach_is_no_trouble(story, answers, gone):
    """403 and 404 are documented for an application; neither is the connection's trouble."""
    story.box.post("settings", answers)
    ada = story.applies()
    story.told()
    story.work()
    story.moves(ada)
    path = f"{story.box.url}/sandbox/api/companies/{story.company}/candidates/{ada['id']}"
    if gone:
        requests.delete(path, timeout=10).raise_for_status()
    else:
        requests.post(path, json={"outOfReach": True}, timeout=10).raise_for_status()
    story.told()
    story.work()
    with time_machine.travel(now() + timedelta(minutes=1)):
        for _ in range(3):
            story.work.hurry()
            story.work()
    assert story.invitations() == []
    assert {row.state for row in story.work.rows("webhook_event")} == {WorkState.DONE}
    assert "The application is no longer on this job in SmartRecruiters." in story.activity()
    with story.world.app.app_context():
        assert connections.get(story.connection_id).problem is None
        db.session.remove()
