"""Reading a candidate's current stage before sending an email that may have become pointless."""

from eqsr.connections.clients import client_for, means_gone
from eqsr.invitations import service
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.models import Invitation, Trigger
from eqsr.merges import service as merges
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.stages import Stage

OUT_OF_CONSIDERATION = ("HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED")


def stage_now(invitation: Invitation) -> Stage | None:
    """Return the application's stage in SmartRecruiters, or None if the application is gone.

    Raises SmartRecruitersError or NotConnected if the stage can't be read now.
    """
    there = ats_application(invitation.application)
    client = client_for(there.connection)
    try:
        return client.application(there.candidate_id, there.job_id).stage
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        if merges.follow(there.connection, client, there.candidate_id):
            return _where_it_went(invitation)
        return None


def _where_it_went(invitation: Invitation) -> Stage | None:
    """The stage on the profile that the candidate's was merged into."""
    there = ats_application(service.load(invitation.id).application)
    client = client_for(there.connection)
    try:
        return client.application(there.candidate_id, there.job_id).stage
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        return None


def out_of_place(invitation: Invitation) -> bool:
    """Whether the candidate left the stage that invited them, or is out of consideration.

    Raises SmartRecruitersError or NotConnected if the stage can't be read now.
    """
    if invitation.application.ats_job is None:
        return False
    seen = stage_now(invitation)
    if seen is None or seen.status in OUT_OF_CONSIDERATION:
        return True
    link = invitation.stage_link
    if invitation.trigger is not Trigger.STAGE or link is None:
        return False
    return seen != Stage(link.status, link.sub_status or None)
