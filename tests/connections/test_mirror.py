"""The mirror of SmartRecruiters' jobs and stages, against the sandbox."""

import pytest
from sqlalchemy import func, select

from eqsr.connections import job_mirror, mirror, service
from eqsr.connections.models import AtsJob, HiringStage
from eqsr.connections.stage_mirror import mirror_stages
from eqsr.core.db import db, end_read, transaction
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.models import WorkState
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import Throttled
from tests.customer import Customer, connected


@pytest.fixture
def customer(app, box, world) -> Customer:
    return connected(app, box, world.northwind, "Northwind")


def job(customer: Customer, ats_id: str) -> AtsJob:
    end_read()
    return db.session.scalars(
        select(AtsJob)
        .where(AtsJob.connection_id == customer.connection_id, AtsJob.ats_id == ats_id)
        .execution_options(populate_existing=True)
    ).one()


def how_many(customer: Customer) -> int:
    end_read()
    return db.session.scalar(
        select(func.count(AtsJob.id)).where(AtsJob.connection_id == customer.connection_id)
    )


def pages_read(customer: Customer) -> int:
    asked = customer.box.get(f"requests?path=/jobs&status=200&company={customer.company}")
    return len([request for request in asked if request["path"] == "/jobs"])


def plant(customer: Customer, **values) -> None:
    """A mirrored job that SmartRecruiters does not have any more."""
    facts = {"ats_id": "gone", "title": "Gone", "search": "gone\n\ngone\n"} | values
    with transaction() as session:
        session.add(AtsJob(connection_id=customer.connection_id, **facts))


def test_all_pages_are_mirrored_with_what_is_searched_and_shown(app, customer):
    customer.opens_many(230)
    ats_id = customer.opens("Développeur  Ünïcode", refNumber="REF-7", status="INTERVIEW")
    with app.app_context():
        assert customer.mirror() == 231
        assert how_many(customer) == 231
        found = job(customer, ats_id)
        assert (found.title, found.ref_number) == ("Développeur  Ünïcode", "REF-7")
        assert (found.status, found.city, found.language) == ("INTERVIEW", "Amsterdam", "en")
        assert found.search == f"developpeur unicode\nref-7\n{ats_id}\n"
        assert found.updated_on is not None
        assert customer.connection().jobs_synced_at is not None


def test_reading_again_replaces_and_doubles_nothing(app, customer):
    ats_id = customer.opens("Baker", refNumber="A1")
    with app.app_context():
        customer.mirror()
        first = job(customer, ats_id).id
        customer.changes(ats_id, title="Head baker", status="ON_HOLD")
        assert customer.mirror() == 1
        again = job(customer, ats_id)
        assert (again.id, again.title, again.status) == (first, "Head baker", "ON_HOLD")
        assert again.search.startswith("head baker\n")


def test_what_a_whole_run_did_not_meet_is_gone_and_may_come_back(app, customer):
    ats_id = customer.opens("Baker")
    with app.app_context():
        customer.mirror()
        plant(customer)
        assert customer.mirror() == 1
        assert job(customer, "gone").gone_at is not None
        back = job(customer, ats_id)
        assert back.gone_at is None
        with transaction():
            back.gone_at = back.seen_at
        customer.mirror()
        assert job(customer, ats_id).gone_at is None


def test_a_run_that_is_cut_short_goes_on_where_it_was(app, customer):
    customer.opens_many(330)
    with app.app_context():
        plant(customer)
        for page in (1, 2, 3):
            with pytest.raises(Reschedule):
                mirror.mirror_jobs(customer.connection_id, seconds=0)
            assert pages_read(customer) == page
            assert job(customer, "gone").gone_at is None
            assert customer.connection().jobs_synced_at is None
        assert mirror.mirror_jobs(customer.connection_id, seconds=0) == 330
        assert pages_read(customer) == 4
        assert job(customer, "gone").gone_at is not None


def test_a_failing_page_keeps_what_was_read(app, customer):
    customer.opens_many(150)
    with app.app_context():
        with pytest.raises(Reschedule):
            mirror.mirror_jobs(customer.connection_id, seconds=0)
        customer.fails("500", "/jobs")
        with pytest.raises(SmartRecruitersError):
            mirror.mirror_jobs(customer.connection_id)
        assert how_many(customer) == 100
        customer.heal()
        assert mirror.mirror_jobs(customer.connection_id) == 150
        assert pages_read(customer) == 2


def test_at_the_limit_it_is_put_back_and_no_page_is_read_twice(app, customer):
    customer.opens_many(250)
    with app.app_context():
        with pytest.raises(Reschedule):
            mirror.mirror_jobs(customer.connection_id, seconds=0)
        customer.fails("429", "/jobs", times=1)
        with pytest.raises(Throttled):
            mirror.mirror_jobs(customer.connection_id)
        assert customer.mirror() == 250
        assert pages_read(customer) == 3


def test_a_page_that_is_no_longer_known_starts_it_over(app, customer):
    customer.opens_many(3)
    customer.set_connection(jobs_page_id="lapsed")
    with app.app_context():
        with pytest.raises(Reschedule):
            mirror.mirror_jobs(customer.connection_id)
        assert mirror.mirror_jobs(customer.connection_id) == 3


