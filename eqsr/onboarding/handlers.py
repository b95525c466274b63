"""What the worker does for this room."""

import uuid

from eqsr.connections import connecting
from eqsr.onboarding import service
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind


def _gave_up(connection_id: uuid.UUID, _reason: str) -> None:
    connecting.on_dead(connection_id)
    service.note_outcome(connection_id)


# A person who watches tries again, so nothing stays behind as dead work.
@handles(WorkKind.CONNECT, attempts=6, on_dead=_gave_up, recurring=True, parks=False)
def connect(connection_id: uuid.UUID) -> None:
    connecting.connect(connection_id)
    service.note_outcome(connection_id)
