"""What the worker does for results."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.results import service


@handles(WorkKind.WRITE_BACK, attempts=30, on_dead=service.trouble)
def write_back(invitation_id: uuid.UUID) -> None:
    service.write(invitation_id)
