"""Checking names that visitors type on public pages, which spammers would use for messages."""

import re
from itertools import groupby
from unicodedata import category, normalize

from eqsr.core.messages import UserError

MAX_NAME_LENGTH = 100
MAX_DIGITS = 4
# Combining marks on one letter: Vietnamese uses two, pointed Hebrew and Tibetan a few more.
MAX_MARKS = 6

# Zero-width joiners, which some scripts need between two letters.
_JOINERS = "\u200c\u200d"
# Characters that show nothing although their category is letter, mark or symbol.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_INVISIBLE = ("Cf", "Cn", "Co", "Cs")
_BREAKS = ("Cc", "Zl", "Zp", "Zs")
# Parts of addresses, code and symbols that no name contains.
_STRANGE = re.compile(r"[@<>{}\[\]|\\^~=_#$%*+;!?:。．｡]|//|www\.|https?\b", re.IGNORECASE)
# Mail programs turn "shop.example" into a link, but not "St. John".
_DOMAIN = re.compile(r"[\w-]\.(?=[^\W\d_]{2})")
_LOWER_DOMAIN = re.compile(r"[\w-]{2}\.[a-z]{2,}")


def person_name(text: str | None) -> str:
    """Return the name in one line, without invisible characters, in composed form (NFC).

    Raises UserError if it can't be a name: a web or email address, a number, symbols, or more than
    MAX_NAME_LENGTH characters. An empty text stays empty.
    """
    name = _visible(text or "")
    if not name:
        return ""
    if len(name) > MAX_NAME_LENGTH:
        raise UserError("Use at most 100 characters.")
    if not any(category(one).startswith("L") for one in name) or _unlike_a_name(name):
        raise UserError("Enter a name, without web addresses, numbers and signs.")
    return _DOMAIN.sub(lambda found: f"{found[0]} ", name)


def _visible(text: str) -> str:
    visible = []
    for one in normalize("NFC", text):
        if category(one) in _BREAKS:
            visible.append(" ")
        elif one in _JOINERS or (category(one) not in _INVISIBLE and one not in _BLANK):
            visible.append(one)
    return " ".join(word for part in "".join(visible).split() if (word := part.strip(_JOINERS)))


def _unlike_a_name(name: str) -> bool:
    digits = sum(category(one) == "Nd" for one in name)
    symbols = any(category(one) in ("So", "Sc") for one in name)
    # Browsers read wide and styled letters and dot leaders in addresses as plain characters.
    plain = normalize("NFKC", name).translate(dict.fromkeys(map(ord, _JOINERS)))
    address = any(_STRANGE.search(one) or _LOWER_DOMAIN.search(one) for one in (name, plain))
    return bool(digits > MAX_DIGITS or _stacked(name) or symbols or address)


def _stacked(name: str) -> bool:
    runs = groupby(name, lambda one: category(one) == "Mn")
    return any(is_mark and len([*run]) > MAX_MARKS for is_mark, run in runs)
