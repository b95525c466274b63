"""When a candidate is deleted in SmartRecruiters."""

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.mirror import applications_of, known_candidate
from eqsr.candidates.models import Application
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation


def candidate_deleted(connection: Connection, ats_id: str) -> str:
    """Call off what has not begun and mark the candidate. A word for operators."""
    with transaction() as session:
        candidate = known_candidate(connection, ats_id)
        if candidate is None:
            return "candidate not known"
        candidate.removed_at = candidate.removed_at or now()
        open_ones = session.scalars(
            select(Invitation)
            .join(Application, Application.id == Invitation.application_id)
            .where(Application.candidate_id == candidate.id)
            .where(Invitation.state.in_(service.BEFORE_START))
        ).all()
        for invitation in open_ones:
            service.cancel_obsolete(invitation, ActivityKind.CANDIDATE_GONE)
        told = {invitation.application_id for invitation in open_ones}
        for application in applications_of(connection, ats_id):
            if application.id not in told:
                activity.log_once(
                    ActivityKind.CANDIDATE_GONE,
                    application.organisation_id,
                    application.id,
                    "candidate.deleted",
                )
        return "candidate removed"
