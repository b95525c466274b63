"""The email that confirms an address given on an open link.

It repeats nothing that the visitor typed, as a visitor may type another person's address.
"""

import logging
import uuid

from eqsr.core import formats
from eqsr.core.db import db
from eqsr.invitations import by_link, sign_up_confirmation
from eqsr.invitations.email_facts import mail_language
from eqsr.invitations.links import sign_up_url, take_url
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.invitations.new_link import renewable
from eqsr.invitations.sign_up_limits import within_limits
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import Mail, MailState
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of

log = logging.getLogger(__name__)


def send(mail_id: uuid.UUID) -> None:
    """Send the email if the limits allow it. Raises Reschedule and PermanentFailure."""
    queued = db.session.get_one(Mail, mail_id)
    if queued.state is not MailState.QUEUED:
        return
    found = by_link.unexpired(queued.subject_id)
    allowed = found is not None and within_limits(found.id)
    deliver_email(queued, compose(found) if found is not None and allowed else None)


def compose(found: SignUp) -> Email:
    """Ask to confirm the address or, if it has already applied, say how to go on."""
    job, invitation = (
        found.job,
        sign_up_confirmation.invitation_for(found.job_id, found.address_key),
    )
    language = mail_language(job)
    zone = job.organisation.time_zone
    with formats.written_for(language, zone):
        day = formats.day(found.expires_at)
    return compose_email(
        "sign_up",
        locale=language,
        zone=zone,
        sender_name=job.organisation.name,
        looks=brand_of(job.organisation),
        organisation_name=job.organisation.name,
        job_title=job.title,
        contact_email=contact.of(job.organisation, job.contact_email),
        deleted_on=day,
        **(_next_step(invitation) if invitation else _confirmation(found)),
    )


def _confirmation(found: SignUp) -> dict[str, str]:
    return {"stands": "new", "link_url": sign_up_url(found)}


def _next_step(invitation: Invitation) -> dict[str, str]:
    """``stands``: "underway", "finished", or "over" if the link leads nowhere any more."""
    partly = invitation.state is InvitationState.PARTLY_COMPLETED
    if partly or not renewable(invitation):
        return {"stands": "over", "link_url": ""}
    if invitation.result_at is not None:
        return {"stands": "finished", "link_url": take_url(invitation)}
    return {"stands": "underway", "link_url": take_url(invitation)}
