"""The work and the scheduled tasks of invitations."""

import logging
import uuid

from eqsr.core.db import end_read
from eqsr.core.extensions import settings
from eqsr.invitations import (
    bounces,
    candidate_refresh,
    due_reminders,
    moves,
    progress,
    reminders,
    sending,
    sending_outcome,
    sign_up_deletion,
    sign_up_emails,
)
from eqsr.mail import delivery, mailbox
from eqsr.outbox.handlers import handles
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.schedule import every
from eqsr.outbox.service import enqueue

log = logging.getLogger(__name__)

# Work needs a subject, and the one mailbox has no row in the database.
THE_MAILBOX = uuid.UUID("2b1d5c0e-6f0b-5c0c-9a59-8c1a5f2f0b0d")
# How far this process has read the mailbox. A new process starts over, which changes nothing.
_read_to = mailbox.Place()


# Attempts count our own errors only. Waiting for a mail server: mail.patience, mail.server_pause.
@handles(WorkKind.INVITATION_MAIL, attempts=40, on_dead=sending_outcome.on_dead)
def send_invitation(mail_id: uuid.UUID) -> None:
    """Send the first email of an invitation."""
    sending.send(mail_id)


@handles(WorkKind.INVITATION_AGAIN, attempts=40, on_dead=sending_outcome.on_dead)
def send_invitation_again(mail_id: uuid.UUID) -> None:
    """Send an invitation's link once more."""
    sending.send_again(mail_id)


@handles(WorkKind.NEW_LINK_MAIL, attempts=40, on_dead=sending_outcome.on_dead)
def send_new_link(mail_id: uuid.UUID) -> None:
    """Send the link that replaced all earlier ones."""
    sending.send_new_link(mail_id)


@handles(WorkKind.EXTENSION_MAIL, attempts=40, on_dead=sending_outcome.on_dead)
def send_extension(mail_id: uuid.UUID) -> None:
    """Tell a candidate that the deadline was extended."""
    sending.send_extension(mail_id)


@handles(WorkKind.REMINDER_MAIL)
def send_reminder(mail_id: uuid.UUID) -> None:
    """Send a reminder, if it still makes sense."""
    reminders.send(mail_id)


@handles(WorkKind.SIGN_UP_MAIL, attempts=40, on_dead=delivery.on_dead)
def send_sign_up(mail_id: uuid.UUID) -> None:
    """Send the email that confirms an address given on an open link."""
    sign_up_emails.send(mail_id)


@handles(WorkKind.LOOK_AFTER_GRACE, attempts=20)
def look_after_grace(application_id: uuid.UUID) -> None:
    """Evaluate an application again after its grace period."""
    moves.reevaluate(application_id)


@handles(WorkKind.REFRESH_CANDIDATE, attempts=5, recurring=True)
def refresh_candidate(candidate_id: uuid.UUID) -> None:
    """Read a candidate again, as a page or an event asked."""
    candidate_refresh.refresh(candidate_id)


@every(seconds=300)
def remind() -> None:
    """Queue the reminders that are due."""
    due_reminders.remind_due()


@every(seconds=60)
def expire_invitations() -> None:
    """Expire invitations whose time is over."""
    progress.expire_due()


@every(seconds=3600)
def delete_sign_ups() -> None:
    """Delete expired sign-ups."""
    sign_up_deletion.delete_expired()


@handles(WorkKind.READ_BOUNCES)
def read_bounces(_mailbox_id: uuid.UUID) -> None:
    """Act on the bounces that arrived in the mailbox since the last time."""
    global _read_to
    end_read()
    try:
        _read_to = bounces.read_mailbox(settings.bounces_url, _read_to)
    except mailbox.MailboxUnavailable as trouble:
        # No retry is needed: look_for_bounces enqueues the next read within two minutes.
        log.warning("bounces: %s", trouble)


@every(seconds=120)
def look_for_bounces() -> None:
    """Enqueue reading the bounce mailbox, if there is one."""
    if settings.bounces_url:
        enqueue(WorkKind.READ_BOUNCES, THE_MAILBOX, once=True)
