"""Tell a user that strangers tried too many passwords for their account."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import history
from eqsr.core.db import transaction
from eqsr.mail import queries as mail_queries
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind

# One email about it within this time; guessing that goes on is no news.
INTERVAL = timedelta(hours=23)


def tell(entry_id: uuid.UUID) -> None:
    """Queue an email to the user whom this audit entry is about, if there is one. Idempotent.

    A worker looks, and not the page that refused: else its time would tell who has an account.
    """
    user_id = history.audited(entry_id).subject_id
    with transaction() as session:
        user = session.scalar(select(User).where(User.id == user_id).with_for_update(of=User))
        if user is None or not user.active:
            return
        if not mail_queries.queued_within(INTERVAL, user.id, WorkKind.GUESSING_MAIL):
            mails.queue(WorkKind.GUESSING_MAIL, user.id, user.organisation_id, user.email)
