"""Signing up by a job's open link: an address is confirmed by email before a candidate is made.

The visitor's page, and the time it takes, must not reveal anything about the address. So only the
worker checks whether the address has applied and whether an email is sent (sign_up_emails).
"""

import uuid
from datetime import timedelta

from sqlalchemy import func, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import checked_address, plain_address
from eqsr.core.invisible import clean_name
from eqsr.core.messages import NotFoundError, UserError
from eqsr.invitations.models import SignUp
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

# A sign-up is deleted this long after it was made.
RETENTION = timedelta(days=7)
# More than this means that a job's link is being flooded, so further sign-ups are dropped.
MAX_SIGN_UPS_PER_HOUR = 1000
CLOSED = "This assessment is closed. Ask the organisation that sent the link."


def sign_up(job_id: uuid.UUID, first_name: str, last_name: str, email: str, language: str) -> None:
    """Store a visitor's name and address and queue the confirmation email.

    Does the same for every address. Raises UserError if the address can't be used or the job is
    closed, and NotFoundError if the job has no open link.
    """
    address = plain_address(checked_address(email))
    with transaction() as session:
        job = open_job(job_id)
        recent = select(func.count()).where(
            SignUp.job_id == job.id, SignUp.created_at > now() - timedelta(hours=1)
        )
        if session.execute(recent).scalar_one() >= MAX_SIGN_UPS_PER_HOUR:
            return
        made = SignUp(
            job_id=job.id,
            first_name=clean_name(first_name),
            last_name=clean_name(last_name),
            email=address,
            address_key=address.lower(),
            language=language or None,
            expires_at=now() + RETENTION,
        )
        session.add(made)
        session.flush()
        mail.queue(WorkKind.SIGN_UP_MAIL, made.id, job.organisation_id, address)


def unexpired(sign_up_id: uuid.UUID | None) -> SignUp | None:
    """The sign-up with this id; None if it expired or was deleted."""
    if sign_up_id is None:
        return None
    found = db.session.get(SignUp, sign_up_id, populate_existing=True)
    return found if found and now() < found.expires_at else None


def open_job(job_id: uuid.UUID, lock: bool = False) -> Job:
    """The job that has an open link. Raises NotFoundError, and UserError if the job is closed.

    ``lock``: keep the job from being deleted until the transaction ends.
    """
    key_share = {"key_share": True} if lock else None
    job = db.session.get(Job, job_id, populate_existing=True, with_for_update=key_share)
    if job is None or job.kind is not JobKind.LINK:
        raise NotFoundError
    if job.state is not JobState.OPEN:
        raise UserError(CLOSED)
    return job
