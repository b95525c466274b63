"""What the worker does for guests."""

import uuid

from eqsr.extras.shared_profiles import emails
from eqsr.mail import service as mails
from eqsr.mail.delivery import gave_up, tell
from eqsr.outbox.handlers import handles


@handles("profile_share", attempts=40, gave_up=gave_up)
def send_link(mail_id: uuid.UUID) -> None:
    mail = mails.get(mail_id)
    tell(mail, emails.invitation(mail))
