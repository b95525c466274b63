"""Parse what stands on a candidate's profile: notes, files and fields."""

from typing import Any

from eqsr.smartrecruiters.fields import identifier, mapping, moment, needed_text, text
from eqsr.smartrecruiters.types.profile import Attachment, CandidateProperty, Note


def note(document: Any) -> Note:
    """Parse a note of ``GET /messages``."""
    document = mapping(document, "message")
    return Note(
        content=text(document, "content") or "",
        created_on=moment(document, "createdOn"),
        visibility=text(document, "visibility"),
        author_id=text(document, "authorId"),
        ats_id=text(document, "id"),
    )


def attachment(document: Any) -> Attachment:
    """Parse an attachment of an application."""
    document = mapping(document, "attachment")
    return Attachment(ats_id=identifier(document), name=text(document, "name") or "")


def candidate_property(document: Any) -> CandidateProperty:
    """Parse the definition of a candidate property."""
    document = mapping(document, "property")
    return CandidateProperty(
        ats_id=identifier(document),
        label=text(document, "label") or identifier(document),
        type=needed_text(document, "type"),
    )


def new_id(document: Any) -> str:
    """Parse the id of an object that was just created."""
    return identifier(mapping(document))


def new_note_id(document: Any) -> str | None:
    """Parse the id of a new note, which is optional in the published OpenAPI."""
    return text(mapping(document), "id")
