"""Coming by a job's open link: an address is confirmed by its mail before it is anybody's.

What the visitor's page says and costs depends on nothing that is known of the address: whether it
has applied, and whether a mail leaves at all, is looked at only by the worker (sign_up_mails).
"""

import uuid
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

# What was typed is deleted so long after.
KEPT = timedelta(days=7)
# Above this a job's link is being flooded, and nothing more is written down for an hour.
MOST_AN_HOUR = 1000
CLOSED = "This assessment is closed. Ask the organisation that sent the link."


def sign_up(job_id: uuid.UUID, first_name: str, last_name: str, email: str, language: str) -> None:
    """Somebody gave a name and an address: write it down, with its mail. The same happens for every
    address. Raises UserError for an address that no mail can reach, or a closed job; NotFoundError.
    """
    address = plain_address(checked_address(email))
    with transaction() as session:
        job = _open_job(job_id)
        recent = select(func.count()).where(
            SignUp.job_id == job.id, SignUp.created_at > now() - timedelta(hours=1)
        )
        if session.scalar(recent) >= MOST_AN_HOUR:
            return
        made = SignUp(
            job_id=job.id,
            first_name=clean_name(first_name),
            last_name=clean_name(last_name),
            email=address,
            address_key=address.lower(),
            language=language or None,
            expires_at=now() + KEPT,
        )
        session.add(made)
        session.flush()
        mail.queue(WorkKind.SIGN_UP_MAIL, made.id, job.organisation_id, address)


def waiting(sign_up_id: uuid.UUID | None) -> SignUp | None:
    """What a confirmation link is about; None once it is deleted."""
    if sign_up_id is None:
        return None
    found = db.session.get(SignUp, sign_up_id, populate_existing=True)
    return found if found and now() < found.expires_at else None


def confirm(sign_up_id: uuid.UUID, first_name: str, last_name: str) -> SignUp | None:
    """The reader of the address says so, under this name: from now on there is an invitation, which
    can be started at once, and whose personal link is mailed.

    Confirming twice, or an address that has applied already, leads to the invitation that is there;
    None where the sign-up is deleted. Raises UserError for a closed job.
    """
    with transaction() as session:
        locking = {"populate_existing": True, "with_for_update": {"of": SignUp}}
        found = session.get(SignUp, sign_up_id, **locking)
        if found is None or found.expires_at <= now():
            return None
        if found.invitation_id is None:
            # Held: the same address twice at once must not make two people of one.
            job = _open_job(found.job_id, held=True)
            invitation = known(job.id, found.address_key)
            if invitation is None:
                invitation = _made(job, found, first_name, last_name)
            found.invitation_id = invitation.id
            found.link_generation = invitation.link_generation
        return found


def known(job_id: uuid.UUID, address_key: str) -> Invitation | None:
    """The latest invitation of somebody who came by this job's link and reads that address now.
    Whoever was written to before an address was corrected is somebody else."""
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
    """Delete what was typed where its day has come, with the addresses in its mails; how many."""
    with transaction() as session:
        due = select(SignUp.id).where(SignUp.expires_at <= now()).order_by(SignUp.expires_at)
        ids = session.scalars(due.limit(size)).all()
        _delete(ids)
        return len(ids)


def delete_of(invitation_ids: list[uuid.UUID]) -> None:
    """What the people of these invitations typed. Joins the transaction."""
    theirs = select(SignUp.id).where(SignUp.invitation_id.in_(invitation_ids))
    _delete(db.session.scalars(theirs).all())


def _delete(ids) -> None:
    session = db.session()
    for one in ids:
        mail.cancel_queued(one)
    theirs = Mail.subject_id.in_(ids) & (Mail.kind == WorkKind.SIGN_UP_MAIL)
    mails = session.scalars(select(Mail.id).where(theirs)).all()
    session.execute(update(Work).where(Work.subject_id.in_(mails)).values(last_error=None))
    session.execute(update(Mail).where(theirs).values(to_address="", problem=None))
    session.execute(delete(SignUp).where(SignUp.id.in_(ids)))


def _open_job(job_id: uuid.UUID, held: bool = False) -> Job:
    locking = {"with_for_update": {"key_share": True}} if held else {}
    job = db.session.get(Job, job_id, populate_existing=True, **locking)
    if job is None or job.kind is not JobKind.LINK:
        raise NotFoundError
    if job.state is not JobState.OPEN:
        raise UserError(CLOSED)
    return job


def _made(job: Job, found: SignUp, first_name: str, last_name: str) -> Invitation:
    session, organisation_id = db.session(), job.organisation_id
    names = {"first_name": clean_name(first_name), "last_name": clean_name(last_name)}
    candidate = Candidate(organisation_id=organisation_id, email=found.address_key, **names)
    application = Application(
        organisation_id=organisation_id, candidate=candidate, link_job_id=job.id
    )
    session.add(application)
    session.flush()
    service.insert_attempt(job, application, found.email, Trigger.LINK)
    invitation = service.of_application(job.id, application.id)
    invitation.state = InvitationState.SENT
    invitation.sent_at = now()
    invitation.language = found.language
    service.log_activity(invitation, ActivityKind.INVITATION_BY_LINK, job=job.title)
    mail.queue(WorkKind.INVITATION_MAIL, invitation.id, organisation_id, found.email)
    return invitation
