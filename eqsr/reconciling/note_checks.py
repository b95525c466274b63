"""Checking that a note that was written is on the profile."""

import logging
import uuid

from sqlalchemy import update

from eqsr.connections.clients import means_gone
from eqsr.core.clock import now
from eqsr.core.db import transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.ats_application import ats_application
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note_search import shows
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError
from eqsr.smartrecruiters.errors.outages import UnexpectedAnswer
from eqsr.smartrecruiters.errors.refusals import NotFound, RequestRefused

log = logging.getLogger(__name__)


def _never_tells(client: SmartRecruiters, error: SmartRecruitersError) -> bool:
    """Whether asking again is useless, so that one person does not block everyone else's notes.

    That is so if the credential is not an administrator's, the candidate is gone or out of reach,
    or the response can't be read.
    """
    if isinstance(error, NoAccess) and error.status == 401 and not error.lacks_scope:
        return means_gone(error, client)
    return isinstance(error, (NoAccess, NotFound, RequestRefused, UnexpectedAnswer))


def read_back(
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
