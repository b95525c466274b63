"""An invitation whose mail has to wait."""

from datetime import timedelta

import pytest
import requests
import time_machine

from eqsr.clock import now
from eqsr.invitations.models import InvitationState as State

pytestmark = pytest.mark.postgres


def test_after_weeks_without_a_mail_server_the_full_time_is_left(story):
    fault = story.box.post("faults", {"kind": "smtp_refuse"})["id"]
    ada = story.applies()
    story.moves(ada)
    story.work()
    with time_machine.travel(now() + timedelta(days=20)):
        story.work.by_clock()
        assert [each.state for each in story.invitations()] == [State.QUEUED]
        requests.delete(f"{story.box.url}/sandbox/api/faults/{fault}", timeout=10)
        story.work()
        (invitation,) = story.invitations()
        assert invitation.state is State.SENT
        assert invitation.expires_at > now() + timedelta(days=13)
    assert len(story.mails()) == 1
