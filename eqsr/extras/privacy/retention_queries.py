"""Queries for what is past its retention period: results, and candidates without results."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select

from eqsr.accounts.models import Organisation
from eqsr.candidates.models import Application, Candidate
from eqsr.core.clock import now
from eqsr.core.db import db
from eqsr.extras.privacy.retention import ENDED_AT, REMOVED, months_later
from eqsr.invitations.models import Invitation


def over(
    organisation: Organisation, months: int | None, later: timedelta = timedelta()
) -> Select[Any]:
    """Query the ids of applications whose retention ends before now + ``later``.

    ``months`` is the retention period; None: only that of people who were deleted in
    SmartRecruiters ends. The query selects by time what ``kept_until`` says by day.
    """
    zone = ZoneInfo(organisation.time_zone)
    today = (now() + later).astimezone(zone).date()
    ended: ColumnElement[bool] = Candidate.removed_at < _midnight(today - REMOVED, zone)
    ends = (
        select(func.max(ENDED_AT))
        .where(Invitation.application_id == Application.id)
        .correlate(Application)
        .scalar_subquery()
    )
    if months is not None:
        ended = or_(ends < _ended_before(today, months, zone), ended)
    return (
        select(Application.id)
        .join(Candidate, Candidate.id == Application.candidate_id)
        .where(Application.organisation_id == organisation.id, Application.erased_at.is_(None))
        .where(ends.is_not(None))
        .where(ended)
    )


def how_many(organisation: Organisation, months: int | None) -> int:
    """How many results a retention of ``months`` would delete by the end of tomorrow."""
    if months is None:
        return 0
    found = over(organisation, months, timedelta(days=1)).subquery()
    return db.session.scalars(select(func.count()).select_from(found)).one()


def batch(organisation: Organisation, size: int) -> list[uuid.UUID]:
    """Ids of at most ``size`` applications whose retention has ended."""
    query = over(organisation, organisation.keep_months).order_by(Application.id).limit(size)
    return list(db.session.scalars(query))


def never_invited(organisation: Organisation, size: int) -> list[uuid.UUID]:
    """Ids of at most ``size`` identified candidates without results whose retention has ended.

    They were never invited, or their results are erased, and SmartRecruiters reported no change
    for the retention period, or they were deleted there.
    """
    zone = ZoneInfo(organisation.time_zone)
    today = now().astimezone(zone).date()
    theirs = Application.candidate_id == Candidate.id
    last = (
        select(func.max(func.coalesce(Application.read_at, Application.created_at)))
        .where(theirs)
        .correlate(Candidate)
        .scalar_subquery()
    )
    kept = select(Invitation.id).join(Application, Application.id == Invitation.application_id)
    kept = kept.where(theirs, Application.erased_at.is_(None)).correlate(Candidate)
    known = (Candidate.first_name != "", Candidate.last_name != "", Candidate.email.is_not(None))
    ended: ColumnElement[bool] = Candidate.removed_at < _midnight(today - REMOVED, zone)
    if organisation.keep_months is not None:
        before = _ended_before(today, organisation.keep_months, zone)
        ended = or_(func.coalesce(last, Candidate.created_at) < before, ended)
    query = (
        select(Candidate.id)
        .where(Candidate.organisation_id == organisation.id, or_(*known), ~kept.exists())
        .where(ended)
        .order_by(Candidate.id)
        .limit(size)
    )
    return list(db.session.scalars(query))


def _ended_before(today: date, months: int, zone: ZoneInfo) -> datetime:
    """The moment before which an assessment must have ended for its retention to be over."""
    last = months_later(today, -months) + timedelta(days=1)
    while months_later(last, months) >= today:  # a month may be shorter than the other
        last -= timedelta(days=1)
    return _midnight(last + timedelta(days=1), zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
