"""Check that a file is a sound PNG, and strip everything but the picture.

Source: the PNG specification, third edition (W3C)."""

import struct
import zlib
from collections.abc import Iterator

from eqsr.core.messages import UserError

# Pixels, in both directions.
MIN_SIDE, MAX_SIDE = 16, 1200

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Samples per pixel, and the bit depths that go with them, by colour type.
COLOUR_TYPES = {
    0: (1, (1, 2, 4, 8, 16)),
    2: (3, (8, 16)),
    3: (1, (1, 2, 4, 8)),
    4: (2, (8, 16)),
    6: (4, (8, 16)),
}

# Other chunks (text, EXIF, time stamps) may reveal a camera, a place or a program: drop them.
PICTURE_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"sRGB", b"gAMA", b"IDAT", b"IEND")
# Adam7: where each pass begins and how far its pixels are apart, as (x, y, dx, dy).
PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)


class BrokenPicture(Exception):
    """The file is not a complete, valid PNG."""


def stripped(data: bytes) -> bytes:
    """Return the picture without metadata.

    Raises UserError for a wrong size in pixels; BrokenPicture, struct.error or zlib.error for a
    damaged file.
    """
    chunks = list(_chunks(data))
    names = [name for name, _ in chunks]
    if not names or names[0] != b"IHDR" or names[-1] != b"IEND" or names.count(b"IHDR") != 1:
        raise BrokenPicture
    width, height, depth, colour, method, filtering, interlace = struct.unpack(
        ">IIBBBBB", chunks[0][1]
    )
    samples, depths = COLOUR_TYPES.get(colour, (0, ()))
    if depth not in depths or method or filtering or interlace > 1:
        raise BrokenPicture
    if colour == 3 and b"PLTE" not in names:
        raise BrokenPicture
    if not (MIN_SIDE <= width <= MAX_SIDE and MIN_SIDE <= height <= MAX_SIDE):
        raise UserError("The picture must be between 16 and 1200 pixels wide and high.")
    expected = _raw_size(width, height, samples * depth, bool(interlace))
    _inflate(b"".join(body for name, body in chunks if name == b"IDAT"), expected)
    picture = [_chunk(name, body) for name, body in chunks if name in PICTURE_CHUNKS]
    return PNG_SIGNATURE + b"".join(picture)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield (name, body) of each chunk.

    Raises BrokenPicture for a wrong checksum or bytes after IEND.
    """
    place = len(PNG_SIGNATURE)
    while place < len(data):
        length, name = struct.unpack_from(">I4s", data, place)
        body = data[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack_from(">I", data, place + 8 + length)
        if checksum != zlib.crc32(name + body):
            raise BrokenPicture
        yield name, body
        place += 12 + length
        if name == b"IEND":
            break
    if place != len(data):
        raise BrokenPicture


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), name) + body + struct.pack(">I", zlib.crc32(name + body))


def _raw_size(width: int, height: int, bits: int, interlaced: bool) -> int:
    """Size in bytes of the unpacked rows, each with its filter byte."""
    if not interlaced:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for x, y, dx, dy in PASSES:
        columns, rows = -(-(width - x) // dx), -(-(height - y) // dy)
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def _inflate(packed: bytes, expected: int) -> None:
    """Unpack at most the ``expected`` bytes, so that a decompression bomb stays harmless.

    Raises BrokenPicture unless there are exactly that many.
    """
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(packed, expected + 1)
    if len(raw) != expected or not unpacker.eof:
        raise BrokenPicture
