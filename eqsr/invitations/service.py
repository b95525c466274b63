"""Invitations: their life from being made to being completed."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.candidates.models import Application, Candidate
from eqsr.clock import now
from eqsr.db import db, insert_if_absent, transaction
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, JobKind, JobState, StageLink
from eqsr.ledger import service as ledger
from eqsr.mail import service as mail
from eqsr.mail.addresses import usable_address
from eqsr.outbox.service import enqueue
from eqsr.plain import NotYours, PlainError

State = InvitationState

BEFORE_START = (State.QUEUED, State.SENT, State.OPENED, State.UNDELIVERABLE)


def get(invitation_id: uuid.UUID) -> Invitation | None:
    return db.session.get(Invitation, invitation_id, populate_existing=True)


def locked(invitation_id: uuid.UUID) -> Invitation:
    """As it is now and stays until the transaction ends: a candidate who opens the link while the
    mail server's answer is being recorded must not be set back."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    ).one()


def of_application(job_id: uuid.UUID, application_id: uuid.UUID) -> Invitation | None:
    """The latest invitation of the application to the job."""
    return db.session.scalar(
        select(Invitation)
        .where(Invitation.job_id == job_id, Invitation.application_id == application_id)
        .order_by(Invitation.attempt.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def for_link(link: StageLink, application: Application) -> Invitation | None:
    """The latest invitation of the application to what this stage asks for. Another stage of the
    job that asks for something else makes an invitation of its own."""
    made = db.session.scalars(
        select(Invitation)
        .where(Invitation.job_id == link.job_id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .execution_options(populate_existing=True)
    )
    return next((one for one in made if one.asks_for == link.asks_for), None)


def invite_from_stage(link: StageLink, application: Application, email: str, stage: str) -> bool:
    """Make the one invitation that a stage move makes, with its mail; False if it was there.

    An invitation that was called off before its mail left is taken up again: the person has not
    been invited yet.
    """
    with transaction() as session:
        fresh = _insert_for(link, application, email)
        invitation = for_link(link, application)
        send = mail.queue
        if not fresh:
            invitation, send = locked(invitation.id), mail.queue_one
            if not called_off_unsent(invitation):
                return False
            _take_up_again(invitation, link, email)
            session.flush()
        send(
            "invitation_mail",
            invitation.id,
            invitation.organisation_id,
            email,
            connection_id=link.ats_job.connection_id,
        )
        note(invitation, "invitation_made", job=link.job.title, stage=stage)
        return True


def _insert_for(link: StageLink, application: Application, email: str) -> bool:
    """Write the stage's invitation under the next free number; False if there is one."""
    while for_link(link, application) is None:
        latest = of_application(link.job_id, application.id)
        number = latest.attempt + 1 if latest else 1
        if insert_attempt(link.job, application, email, Trigger.STAGE, link, number):
            return True
    return False


def invited(application: Application) -> bool:
    """The application was invited to something, and that was not called off before its mail."""
    return any(
        not called_off_unsent(invitation)
        for invitation in db.session.scalars(
            select(Invitation).where(Invitation.application_id == application.id)
        )
    )


def called_off_unsent(invitation: Invitation) -> bool:
    """It was called off before its mail left, so the person has not been invited. What a person
    called off stays so."""
    by_itself = invitation.state is State.CANCELLED and invitation.cancelled_by_id is None
    return by_itself and invitation.sent_at is None


def by_link(
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
        job = session.get(Job, job_id)
        if job is None or job.kind is not JobKind.LINK:
            raise NotYours
        if job.state is not JobState.OPEN:
            raise PlainError("This assessment is closed. Ask the organisation that sent the link.")
        application = _application_by_link(job, first_name, last_name, address.lower())
        fresh = insert_attempt(job, application, address, Trigger.LINK)
        invitation = of_application(job.id, application.id)
        if fresh:
            invitation.state = State.SENT
            invitation.sent_at = now()
            note(invitation, "invitation_by_link", job=job.title)
        if not mail.queued_within(timedelta(minutes=10), invitation.id):
            mail.queue("invitation_mail", invitation.id, invitation.organisation_id, address)
        return invitation, fresh


def opened(invitation_id: uuid.UUID) -> None:
    """The candidate opened the personal link."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.opened_at is None and invitation.state in BEFORE_START:
            invitation.opened_at = now()
            invitation.state = State.OPENED
            note(invitation, "invitation_opened")


def started(invitation_id: uuid.UUID) -> None:
    """The candidate began to answer."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.started_at is None and invitation.state in BEFORE_START:
            invitation.started_at = now()
            invitation.state = State.STARTED
            note(invitation, "sitting_started")


def completed(invitation_id: uuid.UUID) -> bool:
    """All sittings are finished and scored; the profile in SmartRecruiters is to show it. True
    the first time."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.completed_at is not None:
            return False
        invitation.completed_at = now()
        invitation.state = State.COMPLETED
        note(invitation, "sitting_finished")
        want_write_back(invitation)
        return True


def want_write_back(invitation: Invitation) -> None:
    """Write down that SmartRecruiters' profile must be made to match; joins the transaction."""
    ats_job = invitation.application.ats_job
    if ats_job is not None:
        enqueue("write_back", invitation.id, connection_id=ats_job.connection_id, once=True)


def expire_due() -> int:
    """End the invitations whose time is over. One that was started may be finished for a day
    (see assessments.service); the sitting ends it. One whose mail has not left has not begun."""
    begun = (State.SENT, State.OPENED, State.UNDELIVERABLE)
    with transaction() as session:
        due = session.scalars(
            select(Invitation)
            .where(Invitation.state.in_(begun), Invitation.expires_at < now())
            .limit(500)
            .with_for_update(of=Invitation, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for invitation in due:
            invitation.state = State.EXPIRED
            note(invitation, "invitation_expired")
        return len(due)


def give_full_time(invitation_id: uuid.UUID) -> Invitation:
    """Its mail had to wait: the time to finish begins now."""
    with transaction():
        invitation = locked(invitation_id)
        invitation.expires_at = now() + timedelta(days=invitation.job.days_to_finish)
        return invitation


def call_off(invitation: Invitation, kind: str, **facts: str) -> None:
    """End an invitation that makes no sense any more; ``kind`` tells the ledger why."""
    with transaction():
        invitation = locked(invitation.id)
        if invitation.state in BEFORE_START:
            invitation.state = State.CANCELLED
            note(invitation, kind, **facts)


def insert_attempt(
    job: Job,
    application: Application,
    email: str,
    trigger: Trigger,
    link: StageLink | None = None,
    attempt: int = 1,
) -> bool:
    """Write an invitation; False if this attempt is there already. Joins the transaction."""
    return insert_if_absent(
        Invitation,
        organisation_id=job.organisation_id,
        job_id=job.id,
        application_id=application.id,
        stage_link_id=link and link.id,
        assessment=link and link.assessment,
        attempt=attempt,
        trigger=trigger,
        email=email,
        expires_at=now() + timedelta(days=job.days_to_finish),
    )


def _take_up_again(invitation: Invitation, link: StageLink, email: str) -> None:
    invitation.state = State.QUEUED
    invitation.stage_link_id = link.id
    invitation.assessment = link.assessment
    invitation.email = email
    invitation.queued_at = now()
    invitation.expires_at = now() + timedelta(days=link.job.days_to_finish)
    invitation.problem = None


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
                first_name=first_name.strip()[:300],
                last_name=last_name.strip()[:300],
                email=email,
            )
            application = Application(
                organisation_id=job.organisation_id, candidate=candidate, link_job_id=job.id
            )
            session.add(application)
            session.flush()
        return application


def note(invitation: Invitation, kind: str, **facts: str) -> None:
    """A line about this invitation for the ledger. A mail that was under way while the result was
    erased leaves no address behind."""
    if invitation.erased:
        facts = ledger.impersonal(facts)
    ledger.note(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
