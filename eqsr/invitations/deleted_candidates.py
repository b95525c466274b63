"""What follows when a candidate is deleted in SmartRecruiters."""

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.candidates.queries import applications_of, known_candidate
from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation


def candidate_deleted(connection: Connection, ats_id: str) -> str:
    """Cancel the candidate's invitations that were not started, and mark the candidate as removed.

    ``ats_id`` is SmartRecruiters' id. Returns the outcome in a few words for operators.
    """
    with transaction() as session:
        candidate = known_candidate(connection, ats_id)
        if candidate is None:
            return "candidate not known"
        candidate.removed_at = candidate.removed_at or now()
        not_started = session.scalars(
            select(Invitation)
            .join(Application, Application.id == Invitation.application_id)
            .where(Application.candidate_id == candidate.id)
            .where(Invitation.state.in_(service.BEFORE_START))
        ).all()
        for invitation in not_started:
            service.cancel_obsolete(invitation, ActivityKind.CANDIDATE_GONE)
        logged = {invitation.application_id for invitation in not_started}
        for application in applications_of(connection, ats_id):
            if application.id not in logged:
                activity.log_once(
                    ActivityKind.CANDIDATE_GONE,
                    application.organisation_id,
                    application.id,
                    "candidate.deleted",
                )
        return "candidate removed"
