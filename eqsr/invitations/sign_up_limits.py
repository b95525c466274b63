"""The limits on emails that confirm an address given on an open link."""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select

from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations.models import SignUp
from eqsr.jobs.models import Job

log = logging.getLogger(__name__)
# Limits on emails sent: for one job's link, and to one address by any link.
PER_JOB_AND_HOUR = 100
PER_ADDRESS_AND_DAY = 5
# Giving the same address at the same link again within this time counts as one request.
RESEND_INTERVAL = timedelta(minutes=10)


def within_limits(sign_up_id: uuid.UUID) -> bool:
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
