"""Results that other assessment platforms sent."""

import uuid

from sqlalchemy import select

from eqsr.core.db import db
from eqsr.extras.partner_api.models import PlatformResult


def result_of(invitation_id: uuid.UUID) -> PlatformResult | None:
    """Return the result that a platform sent for the invitation, or None."""
    return db.session.scalar(
        select(PlatformResult).where(PlatformResult.invitation_id == invitation_id)
    )
