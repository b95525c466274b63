"""Taking signs that nobody sees out of addresses and names."""

import unicodedata

# They carry meaning within words of some scripts and between the parts of an emoji, so a name
# keeps them there: zero-width non-joiner and joiner, and the choice between text and picture.
_JOINERS = "\u200c\u200d\ufe0e\ufe0f"
# Letters by their category, and yet nothing is seen of them.
_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0\u2800\u034f\u180b\u180c\u180d\u17b4\u17b5"


def clean_address(text: str) -> str:
    """Without any sign that is not seen, in the composed form (NFC), and without blanks around."""
    seen = "".join(sign for sign in text if not _unseen(sign) and sign not in _JOINERS)
    return unicodedata.normalize("NFC", _plain_blanks(seen)).strip()


def clean_name(text: str) -> str:
    """In one line without signs that are not seen, but for joiners between two that are."""
    kept = "".join(sign for sign in _plain_blanks(text) if not _unseen(sign))
    words = (word.strip(_JOINERS[:2]) for word in kept.split())
    return " ".join(word for word in words if word)


def _plain_blanks(text: str) -> str:
    """Tabs, line ends and the many widths of blanks, each as a plain blank."""
    return "".join(" " if sign.isspace() else sign for sign in text)


def _unseen(sign: str) -> bool:
    """Format signs (zero-width, bidi, soft hyphen, BOM), controls, and halves of a pair."""
    if sign.isspace():
        return False
    hidden = unicodedata.category(sign) in ("Cf", "Cc", "Cs") and sign not in _JOINERS
    return hidden or sign in _BLANK_LETTERS
