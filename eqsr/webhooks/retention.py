"""Delete events that are no longer needed."""

from datetime import timedelta

from sqlalchemy import delete, select

from eqsr.core.clock import now
from eqsr.core.db import row_count, transaction
from eqsr.webhooks.models import WebhookEvent

# Longer than the 30 days of SmartRecruiters' callbacks log, so that no event in it looks new.
EVENT_RETENTION = timedelta(days=60)
PURGE_BATCH = 10_000


def delete_old() -> int:
    """Delete up to PURGE_BATCH processed events received over 60 days ago; return how many."""
    old = WebhookEvent.received_at < now() - EVENT_RETENTION
    some = select(WebhookEvent.id).where(old, WebhookEvent.processed_at.is_not(None))
    with transaction() as session:
        gone = delete(WebhookEvent).where(WebhookEvent.id.in_(some.limit(PURGE_BATCH)))
        return row_count(session.execute(gone))
