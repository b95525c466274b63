"""What the worker does for sittings."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.sittings import rescoring


@handles(rescoring.RESCORE, attempts=8)
def rescore(sitting_id: uuid.UUID) -> None:
    rescoring.rescore(sitting_id)
