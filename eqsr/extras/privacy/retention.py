"""How long results are kept: until which day, and whose time is over."""

import calendar
import uuid
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, or_, select

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.invitations.models import Invitation

# What an organisation can choose; None: until somebody deletes them.
CHOICES = (None, 6, 12, 18, 24)
# Of a candidate who was deleted in SmartRecruiters, a result is kept at most so long from then on.
REMOVED = timedelta(days=30)

# When an invitation was finished, or else when its time was over.
_END = func.coalesce(Invitation.completed_at, Invitation.expires_at)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def kept_until(invitation: Invitation) -> date | None:
    """The last day on which anything about this invitation's application is kept, by the
    organisation's clock; None where results have no end."""
    organisation = invitation.job.organisation
    if organisation.keep_months is None or invitation.erased:
        return None
    ends = db.session.scalars(
        select(_END).where(Invitation.application_id == invitation.application_id)
    ).all()
    zone = ZoneInfo(organisation.time_zone)
    day = months_later(max(ends).astimezone(zone).date(), organisation.keep_months)
    removed_at = invitation.application.candidate.removed_at
    return min(day, (removed_at + REMOVED).astimezone(zone).date()) if removed_at else day


def over(organisation: Organisation, months: int, later: timedelta = timedelta()) -> Select:
    """The ids of the applications whose time is over ``later`` than now, if results are kept for
    ``months``: one query, in which the day of ``kept_until`` is turned into a moment."""
    zone = ZoneInfo(organisation.time_zone)
    today = (now() + later).astimezone(zone).date()
    ended_before = _ended_before(today, months, zone)
    removed_before = _midnight(today - REMOVED, zone)
    ends = (
        select(func.max(_END))
        .where(Invitation.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    return (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Application.organisation_id == organisation.id, Application.erased_at.is_(None))
        .where(ends.is_not(None))
        .where(or_(ends < ended_before, Candidate.removed_at < removed_before))
    )


def how_many(organisation: Organisation, months: int | None) -> int:
    """How many results would be deleted by the end of tomorrow, if they were kept so long."""
    if months is None:
        return 0
    found = over(organisation, months, timedelta(days=1)).subquery()
    return db.session.scalar(select(func.count()).select_from(found))


def batch(organisation: Organisation, size: int) -> list[uuid.UUID]:
    """Some of those whose time is over now."""
    if organisation.keep_months is None:
        return []
    query = over(organisation, organisation.keep_months).order_by(Application.id).limit(size)
    return list(db.session.scalars(query))


def never_invited(organisation: Organisation, size: int) -> list[uuid.UUID]:
    """Ids of people who were looked at and not invited, or whose results are all erased, and of
    whom SmartRecruiters has told nothing for as long as results are kept."""
    zone = ZoneInfo(organisation.time_zone)
    before = _ended_before(now().astimezone(zone).date(), organisation.keep_months, zone)
    theirs = Application.candidate_id == Candidate.id
    last = select(func.max(func.coalesce(Application.read_at, Application.created_at)))
    last = last.where(theirs).correlate(Candidate).scalar_subquery()
    kept = select(Invitation.id).join(Application, Application.id == Invitation.application_id)
    kept = kept.where(theirs, Application.erased_at.is_(None)).correlate(Candidate)
    known = (Candidate.first_name != "", Candidate.last_name != "", Candidate.email.is_not(None))
    query = (
        select(Candidate.id)
        .where(Candidate.organisation_id == organisation.id, or_(*known), ~kept.exists())
        .where(func.coalesce(last, Candidate.created_at) < before)
        .order_by(Candidate.id)
        .limit(size)
    )
    return list(db.session.scalars(query))


def _ended_before(today: date, months: int, zone: ZoneInfo) -> datetime:
    """What ended before this moment was kept until yesterday at the latest."""
    last = months_later(today, -months) + timedelta(days=1)
    while months_later(last, months) >= today:  # a month may be shorter than the other
        last -= timedelta(days=1)
    return _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
