"""When a candidate is deleted in SmartRecruiters."""

from sqlalchemy import select

from eqsr.candidates.mirror import known_candidate
from eqsr.candidates.models import Application
from eqsr.clock import now
from eqsr.connections.models import Connection
from eqsr.db import transaction
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
        )
        for invitation in open_ones:
            service.call_off(invitation, "candidate_gone")
        return "candidate removed"
