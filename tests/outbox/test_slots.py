"""The slots of one worker: side by side, with a cap per customer, and none is lost for good."""

import threading
import time
import uuid
from dataclasses import replace

import pytest
import time_machine

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db
from eqsr.outbox import claims, deadlines, lanes, leases, queue, redis_client, service
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import WorkState
from eqsr.outbox.queue import DispatchGroup
from eqsr.outbox.slots import Slots
from tests.outbox.kinds import OwnKind
from tests.outbox.recording import row, row_of
from tests.services.processes import eventually

gate = threading.Event()
busy: dict[uuid.UUID, str] = {}
most: list[int] = []


def wait_at_the_gate(subject_id: uuid.UUID) -> None:
    busy[subject_id] = threading.current_thread().name
    most.append(len(busy))
    gate.wait()
    del busy[subject_id]


handles(OwnKind.GATED)(wait_at_the_gate)
handles(OwnKind.GATED_TOO)(wait_at_the_gate)


@handles(OwnKind.ENDLESS)
def endless(_subject_id: uuid.UUID) -> None:
    while not gate.is_set():
        time.sleep(0.001)


@handles(OwnKind.QUICK)
def quick(_subject_id: uuid.UUID) -> None:
    pass


@pytest.fixture
def worker(app, redis):
    """Starts the slots of a worker: six, of which a customer may have two."""
    gate.clear()
    busy.clear()
    most.clear()
    started, failed = [], threading.Event()

    def start(number: int = 6, lane: lanes.Lane = lanes.COMMON) -> Slots:
        slots = Slots(app.app_context, lane, number, lanes.cap(number), failed.set)
        slots.failed = failed
        started.append(slots)
        slots.start()
        return slots

    yield start
    gate.set()
    for slots in started:
        slots.stop()
        assert slots.settled(60)
        for slot in slots._slots:  # also those that hung
            slot.thread.join(60)


def put(kind: str, customer: uuid.UUID, number: int = 1) -> list[uuid.UUID]:
    """Rows that go straight to RQ, past the dispatcher and its limits."""
    subjects = [new_id() for _ in range(number)]
    for subject in subjects:
        service.enqueue(kind, subject, connection_id=customer)
    ids = [row_of(subject).id for subject in subjects]
    queue.dispatch([DispatchGroup(kind, customer, [one]) for one in ids])
    return ids


def done(ids: list[uuid.UUID]) -> bool:
    return all(row(one).state is WorkState.DONE for one in ids)


def test_whatever_lies_in_redis_a_customer_never_has_more_slots_than_its_cap(worker):
    crowd, other = new_id(), new_id()
    put(OwnKind.GATED, crowd, 15)
    put(OwnKind.GATED_TOO, crowd, 15)
    well = put(OwnKind.QUICK, other, 5)
    worker()
    assert eventually(lambda: done(well), 10)
    assert len(busy) == max(most) == lanes.cap(6) == 2


def test_what_was_left_for_want_of_room_is_still_due(worker):
    crowd = new_id()
    ids = put(OwnKind.GATED, crowd, 30)
    slots = worker()
    assert eventually(lambda: len(busy) == 2, 10)
    gate.set()
    assert eventually(lambda: sum(done([one]) for one in ids) >= 2, 10)
    slots.stop()
    assert slots.settled(60)
    assert {row(one).state for one in ids} <= {WorkState.DONE, WorkState.DUE}


def test_what_waits_in_a_worker_that_stops_is_handed_out_again_at_once(worker):
    ids = put(OwnKind.GATED, new_id(), 4)
    slots = worker()
    assert eventually(lambda: len(busy) == 2 and len(slots._waiting) == 2)
    slots.stop()
    waiting = [one for one in ids if row(one).state is WorkState.DUE]
    assert len(waiting) == 2
    assert [row(one).dispatched_at for one in waiting] == [None, None]
    assert not slots.settled(0.1)


