"""The job that an open link leads to."""

import uuid
from dataclasses import dataclass

from eqsr.core.db import db
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Assessment
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.sittings.parts import SittingPart, part_of


@dataclass(frozen=True)
class Shared:
    """A job with an open link, its assessment and the assessment's parts."""

    job: Job
    assessment: Assessment
    parts: tuple[SittingPart, ...]

    @property
    def plays(self) -> bool:
        """Whether there is a game among the parts."""
        return any(part.is_task for part in self.parts)


def shared(job_id: uuid.UUID, language: str = "en") -> Shared | None:
    """What a job's open link leads to; None if there is no such job or it is not open."""
    job = db.session.get(Job, job_id, populate_existing=True)
    if job is None or job.kind != JobKind.LINK or job.state != JobState.OPEN:
        return None
    assessment = catalogue.assessment(job.assessment)
    parts = tuple(part_of(one, None, language) for one in assessment.instruments)
    return Shared(job, assessment, parts)
