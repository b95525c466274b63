"""The email that tells a candidate that their result was erased.

Its row holds the last copy of the address. The address is erased in the transaction that records
that the mail server accepted or refused the email, when every attempt failed, or after
KEEP_ADDRESS.
"""

import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, update

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.models import Invitation
from eqsr.mail import sending as mail_sending
from eqsr.mail import service as mails
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp_errors import MailRefused
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of
from eqsr.outbox.kinds import WorkKind

KEEP_ADDRESS = timedelta(days=7)


def send(mail_id: uuid.UUID) -> None:
    """Send the email if it is still queued. Raises Reschedule and PermanentFailure."""
    queued = db.session.get_one(Mail, mail_id)
    if queued.state is not MailState.QUEUED:
        return
    try:
        composed = compose(
            db.session.get_one(Invitation, queued.subject_id, populate_existing=True)
        )
        mail_sending.deliver(queued, composed, lambda: _forget(Mail.id == mail_id))
    except MailRefused as refusal:
        on_dead(mail_id, str(refusal))


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """Record that the email can't be sent, without the reason, which may contain the address."""
    with transaction():
        mails.refuse(db.session.get_one(Mail, mail_id), "")
        _forget(Mail.id == mail_id)


def forget_old() -> None:
    """Cancel emails that are still queued after KEEP_ADDRESS, and erase their addresses."""
    with transaction() as session:
        old = (Mail.kind == WorkKind.ERASURE_MAIL) & (Mail.created_at < now() - KEEP_ADDRESS)
        session.execute(
            update(Mail)
            .where(old, Mail.state == MailState.QUEUED)
            .values(state=MailState.CANCELLED)
        )
        _forget(old & (Mail.to_address != ""))


def compose(invitation: Invitation) -> Email:
    """The email ``erasure``, without the candidate's name, which is erased."""
    organisation = invitation.job.organisation
    return compose_email(
        "erasure",
        locale=mail_language(invitation.job),
        zone=organisation.time_zone,
        sender_name=organisation.name,
        looks=brand_of(organisation),
        organisation_name=organisation.name,
        job_title=invitation.job.title,
        contact_email=contact.of(organisation, invitation.job.contact_email),
        in_smartrecruiters=invitation.application.ats_job is not None,
    )


def _forget(which: ColumnElement[bool]) -> None:
    with transaction() as session:
        session.execute(update(Mail).where(which).values(to_address=""))
