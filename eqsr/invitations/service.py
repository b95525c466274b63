"""Make and cancel invitations, and read and lock one."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

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

    Without the lock, recording the mail server's answer could undo that the candidate has started
    meanwhile.
    """
    return db.session.scalars(
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .with_for_update(of=Invitation)
        .execution_options(populate_existing=True)
    ).one()


def request_write_back(invitation: Invitation) -> None:
    """Enqueue bringing the profile in SmartRecruiters up to date. Joins the transaction."""
    ats_job = invitation.application.ats_job
    if ats_job is not None:
        enqueue(WorkKind.WRITE_BACK, invitation.id, connection_id=ats_job.connection_id, once=True)


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

    The new one has not been opened yet. Expects a locked invitation. Joins the transaction.
    """
    invitation.link_generation += 1
    # Links of merged invitations lead here too, and were mailed to where the old ones were.
    db.session.execute(
        update(Invitation)
        .where(Invitation.continued_by_id == invitation.id)
        .values(link_generation=Invitation.link_generation + 1)
    )
    if invitation.started_at is None:
        invitation.opened_at = None
        if invitation.state is State.OPENED:
            invitation.state = State.SENT


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
