"""What the worker does for webhooks."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every
from eqsr.webhooks import service


# SmartRecruiters itself redelivers for about two days; we are as patient.
@handles(WorkKind.WEBHOOK_EVENT, attempts=60)
def webhook_event(row_id: uuid.UUID) -> None:
    service.process(row_id)


@every(seconds=3600)
def forget_old_events() -> None:
    service.forget_old()
