"""Invitations: their life from being made to being completed."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db, insert_if_absent, transaction
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, StageLink
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

State = InvitationState

# How long after finishing the personal link shows the result.
RESULT_SHOWN_FOR = timedelta(days=180)

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
            if not cancelled_before_sending(invitation):
                return False
            _requeue(invitation, link, email)
            session.flush()
        send(
            WorkKind.INVITATION_MAIL,
            invitation.id,
            invitation.organisation_id,
            email,
            connection_id=link.ats_job.connection_id,
        )
        log_activity(invitation, ActivityKind.INVITATION_MADE, job=link.job.title, stage=stage)
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
    """The application was invited to something, that was not called off before its mail, and no
    address has to be corrected."""
    made = db.session.scalars(
        select(Invitation).where(Invitation.application_id == application.id)
    ).all()
    if any(one.state is State.UNDELIVERABLE for one in made):
        return False
    return any(not cancelled_before_sending(one) for one in made)


def cancelled_before_sending(invitation: Invitation) -> bool:
    """It was called off before its mail left, so the person has not been invited. What a person
    called off stays so."""
    by_itself = invitation.state is State.CANCELLED and invitation.cancelled_by_id is None
    return by_itself and invitation.sent_at is None


def opened(invitation_id: uuid.UUID) -> None:
    """The candidate opened the personal link."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.opened_at is None and invitation.state in BEFORE_START:
            invitation.opened_at = now()
            invitation.state = State.OPENED
            log_activity(invitation, ActivityKind.INVITATION_OPENED)


def started(invitation_id: uuid.UUID) -> None:
    """The candidate began to answer."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.started_at is None and invitation.state in BEFORE_START:
            invitation.started_at = now()
            invitation.state = State.STARTED
            log_activity(invitation, ActivityKind.SITTING_STARTED)


def completed(invitation_id: uuid.UUID) -> bool:
    """All sittings are finished and scored; the profile in SmartRecruiters is to show it. True
    the first time."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.completed_at is not None:
            return False
        invitation.completed_at = now()
        invitation.state = State.COMPLETED
        log_activity(invitation, ActivityKind.SITTING_FINISHED)
        request_write_back(invitation)
        return True


def request_write_back(invitation: Invitation) -> None:
    """Write down that SmartRecruiters' profile must be made to match; joins the transaction."""
    ats_job = invitation.application.ats_job
    if ats_job is not None:
        enqueue(WorkKind.WRITE_BACK, invitation.id, connection_id=ats_job.connection_id, once=True)


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
            log_activity(invitation, ActivityKind.INVITATION_EXPIRED)
        return len(due)


def give_full_time(invitation_id: uuid.UUID) -> Invitation:
    """Its mail had to wait: the time to finish begins now."""
    with transaction():
        invitation = locked(invitation_id)
        restart_time(invitation)
        return invitation


def restart_time(invitation: Invitation) -> None:
    """Full time from now on, or what a person has given. Joins the transaction."""
    full = now() + timedelta(days=invitation.job.days_to_finish)
    invitation.expires_at = max(invitation.expires_at, full)


def end_links(invitation: Invitation) -> None:
    """No personal link that is out opens anything any more; what is mailed from now on carries the
    next one. The invitation is locked; joins the transaction."""
    invitation.link_generation += 1


def cancel_obsolete(invitation: Invitation, kind: ActivityKind, **facts: str) -> None:
    """End an invitation that makes no sense any more; ``kind`` tells the ledger why."""
    with transaction():
        invitation = locked(invitation.id)
        if invitation.state in BEFORE_START:
            invitation.state = State.CANCELLED
            end_links(invitation)
            log_activity(invitation, kind, **facts)


def insert_attempt(
    job: Job,
    application: Application,
    email: str,
    trigger: Trigger,
    link: StageLink | None = None,
    attempt: int = 1,
    assessment: str | None = None,
) -> bool:
    """Write an invitation to what the stage asks for, else to ``assessment``, else to the job's;
    False if this attempt is there already. Joins the transaction."""
    return insert_if_absent(
        Invitation,
        organisation_id=job.organisation_id,
        job_id=job.id,
        application_id=application.id,
        stage_link_id=link and link.id,
        assessment=link.assessment if link else assessment,
        attempt=attempt,
        trigger=trigger,
        email=email,
        expires_at=now() + timedelta(days=job.days_to_finish),
    )


def _requeue(invitation: Invitation, link: StageLink, email: str) -> None:
    invitation.state = State.QUEUED
    invitation.stage_link_id = link.id
    invitation.assessment = link.assessment
    invitation.email = email
    invitation.queued_at = now()
    invitation.expires_at = now() + timedelta(days=link.job.days_to_finish)
    invitation.problem = invitation.fault = None


def log_activity(invitation: Invitation, kind: ActivityKind, **facts: str) -> None:
    """A line about this invitation for the ledger. A mail that was under way while the result was
    erased leaves no address behind."""
    if invitation.erased:
        facts = activity.impersonal(facts)
    activity.log(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
