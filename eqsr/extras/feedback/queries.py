"""Reading candidates' requests."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from eqsr.core.db import db
from eqsr.extras.feedback.models import CandidateRequest


def get(request_id: uuid.UUID) -> CandidateRequest:
    """The request as it is stored now. Raises NoResultFound for an unknown id."""
    return db.session.get_one(CandidateRequest, request_id, populate_existing=True)


def of_invitations(
    invitation_ids: Sequence[uuid.UUID],
) -> dict[uuid.UUID, list[CandidateRequest]]:
    """All requests by invitation id, latest first."""
    rows = db.session.scalars(
        select(CandidateRequest)
        .where(CandidateRequest.invitation_id.in_(invitation_ids))
        .order_by(CandidateRequest.asked_at.desc(), CandidateRequest.id.desc())
        .execution_options(populate_existing=True)
    )
    found: dict[uuid.UUID, list[CandidateRequest]] = {}
    for row in rows:
        found.setdefault(row.invitation_id, []).append(row)
    return found
