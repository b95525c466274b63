"""The story up to a connected job, set up quickly, for tests of the later steps."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity.history import of_applications
from eqsr.activity.sentences import sentence
from eqsr.connections import job_lookup
from eqsr.connections import service as connections
from eqsr.connections.models import Connection, ConnectionState
from eqsr.core.db import db
from eqsr.instruments.catalogue import assessments
from eqsr.invitations.models import Invitation
from eqsr.jobs import service as jobs
from eqsr.jobs.models import Job, JobKind
from eqsr.teams import job_teams
from tests.services.processes import eventually
from tests.services.sandbox import Sandbox
from tests.services.site import Site
from tests.work import Work
from tests.world import World

STAGE = {"status": "IN_REVIEW", "subStatus": "Assessment"}


@dataclass
class Story:
    """A customer whose job is connected to the stage "In review: Assessment" of a sandbox job."""

    world: World
    box: Sandbox
    site: Site
    work: Work
    company: str
    ats_job: str
    connection_id: uuid.UUID
    job_id: uuid.UUID

    def applies(self, email: str | None = "ada@example.org", **facts: Any) -> dict[str, Any]:
        """Create a candidate for the sandbox's job; return {id, applicationId}."""
        names = {"firstName": "Ada", "lastName": "Jansen", "email": email, "jobId": self.ats_job}
        return self.box.post(f"companies/{self.company}/candidates", names | facts)

    def moves(self, candidate: dict[str, Any], job: str = "", **stage: str) -> None:
        """Move the candidate in SmartRecruiters, and wait until we have the event."""
        where = {"candidateId": candidate["id"], "jobId": job or self.ats_job} | (stage or STAGE)
        self.box.post(f"companies/{self.company}/moves", where)
        self.told()

    def told(self) -> None:
        """Wait until the sandbox has sent all its events."""
        assert eventually(lambda: self.box.get("deliveries/summary")["pending"] == 0)

    def profile(self, candidate: dict[str, Any]) -> dict[str, Any]:
        """Return everything that the profile in SmartRecruiters shows."""
        return self.box.get(f"companies/{self.company}/candidates/{candidate['id']}")

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        return self.box.get("mails", to=to)

    def invitations(self) -> list[Invitation]:
        with self.world.app.app_context():
            query = select(Invitation).order_by(Invitation.queued_at)
            found = list(db.session.scalars(query))
            db.session.remove()
            return found

    def activity(self, application_id: uuid.UUID | None = None) -> list[str]:
        """Return the activity log's sentences about one application, or about all."""
        with self.world.app.app_context():
            from eqsr.candidates.models import Application

            ids = [application_id] if application_id else db.session.scalars(select(Application.id))
            return [sentence(line) for line in of_applications(list(ids))]


def connect(
    world: World,
    box: Sandbox,
    site: Site,
    work: Work,
    scopes: Any = "all",
    *,
    name: str = "Northwind",
) -> Story:
    """Connect Northwind's SmartRecruiters and a job of alice's, with bob on the job's team.

    With the name of Acme, do the same for charlie, who works alone.
    """
    ours_is, admin = (world.northwind, world.alice)
    if name == "Acme":
        ours_is, admin = (world.acme, world.charlie)
    company = box.post("companies", {"name": name})["id"]
    box.post(
        f"companies/{company}/hiring-processes",
        {"name": "Default", "subStatuses": {"IN_REVIEW": ["Phone screen", "Assessment"]}},
    )
    job = {"title": "Java Developer", "refNumber": "REF914A", "quiet": True}
    ats_job = box.post(f"companies/{company}/jobs", job)["id"]
    credential = box.post(f"companies/{company}/credentials", {"name": "t", "scopes": scopes})
    with world.app.app_context():
        begun = connections.begin(ours_is, credential["clientId"], credential["clientSecret"])
        connection_id = begun.id
    work()
    with world.app.app_context():
        connection = db.session.get(Connection, connection_id, populate_existing=True)
        assert connection.state is ConnectionState.ACTIVE, connection.steps
        alice = db.session.scalar(select(User).where(User.email == admin))
        ours = jobs.create_job(ours_is, "Developers", JobKind.ATS, assessments()[0].id, alice)
        found = job_lookup.find_job(connection, ats_job)
        jobs.connect(ours, found, STAGE["status"], STAGE["subStatus"], alice)
        if admin == world.alice:
            bob = db.session.scalar(select(User).where(User.email == world.bob))
            job_teams.add(alice, ours.id, bob.id)
        job_id = ours.id
    work()
    box.forget_mails()  # without alice's mail about the connection: tests look at candidates' mails
    return Story(world, box, site, work, company, ats_job, connection_id, job_id)


__all__ = ["STAGE", "Job", "Story", "connect"]
