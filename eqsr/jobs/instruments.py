"""The instruments that a job uses."""

from eqsr.instruments import catalogue
from eqsr.jobs.models import Job


def instruments_of(job: Job) -> list[str]:
    """Return the ids of the instruments that the job's candidates take, in any of its stages."""
    assessments = [job.assessment, *(link.asks_for for link in job.stage_links)]
    return list(
        dict.fromkeys(part for one in assessments for part in catalogue.assessment(one).instruments)
    )
