"""How long a mail is tried again when its recipient's server says "later": for days, with growing
pauses, so that a weekend without mail loses none (RFC 5321, 4.5.4.1: at least four to five days).
"""

import random
import uuid
from datetime import timedelta

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.mail.models import Mail
from eqsr.mail.smtp import MailServerUnavailable
from eqsr.outbox.handlers import PermanentFailure, Reschedule

RETRY_PERIOD = timedelta(days=5)
SHORTEST, LONGEST = 5.0, 2 * 3600.0  # seconds


def retry_later(mail_id: uuid.UUID, answer: MailServerUnavailable) -> Reschedule | PermanentFailure:
    """What to raise for this answer."""
    with transaction() as session:
        mail = session.get_one(Mail, mail_id, populate_existing=True, with_for_update=True)
        mail.failing_since = mail.failing_since or now()
        age = now() - mail.failing_since
        if age >= RETRY_PERIOD:
            # Somebody may ask for it to be tried again: then it has as long as the first time.
            mail.failing_since = None
            return PermanentFailure(str(answer))
    return Reschedule(pause_seconds(age), str(answer))


def pause_seconds(age: timedelta, rng: random.Random | None = None) -> float:
    """Half as long again as it has been failing, a little apart from others."""
    pause = min(LONGEST, max(SHORTEST, age.total_seconds() / 2))
    return pause * (rng or random).uniform(0.8, 1.2)
