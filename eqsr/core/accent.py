"""Check the accent colour that an organisation chooses."""

import re

from eqsr.core.brand import DARK_GROUNDS, LIGHT_GROUNDS, NO_TEXT, TEXT, WHITE, brand
from eqsr.core.colours import contrast
from eqsr.core.messages import UserError


def checked_accent(text: str) -> str | None:
    """Parse a colour that a user typed: ``#rrggbb``, or None for an empty text.

    Raises UserError if it is not a colour or has too little contrast in one of the schemes.
    """
    text = text.strip().lower()
    if not text:
        return None
    if not re.fullmatch(r"#?[0-9a-f]{6}", text):
        raise UserError(
            "Give the colour as # and six digits or letters, such as #3a54c4.", field="accent"
        )
    accent = "#" + text.removeprefix("#")
    made = brand(accent)
    if min(contrast(accent, ground) for ground in (*LIGHT_GROUNDS, made.light.soft)) < TEXT:
        raise UserError(
            "This colour is too light to read on white. Choose a darker one.", field="accent"
        )
    words = min(contrast(made.dark.accent, ground) for ground in (*DARK_GROUNDS, made.dark.soft))
    button = contrast(WHITE, made.dark.fill)
    if words < TEXT or button < TEXT or contrast(made.dark.fill, DARK_GROUNDS[1]) < NO_TEXT:
        raise UserError(
            "This colour can't be read on dark pages. Choose another one.", field="accent"
        )
    return accent
