"""Reminders: when they are due, whether they still make sense, and stopping them.

Reminders are sent only in working hours where the candidate lives (working_hours). Before one is
sent, the application is read again, and the reminder is dropped if it has become pointless.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select

from eqsr.accounts.models import Organisation
from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.invitations import emails, sending, service
from eqsr.invitations.current_stage import stage_now
from eqsr.invitations.links import reminders_url
from eqsr.invitations.models import Invitation, InvitationState, Reminder, Trigger
from eqsr.invitations.working_hours import working_hour
from eqsr.jobs.models import Job
from eqsr.mail import service as mail
from eqsr.mail.models import Mail, MailState
from eqsr.mail.smtp import MailRefused
from eqsr.outbox.handlers import Reschedule
from eqsr.outbox.kinds import WorkKind
from eqsr.smartrecruiters.types.stages import Stage

BEFORE_THE_END = 0

# States in which the candidate has the invitation but has not started.
REMINDABLE = (InvitationState.SENT, InvitationState.OPENED)
OUT_OF_CONSIDERATION = ("HIRED", "REJECTED", "WITHDRAWN", "TRANSFERRED")

# Two emails about the same invitation are at least this far apart.
MIN_GAP = timedelta(hours=20)
# A reminder that could not be sent for this long is dropped. A mail server may be down over a long
# weekend, so it is not less.
TOO_OLD = timedelta(days=5)
LOOK_AGAIN_SECONDS = 15 * 60.0


@dataclass(frozen=True)
class Times:
    """What decides when an invitation's reminders are due.

    ``days``: days after the invitation. ``hours``: hours before the deadline; 0 for no reminder.
    """

    sent_at: datetime
    expires_at: datetime
    days: Sequence[int]
    hours: int

    def due(self, moment: datetime) -> list[int]:
        """The numbers of the reminders that are due at ``moment``."""
        times = {day: self.sent_at + timedelta(days=day) for day in self.days}
        if self.hours:
            times[BEFORE_THE_END] = self.expires_at - timedelta(hours=self.hours)
        return [number for number, at in times.items() if self.sent_at < at <= moment]


def remind_due() -> int:
    """Queue the reminders that are due now; return how many."""
    moment = now()
    due = _due(moment)
    return sum(_remind(invitation_id, numbers, moment) for invitation_id, numbers in due)


def _due(moment: datetime) -> list[tuple[uuid.UUID, list[int]]]:
    """(invitation id, numbers of its due reminders), where it is a working hour now.

    No reminder follows the one before the deadline, even if another day is due later.
    """
    made = _made()
    found = []
    for row in db.session.execute(_open_invitations(moment)):
        invitation_id, country, zone, sent_at, expires_at, days, hours = row
        if sent_at is None:
            continue
        before = made.get(invitation_id, set())
        numbers = set(Times(sent_at, expires_at, days, hours).due(moment)) - before
        if numbers and BEFORE_THE_END not in before and working_hour(moment, country, zone):
            found.append((invitation_id, sorted(numbers)))
    return found


def _open_invitations(
    moment: datetime,
) -> Select[uuid.UUID, str | None, str, datetime | None, datetime, list[int], int]:
    return (
        select(
            Invitation.id,
            Candidate.country,
            Organisation.time_zone,
            Invitation.sent_at,
            Invitation.expires_at,
            Job.reminder_days,
            Job.reminder_hours,
        )
        .join(Application, Application.id == Invitation.application_id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .join(Job, Job.id == Invitation.job_id)
        .join(Organisation, Organisation.id == Job.organisation_id)
        .where(Invitation.state.in_(REMINDABLE), Invitation.sent_at < moment)
        .where(Invitation.expires_at > moment, Invitation.reminders_stopped_at.is_(None))
    )


def _made() -> dict[uuid.UUID, set[int]]:
    """Invitation id -> numbers of the reminders that were made, for open invitations."""
    rows = db.session.execute(
        select(Reminder.invitation_id, Reminder.number)
        .join(Invitation, Invitation.id == Reminder.invitation_id)
        .where(Invitation.state.in_(REMINDABLE))
    )
    made: dict[uuid.UUID, set[int]] = {}
    for invitation_id, number in rows:
        made.setdefault(invitation_id, set()).add(number)
    return made


def _remind(invitation_id: uuid.UUID, numbers: list[int], moment: datetime) -> bool:
    """Queue one email for all reminders that are due, so that missed ones do not pile up."""
    with transaction():
        invitation = service.locked(invitation_id)
        if not _wanted(invitation, moment) or mail.queued_within(MIN_GAP, invitation_id):
            return False
        fresh = [
            insert_if_absent(
                Reminder, invitation_id=invitation_id, number=number, created_at=moment
            )
            for number in numbers
        ]
        if not any(fresh):
            return False
        ats_job = invitation.application.ats_job
        mail.queue(
            WorkKind.REMINDER_MAIL,
            invitation_id,
            invitation.organisation_id,
            invitation.email,
            connection_id=ats_job.connection_id if ats_job else None,
        )
        return True


def send(mail_id: uuid.UUID) -> None:
    """Send a reminder if it still makes sense, else cancel it.

    Raises Reschedule outside working hours, SmartRecruitersError if the application can't be read
    now, and PermanentFailure after days of trying.
    """
    queued, invitation = sending.queued_email(mail_id)
    if queued.state is not MailState.QUEUED:
        return
    too_old = now() - queued.created_at > TOO_OLD
    if too_old or not _wanted(invitation, now()):
        mail.cancel(queued)
        return
    country = invitation.application.candidate.country
    if not working_hour(now(), country, invitation.job.organisation.time_zone):
        raise Reschedule(LOOK_AGAIN_SECONDS, "it is not a working hour")
    if _out_of_place(invitation):
        mail.cancel(queued)
        return
    _deliver(queued, invitation)


def deadline_extended(invitation: Invitation) -> None:
    """Allow another reminder before the new deadline. Joins the transaction."""
    before_the_end = Reminder.number == BEFORE_THE_END
    db.session.execute(
        delete(Reminder).where(Reminder.invitation_id == invitation.id, before_the_end)
    )


def stop(invitation_id: uuid.UUID) -> None:
    """Stop the reminders of this invitation, as the candidate asked. Repeating it is harmless."""
    with transaction():
        invitation = service.locked(invitation_id)
        if invitation.reminders_stopped_at is None:
            invitation.reminders_stopped_at = now()
            service.log_activity(invitation, ActivityKind.REMINDERS_STOPPED)


def _wanted(invitation: Invitation, moment: datetime) -> bool:
    waits = invitation.state in REMINDABLE and invitation.expires_at > moment
    here = invitation.application.candidate.removed_at is None
    return waits and here and invitation.reminders_stopped_at is None


def _out_of_place(invitation: Invitation) -> bool:
    """Whether the candidate left the stage that invited them, or is out of consideration."""
    if invitation.application.ats_job is None:
        return False
    seen = stage_now(invitation)
    if seen is None or seen.status in OUT_OF_CONSIDERATION:
        return True
    link = invitation.stage_link
    if invitation.trigger is not Trigger.STAGE or link is None:
        return False
    return seen != Stage(link.status, link.sub_status or None)


def _deliver(queued: Mail, invitation: Invitation) -> None:
    if sending.misdirected(queued):
        return
    invitation_id, email = invitation.id, queued.to_address
    stop_url = reminders_url(invitation)
    email_now = emails.compose(invitation, "reminder", unsubscribe_url=stop_url)
    try:
        mail.deliver(
            queued, email_now, lambda: _log(invitation_id, ActivityKind.REMINDED, email=email)
        )
    except MailRefused as refusal:
        with transaction():
            mail.refuse(queued, str(refusal))
            _log(invitation_id, ActivityKind.REMINDER_REFUSED, email=email, reason=str(refusal))


def _log(invitation_id: uuid.UUID, kind: ActivityKind, **facts: str) -> None:
    with transaction():
        service.log_activity(service.locked(invitation_id), kind, **facts)
