"""The work of sittings."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.sittings import rescoring


@handles(WorkKind.RESCORE, attempts=8)
def rescore(sitting_id: uuid.UUID) -> None:
    """Score a sitting again."""
    rescoring.rescore(sitting_id)
