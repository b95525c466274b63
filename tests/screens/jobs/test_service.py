"""Making, connecting, disconnecting, closing jobs."""

import threading
import uuid

import pytest
import time_machine
from sqlalchemy import func, select

from eqsr.activity.models import Activity
from eqsr.activity.sentences import sentence
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.messages import NotFoundError, UserError
from eqsr.jobs import service
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from tests.invitations.conftest import at_once


def said(job_id: uuid.UUID) -> list[str]:
    """The job's activity, oldest first."""
    query = select(Activity).where(Activity.job_id == job_id).order_by(Activity.at, Activity.id)
    return [sentence(line) for line in db.session.scalars(query)]


def connect(
    desk, job_id, title="Java Developer", stage="IN_REVIEW: Assessment", **more
) -> StageLink:
    status, _, sub_status = stage.partition(": ")
    alice = desk.user(desk.world.alice)
    return service.connect(desk.job(job_id), desk.ats_job(title), status, sub_status, alice, **more)


def test_a_job_is_a_draft_until_it_is_connected(app, desk):
    job_id = desk.creates()
    with app.app_context():
        assert desk.job(job_id).state is JobState.DRAFT
        link = connect(desk, job_id)
        assert desk.job(job_id).state is JobState.OPEN
        assert (link.status, link.sub_status) == ("IN_REVIEW", "Assessment")
        service.disconnect(link, desk.user(desk.world.bob))
        assert desk.job(job_id).state is JobState.DRAFT
        assert said(job_id) == [
            "Bob created the job.",
            "Alice connected Java Developer, stage In review: Assessment.",
            "Bob disconnected Java Developer, stage In review: Assessment.",
        ]


def test_a_job_by_link_is_open_at_once_and_can_not_be_connected(app, desk):
    job_id = desk.creates(kind=JobKind.LINK)
    with app.app_context():
        assert desk.job(job_id).state is JobState.OPEN
        with pytest.raises(UserError, match="by its link"):
            connect(desk, job_id)


def test_the_same_form_makes_one_job_and_no_strangers(app, desk):
    wanted = uuid.uuid4()
    with app.app_context():
        bob, charlie = desk.user(desk.world.bob), desk.user(desk.world.charlie)
        for _ in range(2):
            made = service.create_job(
                bob.organisation_id, "Baker", JobKind.ATS, "work-style", bob, wanted
            )
            assert made.id == wanted
        assert db.session.scalar(select(func.count(Job.id))) == 1
        with pytest.raises(NotFoundError):
            service.create_job(
                charlie.organisation_id, "Mine", JobKind.ATS, "work-style", charlie, wanted
            )


def test_the_same_form_sent_twice_at_once_makes_one_job(app, desk):
    wanted = uuid.uuid4()

    def press() -> None:
        with app.app_context():
            bob = desk.user(desk.world.bob)
            facts = (bob.organisation_id, "Baker", JobKind.ATS, "work-style", bob, wanted)
            assert service.create_job(*facts).id == wanted
            db.session.remove()

    at_once(*[press] * 6)
    with app.app_context():
        assert db.session.scalar(select(func.count(Job.id))) == 1
        assert said(wanted) == ["Bob created the job."]


def test_pressing_twice_changes_nothing_and_later_it_is_refused(app, desk):
    job_id = desk.creates()
    with app.app_context():
        first = connect(desk, job_id)
        again = connect(desk, job_id)
        assert (again.id, again.since) == (first.id, first.since)
        later, refused = now().timestamp() + 600, pytest.raises(UserError, match="already")
        with time_machine.travel(later), refused:
            connect(desk, job_id)
        assert len(said(job_id)) == 2


def test_a_job_watches_several_stages_each_in_its_own_way(app, desk):
    job_id = desk.creates()
    with app.app_context():
        first = connect(desk, job_id)
        terms = service.Terms(assessment="work-style", grace_minutes=15)
        second = connect(desk, job_id, stage="INTERVIEW: On-site", terms=terms)
        assert [link.ended_at for link in desk.links(job_id)] == [None, None]
        assert (first.asks_for, first.grace_minutes) == ("work-style", 0)
        assert (second.assessment, second.grace_minutes) == ("work-style", 15)
        service.disconnect(first, desk.user(desk.world.bob))
        assert desk.job(job_id).state is JobState.OPEN
        service.disconnect(second, desk.user(desk.world.bob))
        assert desk.job(job_id).state is JobState.DRAFT


def test_a_stage_is_changed_and_goes_on_being_watched(app, desk):
    job_id = desk.creates()
    with app.app_context():
        first = connect(desk, job_id)
        began = first.since
        with time_machine.travel(began.timestamp() + 3600):
            terms = service.Terms(grace_minutes=30)
            changed = connect(desk, job_id, terms=terms, instead_of=first)
        assert (changed.id, changed.since, changed.grace_minutes) == (first.id, began, 30)
        assert changed.counts_from == began
        assert said(job_id)[-1].startswith("Alice changed how Java Developer")


@pytest.mark.parametrize("minutes", [-1, 1441])
def test_nobody_waits_longer_than_a_day(app, desk, minutes):
    job_id = desk.creates()
    with app.app_context(), pytest.raises(UserError, match="a day"):
        connect(desk, job_id, terms=service.Terms(grace_minutes=minutes))


