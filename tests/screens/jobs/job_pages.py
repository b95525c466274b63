"""What the tests of the job pages share: invitations, jobs, forms, the number of SQL statements."""

import re
import uuid
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.connections.models import AtsJob
from eqsr.core.db import db, transaction
from eqsr.invitations.models import Invitation, Trigger
from eqsr.jobs.models import Job
from tests.statements import statements


def form_id(page: str) -> str:
    return re.search(r'name="id" type="hidden" value="([^"]+)"', page).group(1)


def jobs(desk) -> list[Job]:
    with desk.app.app_context():
        return list(db.session.scalars(select(Job)))


def invite(desk, job_id: uuid.UUID, count: int, **values) -> None:
    """Invitations to the job, a minute apart."""
    with desk.app.app_context(), transaction() as session:
        job = session.get_one(Job, job_id)
        ats_job = session.scalars(select(AtsJob)).first()
        for number in range(count):
            candidate = Candidate(
                organisation_id=job.organisation_id, ats_id=str(uuid.uuid4()), first_name="Ada"
            )
            candidate.last_name = f"No {number}"
            application = Application(
                organisation_id=job.organisation_id, candidate=candidate, ats_job=ats_job
            )
            session.add(application)
            session.flush()
            facts = {
                "organisation_id": job.organisation_id,
                "trigger": Trigger.STAGE,
                "email": f"ada{number}@example.org",
                "queued_at": DAY + timedelta(minutes=number),
                "expires_at": DAY + timedelta(days=14),
            }
            session.add(Invitation(job_id=job.id, application_id=application.id, **facts | values))


DAY = datetime(2026, 5, 1, 8, tzinfo=UTC)


def statement_count(desk, path: str) -> int:
    """How many SQL statements the page takes."""
    return len(statements(desk.app, lambda: desk.get(path)))
