"""Act on stored events, and delete old ones every hour."""

import uuid

from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every
from eqsr.webhooks import processing, retention


# As many attempts as take about two days, which is how long SmartRecruiters redelivers.
@handles(WorkKind.WEBHOOK_EVENT, attempts=60)
def webhook_event(row_id: uuid.UUID) -> None:
    """Act on one stored event."""
    processing.process(row_id)


@every(seconds=3600)
def delete_old_events() -> None:
    """Delete events that are no longer needed."""
    retention.delete_old()
