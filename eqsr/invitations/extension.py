"""Extending an invitation's deadline."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from eqsr.activity.kinds import ActivityKind
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.core.messages import N_, UserError
from eqsr.invitations import reminders, service
from eqsr.invitations.management import Actor, queue_email, record, require_state
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.invitations.possible_actions import EXTENDABLE, OVER, dead_end
from eqsr.outbox.kinds import WorkKind

State = InvitationState
MAILED = (State.SENT, State.OPENED, State.STARTED)
MAX_EXTENSION = timedelta(days=180)


def end_of_day(invitation: Invitation, day: date) -> datetime:
    """The last minute of ``day`` in the organisation's time zone, as a moment in UTC.

    Where clocks go back at midnight, 23:59 comes twice: it is the minute before the next day.
    """
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    next_day = datetime.combine(day + timedelta(days=1), time(), zone)
    return next_day.astimezone(UTC) - timedelta(minutes=1)


def suggested_day(invitation: Invitation) -> date:
    """The day to propose for an extension: a week after the later of now and the deadline."""
    zone = ZoneInfo(invitation.job.organisation.time_zone)
    return (max(invitation.expires_at, now()).astimezone(zone) + timedelta(days=7)).date()


def extend(invitation: Invitation, day: date, actor: Actor) -> bool:
    """Move the deadline to the end of ``day`` and tell the candidate.

    Reopens what has expired or was partly completed: the candidate goes on where they stopped.
    Raises UserError if the day is not later than the deadline, or is beyond MAX_EXTENSION, or if
    the candidate could do nothing with the time (possible_actions.dead_end).
    """
    longest = now() + MAX_EXTENSION
    # Comparing years first avoids an overflow: the end of 9999-12-31 may not exist in UTC.
    if day.year > longest.year or end_of_day(invitation, day) > longest:
        raise UserError("An invitation can be extended by at most 180 days.")
    until = end_of_day(invitation, day)
    with transaction():
        invitation = service.locked(invitation.id)
        require_state(invitation, EXTENDABLE, N_("This invitation can't be extended any more."))
        if nowhere := dead_end(invitation):
            raise UserError(nowhere)
        if until == invitation.expires_at:
            return False
        if until <= max(now(), invitation.expires_at):
            raise UserError("Choose a later day than the one on which the invitation ends.")
        invitation.expires_at = until
        revived = invitation.state in OVER
        if revived:
            invitation.state = _before_it_ended(invitation)
            invitation.ended_by_clock = False
        reminders.deadline_extended(invitation)
        if invitation.state in MAILED:
            queue_email(invitation, WorkKind.EXTENSION_MAIL)
        elif revived or invitation.state is State.UNDELIVERABLE:
            # The candidate has no link yet. (A first email that is still queued will name the new
            # deadline, so a queued invitation that had not expired needs no other one.)
            queue_email(invitation, WorkKind.INVITATION_AGAIN)
        again = revived and invitation.state is State.STARTED
        kind = ActivityKind.TIME_GIVEN_AGAIN if again else ActivityKind.INVITATION_EXTENDED
        record(invitation, kind, actor, date=f"{day:%Y-%m-%d}")
        return True


def _before_it_ended(invitation: Invitation) -> InvitationState:
    if invitation.started_at is not None:
        return State.STARTED
    if invitation.problem:
        return State.UNDELIVERABLE
    if invitation.sent_at is None:
        return State.QUEUED
    return State.OPENED if invitation.opened_at is not None else State.SENT
