"""What a SmartRecruiters job that takes nobody means for a job's invitations, in one sentence."""

from flask_babel import gettext as _

from eqsr.connections.models import ON_HOLD, AtsJob
from eqsr.jobs.models import Job, JobState, StageLink


def stopped_sentences(job: Job, links: list[StageLink]) -> list[str]:
    """One sentence per SmartRecruiters job that is filled, cancelled or on hold.

    A job that is gone is a problem (``problems``). Nothing about a job that is closed here.
    """
    if job.state is JobState.CLOSED:
        return []
    theirs = {link.ats_job_id: link.ats_job for link in links if link.ats_job.gone_at is None}
    return [_sentence(one) for one in theirs.values() if not one.takes_candidates]


def _sentence(ats_job: AtsJob) -> str:
    if ats_job.status in ON_HOLD:
        return _(
            "“%(ats_job)s” is on hold in SmartRecruiters: nobody is invited or reminded until it "
            "goes on. Links that were sent work.",
            ats_job=ats_job.title,
        )
    if ats_job.status == "FILLED":
        return _(
            "“%(ats_job)s” is filled in SmartRecruiters: nobody is invited or reminded. Those "
            "who have started may finish; all others read that the position is no longer open.",
            ats_job=ats_job.title,
        )
    return _(
        "“%(ats_job)s” is cancelled in SmartRecruiters: nobody is invited or reminded. Those "
        "who have started may finish; all others read that the position is no longer open.",
        ats_job=ats_job.title,
    )
