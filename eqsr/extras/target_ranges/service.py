"""Marking which scales matter for a job. It describes a job; it filters and orders nobody."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    """Stens ``least`` to ``most`` of a scale are sought, for this reason."""

    least: int
    most: int
    reason: str

    @property
    def problem(self) -> str:
        """What is wrong with it, as a plain sentence; empty when nothing is."""
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
    """A scale of the job's assessment. ``rangeable``: the job's scores are compared with a norm
    group, so stens exist."""

    instrument: Instrument
    scale: Scale
    sought: TargetRange | None
    rangeable: bool

    @property
    def key(self) -> Key:
        return self.instrument.id, self.scale.id

    @property
    def name(self) -> str:
        """What its fields are called."""
        return f"{self.instrument.id}.{self.scale.id}"


def choices(job: Job, language: str = "en") -> list[RangeChoice]:
    """Every scale that the job's people take, with what is sought."""
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
    """What the job seeks, by scale."""
    rows = db.session.scalars(
        select(TargetRange)
        .where(TargetRange.job_id == job_id)
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in rows}


def set_ranges(job: Job, wishes: Mapping[Key, RangeWish], user: User, address: str = "") -> None:
    """Seek exactly this; scales that are not named no longer matter. Each change is a line in the
    ledger and an audit entry. Raises UserError, and then nothing is changed."""
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
                _note(ActivityKind.RANGE_REMOVED, job, user, scale=_name(row))
        for key, wish in wishes.items():
            row = known.get(key) or TargetRange(job_id=job.id, instrument=key[0], scale=key[1])
            if (row.least, row.most, row.reason) == (wish.least, wish.most, wish.reason):
                continue
            row.least, row.most, row.reason = wish.least, wish.most, wish.reason
            row.set_by_id, row.set_at = user.id, now()
            session.add(row)
            facts = {"least": wish.least, "most": wish.most, "reason": wish.reason}
            _note(ActivityKind.RANGE_SET, job, user, scale=_name(row), **facts)
        activity.audit("job_fit_set", job.organisation_id, user.id, job.id, address)


def history(job_id: uuid.UUID) -> Sequence[Activity]:
    """Who marked what and when, latest first."""
    return db.session.scalars(
        select(Activity)
        .where(Activity.job_id == job_id, Activity.kind.in_(KINDS))
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(50)
    ).all()


def _name(row: TargetRange) -> str:
    """For the ledger, whose readers speak several languages; see wording.scale_name."""
    return f"{row.instrument}.{row.scale}"


def _note(kind: ActivityKind, job: Job, user: User, **facts: str | int) -> None:
    activity.log(kind, job.organisation_id, job_id=job.id, user=user.name or user.email, **facts)
