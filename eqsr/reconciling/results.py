"""Finding results that SmartRecruiters should show and does not."""

import logging
import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, or_, select, update

from eqsr.candidates.models import Application
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.ats_application import ats_application
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.outbox.service import UNFINISHED
from eqsr.reconciling import service
from eqsr.reconciling.models import Sweep
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note_search import shows
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused

log = logging.getLogger(__name__)

RESULTS_PAGE = 5
# Only notes this new are read back. One that was there once and is gone was deleted by a person.
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
    current = service.load(sweep_id)
    if current.ended_at is not None:
        return
    found = _request_missing(current) if current.page is None else 0
    written = _not_read_back(current.connection_id)
    if written:
        client = client_for(service.connection_of(current))
        found += sum(not _read_back(client, *row) for row in written)
    more = service.MORE if len(written) == RESULTS_PAGE else None
    service.turn_page(sweep_id, more, len(written), found)


def _request_missing(current: Sweep) -> int:
    """Request a write-back for completed invitations without one; return how many.

    Invitations whose write-back is still being worked on are left alone.
    """
    only_the_invitation = WriteBack.written_at < Invitation.completed_at
    unfinished = [
        WriteBack.id.is_(None),
        WriteBack.state == WriteBackState.PENDING,
        and_(WriteBack.state == WriteBackState.DONE, only_the_invitation),
    ]
    if current.thorough:
        lately = Invitation.completed_at > now() - RETRY_FAILED_WITHIN
        unfinished.append(and_(WriteBack.state == WriteBackState.FAILED, lately))
    worked_on = exists().where(
        Work.kind == WorkKind.WRITE_BACK,
        Work.subject_id == Invitation.id,
        Work.state.in_(UNFINISHED),
    )
    with transaction() as session:
        missing = session.scalars(
            _completed(current.connection_id, Invitation)
            .outerjoin(WriteBack, WriteBack.invitation_id == Invitation.id)
            .where(Invitation.completed_at < now() - SETTLED_AFTER)
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
            _completed(connection_id, WriteBack.id, Invitation.id, WriteBack.note_text)
            .join(WriteBack, WriteBack.invitation_id == Invitation.id)
            .where(WriteBack.state == WriteBackState.DONE, WriteBack.note_text.is_not(None))
            .where(WriteBack.read_back_at.is_(None))
            .where(WriteBack.written_at > now() - READ_BACK_WITHIN)
            .where(WriteBack.written_at < now() - SETTLED_AFTER)
            .order_by(WriteBack.written_at)
            .limit(RESULTS_PAGE)
        )
    ]


def _completed(connection_id: uuid.UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection_id)
        .where(Invitation.state == InvitationState.COMPLETED, Invitation.email != "")
    )


def _never_tells(client: SmartRecruiters, error: SmartRecruitersError) -> bool:
    """Whether asking again is useless, so that one person does not block everyone else's notes.

    That is so if the credential is not an administrator's, the candidate is gone or out of reach,
    or the response can't be read.
    """
    if isinstance(error, NoAccess) and error.status == 401 and not error.lacks_scope:
        return means_gone(error, client)
    return isinstance(error, (NoAccess, NotFound, RequestRefused, UnexpectedAnswer))


def _read_back(
    client: SmartRecruiters, write_back_id: uuid.UUID, invitation_id: uuid.UUID, text: str
) -> bool:
    """Check that the note is on the profile, and request it again if not; return whether it is.

    If that can't be found out, return True.
    """
    invitation = invitations.load(invitation_id)
    candidate_id = ats_application(invitation.application).candidate_id
    try:
        shown = any(shows(note.content, text) for note in client.notes(candidate_id))
    except SmartRecruitersError as error:
        if not _never_tells(client, error):
            raise
        log.info("a note could not be read back: %s", error)
        shown = True
    # If the note was replaced meanwhile, the notes that we read are out of date.
    same = (WriteBack.state == WriteBackState.DONE, WriteBack.note_text == text)
    with transaction() as session:
        values = {"read_back_at": now()} if shown else {"note_id": None, "note_text": None}
        row = update(WriteBack).where(WriteBack.id == write_back_id, *same).values(**values)
        changed = session.scalars(row.returning(WriteBack.id)).first() is not None
        if changed and not shown:
            invitations.request_write_back(invitations.load(invitation_id))
    return shown
