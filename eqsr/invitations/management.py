"""What users do with invitations by hand.

Each verb may be called twice, by a double click or by two people: the second call changes nothing
and returns False. Each locks the invitation's row, so the candidate's own steps wait.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.email_addresses import checked_address
from eqsr.core.messages import N_, NotFoundError, UserError
from eqsr.invitations import reminders, service
from eqsr.invitations.models import TIME_TO_FINISH, Invitation, InvitationState
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

State = InvitationState

CANCELLABLE = (*service.BEFORE_START, State.STARTED)
MAILED = (State.SENT, State.OPENED, State.STARTED)
EXTENDABLE = (*CANCELLABLE, State.EXPIRED)

# Asking to send the same email again within this time counts as one request.
RESEND_INTERVAL = timedelta(minutes=1)
MAX_EXTENSION = timedelta(days=180)


@dataclass(frozen=True)
class Actor:
    """The user who acts, and the network address from which they act."""

    user: User
    address: str = ""

    @property
    def name(self) -> str:
        """How the activity log names the user."""
        return self.user.name or self.user.email


@dataclass(frozen=True)
class PossibleActions:
    """Which actions an invitation allows in its present state."""

    resend: bool
    correct: bool
    extend: bool
    cancel: bool
    invite_again: bool


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
    )


def own(organisation_id: uuid.UUID, invitation_id: uuid.UUID) -> Invitation:
    """The invitation with this id. Raises NotFoundError if it is not this organisation's."""
    invitation = service.get(invitation_id)
    if invitation is None or invitation.organisation_id != organisation_id:
        raise NotFoundError
    return invitation


def resend(invitation: Invitation, actor: Actor) -> bool:
    """Send the same link once more. Raises UserError if the link can't be used any more."""
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.QUEUED:
            return False
        _require(
            invitation, CANCELLABLE, N_("The link can't be used any more, so it is not sent again.")
        )
        if not link_works(invitation):
            raise UserError("The time for this invitation is over. Extend it instead.")
        if mail.queued_within(RESEND_INTERVAL, invitation.id, WorkKind.INVITATION_AGAIN):
            return False
        queue_email(invitation, WorkKind.INVITATION_AGAIN)
        record(invitation, ActivityKind.INVITATION_RESENT, actor, email=invitation.email)
        return True


def correct_address(invitation: Invitation, text: str, actor: Actor) -> bool:
    """Send a new link to another address and end the old one.

    Raises UserError if the address can't be used, or the invitation is over.
    """
    address = checked_address(text)
    with transaction():
        invitation = service.locked(invitation.id)
        _require(
            invitation, CANCELLABLE, N_("The link can't be used any more, so the address stays.")
        )
        if address == invitation.email:
            return resend(invitation, actor)
        before, invitation.email = invitation.email, address
        invitation.problem = invitation.fault = None
        if invitation.state in (State.SENT, State.UNDELIVERABLE):
            invitation.state = State.QUEUED
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        queue_email(invitation, WorkKind.INVITATION_AGAIN)
        record(invitation, ActivityKind.ADDRESS_CORRECTED, actor, before=before, email=address)
        return True


def end_of_day(invitation: Invitation, day: date) -> datetime:
    """The last minute of ``day`` in the organisation's time zone, as a moment in UTC."""
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    return datetime.combine(day, time(23, 59), zone).astimezone(UTC)


def suggested_day(invitation: Invitation) -> date:
    """The day to propose for an extension: a week after the later of now and the deadline."""
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    return (max(invitation.expires_at, now()).astimezone(zone) + timedelta(days=7)).date()


def extend(invitation: Invitation, day: date, actor: Actor) -> bool:
    """Move the deadline to the end of ``day`` and tell the candidate; reopens what has expired.

    Raises UserError if the day is not later than the deadline, or is beyond MAX_EXTENSION.
    """
    longest = now() + MAX_EXTENSION
    # Comparing years first avoids an overflow: the end of 9999-12-31 may not exist in UTC.
    if day.year > longest.year or end_of_day(invitation, day) > longest:
        raise UserError("An invitation can be extended by at most 180 days.")
    until = end_of_day(invitation, day)
    with transaction():
        invitation = service.locked(invitation.id)
        _require(invitation, EXTENDABLE, N_("This invitation can't be extended any more."))
        if until == invitation.expires_at:
            return False
        if until <= max(now(), invitation.expires_at):
            raise UserError("Choose a later day than the one on which the invitation ends.")
        invitation.expires_at = until
        revived = invitation.state is State.EXPIRED
        if revived:
            invitation.state = _before_it_expired(invitation)
        reminders.deadline_extended(invitation)
        if invitation.state in MAILED:
            queue_email(invitation, WorkKind.EXTENSION_MAIL)
        elif revived or invitation.state is State.UNDELIVERABLE:
            # The candidate has no link yet. (A first email that is still queued will name the new
            # deadline, so a queued invitation that had not expired needs no other one.)
            queue_email(invitation, WorkKind.INVITATION_AGAIN)
        record(invitation, ActivityKind.INVITATION_EXTENDED, actor, date=f"{day:%Y-%m-%d}")
        return True


def cancel(invitation: Invitation, actor: Actor) -> bool:
    """Cancel the invitation for good: end its link and its queued emails.

    Raises UserError once the candidate has started, or the invitation is over.
    """
    with transaction():
        invitation = service.locked(invitation.id)
        if invitation.state is State.CANCELLED:
            return False
        if invitation.state is State.STARTED:
            raise UserError("The candidate has started, so this can't be cancelled any more.")
        _require(invitation, service.BEFORE_START, N_("This invitation is over already."))
        invitation.state = State.CANCELLED
        invitation.cancelled_by_id = actor.user.id
        service.end_links(invitation)
        mail.cancel_queued(invitation.id)
        record(invitation, ActivityKind.INVITATION_CANCELLED, actor)
        return True


def _before_it_expired(invitation: Invitation) -> InvitationState:
    if invitation.opened_at is not None:
        return State.OPENED
    if invitation.problem:
        return State.UNDELIVERABLE
    return State.SENT if invitation.sent_at is not None else State.QUEUED


def link_works(invitation: Invitation) -> bool:
    """Whether there is time left to start the assessment or, once started, to finish it."""
    extra = TIME_TO_FINISH if invitation.state is State.STARTED else timedelta()
    return now() < invitation.expires_at + extra


def _require(invitation: Invitation, states: tuple[InvitationState, ...], sentence: str) -> None:
    if invitation.state not in states or invitation.erased:
        raise UserError(sentence)


def queue_email(invitation: Invitation, kind: WorkKind) -> None:
    """Queue an email of this kind to the candidate. Joins the transaction."""
    mail.queue(kind, invitation.id, invitation.organisation_id, invitation.email)


def record(invitation: Invitation, kind: ActivityKind, actor: Actor, **facts: str) -> None:
    """Log what a user did, in the activity log and the audit log. Joins the transaction."""
    service.log_activity(invitation, kind, user=actor.name, **facts)
    activity.audit(kind, invitation.organisation_id, actor.user.id, invitation.id, actor.address)
