"""The work of results."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.results import service


@handles(WorkKind.WRITE_BACK, attempts=30, on_dead=service.on_dead)
def write_back(invitation_id: uuid.UUID) -> None:
    """Bring the profile in SmartRecruiters up to date with the invitation."""
    service.write(invitation_id)