def test_the_worker_reads_a_long_list_in_turns(app, customer, work):
    customer.opens_many(450)
    with app.app_context():
        service.request_mirror(customer.connection_id)
    for _turn in range(40):
        work("mirror_jobs")
        if all(row.state is WorkState.DONE for row in work.rows("mirror_jobs")):
            break
        work.hurry()
    with app.app_context():
        assert how_many(customer) == 450
        assert customer.connection().jobs_synced_at is not None


def test_one_customers_jobs_are_not_anothers(app, box, world, customer):
    other = connected(app, box, world.acme, "Acme")
    ours, theirs = customer.opens("Ours"), other.opens("Theirs")
    with app.app_context():
        customer.mirror()
        other.mirror()
        assert job(customer, ours).gone_at is None and job(other, theirs).gone_at is None
        assert how_many(customer) == how_many(other) == 1


def test_an_awkward_job_is_mirrored_too(app, customer):
    titles = ("<script>alert(1)</script>", "مهندس برمجيات", "x" * 900, "50%_\\", "Twin", "Twin")
    for title in titles:
        customer.opens(title, refNumber="R" * 300)
    with app.app_context():
        assert customer.mirror() == len(titles)


def test_a_single_job_is_mirrored_and_seen_to_go(app, customer):
    ats_id = customer.opens("Baker")
    with app.app_context():
        assert job_mirror.mirror_job(customer.connection_id, ats_id).title == "Baker"
        customer.changes(ats_id, title="Head baker")
        assert job_mirror.mirror_job(customer.connection_id, ats_id).title == "Head baker"
        plant(customer, ats_id="0b1f2c3d-0000-4000-8000-000000000000")
        gone = job_mirror.mirror_job(customer.connection_id, "0b1f2c3d-0000-4000-8000-000000000000")
        assert gone is None
        assert job(customer, "0b1f2c3d-0000-4000-8000-000000000000").gone_at is not None
        assert how_many(customer) == 2


def test_while_all_tokens_are_refused_no_job_is_taken_for_deleted(app, customer):
    ats_id = customer.opens("Baker")
    with app.app_context():
        job_mirror.mirror_job(customer.connection_id, ats_id)
        for path in ("/jobs/*", "/configuration/*"):
            customer.fails("401", path)
        with pytest.raises(NoAccess):
            job_mirror.mirror_job(customer.connection_id, ats_id)
        assert job(customer, ats_id).gone_at is None


def test_a_missing_scope_says_nothing_about_the_job(app, customer):
    ats_id = customer.opens("Baker")
    with app.app_context():
        job_mirror.mirror_job(customer.connection_id, ats_id)
        customer.may("candidates_read")
        with pytest.raises(NoAccess):
            job_mirror.mirror_job(customer.connection_id, ats_id)
        assert job(customer, ats_id).gone_at is None


def places(customer: Customer) -> dict[tuple[str, str], HiringStage]:
    end_read()
    rows = db.session.scalars(
        select(HiringStage)
        .where(HiringStage.connection_id == customer.connection_id)
        .order_by(HiringStage.position)
        .execution_options(populate_existing=True)
    )
    return {(row.status, row.sub_status): row for row in rows}


def test_stages_are_those_of_all_active_processes_in_pipeline_order(app, customer):
    (default,) = customer.processes()
    customer.changes_process(default["id"], name="One", subStatuses={"IN_REVIEW": ["Assessment"]})
    customer.hires(name="Two", subStatuses={"IN_REVIEW": ["Assessment", "Call"], "OFFERED": ["X"]})
    customer.hires(name="Old", subStatuses={"INTERVIEW": ["Fax"]}, active=False)
    with app.app_context():
        mirror_stages(customer.connection_id)
        found = places(customer)
        assert list(found) == [
            ("LEAD", ""),
            ("NEW", ""),
            ("IN_REVIEW", ""),
            ("IN_REVIEW", "Assessment"),
            ("IN_REVIEW", "Call"),
            ("INTERVIEW", ""),
            ("OFFERED", ""),
            ("OFFERED", "X"),
            ("HIRED", ""),
        ]
        assert found["IN_REVIEW", "Assessment"].processes == ["One", "Two"]
        assert found["IN_REVIEW", "Call"].processes == ["Two"]


def test_a_renamed_stage_is_gone_and_keeps_its_row_when_it_returns(app, customer):
    (default,) = customer.processes()
    with app.app_context():
        mirror_stages(customer.connection_id)
        first = places(customer)["INTERVIEW", "On-site"].id
        customer.changes_process(default["id"], subStatuses={"INTERVIEW": ["At the office"]})
        mirror_stages(customer.connection_id)
        found = places(customer)
        assert found["INTERVIEW", "On-site"].gone_at is not None
        assert found["INTERVIEW", "At the office"].gone_at is None
        assert found["INTERVIEW", ""].gone_at is None
        customer.changes_process(default["id"], subStatuses={"INTERVIEW": ["On-site"]})
        mirror_stages(customer.connection_id)
        back = places(customer)["INTERVIEW", "On-site"]
        assert (back.id, back.gone_at) == (first, None)


def test_no_call_is_made_inside_a_transaction(app, customer):
    with app.app_context(), pytest.raises(RuntimeError), transaction():
        mirror.mirror_jobs(customer.connection_id)
