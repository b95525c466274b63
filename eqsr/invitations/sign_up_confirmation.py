"""Confirming an address that was given on an open link: a candidate is made and invited."""

import uuid

from sqlalchemy import func, select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.invisible import clean_name
from eqsr.duplicates import person_lock
from eqsr.invitations import queries, service
from eqsr.invitations.by_link import open_job
from eqsr.invitations.models import Invitation, InvitationState, SignUp, Trigger
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind


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
            job = open_job(found.job_id, lock=True)
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
    person_lock.hold(candidate)
    service.insert_attempt(job, application, found.email, Trigger.LINK)
    invitation = queries.attempt_of(job.id, application.id, 1)
    # The visitor has just used the emailed link, so the invitation counts as sent.
    invitation.state = InvitationState.SENT
    invitation.sent_at = now()
    invitation.language = found.language
    service.log_activity(invitation, ActivityKind.INVITATION_BY_LINK, job=job.title)
    mail.queue(WorkKind.INVITATION_MAIL, invitation.id, organisation_id, found.email)
    return invitation
