"""A SmartRecruiters job that takes nobody any more: no invitation, no reminder, nothing untrue."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from eqsr.activity.history import of_connection
from eqsr.activity.sentences import sentence
from eqsr.candidates.models import Application
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import due_reminders
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import StageLink
from tests.invitations.conftest import take_link
from tests.invitations.dates import working_day
from tests.invitations.reminders import look, reminders
from tests.page_text import text_of

STOPPED = {
    "FILLED": "the job is filled in SmartRecruiters",
    "CANCELLED": "the job is cancelled in SmartRecruiters",
    "ON_HOLD": "the job is on hold in SmartRecruiters",
}
NOT_OPEN = "This position is no longer open"


def status(story, new: str, *, told: bool = True) -> None:
    """Change the job's status in SmartRecruiters; ``told``: and act on its event."""
    story.box.post(f"companies/{story.company}/jobs/{story.ats_job}", {"status": new})
    story.told()
    if told:
        story.work()


def read_before(story, minutes: float) -> None:
    """As if the job had been read this long ago for the last time."""
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(AtsJob).values(seen_at=now() - timedelta(minutes=minutes)))


def by_clock(story) -> None:
    story.work.by_clock()
    story.work()


def log_of(story) -> list[str]:
    with story.world.app.app_context():
        return [sentence(line) for line in of_connection(story.connection_id, limit=100)]


@pytest.mark.parametrize(("new", "why"), STOPPED.items())
def test_nobody_is_invited_to_it_and_the_log_says_why(story, new, why):
    status(story, new)
    ada = story.applies()
    story.moves(ada)
    story.work()
    assert story.mails() == [] and story.invitations() == []
    assert f"Not invited: {why}." in story.activity()


@pytest.mark.parametrize("new", STOPPED)
def test_when_it_goes_on_who_was_moved_meanwhile_is_invited_once(story, new):
    status(story, new)
    story.moves(story.applies())
    story.work()
    by_clock(story)
    assert story.mails() == []
    status(story, "SOURCING")
    for _look in range(3):
        by_clock(story)
    assert [mail["to"] for mail in story.mails("ada@example.org")] == [["ada@example.org"]]
    lines = log_of(story)
    assert len([line for line in lines if "invites and reminds nobody" in line]) == 1
    assert len([line for line in lines if "takes candidates again" in line]) == 1


def test_stopped_and_going_on_between_two_looks_of_the_clock_loses_no_move(story):
    status(story, "ON_HOLD")
    story.moves(story.applies())
    story.work()
    status(story, "SOURCING")
    by_clock(story)
    assert len(story.mails("ada@example.org")) == 1


def test_who_was_invited_before_is_not_invited_again_when_it_goes_on(story, invited):
    status(story, "FILLED")
    by_clock(story)
    status(story, "INTERVIEW")
    by_clock(story)
    assert len(story.mails("ada@example.org")) == 1 and len(story.invitations()) == 1


@pytest.mark.parametrize("new", STOPPED)
def test_nobody_is_reminded_of_it_and_reminders_go_on_when_it_does(story, invited, new):
    status(story, new)
    with time_machine.travel(working_day(4)):
        look(story)
    assert reminders(story) == []
    status(story, "SOURCING")
    with time_machine.travel(working_day(4)):
        look(story)
    assert len(reminders(story)) == 1


@pytest.mark.parametrize(("new", "why"), STOPPED.items())
def test_a_reminder_under_way_reads_the_job_again(story, invited, new, why):
    with time_machine.travel(working_day(4)), story.world.app.app_context():
        assert due_reminders.remind_due() == 1
        db.session.remove()
    silently(story, new)
    with time_machine.travel(working_day(4) + timedelta(minutes=10)):
        story.work("reminder_mail")
    assert reminders(story) == []
    assert f"An email was not sent: {why}." in story.activity()


def silently(story, new: str) -> None:
    """The status changes in SmartRecruiters, and its event is not acted on."""
    status(story, new, told=False)
    assert _known(story) != new


def _known(story) -> str:
    with story.world.app.app_context():
        return db.session.scalars(select(AtsJob.status)).one()


@pytest.mark.parametrize("new", STOPPED)
def test_a_move_reads_the_job_again_where_it_was_not_read_lately(story, new):
    silently(story, new)
    read_before(story, 5)
    story.moves(story.applies())
    story.work("webhook_event")
    assert story.invitations() == []


@pytest.mark.parametrize(("new", "why"), STOPPED.items())
def test_an_invitation_that_waits_for_the_mail_server_is_called_off(story, new, why):
    story.moves(story.applies())
    story.work("webhook_event")
    (invitation,) = story.invitations()
    assert invitation.state is State.QUEUED
    silently(story, new)
    read_before(story, 2)
    story.work("invitation_mail")
    (invitation,) = story.invitations()
    assert story.mails() == [] and invitation.state is State.CANCELLED
    assert f"Not invited: {why}." in story.activity()
    status(story, "SOURCING")
    by_clock(story)
    (invitation,) = story.invitations()
    assert invitation.state is State.SENT and len(story.mails("ada@example.org")) == 1