def test_another_stage_takes_the_place_of_the_first_if_that_is_wanted(app, desk):
    job_id = desk.creates()
    with app.app_context():
        first = connect(desk, job_id)
        second = connect(desk, job_id, stage="INTERVIEW: On-site", instead_of=first)
        assert second.id != first.id
        active = [link.id for link in desk.links(job_id) if link.ended_at is None]
        assert active == [second.id] == [service.active_link(desk.job(job_id)).id]
        assert said(job_id)[-2:] == [
            "Alice disconnected Java Developer, stage In review: Assessment.",
            "Alice connected Java Developer, stage Interview: On-site.",
        ]


def test_going_back_revives_the_first_row_and_watches_from_then_on(app, desk):
    job_id = desk.creates()
    with app.app_context():
        first = connect(desk, job_id)
        began = first.since
        other = connect(desk, job_id, stage="NEW", instead_of=first)
        with time_machine.travel(began.timestamp() + 3600):
            back = connect(desk, job_id, instead_of=other)
        assert back.counts_from == back.since
        assert back.id == first.id and back.ended_at is None
        assert (back.since - began).total_seconds() >= 3599
        assert len(desk.links(job_id)) == 2


def test_the_same_stage_of_another_job_is_another_connection(app, desk):
    job_id = desk.creates()
    with app.app_context():
        connect(desk, job_id)
        connect(desk, job_id, title="Nurse")
        assert [link.ended_at is None for link in desk.links(job_id)] == [True, True]


def test_disconnecting_twice_says_so_once(app, desk):
    job_id = desk.creates()
    with app.app_context():
        link = connect(desk, job_id)
        for _ in range(2):
            service.disconnect(link, desk.user(desk.world.bob))
        assert len(said(job_id)) == 3


def test_a_connection_of_another_job_is_not_this_ones(app, desk):
    job_id, other = desk.creates(), desk.creates("Others")
    with app.app_context():
        link = connect(desk, other)
        for wanted in (link.id, uuid.uuid4(), None):
            with pytest.raises(NotFoundError):
                service.link_of(desk.job(job_id), wanted)


def test_who_else_is_connected_to_the_job(app, desk):
    job_id, other = desk.creates(), desk.creates("Others")
    with app.app_context():
        connect(desk, other, stage="NEW")
        job, ats_job = desk.job(job_id), desk.ats_job("Java Developer")
        assert [link.job.title for link in service.also_connected(job, ats_job)] == ["Others"]
        assert service.also_connected(desk.job(other), ats_job) == []
        assert service.also_connected(job, desk.ats_job("Nurse")) == []


def test_a_closed_job_keeps_its_connection_and_does_not_look_back(app, desk):
    job_id = desk.creates()
    with app.app_context():
        began = connect(desk, job_id).since
        service.close_job(desk.job(job_id))
        assert desk.job(job_id).state is JobState.CLOSED
        with pytest.raises(UserError, match="closed"):
            connect(desk, job_id, stage="NEW")
        with time_machine.travel(began.timestamp() + 3600):
            service.reopen_job(desk.job(job_id))
        assert desk.job(job_id).state is JobState.OPEN
        (link,) = desk.links(job_id)
        assert link.ended_at is None and (link.since - began).total_seconds() >= 3599


@pytest.mark.parametrize(("kind", "state"), [("ats", JobState.DRAFT), ("link", JobState.OPEN)])
def test_reopening_a_job_without_connection(app, desk, kind, state):
    job_id = desk.creates(kind=JobKind(kind))
    with app.app_context():
        service.close_job(desk.job(job_id))
        service.reopen_job(desk.job(job_id))
        assert desk.job(job_id).state is state


def test_reopening_an_open_job_does_not_move_its_beginning(app, desk):
    job_id = desk.creates()
    with app.app_context():
        began = connect(desk, job_id).since
        with time_machine.travel(began.timestamp() + 60):
            service.reopen_job(desk.job(job_id))
        assert desk.links(job_id)[0].since == began


def test_many_who_press_at_once_leave_one_connection_per_stage(app, desk):
    job_id = desk.creates()
    stages = ["NEW", "INTERVIEW: On-site"] * 4
    failures: list[BaseException] = []
    ready = threading.Barrier(len(stages))

    def press(stage: str) -> None:
        try:
            with app.app_context():
                ready.wait(20)
                connect(desk, job_id, stage=stage)
                db.session.remove()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=press, args=(stage,)) for stage in stages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    with app.app_context():
        links = desk.links(job_id)
        assert len(links) == 2
        assert [link.ended_at for link in links] == [None, None]
        assert len(said(job_id)) == 3


def test_others_jobs_do_not_exist(app, desk):
    job_id = desk.creates()
    with app.app_context():
        assert service.job_of(desk.world.northwind, job_id).id == job_id
        for organisation, wanted in (
            (desk.world.acme, job_id),
            (desk.world.northwind, uuid.uuid4()),
        ):
            with pytest.raises(NotFoundError):
                service.job_of(organisation, wanted)