def test_what_does_not_end_in_time_is_handed_back_and_its_late_result_is_not_taken(worker):
    (work_id,) = put(OwnKind.GATED, new_id())
    slots = worker()
    assert eventually(lambda: busy)
    slots.stop()
    assert leases.hand_back() == 1
    assert (row(work_id).state, row(work_id).failures) == (WorkState.DUE, 0)
    other = claims.claim(work_id)
    gate.set()
    assert slots.settled(60)
    assert row(work_id).state is WorkState.RUNNING
    assert claims.done(other)


def test_work_that_takes_far_too_long_is_ended_and_tried_again(worker):
    (work_id,) = put(OwnKind.ENDLESS, new_id())
    worker(lane=replace(lanes.COMMON, max_seconds=0.2))
    assert eventually(lambda: row(work_id).failures == 1, 10)
    assert (row(work_id).state, row(work_id).last_error) == (WorkState.DUE, "it took too long")


def test_a_thread_that_hangs_is_replaced_and_its_row_goes_to_another(worker, monkeypatch):
    """It is in the operating system, where nothing can reach it."""
    monkeypatch.setattr(deadlines, "INTERRUPT_GRACE", 0.2)
    (work_id,) = put(OwnKind.GATED, new_id())
    slots = worker(lane=replace(lanes.COMMON, max_seconds=0.2))
    assert eventually(lambda: len(slots._slots) == 7, 10)
    with time_machine.travel(now() + claims.LEASE * 1.1):
        leases.renew()
        fresh = claims.claim(work_id)
        assert fresh is not None, "its lease is renewed no longer"
        assert claims.done(fresh)
    assert done(put(OwnKind.QUICK, new_id(), 3)) or eventually(lambda: slots.settled(0), 5)
    assert not slots.failed.is_set()


def test_a_worker_whose_threads_all_hang_ends(worker, monkeypatch):
    monkeypatch.setattr(deadlines, "INTERRUPT_GRACE", 0.1)
    for _ in range(3):
        put(OwnKind.GATED, new_id())
    slots = worker(number=3, lane=replace(lanes.COMMON, max_seconds=0.1))
    assert slots.failed.wait(60)


def test_slots_go_on_when_redis_comes_back(worker, redis):
    worker()
    ids = put(OwnKind.QUICK, new_id(), 2)
    assert eventually(lambda: done(ids), 10)
    redis.kill()
    redis.start()
    ids = put(OwnKind.QUICK, new_id(), 2)
    assert eventually(lambda: done(ids), 20)


def test_a_job_that_an_older_release_handed_out_is_done_too(worker):
    """Its jobs do not say whose they are."""
    from rq import Queue
    from rq.serializers import JSONSerializer

    service.enqueue(OwnKind.QUICK, subject := new_id())
    line = Queue(lanes.COMMON.queue, connection=redis_client.connect(), serializer=JSONSerializer)
    job = Queue.prepare_data(queue.PERFORM, args=(str(row_of(subject).id), "no id at all"))
    line.enqueue_many([job])
    good = Queue.prepare_data(queue.PERFORM, args=(str(row_of(subject).id),))
    line.enqueue_many([good])
    worker()
    assert eventually(lambda: row_of(subject).state is WorkState.DONE, 10)
    db.session.remove()


def test_bulk_reading_and_probes_have_lanes_of_their_own(worker, app):
    customer = new_id()
    service.enqueue(WorkKind.SWEEP_STAGE, customer, connection_id=customer)
    service.enqueue(OwnKind.QUICK, other := new_id(), connection_id=customer)
    slow, common = row_of(customer).id, row_of(other).id
    service.enqueue(WorkKind.PROBE_CONNECTION, probed := new_id(), connection_id=probed)
    probe = row_of(probed).id
    groups = [(WorkKind.SWEEP_STAGE, customer, slow), (OwnKind.QUICK, customer, common)]
    groups.append((WorkKind.PROBE_CONNECTION, probed, probe))
    queue.dispatch([DispatchGroup(kind, whose, [one]) for kind, whose, one in groups])
    client = redis_client.blocking_client()
    assert [one.work_id for one in queue.pop(lanes.SLOW, client, 1)] == [slow]
    assert [one.work_id for one in queue.pop(lanes.COMMON, client, 1)] == [common]
    assert [one.work_id for one in queue.pop(lanes.PROBES, client, 1)] == [probe]
