"""Fold names and words, so that they are found and sorted however they are spelled.

Case, accents, composed and decomposed letters, full width and the kind of apostrophe or hyphen make
no difference. Folded text is stored in columns of its own, because databases fold differently:
SQLite only A to Z, PostgreSQL by its locale.
"""

import unicodedata
from collections.abc import Callable
from typing import Any

from sqlalchemy import String, event

# Letters with a stroke and ligatures, which Unicode does not decompose; then signs that look alike.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"}
    | dict.fromkeys("’‘ʼʹ´`′", "'")
    | dict.fromkeys("‐‑‒–—−", "-")
)


def folded(text: str) -> str:
    """Return ``text`` in lower case, without accents and control characters, single-spaced."""
    # Decompose first: a mathematical capital A has no lower case until it is an A.
    lower = unicodedata.normalize("NFKD", text.translate(_PLAIN)).casefold()
    parts = unicodedata.normalize("NFKD", lower)
    bare = (letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Cf"))
    spaced = (" " if unicodedata.category(letter) == "Cc" else letter for letter in bare)
    return " ".join("".join(spaced).translate(_PLAIN).split())


def cut(text: str, limit: int) -> str:
    """The beginning of the text, at most this many bytes: indexes take no long entries."""
    return text.encode()[:limit].decode(errors="ignore")


def folded_type(length: int) -> String:
    """The type of a column with folded text, which sorts by code points on every database."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def keeps_folded(model: type[Any], column: str, make: Callable[[Any], str]) -> None:
    """Fill the column from the row whenever it is stored through the session."""

    def fill(_mapper: object, _connection: object, row: Any) -> None:
        setattr(row, column, make(row))

    event.listens_for(model, "before_insert")(fill)
    event.listens_for(model, "before_update")(fill)
