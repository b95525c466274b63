"""A candidate moved to the stage is invited, once; everybody else is not, and can see why."""

import threading
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select, update

from eqsr.candidates.models import Application
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.extras.privacy.service import erase
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import StageLink
from eqsr.outbox.models import WorkState
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
    assert story.ledger() == [
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
        "Interview before we could invite." in story.ledger()
    )


def test_coming_back_to_the_stage_later_does_not_invite_again(story):
    ada = story.applies()
    story.moves(ada)
    story.work()
    story.moves(ada, **INTERVIEW)
    story.moves(ada)
    story.work()
    assert len(story.mails()) == 1
    assert any(line.startswith("Not invited again") for line in story.ledger())


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
    assert any(said in line for line in story.ledger())
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
    assert any("before the job was connected" in line for line in story.ledger())


def test_a_deleted_candidate_is_written_in_the_ledger_and_not_mailed(story):
    ada = story.applies()
    story.moves(ada)
    story.work("webhook_event")
    story.box._call("DELETE", f"companies/{story.company}/candidates/{ada['id']}")
    story.told()
    story.work("webhook_event")
    story.work()
    assert story.mails() == []
    assert [invitation.state for invitation in story.invitations()] == [State.CANCELLED]
    assert "The candidate is no longer in SmartRecruiters." in story.ledger()


@pytest.mark.parametrize(
    "kind", ["401", "403", "404", "429", "500", "503", "slow", "cut", "garbage"]
)
@pytest.mark.parametrize("path", ["/candidates/*/jobs/*", "/candidates/*", "/identity/oauth/token"])
def test_no_fault_of_smartrecruiters_loses_the_move(story, redis, kind, path):
    """However SmartRecruiters fails for a while, the person is invited once it works."""
    if kind == "404" and path != "/identity/oauth/token":
        return  # that says that the application is gone: test_a_deleted_candidate
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
    assert story.ledger() == [
        "SmartRecruiters told us of a move: the application is in In review: Assessment.",
        "Not invited: the profile has no e-mail address. Add one in SmartRecruiters.",
    ]


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
    told = [line for line in story.ledger() if "two profiles of this person were merged" in line]
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
    assert any("its result was deleted" in line for line in story.ledger())


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
    for _ in range(3):
        story.work.hurry()
        story.work()
    assert story.invitations() == []
    assert {row.state for row in story.work.rows("webhook_event")} == {WorkState.DONE}
    assert "The application is no longer on this job in SmartRecruiters." in story.ledger()
    with story.world.app.app_context():
        assert connections.get(story.connection_id).problem is None
        db.session.remove()
