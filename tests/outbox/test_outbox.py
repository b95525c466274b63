"""Work is done once by whoever holds the latest claim, and is never lost."""

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.outbox import claims as claiming
from eqsr.outbox import handlers, retention, retries, runner, schedule, service, status
from eqsr.outbox.handlers import Handler, PermanentFailure, Reschedule
from eqsr.outbox.models import Work, WorkState
from tests.crashing import Killed
from tests.outbox.kinds import OwnKind
from tests.outbox.recording import Trouble, answers, called, given_up, put, record, row, row_of


def test_done_once_however_often_it_is_rung():
    work_id = put()
    for _ in range(3):
        runner.perform(str(work_id))
    assert len(called) == 1
    assert row(work_id).state is WorkState.DONE


def test_a_row_vanishes_with_the_transaction_of_its_cause():
    with pytest.raises(ZeroDivisionError), transaction():
        service.enqueue(OwnKind.RECORDED, new_id())
        raise ZeroDivisionError
    assert db.session.scalars(select(Work)).all() == []


def test_many_workers_at_once_do_it_once(app):
    work_id = put()
    barrier = threading.Barrier(6)

    def compete():
        with app.app_context():
            barrier.wait()
            runner.perform(str(work_id))

    threads = [threading.Thread(target=compete) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(called) == 1
    assert row(work_id).claims == 1


def test_put_back_is_no_failure_and_comes_again():
    answers.append(Reschedule(30, "busy"))
    work_id = put()
    runner.perform(str(work_id))
    assert (row(work_id).state, row(work_id).failures) == (WorkState.DUE, 0)
    runner.perform(str(work_id))  # not due yet
    assert len(called) == 1
    with time_machine.travel(now() + timedelta(seconds=31)):
        runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DONE


def test_throttled_waits_as_long_as_it_is_told():
    answers.append(Trouble(retry_after=5.0, retryable=True, fault="theirs"))
    work_id = put()
    with time_machine.travel(now(), tick=False):
        runner.perform(str(work_id))
        waits = (row(work_id).due_at - now()).total_seconds()
    assert 5 <= waits <= 5.5
    assert row(work_id).failures == 0


def test_failures_end_dead_and_a_person_can_revive():
    answers.extend([Trouble(retryable=True)] * 3)
    work_id = put()
    moment = now()
    for hour in range(3):
        with time_machine.travel(moment + timedelta(hours=hour)):
            runner.perform(str(work_id))
    assert (row(work_id).state, row(work_id).failures) == (WorkState.DEAD, 3)
    assert given_up == ["trouble"]
    assert retries.retry(work_id)
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DONE


@pytest.mark.parametrize("error", [Trouble(retryable=True), OperationalError("", {}, OSError())])
def test_what_comes_again_by_itself_leaves_no_dead_work(monkeypatch, error):
    """Neither SmartRecruiters nor the database had an answer: the clock asks again anyway."""
    known = handlers.handler(OwnKind.RECORDED)
    monkeypatch.setitem(handlers._handlers, OwnKind.RECORDED, replace(known, recurring=True))
    answers.extend([error] * 3)
    work_id = put()
    moment = now()
    for hour in range(3):
        with time_machine.travel(moment + timedelta(hours=hour)):
            runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DONE
    assert len(given_up) == 1


def test_giving_up_and_telling_so_happen_together(monkeypatch):
    """Whoever is killed between the two leaves both to another worker."""

    def killed(_subject, _reason):
        raise Killed

    work_id = put()
    answers.extend([PermanentFailure("no use")] * 2)
    with monkeypatch.context() as patch:
        patch.setitem(handlers._handlers, OwnKind.RECORDED, Handler(record, 3, killed))
        with pytest.raises(Killed):
            runner.perform(str(work_id))
    assert row(work_id).state is WorkState.RUNNING
    with time_machine.travel(now() + claiming.LEASE + timedelta(seconds=1)):
        runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DEAD
    assert given_up == ["no use"]


def test_who_can_not_be_told_keeps_no_work_alive(monkeypatch):
    def broken(_subject, _reason):
        raise ZeroDivisionError

    monkeypatch.setitem(handlers._handlers, OwnKind.RECORDED, Handler(record, 3, broken))
    answers.append(PermanentFailure("no use"))
    work_id = put()
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DEAD


def test_a_late_worker_gives_nothing_up(monkeypatch):
    """Its lease had run out, and somebody else is at it."""
    work_id = put()

    def slow(subject):
        with time_machine.travel(now() + claiming.LEASE + timedelta(seconds=1)):
            assert claiming.claim(work_id)
        raise PermanentFailure("no use")

    tell = handlers.handler(OwnKind.RECORDED).on_dead
    monkeypatch.setitem(handlers._handlers, OwnKind.RECORDED, Handler(slow, 3, tell))
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.RUNNING
    assert given_up == []


@pytest.mark.parametrize("error", [PermanentFailure("no use"), Trouble(retryable=False)])
def test_what_can_not_succeed_is_not_tried_again(error):
    answers.append(error)
    work_id = put()
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DEAD


def test_trouble_of_the_connection_waits_until_it_works_again():
    connection = new_id()
    answers.append(Trouble(fault="connection", retryable=False))
    work_id = put(connection_id=connection)
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.WAITING
    assert retries.unpark(new_id()) == 0
    assert retries.unpark(connection) == 1
    runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DONE


def test_a_connection_that_only_seems_to_work_does_not_spin():
    connection = new_id()
    answers.extend([Trouble(fault="connection", retryable=False)] * 3)
    work_id = put(connection_id=connection)
    moment = now()
    for hour in range(3):
        with time_machine.travel(moment + timedelta(hours=hour)):
            retries.unpark(connection)
        with time_machine.travel(moment + timedelta(hours=hour, minutes=30)):
            runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DEAD


def test_lapsed_lease_is_claimed_and_the_late_worker_changes_nothing():
    work_id = put()
    late = claiming.claim(work_id)
    assert claiming.claim(work_id) is None
    with time_machine.travel(now() + claiming.LEASE + timedelta(seconds=1)):
        fresh = claiming.claim(work_id)
        assert fresh.number == late.number + 1
        assert not claiming.done(late)
        assert row(work_id).state is WorkState.RUNNING
        assert claiming.done(fresh)


def test_once_means_one_open_row():
    subject = new_id()
    service.enqueue(OwnKind.RECORDED, subject, once=True)
    service.enqueue(OwnKind.RECORDED, subject, once=True)
    rows = db.session.scalars(select(Work).where(Work.subject_id == subject)).all()
    assert len(rows) == 1
    claiming.claim(rows[0].id)
    service.enqueue(OwnKind.RECORDED, subject, once=True)  # a new cause, while it is being done
    rows = db.session.scalars(select(Work).where(Work.subject_id == subject)).all()
    assert len(rows) == 2


def test_a_row_that_makes_another_unnecessary_is_due_no_later():
    subject, moment = new_id(), now()
    for minutes in (20, 5, 30):
        due = moment + timedelta(minutes=minutes)
        service.enqueue(OwnKind.RECORDED, subject, once=True, due_at=due)
    assert row_of(subject).due_at == moment + timedelta(minutes=5)


def test_work_is_ahead_unless_it_is_in_hand_or_has_ended():
    work_id, moment = put(), now()
    subject = row(work_id).subject_id

    def is_ahead() -> bool:
        return status.is_pending(OwnKind.RECORDED, subject)

    assert is_ahead()
    assert not status.is_pending(OwnKind.OTHER, subject)
    answers.extend([Trouble(retryable=True), Trouble(fault="connection", retryable=False)])
    for hour, state in enumerate((WorkState.DUE, WorkState.WAITING)):
        with time_machine.travel(moment + timedelta(hours=hour)):
            runner.perform(str(work_id))
        assert row(work_id).state is state
        assert is_ahead()
    with time_machine.travel(moment + timedelta(hours=2)):
        with transaction() as session:
            session.execute(update(Work).values(state=WorkState.DUE))
        claim = claiming.claim(work_id)
        assert not is_ahead()
        claiming.done(claim)
        assert not is_ahead()


def test_work_of_a_kind_that_only_a_newer_release_knows_is_put_back_with_a_line(caplog):
    """However often an older worker takes it: it uses up no attempt and does not spin."""
    service.enqueue_stored("of_a_newer_release", subject := new_id(), now())
    for hour in range(100):
        with time_machine.travel(now() + timedelta(hours=hour)):
            runner.perform(str(row_of(subject).id))
    left = row_of(subject)
    assert (left.state, left.failures) == (WorkState.DUE, 0)
    with time_machine.travel(now() + timedelta(hours=99)):
        assert left.due_at > now() + timedelta(seconds=runner.UNKNOWN_WAIT - 1)
        runner.perform(str(left.id))  # not yet
    assert row_of(subject).claims == 100
    assert "of_a_newer_release" in caplog.text
    assert status.unknown_kinds() == ["of_a_newer_release"]


def test_a_row_that_fails_keeps_none_from_being_done():
    answers.append(ValueError("a mistake of ours"))
    first, second = put(), put()
    runner.perform(str(first), "no id at all", str(second))
    assert [row(one).state for one in (first, second)] == [WorkState.DUE, WorkState.DONE]


def test_enqueueing_needs_no_redis(redis):
    redis.kill()
    try:
        assert row(put()).state is WorkState.DUE
    finally:
        redis.start()


@pytest.mark.parametrize("failures", [1, 5, 12, 60])
def test_backoff_stays_between_half_a_second_and_an_hour(failures):
    rng = random.Random(7)
    waits = [claiming.backoff(failures, rng) for _ in range(200)]
    assert min(waits) >= 0.5
    assert max(waits) <= min(3600, max(0.5, 2.0**failures))


def test_old_work_is_forgotten_but_dead_work_stays():
    answers.append(PermanentFailure("no use"))
    dead = put()
    runner.perform(str(dead))
    done = put()
    runner.perform(str(done))
    with time_machine.travel(now() + retention.KEEP_DONE + timedelta(days=1)):
        assert retention.forget_old() == 1
    assert row(dead).state is WorkState.DEAD


def test_forgetting_is_in_the_schedule():
    assert retention.forget_old in [entry.run for entry in schedule.entries()]
