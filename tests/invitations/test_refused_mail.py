"""A mail server that wants none of our mail, in the middle of everybody's work."""

import dataclasses
import email
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import due_reminders, email_retry
from eqsr.invitations.models import InvitationState as State
from eqsr.mail import pause_probes, server_pause, smtp
from eqsr.mail.models import Mail, MailState
from eqsr.ops import doctor
from eqsr.outbox import runner
from eqsr.outbox.models import Work, WorkState
from eqsr.screens.jobs import problems
from eqsr.smartrecruiters.types.stages import Stage
from eqsr.webhooks import service as webhooks
from tests.invitations.living import START, Living
from tests.mail.server import Scriptable, scriptable

STAGE = Stage("IN_REVIEW", "Assessment")
MINUTE = timedelta(minutes=1)
QUOTA = "550 5.4.5 Daily user sending limit exceeded."
send_for_real = smtp.send


@pytest.fixture
def server():
    with scriptable() as running:
        yield running


@pytest.fixture
def life(app, monkeypatch, server):
    """Living, with a mail server that speaks SMTP."""
    with app.app_context():
        db.session.remove()
    settings = dataclasses.replace(app.extensions["eqsr.settings"], mail_url=server.url)
    monkeypatch.setitem(app.extensions, "eqsr.settings", settings)
    living = Living(app)
    living.patch.setattr(smtp, "send", send_for_real)
    living.watch(STAGE)
    yield living
    living.end()


def invite(life: Living, number: int, address: str = "") -> None:
    """So many people apply and are moved."""
    for _ in range(number):
        life.ats.applies(address or life.fresh_address())
        event = life.ats.moves(life.person(-1), STAGE)
        webhooks.store(life.connection_id, event.headers, event.body)


def work(at_most: int = 2000) -> None:
    """Do what is due, also what belongs to no connection."""
    for _ in range(at_most):
        query = select(Work.id).where(Work.state == WorkState.DUE, Work.due_at <= now())
        work_id = db.session.scalar(query.order_by(Work.due_at, Work.id).limit(1))
        db.session.commit()
        if work_id is None:
            return
        runner.perform(str(work_id))


def minutes(life: Living, number: int) -> None:
    """The clock goes on, and the workers with it."""
    for _ in range(number):
        life.clock.shift(MINUTE)
        pause_probes.release_waiting()
        work()


def arrived(server: Scriptable) -> Counter:
    return Counter(
        (taken.recipient, email.message_from_bytes(taken.wire)["Message-ID"])
        for taken in server.taken
    )


@pytest.mark.parametrize(
    ("where", "answer", "ours"),
    [
        ("rcpt", QUOTA, True),
        ("end", "550 5.7.26 This mail is unauthenticated", True),
        ("mail", "553 5.1.8 sender domain does not exist", True),
        ("hello", "554 we take no mail from you", True),
        ("rcpt", "421 4.7.0 closing", False),
    ],
)
def test_an_hour_of_refusals_loses_and_blames_nobody(life, server, where, answer, ours):
    invite(life, 10)
    work()
    life.clock.move_to(START + timedelta(days=3, minutes=5))
    assert due_reminders.remind_due() == 10
    invite(life, 50)
    work(90)
    before = len(server.taken)
    assert 10 < before < 70
    server.answers[where] = answer
    tries = server.tries()
    minutes(life, 60)
    # Nobody is to blame, and nothing counts as a try of theirs.
    assert len(server.taken) == before
    assert {one.state for one in life.invitations()} <= {State.SENT, State.QUEUED}
    assert not db.session.scalars(select(Work.id).where(Work.failures > 0)).all()
    assert server.tries() - tries <= 25
    # One sentence for the operator.
    (finding,) = [one for one in doctor.examine(lambda: True) if one.subject == "mail server"]
    pause = server_pause.current()
    waiting = pause_probes.waiting()
    assert pause.ours is ours and waiting == 70 - before
    assert f"so {waiting} emails wait: " in finding.sentence and not finding.well
    links = {life.job.id: list(life.job.active_links)}
    assert problems.sentences([life.job], links) == {life.job.id: []}
    del server.answers[where]
    minutes(life, 16)
    assert server_pause.current() is None and pause_probes.waiting() == 0
    mails = arrived(server)
    assert len(mails) == 70 and set(mails.values()) == {1}
    assert {one.state for one in life.invitations()} == {State.SENT}
    assert len(life.invitations()) == 60


