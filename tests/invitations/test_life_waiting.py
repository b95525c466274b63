"""An invitation whose mail has to wait."""

from datetime import timedelta

import requests
import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState as State


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


def test_who_looks_gone_right_after_a_move_is_looked_at_again(story):
    """SmartRecruiters answers 401 for what is gone, and for what it does not recognise."""
    ada = story.applies(quiet=True)
    path = {"path": f"/candidates/{ada['id']}/jobs/*"}
    story.box.post("faults", {"kind": "401", "match": path, "times": 2})
    story.moves(ada)
    story.work()
    assert story.activity() == []
    with time_machine.travel(now() + timedelta(minutes=1)):
        story.work()
    assert len(story.mails()) == 1


def test_who_is_gone_at_the_second_look_is_believed_to_be(story):
    ada = story.applies()
    story.told()
    story.work()
    story.box.post("faults", {"kind": "drop", "match": {"event": "candidate.deleted"}})
    story.moves(ada)
    address = f"{story.box.url}/sandbox/api/companies/{story.company}/candidates/{ada['id']}"
    requests.delete(address, timeout=10)
    story.work()
    with time_machine.travel(now() + timedelta(minutes=1)):
        story.work()
    assert story.mails() == []
    assert story.activity()[-1] == "The application is no longer on this job in SmartRecruiters."


def test_who_is_deleted_without_an_invitation_is_told_of_too(story):
    ada = story.applies()
    story.told()
    story.work()
    address = f"{story.box.url}/sandbox/api/companies/{story.company}/candidates/{ada['id']}"
    requests.delete(address, timeout=10)
    story.told()
    story.work()
    assert story.activity()[-1] == "The candidate is no longer in SmartRecruiters."
