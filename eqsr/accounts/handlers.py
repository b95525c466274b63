"""Mails about one's own account, and what is forgotten by the clock."""

import uuid

from eqsr.accounts import emails, resets, sessions
from eqsr.mail import service as mails
from eqsr.mail.delivery import gave_up, tell
from eqsr.outbox.handlers import handles
from eqsr.outbox.schedule import every


@handles(resets.KIND)
def follow_up_forgotten(request_id: uuid.UUID) -> None:
    resets.follow_up(request_id)


@handles("password_reset", attempts=12, gave_up=gave_up)
def send_reset(mail_id: uuid.UUID) -> None:
    mail = mails.get(mail_id)
    tell(mail, emails.reset(mail))


@handles("password_changed", attempts=40, gave_up=gave_up)
def send_changed(mail_id: uuid.UUID) -> None:
    mail = mails.get(mail_id)
    tell(mail, emails.changed(mail))


@every(seconds=86400)
def forget_old_sessions() -> None:
    sessions.forget_old()
