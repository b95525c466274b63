"""Send invitations to join an organisation."""

import uuid

from eqsr.mail import service as mails
from eqsr.mail.delivery import deliver_email, on_dead
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.teams import emails


@handles(WorkKind.TEAM_INVITATION, attempts=40, on_dead=on_dead)
def send_invitation(mail_id: uuid.UUID) -> None:
    """Send one invitation."""
    mail = mails.get(mail_id)
    deliver_email(mail, emails.invitation(mail))
