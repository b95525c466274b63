"""Retention: the day until which an invitation's results are kept."""

import calendar
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from eqsr.core.db import db
from eqsr.invitations.models import Invitation

# Months that an organisation can choose; None keeps results until they are deleted by hand.
CHOICES = (None, 6, 12, 18, 24)
# Results are kept at most this long after the candidate was deleted in SmartRecruiters.
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
    if organisation.keep_months is None or invitation.erased:
        return None
    ends = db.session.scalars(
        select(ENDED_AT).where(Invitation.application_id == invitation.application_id)
    ).all()
    zone = ZoneInfo(organisation.time_zone)
    day = months_later(max(ends).astimezone(zone).date(), organisation.keep_months)
    removed_at = invitation.application.candidate.removed_at
    return min(day, (removed_at + REMOVED).astimezone(zone).date()) if removed_at else day
