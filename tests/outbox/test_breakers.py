"""The circuit breaker of a connection: what opens it, what rests meanwhile, and what closes it."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.outbox import breaker_state, breakers, probing, runner, status
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work, WorkState
from tests.outbox.kinds import OwnKind
from tests.outbox.recording import Trouble, answers, put, row


def unanswered(
    connection_id, times: int = breakers.FAILURES_TO_OPEN, reason: str = "timeout"
) -> None:
    watch = breakers.BreakerObserver(connection_id)
    for _ in range(times):
        watch.unanswered("GET /jobs", reason)
    breakers.conclude(connection_id)


def probes(connection_id) -> list[Work]:
    query = select(Work).where(
        Work.kind == WorkKind.PROBE_CONNECTION, Work.connection_id == connection_id
    )
    found = list(db.session.scalars(query.execution_options(populate_existing=True)))
    db.session.commit()
    return found


def test_calls_in_a_row_without_an_answer_open_it_and_an_answer_starts_anew():
    ours = new_id()
    unanswered(ours, breakers.FAILURES_TO_OPEN - 1)
    assert breaker_state.of(ours) is None
    breakers.BreakerObserver(ours).answered()
    unanswered(ours, breakers.FAILURES_TO_OPEN - 1)
    assert breaker_state.of(ours) is None
    unanswered(ours, 1)
    found = breaker_state.of(ours)
    assert (found.reason, found.endpoint, found.probes) == ("timeout", "GET /jobs", 0)
    (probe,) = probes(ours)
    assert timedelta(seconds=4) < probe.due_at - now() <= timedelta(seconds=5)


def test_calls_that_lie_far_apart_are_not_in_a_row():
    ours, start = new_id(), now()
    for number in range(5):
        with time_machine.travel(
            start + (breaker_state.SAME_TROUBLE + timedelta(minutes=1)) * number
        ):
            unanswered(ours, 1)
    assert breaker_state.of(ours) is None


def test_what_meets_an_open_breaker_is_parked_and_uses_up_no_attempt():
    ours, start = new_id(), now()
    unanswered(ours)
    work_id = put(connection_id=ours)
    for minute in range(50):
        answers.append(Trouble(no_answer=True, retryable=True))
        with time_machine.travel(start + timedelta(minutes=minute)):
            runner.perform(str(work_id))
    assert (row(work_id).state, row(work_id).failures) == (WorkState.DUE, 0)


def test_without_a_breaker_a_call_without_an_answer_counts_as_before():
    answers.extend([Trouble(no_answer=True, retryable=True)] * 3)
    work_id, start = put(connection_id=new_id()), now()
    for hour in range(3):
        with time_machine.travel(start + timedelta(hours=hour)):
            runner.perform(str(work_id))
    assert row(work_id).state is WorkState.DEAD


def test_the_work_that_opens_it_is_parked_too():
    ours = new_id()
    watch = breakers.BreakerObserver(ours)
    for _ in range(breakers.FAILURES_TO_OPEN):
        watch.unanswered("GET /jobs", "503")
    answers.append(Trouble(no_answer=True, retryable=True))
    work_id = put(connection_id=ours)
    runner.perform(str(work_id))
    assert breaker_state.of(ours) is not None
    assert row(work_id).failures == 0


def test_another_worker_learns_of_it_within_a_second(monkeypatch):
    ours = new_id()
    unanswered(ours)
    monkeypatch.setattr(breaker_state, "_open_ids", frozenset())  # as in another process
    monkeypatch.setattr(breaker_state, "_read_at", 0.0)
    assert not breaker_state.is_parked(OwnKind.RECORDED, ours)
    assert ours in breaker_state.open_connections()
    assert breaker_state.is_parked(OwnKind.RECORDED, ours)
    assert not breaker_state.is_parked(WorkKind.PROBE_CONNECTION, ours)
    assert not breaker_state.is_parked(OwnKind.RECORDED, None)
    probing.close(ours)
    assert not breaker_state.is_parked(OwnKind.RECORDED, ours)


@pytest.mark.parametrize(
    ("number", "seconds"), [(0, 5), (1, 10), (2, 20), (5, 160), (6, 300), (999, 300)]
)
def test_probes_come_at_growing_intervals(number, seconds):
    assert probing.interval(number) == seconds


def test_trouble_that_comes_back_soon_is_the_same_trouble_and_later_another():
    ours, start = new_id(), now()
    unanswered(ours)
    since = breaker_state.of(ours).since
    probing.still_open(ours, "503")
    probing.close(ours)
    assert breaker_state.of(ours) is None
    assert breaker_state.in_trouble(ours)
    with time_machine.travel(start + timedelta(minutes=5)):
        unanswered(ours)
        again = breaker_state.of(ours)
        assert (again.since, again.probes) == (since, 2)
        probing.close(ours)
    with time_machine.travel(start + timedelta(minutes=20)):
        assert not breaker_state.in_trouble(ours)
        unanswered(ours)
        assert breaker_state.of(ours).probes == 0
        assert breaker_state.of(ours).since > since


def test_a_probe_that_got_lost_is_written_down_again():
    ours, start = new_id(), now()
    unanswered(ours)
    with transaction() as session:
        session.execute(Work.__table__.delete())
    probing.keep_probing()
    assert probes(ours) == []  # it may still be on its way
    with time_machine.travel(start + timedelta(minutes=5)):
        probing.keep_probing()
        probing.keep_probing()
        assert len(probes(ours)) == 1


def test_parked_work_does_not_count_as_late():
    ours, other = new_id(), new_id()
    put(connection_id=ours)
    unanswered(ours)
    with time_machine.travel(now() + timedelta(hours=1)):
        assert status.oldest_due_seconds() == 0
        put(connection_id=other)
        assert status.unfinished(ours) >= 1
    with time_machine.travel(now() + timedelta(hours=2)):
        assert status.oldest_due_seconds() > 3000
