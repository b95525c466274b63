"""What the worker does for norms."""

import uuid

from eqsr.norms import rescoring
from eqsr.outbox.handlers import handles


@handles(rescoring.KIND, attempts=8)
def rescore(sitting_id: uuid.UUID) -> None:
    rescoring.rescore(sitting_id)
