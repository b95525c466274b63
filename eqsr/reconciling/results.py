"""Which results does SmartRecruiters not show, although it should?"""

import logging
import uuid
from datetime import timedelta

from sqlalchemy import and_, exists, or_, select, update

from eqsr.candidates.models import Application
from eqsr.connections import service as connections
from eqsr.connections.clients import client_for, means_gone
from eqsr.connections.models import AtsJob
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation, InvitationState
from eqsr.outbox.kinds import WorkKind
from eqsr.outbox.models import Work
from eqsr.outbox.service import UNFINISHED
from eqsr.reconciling import service
from eqsr.reconciling.models import Sweep
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note_search import shows
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import (
    NoAccess,
    NotFound,
    RequestRefused,
    SmartRecruitersError,
    UnexpectedAnswer,
)

log = logging.getLogger(__name__)

RESULTS_PAGE = 5
# A note that was there once and is not any more was deleted by a person, and stays deleted.
JUST_WRITTEN = timedelta(days=2)
SETTLED = timedelta(minutes=10)
# For so long a thorough sweep tries again what was given up, such as for a candidate who seemed
# to be gone.
NOT_GIVEN_UP = timedelta(days=30)


def sweep(sweep_id: uuid.UUID) -> None:
    """Write down what was never written, then read back a few notes that were written lately.

    Raises SmartRecruitersError.
    """
    current = service.get(sweep_id)
    if current.ended_at is not None:
        return
    found = _want_missing(current) if current.page is None else 0
    written = _not_read_back(current.connection_id)
    if written:
        client = client_for(connections.get(current.connection_id))
        found += sum(not _read_back(client, *row) for row in written)
    more = service.MORE if len(written) == RESULTS_PAGE else None
    service.turn_page(sweep_id, more, len(written), found)


def _want_missing(current: Sweep) -> int:
    """Completed invitations without a finished write-back, that nobody is working on."""
    only_the_invitation = WriteBack.written_at < Invitation.completed_at
    unfinished = [
        WriteBack.id.is_(None),
        WriteBack.state == WriteBackState.PENDING,
        and_(WriteBack.state == WriteBackState.DONE, only_the_invitation),
    ]
    if current.thorough:
        lately = Invitation.completed_at > now() - NOT_GIVEN_UP
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
            .where(Invitation.completed_at < now() - SETTLED)
            .where(or_(*unfinished), ~worked_on)
        ).all()
        for invitation in missing:
            invitations.request_write_back(invitation)
        return len(missing)


def _not_read_back(connection_id: uuid.UUID) -> list[tuple]:
    return list(
        db.session.execute(
            _completed(connection_id, WriteBack.id, Invitation.id, WriteBack.note_text)
            .join(WriteBack, WriteBack.invitation_id == Invitation.id)
            .where(WriteBack.state == WriteBackState.DONE, WriteBack.note_text.is_not(None))
            .where(WriteBack.read_back_at.is_(None))
            .where(WriteBack.written_at > now() - JUST_WRITTEN)
            .where(WriteBack.written_at < now() - SETTLED)
            .order_by(WriteBack.written_at)
            .limit(RESULTS_PAGE)
        )
    )


def _completed(connection_id: uuid.UUID, *columns):
    return (
        select(*columns)
        .select_from(Invitation)
        .join(Application, Application.id == Invitation.application_id)
        .join(AtsJob, AtsJob.id == Application.ats_job_id)
        .where(AtsJob.connection_id == connection_id)
        .where(Invitation.state == InvitationState.COMPLETED, Invitation.email != "")
    )


def _never_tells(client: SmartRecruiters, error: SmartRecruitersError) -> bool:
    """Is it of no use to ask again? So it is with a credential that is not an administrator's, with
    a candidate who is gone or out of reach, and with an answer that we can't read: one person must
    not keep the notes of all others from being read back."""
    if isinstance(error, NoAccess) and error.status == 401 and not error.lacks_scope:
        return means_gone(error, client)
    return isinstance(error, (NoAccess, NotFound, RequestRefused, UnexpectedAnswer))


def _read_back(
    client: SmartRecruiters, write_back_id: uuid.UUID, invitation_id: uuid.UUID, text: str
) -> bool:
    """Is the note there? If not, it is written again. True when it is, or when we can't know."""
    candidate_id = invitations.get(invitation_id).application.candidate.ats_id
    try:
        shown = any(shows(note.content, text) for note in client.notes(candidate_id))
    except SmartRecruitersError as error:
        if not _never_tells(client, error):
            raise
        log.info("a note could not be read back: %s", error)
        shown = True
    # If it was written anew meanwhile, what we read says nothing of what is there now.
    same = (WriteBack.state == WriteBackState.DONE, WriteBack.note_text == text)
    with transaction() as session:
        values = {"read_back_at": now()} if shown else {"note_id": None, "note_text": None}
        row = update(WriteBack).where(WriteBack.id == write_back_id, *same)
        if session.execute(row.values(**values)).rowcount and not shown:
            invitations.request_write_back(invitations.get(invitation_id))
    return shown
