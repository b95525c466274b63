"""Whether an invitation or sitting is open, and locking a sitting that is."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from eqsr.core.clock import now
from eqsr.core.messages import N_, UserError
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState
from eqsr.sittings.models import Sitting


class Closed(UserError):
    """The sitting accepts no more answers."""

    status = 410


class Standing(StrEnum):
    """The state of an invitation, or of a part of it, for the holder of its link."""

    READY = "ready"
    UNDERWAY = "underway"
    FINISHED = "finished"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NO_LONGER_OPEN = "no_longer_open"


# Nothing can be done behind the link: the page says why.
OVER = (Standing.EXPIRED, Standing.CANCELLED, Standing.NO_LONGER_OPEN)


def standing_of(
    invitation: Invitation, sitting: Sitting | None, closes_at: datetime, done: bool
) -> Standing:
    """The invitation's state at this moment; ``done``: the part or assessment is finished."""
    if done or invitation.state == InvitationState.COMPLETED:
        return Standing.FINISHED
    gone = invitation.application.candidate.removed_at is not None
    if gone or invitation.state == InvitationState.CANCELLED:
        return Standing.CANCELLED
    ats_job = invitation.application.ats_job
    if ats_job is not None and ats_job.over and invitation.started_at is None:
        return Standing.NO_LONGER_OPEN  # those who have started may finish
    if invitation.ended_by_clock or now() >= closes_at:
        return Standing.EXPIRED
    return Standing.UNDERWAY if sitting else Standing.READY


def locked(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """The sitting, read afresh, its row locked until the transaction ends.

    Raises Closed if the sitting was erased.
    """
    found = session.scalar(
        select(Sitting)
        .where(Sitting.id == sitting_id)
        .with_for_update(of=Sitting)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise closed(Standing.CANCELLED)
    return found


def open_sitting(session: Session, sitting_id: uuid.UUID) -> Sitting:
    """Like ``locked``, for a sitting under way. Raises Closed once it is over."""
    sitting = locked(session, sitting_id)
    closes_at = sitting.invitation.expires_at + TIME_TO_FINISH
    finished = sitting.finished_at is not None
    standing = standing_of(sitting.invitation, sitting, closes_at, done=finished)
    if standing != Standing.UNDERWAY:
        raise closed(standing)
    return sitting


def closed(standing: Standing) -> Closed:
    """The error that says why no more answers are accepted."""
    return Closed(
        {
            Standing.READY: N_("Open your invitation's link again and press Start."),
            Standing.FINISHED: N_(
                "You have finished already, so answers can't be changed any more."
            ),
            Standing.EXPIRED: N_(
                "The time for this questionnaire is over. What you have answered is kept. Ask the "
                "person who invited you for more time."
            ),
            Standing.CANCELLED: N_(
                "This invitation was withdrawn. Ask the person who invited you "
                "if you think that is a mistake."
            ),
            Standing.NO_LONGER_OPEN: N_(
                "The position is no longer open, so the assessment can't be started any more."
            ),
        }[standing]
    )
