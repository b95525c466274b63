"""Normalise text for searching: ignore case, accents and extra spaces."""

import unicodedata

# Letters with a stroke and ligatures, which Unicode does not decompose.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def normalise(text: str) -> str:
    """Return ``text`` in lower case, without accents and control characters, single-spaced."""
    # Decompose first: a mathematical capital A has no lower case until it is an A.
    lower = unicodedata.normalize("NFKD", text).casefold()
    parts = unicodedata.normalize("NFKD", lower)
    bare = (letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Cf"))
    spaced = (" " if unicodedata.category(letter) == "Cc" else letter for letter in bare)
    return " ".join("".join(spaced).translate(_PLAIN).split())


def search_text(title: str, ref_number: str, ats_id: str) -> str:
    """Return the ``search`` column of a job: title, reference and id, normalised, a line each.

    The line breaks distinguish a whole match from a part. At most 2,003 bytes, as PostgreSQL's
    index entries are limited to about 2,700.
    """
    parts = ((title, 1500), (ref_number, 300), (ats_id, 200))
    return "".join(f"{_cut(normalise(part), most)}\n" for part, most in parts)


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
