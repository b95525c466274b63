"""Check an uploaded logo."""

import struct
import zlib

from eqsr.core.messages import UserError
from eqsr.organisations.png import PNG_SIGNATURE, BrokenPicture, stripped

MAX_LOGO_BYTES = 100_000


def checked(data: bytes) -> bytes:
    """Return the PNG without metadata. Raises UserError saying what is wrong with the file."""
    if not data:
        raise UserError("Choose a picture first.")
    if len(data) > MAX_LOGO_BYTES:
        raise UserError("The picture is larger than 100 kB. Save it smaller.")
    if not data.startswith(PNG_SIGNATURE):
        raise UserError("The picture is not a PNG file. Save it as PNG.")
    try:
        return stripped(data)
    except (BrokenPicture, struct.error, zlib.error):
        raise UserError("The picture is damaged. Save it as PNG again.") from None
