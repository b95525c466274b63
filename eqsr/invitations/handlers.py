"""What the worker does for invitations."""

import uuid

from eqsr.invitations import moves, reminding, sending, service
from eqsr.outbox.handlers import handles
from eqsr.outbox.schedule import every


# About a day of tries: a mail server may be away for a night.
@handles("invitation_mail", attempts=40, gave_up=sending.gave_up)
def send_invitation(mail_id: uuid.UUID) -> None:
    sending.send(mail_id)


@handles("invitation_again", attempts=40, gave_up=sending.gave_up)
def send_invitation_again(mail_id: uuid.UUID) -> None:
    sending.send_again(mail_id)


@handles("extension_mail", attempts=40, gave_up=sending.gave_up)
def send_extension(mail_id: uuid.UUID) -> None:
    sending.send_extension(mail_id)


@handles("reminder_mail")
def send_reminder(mail_id: uuid.UUID) -> None:
    reminding.send(mail_id)


@handles("look_after_grace", attempts=20)
def look_after_grace(application_id: uuid.UUID) -> None:
    moves.look_again(application_id)


@every(seconds=300)
def remind() -> None:
    reminding.remind_due()


@every(seconds=60)
def expire_invitations() -> None:
    service.expire_due()
