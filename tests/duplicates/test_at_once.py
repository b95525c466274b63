"""One person's two profiles move on two jobs at the same moment: one invitation, one question."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import select, text, update

from eqsr.accounts.models import Organisation, User
from eqsr.candidates.models import Application, Candidate
from eqsr.core.db import db, transaction
from eqsr.duplicates.models import InvitationHold
from eqsr.invitations import applying, by_hand
from eqsr.invitations.management import Actor
from eqsr.jobs.models import Job
from eqsr.outbox import runner
from eqsr.outbox.models import Work, WorkState
from eqsr.webhooks.models import WebhookEvent
from tests.duplicates.held_page import second_job
from tests.services.processes import eventually

SCREEN = {"status": "IN_REVIEW", "subStatus": "Phone screen"}


@pytest.fixture
def two_jobs(story):
    """Both ask for the same assessment, and the organisation holds a second invitation."""
    second_job(story)
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Organisation).values(hold_other_jobs=True))
    return story


def somebody_waits() -> bool:
    """For a lock of PostgreSQL; on SQLite whoever writes waits outside the database."""
    if db.engine.dialect.name == "sqlite":
        return True
    with db.engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(connection.scalar(text(waiting)))


def threads(app, *actions: Callable[[], object]) -> list[BaseException]:
    """Do these at the same time; return what they raised."""
    failures: list[BaseException] = []

    def run(action: Callable[[], object]) -> None:
        try:
            with app.app_context():
                action()
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    running = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join(60)
    return failures


def holds(story) -> int:
    with story.world.app.app_context():
        number = len(db.session.scalars(select(InvitationHold.id)).all())
        db.session.remove()
        return number


def move_events(story) -> list[str]:
    """Ids of the work that acts on the moves, whose candidates we have not heard of before."""
    with story.world.app.app_context():
        query = select(Work.id).join(WebhookEvent, WebhookEvent.id == Work.subject_id)
        moves = query.where(WebhookEvent.name == "application.status.updated")
        found = [str(one) for one in db.session.scalars(moves.where(Work.state == WorkState.DUE))]
        db.session.remove()
        return found


def meeting(monkeypatch, room, name: str) -> threading.Event:
    """Whoever calls this function first goes on once somebody waits, or is as far, too."""
    original, inside, first = getattr(room, name), [], threading.Event()

    def called(*args, **named):
        inside.append(threading.get_ident())
        done = original(*args, **named)
        first.set()
        assert eventually(lambda: len(inside) > 1 or somebody_waits())
        return done

    monkeypatch.setattr(room, name, called)
    return first


@pytest.mark.parametrize("same", ["address", "phone"])
def test_two_moves_on_two_jobs_invite_once(two_jobs, monkeypatch, same):
    story = two_jobs
    emails = ("ada@example.org", "ADA@example.org" if same == "address" else "a@home.example")
    for email, stage in zip(emails, ({}, SCREEN), strict=True):
        candidate = story.applies(email)
        if same == "phone":
            path = f"companies/{story.company}/candidates/{candidate['id']}"
            story.box.post(path, {"phoneNumber": "0612345678"})
        story.moves(candidate, **stage)
    meeting(monkeypatch, applying.from_stage, "invite_from_stage")
    works = [lambda one=one: runner.perform(one) for one in move_events(story)]
    assert len(works) == 2 and threads(story.world.app, *works) == []
    monkeypatch.undo()
    story.work()
    assert len(story.invitations()) == len(story.mails()) == holds(story) == 1


def test_a_move_waits_for_who_invites_by_hand(two_jobs, monkeypatch):
    story = two_jobs
    story.applies()
    story.told()
    story.work()
    story.moves(story.applies("ADA@example.org"), **SCREEN)
    [event] = move_events(story)
    first = meeting(monkeypatch, by_hand, "queue_email")

    def invites() -> None:
        bob = db.session.scalars(select(User).where(User.email == story.world.bob)).one()
        address = Candidate.email == "ada@example.org"
        query = select(Application).join(Application.candidate).where(address)
        application = db.session.scalars(query).one()
        job = db.session.get_one(Job, story.job_id)
        by_hand.invite(job, application, 1, Actor(bob))

    def moves() -> None:
        assert first.wait(30)
        runner.perform(event)

    assert threads(story.world.app, invites, moves) == []
    monkeypatch.undo()
    story.work()
    assert len(story.invitations()) == len(story.mails()) == holds(story) == 1
