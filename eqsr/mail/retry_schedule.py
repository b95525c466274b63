"""Retry an email whose recipient's server says "try again later": for days, with growing pauses.

RFC 5321, 4.5.4.1 requires at least four to five days. So a server that is down for a weekend loses
no email.
"""

import random
import uuid
from datetime import timedelta

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.mail.models import Mail
from eqsr.mail.smtp_errors import MailServerUnavailable
from eqsr.outbox.handlers import PermanentFailure, Reschedule

RETRY_PERIOD = timedelta(days=5)
MIN_PAUSE, MAX_PAUSE = 5.0, 2 * 3600.0  # seconds


def retry_later(mail_id: uuid.UUID, answer: MailServerUnavailable) -> Reschedule | PermanentFailure:
    """Record a temporary refusal, and return the exception to raise.

    It is Reschedule, or PermanentFailure after RETRY_PERIOD.
    """
    with transaction() as session:
        mail = session.get_one(Mail, mail_id, populate_existing=True, with_for_update=True)
        mail.failing_since = mail.failing_since or now()
        age = now() - mail.failing_since
        if age >= RETRY_PERIOD:
            # If a person retries it later, the full period starts again.
            mail.failing_since = None
            return PermanentFailure(str(answer))
    return Reschedule(pause_seconds(age), str(answer))


def pause_seconds(age: timedelta, rng: random.Random | None = None) -> float:
    """Seconds until the next attempt: half of ``age``, plus or minus 20 % at random.

    ``age``: time since the first temporary refusal. Before the random part, the pause is between
    MIN_PAUSE and MAX_PAUSE.
    """
    pause = min(MAX_PAUSE, max(MIN_PAUSE, age.total_seconds() / 2))
    return pause * (rng or random).uniform(0.8, 1.2)
