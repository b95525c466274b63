"""Work is handed out in turns, so that nobody's crowd holds others up."""

import uuid
from datetime import timedelta

import time_machine

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.outbox import (
    broker_state,
    dispatcher,
    due_rows,
    fair_dispatch,
    lanes,
    runner,
    service,
    wakeups,
)
from eqsr.outbox import claims as claiming
from eqsr.outbox.handlers import Reschedule, handles
from eqsr.outbox.kinds import WorkKind
from tests.outbox.kinds import OwnKind
from tests.outbox.recording import Trouble, answers, put, row, row_of
from tests.services.processes import eventually


def next_to_dispatch(*arguments, **options) -> list[uuid.UUID]:
    return [
        one for group in fair_dispatch.next_to_dispatch(*arguments, **options) for one in group.ids
    ]


def test_dispatcher_hands_a_burst_out_in_turns_and_lets_others_pass(redis):
    crowd, other = new_id(), new_id()
    for _ in range(50):
        service.enqueue(OwnKind.RECORDED, new_id(), connection_id=crowd)
    service.enqueue(OwnKind.RECORDED, subject := new_id(), connection_id=other)
    handed = next_to_dispatch()
    assert len(handed) == due_rows.MAX_IN_FLIGHT + 1
    assert row_of(subject).id in handed
    assert next_to_dispatch() == []
    with time_machine.travel(now() + fair_dispatch.DISPATCH_AGAIN + timedelta(seconds=1)):
        assert (
            len(next_to_dispatch()) == due_rows.MAX_IN_FLIGHT + 1
        )  # nobody claimed what was dispatched first


def test_what_is_given_to_one_worker_is_of_one_kind_and_customer():
    crowd, other = new_id(), new_id()
    for _ in range(due_rows.MAX_IN_FLIGHT):
        service.enqueue(OwnKind.RECORDED, new_id(), connection_id=crowd)
        service.enqueue(OwnKind.RECORDED, new_id(), connection_id=other)
    groups = fair_dispatch.next_to_dispatch()
    assert [len(group.ids) for group in groups] == [fair_dispatch.BATCH] * 4
    assert all(
        row(one).connection_id == group.connection_id for group in groups for one in group.ids
    )
    customers = [group.connection_id for group in groups]
    assert customers in ([crowd, other] * 2, [other, crowd] * 2), "in turns"


def test_dispatcher_moves_on_as_rows_are_taken():
    crowd = new_id()
    for _ in range(due_rows.MAX_IN_FLIGHT + 3):
        service.enqueue(OwnKind.RECORDED, new_id(), connection_id=crowd)
    for work_id in next_to_dispatch():
        runner.perform(str(work_id))
    assert len(next_to_dispatch()) == 3


def test_what_is_put_back_keeps_its_place(redis):
    crowd = new_id()
    for _ in range(due_rows.MAX_IN_FLIGHT * 3):
        service.enqueue(OwnKind.RECORDED, new_id(), connection_id=crowd)
    answers.append(Reschedule(1, "not now"))
    (first, *_) = next_to_dispatch()
    runner.perform(str(first))
    with time_machine.travel(now() + timedelta(seconds=2)):
        assert next_to_dispatch() == [first]


def test_finishing_work_rings_for_the_next(redis):
    put()
    (work_id,) = next_to_dispatch()
    wakeups.wait_for_wakeup(5)  # for the wake-up of enqueueing it
    with redis.client() as client:
        assert not client.exists(wakeups.WAKEUP)
        runner.perform(str(work_id))
        assert eventually(lambda: client.exists(wakeups.WAKEUP), 5)


def test_what_redis_forgets_is_handed_out_again(redis):
    put()
    assert dispatcher.dispatch_due() == (1, [])
    assert dispatcher.dispatch_due() == (0, [])  # it is on its way
    redis.wipe()
    assert dispatcher.dispatch_due() == (1, [])


def test_what_would_be_refused_too_is_not_handed_out_for_so_long(redis):
    crowd, other, start = new_id(), new_id(), now()
    answers.append(Trouble(retry_after=5.0, retryable=True, fault="theirs"))
    with time_machine.travel(start, tick=False):
        for _ in range(due_rows.MAX_IN_FLIGHT):
            service.enqueue(OwnKind.RECORDED, new_id(), connection_id=crowd)
        (first, *_) = next_to_dispatch(limit=1)
        runner.perform(str(first))
        service.enqueue(OwnKind.RECORDED, subject := new_id(), connection_id=other)
        service.enqueue(OwnKind.RECORDED, alone := new_id())
        _, held = broker_state.broker_state()
        assert list(held) == [(OwnKind.RECORDED, crowd)]
        assert set(next_to_dispatch(held)) == {row_of(subject).id, row_of(alone).id}
    with time_machine.travel(start + timedelta(seconds=6)):
        assert broker_state.broker_state() == (False, {})
        assert len(next_to_dispatch()) == due_rows.MAX_IN_FLIGHT


@handles(OwnKind.OTHER)
@handles(OwnKind.THIRD)
def nothing(_subject_id):
    pass


def test_a_customer_has_no_more_abroad_of_all_kinds_together_than_its_slots_can_use(app):
    crowd, other = new_id(), new_id()
    most = fair_dispatch.IN_FLIGHT_PER_SLOT * lanes.cap(
        app.extensions["eqsr.settings"].worker_slots
    )
    for kind in (OwnKind.RECORDED, OwnKind.OTHER, OwnKind.THIRD):
        for _ in range(5):
            service.enqueue(kind, new_id(), connection_id=crowd)
    service.enqueue(OwnKind.RECORDED, subject := new_id(), connection_id=other)
    handed = next_to_dispatch()
    ours = [one for one in handed if row(one).connection_id == crowd]
    assert len(ours) == most
    assert {row(one).kind for one in ours} == {OwnKind.RECORDED, OwnKind.OTHER, OwnKind.THIRD}
    assert row_of(subject).id in handed
    claims = [claiming.claim(one) for one in ours[:3]]
    assert next_to_dispatch() == [], "what is in hand counts"
    assert claiming.done(claims[0])
    assert len(next_to_dispatch()) == 1


def test_of_a_parked_connection_only_probes_are_handed_out():
    parked, other = new_id(), new_id()
    service.enqueue(OwnKind.RECORDED, new_id(), connection_id=parked)
    service.enqueue(WorkKind.PROBE_CONNECTION, parked, connection_id=parked)
    service.enqueue(OwnKind.RECORDED, subject := new_id(), connection_id=other)
    service.enqueue(OwnKind.RECORDED, alone := new_id())
    handed = next_to_dispatch(parked={parked})
    assert set(handed) == {row_of(parked).id, row_of(subject).id, row_of(alone).id}
    assert len(next_to_dispatch()) == 1, "and then the rest"
