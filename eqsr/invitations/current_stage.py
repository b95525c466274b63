"""Reading a candidate's current stage before sending an email that may have become pointless."""

from eqsr.connections.clients import client_for, means_gone
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.models import Invitation
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.types.stages import Stage


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
        return None
