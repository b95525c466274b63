"""After a restore, adopt what was written to SmartRecruiters after the backup was made.

The restored database does not know of it, and would have it written a second time.
"""

import uuid
from datetime import datetime

from eqsr.mail import restore_pause
from eqsr.results import note_search
from eqsr.results.queries import change, get
from eqsr.smartrecruiters.client import SmartRecruiters
from eqsr.smartrecruiters.errors.access import NoAccess


def adopt_note(
    client: SmartRecruiters,
    write_back_id: uuid.UUID,
    candidate_id: str,
    text: str,
    may_list: bool,
) -> bool:
    """Record the note with this text as ours, if the invitation is as old as a restored backup.

    True if the note is there. ``may_list``: the credential could list notes at its latest check.
    Raises NoAccess if it can't any more, and NotFound if there is no such candidate.
    """
    made_at = _backup_of(write_back_id)
    if made_at is None:
        return False
    try:
        note = note_search.posted(client.notes(candidate_id), text, made_at)
    except NoAccess:
        if may_list:
            raise
        return False
    if note is not None:
        change(write_back_id, note_text=text, note_id=note.ats_id)
    return note is not None


def adopt_report(
    client: SmartRecruiters, write_back_id: uuid.UUID, place: tuple[str, str], name: str
) -> bool:
    """Record the attached file with this name as our report; True if it is there.

    ``place``: SmartRecruiters' ids of candidate and job. Raises SmartRecruitersError.
    """
    if _backup_of(write_back_id) is None:
        return False
    there = [one.ats_id for one in client.attachments(*place) if one.name == name]
    if there:
        change(write_back_id, report_id=there[0], report_name=name)
    return bool(there)


def _backup_of(write_back_id: uuid.UUID) -> datetime | None:
    """When the restored backup was made, if the invitation is in it; else None."""
    made_at = restore_pause.backup_made_at()
    if made_at is None or get(write_back_id).invitation.queued_at > made_at:
        return None
    return made_at
