"""Where an application lies in SmartRecruiters."""

from dataclasses import dataclass

from eqsr.candidates.models import Application
from eqsr.connections.models import Connection
from eqsr.core.db import db


@dataclass(frozen=True)
class AtsApplication:
    """The connection and the SmartRecruiters ids by which an application is reached."""

    connection: Connection
    candidate_id: str
    job_id: str


def ats_application(application: Application) -> AtsApplication:
    """Return where ``application`` lies. Raises LookupError if it came by a job's open link."""
    ats_job, candidate_id = application.ats_job, application.candidate.ats_id
    if ats_job is None or candidate_id is None:
        raise LookupError(f"application {application.id} is not in SmartRecruiters")
    connection = db.session.get_one(Connection, ats_job.connection_id, populate_existing=True)
    return AtsApplication(connection, candidate_id, ats_job.ats_id)
