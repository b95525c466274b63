"""Which actions an invitation allows in its present state."""

from dataclasses import dataclass
from datetime import timedelta

from eqsr.core.clock import now
from eqsr.core.messages import N_
from eqsr.invitations import service
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState

State = InvitationState
CANCELLABLE = (*service.BEFORE_START, State.STARTED)
NO_LONGER_OPEN = N_("The job is filled or cancelled in SmartRecruiters. Open it there first.")
# Ended by the clock, with something left to do.
OVER = (State.EXPIRED, State.PARTLY_COMPLETED)
EXTENDABLE = (*CANCELLABLE, *OVER)


@dataclass(frozen=True)
class PossibleActions:
    """Which actions an invitation allows in its present state."""

    resend: bool
    correct: bool
    extend: bool
    cancel: bool
    invite_again: bool
    # The candidate was interrupted: extending lets them go on where they stopped.
    give_time: bool = False


def possible(invitation: Invitation, latest: Invitation) -> PossibleActions:
    """Return the actions to offer. ``latest``: the person's last invitation to the same job."""
    return PossibleActions(
        resend=invitation.state in CANCELLABLE
        and invitation.state is not State.QUEUED
        and link_works(invitation),
        correct=invitation.state in CANCELLABLE,
        extend=invitation.state in EXTENDABLE and not invitation.erased,
        cancel=invitation.state in service.BEFORE_START,
        invite_again=latest.id == invitation.id
        and invitation.state not in CANCELLABLE
        and not invitation.erased,
        give_time=invitation.state in OVER
        and invitation.started_at is not None
        and not invitation.erased,
    )


def no_longer_open(invitation: Invitation) -> bool:
    """Whether the position was filled or cancelled before the candidate started."""
    ats_job = invitation.application.ats_job
    return invitation.started_at is None and ats_job is not None and ats_job.over


def link_works(invitation: Invitation) -> bool:
    """Whether there is time left to start the assessment or, once started, to finish it."""
    extra = TIME_TO_FINISH if invitation.state is State.STARTED else timedelta()
    return now() < invitation.expires_at + extra
