"""A restored installation carries on, and nobody gets an email twice."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import due_reminders
from eqsr.invitations.models import Invitation
from eqsr.invitations.models import InvitationState as State
from eqsr.jobs.models import Job
from eqsr.mail import restore_pause
from tests.invitations.dates import working_day
from tests.snapshots import forget
from tools.chaos.takers import take


@pytest.fixture
def run(story):
    """``run("mail", "resume", …)``: a command of the installation; its result."""

    def call(*arguments: object):
        return story.world.app.test_cli_runner().invoke(args=[*map(str, arguments)])

    return call


@pytest.fixture
def lose_and_restore(story, run, redis, make_database, tmp_path):
    """Database and Redis are gone; a new installation restores the backup."""

    def call() -> None:
        with story.world.app.app_context():
            db.session.remove()
            db.engine.dispose()
        make_database()
        redis.wipe()
        forget()
        done = run("restore", tmp_path / "backup.zip")
        assert done.exit_code == 0, done.output

    return call


@pytest.fixture
def backed_up(story, run, tmp_path):
    """Ada was invited before the backup, and Ben's email was only queued then; both moved."""
    story.moves(story.applies("ada@example.org"))
    story.work()
    story.moves(story.applies("ben@example.org", firstName="Ben"))
    story.work("webhook_event")
    assert run("backup", tmp_path / "backup.zip").exit_code == 0
    return story


def link(mail: dict) -> str:
    return re.search(r"http://[^/]+(/take/\S+)", mail["text"])[1]


def state(story, email: str) -> State:
    return {one.email: one.state for one in story.invitations()}[email]


def test_what_another_installation_sent_is_not_sent_again(backed_up, run, lose_and_restore):
    story = backed_up
    story.work()  # the old installation goes on
    (sent,) = story.mails("ben@example.org")
    lose_and_restore()
    story.work()
    assert state(story, "ben@example.org") is State.QUEUED
    doctor = run("doctor")
    assert doctor.exit_code == 1
    assert re.search(r"problem restored backup: no email .* 1 emails wait", doctor.stdout)
    assert "mail resume" in doctor.stdout
    metrics = story.world.app.test_client().get("/metrics").text
    assert 'eqsr_mail_paused{fault="restored"} 1.0' in metrics
    assert "eqsr_mail_waiting 1.0" in metrics
    # Neither the clock, nor a retry of everything, nor a good mail server ends the pause.
    run("work", "retry")
    story.work.by_clock()
    story.work.hurry()
    story.work()
    assert len(story.mails("ben@example.org")) == 1
    done = run("mail", "resume", "--sent-until", f"{now():%Y-%m-%dT%H:%M:%S.%f}")
    assert done.exit_code == 0, done.output
    story.work()
    assert state(story, "ben@example.org") is State.SENT
    assert len(story.mails("ben@example.org")) == 1
    for mail in (*story.mails("ada@example.org"), sent):
        assert story.world.app.test_client().get(link(mail)).status_code == 200
    assert "problem restored backup" not in run("doctor").stdout
    # Life goes on: whoever is moved now is invited. What SmartRecruiters could not deliver while
    # the installation was lost comes again after a minute.
    story.box.post("clock", {"advance_seconds": 61})
    story.moves(story.applies("eve@example.org"))
    story.work()
    assert len(story.mails("eve@example.org")) == 1


def test_an_invitation_under_way_and_its_work_go_on(backed_up, run, lose_and_restore):
    """After a backup that was the last thing the old installation did: a move to a new machine."""
    story = backed_up
    lose_and_restore()
    story.work()
    assert story.mails("ben@example.org") == []
    assert run("mail", "resume", "--send-all").exit_code == 0
    story.work()
    (mail,) = story.mails("ben@example.org")
    assert state(story, "ben@example.org") is State.SENT
    candidate = story.world.app.test_client()
    assert candidate.get(link(mail)).status_code == 200
    assert len(story.mails("ada@example.org")) == 1
    assert not [row for row in story.work.rows() if row.state == "dead"]