def test_a_person_may_ask_for_it_at_once(life, server):
    server.answers["rcpt"] = QUOTA
    invite(life, 3)
    minutes(life, 30)
    del server.answers["rcpt"]
    assert email_retry.retry_all() == 3
    work()
    assert len(server.taken) == 3


def test_one_mail_that_always_meets_a_refusal_does_not_stop_the_others(life, server):
    odd = life.fresh_address()
    server.answers["rcpt"] = lambda line: QUOTA if odd in line else "250 fine"
    invite(life, 1, odd)
    for _ in range(6):
        invite(life, 2)
        minutes(life, 20)
    assert len(server.taken) == 12
    (left,) = [one for one in life.invitations() if one.state is not State.SENT]
    assert (left.state, left.fault) == (State.UNDELIVERABLE, "content")
    (sentence,) = problems.sentences([life.job], {life.job.id: []})[life.job.id]
    assert "Correct" not in sentence and "may be right" in sentence


def test_a_recipient_is_tried_for_days_and_then_given_up(life, server):
    server.answers["rcpt"] = "451 4.7.1 Greylisted for ever"
    invite(life, 1)
    work()
    began, seen = now(), []
    for _ in range(24 * 6):
        life.clock.shift(timedelta(hours=1))
        work()
        (invitation,) = life.invitations()
        if invitation.state is State.UNDELIVERABLE:
            seen.append(now() - began)
            break
    assert timedelta(days=5) <= seen[0] < timedelta(days=5, hours=5)
    assert invitation.fault == "passing"
    # Somebody asks for it once more, and it works.
    del server.answers["rcpt"]
    assert email_retry.retry_all() > 0
    work()
    assert len(server.taken) == 1
    assert life.invitations()[0].state is State.SENT


def test_a_weekend_without_a_mail_server_loses_nothing(life, server):
    server.answers["hello"] = "421 4.3.2 closed for the weekend"
    invite(life, 3)
    for _ in range(70):
        life.clock.shift(timedelta(hours=1))
        pause_probes.release_waiting()
        work()
    assert {one.state for one in life.invitations()} == {State.QUEUED}
    server.answers.clear()
    minutes(life, 6)
    assert len(server.taken) == 3 and set(arrived(server).values()) == {1}


def test_a_worker_that_dies_while_it_probes_leaves_the_others_waiting_for_two_minutes(life, server):
    server.answers["rcpt"] = QUOTA
    invite(life, 2)
    work()
    life.clock.shift(MINUTE)
    assert server_pause.begin_try()  # and is never heard of again
    server.answers.clear()
    pause_probes.release_waiting()
    work()
    assert not server.taken
    minutes(life, 3)
    assert len(server.taken) == 2


@pytest.mark.parametrize("later", ["450 4.7.1 Greylisted", "452 4.2.2 Mailbox full"])
def test_a_probe_that_its_recipient_puts_off_keeps_no_others_waiting(life, server, later):
    server.answers["hello"] = "421 too busy"
    invite(life, 3, "full@example.org")
    invite(life, 1)
    work()
    assert server_pause.current()
    server.answers = {"rcpt": lambda line: later if "full@" in line else "250 2.1.5 yes"}
    life.clock.shift(server_pause.FIRST_PAUSE[False] * timedelta(seconds=2))
    pause_probes.release_waiting()
    work()
    assert len(server.taken) == 1 and server_pause.current() is None


def test_only_the_recipient_makes_an_address_undeliverable(life, server):
    server.answers["rcpt"] = "550 5.1.1 user unknown"
    invite(life, 1)
    work()
    (invitation,) = life.invitations()
    assert (invitation.state, invitation.fault) == (State.UNDELIVERABLE, "recipient")
    (sentence,) = problems.sentences([life.job], {life.job.id: []})[life.job.id]
    assert "Correct its address" in sentence
    assert email_retry.retry_all() == 0
    assert db.session.scalar(select(Work.id).where(Work.state == WorkState.DEAD)) is None


def test_what_was_put_back_while_the_pause_ended_is_found(life, server):
    server.answers["rcpt"] = QUOTA
    invite(life, 1)
    work()
    with transaction() as session:
        session.delete(server_pause.current())
    server.answers.clear()
    minutes(life, 1)
    assert db.session.scalars(select(Mail.state)).all() == [MailState.ACCEPTED]
    assert len(server.taken) == 1
