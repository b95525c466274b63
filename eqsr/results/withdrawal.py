"""Taking away from SmartRecruiters what was written there, once the result was erased.

Tags stay: they can only be replaced all together, with those of others. It is the same work as
writing (``write_back``), so whatever was being written when the result was erased is settled.
"""

import uuid

from sqlalchemy import select

from eqsr.activity.kinds import ActivityKind
from eqsr.candidates.models import Application
from eqsr.connections import service as connections
from eqsr.connections.clients import NotConnected, client_for, means_gone
from eqsr.core.clock import now
from eqsr.core.db import db, transaction
from eqsr.invitations import service as invitations
from eqsr.invitations.models import Invitation
from eqsr.results.models import WriteBack, WriteBackState
from eqsr.results.note_search import shows
from eqsr.results.queries import change, get
from eqsr.results.summary import details_url
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors import NoAccess, NotFound, RequestRefused, SmartRecruitersError


def withdraw(invitation: Invitation) -> None:
    """Delete our note and our report; what is gone already counts as deleted, so trying again is
    safe. The ledger tells what can't be deleted. Raises SmartRecruitersError."""
    written = db.session.scalar(select(WriteBack).where(WriteBack.invitation_id == invitation.id))
    if written is None:
        return
    application = invitation.application
    client = _client(application, written.id)
    place = application.candidate.ats_id, application.ats_job.ats_id
    try:
        lost = _delete_note(client, written.id, application)
        _delete_reports(client, written.id, invitation.id, place)
    except SmartRecruitersError as error:
        if not is_gone(client, place[0], error):
            change(written.id, problem=error.sentence)
            raise
        lost = False
    _done(invitation, written.id, lost)


def _client(application: Application, write_back_id: uuid.UUID) -> SmartRecruiters:
    """Raises NotConnected: then the work waits, and the profile says for what."""
    try:
        return client_for(connections.get(application.ats_job.connection_id))
    except NotConnected as error:
        change(write_back_id, problem=error.sentence)
        raise


def _delete_note(
    client: SmartRecruiters, write_back_id: uuid.UUID, application: Application
) -> bool:
    """True when a note may be left whose id was never told."""
    written = get(write_back_id)
    if written.note_id is not None:
        client.delete_note(written.note_id)
        change(write_back_id, note_id=None, posting_at=None)
    return get(write_back_id).posting_at is not None and _may_be_left(client, application)


def _may_be_left(client: SmartRecruiters, application: Application) -> bool:
    """Is there a note of ours that is no other invitation's? It is deleted if its id is told.
    Unknown counts as yes. Raises NotFound when there is no such candidate."""
    texts = db.session.scalars(
        select(WriteBack.note_text)
        .join(Invitation, Invitation.id == WriteBack.invitation_id)
        .join(Application, Application.id == Invitation.application_id)
        .where(Application.candidate_id == application.candidate_id)
        .where(WriteBack.note_text.is_not(None))
    ).all()
    url, candidate_id = details_url(application.candidate_id), application.candidate.ats_id
    try:
        ours = [note for note in client.notes(candidate_id) if url in note.content]
    except NoAccess:
        return True
    lost = [note for note in ours if not any(shows(note.content, text) for text in texts)]
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
    """The one whose id we know, or the one that was being attached, by the end of its name."""
    written = get(write_back_id)
    ids = [written.report_id] if written.report_id else []
    if written.attaching_at is not None:
        end = f"{invitation_id.hex[-6:]}.pdf"
        ids += [one.ats_id for one in client.attachments(*place) if one.name.endswith(end)]
    for report_id in ids:
        client.delete_attachment(report_id)
    change(write_back_id, report_id=None, attaching_at=None)


def is_gone(client: SmartRecruiters, candidate_id: str, error: SmartRecruitersError) -> bool:
    """Was the candidate deleted, and everything about them, or put out of our reach?
    SmartRecruiters answers 400, 401, 403 or 404 for such a one. Raises NoAccess while we may not
    ask: then it has to be asked again."""
    if not isinstance(error, (NotFound, NoAccess, RequestRefused)):
        return False
    try:
        client.candidate(candidate_id)
    except (NotFound, NoAccess) as answer:
        if means_gone(answer, client):
            return True
        raise
    return False


def _done(invitation: Invitation, write_back_id: uuid.UUID, lost: bool) -> None:
    """Empties as well what a write that was under way has kept since."""
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
