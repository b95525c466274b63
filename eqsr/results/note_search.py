"""Finding one of our notes on a profile by its words and time.

SmartRecruiters may leave a note's id out, both when the note is posted and in the list of notes.
"""

import html
from collections.abc import Iterable
from datetime import datetime, timedelta

from eqsr.smartrecruiters.types.profile import Note

# SmartRecruiters' clock and ours may differ by this much.
CLOCK_SKEW = timedelta(minutes=5)


def shows(content: str, text: str) -> bool:
    """Whether a note with this content says ``text``.

    SmartRecruiters may put a mention of the candidate before it, and change spaces and characters
    that HTML escapes.
    """
    return _words(text) in _words(content)


def posted(notes: Iterable[Note], text: str, since: datetime) -> Note | None:
    """Find the note with this text that was posted at ``since`` or later; None if there is none.

    An earlier note with the same text belongs to another invitation. A note without a time counts
    as later.
    """
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
