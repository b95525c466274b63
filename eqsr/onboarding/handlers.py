"""Run attempts to connect, and record the outcome on the onboarding link."""

import uuid

from eqsr.connections import connecting
from eqsr.onboarding import link_credential
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind


def _on_dead(connection_id: uuid.UUID, _reason: str) -> None:
    connecting.on_dead(connection_id)
    link_credential.note_outcome(connection_id)


# No dead work stays behind: the person who watches the page can try again.
@handles(WorkKind.CONNECT, attempts=6, on_dead=_on_dead, recurring=True, parks=False)
def connect(connection_id: uuid.UUID) -> None:
    """Take the remaining steps of a connection's latest run."""
    connecting.connect(connection_id)
    link_credential.note_outcome(connection_id)
