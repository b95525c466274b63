"""Where is the person now? Asked of SmartRecruiters before a mail that may be out of place."""

from eqsr.connections import service as connections
from eqsr.connections.clients import client_for, means_gone
from eqsr.invitations.models import Invitation
from eqsr.smartrecruiters.errors import NoAccess, NotFound
from eqsr.smartrecruiters.types import Stage


def stage_now(invitation: Invitation) -> Stage | None:
    """The application's stage, or None when it is gone.

    Raises SmartRecruitersError or NotConnected when that can't be told now.
    """
    application = invitation.application
    client = client_for(connections.get(application.ats_job.connection_id))
    try:
        seen = client.application(application.candidate.ats_id, application.ats_job.ats_id)
    except (NotFound, NoAccess) as error:
        if not means_gone(error, client):
            raise
        return None
    return seen.stage
