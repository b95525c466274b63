"""Ask for a new password, and email the link that sets it, valid for an hour."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.accounts import service
from eqsr.accounts.models import PasswordRequest, PasswordReset, User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.core import emailed_links
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.emailed_links import LinkPurpose
from eqsr.mail import service as mails
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

RESET_LIFETIME = timedelta(hours=1)
# After this long the user no longer expects the email, so it is not sent any more.
FORGET_AFTER = timedelta(hours=12)
# A second request within this time sends no second email.
RESEND_INTERVAL = timedelta(minutes=1)


def ask(email: str, address: str = "") -> None:
    """Have a worker email a link, if an active account has this email address.

    Neither the answer nor its timing reveals whether one has. ``address`` is the visitor's network
    address.
    """
    with transaction() as session:
        request = PasswordRequest(email=email.strip()[:320], address=address[:60])
        session.add(request)
        session.flush()
        enqueue(WorkKind.PASSWORD_FORGOTTEN, request.id)


def follow_up(request_id: uuid.UUID) -> None:
    """Queue the email for a request and delete the request, in one transaction. Idempotent."""
    with transaction() as session:
        request = session.get(PasswordRequest, request_id, with_for_update=True)
        if request is None:
            return
        if now() - request.created_at < FORGET_AFTER:
            _ask(request.email, request.address)
        session.delete(request)


def _ask(email: str, address: str) -> None:
    """Queue a reset email for the active user with this address, unless one was just queued."""
    user = service.user_with(email)
    if user is None or not user.active:
        return
    with transaction() as session:
        session.scalar(select(User.id).where(User.id == user.id).with_for_update())
        recent = select(PasswordReset.id).where(
            PasswordReset.user_id == user.id,
            PasswordReset.created_at > now() - RESEND_INTERVAL,
            PasswordReset.used_at.is_(None),
        )
        if session.scalar(recent) is not None:
            return
        reset = PasswordReset(user_id=user.id)
        session.add(reset)
        session.flush()
        activity.audit(
            AuditAction.PASSWORD_FORGOTTEN, user.organisation_id, user.id, user.id, address
        )
        mails.queue(WorkKind.PASSWORD_RESET, reset.id, user.organisation_id, user.email)


def issue_link(reset_id: uuid.UUID, mail_id: uuid.UUID) -> tuple[PasswordReset, str] | None:
    """Make the link for this email, valid for an hour from now; None if the request is obsolete."""
    with transaction() as session:
        reset = session.get_one(PasswordReset, reset_id, populate_existing=True)
        if reset.used_at or not reset.user.active or now() - reset.created_at > FORGET_AFTER:
            return None
        reset.expires_at = now() + RESET_LIFETIME
        return reset, emailed_links.issue(LinkPurpose.PASSWORD_RESET, reset, mail_id)