def test_nobody_is_invited_to_a_job_that_is_gone(story):
    story.box.post("faults", {"kind": "404", "match": {"path": f"/jobs/{story.ats_job}"}})
    read_before(story, 5)
    story.moves(story.applies())
    story.work()
    assert story.invitations() == []
    assert "Not invited: the job is no longer in SmartRecruiters." in story.activity()
    story.box._call("DELETE", "faults")
    status(story, "INTERVIEW")
    by_clock(story)
    assert len(story.mails("ada@example.org")) == 1


def test_nobody_is_invited_to_it_by_hand(story, bob):
    story.applies()
    story.told()
    story.work()
    status(story, "FILLED")
    with story.world.app.app_context():
        application_id = db.session.scalars(select(Application.id)).one()
    path = f"/jobs/{story.job_id}/invite/{application_id}"
    answer = bob.posts(path, attempt="1")
    assert answer.status_code == 422 and "Open it there first" in text_of(answer.text)
    assert story.invitations() == []


def test_the_dialog_says_that_a_job_takes_nobody_before_it_is_connected(story, bob):
    status(story, "ON_HOLD")
    with story.world.app.app_context():
        link = db.session.scalars(select(StageLink.id)).one()
    page = text_of(bob.sees(f"/jobs/{story.job_id}/connect?link={link}"))
    assert "Nobody is invited until SmartRecruiters says otherwise: On hold." in page


def test_a_burst_reads_the_job_once_a_minute(story):
    read_before(story, 5)
    people = [story.applies(f"a{number}@example.org") for number in range(5)]
    for person in people:
        story.moves(person)
    story.work()
    assert len(story.mails()) == 5
    path = f"/jobs/{story.ats_job}"
    calls = story.box.get(f"requests?path={path}")
    assert [call["path"] for call in calls].count(path) == 1


@pytest.mark.parametrize("kind", ["503", "429", "garbage", "cut"])
def test_while_smartrecruiters_does_not_tell_the_mirror_counts(story, kind):
    story.moves(story.applies())
    story.work("webhook_event")
    read_before(story, 5)
    path = f"/jobs/{story.ats_job}"
    story.box.post("faults", {"kind": kind, "match": {"path": path}, "times": 5})
    story.work("invitation_mail")
    assert len(story.mails("ada@example.org")) == 1
    calls = story.box.get(f"requests?path={path}")
    assert path in [call["path"] for call in calls]


@pytest.mark.parametrize("new", ["FILLED", "CANCELLED"])
def test_who_has_not_started_reads_that_it_is_no_longer_open(story, invited, new):
    link = take_link(story.mails()[0])
    somebody = story.world.app.test_client()
    status(story, new)
    answer = somebody.get(link)
    assert answer.status_code == 410 and NOT_OPEN in text_of(answer.text)
    assert "withdrawn" not in text_of(answer.text)
    assert somebody.post(f"{link}/start").status_code == 410
    status(story, "SOURCING")
    assert somebody.get(link).status_code == 200
    assert somebody.post(f"{link}/start").status_code == 302


@pytest.mark.parametrize("new", ["FILLED", "CANCELLED"])
def test_who_has_started_may_finish(story, invited, new):
    link = take_link(story.mails()[0])
    somebody = story.world.app.test_client()
    assert somebody.post(f"{link}/start").status_code == 302
    status(story, new)
    assert somebody.get(link).status_code == 200
    assert NOT_OPEN not in somebody.get(link, follow_redirects=True).text


@pytest.mark.parametrize("new", ["ON_HOLD", "OFFER", "OTHER"])
def test_a_link_works_while_the_job_rests_or_goes_on(story, invited, new):
    link = take_link(story.mails()[0])
    status(story, new)
    assert story.world.app.test_client().get(link).status_code == 200


@pytest.mark.parametrize("new", ["CREATED", "INTERVIEW", "OFFER", "OTHER"])
def test_at_any_other_status_candidates_are_invited(story, new):
    status(story, new)
    story.moves(story.applies())
    story.work()
    assert len(story.mails("ada@example.org")) == 1


@pytest.mark.parametrize("new", ["FILLED", "CANCELLED"])
def test_a_person_who_sends_it_again_or_invites_is_told(story, bob, invited, new):
    status(story, new)
    answer = bob.posts(f"/invitations/{invited}/resend")
    assert "Open it there first" in text_of(
        bob.sees(answer.location) if answer.location else answer.text
    )
    story.work()
    assert len(story.mails("ada@example.org")) == 1


@pytest.mark.parametrize(
    ("new", "word"), [("FILLED", "Filled"), ("CANCELLED", "Cancelled"), ("ON_HOLD", "On hold")]
)
def test_the_job_s_page_and_the_overview_say_so(story, bob, new, word):
    status(story, new)
    page = text_of(bob.sees(f"/jobs/{story.job_id}"))
    assert word in page and "nobody is invited or reminded" in page
    assert "are invited automatically" not in page
    assert word in text_of(bob.sees("/jobs"))
    status(story, "SOURCING")
    page = text_of(bob.sees(f"/jobs/{story.job_id}"))
    assert "Sourcing" in page and "nobody is invited or reminded" not in page
