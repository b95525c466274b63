"""Calls about notes on a candidate's profile; SmartRecruiters calls them messages or shares."""

from collections.abc import Iterator
from contextlib import suppress

from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors.refusals import NotFound
from eqsr.smartrecruiters.paging import MAX_LIMIT, page_of, walk
from eqsr.smartrecruiters.parsers import profile as parsers
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types.lists import ApiPage
from eqsr.smartrecruiters.types.profile import Note

ADD_NOTE = Endpoint("POST", "/messages/shares", "messages_write")
DELETE_NOTE = Endpoint("DELETE", "/messages/shares/{note_id}", "messages_manage")
NOTES = Endpoint("GET", "/messages", "messages_read")

NONEXISTENT_ID = "00000000-0000-0000-0000-000000000000"
"""A valid id that no object has."""


def candidate_mention(candidate_id: str) -> str:
    """Return the markup that links a note to a candidate's profile."""
    return f"#[CANDIDATE:{candidate_id}]"


def without_mentions(text: str) -> str:
    """Disable mention markup in text of unknown origin, such as a name."""
    return text.replace("@[", "@ [").replace("#[", "# [")


class MessageCalls:
    """Calls about notes; each raises SmartRecruitersError."""

    _transport: Transport

    def add_note(self, text: str, candidate_id: str) -> str | None:
        """Add a note to a candidate's profile; returns the note's id if SmartRecruiters sends it.

        It is an open note: visible to everybody with access to the candidate, and emailed to
        nobody. If the text does not mention the candidate, the mention is put in front. Notes can't
        be changed, and a repeated call makes a second note. So after an error with
        ``outcome_unknown``, look for the note in ``notes`` first.
        """
        mention = candidate_mention(candidate_id)
        content = text if mention in text else f"{mention} {text}"
        answer = self._transport.send(
            ADD_NOTE,
            json={
                "content": content,
                "shareWith": {
                    "users": [],
                    "hiringTeamOf": [],
                    "everyone": False,
                    "openNote": True,
                },
            },
        )
        return _note_id(answer)

    def send_refused_note(self) -> None:
        """Send an invalid note: RequestRefused proves that the credential may write notes.

        Two visibilities at once are an error (INVALID_VISIBILITY_OPTIONS), and so are a job and a
        candidate that do not exist. If the note is accepted nevertheless, it is deleted at once.
        """
        answer = self._transport.send(
            ADD_NOTE,
            json={
                "content": f"Connection check, please ignore. {candidate_mention(NONEXISTENT_ID)}",
                "shareWith": {
                    "users": [],
                    "hiringTeamOf": [NONEXISTENT_ID],
                    "everyone": True,
                    "openNote": True,
                },
            },
        )
        note_id = _note_id(answer)
        if note_id:
            self.delete_note(note_id)

    def delete_note(self, note_id: str) -> None:
        """Delete a note of ours; does nothing if it does not exist."""
        with suppress(NotFound):
            self._transport.send(DELETE_NOTE, {"note_id": note_id})

    def notes(self, candidate_id: str) -> Iterator[Note]:
        """Iterate over the notes on a candidate's profile; reads pages as they are needed.

        Only credentials with the system role Administrator may read notes. According to the
        published OpenAPI, the answer is an array without the notes' ids, so recognise a note by its
        content and time.
        """

        def page(page_id: str | None) -> ApiPage[Note]:
            query = {"candidateId": candidate_id, "pageId": page_id, "limit": MAX_LIMIT}
            answer = self._transport.send(NOTES, query=query)
            return page_of(answer, parsers.note, plain=True)

        return walk(NOTES, page)


def _note_id(answer: ApiResponse) -> str | None:
    """The new note's id; None if the answer has no body, which also means success."""
    return answer.read(parsers.new_note_id) if answer.body else None
