"""Work is handed out in turns, so that nobody's crowd holds others up."""

import uuid
from datetime import timedelta

import time_machine

from eqsr.clock import now
from eqsr.db import new_id
from eqsr.outbox import bell, relay, runner, service, turns
from eqsr.outbox.handlers import PutBack
from tests.outbox.recording import Trouble, answers, put, row, row_of
from tests.services.processes import eventually


def to_ring(*arguments, **options) -> list[uuid.UUID]:
    return [one for group in turns.to_ring(*arguments, **options) for one in group]


def test_relay_hands_a_burst_out_in_turns_and_lets_others_pass(redis):
    crowd, other = new_id(), new_id()
    for _ in range(50):
        service.enqueue("test_kind", new_id(), connection_id=crowd)
    service.enqueue("test_kind", subject := new_id(), connection_id=other)
    handed = to_ring()
    assert len(handed) == turns.ABREAST + 1
    assert row_of(subject).id in handed
    assert to_ring() == []
    with time_machine.travel(now() + turns.RING_AGAIN + timedelta(seconds=1)):
        assert len(to_ring()) == turns.ABREAST + 1  # nobody followed the first ring


def test_what_is_given_to_one_worker_is_of_one_kind_and_customer():
    crowd, other = new_id(), new_id()
    for _ in range(turns.ABREAST):
        service.enqueue("test_kind", new_id(), connection_id=crowd)
        service.enqueue("test_kind", new_id(), connection_id=other)
    groups = turns.to_ring()
    assert [len(group) for group in groups] == [turns.TOGETHER] * 4
    customers = [{row(one).connection_id for one in group} for group in groups]
    assert customers in ([{crowd}, {other}] * 2, [{other}, {crowd}] * 2), "in turns"


def test_relay_moves_on_as_rows_are_taken():
    crowd = new_id()
    for _ in range(turns.ABREAST + 3):
        service.enqueue("test_kind", new_id(), connection_id=crowd)
    for work_id in to_ring():
        runner.perform(str(work_id))
    assert len(to_ring()) == 3


def test_what_is_put_back_keeps_its_place(redis):
    crowd = new_id()
    for _ in range(turns.ABREAST * 3):
        service.enqueue("test_kind", new_id(), connection_id=crowd)
    answers.append(PutBack(1, "not now"))
    (first, *_) = to_ring()
    runner.perform(str(first))
    with time_machine.travel(now() + timedelta(seconds=2)):
        assert to_ring() == [first]


def test_finishing_work_rings_for_the_next(redis):
    put()
    (work_id,) = to_ring()
    bell.listen(5)  # to what writing it down has rung
    with redis.client() as client:
        assert not client.exists(bell.BELL)
        runner.perform(str(work_id))
        assert eventually(lambda: client.exists(bell.BELL), 5)


def test_what_redis_forgets_is_handed_out_again(redis):
    put()
    assert relay.look() == (1, [])
    assert relay.look() == (0, [])  # it is on its way
    redis.wipe()
    assert relay.look() == (1, [])


def test_what_would_be_refused_too_is_not_handed_out_for_so_long(redis):
    crowd, other, start = new_id(), new_id(), now()
    answers.append(Trouble(retry_after=5.0, retryable=True, fault="theirs"))
    with time_machine.travel(start, tick=False):
        for _ in range(turns.ABREAST):
            service.enqueue("test_kind", new_id(), connection_id=crowd)
        (first, *_) = to_ring(limit=1)
        runner.perform(str(first))
        service.enqueue("test_kind", subject := new_id(), connection_id=other)
        service.enqueue("test_kind", alone := new_id())
        _, held = bell.standing()
        assert list(held) == [("test_kind", crowd)]
        assert set(to_ring(held)) == {row_of(subject).id, row_of(alone).id}
    with time_machine.travel(start + timedelta(seconds=6)):
        assert bell.standing() == (False, {})
        assert len(to_ring()) == turns.ABREAST
