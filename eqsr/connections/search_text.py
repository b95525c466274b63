"""Text as it is searched: without case, accents and stray spaces."""

import unicodedata

# Letters with a stroke or joined letters, which Unicode does not take apart.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})


def normalise(text: str) -> str:
    """``text`` in lower case, without accents and control characters, single-spaced."""
    # Taken apart first: a mathematical capital A has no lower case until it is an A.
    lower = unicodedata.normalize("NFKD", text).casefold()
    parts = unicodedata.normalize("NFKD", lower)
    kept = (letter for letter in parts if unicodedata.category(letter) not in ("Mn", "Cf"))
    spaced = (" " if unicodedata.category(letter) == "Cc" else letter for letter in kept)
    return " ".join("".join(spaced).translate(_PLAIN).split())


def search_text(title: str, ref_number: str, ats_id: str) -> str:
    """What the ``search`` column of a job holds: a line each, so that a whole title, reference
    or id can be told from a part of one.

    At most 2,003 bytes: PostgreSQL indexes no entry above about 2,700.
    """
    parts = ((title, 1500), (ref_number, 300), (ats_id, 200))
    return "".join(f"{_cut(normalise(part), most)}\n" for part, most in parts)


def _cut(text: str, limit: int) -> str:
    return text.encode()[:limit].decode(errors="ignore")
