"""The life of an invitation: made, opened, started, completed, expired or cancelled."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.invitations.models import Invitation, InvitationState, Trigger
from eqsr.jobs.models import Job, StageLink
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.service import enqueue

State = InvitationState

# For this long after completion, the personal link shows the candidate their result.
RESULT_SHOWN_FOR = timedelta(days=180)

BEFORE_START = (State.QUEUED, State.SENT, State.OPENED, State.UNDELIVERABLE)


def get(invitation_id: uuid.UUID) -> Invitation | None:
    """The invitation as it is in the database now; None if there is no such invitation."""
    return db.session.get(Invitation, invitation_id, populate_existing=True)


def load(invitation_id: uuid.UUID) -> Invitation:
    """The invitation as it is in the database now. Raises NoResultFound if there is none."""
    return db.session.get_one(Invitation, invitation_id, populate_existing=True)


def locked(invitation_id: uuid.UUID) -> Invitation:
    """The invitation, read afresh, its row locked until the transaction ends.

    Without the lock, recording the mail server's answer could undo that the candidate has opened
    the link meanwhile.
    """
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


def attempt_of(job_id: uuid.UUID, application_id: uuid.UUID, attempt: int) -> Invitation:
    """The invitation with this attempt number. Raises NoResultFound if there is none."""
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.job_id == job_id, Invitation.application_id == application_id)
        .where(Invitation.attempt == attempt)
        .execution_options(populate_existing=True)
    ).one()


def for_link(link: StageLink, application: Application) -> Invitation | None:
    """The application's latest invitation to the assessment of this stage.

    Another stage of the job with another assessment makes an invitation of its own.
    """
    made = db.session.scalars(
        select(Invitation)
        .where(Invitation.job_id == link.job_id, Invitation.application_id == application.id)
        .order_by(Invitation.attempt.desc())
        .execution_options(populate_existing=True)
    )
    return next((one for one in made if one.asks_for == link.asks_for), None)


def invited(application: Application) -> bool:
    """Whether the application was invited, and no invitation waits for a corrected address.

    An invitation that was cancelled before its email was sent does not count.
    """
    made = db.session.scalars(
        select(Invitation).where(Invitation.application_id == application.id)
    ).all()
    if any(one.state is State.UNDELIVERABLE for one in made):
        return False
    return any(not cancelled_before_sending(one) for one in made)


def cancelled_before_sending(invitation: Invitation) -> bool:
    """Whether we cancelled the invitation before its email was sent, so it may be queued again.

    An invitation that a user cancelled stays cancelled.
    """
    automatically = invitation.state is State.CANCELLED and invitation.cancelled_by_id is None
    return automatically and invitation.sent_at is None


def opened(invitation_id: uuid.UUID) -> None:
    """Record that the candidate opened the personal link."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.opened_at is None and invitation.state in BEFORE_START:
            invitation.opened_at = now()
            invitation.state = State.OPENED
            log_activity(invitation, ActivityKind.INVITATION_OPENED)


def started(invitation_id: uuid.UUID) -> None:
    """Record that the candidate started the assessment."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.started_at is None and invitation.state in BEFORE_START:
            invitation.started_at = now()
            invitation.state = State.STARTED
            log_activity(invitation, ActivityKind.SITTING_STARTED)


def completed(invitation_id: uuid.UUID) -> bool:
    """Complete the invitation and request the write-back; return True the first time.

    Call it once all sittings are finished and scored.
    """
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
    """Enqueue bringing the profile in SmartRecruiters up to date. Joins the transaction."""
    ats_job = invitation.application.ats_job
    if ats_job is not None:
        enqueue(WorkKind.WRITE_BACK, invitation.id, connection_id=ats_job.connection_id, once=True)


def expire_due() -> int:
    """Expire up to 500 invitations whose time is over; return how many.

    A started one may still be finished (TIME_TO_FINISH), and its sitting checks that. The time of
    a queued one begins when its email is sent.
    """
    expirable = (State.SENT, State.OPENED, State.UNDELIVERABLE)
    with transaction() as session:
        due = session.scalars(
            select(Invitation)
            .where(Invitation.state.in_(expirable), Invitation.expires_at < now())
            .limit(500)
            .with_for_update(of=Invitation, skip_locked=True)
            .execution_options(populate_existing=True)
        ).all()
        for invitation in due:
            invitation.state = State.EXPIRED
            log_activity(invitation, ActivityKind.INVITATION_EXPIRED)
        return len(due)


def give_full_time(invitation_id: uuid.UUID) -> Invitation:
    """Restart the time to finish, as the email was sent late; return the invitation."""
    with transaction():
        invitation = locked(invitation_id)
        restart_time(invitation)
        return invitation


def restart_time(invitation: Invitation) -> None:
    """Give the job's full time from now on, or keep a later deadline. Joins the transaction."""
    full = now() + timedelta(days=invitation.job.days_to_finish)
    invitation.expires_at = max(invitation.expires_at, full)


def end_links(invitation: Invitation) -> None:
    """End every personal link sent so far; emails from now on carry a new one.

    Expects a locked invitation. Joins the transaction.
    """
    invitation.link_generation += 1


def cancel_obsolete(invitation: Invitation, kind: ActivityKind, **facts: str) -> None:
    """Cancel an invitation that has become obsolete, unless it was started.

    ``kind`` is the reason recorded in the activity log.
    """
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
    """Insert an invitation; return False if this attempt exists already. Joins the transaction.

    It is for the assessment of the stage ``link`` or, without a link, for ``assessment``; None
    means the job's assessment.
    """
    return insert_if_absent(
        Invitation,
        organisation_id=job.organisation_id,
        job_id=job.id,
        application_id=application.id,
        stage_link_id=link.id if link else None,
        assessment=link.assessment if link else assessment,
        attempt=attempt,
        trigger=trigger,
        email=email,
        expires_at=now() + timedelta(days=job.days_to_finish),
    )


def log_activity(invitation: Invitation, kind: ActivityKind, **facts: Any) -> None:
    """Add a line about this invitation to the activity log. Joins the transaction.

    If the result was erased, personal facts are left out: an email may have been under way.
    """
    if invitation.erased:
        facts = activity.impersonal(facts)
    activity.log(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
