"""The email that confirms an address given on an open link, and the limits on such emails.

It repeats nothing that the visitor typed, as a visitor may type another person's address.
"""

import logging
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from sqlalchemy import ColumnElement, func, select

from eqsr.core import formats
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import by_link
from eqsr.invitations.emails import mail_language
from eqsr.invitations.links import sign_up_url, take_url
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.invitations.new_link import renewable
from eqsr.jobs.models import Job
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import Mail, MailState
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of

log = logging.getLogger(__name__)

# Limits on emails sent: for one job's link, and to one address by any link.
PER_JOB_AND_HOUR = 100
PER_ADDRESS_AND_DAY = 5
# Giving the same address at the same link again within this time counts as one request.
RESEND_INTERVAL = timedelta(minutes=10)


def send(mail_id: uuid.UUID) -> None:
    """Send the email if the limits allow it. Raises Reschedule and PermanentFailure."""
    queued = db.session.get_one(Mail, mail_id)
    if queued.state is not MailState.QUEUED:
        return
    found = by_link.unexpired(queued.subject_id)
    allowed = found is not None and _within_limits(found.id)
    deliver_email(queued, compose(found) if found is not None and allowed else None)


def compose(found: SignUp) -> Email:
    """Ask to confirm the address or, if it has already applied, say how to go on."""
    job, invitation = found.job, by_link.invitation_for(found.job_id, found.address_key)
    language = mail_language(job)
    with force_locale(language):
        day = formats.day(found.expires_at, ZoneInfo(job.organisation.time_zone))
    return compose_email(
        "sign_up",
        locale=language,
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
    if not renewable(invitation):
        return {"stands": "over", "link_url": ""}
    if invitation.state is InvitationState.COMPLETED:
        return {"stands": "finished", "link_url": take_url(invitation)}
    return {"stands": "underway", "link_url": take_url(invitation)}


def _within_limits(sign_up_id: uuid.UUID) -> bool:
    """Whether the limits allow this sign-up's email; counts it the first time it is tried."""
    with transaction() as session:
        found = session.get_one(SignUp, sign_up_id, populate_existing=True)
        if found.mailed_at is not None:
            return True
        # The job is locked so that workers count one after the other.
        session.get_one(Job, found.job_id, with_for_update={"key_share": True})
        limit = _limit_reached(found)
        if limit:
            log.warning("open link: %s", limit, extra={"job": str(found.job_id)})
            return False
        found.mailed_at = now()
        return True


def _limit_reached(found: SignUp) -> str:
    """Name the limit that is reached, for operators; empty if none is."""
    same_job, same_address = SignUp.job_id == found.job_id, SignUp.address_key == found.address_key
    if _mailed_within(RESEND_INTERVAL, same_job, same_address):
        return "asked for twice at once"
    if _mailed_within(timedelta(days=1), same_address) >= PER_ADDRESS_AND_DAY:
        return "an address's limit of mails per day is reached"
    if _mailed_within(timedelta(hours=1), same_job) >= PER_JOB_AND_HOUR:
        return "the job's limit of mails per hour is reached"
    return ""


def _mailed_within(span: timedelta, *conditions: ColumnElement[bool]) -> int:
    query = select(func.count()).select_from(SignUp).where(*conditions)
    recent = query.where(SignUp.mailed_at > now() - span)
    return db.session.execute(recent).scalar_one()
