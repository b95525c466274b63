"""Set a job's target ranges. They describe the job; no candidate is filtered or ranked by them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from eqsr.accounts.models import User
from eqsr.activity import service as activity
from eqsr.activity.kinds import ActivityKind
from eqsr.activity.models import Activity
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.core.messages import N_, UserError
from eqsr.extras.target_ranges.models import TargetRange
from eqsr.instruments import catalogue
from eqsr.instruments.catalogue import Instrument, Scale
from eqsr.instruments.definitions.shape import NO_NORM
from eqsr.jobs.instruments import instruments_of
from eqsr.jobs.models import Job
from eqsr.norms import service as norms

Key = tuple[str, str]
"""Ids of an instrument and of one of its scales."""

LONGEST_REASON = 500
KINDS = (ActivityKind.RANGE_SET, ActivityKind.RANGE_REMOVED)


@dataclass(frozen=True)
class RangeWish:
    """A target range to store: stens ``least`` to ``most``, and the reason."""

    least: int
    most: int
    reason: str

    @property
    def problem(self) -> str:
        """A sentence for the user if the range is invalid, otherwise empty."""
        if not 1 <= self.least <= self.most <= 10:
            return N_("The range has to begin at or below the sten where it ends.")
        if (self.least, self.most) == (1, 10):
            return N_("From 1 to 10 is everybody. Narrow the range, or leave the scale out.")
        if not self.reason:
            return N_("Say why the work needs it. Without a reason the range is not kept.")
        if len(self.reason) > LONGEST_REASON:
            return N_("Say it in at most 500 characters.")
        return ""


@dataclass(frozen=True)
class RangeChoice:
    """A scale of the job's assessment, with its target range if it has one.

    ``rangeable``: the job's scores are compared with a norm group, so they have stens.
    """

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    rangeable: bool

    @property
    def key(self) -> Key:
        """Ids of the instrument and the scale."""
        return self.instrument.id, self.scale.id

    @property
    def name(self) -> str:
        """Suffix of the names of its form fields."""
        return f"{self.instrument.id}.{self.scale.id}"


def choices(job: Job, language: str = "en") -> list[RangeChoice]:
    """Every scale of the job's assessment, with its target range if it has one."""
    sought = ranges_of(job.id)
    parts = instruments_of(job)
    found = []
    for instrument in (catalogue.instrument(part, language=language) for part in parts):
        norm_id, _version = norms.chosen_for(job.id, job.organisation_id, instrument)
        found += [
            RangeChoice(
                instrument, scale, sought.get((instrument.id, scale.id)), norm_id != NO_NORM.id
            )
            for scale in instrument.scales
        ]
    return found


def ranges_of(job_id: uuid.UUID) -> dict[Key, TargetRange]:
    """The job's target ranges, by scale."""
    rows = db.session.scalars(
        select(TargetRange)
        .where(TargetRange.job_id == job_id)
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in rows}


def set_ranges(job: Job, wishes: Mapping[Key, RangeWish], user: User, address: str = "") -> None:
    """Replace the job's target ranges by ``wishes``.

    Each changed range is recorded in the activity log, and the call in the audit log. ``address``
    is the user's network address. Raises UserError for an invalid range or a scale that the job
    does not use, and then changes nothing.
    """
    offered = {choice.key: choice for choice in choices(job) if choice.rangeable}
    if not wishes.keys() <= offered.keys():
        raise UserError("The job's assessment was changed meanwhile. Reload the page.")
    if problem := next((wish.problem for wish in wishes.values() if wish.problem), ""):
        raise UserError(problem)
    with transaction() as session:
        session.get_one(Job, job.id, with_for_update=True)
        known = ranges_of(job.id)
        for key, row in known.items():
            if key not in wishes:
                session.delete(row)
                _log_change(ActivityKind.RANGE_REMOVED, job, user, {"scale": _name(row)})
        for key, wish in wishes.items():
            row = known.get(key) or TargetRange(job_id=job.id, instrument=key[0], scale=key[1])
            if (row.least, row.most, row.reason) == (wish.least, wish.most, wish.reason):
                continue
            row.least, row.most, row.reason = wish.least, wish.most, wish.reason
            row.set_by_id, row.set_at = user.id, now()
            session.add(row)
            _log_change(
                ActivityKind.RANGE_SET,
                job,
                user,
                {
                    "scale": _name(row),
                    "least": wish.least,
                    "most": wish.most,
                    "reason": wish.reason,
                },
            )
        activity.audit("job_fit_set", job.organisation_id, user.id, job.id, address)


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
