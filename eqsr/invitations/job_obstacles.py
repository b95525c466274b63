"""Why an email about an invitation has become pointless because of the job, not the person."""

from eqsr.connections.job_status import read_again, why_stopped
from eqsr.connections.models import AtsJob, Connection, ConnectionState
from eqsr.core.db import db
from eqsr.core.messages import N_
from eqsr.invitations.models import Invitation, Trigger
from eqsr.invitations.possible_actions import NO_LONGER_OPEN
from eqsr.jobs import stopped_stages
from eqsr.jobs.models import Job, JobState

CLOSED_HERE = N_("the job is closed here")
DISCONNECTED = N_("SmartRecruiters is disconnected")
STAGE_DISCONNECTED = N_("its stage was disconnected meanwhile")

JOB_CLOSED = N_("This job is closed. Reopen it before you invite anybody.")
CONNECT_FIRST = N_("SmartRecruiters is disconnected. Connect it before you invite anybody.")
TAKES_NOBODY_NOW = N_(
    "The job is on hold in SmartRecruiters or can't be found there, so nobody is invited now."
)


def refusal(job: Job, ats_job: AtsJob | None) -> str:
    """The sentence that refuses to invite by hand to ``job``, as far as the mirror knows; or ''.

    What ``obstacle`` finds when the email is sent is told here before anything is promised.
    """
    if job.state is JobState.CLOSED:
        return JOB_CLOSED
    if ats_job is None:
        return ""
    if ats_job.over:
        return NO_LONGER_OPEN
    connection = db.session.get_one(Connection, ats_job.connection_id, populate_existing=True)
    if connection.state is ConnectionState.DISCONNECTED:
        return CONNECT_FIRST
    return TAKES_NOBODY_NOW if why_stopped(ats_job) else ""


def obstacle(invitation: Invitation) -> str:
    """Return why nobody is invited or reminded for this job now, as the end of a sentence; or ''.

    Our job is closed; SmartRecruiters is disconnected; or the SmartRecruiters job, which is read
    again, is filled, cancelled, on hold or gone.
    """
    if invitation.job.state is JobState.CLOSED:
        return CLOSED_HERE
    ats_job = invitation.application.ats_job
    if ats_job is None:
        return ""
    connection = db.session.get_one(Connection, ats_job.connection_id, populate_existing=True)
    if connection.state is ConnectionState.DISCONNECTED:
        return DISCONNECTED
    why = why_stopped(read_again(ats_job))
    if why and invitation.stage_link_id is not None:
        stopped_stages.note_stopped(invitation.stage_link_id)
    return why


def stage_obstacle(invitation: Invitation) -> str:
    """Return that the stage which invited is not watched any more; '' if it is."""
    link = invitation.stage_link
    ended = link is not None and link.ended_at is not None
    return STAGE_DISCONNECTED if ended and invitation.trigger is Trigger.STAGE else ""


def may_be_reminded(invitation: Invitation) -> bool:
    """Whether our job is open and, as far as the mirror knows, the SmartRecruiters job is too."""
    ats_job = invitation.application.ats_job
    open_here = invitation.job.state is not JobState.CLOSED
    return open_here and (ats_job is None or ats_job.takes_candidates)
