"""Every kind of mail that the product has leaves once, even if the worker dies when the mail server
has accepted it and before the work has ended."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from inspect import signature

import pytest
import time_machine
from sqlalchemy import select

from eqsr.candidates.models import Candidate
from eqsr.connections import service as connections
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.extras.feedback.models import CandidateRequest
from eqsr.mail.models import Mail, MailState
from eqsr.outbox import claims, handlers
from eqsr.outbox.models import WorkState
from eqsr.smartrecruiters.errors.access import CredentialsRefused
from tests.accounts.guesses import guess, guess_all_day
from tests.accounts.new_password import SAME
from tests.connections.hiring_processes import RENAMED, stages
from tests.crashing import Boundaries, Killed
from tests.extras.privacy.marked import Marked
from tests.extras.shared_profiles.share_form import share
from tests.invitations.conftest import Recruiter, only, take_link
from tests.invitations.dates import day, working_day
from tests.invitations.reminders import was_sent
from tests.invitations.visitor import Visitor
from tests.people import anybody, person
from tests.results.conftest import Results
from tests.sittings import sitting as sit
from tests.story import Story
from tests.world import PASSWORD

# Has a mail written down and not sent; when the worker sends it, if not now.
Cause = Callable[[Story], datetime | None]

CASES: list[tuple[str, Cause]] = []


def causes(kind: str) -> Callable[[Cause], Cause]:
    """Register a function that has a mail of this kind written down, by its real verb or page."""

    def register(cause: Cause) -> Cause:
        CASES.append((kind, cause))
        return cause

    return register


def kinds_of_mail(app) -> set[str]:
    """The kinds of work that send a mail: their handlers take a ``mail_id``."""
    known = {kind: handlers.handler(kind) for kind in handlers.kinds()}
    return {kind for kind, one in known.items() if "mail_id" in signature(one.run).parameters}


def work_without_mails(story: Story) -> None:
    """Everything that is due, but for mails."""
    story.work(*(set(handlers.kinds()) - kinds_of_mail(story.world.app)))


def invited(story: Story) -> str:
    """The path of the page of Ada's invitation, whose mail has left."""
    story.moves(story.applies())
    story.work()
    return f"/invitations/{only(story).id}"


@causes("invitation_mail")
def moved_into_the_stage(story: Story) -> None:
    story.moves(story.applies())
    work_without_mails(story)


@causes("invitation_mail")
def confirmed_at_an_open_link(story: Story) -> None:
    visitor = Visitor(story.world, sit.share(story.world), story.box, story.work)
    visitor.comes()
    assert visitor.confirms(visitor.mails()[-1]).status_code == 303


@causes("invitation_again")
def sent_again(story: Story) -> None:
    path = invited(story)
    Recruiter(story).presses(f"{path}/resend")


@causes("new_link_mail")
def link_renewed(story: Story) -> None:
    path, bob = invited(story), Recruiter(story)
    generation = re.search(r'name="generation" value="(\d+)"', bob.sees(f"{path}/link"))[1]
    bob.presses(f"{path}/link", generation=generation)


@causes("extension_mail")
def extended(story: Story) -> None:
    path = invited(story)
    Recruiter(story).presses(f"{path}/extend", until=day(30))


@causes("ended_mail")
def ended_by_the_clock(story: Story) -> datetime:
    invited(story)
    client = story.world.app.test_client()
    path = take_link(story.mails()[0]).removeprefix(story.site.url)
    found = only(story)
    ada = sit.Person(story.world.app, found.id, found.application_id, found.id, path)
    sit.answer_all(client, ada)
    with time_machine.travel(now() + timedelta(days=16)):
        story.work.by_clock()
        story.work("end_by_clock")
        return now()


@causes("reminder_mail")
def time_to_remind(story: Story) -> datetime:
    invited(story)
    moment = working_day(4)
    was_sent(story, moment - timedelta(days=3, hours=1))
    with time_machine.travel(moment):
        story.work.by_clock()
        return now()


@causes("sign_up_mail")
def came_to_an_open_link(story: Story) -> None:
    Visitor(story.world, sit.share(story.world), story.box, story.work).comes()


