"""A recruiter at a desk: logged in, with a SmartRecruiters account whose jobs are mirrored."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from eqsr.accounts.models import User
from eqsr.connections import job_lookup
from eqsr.connections.models import AtsJob, HiringStage
from eqsr.core.db import db, end_read
from eqsr.jobs import service
from eqsr.jobs.models import Job, JobKind, StageLink
from tests.customer import Customer
from tests.world import World, csrf_token

HTMX = {"HX-Request": "true"}


class Desk:
    """``browser`` is bob's, a reviewer. ``wants`` adds what htmx sends."""

    def __init__(self, world: World, customer: Customer | None) -> None:
        self.app = world.app
        self.world = world
        self._customer = customer
        self.browser: FlaskClient = world.log_in(world.bob)
        self.token = csrf_token(self.browser)

    @property
    def customer(self) -> Customer:
        assert self._customer, "this desk has no SmartRecruiters"
        return self._customer

    def get(self, path: str, htmx: bool = False) -> TestResponse:
        return self.browser.get(path, headers=HTMX if htmx else {})

    def post(self, path: str, htmx: bool = False, **form: str) -> TestResponse:
        headers = (HTMX | {"X-CSRFToken": self.token}) if htmx else {}
        data = form if htmx else {"csrf_token": self.token} | form
        return self.browser.post(path, data=data, headers=headers)

    def creates(self, title: str = "Developers", kind: JobKind = JobKind.ATS) -> uuid.UUID:
        with self.app.app_context():
            user = self.user(self.world.bob)
            job = service.create_job(user.organisation_id, title, kind, "work-style", user)
            return job.id

    def connects(self, job_id: uuid.UUID, title: str, stage: str, htmx: bool = False):
        """Press Connect in the dialog, having chosen this job and this stage."""
        ids = {"ats_job": str(self.ats_job(title).id), "stage": str(self.stage(stage).id)}
        return self.post(f"/jobs/{job_id}/connect", htmx=htmx, **ids)

    def user(self, email: str) -> User:
        return db.session.scalars(select(User).where(User.email == email)).one()

    def job(self, job_id: uuid.UUID) -> Job:
        end_read()
        return db.session.get_one(Job, job_id, populate_existing=True)

    def links(self, job_id: uuid.UUID) -> list[StageLink]:
        end_read()
        query = select(StageLink).where(StageLink.job_id == job_id).order_by(StageLink.created_at)
        return list(db.session.scalars(query.execution_options(populate_existing=True)))

    def ats_job(self, title: str) -> AtsJob:
        with self.app.app_context():
            query = select(AtsJob).where(AtsJob.title == title)
            return db.session.scalars(query.order_by(AtsJob.ats_id)).first()

    def stage(self, label: str) -> HiringStage:
        status, _, sub_status = label.partition(": ")
        with self.app.app_context():
            known = job_lookup.stages(self.customer.connection_id)
            return next(
                one for one in known if (one.status, one.sub_status) == (status, sub_status)
            )


@pytest.fixture
def bare_desk(world) -> Desk:
    """Nobody has connected SmartRecruiters yet."""
    return Desk(world, None)


@pytest.fixture
def customer(mirrored: Customer) -> Customer:
    return mirrored


@pytest.fixture
def desk(world, customer) -> Desk:
    return Desk(world, customer)
