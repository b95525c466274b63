"""Keep names that are read from the right from turning the words around them.

In HTML ``<bdi>`` does that; in plain text two invisible signs do (UAX 9, isolates).
"""

import unicodedata
from typing import Any

ISOLATE, END = "\u2068", "\u2069"


def from_right(text: str) -> bool:
    """Whether any letter of the text is read from the right."""
    return any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)


def isolated(name: str) -> str:
    """A name for a plain sentence, within isolating signs if it needs them.

    Other names stay as they are: few programs show these signs as boxes, but some do.
    """
    return f"{ISOLATE}{name}{END}" if from_right(name) else name


def isolated_values(values: dict[str, Any]) -> dict[str, Any]:
    """The values of a sentence's placeholders, its names isolated; markup isolates itself."""
    return {key: isolated(one) if type(one) is str else one for key, one in values.items()}