def test_smartrecruiters_is_told_once(story, run, lose_and_restore, tmp_path):
    """What the old installation wrote there after the backup is found and not written again."""
    with story.world.app.app_context(), transaction() as session:
        session.execute(update(Job).values(attach_report=True))
    candidate = story.applies("ada@example.org")
    story.moves(candidate)
    story.work()
    with story.world.app.app_context():
        take(story.invitations()[0].id)
        db.session.remove()
    assert run("backup", tmp_path / "backup.zip").exit_code == 0
    story.work.settle()  # the old installation goes on
    before = story.profile(candidate)
    assert len(before["notes"]) == 1 and "View details" in before["notes"][0]["content"]
    assert len(before["attachments"]) == 1
    lose_and_restore()
    run("mail", "resume", "--sent-until", f"{now():%Y-%m-%dT%H:%M:%S.%f}+00:00")
    story.work.settle()
    story.work.by_clock()
    story.work.settle()
    after = story.profile(candidate)
    assert len(after["notes"]) == 1 and after["tags"] == before["tags"]
    assert after["attachments"] == before["attachments"]


def _look(story) -> None:
    with story.world.app.app_context():
        due_reminders.remind_due()
        db.session.remove()
    story.work()


def _reminders(story) -> list[dict]:
    return [mail for mail in story.mails() if mail["subject"].startswith("Reminder")]


@pytest.mark.one_database
def test_reminders_wait_too_and_those_of_before_count_as_sent(
    backed_up, run, lose_and_restore, tmp_path
):
    story, end = backed_up, working_day(20) + timedelta(hours=1)
    story.work()
    with story.world.app.app_context(), transaction() as session:
        times = {"sent_at": working_day(2) - timedelta(days=3), "expires_at": end}
        session.execute(update(Invitation).values(times))
    (tmp_path / "backup.zip").unlink()
    assert run("backup", tmp_path / "backup.zip").exit_code == 0
    with time_machine.travel(working_day(2) + timedelta(minutes=1)):
        _look(story)
        assert len(_reminders(story)) == 2
        lose_and_restore()
        _look(story)
        assert len(_reminders(story)) == 2
        stopped = f"{now():%Y-%m-%dT%H:%M:%S.%f}"
        assert run("mail", "resume", "--sent-until", stopped).exit_code == 0
        _look(story)
        assert len(_reminders(story)) == 2
    with time_machine.travel(working_day(20)):
        _look(story)
        assert len(_reminders(story)) == 4, "the one before the deadline"


@pytest.mark.one_database
def test_the_pause_is_ended_by_one_clear_word(backed_up, run, lose_and_restore, tmp_path):
    nothing = run("mail", "resume", "--send-all")
    assert nothing.exit_code == 1 and "No backup was restored" in nothing.stderr
    lose_and_restore()
    for wrong in ((), ("--send-all", "--sent-until", "2026-01-01"), ("--sent-until", "soon")):
        done = run("mail", "resume", *wrong)
        assert done.exit_code == 2 and "Traceback" not in done.output
    late = now() + timedelta(hours=1)
    assert "yet to come" in run("mail", "resume", "--sent-until", late.isoformat()).stderr
    # A backup of a paused installation is restored paused.
    assert run("backup", tmp_path / "again.zip").exit_code == 0
    (tmp_path / "backup.zip").unlink()
    (tmp_path / "again.zip").rename(tmp_path / "backup.zip")
    lose_and_restore()
    backed_up.work()
    assert backed_up.mails("ben@example.org") == []
    with backed_up.world.app.app_context():
        assert restore_pause.current() is not None


@pytest.mark.one_database
def test_an_email_that_was_put_back_while_the_pause_ended_goes_out(backed_up, lose_and_restore):
    lose_and_restore()
    backed_up.work()
    with backed_up.world.app.app_context():
        pause = restore_pause.current
        restore_pause.resume(None)
        db.session.remove()
    # As if a worker had read the pause a moment before.
    with pytest.MonkeyPatch.context() as patch, backed_up.world.app.app_context():
        patch.setattr(restore_pause, "current", lambda: object())
        backed_up.work()
        db.session.remove()
    assert backed_up.mails("ben@example.org") == []
    assert restore_pause.current is pause
    backed_up.work.by_clock()
    backed_up.work()
    assert len(backed_up.mails("ben@example.org")) == 1
