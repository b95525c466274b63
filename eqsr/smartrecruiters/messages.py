"""Calls about notes on a candidate's profile, which SmartRecruiters calls messages and shares."""

from collections.abc import Iterator
from contextlib import suppress

from eqsr.smartrecruiters import parsers
from eqsr.smartrecruiters.endpoint import Endpoint
from eqsr.smartrecruiters.errors import NotFound
from eqsr.smartrecruiters.paging import MAX_LIMIT, page_of, walk
from eqsr.smartrecruiters.response import ApiResponse
from eqsr.smartrecruiters.transport import Transport
from eqsr.smartrecruiters.types import ApiPage, Note

ADD_NOTE = Endpoint("POST", "/messages/shares", "messages_write")
DELETE_NOTE = Endpoint("DELETE", "/messages/shares/{note_id}", "messages_manage")
NOTES = Endpoint("GET", "/messages", "messages_read")

NONEXISTENT_ID = "00000000-0000-0000-0000-000000000000"
"""An id that nothing has."""


def candidate_mention(candidate_id: str) -> str:
    """The markup that links a note to a candidate's profile."""
    return f"#[CANDIDATE:{candidate_id}]"


def without_mentions(text: str) -> str:
    """Text of unknown origin, such as a name, in which nobody can be mentioned or linked."""
    return text.replace("@[", "@ [").replace("#[", "# [")


class MessageCalls:
    """All calls raise SmartRecruitersError."""

    _transport: Transport

    def add_note(self, text: str, candidate_id: str) -> str | None:
        """Put a note on a candidate's profile; the note's id, for deleting it, if it was told.

        An open note: seen by everybody with access to the candidate, mailed to nobody. The text is
        sent as given, with the candidate's mention put in front if it has none. There is no update,
        and a repeated call makes a second note: after an error with ``outcome_unknown`` look at
        ``notes`` first.
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
        return _told_id(answer)

    def send_refused_note(self) -> None:
        """Send a note that can't be accepted: Refused proves that notes may be written.

        Both visibilities at once are an error (INVALID_VISIBILITY_OPTIONS), and so are a job and a
        candidate that do not exist. Should it be taken all the same, it is deleted at once.
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
        note_id = _told_id(answer)
        if note_id:
            self.delete_note(note_id)

    def delete_note(self, note_id: str) -> None:
        """Delete a note of ours; one that is already gone counts as deleted."""
        with suppress(NotFound):
            self._transport.send(DELETE_NOTE, {"note_id": note_id})

    def notes(self, candidate_id: str) -> Iterator[Note]:
        """The notes on a candidate's profile, page by page as they are consumed.

        Only credentials with the system role Administrator may read them. By the published OpenAPI
        the answer is a plain array without the notes' ids, and the next page is named in ``Link``:
        recognise a note by its content and time.
        """

        def page(page_id: str | None) -> ApiPage[Note]:
            query = {"candidateId": candidate_id, "pageId": page_id, "limit": MAX_LIMIT}
            answer = self._transport.send(NOTES, query=query)
            return page_of(answer, parsers.note, plain=True)

        return walk(NOTES, page)


def _told_id(answer: ApiResponse) -> str | None:
    """The id of the note that was taken. An answer without a body took it too and tells none."""
    return answer.read(parsers.new_note_id) if answer.body else None
