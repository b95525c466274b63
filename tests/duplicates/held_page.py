"""What tests of held invitations share: the form on the job's page, and a second job."""

from eqsr.core.db import transaction
from eqsr.jobs.models import Job, StageLink


def held_form(bob, story) -> str:
    page = bob.browser.get(f"/jobs/{story.job_id}").text
    return (
        page.split(f'action="/jobs/{story.job_id}/held/', 1)[1]
        .split('"', 1)[0]
        .join((f"/jobs/{story.job_id}/held/", ""))
    )


def second_job(story) -> None:
    """Another job of Northwind asks for the same assessment, in the stage "Phone screen"."""
    with story.world.app.app_context(), transaction() as session:
        link = session.query(StageLink).one()
        job = Job(
            organisation_id=link.job.organisation_id,
            title="Testers",
            kind=link.job.kind,
            state=link.job.state,
            assessment=link.job.assessment,
        )
        session.add(job)
        session.flush()
        session.add(
            StageLink(
                job_id=job.id,
                ats_job_id=link.ats_job_id,
                status="IN_REVIEW",
                sub_status="Phone screen",
                since=link.since,
                counts_from=link.counts_from,
            )
        )
