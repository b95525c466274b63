"""The mail that tells a candidate that it is done.

It needs an address that is nowhere else any more: the mail's own row has the last copy, and loses
it in the transaction that records that the mail server accepted it, when the server refused it or
every try failed, or after KEEP_ADDRESS, whichever comes first.
"""

import uuid
from datetime import timedelta

from sqlalchemy import update

from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.emails import mail_language
from eqsr.invitations.models import Invitation
from eqsr.mail import service as mails
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp import MailRefused
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of
from eqsr.outbox.kinds import WorkKind

KEEP_ADDRESS = timedelta(days=7)


def send(mail_id: uuid.UUID) -> None:
    """Raises Reschedule and PermanentFailure."""
    queued = mails.get(mail_id)
    if queued.state is not MailState.QUEUED:
        return
    try:
        composed = compose(invitations.get(queued.subject_id))
        mails.deliver(queued, composed, lambda: _forget(Mail.id == mail_id))
    except MailRefused as refusal:
        on_dead(mail_id, str(refusal))


def on_dead(mail_id: uuid.UUID, reason: str) -> None:
    """It can't be sent; what the server said may hold the address, so it is not kept."""
    with transaction():
        mails.refuse(mails.get(mail_id), "")
        _forget(Mail.id == mail_id)


def forget_old() -> None:
    """What is still on its way after KEEP_ADDRESS is not sent any more."""
    with transaction() as session:
        old = (Mail.kind == WorkKind.ERASURE_MAIL) & (Mail.created_at < now() - KEEP_ADDRESS)
        session.execute(
            update(Mail)
            .where(old, Mail.state == MailState.QUEUED)
            .values(state=MailState.CANCELLED)
        )
        _forget(old & (Mail.to_address != ""))


def compose(invitation: Invitation) -> Email:
    """The mail ``erasure``: without a name, which is gone."""
    organisation = invitation.job.organisation
    return compose_email(
        "erasure",
        locale=mail_language(invitation.job),
        sender_name=organisation.name,
        looks=brand_of(organisation),
        organisation_name=organisation.name,
        job_title=invitation.job.title,
        contact_email=contact.of(organisation, invitation.job.contact_email),
        in_smartrecruiters=invitation.application.ats_job is not None,
    )


def _forget(which) -> None:
    with transaction() as session:
        session.execute(update(Mail).where(which).values(to_address=""))
