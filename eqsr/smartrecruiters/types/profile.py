"""What stands on a candidate's profile: notes, files and fields."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Note:
    """A note on a candidate's profile. In the published OpenAPI, lists of notes have no ids."""

    content: str
    created_on: datetime | None
    visibility: str | None
    author_id: str | None
    ats_id: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that is attached to an application."""

    ats_id: str
    name: str


@dataclass(frozen=True)
class CandidateProperty:
    """A profile field that the customer's admin defined."""

    ats_id: str
    label: str
    type: str


PropertyValue = Any
"""The value of a candidate property: text, number, bool or a value id, depending on its type."""
