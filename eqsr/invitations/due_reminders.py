"""Queueing the reminders that are due."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.inserts import insert_if_absent
from eqsr.invitations import service
from eqsr.invitations.job_obstacles import may_be_reminded
from eqsr.invitations.models import Invitation, Reminder
from eqsr.invitations.reminder_times import BEFORE_THE_END, Times
from eqsr.invitations.reminders import REMINDABLE, wanted
from eqsr.invitations.working_hours import working_hour
from eqsr.jobs.models import Job
from eqsr.mail import queries as mail_queries
from eqsr.mail import restore_pause
from eqsr.mail import service as mail
from eqsr.outbox.kinds import WorkKind

# Two emails about the same invitation are at least this far apart.
MIN_GAP = timedelta(hours=20)


def remind_due() -> int:
    """Queue the reminders that are due now; return how many.

    None while a restored backup is not confirmed, as they may have been sent (mail.restore_pause).
    """
    moment = now()
    if restore_pause.current() is not None:
        return 0
    due = _due(moment, restore_pause.sent_until())
    return sum(_remind(one, numbers, moment, sent) for one, numbers, sent in due)


def _due(moment: datetime, sent_until: datetime | None) -> list[tuple[uuid.UUID, list[int], bool]]:
    """(invitation id, numbers of its due reminders, count as sent), where it is a working hour now.

    No reminder follows the one before the deadline, even if another day is due later.
    ``sent_until``: what was due by then counts as sent.
    """
    made = _made()
    found = []
    for row in db.session.execute(_open_invitations(moment)):
        invitation_id, country, zone, sent_at, expires_at, days, hours = row
        if sent_at is None:
            continue
        before = made.get(invitation_id, set())
        times = Times(sent_at, expires_at, days, hours)
        numbers = set(times.due(moment)) - before
        if numbers and BEFORE_THE_END not in before and working_hour(moment, country, zone):
            sent = sent_until is not None and numbers <= set(times.due(sent_until))
            found.append((invitation_id, sorted(numbers), sent))
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


def _remind(
    invitation_id: uuid.UUID, numbers: list[int], moment: datetime, sent_before: bool = False
) -> bool:
    """Queue one email for all reminders that are due, so that missed ones do not pile up.

    ``sent_before``: they count as sent, so only note that they were made.
    """
    with transaction():
        invitation = service.locked(invitation_id)
        if not wanted(invitation, moment) or not may_be_reminded(invitation):
            return False
        if mail_queries.queued_within(MIN_GAP, invitation_id):
            return False
        fresh = [
            insert_if_absent(
                Reminder, invitation_id=invitation_id, number=number, created_at=moment
            )
            for number in numbers
        ]
        if sent_before or not any(fresh):
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
