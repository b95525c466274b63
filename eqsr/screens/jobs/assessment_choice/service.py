"""What the candidates of a job take, as long as that may still be changed."""

import uuid

from sqlalchemy import select

from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument
from eqsr.instruments.naming import assessment_name
from eqsr.invitations.models import Invitation
from eqsr.jobs.models import Job


def names_of(organisation_id: uuid.UUID) -> dict[str, str]:
    """The names of the assessments that the organisation's jobs ask for, by id."""
    used = select(Job.assessment).where(Job.organisation_id == organisation_id).distinct()
    return {one: assessment_name(one) for one in db.session.scalars(used)}


def parts_of(job: Job, language: str = "en") -> list[Instrument]:
    """The instruments that candidates of the job take, in this order."""
    ids = catalogue.assessment(job.assessment).instruments
    return [catalogue.instrument(one, language=language) for one in ids]


def has_invitations(job: Job) -> bool:
    """Whether anybody was ever invited to it."""
    found = select(Invitation.id).where(Invitation.job_id == job.id).limit(1)
    return db.session.scalar(found) is not None


def change(job: Job, assessment: str) -> None:
    """What candidates take from now on. Raises UserError once somebody was invited, because all
    of a job's candidates take the same, and KeyError for what is no assessment."""
    catalogue.assessment(assessment)
    with transaction() as session:
        job = session.get_one(Job, job.id, with_for_update=True, populate_existing=True)
        if has_invitations(job):
            raise UserError(
                "Somebody is invited to this job already, so what they take stays as it is. "
                "Create another job to ask for something else."
            )
        job.assessment = assessment
