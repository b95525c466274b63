"""Writing the note on a SmartRecruiters profile, and replacing an earlier one."""

import uuid

from eqsr.connections.models import Connection
from eqsr.core.clock import now
from eqsr.results import note_search, restored_writes
from eqsr.results.models import WriteBack
from eqsr.results.queries import change, get
from eqsr.results.summary import Goal
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess
from eqsr.smartrecruiters.types.profile import Note


def write_note(
    client: SmartRecruiters,
    connection: Connection,
    write_back_id: uuid.UUID,
    candidate_id: str,
    wanted: Goal,
) -> None:
    """Delete our earlier note and post the wanted one, because a note can't be edited."""
    if wanted.note is None:
        return
    _settle_posting(client, connection, write_back_id, candidate_id)
    written = get(write_back_id)
    # If we lost the note's id (SmartRecruiters cannot return it), keep the old note rather than
    # post a second one.
    if written.note_text == wanted.note or (written.note_text and not written.note_id):
        return
    may_list = _may_list_notes(connection)
    if restored_writes.adopt_note(client, write_back_id, candidate_id, wanted.note, may_list):
        return
    if written.note_id is not None:
        client.delete_note(written.note_id)
    change(write_back_id, note_id=None, note_text=wanted.note, posting_at=now())
    note_id = client.add_note(wanted.note, candidate_id)
    change(write_back_id, note_id=note_id, posting_at=None)


def _settle_posting(
    client: SmartRecruiters, connection: Connection, write_back_id: uuid.UUID, candidate_id: str
) -> None:
    """If an earlier attempt ended while posting a note, find out whether the note is there."""
    written = get(write_back_id)
    if written.posting_at is None:
        return
    note = _posted(client, connection, candidate_id, written)
    change(
        write_back_id,
        note_text=written.note_text if note else None,
        note_id=note.ats_id if note else None,
        posting_at=None,
    )


def _posted(
    client: SmartRecruiters, connection: Connection, candidate_id: str, written: WriteBack
) -> Note | None:
    """Find the note that was being posted; None if it is not on the profile or can't be looked for.

    Listing notes needs the Administrator role. A credential without it can't find out, and posting
    a note twice is better than never. Raises NoAccess if the credential had the role at its latest
    check, and NotFound if there is no such candidate.
    """
    if written.note_text is None or written.posting_at is None:
        return None
    try:
        return note_search.posted(client.notes(candidate_id), written.note_text, written.posting_at)
    except NoAccess:
        if _may_list_notes(connection):
            raise
        return None


def _may_list_notes(connection: Connection) -> bool:
    """Whether the latest check of the credential's scopes allowed listing notes."""
    return any(
        check["scope"] == "messages_read" and check["outcome"] == "granted"
        for check in connection.scopes
    )
