"""Read a SmartRecruiters job's status again where it decides, and say what it means."""

import logging
from datetime import timedelta

from eqsr.connections.job_lookup import OUT_OF_REACH
from eqsr.connections.job_mirror import mirror_job
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.core.messages import N_

log = logging.getLogger(__name__)

# A job that was read this lately is not read again: a burst of moves costs one call a minute.
STILL_FRESH = timedelta(seconds=60)

GONE = N_("the job is no longer in SmartRecruiters")
_REASONS = {
    "FILLED": N_("the job is filled in SmartRecruiters"),
    "CANCELLED": N_("the job is cancelled in SmartRecruiters"),
    "ON_HOLD": N_("the job is on hold in SmartRecruiters"),
}


def why_stopped(ats_job: AtsJob) -> str:
    """Why nobody is invited for this job, as the end of a sentence to be translated; '' if not."""
    if ats_job.gone_at is not None:
        return GONE
    return "" if ats_job.takes_candidates else _REASONS[ats_job.status]


def read_again(ats_job: AtsJob) -> AtsJob:
    """Return the job as SmartRecruiters shows it now, or as it was read within STILL_FRESH.

    It waits for seconds only, like a page. While SmartRecruiters can't be asked, the mirror counts:
    it is at most ten minutes old, and events bring it up to date.
    """
    known = db.session.get_one(AtsJob, ats_job.id, populate_existing=True)
    if known.gone_at is None and now() - known.seen_at < STILL_FRESH:
        return known
    try:
        mirror_job(known.connection_id, known.ats_id, for_page=True)
    except OUT_OF_REACH as error:
        log.info("the job was not read again: %s", error)
    return db.session.get_one(AtsJob, ats_job.id, populate_existing=True)
