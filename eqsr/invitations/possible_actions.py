"""Which actions an invitation allows in its present state."""

from dataclasses import dataclass
from datetime import timedelta

from eqsr.core.clock import now
from eqsr.core.messages import N_
from eqsr.invitations import service
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState

State = InvitationState
CANCELLABLE = (*service.BEFORE_START, State.STARTED)
DELETED = N_("This candidate was deleted in SmartRecruiters.")
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
    # Why a link would lead nowhere, so that none is offered; '' if one leads somewhere.
    dead_end: str = ""


def possible(invitation: Invitation, latest: Invitation) -> PossibleActions:
    """Return the actions to offer. ``latest``: the person's last invitation to the same job."""
    nowhere = dead_end(invitation)
    leads_on = not nowhere and not invitation.erased
    return PossibleActions(
        resend=invitation.state in CANCELLABLE
        and invitation.state is not State.QUEUED
        and leads_on
        and link_works(invitation),
        correct=invitation.state in CANCELLABLE and leads_on,
        extend=invitation.state in EXTENDABLE and leads_on,
        cancel=invitation.state in service.BEFORE_START,
        invite_again=latest.id == invitation.id
        and invitation.state not in CANCELLABLE
        and not _position_over(invitation)
        and leads_on,
        give_time=invitation.state in OVER and invitation.started_at is not None and leads_on,
        dead_end="" if invitation.erased else nowhere,
    )


def dead_end(invitation: Invitation) -> str:
    """Why the candidate could do nothing with a link, as far as the mirror knows; '' if they could.

    The candidate was deleted, or the position was filled or cancelled before they started. Being
    rejected, hired, withdrawn or transferred is no reason, and neither is a job that is closed here
    or a disconnected SmartRecruiters: links go on working then, so a person decides.
    """
    if invitation.application.candidate.removed_at is not None:
        return DELETED
    return NO_LONGER_OPEN if no_longer_open(invitation) else ""


def no_longer_open(invitation: Invitation) -> bool:
    """Whether the position was filled or cancelled before the candidate started."""
    done = invitation.started_at is not None or invitation.result_at is not None
    return not done and _position_over(invitation)


def _position_over(invitation: Invitation) -> bool:
    ats_job = invitation.application.ats_job
    return ats_job is not None and ats_job.over


def link_works(invitation: Invitation) -> bool:
    """Whether there is time left to start the assessment or, once started, to finish it."""
    extra = TIME_TO_FINISH if invitation.state is State.STARTED else timedelta()
    return now() < invitation.expires_at + extra
