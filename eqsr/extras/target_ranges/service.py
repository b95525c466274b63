"""Set a job's target ranges. They describe the job; no candidate is filtered or ranked by them."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.actions import AuditAction
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import UserError
from eqsr.extras.target_ranges.choices import Key, choices, ranges_of
from eqsr.extras.target_ranges.entries import RangeEntry
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.jobs.models import Job

KINDS = (ActivityKind.RANGE_SET, ActivityKind.RANGE_REMOVED)


def set_ranges(job: Job, entries: Mapping[Key, RangeEntry], user: User, address: str = "") -> None:
    """Replace the job's target ranges by ``entries``.

    Each changed range is recorded in the activity log, and the call in the audit log. ``address``
    is the user's network address. Raises UserError for an invalid range or a scale that the job
    does not use, and then changes nothing.
    """
    offered = {choice.key: choice for choice in choices(job) if choice.rangeable}
    if not entries.keys() <= offered.keys():
        raise UserError("The job's assessment was changed meanwhile. Reload the page.")
    if problem := next((entry.problem for entry in entries.values() if entry.problem), ""):
        raise UserError(problem)
    with transaction() as session:
        session.get_one(Job, job.id, with_for_update=True)
        known = ranges_of(job.id)
        for key, row in known.items():
            if key not in entries:
                session.delete(row)
                _log_change(ActivityKind.RANGE_REMOVED, job, user, {"scale": _name(row)})
        for key, entry in entries.items():
            row = known.get(key) or TargetRange(job_id=job.id, instrument=key[0], scale=key[1])
            if (row.least, row.most, row.reason) == (entry.least, entry.most, entry.reason):
                continue
            row.least, row.most, row.reason = entry.least, entry.most, entry.reason
            row.set_by_id, row.set_at = user.id, now()
            session.add(row)
            _log_change(
                ActivityKind.RANGE_SET,
                job,
                user,
                {
                    "scale": _name(row),
                    "least": entry.least,
                    "most": entry.most,
                    "reason": entry.reason,
                },
            )
        activity.audit(AuditAction.JOB_FIT_SET, job.organisation_id, user.id, job.id, address)


def history(job_id: uuid.UUID) -> Sequence[Activity]:
    """The latest 50 changes of the job's target ranges, latest first."""
    return db.session.scalars(
        select(Activity)
        .where(Activity.job_id == job_id, Activity.kind.in_(KINDS))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(50)
    ).all()


def _name(row: TargetRange) -> str:
    """The scale's id in the activity log; wording.scale_name turns it into a name."""
    return f"{row.instrument}.{row.scale}"


def _log_change(kind: ActivityKind, job: Job, user: User, facts: dict[str, Any]) -> None:
    activity.log(kind, job.organisation_id, job_id=job.id, user=user.display_name, **facts)
