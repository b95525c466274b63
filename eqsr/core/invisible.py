"""Remove invisible characters from addresses and names."""

import unicodedata

# Zero-width non-joiner and joiner, and the selectors for text or emoji style. A name keeps them
# inside words: some scripts and composed emoji need them.
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
# Unicode counts these as letters or marks, but they are blank on screen.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u17b4\u17b5"


def clean_address(text: str) -> str:
    """Remove all invisible characters and outer spaces; returns the composed form (NFC)."""
    seen = "".join(sign for sign in text if not _unseen(sign) and sign not in _JOINERS)
    return unicodedata.normalize("NFC", _plain_blanks(seen)).strip()


def clean_name(text: str) -> str:
    """Put a name on one line and remove invisible characters, except joiners inside words."""
    kept = "".join(sign for sign in _plain_blanks(text) if not _unseen(sign))
    words = (word.strip(_JOINERS[:2]) for word in kept.split())
    return " ".join(word for word in words if word)


def _plain_blanks(text: str) -> str:
    """Replace tabs, line ends and other spaces with plain spaces, one for one."""
    return "".join(" " if sign.isspace() else sign for sign in text)


def _unseen(sign: str) -> bool:
    """True for format characters (zero-width, bidi, soft hyphen, BOM), controls and surrogates."""
    if sign.isspace():
        return False
    hidden = unicodedata.category(sign) in ("Cf", "Cc", "Cs") and sign not in _JOINERS
    return hidden or sign in _BLANK_LETTERS
