"""What two processes do at the same moment, and what one does that dies."""

import threading
from datetime import timedelta

import time_machine
from sqlalchemy import select

from eqsr.core.clock import now
from eqsr.core.columns import new_id
from eqsr.core.db import db, transaction
from eqsr.outbox import claims as claiming
from eqsr.outbox import fair_dispatch, leases, service
from eqsr.outbox.models import Work, WorkState
from tests.outbox.kinds import OwnKind
from tests.services.processes import eventually


def rows(subject) -> list[Work]:
    query = select(Work).where(Work.subject_id == subject).order_by(Work.created_at, Work.id)
    found = list(db.session.scalars(query.execution_options(populate_existing=True)))
    db.session.commit()
    return found


def in_thread(app, action) -> threading.Thread:
    def run():
        with app.app_context():
            action()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_cause_that_joins_waiting_work_is_seen_by_it(app):
    """Its worker must not read what was before, and the cause believe itself served."""
    subject, claims = new_id(), []
    service.enqueue(OwnKind.RECORDED, subject, once=True)
    (work,) = rows(subject)
    with transaction():
        service.enqueue(OwnKind.RECORDED, subject, once=True)
        worker = in_thread(app, lambda: claims.append(claiming.claim(work.id)))
        assert not eventually(lambda: claims, 0.3), "taken before the cause was committed"
    worker.join()
    assert claims[0] is not None
    assert len(rows(subject)) == 1


def test_many_who_write_down_the_same_make_one_row(app):
    subject, barrier, errors = new_id(), threading.Barrier(5), []

    def write_down():
        barrier.wait()
        try:
            service.enqueue(OwnKind.RECORDED, subject, once=True)
        except Exception as error:
            errors.append(error)

    for thread in [in_thread(app, write_down) for _ in range(5)]:
        thread.join()
    assert errors == []
    assert len(rows(subject)) == 1


def test_one_at_a_time_about_one_subject():
    subject = new_id()
    service.enqueue(OwnKind.RECORDED, subject)
    service.enqueue(OwnKind.RECORDED, subject)
    service.enqueue(OwnKind.OTHER, subject)
    first, second, other = rows(subject)
    held = claiming.claim(first.id)
    assert claiming.claim(second.id) is None
    assert claiming.claim(other.id) is not None
    later = now() + claiming.SIBLING_WAIT + timedelta(seconds=1)
    with time_machine.travel(later):
        assert [second.id] in [group.ids for group in fair_dispatch.next_to_dispatch()], (
            "it comes again soon"
        )
        claiming.done(held)
        assert claiming.claim(second.id) is not None


def test_many_workers_never_hold_two_rows_about_one_subject(app):
    subject, barrier, claims = new_id(), threading.Barrier(6), []
    for _ in range(6):
        service.enqueue(OwnKind.RECORDED, subject)
    ids = [work.id for work in rows(subject)]

    def take(work_id):
        barrier.wait()
        claims.append(claiming.claim(work_id))

    for thread in [in_thread(app, lambda work_id=work_id: take(work_id)) for work_id in ids]:
        thread.join()
    assert len([claim for claim in claims if claim]) == 1


def test_a_lease_holds_as_long_as_its_worker_lives_and_not_much_longer(monkeypatch):
    monkeypatch.setattr(leases, "RENEW_INTERVAL", 0)
    service.enqueue(OwnKind.RECORDED, subject := new_id())
    (work,) = rows(subject)
    start = now()
    claim = claiming.claim(work.id)
    with leases.hold(claim):
        for minute in range(1, 5):
            with time_machine.travel(start + timedelta(seconds=50 * minute)):
                leases.renew()
                assert claiming.claim(work.id) is None
    with time_machine.travel(start + timedelta(seconds=200 + 61)):
        leases.renew()  # the worker died: nothing is in its hand
        assert claiming.claim(work.id).number == claim.number + 1
        assert not claiming.renew(claim)


def test_a_row_without_once_is_never_joined():
    subject = new_id()
    service.enqueue(OwnKind.RECORDED, subject)
    service.enqueue(OwnKind.RECORDED, subject, once=True)
    assert [work.state for work in rows(subject)] == [WorkState.DUE, WorkState.DUE]
