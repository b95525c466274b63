"""Guest links follow a profile that was merged into another one."""

import uuid

from sqlalchemy import update

from eqsr.core.db import db
from eqsr.extras.shared_profiles.models import ProfileShare


def move(source_id: uuid.UUID, target_id: uuid.UUID) -> None:
    """Let guest links to one candidate show the other one. Joins the transaction."""
    db.session.execute(
        update(ProfileShare)
        .where(ProfileShare.candidate_id == source_id)
        .values(candidate_id=target_id)
    )
