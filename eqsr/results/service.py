"""Making SmartRecruiters' profile show what it must, once, however often it is tried."""

import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import or_, select, update

from eqsr.clock import now
from eqsr.connections import service as connections
from eqsr.connections.clients import client_for
from eqsr.db import db, insert_if_absent, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.ledger import service as ledger
from eqsr.outbox.handlers import PutBack
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.summary import Goal, goal
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound, SmartRecruitersError

log = logging.getLogger(__name__)

# One worker at a time per write-back; longer than its few calls may take.
HOLD = timedelta(minutes=10)


def of_invitation(invitation_id: uuid.UUID) -> WriteBack | None:
    return db.session.scalar(
        select(WriteBack)
        .where(WriteBack.invitation_id == invitation_id)
        .execution_options(populate_existing=True)
    )


def write(invitation_id: uuid.UUID) -> None:
    """Bring the profile from what was written to what is wanted.

    Every step is recorded as soon as SmartRecruiters has it, so that a try after a failure does
    only the rest. Raises SmartRecruitersError, PutBack (somebody else is at it).
    """
    invitation = invitations.get(invitation_id)
    application = invitation.application
    if application.ats_job is None:
        return
    with _held(invitation) as write_back_id:
        wanted = goal(invitation)
        client = client_for(connections.get(application.ats_job.connection_id))
        try:
            _write_tags(client, write_back_id, application.candidate.ats_id, wanted)
            _write_note(client, write_back_id, application.candidate.ats_id, wanted)
        except (NotFound, NoAccess) as error:
            if _profile_exists(client, application.candidate.ats_id):
                raise
            _give_up(invitation, write_back_id, error)
            return
        _done(invitation, write_back_id, wanted)


def trouble(invitation_id: uuid.UUID, reason: str) -> None:
    """Every try failed; the work is dead until somebody revives it."""
    with transaction():
        write_back = of_invitation(invitation_id)
        if write_back is not None:
            write_back.state = WriteBackState.FAILED
            write_back.problem = reason
        _note(invitations.get(invitation_id), "write_back_failed", reason=reason)


@contextmanager
def _held(invitation: Invitation) -> Iterator[uuid.UUID]:
    """Be the only one to write this profile's result. Raises PutBack."""
    with transaction() as session:
        insert_if_absent(WriteBack, invitation_id=invitation.id, tags=[])
        held = session.execute(
            update(WriteBack)
            .where(WriteBack.invitation_id == invitation.id)
            .where(or_(WriteBack.held_until.is_(None), WriteBack.held_until < now()))
            .values(held_until=now() + HOLD, wanted_at=now(), state=WriteBackState.PENDING)
            .returning(WriteBack.id)
        ).scalar()
    if held is None:
        raise PutBack(2, "another worker is writing this result")
    try:
        yield held
    except SmartRecruitersError as error:
        _change(held, problem=error.sentence)
        raise
    finally:
        _change(held, held_until=None)


def _write_tags(
    client: SmartRecruiters, write_back_id: uuid.UUID, candidate_id: str, wanted: Goal
) -> None:
    missing = [tag for tag in wanted.tags if tag not in _get(write_back_id).tags]
    if missing:
        # Adding a tag that is there changes nothing, so trying again is safe.
        client.add_tags(candidate_id, missing)
        _change(write_back_id, tags=list(wanted.tags))


def _write_note(
    client: SmartRecruiters, write_back_id: uuid.UUID, candidate_id: str, wanted: Goal
) -> None:
    """Replace: delete what we wrote before, post what is wanted now. A note can't be changed."""
    written = _get(write_back_id)
    if wanted.note is None or wanted.note == written.note_text:
        return
    if written.posting_at is not None and _is_there(client, candidate_id, wanted.note):
        # An earlier try posted it and could not record its id.
        _change(write_back_id, note_text=wanted.note, posting_at=None)
        return
    if written.note_id is not None:
        client.delete_note(written.note_id)
        _change(write_back_id, note_id=None, note_text=None)
    _change(write_back_id, posting_at=now())
    note_id = client.add_note(wanted.note, candidate_id)
    _change(write_back_id, note_id=note_id, note_text=wanted.note, posting_at=None)


def _is_there(client: SmartRecruiters, candidate_id: str, text: str) -> bool:
    """Is the note on the profile? Listing needs the Administrator role; without it we can't
    know, and posting once too often is better than never."""
    try:
        return any(text in note.content for note in client.notes(candidate_id))
    except (NoAccess, NotFound):
        return False


def _profile_exists(client: SmartRecruiters, candidate_id: str) -> bool:
    """SmartRecruiters answers 401 or 404 for a candidate who was deleted."""
    try:
        client.candidate(candidate_id)
    except NotFound:
        return False
    except NoAccess as error:
        return error.status == 403
    return True


def _done(invitation: Invitation, write_back_id: uuid.UUID, wanted: Goal) -> None:
    with transaction():
        _change(write_back_id, state=WriteBackState.DONE, written_at=now(), problem=None)
        shown = ", ".join([*wanted.tags, *(["a note with the result"] if wanted.note else [])])
        _note(invitation, "written_back", what=shown)


def _give_up(invitation: Invitation, write_back_id: uuid.UUID, error: SmartRecruitersError) -> None:
    log.info("the candidate is gone: %s", error)
    with transaction():
        _change(write_back_id, state=WriteBackState.FAILED, problem=error.sentence)
        _note(invitation, "candidate_gone")


def _get(write_back_id: uuid.UUID) -> WriteBack:
    return db.session.get(WriteBack, write_back_id, populate_existing=True)


def _change(write_back_id: uuid.UUID, **values) -> None:
    with transaction() as session:
        session.execute(update(WriteBack).where(WriteBack.id == write_back_id).values(**values))


def _note(invitation: Invitation, kind: str, **facts: str) -> None:
    ledger.note(
        kind,
        invitation.organisation_id,
        application_id=invitation.application_id,
        job_id=invitation.job_id,
        **facts,
    )
