"""Finding results that SmartRecruiters should show and does not."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from eqsr.candidates.models import Application
from eqsr.connections.clients import client_for
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import WITH_RESULT, Invitation
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.outbox.status import UNFINISHED
from eqsr.reconciling import progress
from eqsr.reconciling.models import Sweep
from eqsr.reconciling.note_checks import read_back
from eqsr.results.models import WriteBack, WriteBackState

log = logging.getLogger(__name__)
RESULTS_PAGE = 5
# Only notes this new are read back. One that was there once and is gone was deleted by a person.
# When there was a result to write, for the first time or again.
ENDED_AT = func.coalesce(Invitation.completed_at, Invitation.partly_completed_at)
READ_BACK_WITHIN = timedelta(days=2)
# Younger results may still be under way.
SETTLED_AFTER = timedelta(minutes=10)
# A thorough sweep retries failed write-backs of results completed within this time: a candidate
# may have seemed to be gone.
RETRY_FAILED_WITHIN = timedelta(days=30)


def sweep(sweep_id: uuid.UUID) -> None:
    """Request write-backs that are missing, then check that a few recent notes are on the profile.

    Raises SmartRecruitersError.
    """
    current = progress.load(sweep_id)
    if current.ended_at is not None:
        return
    found = _request_missing(current) if current.page is None else 0
    written = _not_read_back(current.connection_id)
    if written:
        client = client_for(progress.connection_of(current))
        found += sum(not read_back(client, *row) for row in written)
    more = progress.MORE if len(written) == RESULTS_PAGE else None
    progress.turn_page(sweep_id, more, len(written), found)


def _request_missing(current: Sweep) -> int:
    """Request a write-back for invitations with a result and without one; return how many.

    Invitations whose write-back is still being worked on are left alone.
    """
    only_the_invitation = WriteBack.written_at < ENDED_AT
    unfinished = [
        WriteBack.id.is_(None),
        WriteBack.state == WriteBackState.PENDING,
        and_(WriteBack.state == WriteBackState.DONE, only_the_invitation),
    ]
    if current.thorough:
        lately = now() - RETRY_FAILED_WITHIN < ENDED_AT
        unfinished.append(and_(WriteBack.state == WriteBackState.FAILED, lately))
    worked_on = exists().where(
        Work.kind == WorkKind.WRITE_BACK,
        Work.subject_id == Invitation.id,
        Work.state.in_(UNFINISHED),
    )
    with transaction() as session:
        missing = session.scalars(
            _with_result(current.connection_id, Invitation)
            .outerjoin(WriteBack, WriteBack.invitation_id == Invitation.id)
            .where(now() - SETTLED_AFTER > ENDED_AT)
            .where(or_(*unfinished), ~worked_on)
        ).all()
        for invitation in missing:
            invitations.request_write_back(invitation)
        return len(missing)


def _not_read_back(connection_id: uuid.UUID) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    """(write-back id, invitation id, note text) of recent notes that were not read back yet."""
    return [
        (write_back_id, invitation_id, text or "")
        for write_back_id, invitation_id, text in db.session.execute(
            _with_result(connection_id, WriteBack.id, Invitation.id, WriteBack.note_text)
            .join(WriteBack, WriteBack.invitation_id == Invitation.id)
            .where(WriteBack.state == WriteBackState.DONE, WriteBack.note_text.is_not(None))
            .where(WriteBack.read_back_at.is_(None))
            .where(WriteBack.written_at > now() - READ_BACK_WITHIN)
            .where(WriteBack.written_at < now() - SETTLED_AFTER)
            .order_by(WriteBack.written_at)
            .limit(RESULTS_PAGE)
        )
    ]


def _with_result(connection_id: uuid.UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection_id)
        .where(Invitation.state.in_(WITH_RESULT), Invitation.email != "")
    )
