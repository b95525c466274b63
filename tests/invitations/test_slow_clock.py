"""A machine whose clock is behind the others': what a person asked for is sent all the same."""

from datetime import timedelta

import time_machine

from eqsr.core.clock import now
from eqsr.invitations.models import InvitationState as State
from tests.invitations.conftest import Recruiter, change, only


def test_a_correction_counts_though_the_web_servers_clock_is_behind_the_workers(story, invited):
    with time_machine.travel(now() - timedelta(seconds=40)):
        bob = Recruiter(story)
        bob.presses(f"/invitations/{invited}/address", email="ada@work.example")
    story.work()
    assert len(story.mails("ada@work.example")) == 1
    assert only(story).state is State.SENT


def test_what_was_to_be_sent_before_a_new_first_mail_is_not_sent_beside_it(story, bob):
    ada = story.applies()
    story.moves(ada)
    story.work("webhook_event")
    for address in ("ada@work.example", "ada@example.org"):
        bob.presses(f"/invitations/{only(story).id}/address", email=address)
    change(story, only(story).id, state=State.CANCELLED)
    story.moves(ada, status="INTERVIEW")
    story.moves(ada)
    story.work("webhook_event")
    assert only(story).state is State.QUEUED
    story.work()
    assert [mail["to"] for mail in story.mails()] == [["ada@example.org"]]
