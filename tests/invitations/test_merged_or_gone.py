"""Whose profile was merged into another is not invited twice, and who is gone not at all."""

from datetime import timedelta

import pytest
import requests
import time_machine
from sqlalchemy import select, update

from eqsr.candidates.models import Application
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.privacy.erasure import erase
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.outbox.models import WorkState

INTERVIEW = {"status": "INTERVIEW"}


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


def merged(story, ada) -> dict:
    """Ada's profile goes into another one of hers, with her application; the one that is left."""
    other = story.applies("ada@home.example", jobId=None)
    wish = {"fromCandidateId": ada["id"], "intoCandidateId": other["id"]}
    story.box.post(f"companies/{story.company}/merges", wish)
    story.told()
    story.work()
    return other


def set_state(story, **values) -> None:
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Invitation).values(values))


def test_who_completed_it_before_two_profiles_were_merged_is_not_invited_again(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    set_state(story, state=State.COMPLETED, completed_at=now())
    other = merged(story, ada)
    story.moves(other, **INTERVIEW)
    story.moves(other)
    story.work()
    assert len(story.mails()) == 1
    told = [line for line in story.activity() if "two profiles of this person were merged" in line]
    assert len(told) == 1 and "Not invited again" in told[0]


def test_whose_link_closed_when_two_profiles_were_merged_gets_a_new_one(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    other = merged(story, ada)
    story.moves(other, **INTERVIEW)
    story.moves(other)
    story.work()
    assert [one.state for one in story.invitations()] == [State.CANCELLED, State.SENT]
    assert [mail["to"] for mail in story.mails()] == [["ada@example.org"], ["ada@home.example"]]


def test_who_was_erased_before_two_profiles_were_merged_stays_so(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    with story.world.app.app_context():
        erase(db.session.scalar(select(Application.id)))
    story.work()
    other = merged(story, ada)
    story.moves(other, **INTERVIEW)
    story.moves(other)
    story.work()
    assert len(story.mails()) == len(story.invitations()) == 1
    assert any("its result was deleted" in line for line in story.activity())


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
