"""Worker tasks for shared profiles."""

import uuid

from eqsr.core.db import db
from eqsr.extras.shared_profiles import emails, merging
from eqsr.mail.delivery import deliver_email, on_dead
from eqsr.mail.models import Mail
from eqsr.merges import handover
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind

handover.moved_by(merging.move)


@handles(WorkKind.PROFILE_SHARE, attempts=40, on_dead=on_dead)
def send_link(mail_id: uuid.UUID) -> None:
    """Send a guest the link."""
    mail = db.session.get_one(Mail, mail_id)
    deliver_email(mail, emails.invitation(mail))
