"""Signing up by a job's open link: an address is confirmed by email before a candidate is made.

The visitor's page, and the time it takes, must not reveal anything about the address. So only the
worker checks whether the address has applied and whether an email is sent (sign_up_emails).
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select, update

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.email_addresses import checked_address, plain_address
from eqsr.core.invisible import clean_name
from eqsr.core.messages import NotFoundError, UserError
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState, SignUp, Trigger
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.mail import service as mail
from eqsr.mail.models import Mail
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work

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
        job = _open_job(job_id)
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


def confirm(sign_up_id: uuid.UUID, first_name: str, last_name: str) -> SignUp | None:
    """Confirm the address under this name: make a candidate with an invitation, and email the link.

    Confirming twice, or an address that has already applied, leads to the existing invitation.
    Returns None if the sign-up has expired. Raises UserError if the job is closed.
    """
    with transaction() as session:
        found = session.get(
            SignUp, sign_up_id, populate_existing=True, with_for_update={"of": SignUp}
        )
        if found is None or found.expires_at <= now():
            return None
        if found.invitation_id is None:
            # The job is locked so that confirming one address twice at once makes one candidate.
            job = _open_job(found.job_id, lock=True)
            invitation = invitation_for(job.id, found.address_key)
            if invitation is None:
                invitation = _invite(job, found, first_name, last_name)
            found.invitation_id = invitation.id
            found.link_generation = invitation.link_generation
        return found


def invitation_for(job_id: uuid.UUID, address_key: str) -> Invitation | None:
    """The latest invitation that came by this job's open link and now has this address.

    Earlier addresses of a corrected invitation do not count: they may be another person's.
    """
    return db.session.scalar(
        select(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .where(Invitation.job_id == job_id, Application.link_job_id == job_id)
        .where(Application.erased_at.is_(None), func.lower(Invitation.email) == address_key)
        .order_by(Invitation.queued_at.desc(), Invitation.attempt.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def delete_expired(size: int = 500) -> int:
    """Delete up to ``size`` expired sign-ups and the addresses in their emails; return how many."""
    with transaction() as session:
        due = select(SignUp.id).where(SignUp.expires_at <= now()).order_by(SignUp.expires_at)
        ids = session.scalars(due.limit(size)).all()
        _delete(ids)
        return len(ids)


def delete_of(invitation_ids: list[uuid.UUID]) -> None:
    """Delete the sign-ups that led to these invitations. Joins the transaction."""
    theirs = select(SignUp.id).where(SignUp.invitation_id.in_(invitation_ids))
    _delete(db.session.scalars(theirs).all())


def _delete(ids: Sequence[uuid.UUID]) -> None:
    session = db.session()
    for sign_up_id in ids:
        mail.cancel_queued(sign_up_id)
    theirs = Mail.subject_id.in_(ids) & (Mail.kind == WorkKind.SIGN_UP_MAIL)
    mails = session.scalars(select(Mail.id).where(theirs)).all()
    session.execute(update(Work).where(Work.subject_id.in_(mails)).values(last_error=None))
    session.execute(update(Mail).where(theirs).values(to_address="", problem=None))
    session.execute(delete(SignUp).where(SignUp.id.in_(ids)))


def _open_job(job_id: uuid.UUID, lock: bool = False) -> Job:
    key_share = {"key_share": True} if lock else None
    job = db.session.get(Job, job_id, populate_existing=True, with_for_update=key_share)
    if job is None or job.kind is not JobKind.LINK:
        raise NotFoundError
    if job.state is not JobState.OPEN:
        raise UserError(CLOSED)
    return job


def _invite(job: Job, found: SignUp, first_name: str, last_name: str) -> Invitation:
    session, organisation_id = db.session(), job.organisation_id
    candidate = Candidate(
        organisation_id=organisation_id,
        email=found.address_key,
        first_name=clean_name(first_name),
        last_name=clean_name(last_name),
    )
    application = Application(
        organisation_id=organisation_id, candidate=candidate, link_job_id=job.id
    )
    session.add(application)
    session.flush()
    service.insert_attempt(job, application, found.email, Trigger.LINK)
    invitation = service.attempt_of(job.id, application.id, 1)
    # The visitor has just used the emailed link, so the invitation counts as sent.
    invitation.state = InvitationState.SENT
    invitation.sent_at = now()
    invitation.language = found.language
    service.log_activity(invitation, ActivityKind.INVITATION_BY_LINK, job=job.title)
    mail.queue(WorkKind.INVITATION_MAIL, invitation.id, organisation_id, found.email)
    return invitation
