"""Finding a note of ours on a profile. SmartRecruiters need not tell its id, neither when it is
posted nor in the list of notes, so it is known by its words and its time."""

import html
from collections.abc import Iterable
from datetime import datetime, timedelta

from eqsr.smartrecruiters.types import Note

# SmartRecruiters' clock and ours may differ by as much; so may the time of a signed event.
CLOCK_SKEW = timedelta(minutes=5)


def shows(content: str, text: str) -> bool:
    """Does a note with this content say this text? The mention of the candidate stands before it,
    and what displays it may have changed spaces and characters that HTML escapes."""
    return _words(text) in _words(content)


def posted(notes: Iterable[Note], text: str, since: datetime) -> Note | None:
    """The note with this text that was posted at ``since`` or later; one of another invitation may
    say the same, but was posted before. A time that is not told counts as later."""
    return next(
        (
            note
            for note in notes
            if shows(note.content, text)
            and (note.created_on is None or note.created_on > since - CLOCK_SKEW)
        ),
        None,
    )


def _words(text: str) -> str:
    return " ".join(html.unescape(text).split())
