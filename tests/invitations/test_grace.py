"""The time to wait after a move: who is moved back meanwhile gets no mail."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import queries
from eqsr.invitations.decisions import EPOCH, decide
from eqsr.jobs import service as jobs
from eqsr.jobs.models import StageLink
from eqsr.outbox.models import WorkState
from tests.invitations.decision_facts import OTHER, START, WANTED, reading, watch
from tests.story import STAGE

TEN = timedelta(minutes=10)


def at(minutes: float, read):
    """The same reading at another moment."""
    return type(read)(**{**vars(read), "at": START + timedelta(minutes=minutes)})


def test_a_decision_waits_from_the_move_on():
    waiting = decide(watch(grace=TEN), at(15, reading()))
    assert (waiting.invite, waiting.kind) == (False, "grace_begun")
    assert waiting.look_again == START + timedelta(minutes=20)
    assert decide(watch(grace=TEN), at(20, reading())).invite
    assert decide(watch(), at(10, reading())).invite


def test_without_a_history_it_waits_from_the_event_on():
    silent = at(15, reading(moves=()))
    assert decide(watch(grace=TEN), silent).look_again == START + timedelta(minutes=25)
    waited = type(silent)(**{**vars(silent), "waited": True})
    assert decide(watch(grace=TEN), waited).invite


def test_leaving_soon_and_leaving_later_are_told_apart():
    back = reading(stage=OTHER, moves=((1, WANTED), (3, OTHER)))
    on = reading(stage=OTHER, moves=((1, WANTED), (30, OTHER)))
    assert decide(watch(grace=TEN), back).kind == "left_in_grace"
    assert decide(watch(grace=TEN), on).kind == "left_stage"


def test_everybody_counts_where_that_was_chosen():
    long_ago = reading(moves=((-100_000, WANTED),))
    assert not decide(watch(), long_ago).invite
    assert decide(watch(since=EPOCH), long_ago).invite
    assert decide(watch(since=EPOCH), reading(moves=(), just_moved=False)).invite
    assert not decide(watch(since=EPOCH, invited_on=START), long_ago).invite


def wait_for(story, minutes: int) -> None:
    with story.world.app.app_context(), transaction() as session:
        session.scalars(select(StageLink)).one().grace_minutes = minutes


def test_moved_back_within_the_wait_gets_no_mail(story):
    wait_for(story, 10)
    ada = story.applies()
    story.moves(ada)
    story.work()
    assert story.mails() == []
    (due,) = [row for row in story.work.rows("look_after_grace") if row.state is WorkState.DUE]
    assert timedelta(minutes=9) < due.due_at - now() < timedelta(minutes=11)
    story.moves(ada, status="NEW")
    story.work()
    with time_machine.travel(now() + timedelta(minutes=12), tick=True):
        story.work()
    assert story.mails() == [] and story.invitations() == []
    told = story.activity()
    assert (
        "Not invited yet: the invitation waits for 10 minutes, in case the move to In review: "
        "Assessment is taken back." in told
    )
    assert (
        "Not invited: the application left In review: Assessment within the 10 minutes that an "
        "invitation waits." in told
    )


def test_who_stays_is_invited_when_the_wait_is_over(story):
    wait_for(story, 10)
    story.moves(story.applies())
    story.work()
    assert story.mails() == []
    with time_machine.travel(now() + timedelta(minutes=12), tick=True):
        story.work()
        story.work()
    assert len(story.mails()) == 1
    assert (
        "Looked again after the wait: the application is in In review: Assessment."
        in story.activity()
    )


def test_a_stage_that_asks_for_something_else_invites_again_and_the_same_does_not(story):
    with story.world.app.app_context():
        job = jobs.job_of(story.world.northwind, story.job_id)
        link, user = jobs.active_link(job), None
        from eqsr.accounts.models import User

        user = db.session.scalars(select(User).where(User.email == story.world.alice)).one()
        same, other = ("INTERVIEW", ""), ("OFFERED", "")
        jobs.connect(job, link.ats_job, *same, user)
        terms = jobs.Terms(assessment="work-style-long")
        jobs.connect(job, link.ats_job, *other, user, terms)
    ada = story.applies()
    for stage in (STAGE, {"status": "INTERVIEW"}):
        story.moves(ada, **stage)
        story.work()
    (first,) = story.invitations()
    assert first.asks_for == "work-style"
    assert any("Not invited again" in line for line in story.activity())
    with story.world.app.app_context(), transaction() as session:
        from eqsr.invitations import from_stage

        link = session.scalars(select(StageLink).where(StageLink.status == "OFFERED")).one()
        application = session.get_one(type(first.application), first.application_id)
        for made in (True, False):
            answer = from_stage.invite_from_stage(link, application, "ada@example.org", "Offered")
            assert answer is made
        second = queries.for_link(link, application)
        assert (second.attempt, second.asks_for) == (2, "work-style-long")
