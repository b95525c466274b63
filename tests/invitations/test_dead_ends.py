"""What a person does by hand about somebody for whom a link would lead nowhere is refused."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from eqsr.candidates.models import Application, Candidate
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import InvitationState as State
from tests.invitations.conftest import change, only, take_link
from tests.invitations.dates import day
from tests.page_text import text_of

DELETED = "This candidate was deleted in SmartRecruiters."
OPEN_IT = "Open it there first"
FORMS = {
    "resend": {},
    "address": {"email": "ada@work.example"},
    "extend": {"until": day(30)},
    "link": {},
}


def deletes(story) -> None:
    """Somebody deletes the only candidate in SmartRecruiters, and we hear of it."""
    with story.world.app.app_context():
        ats_id = db.session.scalars(select(Candidate.ats_id)).one()
        db.session.remove()
    story.box._call("DELETE", f"companies/{story.company}/candidates/{ats_id}")
    story.told()
    for _ in range(2):
        story.work()
        story.work.hurry()


def job_status(story, new: str) -> None:
    story.box.post(f"companies/{story.company}/jobs/{story.ats_job}", {"status": new})
    story.told()
    story.work()


def starts(story) -> None:
    link = take_link(story.mails()[0])
    story.world.app.test_client().post(f"{link}/start")
    assert only(story).state is State.STARTED


def expires(story, invited) -> None:
    change(story, invited, expires_at=now() - timedelta(hours=1))
    story.work.by_clock()
    assert only(story).state is State.EXPIRED


def refused(story, bob, invited, sentence: str, verbs=tuple(FORMS)) -> None:
    """Each verb answers with the sentence, changes nothing, and has no button."""
    before, mails = only(story), len(story.mails())
    path = f"/invitations/{invited}"
    page = text_of(bob.sees(path))
    assert sentence in page
    for button in ("Send again", "Correct and send", "Extend", "Give more time", "Make a new link"):
        assert button not in page, button
    assert "Invite again" not in page
    for verb in verbs:
        answer = bob.posts(f"{path}/{verb}", **FORMS[verb])
        assert answer.status_code == 422, verb
        assert sentence in text_of(answer.text), verb
    story.work()
    after = only(story)
    assert (after.state, after.email, after.expires_at, after.link_generation) == (
        before.state,
        before.email,
        before.expires_at,
        before.link_generation,
    )
    assert len(story.mails()) == mails and bob.audited() == []


def test_of_a_deleted_candidate_an_expired_invitation_gets_no_more_time(story, bob, invited):
    expires(story, invited)
    deletes(story)
    refused(story, bob, invited, DELETED, ("extend",))


def test_a_deleted_candidate_who_had_started_gets_nothing_more(story, bob, invited):
    starts(story)
    deletes(story)
    refused(story, bob, invited, DELETED)


def test_a_deleted_candidate_who_was_cut_off_by_the_clock_gets_no_more_time(story, bob, invited):
    starts(story)
    change(story, invited, state=State.PARTLY_COMPLETED, partly_completed_at=now())
    deletes(story)
    refused(story, bob, invited, DELETED, ("extend", "link"))


def test_a_result_of_a_deleted_candidate_gets_no_new_link(story, bob, invited):
    starts(story)
    change(story, invited, state=State.COMPLETED, completed_at=now())
    deletes(story)
    refused(story, bob, invited, DELETED, ("link",))


@pytest.mark.parametrize("new", ["FILLED", "CANCELLED"])
def test_who_could_not_start_gets_nothing_more(story, bob, invited, new):
    job_status(story, new)
    refused(story, bob, invited, OPEN_IT)


@pytest.mark.parametrize("new", ["FILLED", "CANCELLED"])
def test_who_has_started_may_be_given_time_though_the_position_is_over(story, bob, invited, new):
    starts(story)
    job_status(story, new)
    bob.presses(f"/invitations/{invited}/extend", until=day(40))
    story.work()
    assert "more time" in story.mails()[-1]["subject"]


@pytest.mark.parametrize("status", ["REJECTED", "HIRED", "WITHDRAWN"])
@pytest.mark.parametrize("verb", FORMS)
def test_about_who_is_out_of_consideration_a_person_decides(story, bob, status, verb):
    ada = story.applies()
    story.moves(ada)
    story.work()
    story.moves(ada, status=status)
    story.work()
    bob.presses(f"/invitations/{only(story).id}/{verb}", **FORMS[verb])
    story.work()
    assert len(story.mails()) == 2


@pytest.mark.parametrize("verb", FORMS)
def test_links_go_on_working_without_smartrecruiters_so_they_can_be_sent(story, bob, invited, verb):
    with story.world.app.app_context():
        connections.disconnect(story.connection_id, None, "Alice")
        db.session.remove()
    story.work()
    before = len(story.mails())
    bob.presses(f"/invitations/{invited}/{verb}", **FORMS[verb])
    story.work()
    assert len(story.mails()) == before + 1


def test_a_mail_under_way_to_who_is_deleted_meanwhile_is_not_sent(story, bob, invited):
    starts(story)
    bob.presses(f"/invitations/{invited}/extend", until=day(30))
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Candidate).values(removed_at=now()))
    story.work()
    assert len(story.mails()) == 1
    said = "An email was not sent: the candidate is no longer in SmartRecruiters."
    assert said in story.activity()
    assert only(story).state is State.STARTED


def test_a_mail_to_who_looks_gone_waits_and_is_not_sent_if_nothing_tells_more(story, bob, invited):
    starts(story)
    with story.world.app.app_context():
        ats_id = db.session.scalars(select(Candidate.ats_id)).one()
        db.session.remove()
    story.box.post("faults", {"kind": "drop", "match": {"event": "candidate.*"}})
    with time_machine.travel(now() + timedelta(minutes=20)) as clock:
        bob.presses(f"/invitations/{invited}/extend", until=day(30))
        story.box._call("DELETE", f"companies/{story.company}/candidates/{ats_id}")
        story.work("extension_mail")
        assert len(story.mails()) == 1
        clock.shift(timedelta(minutes=11))
        story.work("extension_mail")
    assert len(story.mails()) == 1
    said = "An email was not sent: the candidate is no longer in SmartRecruiters."
    assert said in story.activity()


def hold(story) -> None:
    job_status(story, "ON_HOLD")


def disconnect(story) -> None:
    with story.world.app.app_context():
        connections.disconnect(story.connection_id, None, "Alice")
        db.session.remove()


@pytest.mark.parametrize(
    ("happens", "sentence"),
    [
        (hold, "on hold in SmartRecruiters or can't be found there, so nobody is invited now"),
        (disconnect, "SmartRecruiters is disconnected. Connect it before you invite anybody."),
        (deletes, DELETED),
    ],
)
def test_inviting_by_hand_promises_nothing_that_is_called_off(story, bob, happens, sentence):
    story.applies()
    story.told()
    story.work()
    story.box.forget_mails()
    happens(story)
    with story.world.app.app_context():
        application_id = db.session.scalars(select(Application.id)).one()
        db.session.remove()
    path = f"/jobs/{story.job_id}/invite/{application_id}"
    page = text_of(bob.sees(path))
    assert sentence in page and "The mail goes to" not in page
    answer = bob.posts(path, attempt="1")
    assert answer.status_code == 422 and sentence in text_of(answer.text)
    assert story.invitations() == [] and story.mails() == []
