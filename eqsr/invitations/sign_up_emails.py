"""The one mail that coming by an open link sends, and how many of them there may be.

It says nothing that the visitor typed: anybody can type any address.
"""

import logging
import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import force_locale
from sqlalchemy import func, select

from eqsr.core import formats
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import by_link
from eqsr.invitations.links import sign_up_url, take_url
from eqsr.invitations.models import Invitation, InvitationState, SignUp
from eqsr.invitations.new_link import renewable
from eqsr.invitations.sending import mail_language
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.mail.compose import Email, compose_email
from eqsr.mail.delivery import deliver_email
from eqsr.mail.models import MailState
from eqsr.organisations import contact
from eqsr.organisations.service import brand_of

log = logging.getLogger(__name__)

# Mails that leave: of one job's link, and to one address whatever link was used.
PER_JOB_AND_HOUR = 100
PER_ADDRESS_AND_DAY = 5
# The same address at the same link again so soon is the same wish.
AT_ONCE = timedelta(minutes=10)


def send(mail_id: uuid.UUID) -> None:
    """Send it, if the limits let it through. Raises Reschedule and PermanentFailure."""
    queued = mail.get(mail_id)
    if queued.state is not MailState.QUEUED:
        return
    found = by_link.waiting(queued.subject_id)
    wanted = found is not None and _let_through(found.id)
    deliver_email(queued, compose(found) if wanted else None)


def compose(found: SignUp) -> Email:
    """Asks to confirm the address; who has applied already is told how to go on."""
    job, invitation = found.job, by_link.known(found.job_id, found.address_key)
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
        **(_way_on(invitation) if invitation else _to_confirm(found)),
    )


def _to_confirm(found: SignUp) -> dict[str, str]:
    return {"stands": "new", "link_url": sign_up_url(found)}


def _way_on(invitation: Invitation) -> dict[str, str]:
    """``stands``: underway, finished, or over when its link leads nowhere any more."""
    if not renewable(invitation):
        return {"stands": "over", "link_url": ""}
    if invitation.state is InvitationState.COMPLETED:
        return {"stands": "finished", "link_url": take_url(invitation)}
    return {"stands": "underway", "link_url": take_url(invitation)}


def _let_through(sign_up_id: uuid.UUID) -> bool:
    """Whether the limits allow its mail; a mail that is tried again was counted before."""
    with transaction() as session:
        found = session.get_one(SignUp, sign_up_id, populate_existing=True)
        if found.mailed_at is not None:
            return True
        # Held, so that workers count one after the other.
        session.get_one(Job, found.job_id, with_for_update={"key_share": True})
        limit = _limit_reached(found)
        if limit:
            log.warning("open link: %s", limit, extra={"job": str(found.job_id)})
            return False
        found.mailed_at = now()
        return True


def _limit_reached(found: SignUp) -> str:
    """Which one, for operators; empty if none is."""
    same_job, same_address = SignUp.job_id == found.job_id, SignUp.address_key == found.address_key
    if _mailed_within(AT_ONCE, same_job, same_address):
        return "asked for twice at once"
    if _mailed_within(timedelta(days=1), same_address) >= PER_ADDRESS_AND_DAY:
        return "an address's limit of mails per day is reached"
    if _mailed_within(timedelta(hours=1), same_job) >= PER_JOB_AND_HOUR:
        return "the job's limit of mails per hour is reached"
    return ""


def _mailed_within(span: timedelta, *conditions) -> int:
    query = select(func.count()).select_from(SignUp).where(*conditions)
    return db.session.scalar(query.where(SignUp.mailed_at > now() - span))
