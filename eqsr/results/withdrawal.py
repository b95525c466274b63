"""Deleting from SmartRecruiters what was written there, once the result was erased.

Tags stay, as they can only be replaced together with other people's tags. It runs as the same work
as writing (``write_back``), so the two never overlap, and a write that was interrupted by the
erasure is cleared up too.
"""

import uuid

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.connections.clients import NotConnected, client_for
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.ats_application import AtsApplication, ats_application
from eqsr.invitations.models import Invitation
from eqsr.results.candidate_gone import is_gone
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note_search import shows
from eqsr.results.note_text import details_url
from eqsr.results.queries import change, get
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.errors.base import SmartRecruitersError


def withdraw(invitation: Invitation) -> None:
    """Delete our note and our report, and log what can't be deleted. Raises SmartRecruitersError.

    What is already gone counts as deleted, so a retry is safe.
    """
    written = db.session.scalar(select(WriteBack).where(WriteBack.invitation_id == invitation.id))
    if written is None:
        return
    application = invitation.application
    there = ats_application(application)
    client = _client(there, written.id)
    try:
        lost = _delete_note(client, written.id, application, there.candidate_id)
        _delete_reports(client, written.id, invitation.id, (there.candidate_id, there.job_id))
    except SmartRecruitersError as error:
        if not is_gone(client, there.candidate_id, error):
            change(written.id, problem=error.sentence)
            raise
        lost = False
    _done(invitation, written.id, lost)


def _client(there: AtsApplication, write_back_id: uuid.UUID) -> SmartRecruiters:
    """A client for the connection.

    Raises NotConnected, after storing the problem: the profile page says what the work waits for.
    """
    try:
        return client_for(there.connection)
    except NotConnected as error:
        change(write_back_id, problem=error.sentence)
        raise


def _delete_note(
    client: SmartRecruiters, write_back_id: uuid.UUID, application: Application, candidate_id: str
) -> bool:
    """Delete our note; return True if a note may be left because its id is unknown."""
    written = get(write_back_id)
    if written.note_id is not None:
        client.delete_note(written.note_id)
        change(write_back_id, note_id=None, posting_at=None)
    return get(write_back_id).posting_at is not None and _may_be_left(
        client, application, candidate_id
    )


def _may_be_left(client: SmartRecruiters, application: Application, candidate_id: str) -> bool:
    """Whether the profile may still hold a note of ours that belongs to no other invitation.

    Such a note is deleted if SmartRecruiters shows its id. If notes can't be listed, return True.
    Raises NotFound if there is no such candidate.
    """
    texts = db.session.scalars(
        select(WriteBack.note_text)
        .join(Invitation, Invitation.id == WriteBack.invitation_id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.candidate_id == application.candidate_id)
        .where(WriteBack.note_text.is_not(None))
    ).all()
    others = [text for text in texts if text is not None]
    url = details_url(application.candidate_id)
    try:
        ours = [note for note in client.notes(candidate_id) if url in note.content]
    except NoAccess:
        return True
    lost = [note for note in ours if not any(shows(note.content, text) for text in others)]
    for note in lost:
        if note.ats_id:
            client.delete_note(note.ats_id)
    return any(note.ats_id is None for note in lost)


def _delete_reports(
    client: SmartRecruiters,
    write_back_id: uuid.UUID,
    invitation_id: uuid.UUID,
    place: tuple[str, str],
) -> None:
    """Delete the report whose id we know, or the one being attached, found by its name's end."""
    written = get(write_back_id)
    ids = [written.report_id] if written.report_id else []
    if written.attaching_at is not None:
        end = f"{invitation_id.hex[-6:]}.pdf"
        ids += [one.ats_id for one in client.attachments(*place) if one.name.endswith(end)]
    for report_id in ids:
        client.delete_attachment(report_id)
    change(write_back_id, report_id=None, attaching_at=None)


def _done(invitation: Invitation, write_back_id: uuid.UUID, lost: bool) -> None:
    """Also clears what an interrupted write stored after the erasure."""
    with transaction():
        change(
            write_back_id,
            state=WriteBackState.DONE,
            written_at=now(),
            note_text=None,
            posting_at=None,
            report_name=None,
            report_fingerprint=None,
            problem=None,
            report_problem=None,
        )
        invitations.log_activity(
            invitation, ActivityKind.WITHDRAWN_BUT_NOTE if lost else ActivityKind.WITHDRAWN
        )
