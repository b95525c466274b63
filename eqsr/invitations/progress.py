"""An invitation's progress: opened, started, completed or expired, or ended by the clock."""

import uuid

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.invitations.service import BEFORE_START, locked, log_activity, request_write_back

State = InvitationState


def opened(invitation_id: uuid.UUID) -> None:
    """Record that a person seems to have opened the personal link.

    The page's script says so, or a press. It only informs: a scanner may run scripts too, so
    nothing is decided by it, and an invitation that waits or is undeliverable stays so.
    """
    with transaction():
        invitation = locked(invitation_id)
        if invitation.opened_at is None and invitation.state in BEFORE_START:
            invitation.opened_at = now()
            if invitation.state is State.SENT:
                invitation.state = State.OPENED
            log_activity(invitation, ActivityKind.INVITATION_OPENED)


def started(invitation_id: uuid.UUID) -> None:
    """Record that the candidate started the assessment."""
    with transaction():
        invitation = locked(invitation_id)
        if invitation.started_at is None and invitation.state in BEFORE_START:
            invitation.started_at = now()
            invitation.opened_at = invitation.opened_at or invitation.started_at
            invitation.state = State.STARTED
            log_activity(invitation, ActivityKind.SITTING_STARTED)


def completed(invitation_id: uuid.UUID, *, by_clock: bool = False) -> bool:
    """Complete the invitation and request the write-back; return True the first time.

    Call it once all sittings are finished and scored. ``by_clock``: the time ended before the
    candidate pressed *Finish*.
    """
    with transaction():
        invitation = locked(invitation_id)
        if invitation.completed_at is not None:
            return False
        invitation.completed_at = now()
        invitation.state = State.COMPLETED
        invitation.ended_by_clock = by_clock
        log_activity(
            invitation,
            ActivityKind.FINISHED_BY_CLOCK if by_clock else ActivityKind.SITTING_FINISHED,
        )
        request_write_back(invitation)
        return True


def partly_completed(invitation: Invitation) -> None:
    """Record that the clock ended a locked invitation with something missing.

    Joins the transaction.
    """
    invitation.state = State.PARTLY_COMPLETED
    invitation.partly_completed_at = now()
    invitation.ended_by_clock = True
    log_activity(invitation, ActivityKind.ENDED_IN_PART)
    request_write_back(invitation)


def nothing_given(invitation: Invitation) -> None:
    """Expire a locked invitation that was started, and whose candidate gave no answer.

    Joins the transaction.
    """
    invitation.state = State.EXPIRED
    invitation.ended_by_clock = True
    log_activity(invitation, ActivityKind.NOTHING_GIVEN)


def expire_due() -> int:
    """Expire up to 500 invitations whose time is over; return how many.

    A started one may still be finished (TIME_TO_FINISH); sittings.ending ends it. The time of a
    queued one begins when its email is sent.
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
