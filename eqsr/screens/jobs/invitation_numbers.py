"""How many people a job invited, and how far they came."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, case, func, select

from eqsr.core.db import db
from eqsr.invitations.models import Invitation, InvitationState


@dataclass(frozen=True)
class Numbers:
    """Counts of a job's invitations."""

    invited: int = 0
    started: int = 0
    completed: int = 0
    expired: int = 0
    undeliverable: int = 0
    partly_completed: int = 0

    @property
    def with_result(self) -> int:
        """How many have scores, or may have."""
        return self.completed + self.partly_completed


def numbers_of(ids: list[uuid.UUID]) -> dict[uuid.UUID, Numbers]:
    """Job id -> its numbers; only jobs that have an invitation."""
    rows = db.session.execute(_COUNTED, {"ids": ids})
    return {job_id: Numbers(*numbers) for job_id, *numbers in rows}


def _count(state: InvitationState, *, but: bool = False) -> ColumnElement[int]:
    here = Invitation.state != state if but else Invitation.state == state
    return func.count(case((here, 1)))


# Built once, because building the query takes longer than running it.
_COUNTED = (
    select(
        Invitation.job_id,
        _count(InvitationState.CANCELLED, but=True),
        func.count(Invitation.started_at),
        func.count(Invitation.completed_at),
        _count(InvitationState.EXPIRED),
        _count(InvitationState.UNDELIVERABLE),
        _count(InvitationState.PARTLY_COMPLETED),
    )
    .where(Invitation.job_id.in_(bindparam("ids", expanding=True)))
    .group_by(Invitation.job_id)
)