@causes("stage_missing_mail")
def stage_renamed_in_smartrecruiters(story: Story) -> datetime:
    stages(story, **RENAMED)
    with time_machine.travel(now() + timedelta(minutes=11)):
        story.work.by_clock()
        work_without_mails(story)
        story.work.by_clock()
        return now()


@causes("connection_trouble_mail")
def credential_refused(story: Story) -> None:
    with story.world.app.app_context():
        connections.report(story.connection_id, CredentialsRefused())
        db.session.remove()


@causes("credential_changed")
def disconnected(story: Story) -> None:
    person(story.world, story.world.alice).posts("/connection/disconnect")


@causes("team_invitation")
def asked_to_join(story: Story) -> None:
    alice = person(story.world, story.world.alice)
    alice.presses("/team/invite", email="nadia@northwind.example", role="reviewer")


@causes("profile_share")
def profile_shared(story: Story) -> None:
    invited(story)
    bob = person(story.world, story.world.bob)
    with story.world.app.app_context():
        ada = db.session.scalar(select(Candidate.id))
    bob.presses(f"/candidates/{ada}/guests", **share(bob, ada))


@causes("password_reset")
def password_forgotten(story: Story) -> None:
    anybody(story.world).presses("/password/forgotten", email=story.world.bob)
    work_without_mails(story)


@causes("password_changed")
def password_changed(story: Story) -> None:
    bob = person(story.world, story.world.bob)
    assert bob.posts("/password", current=PASSWORD, **SAME).status_code < 400


@causes("guessing_mail")
def password_guessed(story: Story) -> None:
    guess_all_day(story.world, story.world.bob, but=1)
    guess(story.world, story.world.bob)
    work_without_mails(story)


@causes("candidate_request_mail")
def candidate_asks(story: Story) -> None:
    candidate = Marked(Results(story))
    candidate.asks("review")


@causes("candidate_answer_mail")
def candidate_is_answered(story: Story) -> None:
    candidate = Marked(Results(story))
    candidate.asks("review")
    [request] = candidate.rows(CandidateRequest)
    bob = person(story.world, story.world.bob)
    form = {"request": str(request.id), "answer": "We looked at it together."}
    assert bob.posts(f"/invitations/{candidate.invitation_id}/request", **form).status_code == 303


@causes("erasure_mail")
def erased_as_they_asked(story: Story) -> None:
    candidate = Marked(Results(story))
    candidate.asks("erasure")
    assert candidate.erase().status_code == 303


def test_each_kind_of_mail_has_a_case(app):
    """The cases below are all kinds that this release sends."""
    assert {kind for kind, _cause in CASES} == kinds_of_mail(app)


@pytest.mark.parametrize(("kind", "cause"), CASES, ids=[cause.__name__ for _kind, cause in CASES])
def test_a_mail_that_was_accepted_is_not_sent_again(story, monkeypatch, kind, cause):
    moment = cause(story) or now()
    expected = in_state(story, kind, MailState.QUEUED)
    assert expected, "the cause wrote no mail down"
    story.box.forget_mails()
    boundaries = Boundaries(monkeypatch, (claims, "done"))
    with time_machine.travel(moment):
        with boundaries.killing_at(1), pytest.raises(Killed):
            story.work(kind)
        assert_accepted_and_not_ended(story, kind)
        story.work.lapse_leases()
        story.work(kind)
    assert {row.state for row in story.work.rows(kind)} == {WorkState.DONE}
    assert set(expected) <= set(in_state(story, kind, MailState.ACCEPTED))
    sent = Counter(mail["message_id"] for mail in story.mails())
    assert sent == Counter(expected), "one of them left twice, or not at all"


def in_state(story: Story, kind: str, state: MailState) -> list[str]:
    """The Message-IDs of the mails of this kind that are in this state."""
    with story.world.app.app_context():
        query = select(Mail.message_id).where(Mail.kind == kind, Mail.state == state)
        return list(db.session.scalars(query))


def assert_accepted_and_not_ended(story: Story, kind: str) -> None:
    """The worker died in between: of one mail it is known that it left, its work is not over."""
    [row] = [row for row in story.work.rows(kind) if row.state is WorkState.RUNNING]
    with story.world.app.app_context():
        assert db.session.get_one(Mail, row.subject_id).state is MailState.ACCEPTED
    assert len(story.mails()) == 1
