"""What people type as their name on a page that anybody can open."""

import re
from itertools import groupby
from unicodedata import category, normalize

from eqsr.core.messages import UserError

MAX_NAME_LENGTH = 100
MOST_DIGITS = 4
# Marks on one letter: Vietnamese has two, pointed Hebrew and Tibetan a few more.
MOST_MARKS = 6

# Joiners, which some scripts need between two letters.
_JOINERS = "\u200c\u200d"
# Letters, marks and signs by category that show nothing.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
_INVISIBLE = ("Cf", "Cn", "Co", "Cs")
_BREAKS = ("Cc", "Zl", "Zp", "Zs")
# What stands in addresses, code and signs, and in no name.
_STRANGE = re.compile(r"[@<>{}\[\]|\\^~=_#$%*+;!?:。．｡]|//|www\.|https?\b", re.IGNORECASE)
# Mail programs make a link of "shop.example" but not of "St. John".
_DOMAIN = re.compile(r"[\w-]\.(?=[^\W\d_]{2})")
_LOWER_DOMAIN = re.compile(r"[\w-]{2}\.[a-z]{2,}")


def person_name(text: str | None) -> str:
    """The name in one line, without invisible characters and in composed form (NFC).

    Raises UserError for what is no name: an address on the web or of a mailbox, a number, signs,
    or more than LONGEST characters. Empty stays empty.
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
    kept = []
    for one in normalize("NFC", text):
        if category(one) in _BREAKS:
            kept.append(" ")
        elif one in _JOINERS or (category(one) not in _INVISIBLE and one not in _BLANK):
            kept.append(one)
    return " ".join(word for part in "".join(kept).split() if (word := part.strip(_JOINERS)))


def _unlike_a_name(name: str) -> bool:
    digits = sum(category(one) == "Nd" for one in name)
    symbols = any(category(one) in ("So", "Sc") for one in name)
    # As browsers read it: one dot leader, wide and styled letters become plain ones.
    read = normalize("NFKC", name).translate(dict.fromkeys(map(ord, _JOINERS)))
    address = any(_STRANGE.search(one) or _LOWER_DOMAIN.search(one) for one in (name, read))
    return bool(digits > MOST_DIGITS or _stacked(name) or symbols or address)


def _stacked(name: str) -> bool:
    runs = groupby(name, lambda one: category(one) == "Mn")
    return any(is_mark and len([*run]) > MOST_MARKS for is_mark, run in runs)
