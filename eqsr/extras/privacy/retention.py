"""Retention: the day until which an invitation's results are kept."""

import calendar
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Candidate
from eqsr.core.db import db
from eqsr.invitations.models import Invitation

# Months that an organisation can choose; None keeps results until they are deleted by hand.
CHOICES = (None, 6, 12, 18, 24)
# Our copy of somebody ends at most this long after they were deleted in SmartRecruiters, also where
# results are kept without limit: the copy must not outlive its original.
REMOVED = timedelta(days=30)
# When an invitation was completed, or else when it expired.
ENDED_AT = func.coalesce(Invitation.completed_at, Invitation.expires_at)


def months_later(day: date, months: int) -> date:
    """The day ``months`` later, moved to the month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def kept_until(invitation: Invitation) -> date | None:
    """The last day on which the results of this invitation's application are kept.

    The day is in the organisation's time zone; None if results are kept without limit.
    """
    organisation = invitation.job.organisation
    if invitation.erased:
        return None
    candidate = invitation.application.candidate
    days = [removed_until(candidate), _by_months(invitation, organisation)]
    if invitation.result_of_id is not None:
        # A result that is used for a second job ends with the first one.
        days.append(kept_until(db.session.get_one(Invitation, invitation.result_of_id)))
    return min((day for day in days if day is not None), default=None)


def removed_until(candidate: Candidate) -> date | None:
    """The last day of our copy of somebody who was deleted in SmartRecruiters; else None.

    A merge is no deletion: it leaves ``removed_at`` empty.
    """
    if candidate.removed_at is None or candidate.is_anonymised:
        return None
    zone = ZoneInfo(candidate.organisation.time_zone)
    return (candidate.removed_at + REMOVED).astimezone(zone).date()


def _by_months(invitation: Invitation, organisation: Organisation) -> date | None:
    if organisation.keep_months is None:
        return None
    ends = db.session.scalars(
        select(ENDED_AT).where(Invitation.application_id == invitation.application_id)
    ).all()
    zone = ZoneInfo(organisation.time_zone)
    return months_later(max(ends).astimezone(zone).date(), organisation.keep_months)
