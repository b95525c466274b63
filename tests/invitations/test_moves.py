"""A candidate moved to the stage is invited, once; everybody else is not, and can see why."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import StageLink
from eqsr.webhooks.models import WebhookEvent
from tests.services.processes import eventually

INTERVIEW = {"status": "INTERVIEW"}


def test_a_move_to_the_stage_sends_one_mail_with_a_personal_link(story):
    ada = story.applies()
    story.told()
    story.work()
    assert story.mails() == []
    story.moves(ada)
    story.work()
    (mail,) = story.mails()
    (invitation,) = story.invitations()
    assert mail["to"] == ["ada@example.org"]
    assert f"{story.site.url}/take/" in mail["text"]
    assert f"{story.site.url}/take/" in mail["html"]
    assert "Northwind" in mail["subject"]
    assert invitation.state is State.SENT
    assert "Equalture invited" in story.profile(ada)["tags"]
    assert story.activity() == [
        "SmartRecruiters told us of a move: the application is in New.",
        "Not invited: the application is in New, not in In review: Assessment.",
        "SmartRecruiters told us of a move: the application is in In review: Assessment.",
        "Invited to Developers because the application is in In review: Assessment.",
        "The mail server accepted the invitation for ada@example.org.",
        "SmartRecruiters shows: Equalture invited.",
    ]


def test_other_stages_and_other_jobs_invite_nobody(story):
    other = story.box.post(f"companies/{story.company}/jobs", {"title": "Other"})["id"]
    ada, bea = story.applies(), story.applies("bea@example.org", jobId=other)
    story.moves(ada, **INTERVIEW)
    story.moves(ada, status="IN_REVIEW", subStatus="Phone screen")
    story.moves(bea, job=other)
    story.work()
    assert story.mails() == []
    assert story.invitations() == []


def test_events_before_the_work_is_done_invite_once(story):
    ada = story.applies()
    for stage in ({}, INTERVIEW, {}, INTERVIEW, {}):
        story.moves(ada, **stage)
    story.work()
    assert len(story.mails()) == 1


def test_in_and_out_again_before_we_look_invites_nobody_and_says_so(story):
    ada = story.applies()
    story.moves(ada)
    story.moves(ada, **INTERVIEW)
    story.work()
    assert story.mails() == []
    assert (
        "Not invited: the application was in In review: Assessment, but had moved on to "
        "Interview before we could invite." in story.activity()
    )


def test_coming_back_to_the_stage_later_does_not_invite_again(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    story.moves(ada, **INTERVIEW)
    story.moves(ada)
    story.work()
    assert len(story.mails()) == 1
    assert any(line.startswith("Not invited again") for line in story.activity())


def test_the_same_event_delivered_five_times_at_once_and_again_after_a_restart(story):
    ada = story.applies()
    story.moves(ada)
    event = story.box.get("deliveries", event="application.status.updated")[0]
    story.box.post(f"deliveries/{event['eventId']}/redeliver", {"times": 5, "concurrently": True})
    story.told()
    story.work()
    story.box.post(f"deliveries/{event['eventId']}/redeliver", {"times": 1})
    story.told()
    story.work()
    assert len(story.mails()) == 1
    with story.world.app.app_context():
        events = db.session.scalars(
            select(WebhookEvent).where(WebhookEvent.event_id == event["eventId"])
        ).all()
    assert len(events) == 1


def test_workers_that_look_at_the_same_moment_invite_once(story):
    """Five different events of one application, each in a worker of its own."""
    ada = story.applies()
    for stage in ({}, INTERVIEW, {}, INTERVIEW, {}):
        story.moves(ada, **stage)
    barrier = threading.Barrier(4)

    def worker():
        barrier.wait()
        story.work("webhook_event")

    threads = [threading.Thread(target=worker) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    story.work.hurry()
    story.work()
    assert len(story.invitations()) == 1
    assert len(story.mails()) == 1


@pytest.mark.parametrize(
    ("email", "said"),
    [(None, "has no e-mail address"), ("nobody", "nobody is not a usable e-mail address")],
)
def test_nobody_without_a_usable_address_is_invited_until_it_is_corrected(story, email, said):
    ada = story.applies(email)
    story.moves(ada)
    story.work()
    assert story.mails() == []
    assert any(said in line for line in story.activity())
    story.box.post(
        f"companies/{story.company}/candidates/{ada['id']}", {"email": "ada@example.org"}
    )
    story.told()
    story.work()
    assert len(story.mails(to="ada@example.org")) == 1


def test_who_was_in_the_stage_before_connecting_is_not_mailed(story):
    ada = story.applies()
    story.moves(ada)
    with story.world.app.app_context(), transaction() as session:
        link = session.scalar(select(StageLink))
        link.since = link.counts_from = now() + timedelta(minutes=10)
    story.work()
    assert story.mails() == []
    assert any("before the job was connected" in line for line in story.activity())


TOKEN = "/identity/oauth/token"
# From the others a 404 says that the application is gone: test_gone.py.
FAULTS = [
    (path, kind)
    for path in ("/candidates/*/jobs/*", "/candidates/*", TOKEN)
    for kind in ("401", "403", "404", "429", "500", "503", "slow", "cut", "garbage")
    if kind != "404" or path == TOKEN
]


@pytest.mark.parametrize(("path", "kind"), FAULTS)
def test_no_fault_of_smartrecruiters_loses_the_move(story, redis, path, kind):
    """However SmartRecruiters fails for a while, the person is invited once it works."""
    ada = story.applies()
    story.work()
    redis.wipe()  # so that a token is fetched
    fault = {"match": {"method": "*", "path": path}, "kind": kind, "times": 2}
    story.box.post("faults", fault | ({"delay_seconds": 0.2} if kind == "slow" else {}))
    story.moves(ada)
    for _ in range(8):
        story.work()
        story.work.hurry()

    def invited():
        # The fault may meet one call before this and one after it.
        with story.world.app.app_context():
            connections.close_problem(story.connection_id)
        story.work()
        story.work.hurry()
        return [mail for mail in story.mails() if mail["to"] == ["ada@example.org"]]

    # Admins may have been told of the trouble too.
    assert eventually(invited), "after a 429 nothing is asked for a second"
    assert len(invited()) == 1


def test_smtp_away_is_tried_again_and_refused_is_told(story):
    story.box.post("faults", {"kind": "smtp_refuse", "times": 2})
    ada = story.applies()
    story.moves(ada)
    story.work()
    assert story.mails() == []
    for _ in range(4):
        story.work.hurry()
        story.work()
    assert len(story.mails()) == 1


def test_several_events_of_one_stay_are_told_once(story):
    """Whoever applies straight into the stage makes two events."""
    story.applies(None, status="IN_REVIEW", subStatus="Assessment")
    story.told()
    story.work()
    assert story.activity() == [
        "SmartRecruiters told us of a move: the application is in In review: Assessment.",
        "Not invited: the profile has no e-mail address. Add one in SmartRecruiters.",
    ]
