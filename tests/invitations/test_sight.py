"""What a page tells of an application that two jobs of ours have invited."""

import pytest
from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.candidates.models import Application
from eqsr.connections import job_lookup
from eqsr.connections.models import Connection
from eqsr.core.db import db
from eqsr.instruments.catalogue import assessments
from eqsr.invitations.models import Invitation
from eqsr.jobs import service as jobs
from eqsr.jobs.models import JobKind
from eqsr.teams import visibility
from tests.invitations.conftest import Recruiter
from tests.story import STAGE


@pytest.fixture
def both(story, bob):
    """Ada is invited by bob's job and by one of alice's that he knows nothing of."""
    with story.world.app.app_context():
        alice = db.session.scalar(select(User).where(User.email == story.world.alice))
        kind, asked = JobKind.ATS, assessments()[0].id
        secret = jobs.create_job(story.world.northwind, "Hush", kind, asked, alice)
        connection = db.session.get_one(Connection, story.connection_id)
        found = job_lookup.find_job(connection, story.ats_job)
        jobs.connect(secret, found, STAGE["status"], STAGE["subStatus"], alice)
    ada = story.applies()
    story.moves(ada)
    story.work()
    story.moves(ada, status="INTERVIEW")
    story.moves(ada)
    story.work()
    assert len(story.invitations()) == 2
    return story


def test_a_reviewer_reads_nothing_of_a_job_of_another_team(both, bob):
    with both.world.app.app_context():
        query = select(Invitation).where(Invitation.job_id == both.job_id)
        mine = db.session.scalars(query).one()
        candidate_id = mine.application.candidate_id
    pages = (
        f"/invitations/{mine.id}",
        f"/jobs/{both.job_id}/why?q=Ada",
        f"/candidates/{candidate_id}",
    )
    alice = Recruiter(both, both.world.alice)
    for path in pages:
        assert "Hush" not in bob.sees(path), path
        assert "Developers" in bob.sees(path), path
        assert "Hush" in alice.sees(path), path


def test_an_admin_of_another_organisation_sees_no_application(both):
    with both.world.app.app_context():
        application = db.session.scalars(select(Application)).one()
        people = {user.email: user for user in db.session.scalars(select(User))}
        stranger, ours = people[both.world.charlie], people[both.world.alice]
        assert visibility.sees_application(ours, application.id)
        assert not visibility.sees_application(stranger, application.id)
        assert visibility.applications_seen(ours, application.candidate_id) == [application]
        assert visibility.applications_seen(stranger, application.candidate_id) == []
