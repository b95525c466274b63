"""What the worker does for this room."""

import uuid

from eqsr.mail import service as mails
from eqsr.mail.delivery import gave_up, tell
from eqsr.outbox.handlers import handles
from eqsr.teams import emails


@handles("team_invitation", attempts=40, gave_up=gave_up)
def send_invitation(mail_id: uuid.UUID) -> None:
    mail = mails.get(mail_id)
    tell(mail, emails.invitation(mail))
