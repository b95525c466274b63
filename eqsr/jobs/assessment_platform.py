"""Jobs whose candidates are assessed on another platform, and the links they get."""

import uuid
from dataclasses import dataclass

from sqlalchemy import select

from eqsr.core.db import db
from eqsr.extras.partners.models import JobElsewhere, Platform
from eqsr.jobs.models import Job

INVITATION_PLACEHOLDER = "{invitation}"


def choice_of(job_id: uuid.UUID) -> JobElsewhere | None:
    """Return the other platform on which the job is assessed; None if it is assessed here."""
    return db.session.scalar(
        select(JobElsewhere)
        .where(JobElsewhere.job_id == job_id)
        .execution_options(populate_existing=True)
    )


@dataclass(frozen=True)
class Offer:
    """What an invitation tells about another platform's assessment: its name and duration."""

    name: str
    minutes: int


def offer_of(job: Job) -> Offer | None:
    """Return what invitations tell about the job's other platform; None if assessed here."""
    choice = choice_of(job.id)
    return Offer(choice.platform.name, choice.minutes) if choice else None


def names_of(organisation_id: uuid.UUID) -> dict[uuid.UUID, str]:
    """Return {job id: platform name} for the jobs that are assessed on another platform."""
    rows = db.session.execute(
        select(JobElsewhere.job_id, Platform.name)
        .join(Platform, Platform.id == JobElsewhere.platform_id)
        .where(Platform.organisation_id == organisation_id)
    )
    return dict(rows.all())


def link_of(choice: JobElsewhere, invitation_id: uuid.UUID) -> str:
    """Return the platform's address for one invitation."""
    return choice.link.replace(INVITATION_PLACEHOLDER, str(invitation_id))
