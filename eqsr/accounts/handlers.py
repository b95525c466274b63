"""Send emails about a user's account, and delete old login sessions every day."""

import uuid

from eqsr.accounts import emails, guessing, reset_requests, sessions
from eqsr.mail import service as mails
from eqsr.mail.delivery import deliver_email, on_dead
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every


@handles(WorkKind.PASSWORD_FORGOTTEN)
def follow_up_forgotten(request_id: uuid.UUID) -> None:
    """Queue the email for a request for a new password."""
    reset_requests.follow_up(request_id)


@handles(WorkKind.PASSWORD_RESET, attempts=12, on_dead=on_dead)
def send_reset(mail_id: uuid.UUID) -> None:
    """Send the link for a new password."""
    mail = mails.get(mail_id)
    deliver_email(mail, emails.reset(mail))


@handles(WorkKind.PASSWORD_CHANGED, attempts=40, on_dead=on_dead)
def send_changed(mail_id: uuid.UUID) -> None:
    """Send the notice that a password was changed."""
    mail = mails.get(mail_id)
    deliver_email(mail, emails.changed(mail))


@handles(WorkKind.GUESSING_STOPPED)
def tell_of_guessing(entry_id: uuid.UUID) -> None:
    """Queue the email to the user whose password strangers tried to guess."""
    guessing.tell(entry_id)


@handles(WorkKind.GUESSING_MAIL, attempts=12, on_dead=on_dead)
def send_guessing(mail_id: uuid.UUID) -> None:
    """Send the notice that strangers tried too many passwords."""
    mail = mails.get(mail_id)
    deliver_email(mail, emails.guessing(mail))


@every(seconds=86400)
def delete_old_sessions() -> None:
    """Delete login sessions that are no longer needed."""
    sessions.delete_old()
