"""Coming by a job's open link."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.clock import now
from eqsr.db import transaction
from eqsr.invitations import service
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState
from eqsr.mail import service as mail
from eqsr.mail.addresses import usable_address
from eqsr.plain import NotYours, PlainError


def invite(
    job_id: uuid.UUID, first_name: str, last_name: str, email: str
) -> tuple[Invitation, bool]:
    """Somebody came by a job's open link and gave a name and an address.

    An address that is new to the job gets an invitation that can be started at once: (it, True).
    A known one gets its personal link by mail, at most one in ten minutes, so that nobody takes
    up another person's sitting: (it, False). Raises PlainError, NotYours.
    """
    address = usable_address(email)
    if address is None:
        raise PlainError("This e-mail address can't be used. Check it for typing mistakes.")
    with transaction() as session:
        # Held: the same form twice at once must not make two people of one.
        job = session.get(Job, job_id, populate_existing=True, with_for_update={"key_share": True})
        if job is None or job.kind is not JobKind.LINK:
            raise NotYours
        if job.state is not JobState.OPEN:
            raise PlainError("This assessment is closed. Ask the organisation that sent the link.")
        application = _application_by_link(job, first_name, last_name, address.lower())
        fresh = service.insert_attempt(job, application, address, Trigger.LINK)
        invitation = service.of_application(job.id, application.id)
        if fresh:
            invitation.state = InvitationState.SENT
            invitation.sent_at = now()
            service.note(invitation, "invitation_by_link", job=job.title)
        if not mail.queued_within(timedelta(minutes=10), invitation.id):
            mail.queue("invitation_mail", invitation.id, invitation.organisation_id, address)
        return invitation, fresh


def _application_by_link(job: Job, first_name: str, last_name: str, email: str) -> Application:
    with transaction() as session:
        application = session.scalar(
            select(Application)
            .join(Application.candidate)
            .where(Application.link_job_id == job.id, Candidate.email == email)
            .where(Application.erased_at.is_(None))
            .with_for_update(key_share=True, of=Candidate)
        )
        if application is None:
            candidate = Candidate(
                organisation_id=job.organisation_id,
                first_name=_one_line(first_name)[:300],
                last_name=_one_line(last_name)[:300],
                email=email,
            )
            application = Application(
                organisation_id=job.organisation_id, candidate=candidate, link_job_id=job.id
            )
            session.add(application)
            session.flush()
        return application


def _one_line(text: str) -> str:
    """Without what a database may refuse."""
    return " ".join(text.replace("\x00", " ").split())
